"""What no dossier holds and pages show beside it: satisfaction of those who answered, and figures entered by hand."""

from __future__ import annotations

from typing import Final

from config import indicators, insight
from config.indicators import Indicator
from reports.entered_words import UNITS
from reports.handbook.markdown import bullets, paragraphs, table

_STRETCHES: Final = {"month": "tháng", "quarter": "quý", "year": "năm"}
_OF: Final = {"department": "từng đơn vị và toàn tỉnh", "province": "toàn tỉnh"}


def satisfied_and_entered(small: int) -> str:
    """Say how slips are counted and what they do not say, and list the figures that people enter."""
    few = insight.load().signal.interval_below
    return paragraphs(
        "### Mức độ hài lòng",
        bullets(
            (
                "**Hài lòng**: phiếu có mức Hài lòng hoặc Rất hài lòng (4, 5 trên thang 5), trên tổng số phiếu trả lời "
                "trong kỳ. Luôn ghi kèm số phiếu.",
                "**Không phải**: tỷ lệ của mọi người nộp hồ sơ. Người trả lời tự chọn, không đại diện cho người không "
                "trả lời; cũng không phải SIPAS.",
                "**Tỷ lệ trả lời**: số phiếu trên số người được hỏi, chỉ của các đợt khảo sát biết số người được hỏi "
                "và nằm trọn trong kỳ; không biết thì không có tỷ lệ.",
                f"**Dao động ngẫu nhiên** (khoảng Wilson 95 %) ghi khi có dưới {few} phiếu; dưới {small} phiếu chỉ "
                "ghi số phiếu. Khoảng này không nói gì về người không trả lời.",
                "Đơn vị xếp theo tên, không xếp hạng; tên đơn vị theo bản đồ hôm nay.",
            )
        ),
        "### Chỉ số nhập tay",
        "Không tính từ hồ sơ: giám đốc Trung tâm hoặc người vận hành nhập theo nguồn đã công bố. Nơi nào hiện cũng ghi "
        "“nhập tay”, nguồn, ngày công bố, người nhập. Số mới không xóa số cũ.",
        table(
            ("Chỉ số", "Nghĩa", "Đơn vị tính", "Kỳ", "Của", "Nguồn"), (_line(one) for one in indicators.load().values())
        ),
    )


def _line(one: Indicator) -> tuple[str, ...]:
    retired = " (không còn nhập)" if one.retired else ""
    title = f"{one.title}{retired} – nhập tay"
    return title, one.meaning, UNITS[one.unit], _STRETCHES[one.period], _OF[one.of], one.source
