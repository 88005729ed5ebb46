"""Figures of a period with its rates over those who were heard: what is silent is counted as last known, not judged.

A silent source or unit leaves the rates of every period, or stretch of one, that it was not heard to the end of; weeks
that lie before its silence keep it. Which ones left, and what they hold, is ``left_out``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.definitions import RATES, rates
from metrics.evaluate import STRETCHES, Map, figures
from metrics.freshness import Silent
from metrics.scope import Filters, Period, Scope
from metrics.took import took

_BEGINNING: Final = date(1900, 1, 1)
#: Counts that serve the headline's rates alone: they are told of those who were heard.
JUDGED: Final = ("due", "due_met", "due_first", "due_first_met", "extended_out", "suspended_out")
_LENGTHS: Final = {
    "day": "1d", "week": "1w", "friday_week": "1w", "month": "1mo", "quarter": "1q", "year": "1y",
    "state_month": "1mo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """Who left the rates of a period, and what they hold: open dossiers at its end, and all ever received."""

    silent: Silent
    pending: int
    received: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the cube; as metrics.evaluate.figures takes it."""

    period: Period
    as_of: date
    scope: Scope
    by: tuple[str, ...] = ()
    filters: Filters = Filters()  # frozen
    on_map: Map = "today"


def told(cube: pl.DataFrame, asked: Question, silent: Sequence[Silent], calendar: WorkingCalendar) -> pl.DataFrame:
    """Answer metrics.evaluate.figures with one struct per rate beside (metrics.definitions.rates).

    Counts and stocks are those of everybody; the rates and JUDGED those of who was heard to the end of each stretch.
    """
    whole = _ask(cube, asked)
    if not silent:
        return rates(whole)
    return _beside(whole, rates(_judged(cube, asked, whole, silent, calendar)), asked, (*JUDGED, *RATES))


def counted(cube: pl.DataFrame, asked: Question, silent: Sequence[Silent], calendar: WorkingCalendar) -> pl.DataFrame:
    """Answer as ``told``, without the rates."""
    whole = _ask(cube, asked)
    return _beside(whole, _judged(cube, asked, whole, silent, calendar), asked, JUDGED) if silent else whole


def _judged(
    cube: pl.DataFrame, asked: Question, whole: pl.DataFrame, silent: Sequence[Silent], calendar: WorkingCalendar
) -> pl.DataFrame:  # fmt: skip
    return _heard(cube, _ask, asked, whole, silent, calendar).with_columns(pl.exclude(asked.by).fill_null(0))


def _beside(whole: pl.DataFrame, of_heard: pl.DataFrame, asked: Question, names: Sequence[str]) -> pl.DataFrame:
    """Put ``names`` of those who were heard in the place of everybody's."""
    rest, mine, by = whole.drop(JUDGED), of_heard.select(*asked.by, *names), list(asked.by)
    return rest.join(mine, on=by, how="left", nulls_equal=True, maintain_order="left") if by else rest.hstack(mine)


def lasted(
    durations: pl.DataFrame, asked: Question, silent: Sequence[Silent], calendar: WorkingCalendar
) -> pl.DataFrame:
    """Answer metrics.took.took over those who were heard, as a rate is told; 0 results where nobody was."""
    whole = _took(durations, asked)
    return _heard(durations, _took, asked, whole, silent, calendar).with_columns(pl.col("took_n").fill_null(0))


def _took(durations: pl.DataFrame, asked: Question) -> pl.DataFrame:
    return took(
        durations, period=asked.period, as_of=asked.as_of, scope=asked.scope, by=asked.by, filters=asked.filters,
        on_map=asked.on_map,
    )  # fmt: skip


def _ask(cube: pl.DataFrame, asked: Question) -> pl.DataFrame:
    return figures(
        cube, period=asked.period, as_of=asked.as_of, scope=asked.scope, by=asked.by, filters=asked.filters,
        on_map=asked.on_map,
    )  # fmt: skip


def _heard(
    cube: pl.DataFrame,
    ask: Callable[[pl.DataFrame, Question], pl.DataFrame],
    asked: Question,
    whole: pl.DataFrame,
    silent: Sequence[Silent],
    calendar: WorkingCalendar,
) -> pl.DataFrame:
    """Give what ``ask`` answers for those who were heard, in the rows of ``whole``; null where nobody was."""
    ends: dict[tuple[Silent, ...], list[date]] = {}
    for end in _ends(whole, asked).unique().sort():
        ends.setdefault(gone(silent, end, calendar), []).append(end)
    answers = []
    for left, these in ends.items():
        found = ask(cube.filter(~left_expr(left)), asked)
        answers.append(found.filter(_ends(found, asked).is_in(these)))
    told_of = pl.concat(answers) if answers else whole
    if not asked.by:
        return told_of
    return whole.select(asked.by).join(told_of, on=list(asked.by), how="left", nulls_equal=True, maintain_order="left")


def left_expr(left: Sequence[Silent]) -> pl.Expr:
    """Keep the rows of those who are silent; of nobody: none."""
    return pl.any_horizontal(pl.lit(False), *(s.expr() for s in left))


def _ends(rows: pl.DataFrame, asked: Question) -> pl.Series:
    """Give the last day that each row is told for: that of its stretch, of the period, or of the question."""
    last = pl.lit(min(asked.period.end, asked.as_of))
    name = next((name for name in asked.by if name in STRETCHES), None)
    if name is None:
        return rows.select(pl.repeat(min(asked.period.end, asked.as_of), pl.len())).to_series()
    begun = rows.select(day=name).select(day=STRETCHES[name])  # a clipped stretch is labelled by a day inside it
    return begun.select(
        pl.min_horizontal(pl.col("day").dt.offset_by(_LENGTHS[name]).dt.offset_by("-1d"), last)
    ).to_series()


def gone(silent: Sequence[Silent], end: date, calendar: WorkingCalendar) -> tuple[Silent, ...]:
    """Give those of ``silent`` who were not heard to the end of the last working day up to ``end``."""
    needed = calendar.last_working_day(end)
    return tuple(s for s in silent if s.until is None or s.until < needed)


def left_out(
    cube: pl.DataFrame, asked: Question, silent: Sequence[Silent], calendar: WorkingCalendar
) -> tuple[Left, ...]:
    """Say who left the rates of the period, and how many dossiers they hold within scope and filters; none: nobody."""
    end = min(asked.period.end, asked.as_of)
    ever = Question(Period(_BEGINNING, asked.period.end), asked.as_of, asked.scope, (), asked.filters, asked.on_map)
    found = [(s, _ask(cube.filter(s.expr()), ever).row(0, named=True)) for s in gone(silent, end, calendar)]
    return tuple(Left(s, row["pending"], row["received"]) for s, row in found if row["pending"] or row["received"])
