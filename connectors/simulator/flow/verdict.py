"""How every dossier truly stands on a day: by its true finish and the promise that the law lets count."""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.simulator.days import DAY, NEVER
from connectors.simulator.flow.fate import LETTER
from connectors.simulator.flow.world import World
from connectors.simulator.lives import REFUSED, STOPPED, SUPPLEMENT, WITHDRAWN

ABSENT, AWAITING, NOT_ACCEPTED = "absent", "awaiting_acceptance", "not_accepted"
EARLY, ON_TIME, OVERDUE, UNDETERMINED = "early", "on_time", "overdue", "undetermined"
IN_TERM, PENDING_OVERDUE, PENDING_UNDETERMINED = "pending_in_term", "pending_overdue", "pending_undetermined"
#: How a dossier can stand; every one stands in exactly one way.
STANDINGS: Final = (
    ABSENT, AWAITING, NOT_ACCEPTED, EARLY, ON_TIME, OVERDUE, UNDETERMINED, IN_TERM, PENDING_OVERDUE,
    PENDING_UNDETERMINED,
)  # fmt: skip
_ENDS: Final = {WITHDRAWN: "withdrawn", REFUSED: "refused", STOPPED: "stopped"}


def verdicts(world: World, day: int) -> pl.DataFrame:
    """Judge every dossier at the end of ``day`` (since 1970).

    Columns: number, unit (that holds it), standing (STANDINGS), received_day, closed_day, due_day (the promise that
    counts: the first, moved by the days waited for the applicant, and by one letter sent at least one working day
    before the day), suspended, end ("" with a result), lie.
    """
    plan, end_of_day = world.plan, (day + 1) * DAY - 1
    seen = world.truth.with_columns(
        pl.when(pl.col(c) <= end_of_day).then(c).otherwise(NEVER)
        for c in ("submitted", "received", "rejected", "asked", "replied", "extended", "closed", "handed")
    )
    due = pl.when(pl.col("replied") > NEVER).then("moved").otherwise("due")
    due = pl.when((pl.col("extended") > NEVER) & (pl.col("letter") == LETTER)).then("extended_due").otherwise(due)
    told = seen.with_columns(due_day=due // DAY)
    p = {c: told[c].to_numpy() for c in ("asked", "closed", "due_day")}
    waited = plan.days.count(p["closed"] // DAY) - plan.days.count(p["asked"] // DAY)
    silent = (pl.col("pause") == SUPPLEMENT) & (pl.col("asked") > NEVER) & (pl.col("replied") == NEVER) & _is("closed")
    so_far = pl.Series(plan.days.shift(p["due_day"], waited.clip(1)))
    told = told.with_columns(due_day=pl.when(silent & pl.Series(waited > 0)).then(so_far).otherwise("due_day"))
    suspended = _is("asked") & ~_is("replied") & ~_is("closed")
    overdue_then = pl.col("due_day") < pl.col("asked") // DAY
    late = pl.when(suspended).then(overdue_then).otherwise(pl.col("due_day") < day)
    closed_day = pl.col("closed") // DAY
    standing = (
        pl.when(~_is("submitted")).then(pl.lit(ABSENT))
        .when(_is("rejected")).then(pl.lit(NOT_ACCEPTED))
        .when(~_is("received")).then(pl.lit(AWAITING))
        .when(_is("closed") & pl.col("no_due")).then(pl.lit(UNDETERMINED))
        .when(_is("closed") & (closed_day < pl.col("due_day"))).then(pl.lit(EARLY))
        .when(_is("closed") & (closed_day == pl.col("due_day"))).then(pl.lit(ON_TIME))
        .when(_is("closed")).then(pl.lit(OVERDUE))
        .when(pl.col("no_due")).then(pl.lit(PENDING_UNDETERMINED))
        .when(late).then(pl.lit(PENDING_OVERDUE))
        .otherwise(pl.lit(IN_TERM))
    )  # fmt: skip
    holder = plan.holder(
        told["unit"].to_numpy(), told.select(pl.when(_is("handed")).then(day).otherwise(NEVER)).to_series().to_numpy()
    )
    ended = pl.col("end").replace_strict(_ENDS, default="", return_dtype=pl.String)
    return told.select(
        "number",
        standing.alias("standing"),
        "due_day",
        "lie",
        unit=pl.Series(holder),
        received_day=pl.when(_is("received")).then(pl.col("received") // DAY),
        closed_day=pl.when(_is("closed")).then(closed_day),
        suspended=suspended & _is("received"),
        end=pl.when(_is("closed")).then(ended).otherwise(pl.lit("")),
    )


def _is(column: str) -> pl.Expr:
    return pl.col(column) > NEVER


def history(world: World) -> pl.DataFrame:
    """Give what truly happened, event by event: number, at (wall seconds), event, unit, officer; in order.

    Steps come with queues only; an officer is a number, and −1 where nobody's hand is needed.
    """
    names = (
        "submitted",
        "received",
        "rejected",
        "asked",
        "replied",
        "extended",
        "again",
        "handed",
        "closed",
        "returned",
    )
    moments = [
        world.truth.select("number", at=name, event=pl.lit(name), unit="unit", officer=pl.lit(NEVER, pl.Int64))
        for name in names
    ]
    step = pl.format("step {}", pl.col("place") + 1)
    steps = world.steps.select("number", at="began", event=step, unit="unit", officer="officer")
    return pl.concat([*moments, steps]).filter(pl.col("at") > NEVER).sort("at", "number", maintain_order=True)
