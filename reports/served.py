"""Gather for the annex on service what no dossier holds: survey slips, the register of procedures, entered values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import polars as pl

from config import catalogue, indicators, registered
from config.indicators import Indicator
from metrics import procedures_register, satisfaction
from metrics.indicators import before
from metrics.scope import Period, Scope
from reports import entered_words, formats
from reports.editions import Edition
from reports.service import Row
from store import entered, surveys
from store.database import Store

#: A value of a stretch that ended longer ago is no news of the period, in days: the yearly ones come in spring.
_OLDEST: Final = 500
#: Shares of the register that the annex prints.
_OF_REGISTER: Final = (
    "procedures_centre_share", "procedures_four_step_share", "procedures_online_share", "procedures_post_share",
)  # fmt: skip


def rows(
    store: Store, scope: Scope, edition: Edition, period: Period, known_before: datetime, sources: Sequence[str]
) -> list[Row]:
    """Give the rows of a report on ``period`` for who sees ``scope``; entered values as they were known before an
    instant (aware).

    ``sources``: whose lines of the register of procedures count. Who sees single units has nothing of the register.
    """
    register = _registered(period.end, sources) if scope.departments is None else ()
    return [*_satisfied(store, scope, edition, period), *register, *_entered(store, scope, period, known_before)]


def version(store: Store, scope: Scope) -> tuple[int | str, ...]:
    """Give the numbers of the newest value and slip, and the stamp of the register: what was gathered holds while these
    stay."""
    newest: Any = entered.history(store, scope)["seq"].max()
    return newest or 0, *surveys.version(store, scope), *registered.stamp()


def _satisfied(store: Store, scope: Scope, edition: Edition, period: Period) -> Iterator[Row]:
    """Give the share of the satisfied among those who answered, with who was asked; nothing before the first slip."""
    if not any(surveys.version(store, scope)):
        return
    earlier = edition.before(period)
    slips = surveys.read(store, scope, Period(earlier.start, period.end))
    n, good = _slips(slips, period, scope)
    was, was_good = _slips(slips, earlier, scope)
    asked = satisfaction.response(slips, surveys.asked(store, scope), period, edition.unit)
    told = n >= catalogue.load().small
    yield Row(
        id="satisfied", title="Hài lòng, rất hài lòng trong số người trả lời", t=_percent(good, n),
        basis=f"{formats.number(good)}/{formats.number(n)} phiếu; {_response(asked)}" if n else "không có phiếu nào",
        before=_percent(was_good, was), origin="Khảo sát", v=good / n if told else None, n=good, d=n,
        before_v=was_good / was if was >= catalogue.load().small else None,
    )  # fmt: skip


def _slips(slips: pl.DataFrame, period: Period, scope: Scope) -> tuple[int, int]:
    told = satisfaction.counts(slips, period, scope).row(0, named=True)
    return told["n"], told["satisfied"]


def _percent(good: int, n: int) -> str:
    """Write a share of slips; of few only how many they are."""
    few = f"n = {formats.number(n)}" if n else "—"
    return formats.percent(good, n) if n >= catalogue.load().small else few


def _response(told: satisfaction.Response | None) -> str:
    if told is None:
        return "không rõ số người được hỏi"
    if told.rate is None:
        return f"số người được hỏi ({formats.number(told.asked)}) ít hơn số phiếu, cần kiểm tra"
    return f"{formats.number(told.answered)}/{formats.number(told.asked)} người được hỏi trả lời"


def _registered(on: date, sources: Sequence[str]) -> Iterator[Row]:
    lines = registered.load()
    told = procedures_register.counted(procedures_register.each(procedures_register.in_force(lines, on, sources)))
    titles = catalogue.load()
    for name in _OF_REGISTER:
        rate = procedures_register.RATES[name]
        n, d = told.select(n=rate.numerator, d=rate.denominator).row(0)
        if d:
            yield Row(
                id=name, title=titles[name].title, t=formats.percent(n, d),
                basis=f"{formats.number(n)}/{formats.number(d)} thủ tục", before=formats.MISSING_CELL,
                origin="Danh mục", v=n / d, n=n, d=d,
            )  # fmt: skip


def _entered(store: Store, scope: Scope, period: Period, known_before: datetime) -> Iterator[Row]:
    """Give, of each indicator, the newest value whose stretch had ended with the period, and the one before it.

    A unit's values are those stated under its own name: points and ranks of two units make none of a third.
    """
    last = entered.holding(store, scope, known_before).to_dicts()
    whose = sorted(scope.departments) if scope.departments is not None else [None]
    for one in indicators.load().values():
        for unit in whose:
            mine = {(row["from_on"], row["to_on"]): row for row in last if _is(row, one.id, unit)}
            if ended := [row for row in mine.values() if _of_late(row["to_on"], period)]:
                newest = max(ended, key=lambda row: row["to_on"])
                then = before(Period(newest["from_on"], newest["to_on"]))
                yield _row(one, newest, mine.get((then.start, then.end)), unit if len(whose) > 1 else None)


def _is(row: Mapping[str, Any], indicator: str, unit: str | None) -> bool:
    return bool(row["indicator"] == indicator and row["department"] == unit)


def _of_late(end: date, period: Period) -> bool:
    return 0 <= (period.end - end).days <= _OLDEST


def _row(one: Indicator, row: Mapping[str, Any], then: Mapping[str, Any] | None, unit: str | None) -> Row:
    stretch = entered_words.period(Period(row["from_on"], row["to_on"]))
    was = Decimal(then["value"]) if then else None
    return Row(
        id=one.id, title=f"{one.title} ({stretch}{f', {unit}' if unit else ''})",
        t=entered_words.value(Decimal(row["value"]), one), basis=f"{row['stated_by']}, {formats.day(row['stated_on'])}",
        before=formats.MISSING_CELL if was is None else entered_words.value(was, one), origin="Nhập tay",
        v=float(row["value"]), before_v=None if was is None else float(was), unit=one.unit,
    )  # fmt: skip
