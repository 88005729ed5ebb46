"""Everything that can be said of one dossier's clocks, as values: what metrics.explain gives, screens and JSON show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from config.procedures import Allowed
from config.rules import Rules
from metrics.limits import Limit
from metrics.standing import Standing
from metrics.terms import Terms


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a clock. ``number``: the how-manieth that counts; ``minutes`` of it where the limit is in hours;
    ``reason``: why it does not count, or what is special about one that does; ``source``: where the decision is read.
    """

    on: date
    number: int | None
    minutes: int | None = None
    reason: str = ""
    rule: str = ""
    decision: str | None = None
    source: str | None = None

    @property
    def counted(self) -> bool:
        """Say whether the day counts."""
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Promise:
    """One due day that was ever seen or told. ``kind``: "first" or a metrics.promises.Move; ``verdict``: a
    metrics.promises.Verdict; ``why`` in words with the ``rule`` that says so; ``in_force`` on the day explained.

    ``note``: an operator's reason, or the number of the letter; ``by``: who recorded a correction.
    """

    on: date | None
    due_on: date
    kind: str
    verdict: str
    counts: bool
    why: str
    rule: str
    note: str = ""
    by: str | None = None
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """An interval in which the clock stood; ``to_on`` None: it still does. ``waited``: working days d with
    from_on < d ≤ to_on, up to the day explained; ``notice``: written notice was given (None: not said)."""

    kind: str
    from_on: date
    to_on: date | None
    waited: int
    notice: bool | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """Our own due day: by ``limit``, the committed one of ``allowed`` (by the minute where the source counts so).

    ``due_first_on`` without, ``due_on`` with the suspensions that had ended; ``due_at`` (local) for limits in hours.
    """

    allowed: Allowed
    limit: Limit
    due_first_on: date
    due_on: date
    due_at: datetime | None
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The acceptance clock of an online dossier, local times. ``due_at`` None: the end of ``due_on``; ``late`` on the
    day explained: answered after the limit, or not answered and past its day."""

    submitted_at: datetime
    hours: int
    due_on: date
    due_at: datetime | None
    answered_at: datetime | None
    late: bool
    rule: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Who held the dossier at which step since when. ``held``: working days, up to the day explained; nobody knows how
    many of them were worked."""

    step: str | None
    handler: str | None
    from_at: datetime
    to_at: datetime | None
    held: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One dossier on one day (``as_of``, its end). Days are cut, and times told, in the zone of its source.

    ``due_on``: the promise in force on the day; ``first_days``: working days from the receipt to the first promise;
    ``promised_days``: to the one in force, less those waited; ``passed``: working days from the receipt to the closing
    or the day; ``waited``: of these, with the clock standing. ``ahead_first``, ``ahead``: working days by which the
    source's first promise, and the promise in force, lie after our own reckoning (negative: before). ``days``: from the
    receipt, day 0, to the last of due day, closing and ``as_of``. ``law_note``: what is not verified of the law's day.
    """

    source: str
    code: str
    other_code: str | None
    procedure: str | None
    procedure_name: str | None
    department: str | None
    status: str
    as_of: date
    standing: Standing
    suspended: bool
    days_late: int | None
    days_left: int | None
    received_at: datetime | None
    closed_on: date | None
    first_due_on: date | None
    due_on: date | None
    first_days: int | None
    promised_days: int | None
    passed: int | None
    waited: int
    expectation: Expectation | None
    ahead_first: int | None
    ahead: int | None
    terms: Terms
    law: Rules
    law_note: str
    promises: tuple[Promise, ...]
    halts: tuple[Halt, ...]
    days: tuple[Day, ...]
    acceptance: Acceptance | None
    steps: tuple[Step, ...]
    flags: tuple[str, ...]
