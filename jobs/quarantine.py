"""Refused rows once more: after a mapping was mended, the source is asked for all of its rows again.

What is kept of a refused row is not all that stood in it: nothing personal and no free text crosses the border, and a
letter is told from a supplement by its text. So a row is never guessed together again from quarantine; its source is
read from the beginning, by the settings of now, and whatever comes well goes into the store, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config import sources
from config.errors import SourceError
from connectors.registry import connector_of
from jobs.sync import sync_source
from metrics.scope import Scope
from store import runs
from store.database import Store
from store.ingest import Counts


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of the refused rows of a source: ``waited`` before, ``waiting`` now, and the run that read it."""

    waited: int
    waiting: int
    counts: Counts


def replay(store: Store, source: sources.Source, *, seen_at: datetime) -> Replayed:
    """Read all of ``source`` again by the settings of now; rows that come well leave quarantine.

    Raises SourceError for a source of files, with the files to load again, and whatever a sync raises.
    """
    waited = runs.quarantined(store, Scope.province(), source.name).height
    if not connector_of(source).sweeps:
        raise by_hand(store, source.name)
    counts = sync_source(store, source, seen_at=seen_at, sweep=True)
    return Replayed(waited, runs.quarantined(store, Scope.province(), source.name).height, counts)


def by_hand(store: Store, name: str) -> SourceError:
    """Say which files of a source hold refused rows: they are loaded again by whoever has them."""
    waiting = runs.quarantined(store, Scope.province(), name)
    place = f'source "{name}"'
    if waiting.is_empty():
        return SourceError(place, "none of its rows is in quarantine.", "There is nothing to replay.")
    origins = runs.history(store, name, limit=100_000).select("id", "origin")
    told = waiting.join(origins, left_on="run_id", right_on="id").group_by("origin").len().sort("origin")
    files = ", ".join(f"{origin} ({n})" for origin, n in told.iter_rows())
    step = "Mend the mapping, then load the same files again (dunghan load, or the watched folder)."
    return SourceError(place, f"its refused rows came in files: {files}.", step)
