"""What the page of the register asks: the lines in force on a day, and which of them somebody came for in a year."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from config import registered
from config.procedure_lines import Stamp
from dashboard import cached, counts, data
from dashboard.keys import HASH
from metrics import procedures_register
from metrics.events import Event
from metrics.reckoning import months_later
from metrics.scope import Filters, Scope

#: What ``received`` gives.
CAME: Final = pl.Schema({"source": pl.String, "procedure": pl.String, "received": pl.Int64})


def rows(day: date, known: pl.DataFrame) -> pl.DataFrame:
    """Give metrics.procedures_register.COLUMNS on ``day``, each department under the name of who answers for it today.

    ``known``: the sources; lines of sources that are not among them are no register of this office. Raises ConfigError.
    """
    return _rows(registered.stamp(), day, tuple(sorted(known["name"].to_list())))


@cached.resource(max_entries=8)
def _rows(file: Stamp, day: date, sources: tuple[str, ...]) -> pl.DataFrame:
    found = procedures_register.in_force(registered.load(Path(file[0])), day, sources)
    units = data.book().units
    return found.with_columns(pl.col("department").map_elements(units.today, return_dtype=pl.String))


def year(day: date) -> date:
    """Give the first of the twelve months up to ``day``."""
    return months_later(day, -12) + timedelta(days=1)


def received(version: str, scope: Scope, day: date) -> pl.DataFrame:
    """Count by source and procedure what was received in the twelve months up to ``day``, within ``scope``: CAME."""
    return _received(version, scope, day) if version else pl.DataFrame(schema=CAME)


@cached.resource(max_entries=16, hash_funcs=HASH)
def _received(version: str, scope: Scope, day: date) -> pl.DataFrame:
    rows = counts.mine(version, scope, Filters(), "today", year(day), by=["procedure"])
    of_year = pl.col("event") == Event.RECEIVED.value, pl.col("day").is_between(year(day), day)
    came = rows.filter(*of_year)
    counted = came.group_by("source", "procedure").agg(received=pl.col("n").sum())
    return counted.select(pl.col(name).cast(kind) for name, kind in CAME.items())


def idle(rows: pl.DataFrame, came: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Give the procedures nobody came for; to a reader of some units those of these units alone, by their dossiers."""
    mine = rows if scope.departments is None else rows.filter(scope.expr())
    return procedures_register.idle(mine, came)


def unknown(came: pl.DataFrame) -> pl.DataFrame:
    """Give source, procedure, received of what came and is in no line of the register."""
    return procedures_register.unknown(registered.load(), came)
