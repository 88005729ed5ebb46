"""The dossiers that lists are about, one by one: those of late days are held in memory, the others are on disk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboard import cached, stored
from metrics import lately
from store import snapshot

#: Days before the newest that are looked at again and again: a quarter, and thirteen weeks.
LATELY: Final = 93


def since(version: str, first: date) -> pl.LazyFrame:
    """Give the facts of which anything may be told on ``first`` or later (metrics.lately), and some more: out of
    memory, or off the disk where that day is long past. Whoever asks of them needs a scope."""
    newest = stored.of_version(version).newest_at
    held = newest.date() - timedelta(days=LATELY) if newest else first
    return _held(version, held).lazy() if held <= first else _read(version).filter(lately.maybe(first))


@cached.resource(max_entries=2)
def _held(version: str, first: date) -> pl.DataFrame:
    # In two steps: only the plain columns of all dossiers are read to find the few.
    return _read(version).filter(lately.maybe(first)).collect().filter(lately.since(first))


def _read(version: str) -> pl.LazyFrame:
    return snapshot.facts(stored.store(), stored.of_version(version))
