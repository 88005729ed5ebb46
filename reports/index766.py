"""The estimate of Index 766 beside a quarter's figures: gathered from what dossiers do not hold too, and laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from config import catalogue, index766, indicators, registered
from config.index766 import Table
from config.units import Units
from metrics import index766 as points
from metrics import index766_known as known
from metrics import procedures_register as register
from metrics import publication, satisfaction
from metrics.calendar import WorkingCalendar
from metrics.freshness import Silent
from metrics.index766 import Estimate, Known, Part, Parts, Scored
from metrics.publication import Publication
from metrics.scope import Period, Scope
from reports import entered_words, formats, reconciliation
from reports.editions import Edition, judged_on
from store import entered, surveys
from store.database import Store

#: The editions whose workbook has the estimate: the index is judged by the quarter.
EDITIONS: Final = ("quarter",)
#: What stands where nothing is known.
NOTHING: Final = "N/A (không có dữ liệu)"
OFFICIAL: Final = "Không phải điểm chính thức: điểm chính thức do Cổng Dịch vụ công quốc gia chấm."
VERIFIED: Final = "đã đối chiếu"
UNVERIFIED: Final = "chưa đối chiếu"
#: What the base of a share counts, where it is not dossiers.
_THINGS: Final[Mapping[str, str]] = {"components_digitised_share": "giấy tờ", "components_reused_share": "giấy tờ"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of a period beside its dossiers: ``shares`` of the register, ``portal`` with the two sources that
    it is told by, the ``survey``, and the ``entered`` values, by indicator."""

    table: Table
    shares: Mapping[str, Parts]
    survey: Parts | None
    entered: Mapping[str, Row]
    portal: Publication | None = None
    both: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which report: its scope and edition, the period, what was known, and the sources (store.runs.latest)."""

    scope: Scope
    edition: Edition
    period: Period
    known_before: datetime
    sources: pl.DataFrame
    units: Units
    calendar: WorkingCalendar


def gathered(store: Store, facts: pl.LazyFrame, asked: Asked) -> Gathered | None:
    """Gather what a report on a quarter knows; None of another edition, and before the first table. ``facts``: of
    store.snapshot.all_facts. Raises ConfigError."""
    table = index766.in_force(index766.load(), asked.period.end)
    if table is None or asked.edition.id not in EDITIONS:
        return None
    scope, period, unit = asked.scope, asked.period, asked.edition.unit
    slips = satisfaction.counts(surveys.read(store, scope), period, scope).row(0, named=True)
    whose = unit is not None or scope.departments is None  # of several units together nobody states a value
    said = entered.holding(store, scope, asked.known_before).to_dicts() if whose else []
    both = publication.pair(asked.sources)
    portal = _portal(facts, both, asked) if both else None
    return Gathered(
        table, known.of_register(_registered(asked)), known.of_slips(slips), points.entered_in(said, period, unit),
        portal, frozenset(both or ()),
    )  # fmt: skip


def _registered(asked: Asked) -> Row:
    lines = register.in_force(registered.load(), asked.period.end, asked.sources["name"].to_list())
    today = pl.col("department").map_elements(asked.units.today, return_dtype=pl.String)
    shares = {
        name: pl.struct(numerator=rate.numerator, denominator=rate.denominator) for name, rate in register.RATES.items()
    }
    told = register.counted(register.each(lines.with_columns(today).filter(asked.scope.expr())), ())
    return told.with_columns(**shares).row(0, named=True)


def _portal(facts: pl.LazyFrame, both: tuple[str, str], asked: Asked) -> Publication:
    on = judged_on(asked.period)
    rows = reconciliation.between(facts, *both, as_of=on, calendar=asked.calendar, scope=asked.scope)
    return publication.published(rows, asked.period)


def estimate(told: Gathered, counts: Row, gone: Sequence[Silent]) -> Estimate:
    """Estimate a period. ``counts``: its dossiers (metrics.heard.told); ``gone``: who was not heard to its end: what
    the portal has not told yet would count as missing."""
    unheard = {each.source for each in gone if each.department is None}
    shares = {**known.of_dossiers(counts), **told.shares}
    if not told.both & unheard:
        shares |= known.of_portal(told.portal)
    values = {name: Decimal(row["value"]) for name, row in told.entered.items()}
    return points.estimate(told.table, Known(shares, told.survey, values), small=catalogue.load().small)


def annex(told: Gathered, found: Estimate) -> dict[str, Any]:
    """Lay out the estimate for the workbook: every item, and the groups with the total last."""
    titles = {group.id: group.title for group in told.table.group}
    groups = [_part(group.title, found.group(group)) for group in told.table.group]
    open_ = sum(not each.item.verified for each in found.items)
    unsure = f" Trọng số của {open_}/{len(found.items)} mục {UNVERIFIED} với văn bản." if open_ else ""
    return {
        "title": "Chỉ số 766 (ước tính)",
        "headline": _headline(found.whole),
        "basis": f"Theo {told.table.decision}; bảng điểm áp dụng từ ngày {formats.day(told.table.from_)}.{unsure}",
        "note": OFFICIAL,
        "items": [_item(each, titles[each.item.group], told) for each in found.items],
        "groups": [*groups, _part("Tổng", found.whole)],
    }


def _headline(part: Part) -> str:
    if not part.known:
        return f"Cả {_written(part.whole)} điểm chưa có dữ liệu trong kỳ."
    rest = f"; {_written(part.unknown)} điểm chưa có dữ liệu" if part.unknown else ""
    return f"Ước tính {_written(part.points)}/{_written(part.known)} điểm có dữ liệu{rest}."


def _written(told: Fraction) -> str:
    whole = told.denominator == 1
    return formats.number(told.numerator if whole else float(told), 0 if whole else 2)


def _part(title: str, part: Part) -> dict[str, Any]:
    row = {"title": title, "weight": _exact(part.whole), "known": _exact(part.known), "unknown": _exact(part.unknown)}
    if not part.known:
        return row | _missing("points", "lost")
    return row | {"points": _exact(part.points), "lost": _exact(part.lost)}


def _item(each: Scored, group: str, told: Gathered) -> dict[str, Any]:
    row: dict[str, Any] = {
        "group": group, "title": each.item.title, "weight": _exact(each.weight), "from": told.table.from_.isoformat(),
        "verified": VERIFIED if each.item.verified else UNVERIFIED, "origin": _origin(each, told),
    }  # fmt: skip
    if each.parts is None:
        return row | _missing("points", "lost", "share", "n", "d", "missing")
    share, over = {"share": float(Fraction(each.parts[0]) / each.parts[1])}, {"n": each.parts[0], "d": each.parts[1]}
    row |= share if each.item.entered is not None else share | over
    if each.points is None:  # too few
        return row | _missing("points", "lost")
    row |= {"points": _exact(each.points), "lost": _exact(each.lost or Fraction(0))}
    return row if each.item.entered is not None else row | {"missing": each.missing, "thing": thing(each)}


def _missing(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, NOTHING) | {"kinds": dict.fromkeys(names, "text")}


def _origin(each: Scored, told: Gathered) -> str:
    """Say what stands for an item: dossiers, the register, slips, or a value that somebody entered, and of when."""
    if each.item.entered is not None:
        row = told.entered.get(each.item.entered)
        if row is None:
            return f"Nhập tay: {indicators.load()[each.item.entered].title}"
        stretch = entered_words.period(Period(row["from_on"], row["to_on"]))
        return f"Nhập tay: {stretch}, {row['stated_by']}"
    few = f", n = {each.parts[1]}: ít quá để cho điểm" if each.few and each.parts else ""
    if each.item.survey:
        return f"Phiếu đánh giá{few}"
    if each.item.figure is None:
        return "Chưa có số liệu thay cho mục này"
    return f"{catalogue.load()[each.item.figure].title}{few}"


def thing(each: Scored) -> str:
    """Name what the base of an item counts."""
    if each.item.survey:
        return "phiếu"
    figure = each.item.figure or ""
    return "thủ tục" if figure.startswith("procedures_") else _THINGS.get(figure, "hồ sơ")


def _exact(told: Fraction) -> float:
    return round(float(told), 4)
