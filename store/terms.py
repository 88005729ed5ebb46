"""The terms of each source as the store keeps them: how its word is taken (metrics.terms)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.terms import Terms
from store.tables import sources


def written(terms: Terms) -> str:
    """Write terms as JSON text, less the zone: the column ``time_zone`` has it, and may not change."""
    return json.dumps({name: value for name, value in asdict(terms).items() if name != "zone"})


def read(text: str | None, zone: str) -> Terms:
    """Read terms as ``written``; a source that was stored before there were terms has the defaults."""
    return Terms(**(json.loads(text or "{}") | {"zone": zone}))


def terms(connection: Connection) -> dict[str, Terms]:
    """Give source → its terms."""
    rows = connection.execute(sa.select(sources.c.name, sources.c.time_zone, sources.c.terms).order_by(sources.c.name))
    return {row.name: read(row.terms, row.time_zone) for row in rows}


def stamped_at(connection: Connection) -> datetime | None:
    """Give the newest stamp that any source gave without a change, no later than it was seen."""
    newest: datetime | None = connection.scalar(sa.select(sa.func.max(sources.c.stamped_at)))
    return newest
