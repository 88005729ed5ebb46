"""What comes in, what goes out, what stands: the events of one part, but those of cohorts and letters."""

from __future__ import annotations

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.events import AGES, Event, counted
from metrics.standing import closed_standing
from metrics.stretches import held_days, overdue_days, stock
from metrics.verdicts import EVER


def flows(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count what comes in and goes out, each closing by its standing (the events have the standings' names)."""
    taken = rows.filter(pl.col("received_on").is_not_null())
    closed = taken.filter(pl.col("left_on").is_not_null())
    return [
        counted(rows, "submitted_on", Event.SUBMITTED),
        counted(rows, "rejected_on", Event.NOT_ACCEPTED),
        counted(taken, "received_on", Event.RECEIVED),
        counted(closed, "left_on", closed_standing()),
        counted(closed.filter("without_result"), "left_on", pl.col("status").cast(pl.String)),
    ]


def acceptance(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count the acceptance clock: the stock submitted and neither accepted nor turned down nor withdrawn, those of it
    past their limit, and on the day of the limit whether it was kept (Nghị định 118/2025 art. 17, 18)."""
    told = pl.coalesce("received_on", "rejected_on", "closed_on")
    asked = rows.filter(pl.col("submitted_on").is_not_null()).with_columns(
        answered_on=pl.when(told.is_not_null()).then(pl.max_horizontal(told, "submitted_on"))
    )
    clocked = asked.filter(pl.col("acceptance_due_on").is_not_null())
    end = pl.col("answered_on").fill_null(EVER)
    return [
        counted(asked, "submitted_on", Event.AWAITING),
        counted(asked, "answered_on", Event.AWAITING, -1),
        counted(clocked, "acceptance_due_on", Event.ACCEPTANCE_DUE),
        counted(clocked.filter("accepted_late"), "acceptance_due_on", Event.ACCEPTANCE_LATE),
        stock(clocked, Event.ACCEPTANCE_OVERDUE, pl.col("acceptance_due_on").dt.offset_by("1d"), end),
    ]


def supplements(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count supplements on the day of the request: all, the first of a dossier, with and without written notice."""
    taken = rows.filter(pl.col("received_on").is_not_null(), pl.col("halts").is_not_null())
    line = taken.select("id", "halts").explode("halts", empty_as_null=False, keep_nulls=False).unnest("halts")
    asked = line.filter(pl.col("kind") == "supplement")
    first = pl.col("id").cum_count().over("id") == 1
    return [
        counted(asked, "from_on", Event.SUPPLEMENTS),
        counted(asked.filter(first), "from_on", Event.SUPPLEMENTED),
        counted(asked.filter("notice"), "from_on", Event.SUPPLEMENTS_NOTICED),
        counted(asked.filter(~pl.col("notice")), "from_on", Event.SUPPLEMENTS_UNNOTICED),
    ]


def limits(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count limits in working days by receipt, what was used of them by result, and promises beside our reckoning."""
    taken = rows.filter(pl.col("received_on").is_not_null())
    both = taken.filter(pl.col("statutory_days").is_not_null(), pl.col("committed_days").is_not_null())
    done = rows.filter(pl.col("taken_days").is_not_null(), pl.col("statutory_days").is_not_null())
    promise, ours = pl.col("promised_first_on"), pl.col("expected_first_on")
    return [
        counted(both, "received_on", Event.STATUTORY_DAYS, pl.col("statutory_days")),
        counted(both, "received_on", Event.COMMITTED_DAYS, pl.col("committed_days")),
        counted(done, "left_on", Event.USED_DAYS, pl.col("taken_days")),
        counted(done, "left_on", Event.USABLE_DAYS, pl.col("statutory_days")),
        counted(taken.filter(promise > ours), "received_on", Event.PROMISED_LATER),
        counted(taken.filter(promise < ours), "received_on", Event.PROMISED_EARLIER),
        counted(taken.filter(promise == ours), "received_on", Event.PROMISED_ALIKE),
    ]


def halted(spans: pl.DataFrame) -> pl.DataFrame:
    """Count the suspended stock, and those of it that were overdue when the clock stopped."""
    start, end = held_days()
    halted = spans.filter("suspended")
    late = stock(halted.filter("late"), Event.SUSPENDED_LATE, start, end)
    return pl.concat([stock(halted, Event.SUSPENDED, start, end), late])


def overdue(spans: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Count the overdue stock by age."""
    late = overdue_days(spans)
    entered = [pl.col("start"), *(calendar.shift(pl.col("due_on"), days) for _, days in AGES[1:]), pl.lit(EVER)]
    return pl.concat(
        stock(late, event, pl.max_horizontal("start", entered[i]), pl.min_horizontal("end", entered[i + 1]))
        for i, (event, _) in enumerate(AGES)
    )
