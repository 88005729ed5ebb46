"""Who has the ball: with whom each open dossier lies now, as far as anybody said, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

import polars as pl

from config.units import Units
from metrics.calendar import ByUnit, WorkingCalendar
from metrics.dossier import Suspension
from metrics.standing import Standing


class Ball(StrEnum):
    """With whom it lies. Recorded as held there: whether anybody works on it, no source says."""

    DEPARTMENT = "department"  # the one that is to resolve it
    OTHER = "other"  # another agency or unit
    APPLICANT = "applicant"  # papers were asked for
    PAYMENT = "payment"  # a payment was asked for
    PAUSED = "paused"  # suspended, and nobody says why
    INTAKE = "intake"  # not accepted yet
    UNKNOWN = "unknown"  # accepted, and no source says with whom it is


_OF_SUSPENSIONS: Final = {
    Suspension.SUPPLEMENT: Ball.APPLICANT, Suspension.PAYMENT: Ball.PAYMENT, Suspension.OTHER: Ball.PAUSED,
}  # fmt: skip


def ball(units: Collection[str]) -> pl.Expr:
    """Say with whom an open dossier lies (Ball); of rows of metrics.standing. ``units``: those that the register knows;
    a holder of any other name is a room of the department."""
    why = (
        _lasting()
        .struct.field("kind")
        .replace_strict(
            {k.value: v.value for k, v in _OF_SUSPENSIONS.items()}, default=Ball.PAUSED.value, return_dtype=pl.String
        )
    )
    holder, own = pl.col("holding_unit").cast(pl.String), pl.col("department").cast(pl.String)
    said = pl.any_horizontal(pl.col("step", "handler").is_not_null())
    return (
        pl.when(pl.col("standing") == Standing.AWAITING.value).then(pl.lit(Ball.INTAKE.value))
        .when("suspended").then(why)
        .when((holder.is_in(sorted(units)) & holder.ne_missing(own)).fill_null(False)).then(pl.lit(Ball.OTHER.value))
        .when(holder.is_not_null() | said).then(pl.lit(Ball.DEPARTMENT.value))
        .otherwise(pl.lit(Ball.UNKNOWN.value))
    )  # fmt: skip


def _lasting() -> pl.Expr:
    """Give the last suspension that has not ended: one that began later may have."""
    return pl.col("halts").list.eval(pl.element().filter(pl.element().struct.field("to_on").is_null())).list.last()


def since() -> pl.Expr:
    """Give the day since which it lies there, as far as it is known; null where it is not."""
    halted = pl.coalesce(_lasting(), pl.col("halts").list.last()).struct.field("from_on")
    return (
        pl.when(pl.col("standing") == Standing.AWAITING.value).then("submitted_on")
        .when("suspended").then(halted)
        .when(pl.any_horizontal(pl.col("step", "handler").is_not_null())).then("step_since_on")
        .otherwise(pl.lit(None, pl.Date))
    )  # fmt: skip


def held(as_of: pl.Expr, calendar: WorkingCalendar, units: Units) -> dict[str, pl.Expr]:
    """Give what to add to open dossiers (metrics.standing): ``ball`` (Ball), and ``ball_days``, working days that each
    has lain there, null where nobody knows."""
    days = ByUnit(calendar, "department_own").working_days_between(since(), as_of)
    known = {today for name in units.names if (today := units.today(name))}
    return {"ball": ball(known), "ball_days": days.clip(0)}
