"""Which promise was in force when: the first one, and every later move with whether it counts."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar

EVER: Final = date(2999, 12, 31)  # a span that has not ended
BEFORE: Final = date(1900, 1, 1)  # the first promise counts from the beginning


def first_promise(rows: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, due_on: the first promise ever made, from the source's own notes where they reach further back."""
    noted = (
        halts.filter(pl.col("due_before").is_not_null())
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").first())
    )
    lettered = (
        rows.select("id", "letters")
        .explode("letters", empty_as_null=False, keep_nulls=False)
        .unnest("letters")
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").drop_nulls().first().alias("due_lettered"))
    )
    told = rows.select(
        "id", told=pl.coalesce(pl.col("promises").list.first().struct.field("due_on"), "observed_due_on")
    )
    both = told.join(noted, on="id", how="left").join(lettered, on="id", how="left")
    return both.select("id", due_on=pl.coalesce(pl.min_horizontal("due_before", "due_lettered"), "told"))


def moves(rows: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give every later promise: id, on (the day it was made), due_on, kind (return, extension, unexplained)."""
    returns = halts.filter(pl.col("due_after").is_not_null(), pl.col("to_on") < EVER).select(
        "id", on="to_on", due_on="due_after", kind=pl.lit("return")
    )
    letters = (
        rows.select("id", "letters")
        .explode("letters", empty_as_null=False, keep_nulls=False)
        .unnest("letters")
        .filter(pl.col("due_after").is_not_null())
        .select("id", on="at", due_on="due_after", kind=pl.lit("extension"))
    )
    told = pl.concat([returns, letters])
    silent = _unexplained(_seen_promises(rows, returns), told, first).with_columns(kind=pl.lit("unexplained"))
    return pl.concat([told, silent.select("id", "on", "due_on", "kind")]).sort("id", "on", maintain_order=True)


def _unexplained(seen: pl.DataFrame, told: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Keep the promises seen that nothing explains: every note explains one sight of its due day, and the first
    promise the sight that opened. A promise put off and put back was moved twice."""
    notes = told.group_by("id", "due_on").agg(notes=pl.len())
    opened = first.select("id", opening="due_on")
    found = seen.join(notes, on=["id", "due_on"], how="left", maintain_order="left")
    found = found.join(opened, on="id", how="left", maintain_order="left").with_columns(
        sight=pl.col("due_on").cum_count().over("id", "due_on"),
        from_first=pl.col("due_on").first().over("id") == pl.col("opening"),
    )
    is_opening = ((pl.col("due_on") == pl.col("opening")) & pl.col("from_first")).fill_null(False)
    explained = pl.col("notes").fill_null(0) + is_opening.cast(pl.UInt32)
    return found.filter(pl.col("sight") > explained).select("id", "on", "due_on")


def _seen_promises(rows: pl.DataFrame, returns: pl.DataFrame) -> pl.DataFrame:
    """Give every promise as it was seen: id, on, due_on.

    When the one seen first was made, nobody can say: it is dated at the last return before, else at the receipt.
    """
    last = returns.group_by("id").agg(pl.col("on").max().alias("returned_on"))
    at_first = rows.select("id", "received_on", due_on="observed_due_on").join(last, on="id", how="left")
    listed = (
        rows.select("id", "received_on", "promises")
        .explode("promises", empty_as_null=False, keep_nulls=False)
        .unnest("promises")
        .with_columns(turn=pl.col("id").cum_count().over("id"))
        .join(last, on="id", how="left", maintain_order="left")
    )
    opening = pl.coalesce("returned_on", "received_on")
    later = listed.with_columns(on=pl.when(pl.col("turn") == 1).then(opening).otherwise("on"))
    only = at_first.join(listed, on="id", how="anti").with_columns(on=opening)
    return pl.concat([only.select("id", "on", "due_on"), later.select("id", "on", "due_on")]).drop_nulls()


def judged(moves: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Add ``counts``: whether each move replaced the promise in force. Judged move by move, all dossiers at once."""
    turn = moves.with_columns(
        turn=pl.col("id").cum_count().over("id"),
        letter=(pl.col("kind") == "extension").cast(pl.Int32).cum_sum().over("id"),
    )
    turn = turn.join(_halted_since(turn, halts), on=["id", "turn"], how="left", maintain_order="left")
    force = first.select("id", force="due_on")
    judged: list[pl.DataFrame] = []
    for k in turn["turn"].unique().sort():
        now = turn.filter(pl.col("turn") == k).join(force, on="id", how="left", maintain_order="left")
        now = now.with_columns(counts=_counts(calendar))
        judged.append(now.select("id", "on", "due_on", "kind", "counts"))
        taken = now.filter("counts").select("id", "due_on")
        force = force.join(taken, on="id", how="left").select("id", force=pl.coalesce("due_on", "force"))
    empty = moves.select("id", "on", "due_on", "kind", counts=pl.lit(True)).clear()
    return pl.concat([empty, *judged]).sort("id", "on", maintain_order=True)


def _counts(calendar: WorkingCalendar) -> pl.Expr:
    """Say whether a move counts. Columns: kind, on, letter (how many so far), halted_since, force, closed_on."""
    in_time = pl.coalesce("halted_since", "on") <= pl.col("force")
    open_then = (pl.col("on") <= pl.col("closed_on")).fill_null(True)
    notice = calendar.working_days_between(pl.col("on"), pl.col("force")) >= 1  # NĐ 61/2018: a working day before
    return (
        pl.when(pl.col("force").is_null() | (pl.col("kind") == "return"))
        .then(True)
        .when(pl.col("kind") == "extension")
        .then(notice & open_then & (pl.col("letter") == 1))
        .otherwise(in_time & open_then)
    )


def _halted_since(turn: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, turn, halted_since for moves made while the clock stood: then the day of the halt is what matters."""
    inside = turn.select("id", "turn", "on").join(halts.select("id", "from_on", "to_on"), on="id")
    inside = inside.filter(pl.col("from_on") <= pl.col("on"), pl.col("on") < pl.col("to_on"))
    return inside.group_by("id", "turn").agg(halted_since=pl.col("from_on").min())


def returns_at_closing(
    rows: pl.DataFrame, halts: pl.DataFrame, first: pl.DataFrame, counted: pl.DataFrame, calendar: WorkingCalendar
) -> pl.DataFrame:
    """Closed while suspended: the due day moves by the working days waited so far (id, on, due_on)."""
    closing = rows.filter(pl.col("closed_on").is_not_null()).select("id", "closed_on")
    waited = halts.join(closing, on="id").filter(pl.col("to_on") == pl.col("closed_on"), pl.col("due_after").is_null())
    waited = waited.group_by("id").agg(pl.col("from_on").min(), on=pl.col("closed_on").first())
    force = pl.concat([first.select("id", on=pl.lit(BEFORE), due_on="due_on"), counted.select("id", "on", "due_on")])
    force = waited.join(force, on="id", suffix="_made").filter(pl.col("on_made") <= pl.col("on"))
    force = force.sort("on_made", maintain_order=True).group_by("id").agg(pl.all().last())
    running = force.filter(pl.col("due_on") >= pl.col("from_on"))  # already late when halted: it stays late
    waited_days = running.with_columns(days=calendar.working_days_between(pl.col("from_on"), pl.col("on")))
    moved = waited_days.filter(pl.col("days") > 0)  # no day waited: a due day on a day off stays where it is
    return moved.select("id", "on", due_on=calendar.shift(pl.col("due_on"), pl.col("days")))
