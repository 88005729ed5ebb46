"""Who may look at one dossier: the unit that resolves it, and the unit with which it lies now (metrics.scope.Scope)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import units
from metrics.places import with_holder
from metrics.scope import Scope
from store import frames, steps
from store.tables import dossiers


@dataclass(frozen=True, slots=True)
class Sight:
    """A dossier that a reader may look at. ``unit``: who resolves it, by today's name; ``resolves``: that unit is in
    the reader's scope, and not only the one that holds the dossier."""

    unit: str | None
    resolves: bool


def sight(connection: Connection, source: str, code: str, scope: Scope) -> Sight | None:
    """Give what ``scope`` may see of a dossier; None where there is none, or it is nobody's in ``scope``: the reader
    cannot tell which. A reader's units are named as they are today."""
    here = sa.and_(dossiers.c.source == source, dossiers.c.code == code)
    told = sa.select(*(dossiers.c[c] for c in ("source", "code", "department", "holding_unit", "status"))).where(here)
    found = frames.select(connection, told)
    register = units.load()
    held = found.join(steps.holders(steps.told_of(connection, source, code)), on=("source", "code"), how="left")
    lies = with_holder(held.with_columns(pl.coalesce("holding_unit", "held_by").alias("holding_unit")), register)
    names = pl.Series([register.today(name) for name in lies["department"]], dtype=pl.String)
    seen = lies.with_columns(department=names).filter(scope.sees())
    return None if seen.is_empty() else Sight(seen["department"][0], not seen.filter(scope.expr()).is_empty())


def in_sight(connection: Connection, source: str, code: str, scope: Scope) -> bool:
    """Say whether ``scope`` may see a dossier; from the whole province nothing is hidden, known or not."""
    return scope.departments is None or sight(connection, source, code, scope) is not None
