"""Let the demo's people answer and its offices state: files of the made-up province, through the ordinary loaders."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from connectors.simulator import slips as made
from jobs import indicators, surveys
from jobs.demo import ACCOUNTS, SEED
from metrics.scope import Period
from store import people
from store import surveys as kept
from store.database import Store
from store.people import Person


def fill(store: Store, home: Path, now: datetime) -> bool:
    """Load slips, how many were asked, and entered figures, where the store has no slip yet; say whether it had none.

    Raises what the loaders raise.
    """
    if kept.surveyed(store) is not None:
        return False
    folder, today = home / "demo-files", indicators.day(now)
    folder.mkdir(parents=True, exist_ok=True)
    told = made.slips(SEED, today)
    answers, figures = folder / "phieu-danh-gia.csv", folder / "chi-so-nhap-tay.csv"
    answers.write_text(told.text, encoding="utf-8")
    answers.with_suffix(".toml").write_text(made.MAPPING, encoding="utf-8")
    figures.write_text(made.values(SEED, today), encoding="utf-8")
    surveys.load(store, answers, survey="", mapping=None, at=now)
    months = sorted({first for first, _ in told.asked})
    for first in months:
        number = sum(n for (of, _), n in told.asked.items() if of == first)
        surveys.ask(store, made.SURVEY, _month(first), number, department="", at=now)
    for (first, unit), number in told.asked.items():
        if first in months[-2:]:
            surveys.ask(store, made.SURVEY, _month(first), number, department=unit, at=now)
    indicators.load(store, figures, by=_operator(store), at=now)
    return True


def _month(first: date) -> Period:
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _operator(store: Store) -> Person:
    who = next(account for account in ACCOUNTS if account.role == "operator")
    return people.by_name(store, who.name) or Person(who.name, who.title, "operator", None)
