"""Reconciliations for the pages: kept like every answer, by the version of the figures and the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from config import causes
from dashboard import cached, data, filters
from dashboard.data import Ask
from dashboard.keys import HASH
from metrics.scope import Scope
from reports import reconciliation, reconciliation_xlsx
from store import reconciliations, snapshot
from store.people import Person
from store.reconciliations import Judged, record


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sources by name, and what they are called: A works the dossiers, B is told of them."""

    a: str
    b: str
    a_title: str
    b_title: str


def rows(ask: Ask, pair: Pair) -> pl.DataFrame:
    """Give the dossiers of both sources within scope, with the causes that people recorded."""
    found = _rows(ask.version, ask.scope, pair.a, pair.b, ask.choice.today)
    return reconciliation.with_causes(found, reconciliations.recorded(data.store(), ask.scope, pair.a, pair.b))


@cached.resource(show_spinner="Đang đối soát …", max_entries=4, hash_funcs=HASH)
def _rows(version: str, scope: Scope, a: str, b: str, as_of: date) -> pl.DataFrame:
    state = data.manifest()
    if state is None:
        raise LookupError(version)
    facts = snapshot.all_facts(data.store(), state)
    return reconciliation.between(facts, a, b, as_of=as_of, calendar=data.calendar(), scope=scope)


def workbook(ask: Ask, pair: Pair) -> bytes:
    """Write the reconciliation within scope as a workbook."""
    told = {code: f"{code} {cause.title}" for code, cause in causes.load().items()}
    subject = reconciliation_xlsx.Subject(pair.a_title, pair.b_title, ask.choice.today, ask.version, told)
    return reconciliation_xlsx.render(rows(ask, pair), subject)


def record_cause(pair: Pair, code: str, overdue: str | None, *, cause: str, note: str, by: Person) -> None:
    """Keep what a person chose. Raises DunghanError in words."""
    told = Judged(pair.a, pair.b, code, overdue)
    record(data.store(), told, by.scope, cause=cause, note=note, by=by.name, at=filters.now())
