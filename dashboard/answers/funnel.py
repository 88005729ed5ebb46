"""Units in a funnel, in words: who lies outside what chance makes of their size; all others are usual. No ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.analysed import WEEKS
from dashboard.filters import DEPARTMENT, Choice
from dashboard.shapes import DEPARTMENTS, Lined, Link
from dashboard.wording import number, percent, rated
from metrics.funnel import Funnel, Placed
from metrics.scope import Scope

MOST_NAMED: Final = 5
_WHERE: Final = {
    ("usual", False): "Dao động thường",
    ("usual", True): "Dao động thường",
    ("likely", False): "Gần giới hạn dưới",
    ("likely", True): "Gần giới hạn trên",
    ("sure", False): "Thấp hơn mức chung",
    ("sure", True): "Cao hơn mức chung",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is outside, in a sentence; the units that may be seen, each with the way to its page; what to know of it."""

    text: str
    units: Sequence[Placed]
    hover: Sequence[str]
    queries: Sequence[dict[str, str]]
    notes: Sequence[str]
    table: Lined


def told(choice: Choice, found: Funnel, scope: Scope) -> Told:
    """Say who lies outside. Of units out of ``scope`` nothing is told but what all of them make together."""
    units = sorted(
        (each for each in found.placed if scope.departments is None or each.name in scope.departments),
        key=lambda each: wording.sort_key(each.name),
    )
    queries = [choice.query(**{DEPARTMENT: each.name}) for each in units]
    return Told(_text(units), units, [_hover(each) for each in units], queries, _notes(found), _table(units, queries))


def _text(units: Sequence[Placed]) -> str:
    outside = [each for each in units if each.where == "sure"]
    usual = len(units) - len(outside)
    if not outside:
        return f"Không đơn vị nào ngoài giới hạn: {number(usual)} đơn vị khác nhau trong dao động thường."
    parts = []
    for above, words in ((False, "Thấp hơn mức chung"), (True, "Cao hơn mức chung")):
        names = [wording.plain(each.name, 60) for each in outside if each.above is above]
        more = f" và {number(len(names) - MOST_NAMED)} đơn vị khác" if len(names) > MOST_NAMED else ""
        if names:
            parts.append(f"{words}: **{', '.join(names[:MOST_NAMED])}**{more}.")
    return " ".join([*parts, f"{number(usual)} đơn vị còn lại: dao động thường."])


def _hover(unit: Placed) -> str:
    name = f"<b>{wording.in_chart(unit.name, 90)}</b>"
    return f"{name}<br>{rated(unit.met, unit.due)}<br>{_parts(unit)}<br>{_WHERE[unit.where, unit.above]}"


def _parts(unit: Placed) -> str:
    return f"{number(unit.met)} / {number(unit.due)} hồ sơ đúng hạn"


def _notes(found: Funnel) -> Sequence[str]:
    whole = f"{percent(found.met, found.due)} ({number(found.met)} / {number(found.due)})"
    notes = [f"Mức chung {whole}, {WEEKS} tuần. Dải đậm: giới hạn 95\u00a0%; dải nhạt: 99,8\u00a0%."]
    if found.dispersion > 1:
        wider = number(sqrt(found.dispersion), 1)
        notes.append(f"Giới hạn đã nới {wider} lần: việc của các đơn vị khác nhau hơn ngẫu nhiên.")
    if found.few:
        notes.append(f"{number(found.few)} đơn vị quá ít hồ sơ, không đặt vào hình.")
    return notes


def _table(units: Sequence[Placed], queries: Sequence[dict[str, str]]) -> Lined:
    names = [wording.flat(each.name, 200) for each in units]
    lines = [
        (name, number(each.due), rated(each.met, each.due), _WHERE[each.where, each.above])
        for name, each in zip(names, units, strict=True)
    ]
    links = [[Link("Mở đơn vị", query, DEPARTMENTS)] for query in queries]
    values = [(each.name, each.due, each.met, wording.share(each.met, each.due), line[3])
              for each, line in zip(units, lines, strict=True)]  # fmt: skip
    heads = {"Đơn vị": pl.String, "Đến hẹn": pl.Int64, "Đúng hạn": pl.Int64, "Tỷ lệ (%)": pl.Float64}
    return Lined(
        pl.DataFrame(lines, schema=["Đơn vị", "Đến hẹn", "Đúng hạn", "So với mức chung"], orient="row"), links,
        pl.DataFrame(values, schema={**heads, "So với mức chung": pl.String}, orient="row"), names,
    )  # fmt: skip
