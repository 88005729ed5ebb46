"""Past evenings as landmarks: what was open then with its promise ahead, where it lay, and when it left.

Only what was known on an evening describes a dossier on it: the promise in force that day, the step it had by then, the
working days in process so far. Time in process is working days less those on which the clock stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

import numpy as np
import polars as pl

from metrics.calendar import FIRST, ByUnit, WorkingCalendar
from metrics.dossier import Status
from metrics.steps_known import without_history
from metrics.survival import Bools, Ints

#: Where the working days left are cut: dossiers as near to their day are alike.
NEARNESS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60)
#: Where the working days first promised are cut: what was promised in like time is alike, whatever it is called.
PROMISED: Final = (0, 2, 4, 7, 11, 16, 21, 31, 46, 61, 91)
#: No so many working days take more days than so many times as many, holidays included.
_LONGER: Final = 2
#: Working days that never come: the place of what has not left.
_NEVER: Final = 2**30
#: What is read of facts.
LIVED: Final = (
    "source", "code", "department", "department_own", "field", "procedure", "procedure_name", "status", "received_on",
    "closed_on", "first_due_on", "due_on", "spans", "steps",
)  # fmt: skip


@dataclass(frozen=True)
class Lives:
    """Every dossier with a promise, once, with its days as ranks of working days.

    ``rows``: id, source, code, department, department_own, field, procedure, promised (place in PROMISED), received_on,
    left_on, gone, due_on, spans, steps, came, went (ranks; ``_NEVER``: still open). ``halt_from``/``halt_to``: of each
    dossier with halts, row by ``halt``, ranks of the days on which its clock stood (after, up to).
    """

    rows: pl.DataFrame
    halt_from: Ints
    halt_to: Ints
    calendar: WorkingCalendar

    def of(self, source: str) -> Lives:
        """Give the dossiers of one source."""
        return Lives(self.rows.filter(pl.col("source") == source), self.halt_from, self.halt_to, self.calendar)

    def stood(self, halt: Ints, start: Ints, end: Ints) -> Ints:
        """Count the working days after ``start`` and up to ``end`` on which the clock stood; ``halt`` −1: none."""
        days = np.zeros(len(halt), dtype=np.int64)
        some = np.flatnonzero(halt >= 0)
        if len(some):
            since = np.maximum(self.halt_from[halt[some]], start[some, None])
            until = np.minimum(self.halt_to[halt[some]], end[some, None])
            days[some] = np.clip(until - since, 0, None).sum(axis=1)
        return days


@dataclass(frozen=True)
class Evenings:
    """Dossiers as they were on evenings, oldest evening first.

    ``rows``: evening, id, source, code, department, field, procedure, promised, step (null: not known), due_on, left
    (working days up to the due day), elapsed (in process), near (place in NEARNESS). Beside it, row by row: ``at``
    (rank of the evening), ``went``, ``gone``, ``halt``.
    """

    lives: Lives
    rows: pl.DataFrame
    at: Ints
    went: Ints
    gone: Bools
    halt: Ints

    def before(self, day: date) -> int:
        """Count the rows of evenings before ``day``: they stand first."""
        return int(self.rows["evening"].search_sorted(day, side="left"))

    def followed(self, rows: slice, until: date) -> tuple[Ints, Bools]:
        """Give for rows the working days in process from their evening on, and whether the dossier left by ``until``
        (an evening): what was not seen to leave counts up to it. What vanished from its source is not seen to leave."""
        part = self.rows[rows]
        known = _rank(self.lives.calendar, part, pl.lit(until))
        went, at = self.went[rows], self.at[rows]
        left = (went <= known) & (part["left_on"] <= until).fill_null(False).to_numpy()
        end = np.where(left, went, known)
        days = end - at - self.lives.stood(self.halt[rows], at, end)
        left = left & ~self.gone[rows]
        return np.where(left, np.maximum(days, 1), np.maximum(days, 0)), left

    def missed(self, rows: slice, until: date) -> tuple[Bools, Bools]:
        """Say of rows whether the day promised on their evening was missed, and whether that is known by ``until``.

        The day moves by the working days on which the clock stood since, and by nothing else: what was put off by a
        letter missed the day that was promised. What vanished from its source says nothing.
        """
        found = self.judged(rows, until)
        return found["late"].to_numpy().astype(np.bool_), found["settled"].to_numpy().astype(np.bool_)

    def judged(self, rows: slice, until: date) -> pl.DataFrame:
        """Give of rows what ``missed`` does as late and settled, and ``due``: the day to which the promise had moved,
        on which it is known."""
        part = self.rows[rows]
        known = _rank(self.lives.calendar, part, pl.lit(until))
        end = np.minimum(self.went[rows], known)
        stood = pl.Series("stood", self.lives.stood(self.halt[rows], self.at[rows], end))
        shifted = ByUnit(self.lives.calendar, "department_own").shift(pl.col("due_on"), pl.col("stood"))
        due = pl.when(pl.col("stood") > 0).then(shifted).otherwise("due_on")
        told = part.with_columns(stood, gone=pl.Series(self.gone[rows])).with_columns(due=due)
        closed = (pl.col("left_on") <= until).fill_null(False)
        by_then = pl.col("due_on") <= until
        late = pl.when(closed).then(pl.col("left_on") > pl.col("due")).otherwise(pl.col("due") <= until)
        settled = by_then & pl.when(closed).then(~pl.col("gone")).otherwise(pl.col("due") <= until)
        return told.select("due", late=late, settled=settled)


def newest(facts: pl.LazyFrame) -> dict[str, date | None]:
    """Give of each source the last day on which a dossier with a promise came or was due."""
    promised = pl.col("received_on").is_not_null() & (pl.col("due_on").is_not_null() | pl.col("spans").is_not_null())
    last = pl.max_horizontal("received_on", "due_on").filter(promised).max()
    return dict(facts.group_by("source").agg(last=last).sort("source").collect().iter_rows())


def recent(facts: pl.LazyFrame, last: Mapping[str, date | None], as_of: date, history: int) -> pl.LazyFrame:
    """Leave out the dossiers that left before all of the evenings that ``sampled`` may choose; of each source
    ``newest``. They are on none, and say nothing of the steps that a source tells now."""
    days = timedelta(days=_LONGER * history)
    first = {source: min(day or as_of, as_of) - days for source, day in last.items()}
    left = pl.max_horizontal("closed_on", "received_on")
    before = pl.col("source").replace_strict(first, default=None, return_dtype=pl.Date)
    return facts.filter(pl.col("closed_on").is_null() | (left >= before))


def lives(facts: pl.DataFrame, calendar: WorkingCalendar) -> Lives:
    """Take from facts (metrics.clocks.facts) what is needed of each dossier that was received and has a due day."""
    closed = pl.max_horizontal("closed_on", "received_on")
    rows = (
        facts.select(LIVED)
        .filter(pl.col("received_on").is_not_null(), pl.col("due_on").is_not_null() | pl.col("spans").is_not_null())
        .with_columns(
            procedure=pl.coalesce("procedure", "procedure_name"),
            left_on=pl.when(pl.col("closed_on").is_not_null()).then(closed),
            gone=(pl.col("status") == Status.GONE.value).fill_null(False),
        )
        .drop("status", "procedure_name")
    )
    rows = _without_lone_steps(rows).with_row_index("id")
    before = ByUnit(calendar, "department_own").working_days_between
    # Who finishes on a day off is done by the next working day.
    eve = pl.col("left_on").dt.offset_by("-1d")
    went = before(pl.lit(FIRST), eve) + 1
    long = before(pl.col("received_on"), pl.coalesce("first_due_on", "due_on")).fill_null(0)
    rows = rows.with_columns(
        came=before(pl.lit(FIRST), pl.col("received_on")),
        went=went.fill_null(_NEVER),
        promised=pl.lit(pl.Series(PROMISED)).search_sorted(long, side="right").cast(pl.Int64) - 1,
    ).drop("first_due_on")
    return _with_halts(rows, calendar)


def _without_lone_steps(rows: pl.DataFrame) -> pl.DataFrame:
    """Forget the steps of sources that keep only the last one: on a past evening it was not there yet."""
    lone = without_history(rows)
    return rows.with_columns(steps=pl.when(~pl.col("source").is_in(lone)).then("steps"))


def _with_halts(rows: pl.DataFrame, calendar: WorkingCalendar) -> Lives:
    """Lay the suspended stretches of each dossier side by side as ranks of working days."""
    troubled = rows.filter(pl.col("spans").is_not_null()).select("id", "department_own", "spans")
    spans = troubled.explode("spans", empty_as_null=False, keep_nulls=False).unnest("spans").filter("suspended")
    rank = ByUnit(calendar, "department_own").working_days_between
    stood = spans.with_columns(
        a=rank(pl.lit(FIRST), pl.col("from_on")), b=rank(pl.lit(FIRST), pl.col("to_on"))
    ).with_columns(place=pl.int_range(pl.len()).over("id"))
    held = stood.select("id").unique(maintain_order=True).with_row_index("halt")
    most = 1 + (stood.select(pl.col("place").max()).item() or 0)
    since = np.full((max(held.height, 1), most), _NEVER, dtype=np.int64)
    until = np.full((max(held.height, 1), most), -1, dtype=np.int64)
    placed = stood.join(held, on="id", maintain_order="left")
    at = (placed["halt"].to_numpy(), placed["place"].to_numpy())
    since[at], until[at] = placed["a"].to_numpy(), placed["b"].to_numpy()
    with_halt = rows.join(held, on="id", how="left", maintain_order="left")
    return Lives(with_halt.with_columns(pl.col("halt").cast(pl.Int64).fill_null(-1)), since, until, calendar)


def evenings(lives: Lives, days: Sequence[date], *, farthest: int = 60) -> Evenings:
    """Give the dossiers that were open on the evenings of ``days`` with a running clock and 1 to ``farthest`` working
    days up to their promise."""
    source = lives.rows
    seen = [_on(source, day, lives.calendar, farthest) for day in sorted(days)]
    rows = pl.concat(seen) if seen else _on(source.clear(), FIRST, lives.calendar, farthest)
    at, came, halt = (rows[c].cast(pl.Int64).to_numpy() for c in ("at", "came", "halt"))
    elapsed = np.maximum(at - came - lives.stood(halt, came, at), 0)
    near = np.searchsorted(np.array(NEARNESS), rows["left"].to_numpy(), side="right") - 1
    told = rows.with_columns(elapsed=pl.Series(elapsed), near=pl.Series(near))
    went, gone = rows["went"].cast(pl.Int64).to_numpy(), rows["gone"].to_numpy()
    return Evenings(lives, told.drop("at", "came", "halt", "went", "gone"), at, went, gone, halt)


def _on(rows: pl.DataFrame, day: date, calendar: WorkingCalendar, farthest: int) -> pl.DataFrame:
    """Give what was open on the evening of ``day``, one or more working days before its due day, the clock running."""
    evening = pl.lit(day)
    there = (pl.col("received_on") <= evening) & (pl.col("left_on") > evening).fill_null(True)
    span, step = pl.element().struct, pl.element().struct
    holding = (span.field("from_on") <= evening) & (evening < span.field("to_on"))
    begun = step.field("at").dt.date() <= evening
    between = ByUnit(calendar, "department_own").working_days_between
    in_force = {
        name: pl.col("spans").list.eval(span.field(name).filter(holding)).list.first()
        for name in ("due_on", "suspended")
    }
    calm = pl.col("spans").is_null()
    return (
        rows.lazy()
        .filter(there)
        .with_columns(
            due_on=pl.when(calm).then("due_on").otherwise(in_force["due_on"]),
            suspended=in_force["suspended"].fill_null(False),
        )
        .filter(~pl.col("suspended"), pl.col("due_on") > evening)
        .with_columns(
            evening=evening,
            at=between(pl.lit(FIRST), evening),
            left=between(evening, pl.col("due_on")).cast(pl.Int64),
            step=pl.col("steps").list.eval(step.field("step").filter(begun)).list.last(),
        )
        .filter(pl.col("left").is_between(1, farthest))
        .select(
            "evening", "id", "source", "code", "department", "department_own", "field", "procedure", "promised",
            "step", "due_on", "left", "left_on", "at", "came", "went", "gone", "halt",
        )
        .collect()
    )  # fmt: skip


def _rank(calendar: WorkingCalendar, rows: pl.DataFrame, day: pl.Expr) -> Ints:
    told = rows.select(rank=ByUnit(calendar, "department_own").working_days_between(pl.lit(FIRST), day) + pl.lit(0))
    ranks = told["rank"].cast(pl.Int64).to_numpy()
    return np.broadcast_to(ranks, rows.height) if len(ranks) != rows.height else ranks


def sampled(rows: pl.DataFrame, calendar: WorkingCalendar, as_of: date, *, history: int, most: int) -> list[date]:
    """Choose past evenings to learn from: the last ``history`` working days before ``as_of`` on which ``rows`` (of
    Lives) had a promise ahead, or of these so many at equal distances that about ``most`` dossiers are looked at in
    all."""
    if rows.is_empty():
        return []
    first = rows.select(pl.col("received_on").min()).item()
    last = min(as_of, rows.select(pl.max_horizontal("received_on", "due_on").max()).item())
    days = pl.date_range(min(first, last), last, eager=True).to_list()
    worked = [day for day in days if calendar.is_working(day) and day < as_of][-history:]
    if not worked:
        return []
    end = pl.min_horizontal(pl.col("left_on").fill_null(last), "due_on", pl.lit(last))
    open_days = (end - pl.max_horizontal("received_on", pl.lit(worked[0]))).dt.total_days().clip(0)
    seen = (rows.select(open_days.sum()).item() or 0) * 5 / 7
    stride = max(1, ceil(seen / most))
    return worked[:: -(stride + (stride % 5 == 0))][::-1]  # never one weekday alone
