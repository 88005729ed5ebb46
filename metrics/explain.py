"""Explain one dossier: every promise with why it counts, every day with why it does, by which rule and decision.

Figures and explanation come from the same place: standing, promises and flags are those of metrics.clocks and
metrics.standing, days are walked by metrics.reckoning. One dossier at a time, so plain loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

import polars as pl

from config.procedures import Allowed
from config.rules import in_force
from metrics.clocks import facts
from metrics.dossier import Suspension as Kind
from metrics.expectation import with_law
from metrics.explanation import Acceptance, Day, Expectation, Explanation, Halt, Step
from metrics.halts import halts as halts_of
from metrics.limits import HOURS_A_DAY, Limit, Suspension, Unit, parse_limit
from metrics.local import local
from metrics.promise_history import promises, told_first
from metrics.reasons import unverified, wait_of
from metrics.reckoning import WAITING, WAITING_MINUTES, Deadline, deadline
from metrics.rulebook import Rulebook
from metrics.standing import Standing, standing
from metrics.terms import Terms
from metrics.worktime import WorkTime

Row = dict[str, Any]
FLAGS: Final = ("due_moved_unexplained", "due_moved_too_late", "due_as_told", "finished_before_receipt")
#: Columns that ``explain`` takes over as the standing has them.
_SAME: Final = (
    "source", "code", "other_code", "procedure", "procedure_name", "department", "suspended", "days_late", "days_left",
    "first_due_on", "due_on",
)  # fmt: skip


def explain(observed: pl.DataFrame, terms: Mapping[str, Terms], book: Rulebook, as_of: date) -> Explanation | None:
    """Explain the one dossier of ``observed`` (store.snapshot.observe) as it stood at the end of ``as_of``.

    None before it was submitted or received. Raises ValueError unless there is exactly one row.
    """
    if observed.height != 1:
        raise ValueError(f"one dossier is explained at a time, not {observed.height}")
    derived = facts(observed, terms, book)
    stands = standing(derived.lazy(), as_of, book.calendar).collect()
    if stands.is_empty():
        return None
    here = with_law(local(observed, terms).with_row_index("id"), book)
    told = here.row(0, named=True)
    office = book.time.of(book.units.own_name.get(told["department"], told["department"]))
    return _explained(
        stands.row(0, named=True), told, halts_of(here).to_dicts(), office, terms[told["source"]], book, as_of
    )


def allowed(procedures: Iterable[Allowed], source: str, procedure: str | None, received_on: date) -> Allowed | None:
    """Find the line of procedures.csv that holds: the source's own before the common one, the latest by the receipt."""
    mine = [a for a in procedures if a.procedure == procedure and a.from_on <= received_on]
    own = [a for a in mine if a.source == source] or [a for a in mine if not a.source]
    return max(own, key=lambda a: a.from_on, default=None)


def _explained(
    row: Row, told: Row, stood: Sequence[Row], office: WorkTime, terms: Terms, book: Rulebook, as_of: date
) -> Explanation:
    law = in_force(book.rules, row["received_on"] or row["submitted_on"])
    clock = _Clock(row, [halt for halt in stood if halt["from_on"] <= as_of], office, as_of)
    ours = _expectation(told, clock, terms, book)
    return Explanation(
        **{name: row[name] for name in _SAME},
        status=str(told["status"]),
        as_of=as_of,
        standing=Standing(row["standing"]),
        received_at=told["received_local"],
        closed_on=row["closed_on"] if clock.gone else None,
        first_days=clock.between(clock.received, row["first_due_on"]),
        promised_days=clock.promised_days,
        passed=clock.between(clock.received, clock.until),
        waited=clock.waited,
        expectation=ours,
        ahead_first=clock.between(ours.due_first_on if ours else None, told_first(told, row)),
        ahead=clock.between(ours.due_on if ours else None, row["due_on"]),
        terms=terms,
        law=law,
        law_note=unverified(book.rules, law),
        promises=promises(row, told, stood, office, law, clock.until),
        halts=tuple(clock.halt(halt) for halt in clock.halts),
        days=clock.days,
        acceptance=_acceptance(row, told, office, book, as_of),
        steps=_steps(told, clock),
        flags=tuple(name for name in FLAGS if row[name]),
    )


@dataclass(frozen=True)
class _Clock:
    """The settlement clock of one dossier up to the end of a day; ``halts`` are those that had begun by then."""

    row: Row
    halts: Sequence[Row]
    office: WorkTime
    as_of: date

    @property
    def received(self) -> date | None:
        """The day of receipt, day 0."""
        day: date | None = self.row["received_on"]
        return day

    @cached_property
    def gone(self) -> bool:
        """Whether it was closed by the day explained."""
        closed = self.row["closed_on"]
        return closed is not None and max(closed, self.received or closed) <= self.as_of

    @cached_property
    def until(self) -> date:
        """The day on which the clock was read last: the closing, else the day explained; not before the receipt."""
        last: date = self.row["closed_on"] if self.gone else self.as_of
        return max(last, self.received or last)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Every day, a wait that lasts included."""
        return self._walk(lasting=True)

    @cached_property
    def waited(self) -> int:
        """Working days on which the clock stood."""
        return sum(1 for day in self.days if day.rule == WAITING and day.on <= self.until)

    @property
    def promised_days(self) -> int | None:
        """Count up to the promise in force; a wait that still lasts has not moved it yet."""
        due = self.row["due_on"]
        if due is None or self.received is None or due < self.received:
            return None
        lasts = any(halt["to_on"] > self.as_of for halt in self.halts)
        days = self._walk(lasting=False) if lasts else self.days
        return sum(1 for day in days if day.counted and day.on <= due)

    def _walk(self, *, lasting: bool) -> tuple[Day, ...]:
        """Walk from the receipt to the last of due day, closing and day explained, each day once."""
        if self.received is None:
            return ()
        end = max(self.until, self.row["due_on"] or self.until)
        halts = [h for h in self.halts if lasting or h["to_on"] <= self.as_of]
        waits = [Suspension.of_days(h["from_on"], h["to_on"] if h["to_on"] <= self.as_of else end) for h in halts]
        longer = Limit((end - self.received).days + 1, Unit.WORKING_DAYS)  # more than there are: cut at the end
        found = deadline(datetime.combine(self.received, time()), longer, time=self.office, suspensions=waits)
        return tuple(self.named(day) for day in laid_out(found, self.office) if day.on <= end)

    def named(self, day: Day) -> Day:
        """Say what the clock waited for."""
        if day.rule not in (WAITING, WAITING_MINUTES):
            return day
        kind = next((h["kind"] for h in self.halts if h["from_on"] < day.on <= h["to_on"]), Kind.OTHER)
        return day if kind == Kind.OTHER else replace(day, reason=f"{day.reason}: {wait_of(kind)}")

    def between(self, start: date | None, end: date | None) -> int | None:
        """Count working days; None where one end is not known."""
        return None if start is None or end is None else self.office.calendar.between(start, end)

    def halt(self, told: Row) -> Halt:
        """Tell one suspension as it was known on the day explained."""
        begun, back = told["from_on"], min(told["to_on"], self.until)
        waited = self.office.calendar.between(begun, back) if back > begun else 0
        ended = told["to_on"] if told["to_on"] <= self.as_of else None
        return Halt(told["kind"], begun, ended, waited, told["notice"])


def laid_out(found: Deadline, office: WorkTime) -> tuple[Day, ...]:
    """Lay counted and skipped days of a reckoning on one line, up to its due day, with where each decision is read."""
    read = office.calendar.days.sources
    counted = [
        Day(c.day, n, c.minutes, c.note, decision=c.decision, source=read.get(c.day) if c.note else None)
        for n, c in enumerate(found.counted, start=1)
    ]
    left_out = (*found.skipped, *([found.closing] if found.closing else []))
    skipped = [Day(s.day, None, None, s.reason, s.rule, s.decision, read.get(s.day)) for s in left_out]
    return tuple(sorted([*counted, *skipped], key=lambda day: day.on))


def _expectation(told: Row, clock: _Clock, terms: Terms, book: Rulebook) -> Expectation | None:
    """Reckon our own due day by the committed limit, with the suspensions that had ended by the day explained."""
    received: datetime | None = told["received_local"]
    line = received and allowed(book.procedures, told["source"], told["procedure"], received.date())
    if received is None or not line:
        return None
    limit = _limit(line, terms)
    ended = [h for h in clock.halts if h["ended"] and h["to_on"] <= clock.as_of]
    waits = [Suspension(h["from_local"], h["to_local"]) for h in ended]
    plain = deadline(received, limit, time=clock.office)
    found = deadline(received, limit, time=clock.office, suspensions=waits, restart=bool(told["restart"]))
    days = tuple(clock.named(day) for day in laid_out(found, clock.office))
    return Expectation(line, limit, plain.due_on, found.due_on, found.due_at, days)


def _limit(line: Allowed, terms: Terms) -> Limit:
    """Read the committed limit; a source that counts by the minute takes a working day for 8 hours."""
    limit = parse_limit(line.committed or line.statutory, cutoff=line.cutoff, place=line.place)
    if terms.counting == "minutes" and limit.unit is Unit.WORKING_DAYS and limit.size:
        return replace(limit, size=limit.size * HOURS_A_DAY, unit=Unit.WORKING_HOURS)
    return limit


def _acceptance(row: Row, told: Row, office: WorkTime, book: Rulebook, as_of: date) -> Acceptance | None:
    """Tell the acceptance clock where there is one (metrics.acceptance), walked like any other limit."""
    if row["acceptance_due_on"] is None:
        return None
    sent, hours = told["submitted_local"], told["acceptance_hours"]
    limit = Limit(hours, Unit.WORKING_HOURS) if sent.time() != time() else Limit(1, Unit.WORKING_DAYS)
    found = deadline(sent, limit, time=office)
    answered = told["answered_local"] if told["answered_local"] and told["answered_local"].date() <= as_of else None
    late = row["accepted_late"] if answered else as_of > found.due_on
    rule = in_force(book.rules, row["submitted_on"]).acceptance_basis
    return Acceptance(sent, hours, found.due_on, found.due_at, answered, late, rule, laid_out(found, office))


def _steps(told: Row, clock: _Clock) -> tuple[Step, ...]:
    """List who held the dossier at which step, from when to the next."""
    seen = [s for s in told["steps"] or () if s["at"].date() <= clock.as_of]
    steps = []
    for step, after in zip(seen, [*seen[1:], None][: len(seen)], strict=True):
        end = after["at"].date() if after else clock.until
        held = clock.between(step["at"].date(), end) or 0
        steps.append(Step(step["step"], step["handler"], step["at"], after and after["at"], max(held, 0)))
    return tuple(steps)
