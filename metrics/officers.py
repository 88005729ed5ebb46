"""Officers by pseudonym: what each did at the steps of a period, what each holds, beside the same steps of others.

Numbers to share out work by and to ask questions with, never to rank people by: whoever has the hard procedures has the
late ones. So each is put beside what others do at the same step of the same procedures (indirect standardisation), and
how few steps that is of is always told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from config.units import Units
from metrics.alike import hides
from metrics.calendar import ByUnit, WorkingCalendar
from metrics.dossier import KEY
from metrics.scope import Period
from metrics.terms import Terms

#: One line a step. ``department``: the unit of the officer, on today's map; ``department_own``: by its own name, whose
#: days count; ``missed``: ended after its due day (its minute, where the source promises one), null without a due day
#: or an end; ``left_on``: the day on which the dossier was closed; ``told``: by a step, else by the dossier's state.
LINES: Final = pl.Schema(
    {c: pl.String() for c in (*KEY, "department", "department_own", "handler", "procedure", "step")}
    | {c: pl.Date() for c in ("started_on", "due_on", "ended_on", "left_on")}
    | {c: pl.Boolean() for c in ("missed", "to_the_minute", "told")}
)
#: Who an officer is: a pseudonym within a unit.
OFFICER: Final = ("department", "handler")
#: Columns of ``figures`` after OFFICER.
FIGURES: Final = (
    "handled", "judged", "late", "no_due", "held", "held_due", "held_past_due", "days_lost", "dossiers", "arrived",
    "compared", "compared_late", "expected",
)  # fmt: skip
#: Of fewer different others their numbers are those of one colleague, or tell two of the other: they are not told.
FEWEST_OTHERS: Final = 3
_CELL: Final = ("procedure", "step")
_DAYS: Final = ("started_at", "due_at", "ended_at")


def lines(told: pl.DataFrame, facts: pl.DataFrame, units: Units, terms: Mapping[str, Terms]) -> pl.DataFrame:
    """Lay out steps (store.steps.since) and, where a dossier has none, who holds it by its own state: LINES.

    ``facts``: source, code, department, department_own, procedure, handler, step, holding_unit, submitted_on,
    received_on, rejected_on, closed_on, step_since_on (metrics.clocks.facts) of the dossiers that figures count. Steps
    of other dossiers are left out.
    """
    known = facts.with_columns(pl.col(KEY).cast(pl.String))
    steps = told.drop("state").join(
        known.select(*KEY, "department", "department_own", "procedure", left_on="closed_on"), on=KEY, how="inner"
    )
    of_steps = _placed(_cut(steps, terms), units).with_columns(told=pl.lit(True))
    return pl.concat([of_steps.match_to_schema(LINES, extra_columns="ignore"), _by_state(known, told, units, terms)])


def _cut(steps: pl.DataFrame, terms: Mapping[str, Terms]) -> pl.DataFrame:
    """Cut instants into the days of each source, and judge what has ended."""
    parts = [_of(part, terms.get(str(name), Terms())) for (name,), part in steps.group_by("source")]
    return pl.concat(parts) if parts else _of(steps, Terms())


def _of(steps: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    days = {f"{name[:-3]}_on": pl.col(name).dt.convert_time_zone(terms.zone).dt.date() for name in _DAYS}
    by_minute = terms.precision == "minute"
    late = pl.col("ended_at") > pl.col("due_at") if by_minute else pl.col("ended_on") > pl.col("due_on")
    return steps.with_columns(**days, to_the_minute=pl.lit(by_minute)).with_columns(missed=late).drop(_DAYS)


def _placed(steps: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Say whose officer it was: the unit that the step names where the register knows it, else the dossier's."""
    named = {name: units.today(name) for name in steps["unit"].drop_nulls().unique() if name in units.names}
    own = {name: units.own(name) for name in named}
    now, then = (pl.col("unit").replace_strict(d, default=None, return_dtype=pl.String) for d in (named, own))
    whose = {"department": pl.coalesce(now, pl.col("department").cast(pl.String))}
    whose |= {"department_own": pl.coalesce(then, pl.col("department_own").cast(pl.String))}
    return steps.with_columns(**whose, procedure=pl.col("procedure").cast(pl.String))


def _by_state(facts: pl.DataFrame, told: pl.DataFrame, units: Units, terms: Mapping[str, Terms]) -> pl.DataFrame:
    """Give who holds what by the state of dossiers of which no step is told; when it is due there, nobody says."""
    alone = facts.join(told.select(KEY).unique(), on=KEY, how="anti").filter(
        pl.col("handler").is_not_null(), pl.col("rejected_on").is_null()
    )
    held = _placed(alone.rename({"holding_unit": "unit"}), units)
    minute = [name for name, each in terms.items() if each.precision == "minute"]
    return held.with_columns(
        pl.col("handler", "step").cast(pl.String), left_on="closed_on", told=pl.lit(False),
        started_on=pl.coalesce("step_since_on", "received_on", "submitted_on"), due_on=pl.lit(None, pl.Date),
        ended_on=pl.lit(None, pl.Date), missed=pl.lit(None, pl.Boolean), to_the_minute=pl.col("source").is_in(minute),
    ).match_to_schema(LINES, extra_columns="ignore")  # fmt: skip


def figures(
    rows: pl.DataFrame, period: Period, as_of: date, calendar: WorkingCalendar, *, fewest: int,
    seen: Collection[str] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Count for each officer (OFFICER), in the order of units and codes, FIGURES:

    ``handled``: steps that ended in the period, up to ``as_of``; ``judged``: those with a due day; ``late``: of these,
    ended after it; ``no_due``: the others, in no rate. ``held``: steps open on the evening of ``as_of`` whose dossier
    is open too; ``held_due``: with a due day; ``held_past_due``. ``days_lost``: working days past due days, those
    within the period, of steps ended or open. ``dossiers``: different ones there in the period; ``arrived``: steps
    begun in it. ``compared``: judged steps of which FEWEST_OTHERS others or more judged at least ``fewest`` at the same
    step of the same procedure; ``compared_late``: of these, late; ``expected``: as many as would be late at the rate of
    those others. ``seen``: as of ``cells``.
    """
    end = min(period.end, as_of)
    ended, open_ = _ended(period.start, end), _open(as_of)
    judged, past = ended & pl.col("missed").is_not_null(), _past(as_of)
    there = (pl.col("started_on") <= end).fill_null(True) & (_last(end) >= period.start)
    counts = {
        "handled": ended, "judged": judged, "late": judged & pl.col("missed"), "no_due": ended & ~judged,
        "held": open_, "held_due": open_ & pl.col("due_on").is_not_null(), "held_past_due": open_ & past,
        "arrived": pl.col("started_on").is_between(period.start, end) & pl.col("told"),
    }  # fmt: skip
    counted = (
        rows.with_columns(days_lost=_lost(period.start, end, calendar))
        .group_by(OFFICER)
        .agg(
            **{name: each.fill_null(False).sum().cast(pl.Int64) for name, each in counts.items()},
            days_lost=pl.col("days_lost").sum().cast(pl.Int64),
            dossiers=pl.struct(KEY).filter(there | open_).n_unique().cast(pl.Int64),
        )
    )
    beside = _beside(cells(rows, period, as_of, seen), fewest)
    told = counted.join(beside, on=OFFICER, how="left", nulls_equal=True).with_columns(
        pl.col("compared", "compared_late").fill_null(0)
    )
    anything = pl.any_horizontal(pl.col("handled", "held", "days_lost", "arrived") > 0)
    return told.filter(anything).select(*OFFICER, *FIGURES).sort(OFFICER, nulls_last=True)


def _ended(first: date, last: date) -> pl.Expr:
    return pl.col("ended_on").is_between(first, last)


def _open(as_of: date) -> pl.Expr:
    begun = (pl.col("started_on") <= as_of).fill_null(False)
    lasts = (pl.col("ended_on") > as_of).fill_null(True) & (pl.col("left_on") > as_of).fill_null(True)
    return begun & lasts


def _past(as_of: date) -> pl.Expr:
    """Say whether the due day is past on the evening of ``as_of``; that day itself is, where a minute was promised."""
    return (pl.col("due_on") < as_of) | (pl.col("to_the_minute") & (pl.col("due_on") == as_of))


def _last(end: date) -> pl.Expr:
    """Give the last day on which a step was with its officer, no later than ``end``."""
    return pl.min_horizontal(pl.coalesce("ended_on", "left_on", pl.lit(end)), pl.lit(end))


def _lost(first: date, end: date, calendar: WorkingCalendar) -> pl.Expr:
    from_ = pl.max_horizontal("due_on", pl.lit(first - timedelta(days=1)))
    days = ByUnit(calendar, "department_own").working_days_between(from_, _last(end))
    return pl.when(pl.col("due_on").is_not_null()).then(days.clip(0)).otherwise(0)


def cells(rows: pl.DataFrame, period: Period, as_of: date, seen: Collection[str] | None = None) -> pl.DataFrame:
    """Count by officer, procedure and step what ended in the period, here and with all others: OFFICER, procedure,
    step, handled, judged, late, others (how many of them judged any), others_judged, others_late, unseen (units beyond
    ``seen``, those of the reader, that judged any; None: the reader sees all); the most first."""
    ended = rows.filter(_ended(period.start, min(period.end, as_of)))
    counts = {"handled": pl.len().cast(pl.Int64), "judged": pl.col("missed").is_not_null().sum().cast(pl.Int64)}
    counts |= {"late": pl.col("missed").sum().cast(pl.Int64)}
    own = ended.group_by(*OFFICER, *_CELL).agg(**counts)
    others = {f"others_{n}": pl.col(n).sum().over(_CELL) - pl.col(n) for n in ("judged", "late")}
    at_it = pl.col("handler").is_not_null() & (pl.col("judged") > 0)  # steps of nobody are of no other officer
    every = pl.col("handler").filter(at_it).n_unique().over(_CELL)
    others["others"] = (every - at_it.any().over(*_CELL, "handler")).cast(pl.Int64)
    unseen = ~pl.col("department").is_in(sorted(seen or ())) & (pl.col("judged") > 0)  # without a name: of no unit
    units = pl.lit(0) if seen is None else pl.col("department").filter(unseen).n_unique().over(_CELL)
    others["unseen"] = units.cast(pl.Int64)
    order = ["department", "handler", "handled", "procedure", "step"]
    return own.with_columns(**others).sort(order, descending=[n == "handled" for n in order], nulls_last=True)


def told_of_others(fewest: int) -> pl.Expr:
    """Say of which ``cells`` the numbers of the others are told: enough steps, of enough officers, of whom a reader
    cannot take the own away so that one or two units are left."""
    enough = (pl.col("others_judged") >= max(fewest, 1)) & (pl.col("others") >= FEWEST_OTHERS)
    return enough & hides("unseen", FEWEST_OTHERS)


def _beside(found: pl.DataFrame, fewest: int) -> pl.DataFrame:
    known = found.filter(pl.col("judged") > 0, told_of_others(fewest))
    rate = pl.col("others_late") / pl.col("others_judged")
    return known.group_by(OFFICER).agg(
        compared=pl.col("judged").sum(), compared_late=pl.col("late").sum(), expected=(pl.col("judged") * rate).sum()
    )


def untold(facts: pl.DataFrame, rows: pl.DataFrame) -> tuple[str, ...]:
    """Name the sources whose open dossiers are known, and which told no step in ``rows`` (LINES)."""
    telling = set(rows.filter("told")["source"].unique())
    return tuple(sorted(set(facts["source"].cast(pl.String).unique()) - telling))
