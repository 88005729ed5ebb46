"""The marks of the night: which dossiers and groups are to be checked, worked out once for pages to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

import polars as pl

from jobs.insight_world import World
from metrics import (
    integrity,
    integrity_bunching,
    integrity_closings,
    integrity_evenings,
    integrity_promises,
    integrity_seen,
)
from metrics.integrity_promises import Found
from metrics.integrity_seen import local
from store import seen_open, snapshot
from store.database import reading

#: Names of the tables.
MARKS, CELLS, LOOKED, QUIET = "integrity_marks", "integrity_cells", "integrity_looked", "integrity_quiet"
_SCHEMAS: Final = {
    "marks": (MARKS, integrity.MARKS), "cells": (CELLS, integrity.CELLS), "looked": (LOOKED, integrity.LOOKED),
    "quiet": (QUIET, integrity.QUIET),
}  # fmt: skip
_FACTS: Final = (
    *integrity.WHO, "department_own", "holding_unit", "status", "received_on", "closed_on", "first_due_on", "due_on",
    "moves", "halts", "with_result", "resolved_at", "returned_at",
)  # fmt: skip
_DAY: Final = timedelta(days=1)


def make(world: World) -> Mapping[str, pl.DataFrame]:
    """Give the marked dossiers (metrics.integrity.MARKS), the tested groups (CELLS), how many were looked at (LOOKED),
    and the sources that tell too little (QUIET)."""
    by, as_of = world.settings.integrity, world.as_of
    first = as_of - by.days * _DAY
    facts = _facts(world)
    calendar = world.book.calendar
    moves = integrity_promises.moves_of(facts)
    recent = facts.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") >= first))
    found: list[Found] = [
        integrity_promises.moved(facts, moves, first, calendar, by),
        integrity_promises.paused(facts, moves, first, calendar, by),
        *integrity_promises.extended(moves, first, calendar),
        integrity_bunching.bunched(recent, first, as_of, calendar, by),
        integrity_evenings.evenings(recent, first, as_of, world.book.time, by),
        integrity_closings.peaks(facts, first, as_of, by, world.settings.signal),
        integrity_closings.near_due(recent, first, as_of, calendar, by),
        integrity_closings.at_night(recent, first, world.book.time, by),
        *_seen(world, facts),
    ]
    return {
        table: pl.concat([schema.to_frame(), *(part[kind] for part in found if kind in part)])
        for kind, (table, schema) in _SCHEMAS.items()
    }


def _facts(world: World) -> pl.DataFrame:
    """Give the dossiers that were open or closed in the time that is looked back on, and the earlier of a chart's."""
    zones = {name: said.zone for name, said in world.terms.items()}
    back = world.as_of - (world.settings.integrity.days + 7 * world.settings.signal.before + 7) * _DAY
    there = pl.col("closed_on").is_null() | (pl.col("closed_on") >= back)
    rows = world.facts().select(_FACTS).filter(there, pl.col("received_on").is_not_null()).collect()
    closed_at = pl.coalesce("resolved_at", "returned_at")
    rows = rows.with_columns(closed_at=pl.when(pl.col("closed_on").is_not_null()).then(closed_at))
    return rows.with_columns(closed_local=local("closed_at", zones)).drop("resolved_at", "returned_at")


def _seen(world: World, facts: pl.DataFrame) -> tuple[Found, Found]:
    """Find what was seen open behind its finish, and what came back; the ledger is read of few dossiers only."""
    by, zones = world.settings.integrity, {name: said.zone for name, said in world.terms.items()}
    first = world.as_of - by.days * _DAY
    turned = snapshot.read(world.store, world.state, "observed").select("source", "code", "turns")
    told = turned.filter(pl.col("turns").is_not_null()).collect()
    # A dossier seen in one status only has nothing to tell here but to be counted.
    observed = facts.join(told, on=["source", "code"], how="left", maintain_order="left").with_row_index("i")
    turns = integrity_seen.turns(observed)
    back = integrity_seen.back(observed, turns, first, zones)
    asked = integrity_seen.asked_of(observed, turns, first, by)
    since = datetime.combine(first, time(), UTC) - 31 * _DAY
    with reading(world.store) as connection:
        entries = seen_open.entries(connection, asked.select("source", "code"))
        stood = integrity_seen.last_open(entries, seen_open.readings(connection, since))
    return integrity_seen.seen_open(observed, stood, first, zones, by), back
