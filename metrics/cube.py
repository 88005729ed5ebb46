"""Daily counts: every event counted +1 or −1 on the day it takes effect, so that any stock is a running sum.

A pending dossier becomes overdue without any row changing: the passing of its due day is an event dated the day
after, in the future if need be. One cube part is a function of one facts part and the calendar, nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.promises import BEFORE, EVER


class Event(StrEnum):
    """What is counted. Flows are summed over a period; stocks (entered +1, left −1) up to a day."""

    SUBMITTED = "submitted"
    NOT_ACCEPTED = "not_accepted"
    RECEIVED = "received"
    EARLY = "resolved_early"
    ON_TIME = "resolved_on_time"
    LATE = "resolved_overdue"
    UNDETERMINED = "resolved_undetermined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    STOPPED = "stopped"
    DUE = "due"
    DUE_MET = "due_met"
    DUE_FIRST = "due_first"
    DUE_FIRST_MET = "due_first_met"
    EXTENDED_OUT = "extended_out"
    SUSPENDED_OUT = "suspended_out"
    AWAITING = "awaiting_acceptance"
    SUSPENDED = "pending_suspended"
    SUSPENDED_LATE = "suspended_overdue"
    OVERDUE_1_3 = "overdue_1_3"
    OVERDUE_4_10 = "overdue_4_10"
    OVERDUE_11_30 = "overdue_11_30"
    OVERDUE_OVER_30 = "overdue_over_30"


STOCKS: Final = frozenset(
    {
        Event.AWAITING, Event.SUSPENDED, Event.SUSPENDED_LATE,
        Event.OVERDUE_1_3, Event.OVERDUE_4_10, Event.OVERDUE_11_30, Event.OVERDUE_OVER_30,
    }
)  # fmt: skip
FLOWS: Final = tuple(e for e in Event if e not in STOCKS)
#: Working days overdue at which a dossier enters each age band; a rest day right after the due day counts in the first.
AGES: Final = ((Event.OVERDUE_1_3, 0), (Event.OVERDUE_4_10, 4), (Event.OVERDUE_11_30, 11), (Event.OVERDUE_OVER_30, 31))
DIMENSIONS: Final = ("source", "department", "field", "procedure", "level", "channel")
#: Columns of a cube part. ``has_due`` False: no usable due date was ever seen (undetermined, never "on time").
COLUMNS: Final = ("day", *DIMENSIONS, "has_due", "event", "n")
EVENT: Final = pl.Enum([e.value for e in Event])


def cube(facts: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Count the events of one facts part (metrics.clocks.facts): columns COLUMNS, ``n`` not zero."""
    rows = facts.with_row_index("id").with_columns(
        has_due=pl.col("due_on").is_not_null(),
        # A finish before the receipt is in no stock: it leaves on the day it comes.
        left_on=pl.max_horizontal("closed_on", "received_on"),
    )
    rows = rows.with_columns(left_on=pl.when(pl.col("closed_on").is_not_null()).then("left_on"))
    spans = spans_of(rows)
    events = pl.concat(
        [_flows(rows), _awaiting(rows), *_cohorts(rows, spans), _halted(spans), _overdue(spans, calendar)]
    )
    return (
        events.join(_numbered(rows), on="id", how="left")
        .group_by("day", *DIMENSIONS, "has_due", "event")
        .agg(pl.col("n").sum())
        .filter(pl.col("n") != 0)
        .sort(COLUMNS[:-1])
        .select("day", *(pl.col(d).cast(pl.String) for d in DIMENSIONS), "has_due", "event", pl.col("n").cast(pl.Int32))
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Give id, has_due and the dimensions as small integers that sort like their words: text is slow to group."""
    words = {d: rows[d].cast(pl.String).unique().drop_nulls().sort() for d in DIMENSIONS}
    return rows.select("id", "has_due", *(pl.col(d).cast(pl.String).cast(pl.Enum(w)) for d, w in words.items()))


def spans_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Give one row per dossier and promise in force: id, received_on, closed_on, left_on, with_result,
    without_result, and from_on, to_on, due_on, suspended, late (metrics.clocks.SPANS)."""
    shared = ["id", "received_on", "closed_on", "left_on", "with_result", "without_result"]
    calm = rows.filter(pl.col("spans").is_null(), pl.col("received_on").is_not_null()).select(
        *shared,
        from_on=pl.lit(BEFORE),
        to_on=pl.lit(EVER),
        due_on="due_on",
        suspended=pl.lit(False),
        late=pl.lit(False),
    )
    troubled = rows.filter(pl.col("spans").is_not_null(), pl.col("received_on").is_not_null())
    told = troubled.select(*shared, "spans").explode("spans", empty_as_null=False, keep_nulls=False).unnest("spans")
    return pl.concat([calm, told.select(calm.columns)])


def _counted(rows: pl.DataFrame, day: str | pl.Expr, event: Event | pl.Expr, n: int = 1) -> pl.DataFrame:
    name = pl.lit(event.value) if isinstance(event, Event) else event
    return rows.select("id", day=day, event=name.cast(EVENT), n=pl.lit(n, pl.Int8)).drop_nulls()


def _flows(rows: pl.DataFrame) -> pl.DataFrame:
    """Count what comes in and goes out. Closing is judged by calendar day against the promise in force then."""
    taken = rows.filter(pl.col("received_on").is_not_null())
    standing = (
        pl.when(pl.col("due_on").is_null())
        .then(pl.lit(Event.UNDETERMINED.value))
        .when(pl.col("closed_on") < pl.col("due_on"))
        .then(pl.lit(Event.EARLY.value))
        .when(pl.col("closed_on") == pl.col("due_on"))
        .then(pl.lit(Event.ON_TIME.value))
        .otherwise(pl.lit(Event.LATE.value))
    )
    closed = taken.filter(pl.col("left_on").is_not_null())
    return pl.concat(
        [
            _counted(rows, "submitted_on", Event.SUBMITTED),
            _counted(rows, "rejected_on", Event.NOT_ACCEPTED),
            _counted(taken, "received_on", Event.RECEIVED),
            _counted(closed, "left_on", standing),
            _counted(closed.filter("without_result"), "left_on", pl.col("status").cast(pl.String)),
        ]
    )


def _awaiting(rows: pl.DataFrame) -> pl.DataFrame:
    """Count the stock of the acceptance clock: submitted, neither accepted nor turned down nor withdrawn."""
    asked = rows.filter(pl.col("submitted_on").is_not_null()).with_columns(
        answered_on=pl.coalesce("received_on", "rejected_on", "closed_on")
    )
    asked = asked.with_columns(answered_on=pl.max_horizontal("answered_on", "submitted_on")).with_columns(
        answered_on=pl.when(pl.coalesce("received_on", "rejected_on", "closed_on").is_not_null()).then("answered_on")
    )
    return pl.concat(
        [_counted(asked, "submitted_on", Event.AWAITING), _counted(asked, "answered_on", Event.AWAITING, -1)]
    )


def _cohorts(rows: pl.DataFrame, spans: pl.DataFrame) -> list[pl.DataFrame]:
    """Count the due cohorts: a dossier belongs to the first day that was its own due day, when it then was
    neither suspended nor closed without a result; met when a result was there by then."""
    on_its_day = spans.filter(pl.col("from_on") <= pl.col("due_on"), pl.col("due_on") < pl.col("to_on"))
    gone = (pl.col("without_result") & (pl.col("closed_on") <= pl.col("due_on"))).fill_null(False)
    met = (pl.col("with_result") & (pl.col("closed_on") <= pl.col("due_on"))).fill_null(False)
    running = on_its_day.filter(~pl.col("suspended"), ~gone)
    once = running.filter(_undisturbed())
    judged = pl.concat([once, running.filter(~_undisturbed()).sort("due_on").unique("id", keep="first")])
    halted = on_its_day.filter(pl.col("suspended"), ~gone)
    first = rows.filter(pl.col("received_on").is_not_null()).select(
        "id", "closed_on", "with_result", "without_result", due_on="first_due_on"
    )
    stood = spans.filter("suspended").join(first.select("id", first="due_on"), on="id")
    stood = stood.filter(pl.col("from_on") <= pl.col("first"), pl.col("first") < pl.col("to_on"))
    first = first.join(stood, on="id", how="anti").filter(~gone)
    return [
        _counted(judged, "due_on", Event.DUE),
        _counted(judged.filter(met), "due_on", Event.DUE_MET),
        _counted(first, "due_on", Event.DUE_FIRST),
        _counted(first.filter(met), "due_on", Event.DUE_FIRST_MET),
        _counted(halted, "due_on", Event.SUSPENDED_OUT),
        _counted(_extended(spans), "was_due_on", Event.EXTENDED_OUT),
    ]


def _undisturbed() -> pl.Expr:
    """Tell the spans of dossiers with one promise and no halt."""
    return (pl.col("from_on") == BEFORE) & (pl.col("to_on") == EVER)


def _extended(spans: pl.DataFrame) -> pl.DataFrame:
    """Give dossiers whose clock ran on and whose promise was put off on or before its day: id, was_due_on."""
    line = (
        spans.filter(~_undisturbed())
        .sort("id", "from_on")
        .with_columns(
            was_due_on=pl.col("due_on").shift(1).over("id"),
            was_suspended=pl.col("suspended").shift(1).over("id"),
        )
    )
    put_off = ~pl.col("was_suspended") & ~pl.col("suspended") & (pl.col("due_on") > pl.col("was_due_on"))
    return line.filter(put_off, pl.col("from_on") <= pl.col("was_due_on")).unique(["id", "was_due_on"])


def _stock(spans: pl.DataFrame, event: Event, start: pl.Expr, end: pl.Expr) -> pl.DataFrame:
    """Count +1 at ``start`` and −1 at ``end`` of every interval that is not empty; EVER never ends."""
    held = spans.select("id", start=start, end=end).filter(pl.col("start") < pl.col("end"))
    left = held.filter(pl.col("end") < EVER)
    return pl.concat([_counted(held, "start", event), _counted(left, "end", event, -1)])


def _held(spans: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Give first day and end of a span inside the time that the dossier was pending."""
    return pl.max_horizontal("from_on", "received_on"), pl.min_horizontal("to_on", pl.col("left_on").fill_null(EVER))


def _halted(spans: pl.DataFrame) -> pl.DataFrame:
    start, end = _held(spans)
    halted = spans.filter("suspended")
    return pl.concat(
        [
            _stock(halted, Event.SUSPENDED, start, end),
            _stock(halted.filter("late"), Event.SUSPENDED_LATE, start, end),
        ]
    )


def _overdue(spans: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Count the overdue stock by age: from the day after the due day, unless the clock stands (if late, it stays)."""
    running = spans.filter(pl.col("due_on").is_not_null(), ~pl.col("suspended") | pl.col("late"))
    start, end = _held(running)
    late_from = pl.max_horizontal(start, pl.col("due_on").dt.offset_by("1d"))
    entered = [late_from, *(calendar.shift(pl.col("due_on"), days) for _, days in AGES[1:]), pl.lit(EVER)]
    return pl.concat(
        _stock(running, event, pl.max_horizontal(late_from, entered[i]), pl.min_horizontal(end, entered[i + 1]))
        for i, (event, _) in enumerate(AGES)
    )
