"""Marks of promises: moved without a form, suspended just before due, extended after due, extended again.

Rows are facts (metrics.clocks.facts): source, code, department, field, procedure, received_on, closed_on, first_due_on,
moves, halts. What a source never tells cannot be missed in it: of such a source nothing is marked.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from config.insight import Integrity
from metrics.calendar import WorkingCalendar
from metrics.integrity import QUIET, WHO, Flag, looked, marks, since
from metrics.verdicts import COUNTING, Move

Found = dict[str, pl.DataFrame]
_COUNTS: Final = pl.col("verdict").is_in([v.value for v in COUNTING])
#: The moves that leave a paper: the source said why the day is another.
_TOLD: Final = (Move.RETURN.value, Move.EXTENSION.value, Move.CORRECTION.value)


def moves_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every move of a promise: WHO, on, due_on, kind, verdict, ``force`` (the promise in force before it) and
    ``shown`` (the day that stood there before it), oldest first."""
    told = rows.select(*WHO, "first_due_on", "moves").with_row_index("i").drop_nulls("moves").explode("moves")
    line = told.unnest("moves").sort("i", "on", maintain_order=True)
    force = pl.when(_COUNTS).then("due_on").forward_fill().shift().over("i")
    return line.with_columns(
        force=pl.coalesce(force, "first_due_on"),
        shown=pl.coalesce(pl.col("due_on").shift().over("i"), "first_due_on"),
    )


def moved(rows: pl.DataFrame, moves: pl.DataFrame, first: date, calendar: WorkingCalendar, by: Integrity) -> Found:
    """Mark a due day that was moved and no form says why.

    ``day``: when; ``from_on``, ``to_on``: the day before and after; ``days``: working days moved, negative when
    earlier; ``n``: how often; ``kind``: metrics.verdicts.Verdict, whether it counts.
    """
    quiet = _untold(moves, by)
    told = moves.filter(~pl.col("source").is_in(quiet.implode()))
    silent = told.filter(pl.col("kind") == Move.UNEXPLAINED, pl.col("due_on") != pl.col("shown"), since("on", first))
    found = silent.with_columns(
        day="on", from_on="shown", to_on="due_on", kind="verdict", n=pl.len().over("i"),
        days=calendar.working_days_between(pl.col("shown"), pl.col("due_on")),
    )  # fmt: skip
    promised = rows.filter(pl.col("first_due_on").is_not_null(), ~pl.col("source").is_in(quiet.implode()))
    seen = promised.filter(pl.col("closed_on").is_null() | since("closed_on", first))
    why = pl.DataFrame({"source": quiet}).select(
        pl.lit(Flag.MOVED.value).alias("flag"), "source", why=pl.lit("no_forms")
    )
    return {"marks": marks(found, Flag.MOVED), "looked": looked(seen, Flag.MOVED), "quiet": why.cast(QUIET)}


def _untold(moves: pl.DataFrame, by: Integrity) -> pl.Series:
    """Name the sources that explain fewer of their moves than told_share: they do not tell forms at all."""
    others = moves.filter(pl.col("kind") != Move.WAITED)
    shares = others.group_by("source").agg(told=pl.col("kind").is_in(_TOLD).mean())
    return shares.filter(pl.col("told") < by.told_share)["source"].sort()


def paused(rows: pl.DataFrame, moves: pl.DataFrame, first: date, calendar: WorkingCalendar, by: Integrity) -> Found:
    """Mark a clock that was stopped so shortly before the due day in force that nothing was left of the promise.

    ``day``: when; ``from_on``: the due day in force; ``to_on``: until when it stood, null while it stands; ``days``:
    working days that were left; ``n``: of how many suspensions of the dossier; ``kind``: metrics.dossier.Suspension.
    Promises shorter than pause_limit are not looked at. Expected by chance: requests spread evenly over the promise.
    """
    told = rows.select(*WHO, "received_on", "first_due_on", "halts").with_row_index("i").drop_nulls("halts")
    line = told.explode("halts").unnest("halts").rename({"from_on": "begun_on", "to_on": "ended_on"})
    line = line.with_columns(n=pl.len().over("i")).filter(since("begun_on", first)).with_row_index("h")
    force = line.select("h", *("source", "code"), "begun_on").join(
        moves.filter(_COUNTS).select("source", "code", "on", moved_to="due_on"), on=["source", "code"]
    )
    last = force.filter(pl.col("on") <= pl.col("begun_on")).sort("h", "on", maintain_order=True)
    line = line.join(last.group_by("h", maintain_order=True).agg(pl.col("moved_to").last()), on="h", how="left")
    due = pl.coalesce("moved_to", "first_due_on")
    line = line.with_columns(
        due=due,
        days=calendar.working_days_between(pl.col("begun_on"), due),
        length=calendar.working_days_between(pl.col("received_on"), due),
    ).filter(pl.col("length") >= by.pause_limit, pl.col("begun_on") <= pl.col("due"))
    found = line.filter(pl.col("days").is_between(0, by.pause_days))
    found = found.with_columns(day="begun_on", from_on="due", to_on="ended_on")
    chance = ((by.pause_days + 1) / (pl.col("length") + 1)).clip(upper_bound=1)
    return {"marks": marks(found, Flag.PAUSED), "looked": looked(line, Flag.PAUSED, chance)}


def extended(moves: pl.DataFrame, first: date, calendar: WorkingCalendar) -> tuple[Found, Found]:
    """Mark letters later than the due day in force, and dossiers with more than one letter that names a new day.

    Late: ``day``: of the letter; ``from_on``: the due day it came after; ``to_on``: the new one; ``days``: working days
    late; ``kind``: whether it counts (Verdict). Again: ``day``: of the last letter; ``from_on``, ``to_on``: the promise
    before the first and after the last; ``n``: letters; ``days``: working days moved together.
    """
    letters = moves.filter(pl.col("kind") == Move.EXTENSION).unique(["i", "on", "due_on"], maintain_order=True)
    lately = letters.filter(since("on", first))
    late = lately.filter(pl.col("on") > pl.col("force")).with_columns(
        day="on", from_on="force", to_on="due_on", kind="verdict", n=pl.lit(None, pl.Int32),
        days=calendar.working_days_between(pl.col("force"), pl.col("on")),
    )  # fmt: skip
    again = letters.sort("i", "on", maintain_order=True).group_by("i", *WHO, maintain_order=True).agg(
        day=pl.col("on").last(), from_on=pl.col("force").first(), to_on=pl.col("due_on").last(),
        n=pl.col("due_on").n_unique(),
    ).filter(pl.col("n") > 1, since("day", first))  # fmt: skip
    again = again.with_columns(days=calendar.working_days_between(pl.col("from_on"), pl.col("to_on")))
    return (
        {"marks": marks(late, Flag.LATE_LETTER), "looked": looked(lately, Flag.LATE_LETTER)},
        {"marks": marks(again, Flag.AGAIN), "looked": looked(lately, Flag.AGAIN)},
    )
