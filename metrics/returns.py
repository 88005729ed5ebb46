"""What the return from a wait does to a promise: written beside it, shown on that day, or by the days waited."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.verdicts import BEFORE, Move


def returns(rows: pl.DataFrame, halts: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Give what the returns from waits moved: the date written beside it, else the one shown on that day, else (WAITED)
    what the law gives, where the promise of the time before was in sight. A wait that the closing ended moves nothing
    here (``returns_at_closing``)."""
    known = rows.select("id", "reckoned", "restart", "closed_on", ours="expected_first_on")
    begun = halts.join(known, on="id", maintain_order="left").with_columns(
        since=pl.col("from_on").min().over("id", "wait"), until=pl.col("to_on").max().over("id", "wait")
    )
    ended = begun.filter("ended", ~_closed_waiting())
    shown = seen.group_by("id", to_on="on").agg(
        shown_on=pl.col("due_on").last(), shown_minute=pl.col("minute").last(), sights=pl.col("turn").max()
    )
    ended = ended.join(shown, on=["id", "to_on"], how="left", maintain_order="left").with_columns(
        shown_on=pl.when("live", pl.col("sights") > 1).then("shown_on")  # the first sight is no move
    )
    waits = pl.struct("id", "wait")
    open_then = (pl.col("to_on") < pl.col("closed_on")).fill_null(True)
    written = ended.filter(~pl.col("reckoned"), pl.col("due_after").is_not_null())
    shown_beside = pl.col("due_after").is_null() & pl.col("shown_on").is_not_null()
    beside = ended.filter(~pl.col("reckoned"), shown_beside, open_then)
    told = pl.concat([written.select(waits.alias("w")), beside.select(waits.alias("w"))])["w"]
    lasting = halts.filter(~pl.col("ended")).select(waits.alias("w"))["w"]
    silent = ended.filter(pl.col("reckoned") | (pl.col("live") & ~waits.is_in(told.implode())))
    waited = _whole_waits(silent.filter(open_then, ~waits.is_in(lasting.implode())))
    due = {"due_on": pl.col("due_after").dt.date(), "minute": pl.col("due_after")}
    return pl.concat(
        [
            written.select("id", on="to_on", **due, kind=_RETURN, halt_on="since"),
            beside.select("id", on="to_on", due_on="shown_on", minute="shown_minute", kind=_RETURN, halt_on="since"),
            waited.select(
                "id", "begun_on", "reckoned_on", "reckoned_before", "restart", on="to_on", due_on=pl.lit(None, pl.Date),
                kind=pl.lit(Move.WAITED.value), halt_on="since",
            ),
        ],
        how="diagonal",
    )  # fmt: skip


_RETURN: Final = pl.lit(Move.RETURN.value)


def _closed_waiting() -> pl.Expr:
    """Tell the waits that the closing ended, unless the source wrote a due date beside the return of that very day."""
    at_the_end = (pl.col("until") == pl.col("closed_on")).fill_null(False)
    written = pl.col("ended") & pl.col("due_after").is_not_null() & (pl.col("to_on") == pl.col("closed_on"))
    return at_the_end & ~((written & ~pl.col("reckoned")).fill_null(False).any().over("id", "wait"))


def _whole_waits(ended: pl.DataFrame) -> pl.DataFrame:
    """Join suspensions that touch or overlap: a wait told in two parts is one wait."""
    whole = ended.group_by("id", "wait", maintain_order=True).agg(
        pl.col("since", "ours", "restart").first(),
        pl.col("begun_on", "reckoned_on").sort_by("to_on").last(),
        pl.col("to_on").max(),
    )
    before = pl.col("reckoned_on").shift().over("id")
    return whole.with_columns(reckoned_before=pl.coalesce(before, "ours"))


def returns_at_closing(
    rows: pl.DataFrame, halts: pl.DataFrame, first: pl.DataFrame, counted: pl.DataFrame, calendar: WorkingCalendar
) -> pl.DataFrame:
    """Closed while suspended: the due day moves by the working days waited so far (id, on, due_on)."""
    closing = rows.filter(pl.col("closed_on").is_not_null()).select("id", "closed_on", "reckoned")
    spells = halts.join(closing, on="id", maintain_order="left").with_columns(
        since=pl.col("from_on").min().over("id", "wait"), until=pl.col("to_on").max().over("id", "wait")
    )
    waited = spells.filter(_closed_waiting()).group_by("id").agg(
        from_on=pl.col("since").min(), on=pl.col("closed_on").first()
    )  # fmt: skip
    force = pl.concat([first.select("id", on=pl.lit(BEFORE), due_on="due_on"), counted.select("id", "on", "due_on")])
    force = waited.join(force, on="id", suffix="_made").filter(pl.col("on_made") <= pl.col("on"))
    force = force.sort("on_made", maintain_order=True).group_by("id").agg(pl.all().last())
    running = force.filter(pl.col("due_on") >= pl.col("from_on"))  # already late when halted: it stays late
    waited_days = running.with_columns(days=calendar.working_days_between(pl.col("from_on"), pl.col("on")))
    moved = waited_days.filter(pl.col("days") > 0)  # no day waited: a due day on a day off stays where it is
    return moved.select("id", "on", due_on=calendar.shift(pl.col("due_on"), pl.col("days")))
