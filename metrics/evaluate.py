"""Ask the cube: counts of any period, for any scope and filters, by any dimensions and stretch of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.cube import DIMENSIONS
from metrics.definitions import AGES
from metrics.events import CLOSINGS, COHORTS, FLOWS, STOCKS, Event
from metrics.portable import POLARS, Frame, Words, collected, opened, with_table
from metrics.scope import Filters, Period, Scope
from metrics.summing import Sums

_DAY: Final = pl.col("day")
#: First day of the stretch of time that a day lies in.
STRETCHES: Final[Mapping[str, pl.Expr]] = {
    "day": _DAY,
    "week": _DAY.dt.truncate("1w"),  # Monday
    "friday_week": (_DAY.dt.offset_by("3d").dt.truncate("1w")).dt.offset_by("-3d"),  # Friday to Thursday
    "month": _DAY.dt.truncate("1mo"),
    "quarter": _DAY.dt.truncate("1q"),
    "year": _DAY.dt.truncate("1y"),
    "state_month": (_DAY.dt.offset_by("-14d").dt.truncate("1mo")).dt.offset_by("14d"),  # 15th to 14th (TT 01/2020)
}
BY: Final = (*DIMENSIONS, *STRETCHES)
#: What came in and what went out: their difference is pending.
_INTO: Final = (Event.RECEIVED, Event.TRANSFERRED_IN)
_OUT: Final = (*CLOSINGS, Event.TRANSFERRED_OUT)
_STOOD: Final = [e.value for e in (*STOCKS, *_INTO, *_OUT)]
CHANNELS: Final = ("online", "counter", "post", "unknown")
#: On which map of units figures are told (metrics.maps).
Map = Literal["today", "then"]


def figures(
    cube: Frame,
    *,
    period: Period,
    as_of: date,
    scope: Scope,
    by: Sequence[str] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    on_map: Map = "today",
) -> pl.DataFrame:
    """Count one period: flows inside it, stocks at the end of its last day or of ``as_of``, whichever is earlier.

    ``by``: names of BY; a stretch of time is given by its first day (Date) and clipped to the period. Columns: ``by``,
    metrics.definitions.COUNTS and AGES, every flow and stock of metrics.events (cohorts up to the day before
    ``as_of``), received by channel and, for form II.06, the counts of dossiers with a due date (``form_*``).
    ``on_map``: units as they are today (a unit's past is its successor's), or as they then were; then carried_over +
    received + transferred_in = resolved + pending + transferred_out. Without ``by`` there is always one row; groups in
    which nothing happened and nothing stood are left out. Raises ValueError for an unknown name in ``by``.
    """
    known(by)
    words, rows = opened(cube)
    asked = rows.filter(*about(words, scope, filters, on_map))
    plain = [b for b in by if b not in STRETCHES]
    days = stretches(period, min(period.end, as_of), by)
    cells = _cells(words, asked, period, as_of, plain, days)
    return _finished(_totals(cells, plain, days.drop("on").unique()), by)


def mine(rows: pl.DataFrame, by: Sequence[str], scope: Scope, filters: Filters, on_map: Map) -> pl.DataFrame:
    """Keep what a question is about of a frame with the cube's dimensions. Raises ValueError for an unknown ``by``."""
    known(by)
    return rows.filter(*about(POLARS, scope, filters, on_map))


def about(words: Words, scope: Scope, filters: Filters, on_map: Map) -> list[pl.Expr]:
    """Give what a row of the cube or of durations must be to be asked about."""
    here = words.col("map").is_null() | (words.col("map") == on_map)
    return [here, scope.expr(words), filters.expr(words)]


def since(cube: pl.DataFrame | pl.LazyFrame, first: date) -> pl.DataFrame:
    """Add up what stood before ``first`` into the day before it: every period that begins on ``first`` or later is
    counted the same (metrics.evaluate.figures), from the rows of the days since. Of flows before it those stay that
    make the pending stock, and with them every group in which a dossier was ever received."""
    rows = told_since(cube.lazy(), first)
    stood = rows.filter(first > _DAY).group_by(pl.exclude("n")).agg(pl.col("n").sum()).filter(pl.col("n") != 0)
    return pl.concat([stood.select(rows.collect_schema().names()), rows.filter(first <= _DAY)]).collect()


def told_since(cube: pl.LazyFrame, first: date) -> pl.LazyFrame:
    """Give the rows that ``since`` keeps, not added up yet: what stood before ``first`` on the day before it."""
    before = first > _DAY
    day = pl.when(before).then(pl.lit(first - timedelta(days=1))).otherwise(_DAY)
    kept = cube.filter(~before | pl.col("event").is_in(_STOOD))
    return kept.with_columns(pl.col("n").cast(pl.Int64), day=day)


def known(by: Sequence[str]) -> None:
    """Raise ValueError for a name that nothing can be told by, and for two stretches of time at once."""
    for name in by:
        if name not in BY:
            raise ValueError(f'cannot group by "{name}"; known: {", ".join(BY)}')
    if sum(b in STRETCHES for b in by) > 1:
        raise ValueError("group by one stretch of time at a time")


def _cells(
    words: Words, rows: pl.LazyFrame, period: Period, as_of: date, plain: list[str], days: pl.DataFrame
) -> pl.DataFrame:
    """Sum events per group and stretch (``days``); what stood when the period began is in no stretch (null)."""
    day, end = words.col("day"), min(period.end, as_of)
    last_cohort = min(end, as_of - timedelta(days=1))
    here = day.is_between(period.start, end) & (~_is(words, *COHORTS) | (day <= last_cohort))
    # By which channel it came is asked of what was received alone.
    by = words.when(_is(words, Event.RECEIVED)).then(words.col("channel"))
    kept = rows.filter(day <= end).with_columns(here=here, by=by)
    # First one plain sum over the many rows, then stretches and conditions over the few that are left.
    parts = [*plain, *(["day"] if days.width > 1 else []), "event", "has_due", "here", "by"]
    many = with_stretch(kept.group_by(parts).agg(words.col("n").cast(words.Int64).sum()), days)
    few = many.with_columns(words.col("by").cast(words.String).fill_null("unknown"))
    keys = [*plain, *days.columns[1:]]
    if words is POLARS:
        return _of_polars().over(few.with_columns(pl.col(plain).cast(pl.String)).collect(), keys)
    sums = _sums(words)
    cells = collected(few.group_by(keys).agg(*sums) if keys else few.select(*sums))
    return cells.with_columns(pl.col(plain).cast(pl.String), pl.exclude(keys).fill_null(0))


@cache
def _of_polars() -> Sums:
    return Sums.of(_sums(POLARS), CHANNELS)


def _is(words: Words, *events: Event) -> pl.Expr:
    told: pl.Expr = words.col("event").is_in([e.value for e in events])
    return told


@cache
def _sums(words: Words) -> tuple[pl.Expr, ...]:
    """Give every count as a sum over conditions: the events, and what needs more than the event: what stood before,
    what came and left in all, by channel, with a due date."""
    n, here, due, event = (words.col(c) for c in ("n", "here", "has_due", "event"))

    def total(where: pl.Expr) -> pl.Expr:
        told: pl.Expr = words.when(where).then(n).otherwise(words.lit(0)).sum()
        return told

    came = _is(words, Event.RECEIVED)
    without = _is(words, Event.WITHDRAWN, Event.REFUSED, Event.STOPPED, Event.GONE)
    into, out = _is(words, Event.RECEIVED, Event.TRANSFERRED_IN), _is(words, *CLOSINGS, Event.TRANSFERRED_OUT)
    handed_in, handed_out = _is(words, Event.TRANSFERRED_IN), _is(words, Event.TRANSFERRED_OUT)
    halted, halted_late = _is(words, Event.SUSPENDED), _is(words, Event.SUSPENDED_LATE)
    by = words.col("by")
    named = {
        **{e.value: total((event == e.value) & here if e in FLOWS else event == e.value) for e in Event},
        "entered": total(into) - total(out),
        "entered_here": total(into & here) - total(out & here),
        "entered_due": total(into & due) - total(out & due),
        "entered_due_here": total(into & due & here) - total(out & due & here),
        "form_handed": total(handed_in & due & here) - total(handed_out & due & here),
        **{f"received_{c}": total(came & here & (by == c)) for c in CHANNELS},
        "form_online": total(came & here & due & (by == "online")),
        "form_other": total(came & here & due & (by != "online")),
        "form_without_result": total(without & here & due),
        "form_suspended": total(halted & due) - total(halted_late & due),
        "form_channel_unknown": total(came & here & due & (by == "unknown")),
    }
    return tuple(expr.alias(name) for name, expr in named.items())


#: Sums that stand from stretch to stretch; all others are of one.
_STANDING: Final = (*(e.value for e in STOCKS), "entered", "entered_due", "form_suspended")


def stretches(period: Period, end: date, by: Sequence[str]) -> pl.DataFrame:
    """Give ``on``, every day of the period up to ``end``, and for each stretch of time in ``by`` its first day, clipped
    to the period."""
    return _stretches(period, end, tuple(name for name in by if name in STRETCHES))


@lru_cache(maxsize=256)  # the same few weeks and years, asked of every choice
def _stretches(period: Period, end: date, by: tuple[str, ...]) -> pl.DataFrame:
    told = pl.date_range(period.start, end, eager=True) if end >= period.start else pl.Series(dtype=pl.Date)
    first = {b: pl.max_horizontal(STRETCHES[b], pl.lit(period.start)) for b in by}
    return pl.DataFrame({"day": told}).select(on="day", **first)


def with_stretch(rows: pl.LazyFrame, days: pl.DataFrame) -> pl.LazyFrame:
    """Put what ``days`` (stretches) says of their day in place of the day; null on a day outside of it."""
    return with_table(rows.rename({"day": "on"}), days, "on") if days.width > 1 else rows


@dataclass(frozen=True, slots=True)
class _Lines:
    """Groups (and stretches) in lines, and what was counted in each, a column a name."""

    of: pl.DataFrame
    told: dict[str, NDArray[np.int64]]


def _totals(cells: pl.DataFrame, plain: list[str], stretches: pl.DataFrame) -> _Lines:
    """Turn sums per stretch into flows of it and stocks at its end, group by group: in a stretch without an event, what
    stood before stands on."""
    names = [name for name in cells.columns if name not in plain and name not in stretches.columns]
    if not stretches.width:
        return _Lines(cells.select(plain), {name: cells[name].to_numpy() for name in names})
    (name,) = stretches.columns
    groups = (cells.select(plain).unique() if plain else pl.DataFrame({"_": [0]})).with_row_index("group")
    within = stretches.sort(name).with_row_index("at", 1)  # 0: before the period
    # One cell or none of each group in each stretch: where it lies among all of them.
    at = cells.select(*plain, name).with_columns(_=pl.lit(0, pl.Int64))
    at = at.join(groups, on=plain or ["_"], how="left", nulls_equal=True, maintain_order="left")
    at = at.join(within, on=name, how="left", maintain_order="left").with_columns(pl.col("at").fill_null(0))
    lies = at["group"].to_numpy().astype(np.int64) * (within.height + 1) + at["at"].to_numpy()
    told = {}
    for each in names:
        line = np.zeros(groups.height * (within.height + 1), np.int64)
        line[lies] = cells[each].to_numpy()
        grid = line.reshape(groups.height, within.height + 1)
        told[each] = (grid.cumsum(axis=1) if each in _STANDING else grid)[:, 1:].ravel()
    return _Lines(groups.join(within, how="cross").select(*plain, name), told)


def _finished(lines: _Lines, by: Sequence[str]) -> pl.DataFrame:
    """Derive the counts that are sums of others, leave out empty groups, and sort the others."""
    told = dict(lines.told)
    entered, here, due, due_here = (
        told.pop(name) for name in ("entered", "entered_here", "entered_due", "entered_due_here")
    )
    del told["suspended_overdue"]
    overdue = np.sum([told[age] for age in AGES], axis=0)
    told |= {
        "resolved": np.sum([told[e.value] for e in CLOSINGS], axis=0),
        "pending": entered,
        "carried_over": entered - here,
        "received_other": told["received"] - told["received_online"],
        "pending_overdue": overdue,
        "pending_undetermined": entered - due,
        "pending_in_term": due - overdue,
        "form_carried": due - due_here,
        "form_pending": due,
    }
    if not by:
        return _columns(told)
    some = np.any([column != 0 for column in told.values()], axis=0)
    named = lines.of.with_row_index("#").filter(pl.Series(some)).sort(by, nulls_last=True)
    order = named["#"].to_numpy()
    return named.select(by).hstack(_columns({name: column[order] for name, column in told.items()}))


def _columns(told: dict[str, NDArray[np.int64]]) -> pl.DataFrame:
    """Give columns as a frame: all at once, for there are more than a hundred."""
    return pl.Series(np.column_stack(list(told.values()))).arr.to_struct(fields=list(told)).struct.unnest()
