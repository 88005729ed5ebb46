"""Load a file of entered indicators, or only show how it would be read."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from config.personal import hide
from connectors import indicators as reading
from connectors.files import read_settled
from connectors.indicators import Values
from metrics.terms import Terms
from store import entered
from store.database import Store
from store.intakes import Counts, Intake
from store.people import Person

ZONE: Final = ZoneInfo(Terms().zone)


def day(at: datetime) -> date:
    """Give the day at ``at`` where the centre is."""
    return at.astimezone(ZONE).date()


def read(path: Path, at: datetime) -> Values:
    """Say how ``path`` would be read; nothing is stored. Raises SourceError, MappingError."""
    return _read(read_settled(path), path, at)


def load(store: Store, path: Path, *, by: Person, at: datetime) -> tuple[Counts, Values]:
    """Load ``path`` into ``store``: what holds already changes nothing. Raises as ``read``, and EnteredError."""
    data = read_settled(path)
    told = _read(data, path, at)
    intake = Intake("indicators", hide(path.name), by.name, at, hashlib.sha256(data).hexdigest())
    counts = entered.load(store, told.rows, told.refused, by=by, intake=intake, repeated=told.repeated)
    return counts, told


def _read(data: bytes, path: Path, at: datetime) -> Values:
    return reading.read(data, name=path.name, time_zone=ZONE.key, today=day(at))
