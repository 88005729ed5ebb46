"""What the pages ask of satisfaction slips and of entered figures: within the reader's scope, kept until more comes."""

from __future__ import annotations

import polars as pl

from dashboard import cached, data, filters
from dashboard.keys import HASH
from metrics.scope import Scope
from store import entered, surveys
from store.entered import Told
from store.people import Person


def slips(scope: Scope) -> pl.DataFrame:
    """Give the slips that ``scope`` may see: store.surveys.READ."""
    return _slips(surveys.version(data.store(), scope), scope)


def asked(scope: Scope) -> pl.DataFrame:
    """Give how many people were asked, as far as ``scope`` may know: store.surveys.ASKED."""
    return surveys.asked(data.store(), scope)


@cached.resource(max_entries=16, hash_funcs=HASH)
def _slips(version: tuple[int, int], scope: Scope) -> pl.DataFrame:
    return surveys.read(data.store(), scope)


def values(scope: Scope) -> pl.DataFrame:
    """Give every word about the figures that people enter, newest first: store.entered.history."""
    return entered.history(data.store(), scope)


def holding(scope: Scope) -> pl.DataFrame:
    """Give the figures that people entered and that hold now: store.entered.holding."""
    return entered.holding(data.store(), scope)


def enter(told: Told, by: Person) -> bool:
    """Keep a value; False where it is known so. Raises EnteredError for one that a rule refuses, StoreError when the
    database does."""
    return entered.enter(data.store(), told, by=by, at=filters.now(), today=filters.today())
