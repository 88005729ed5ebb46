"""The items of Chỉ số 766: points, what is lost, the figure behind each, the dossiers that cost them; ready values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile
from config.indicators import Indicator
from dashboard.answers import quality
from dashboard.answers.index766 import exact, points, signed, whole
from dashboard.filters import CHANNEL, GROUP, Choice
from dashboard.shapes import PROCEDURES, QUALITY, Lined, Link
from dashboard.wording import NOTHING, number, percent, rated
from metrics.index766 import Change, Estimate, Scored
from metrics.scope import Period
from reports import entered_words
from reports.index766 import UNVERIFIED, VERIFIED, thing

Row = Mapping[str, Any]
#: What costs points: the count (with those that are what is left), its words, the list, and what narrows it.
_COSTS: Final[Mapping[str, tuple[tuple[str, str, str, Mapping[str, str]], ...]]] = {
    "on_time_766": (
        ("resolved_overdue", "giải quyết quá hạn", "bm-10", {}),
        ("pending_overdue", "quá hạn chưa giải quyết", "qua-han", {}),
        ("resolved_undetermined", "đã giải quyết, không xác định hạn", "bm-undetermined-resolved", {}),
        ("pending_undetermined", "chưa giải quyết, không xác định hạn", "khong-xac-dinh", {}),
    ),
    "online_share": (
        ("received_counter", "nộp trực tiếp tại quầy", "da-nhan", {CHANNEL: "counter"}),
        ("received_post", "nộp qua bưu chính", "da-nhan", {CHANNEL: "post"}),
    ),
    "online_payment": (("paid_directly", "nộp phí trực tiếp", "nop-phi-truc-tiep", {}),),
    "results_digital_share": (("results_on_paper", "chưa có kết quả điện tử", "ket-qua-chua-dien-tu", {}),),
    "components_digitised_share": (("", "hồ sơ còn giấy tờ chưa số hóa", "con-giay-chua-so-hoa", {}),),
    "components_reused_share": (("", "hồ sơ còn giấy tờ chưa dùng lại", "con-giay-chua-dung-lai", {}),),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of items need beside the estimate."""

    choice: Choice
    counts: Row
    entered: Mapping[str, Row]
    indicators: Mapping[str, Indicator]
    catalogue: CatalogueFile
    of_unit: bool  # of a unit, of which no value is entered for the whole province
    change: Change | None


_HEADS: Final = ("Mục", "Điểm", "Mất", "Số liệu", "Được, mất theo số lượng", "So với kỳ trước", "Trọng số")
_VALUES: Final[dict[str, Any]] = {
    "Nhóm": pl.String, "Mục": pl.String, "Điểm tối đa": pl.Float64, "Điểm": pl.Float64, "Mất": pl.Float64,
    "Tử số": pl.Float64, "Mẫu số": pl.Int64, "Số liệu": pl.String, "So với kỳ trước": pl.Float64, "Trọng số": pl.String,
}  # fmt: skip


def items(told: Estimate, asked: Asked) -> Lined:
    """Lay out every item, what costs most first and what is not known last; each line opens its dossiers."""
    several = sorted(told.items, key=lambda each: (each.lost is None, -(each.lost or 0)))
    lines = [_line(each, asked) for each in several]
    groups = {group.id: group.title for group in told.table.group}
    values = [_value(each, groups[each.item.group], asked) for each in several]
    names = [f"{groups[each.item.group]}: {each.item.title}. {said(each, asked)}" for each in several]
    return Lined(
        pl.DataFrame(lines, schema=list(_HEADS), orient="row"), [links(each, asked) for each in several],
        pl.DataFrame(values, schema=_VALUES, orient="row"), names,
    )  # fmt: skip


def _line(each: Scored, asked: Asked) -> tuple[str, ...]:
    known = each.points is not None
    return (
        each.item.title,
        f"{points(each.points or Fraction(0), each.weight) if known else NOTHING} / {whole(each.weight)}",
        points(each.lost or Fraction(0), each.weight) if known else NOTHING,
        said(each, asked),
        cost(each),
        _moved(each, asked.change),
        VERIFIED if each.item.verified else UNVERIFIED,
    )  # fmt: skip


def _moved(each: Scored, change: Change | None) -> str:
    return NOTHING if change is None or each.item.id not in change.by_item else signed(change.by_item[each.item.id])


def _value(each: Scored, group: str, asked: Asked) -> tuple[Any, ...]:
    moved = None if asked.change is None else asked.change.by_item.get(each.item.id)
    over, under = each.parts if each.parts is not None else (None, None)
    return (
        group, each.item.title, float(each.weight), exact(each.points), exact(each.lost),
        None if over is None else float(over), under, said(each, asked), exact(moved),
        VERIFIED if each.item.verified else UNVERIFIED,
    )  # fmt: skip


def said(each: Scored, asked: Asked) -> str:
    """Give the figure of an item with its parts, or why there is none."""
    if each.parts is None:
        return _why_not(each, asked)
    if each.item.entered is not None:
        row = asked.entered[each.item.entered]
        stretch = entered_words.period(Period(row["from_on"], row["to_on"]))
        return (
            f"{entered_words.value(Decimal(row['value']), asked.indicators[each.item.entered])} · {stretch} · nhập tay"
        )
    over, under = int(each.parts[0]), each.parts[1]
    if each.few:
        return f"n = {number(under)} {thing(each)}: ít quá để cho điểm"
    # A register is counted whole: chance has no part in it.
    write = percent if (each.item.figure or "").startswith("procedures_") else rated
    return f"{write(over, under)} · {number(over)} / {number(under)}"


def _why_not(each: Scored, asked: Asked) -> str:
    if each.item.survey:
        return "Chưa có phiếu đánh giá trong kỳ"
    if each.item.entered is not None:
        one = asked.indicators[each.item.entered]
        return "Chỉ có số toàn tỉnh" if asked.of_unit and one.of == "province" else "Chưa nhập số của kỳ gần nhất"
    if each.item.figure is None:
        return "Chưa có số liệu thay cho mục này"
    if each.item.figure == "published_share":
        return "Chưa so được với Cổng quốc gia"
    return f"Chưa có {asked.catalogue[each.item.figure].base}"


def cost(each: Scored) -> str:
    """Say what a hundred more that miss would cost; of a small base what one would; with steps how many are missing."""
    if each.next_step is not None:
        more, gives = each.next_step
        return f"Thêm {number(more)} {thing(each)}: +{points(gives)} điểm"
    if each.per_hundred is None or each.parts is None:
        return NOTHING
    if each.parts[1] < 100:
        return f"{_small(each.per_hundred / 100)} điểm / 1 {thing(each)}"
    return f"{_small(each.per_hundred)} điểm / 100 {thing(each)}"


def _small(told: Fraction) -> str:
    return points(told, places=2 if told >= Fraction(1, 100) else 4)


def links(each: Scored, asked: Asked) -> list[Link]:
    """Give the ways to the dossiers that cost points; where none do, to the page that holds the figure."""
    if each.points is None or not each.lost:
        return []
    figure = each.item.figure or ""
    if figure in _COSTS:
        counts = quality.with_left(asked.counts)
        return [
            Link(
                words if not column else f"{number(counts[column])} {words}",
                asked.choice.query(**{GROUP: group, **more}),
            )
            for column, words, group, more in _COSTS[figure]
            if not column or counts.get(column)
        ]
    if figure.startswith("procedures_"):
        return [Link("Mở danh mục thủ tục", {}, PROCEDURES)]
    where = "phiếu đánh giá" if each.item.survey else "số đồng bộ lên Cổng" if figure else "số nhập tay"
    return [Link(f"Mở {where}", asked.choice.query(), QUALITY)]
