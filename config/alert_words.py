"""What each rule of alerts.toml is called in mails and on the page, and who stands on which level of its ladder."""

from __future__ import annotations

from typing import Final

#: In the order in which they are told.
NAMES: Final = {
    "overdue": "Hồ sơ quá hạn", "acceptance": "Hồ sơ chờ tiếp nhận quá thời hạn", "due_soon": "Hồ sơ sắp đến hạn",
    "rate": "Tỷ lệ đúng hạn dưới ngưỡng", "backlog": "Tồn quá hạn tăng bất thường",
    "stale_source": "Nguồn không có dữ liệu", "calendar": "Lịch nghỉ lễ sắp hết", "quarantine": "Dòng bị cách ly tăng",
}  # fmt: skip
#: The same where there is little room.
SHORT: Final = {
    "overdue": "Quá hạn", "acceptance": "Chờ tiếp nhận quá thời hạn", "due_soon": "Sắp đến hạn",
    "rate": "Tỷ lệ dưới ngưỡng", "backlog": "Tồn quá hạn tăng", "stale_source": "Nguồn không có dữ liệu",
    "calendar": "Lịch nghỉ lễ sắp hết", "quarantine": "Dòng bị cách ly tăng",
}  # fmt: skip
#: By level: holder, head, director.
LEVELS: Final = ("Người giữ", "Thủ trưởng", "Giám đốc")
