"""Chỉ số 766, ước tính: how many points of those with data, by group, against the period before; ready values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.answers import procedures
from dashboard.filters import DEPARTMENT, Choice
from dashboard.shapes import INDEX766, Lined, Link
from dashboard.wording import NOTHING, number, percent
from metrics.index766 import Change, Estimate, Part
from metrics.satisfaction import Response
from reports import formats
from reports.handbook.method_index766 import points as weight
from reports.index766 import OFFICIAL as OFFICIAL
from reports.index766 import UNVERIFIED

ESTIMATE: Final = "Ước tính"
RUNNING: Final = "Kỳ chưa hết: số liệu đến hôm nay."
OF_UNITS: Final = "Xếp theo tên, không xếp hạng. Trọng số như của tỉnh, không quy đổi theo điểm có dữ liệu."
SELECTED: Final = "Người trả lời tự chọn, không đại diện cho mọi người nộp hồ sơ."


def points(told: Fraction, of: Fraction | None = None, places: int = 2) -> str:
    """Write points; never as many as ``of`` by rounding, and never none where there are some."""
    step = Decimal(1).scaleb(-places)
    shown = _decimal(told).quantize(step, ROUND_HALF_UP)
    if of is not None and told < of:
        shown = min(shown, _decimal(of) - step)
    return formats.number(max(shown, step) if told > 0 else shown, places)


def _decimal(told: Fraction) -> Decimal:
    return Decimal(told.numerator) / Decimal(told.denominator)


def whole(told: Fraction) -> str:
    """Write points of a table, with no more decimals than they have."""
    return weight(_decimal(told).quantize(Decimal("0.01")))


def of_known(part: Part, places: int = 1) -> str:
    """Write points over the points that have data: 61,3 / 78; a dash where none have."""
    return f"{points(part.points, part.known, places)} / {whole(part.known)}" if part.known else NOTHING


def headline(told: Estimate) -> str:
    """Say the estimate in one sentence, with what has no data."""
    part = told.whole
    if not part.known:
        return f"Cả **{whole(part.whole)}** điểm chưa có dữ liệu trong kỳ."
    rest = f"; **{whole(part.unknown)}** điểm chưa có dữ liệu" if part.unknown else ""
    return f"**{of_known(part)}** điểm có dữ liệu{rest}."


def basis(told: Estimate) -> str:
    """Say by which decision, and how many of the weights were not held against it."""
    open_ = sum(not each.item.verified for each in told.items)
    rest = f" Trọng số của {number(open_)} / {number(len(told.items))} mục: {UNVERIFIED} với văn bản." if open_ else ""
    return f"Theo {wording.plain(told.table.decision)}.{rest}"


def changed(told: Change | None, before: str) -> list[str]:
    """Say the change against the period before, and which items carry it."""
    if told is None:
        return [f"Không so được với {before}: không có mục nào có dữ liệu ở cả hai kỳ."]
    lines = [f"So với {before}: **{signed(told.points)} điểm**, trên {whole(told.weight)} điểm có ở cả hai kỳ."]
    for what, items in (
        ("Kỳ này mới có dữ liệu hoặc cách cho điểm mới", told.come),
        ("Kỳ này không còn dữ liệu", told.gone),
    ):
        if items:
            lines.append(f"{what}: {'; '.join(wording.plain(item.title) for item in items)}.")
    return lines


def signed(told: Fraction, places: int = 2) -> str:
    """Write a change of points with its sign."""
    return formats.signed(_decimal(told), places)


def losses(told: Estimate, most: int = 3) -> list[str]:
    """Say where most points are lost, the most first."""
    lost = sorted((each for each in told.items if each.lost), key=lambda each: -(each.lost or 0))
    return [
        f"Mất **{points(each.lost or Fraction(0), each.weight)}** / {whole(each.weight)} điểm: "
        f"{wording.plain(each.item.title)}."
        for each in lost[:most]
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """One group in the chart: its name, points earned, lost and not known, and what the pointer says."""

    name: str
    earned: float
    lost: float
    unknown: float
    hover: str


def bars(told: Estimate) -> list[Bar]:
    """Give the groups in the order of the table."""
    return [_bar(f"{group.title} ({weight(group.points)})", told.group(group)) for group in told.table.group]


def _bar(name: str, part: Part) -> Bar:
    told = [f"{of_known(part)} điểm có dữ liệu"] if part.known else []
    told += [f"{whole(part.unknown)} điểm chưa có dữ liệu"] if part.unknown else []
    words = f"<b>{wording.in_chart(name)}</b><br>{'<br>'.join(told)}"
    return Bar(name, float(part.points), float(part.lost), float(part.unknown), words)


def exact(told: Fraction | None) -> float | None:
    """Give points as a number, for files and charts."""
    return None if told is None else round(float(told), 4)


def surveyed(told: Estimate, response: Response | None) -> str:
    """Say of how many slips satisfaction is told and who was asked; nothing where no item is told by the survey."""
    slips = next((each.parts for each in told.items if each.item.survey and each.parts), None)
    if slips is None:
        return ""
    n = f"Mức độ hài lòng: n = {number(slips[1])} phiếu"
    if response is None or response.rate is None:
        return f"{n}, chưa rõ tỷ lệ trả lời. {SELECTED}"
    share = percent(response.answered, response.asked)
    return f"{n}, tỷ lệ trả lời {share} ({number(response.answered)} / {number(response.asked)}). {SELECTED}"


#: Headings of groups that would push the last column out of a desk; files have them whole.
_HEADS: Final = {"Công khai, minh bạch": "Công khai", "Dịch vụ công trực tuyến": "DVC trực tuyến"}


def units(told: Mapping[str, Estimate], choice: Choice) -> Lined | None:
    """Lay out units by their names, never by their points; None where there are none, or only the one chosen."""
    names = sorted(told, key=wording.sort_key)
    if len(names) < 2:
        return None
    groups = next(iter(told.values())).table.group
    heads = ("Đơn vị", "Điểm / có dữ liệu", "Chưa có", *(group.title for group in groups))
    lines, values = [], []
    for name in names:
        one = told[name].whole
        parts = [told[name].group(group) for group in groups]
        lines.append(
            (procedures.short(name, 60), of_known(one), whole(one.unknown), *(of_known(part) for part in parts))
        )
        numbers = [exact(part.points) if part.known else None for part in parts]
        values.append((name, exact(one.points) if one.known else None, exact(one.known), exact(one.unknown), *numbers))
    schema = {"Đơn vị": pl.String} | dict.fromkeys(("Điểm", "Có dữ liệu", "Chưa có", *heads[3:]), pl.Float64)
    to = [[Link(f"Mở {wording.plain(name, 80)}", choice.query(**{DEPARTMENT: name}), INDEX766)] for name in names]
    return Lined(
        pl.DataFrame(lines, schema=[_HEADS.get(head, head) for head in heads], orient="row"),
        to,
        pl.DataFrame(values, schema=schema, orient="row"),
        names,
    )
