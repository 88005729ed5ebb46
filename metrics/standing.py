"""Where each dossier stands on a day: the lists behind the numbers, from the same spans as the cube."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import polars as pl

from metrics.calendar import ByUnit, WorkingCalendar


class Standing(StrEnum):
    """Exactly one per dossier and day; closed ones keep the standing of their closing day."""

    AWAITING = "awaiting_acceptance"
    NOT_ACCEPTED = "not_accepted"
    LEFT_BEFORE_RECEIPT = "left_before_receipt"  # withdrawn before anybody accepted it: in no settlement figure
    IN_TERM = "in_term"
    OVERDUE = "overdue"
    UNDETERMINED = "undetermined"
    RESOLVED_EARLY = "resolved_early"
    RESOLVED_ON_TIME = "resolved_on_time"
    RESOLVED_OVERDUE = "resolved_overdue"
    RESOLVED_UNDETERMINED = "resolved_undetermined"


PENDING = (Standing.IN_TERM, Standing.OVERDUE, Standing.UNDETERMINED)


def standing(facts: pl.LazyFrame, as_of: date, calendar: WorkingCalendar) -> pl.LazyFrame:
    """Give the dossiers known by ``as_of`` with their standing at the end of that day.

    Columns: those of the facts (metrics.clocks.facts) less ``spans``, ``due_on`` being the promise in force on that
    day, and ``standing`` (Standing), ``suspended``, ``days_late`` (working days past the due day, overdue ones only),
    ``days_left`` (working days up to the due day, those in term with a due date and a running clock only),
    ``days_at_step`` (working days since the present step and holder were first seen, pending ones with steps only; of
    the step as last known, null for days before it), ``answer_overdue`` (awaiting acceptance past the limit of the
    acceptance clock, as the cube counts it).
    """
    day = pl.lit(as_of)
    left = pl.max_horizontal("closed_on", "received_on") <= day
    taken = (pl.col("received_on") <= day).fill_null(False)
    gone = pl.col("closed_on").is_not_null() & left
    settled = pl.col("spans").is_null() | gone  # the facts hold the promise in force at the closing
    known = facts.filter(pl.coalesce("submitted_on", "received_on") <= day).with_columns(
        pl.when(settled).then("due_on").otherwise(_in_force(day, "due_on")).alias("due_on"),
        suspended=_in_force(day, "suspended").fill_null(False),
        late=_in_force(day, "late").fill_null(False),
    )
    known = known.with_columns(standing=_standing(day, taken, gone), suspended=pl.col("suspended") & taken & ~gone)
    overdue, in_term = pl.col("standing") == Standing.OVERDUE, pl.col("standing") == Standing.IN_TERM
    pending = pl.col("standing").is_in([s.value for s in PENDING])
    between = ByUnit(calendar, "department_own").working_days_between
    return known.with_columns(
        days_late=pl.when(overdue).then(between(pl.col("due_on"), day)),
        days_at_step=pl.when(pending & (pl.col("step_since_on") <= day)).then(between(pl.col("step_since_on"), day)),
        answer_overdue=((pl.col("standing") == Standing.AWAITING) & (pl.col("acceptance_due_on") < day)).fill_null(
            False
        ),
        days_left=pl.when(in_term & ~pl.col("suspended")).then(between(day, pl.col("due_on"))),
    ).drop("spans", "late")


OPEN = (*PENDING, Standing.AWAITING)


def opened(facts: pl.LazyFrame, as_of: date, calendar: WorkingCalendar) -> pl.LazyFrame:
    """Give the dossiers that are open at the end of ``as_of``: the rows of ``standing`` whose standing is in OPEN.

    What was closed by then never comes to be judged: of years of dossiers a few in a hundred are open.
    """
    left = (pl.max_horizontal("closed_on", "received_on") <= as_of) & pl.col("closed_on").is_not_null()
    maybe = facts.filter(~left.fill_null(False))
    return standing(maybe, as_of, calendar).filter(pl.col("standing").is_in([s.value for s in OPEN]))


def _in_force(day: pl.Expr, name: str) -> pl.Expr:
    """Read one field of the span that holds ``day``; null where there are no spans."""
    span = pl.element().struct
    holding = (span.field("from_on") <= day) & (day < span.field("to_on"))
    return pl.col("spans").list.eval(span.field(name).filter(holding)).list.first()


def _standing(day: pl.Expr, taken: pl.Expr, gone: pl.Expr) -> pl.Expr:
    due = pl.col("due_on")
    passed = (due < day) | (pl.col("to_the_minute") & (due == day))  # at the end of the day no minute of it is left
    past = passed.fill_null(False) & (~pl.col("suspended") | pl.col("late"))

    def then(value: Standing) -> pl.Expr:
        return pl.lit(value.value)

    before = (
        pl.when((pl.col("rejected_on") <= day).fill_null(False))
        .then(then(Standing.NOT_ACCEPTED))
        .when((pl.col("received_on").is_null() & (pl.col("closed_on") <= day)).fill_null(False))
        .then(then(Standing.LEFT_BEFORE_RECEIPT))
        .otherwise(then(Standing.AWAITING))
    )
    pending = (
        pl.when(due.is_null())
        .then(then(Standing.UNDETERMINED))
        .when(past)
        .then(then(Standing.OVERDUE))
        .otherwise(then(Standing.IN_TERM))
    )
    return pl.when(~taken).then(before).when(gone).then(closed_standing()).otherwise(pending)


def closed_standing() -> pl.Expr:
    """Judge a closing by calendar day against ``due_on``, the promise in force then; by the minute only where the
    source promises one (``past_the_minute``)."""
    due, closed = pl.col("due_on"), pl.col("closed_on")
    return (
        pl.when(due.is_null())
        .then(pl.lit(Standing.RESOLVED_UNDETERMINED.value))
        .when(closed < due)
        .then(pl.lit(Standing.RESOLVED_EARLY.value))
        .when((closed == due) & ~pl.col("past_the_minute"))
        .then(pl.lit(Standing.RESOLVED_ON_TIME.value))
        .otherwise(pl.lit(Standing.RESOLVED_OVERDUE.value))
    )


def overdue(facts: pl.LazyFrame, as_of: date, calendar: WorkingCalendar) -> pl.LazyFrame:
    """Give the pending dossiers past their due day, the longest overdue first; columns as ``standing`` gives them."""
    rows = standing(facts, as_of, calendar).filter(pl.col("standing") == Standing.OVERDUE)
    return rows.sort("days_late", "due_on", "code", descending=[True, False, False])
