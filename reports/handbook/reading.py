"""How to read a figure, and on which map of units it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from config import units
from config.catalogue import CatalogueFile
from metrics.events import AGES
from reports.handbook.markdown import bullets, day, paragraphs, table

MAPS: Final = {
    "today": "Theo bản đồ hôm nay: quá khứ của đơn vị đã sáp nhập, đổi tên thuộc về đơn vị kế thừa; cả quá trình của "
    "một hồ sơ thuộc về đơn vị đang giữ hồ sơ. Dùng để so sánh qua thời gian.",
    "then": "Như khi đó: từng việc thuộc về đơn vị giữ hồ sơ vào đúng ngày đó, theo tên khi đó. Hồ sơ chuyển đơn vị "
    "được nêu ở nhận bàn giao và bàn giao đi. Đồng hồ của hồ sơ không dừng khi bàn giao.",
}


def how_to_read(catalogue: CatalogueFile) -> str:
    """Explain the dash, the two parts of a share, small numbers, periods, quantiles and age bands."""
    return paragraphs(
        bullets(
            (
                "**—** (gạch ngang): không có gì để chia. Kỳ không có hồ sơ nào trong mẫu số thì không có tỷ lệ; "
                "không bao giờ là 100 %, cũng không phải 0 %.",
                "Mỗi tỷ lệ luôn đi kèm tử số và mẫu số. Số đếm được cộng trước, chia sau cùng; không lấy bình quân của "
                "các tỷ lệ.",
                f"**n = …**: mẫu số dưới {catalogue.small} hồ sơ thì chỉ nêu số lượng, không nêu tỷ lệ, không xếp "
                "hạng.",
                "Tỷ lệ chưa trọn vẹn không làm tròn thành 100 %: còn một hồ sơ trễ thì vẫn thấy là chưa đủ.",
                "**Ngày tính**: con số nói về tình hình cuối ngày đó. Ngày đã qua được xét theo ngày hẹn có hiệu lực "
                "vào ngày đó, nên không đổi khi ngày hẹn được dời về sau.",
                "**Kỳ**: ngày, tuần (thứ Hai đến Chủ nhật, hoặc thứ Sáu đến thứ Năm), tháng, quý, năm, và kỳ báo cáo "
                "từ ngày 15 tháng trước đến hết ngày 14 tháng sau.",
                "**Không xác định**: hồ sơ không có ngày hẹn trả dùng được; một nhóm riêng, không bao giờ là đúng hạn.",
                "**Trung vị, phân vị 90**: số ngày làm việc nhỏ nhất mà trong khoảng đó ít nhất 50 %, ít nhất 90 % hồ "
                "sơ "
                "đã có kết quả. Luôn là một số ngày có thật, không nội suy.",
                f"**Tuổi quá hạn** tính bằng ngày làm việc sau ngày hẹn: {age_bands()}. Ngày nghỉ ngay sau ngày hẹn "
                "thuộc nhóm đầu.",
            )
        )
    )


def age_bands() -> str:
    """Write the age bands off the days at which a dossier enters each."""
    starts = [days for _, days in AGES]
    bands = [f"{max(first, 1)}–{after - 1}" for first, after in zip(starts, starts[1:], strict=False)]
    return ", ".join((*bands, f"trên {starts[-1] - 1} ngày"))


def maps() -> str:
    """Explain the two maps, and list the units whose history the office has told."""
    known = units.load()
    rows = [
        (name, day(last), after, day(last + timedelta(days=1))) for name, (last, after) in sorted(known.handed.items())
    ]
    told = table(("Đơn vị", "Ngày cuối", "Đơn vị kế thừa", "Nhận từ ngày"), rows)
    return paragraphs(
        bullets(MAPS.values()),
        told if rows else "Chưa khai đơn vị nào sáp nhập, đổi tên (tệp `units.toml`, `units.csv`).",
        "Đơn vị mà danh mục chưa biết được tính dưới tên nguồn ghi, có ghi chú “chưa có trong danh mục”; ghi vào danh "
        "mục sau thì số liệu được tính lại, không hồ sơ nào mất (trang Đơn vị và thủ tục, lệnh `dunghan units`).",
    )
