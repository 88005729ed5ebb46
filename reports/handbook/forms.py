"""The official form II.06: its columns, and the notes under it."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from metrics.form_ii06 import CELLS, Notes
from reports.handbook.formulas import formula
from reports.handbook.markdown import bullets, paragraphs, table

COLUMNS: Final = {
    "c3": "Tiếp nhận: tổng số",
    "c4": "Tiếp nhận trong kỳ: trực tuyến",
    "c5": "Tiếp nhận trong kỳ: trực tiếp, bưu chính công ích",
    "c6": "Tiếp nhận: từ kỳ trước",
    "c7": "Đã giải quyết: tổng số",
    "c8": "Đã giải quyết: trước hạn",
    "c9": "Đã giải quyết: đúng hạn",
    "c10": "Đã giải quyết: quá hạn",
    "c11": "Đang giải quyết: tổng số",
    "c12": "Đang giải quyết: trong hạn",
    "c13": "Đang giải quyết: quá hạn",
}
#: The counts that the columns are made of; all of them of dossiers with a due date only.
PARTS: Final = {
    "form_online": "tiếp nhận trực tuyến",
    "form_other": "tiếp nhận qua kênh khác",
    "form_carried": "từ kỳ trước chuyển sang",
    "form_handed": "nhận bàn giao trừ bàn giao đi",
    "resolved_early": "giải quyết trước hạn",
    "resolved_on_time": "giải quyết đúng hạn",
    "resolved_overdue": "giải quyết quá hạn",
    "pending_in_term": "đang giải quyết trong hạn",
    "pending_overdue": "quá hạn chưa giải quyết",
}
NOTES: Final = {
    "undetermined_received": "không xác định ngày hẹn, tiếp nhận trong kỳ: không có trong cột nào",
    "undetermined_carried": "không xác định ngày hẹn, từ kỳ trước chuyển sang: không có trong cột nào",
    "undetermined_resolved": "không xác định ngày hẹn, đã giải quyết: không có trong cột nào",
    "undetermined_pending": "không xác định ngày hẹn, đang giải quyết: không có trong cột nào",
    "without_result": "rút, trả lại, dừng giải quyết sau khi tiếp nhận: nằm trong (7), xét theo ngày kết thúc",
    "suspended": "đang tạm dừng, chưa quá hạn trước lúc tạm dừng: nằm trong (12)",
    "channel_unknown": "không rõ kênh: nằm trong (5)",
    "handed_in": "nhận bàn giao trong kỳ, theo bản đồ như khi đó: cộng vào (6)",
    "handed_out": "bàn giao đi trong kỳ, theo bản đồ như khi đó: trừ khỏi (6)",
}


def form_ii06() -> str:
    """Write the columns off the sums that fill them, and the notes."""
    rows = [(f"({name[1:]})", COLUMNS[name], formula(expr, PARTS.__getitem__)) for name, expr in CELLS.items()]
    return paragraphs(
        "Căn cứ: Thông tư 01/2020/TT-VPCP, biểu II.06 “Tình hình, kết quả giải quyết TTHC tại cơ quan, đơn vị trực "
        "tiếp "
        "giải quyết TTHC”. Đơn vị tính: hồ sơ. Chỉ gồm hồ sơ có ngày hẹn trả dùng được.",
        table(("Cột", "Nội dung", "Cộng từ"), rows),
        "Mọi bảng đều phải cân đối: (3) = (7) + (11); dòng tổng bằng tổng các dòng; (11) của kỳ này bằng (6) của kỳ "
        "sau "
        "khi xem theo cùng một bản đồ đơn vị và cùng một thời điểm biết số liệu. Hồ sơ chờ tiếp nhận và không được "
        "tiếp "
        "nhận không có trong biểu.",
        "Ghi chú dưới biểu nêu số hồ sơ:",
        bullets(NOTES[field.name] for field in fields(Notes)),
    )
