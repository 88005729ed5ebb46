"""What an analysis of the night is given: one state of the figures, the evening it tells of, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from config.insight import Insight
from metrics.rulebook import Rulebook
from metrics.terms import Terms
from store import snapshot
from store.database import Store
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class World:
    """``as_of``: the last evening that counts as known; ``terms``: source → how its word is taken."""

    store: Store
    state: Manifest
    as_of: date
    book: Rulebook
    terms: Mapping[str, Terms]
    settings: Insight

    def facts(self) -> pl.LazyFrame:
        """Give one row per dossier that figures count (metrics.clocks.facts)."""
        return snapshot.facts(self.store, self.state)

    def cube(self) -> pl.DataFrame:
        """Give the daily counts (metrics.cube)."""
        return snapshot.cube(self.store, self.state)
