"""Ask the store for the units and procedures that the registers do not know."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from jobs import answers
from metrics import rulebook, unregistered
from metrics.standing import standing
from store import snapshot
from store.database import Store

#: The communes of today exist since this day.
MERGED_ON: Final = date(2025, 7, 1)


def units(store: Store) -> pl.DataFrame:
    """Give metrics.unregistered.COLUMNS as of the newest observation. Raises StoreError for an empty store."""
    return unregistered.units(_standing(store), rulebook.load().units)


def procedures(store: Store) -> pl.DataFrame:
    """Give metrics.unregistered.COLUMNS as of the newest observation. Raises StoreError for an empty store."""
    return unregistered.procedures(_standing(store), rulebook.load().procedures)


def _standing(store: Store) -> pl.LazyFrame:
    state = answers.ready(store)
    return standing(snapshot.facts(store, state), answers.day_of(None, state), rulebook.load().calendar)
