"""What is asked: somebody, a unit, a field, a channel, days, a map of units; drawn at random from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dashboard import data, hearing, periods
from dashboard.answers import form
from dashboard.data import Ask
from dashboard.filters import Choice
from store.people import Person
from tests.equality import province
from tests.equality.province import PEOPLE, TODAY

_PERIODS: Final = (
    "2026-W45", "2026-W47", "2026-T09", "2026-T10", "2026-T11", "2026-K10", "2026-K11", "2026-K12", "2026-Q3",
    "2026-Q4", "2026-6T", "2026-9T", "2026",
)  # fmt: skip
_MONDAY: Final = TODAY - timedelta(days=TODAY.weekday())


@dataclass(frozen=True, slots=True)
class Question:
    """One of the questions of a seed: who asks, of a week and of a named period, the form by which rows, the report of
    which Friday."""

    number: int
    who: Person
    week: Choice
    named: Choice
    rows: str
    issued_on: date

    def ask(self, choice: Choice) -> Ask:
        """Ask the figures of this moment within the reader's scope."""
        return asked_of(self.who, choice)

    def __str__(self) -> str:
        return f"question {self.number} of {self.who.name}: {self.week.query()}, {self.named.query()} by {self.rows}"


def asked_of(who: Person, choice: Choice) -> Ask:
    """Ask as a page does for ``who``."""
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, who.scope, choice, hearing.silent(data.store(), state, choice.today))


def drawn(count: int, seed: int) -> list[Question]:
    """Draw ``count`` questions; every role asks in turn."""
    dice = random.Random(seed)
    people = sorted(PEOPLE)
    first = dice.randrange(len(people))
    return [_one(dice, n, people[(first + n) % len(people)]) for n in range(count)]


def _one(dice: random.Random, number: int, name: str) -> Question:
    who = province.person(name)
    state = data.manifest()
    assert state is not None
    known = data.options(state.data_version, who.scope, TODAY)
    department = _maybe(dice, known.departments, 0.4)
    field, channel = _maybe(dice, known.fields, 0.35), _maybe(dice, ("online", "counter", "post"), 0.35)
    monday = _MONDAY - timedelta(weeks=dice.choice((0, 0, 1, 2, 3, 7, 12)))
    week = Choice(TODAY, monday, department, field, channel, on_map=dice.choice(("today", "today", "then")))
    named = replace(week, monday=_MONDAY, named=periods.of_code(dice.choice(_PERIODS)), on_map="today")
    issued_on = TODAY - timedelta(weeks=dice.randrange(4))
    return Question(number, who, week, named, dice.choice(list(form.BY)), issued_on)


def _maybe(dice: random.Random, known: tuple[str, ...], share: float) -> str | None:
    return dice.choice(known) if known and dice.random() < share else None
