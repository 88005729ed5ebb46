"""Chỉ số 766: how the estimate is made, from what, how sure it is, and when it is silent; its tables of points."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from config import catalogue, index766, indicators
from config.index766 import Item, Table
from reports import formats
from reports.handbook.markdown import bullets, day, paragraphs, table

SURVEY: Final = "Phiếu đánh giá: hài lòng, rất hài lòng trong số người trả lời"
NOTHING: Final = "chưa có số liệu thay cho mục này"
_HEADS: Final = ("Nhóm", "Mục", "Điểm", "Lấy từ", "Cách cho điểm", "Đối chiếu")


def method() -> str:
    """Say how points come from figures and what they do not say, and print every table of points."""
    small = catalogue.load().small
    return paragraphs(
        "Điểm ước tính theo Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh nghiệp (Quyết "
        "định 766/QĐ-TTg). Trang: “Chỉ số 766”. Tệp cài đặt: `index766.toml`.",
        bullets(
            (
                "**Cách tính**: mỗi mục lấy một tỷ lệ của sổ tay này, phiếu đánh giá, hoặc số nhập tay. Điểm nằm trên "
                "đường thẳng từ mức không điểm đến mức đủ điểm, hoặc theo bậc. Giữ tử số, mẫu số; chia sau cùng.",
                "**Chưa có dữ liệu**: mục đó không có điểm, không tính là 0, không tính là đủ. Tổng chỉ nói trên số "
                f"điểm có dữ liệu: “61,3 / 78 điểm có dữ liệu; 22 điểm chưa có dữ liệu”. Dưới {small} hồ sơ, giấy tờ, "
                "phiếu, thủ tục: ghi n, không cho điểm.",
                "**Mất điểm ở đâu**: điểm tối đa trừ điểm có, và danh sách đúng những hồ sơ làm mất. “Mỗi 100 hồ sơ” "
                "là điểm mất thêm khi có thêm 100 hồ sơ như vậy trên cùng mẫu số.",
                "**Theo đơn vị**: cùng trọng số của tỉnh, không quy đổi lại. Mục chỉ có số toàn tỉnh thì đơn vị chưa "
                "có dữ liệu. Hai đơn vị có thể biết các mục khác nhau, nên không xếp hạng; tổng các đơn vị không bằng "
                "điểm của tỉnh.",
                "**So với kỳ trước**: chỉ trên các mục có dữ liệu ở cả hai kỳ và cùng cách cho điểm.",
                "**Độ tin cậy**: chỉ tổng điểm sáu nhóm (18, 20, 12, 10, 18, 22) theo Quyết định. Trọng số từng mục "
                "chưa đối chiếu với văn bản, trừ mục ghi “đã đối chiếu”. Điểm chính thức do Cổng Dịch vụ công quốc gia "
                "chấm từ dữ liệu đồng bộ lên Cổng và có thể khác.",
                "**Khi nào im lặng**: kỳ trước ngày có bảng điểm đầu tiên; nguồn không có dữ liệu đến cuối kỳ thì "
                "không nằm trong tỷ lệ.",
            )
        ),
        *(_table(each) for each in index766.load()),
    )


def _table(told: Table) -> str:
    names = {group.id: group for group in told.group}
    lines = [
        (f"{names[item.group].title} ({points(names[item.group].points)})", item.title, points(item.weight),
         origin(item), rule(item), "đã đối chiếu" if item.verified else "chưa đối chiếu")
        for group in told.group for item in told.of_group(group.id)
    ]  # fmt: skip
    return paragraphs(f"Bảng điểm từ {day(told.from_)} – {told.decision}:", table(_HEADS, lines))


def origin(item: Item) -> str:
    """Say what stands for an item."""
    if item.survey:
        return SURVEY
    if item.entered is not None:
        return f"{indicators.load()[item.entered].title} – nhập tay"
    return catalogue.load()[item.figure].title if item.figure is not None else NOTHING


def rule(item: Item) -> str:
    """Say how points come from the share: 0 điểm ở 0 %, đủ điểm ở 100 %; or by steps."""
    if item.steps:
        return "; ".join(f"từ {_percent(at)}: {points(worth)} điểm" for at, worth in item.steps)
    return f"0 điểm ở {_percent(item.zero)}, đủ điểm ở {_percent(item.full)}"


def _percent(share: Decimal) -> str:
    return f"{points(100 * share)} %"


def points(value: Decimal | None) -> str:
    """Write points of a table with no more decimals than they have."""
    told = Decimal(0) if value is None else value.normalize()
    exponent = told.as_tuple().exponent
    return formats.number(told, max(0, -exponent) if isinstance(exponent, int) else 0)
