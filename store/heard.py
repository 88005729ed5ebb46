"""When each source, and each unit with a declared rhythm, was last heard by a moment: from runs and ledger alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import polars as pl
import sqlalchemy as sa

from config.units import Units
from metrics import outages as rule
from metrics.freshness import Told
from metrics.outages import Outage
from metrics.worktime import WorkTime
from store import frames, snapshot
from store.database import Store, reading
from store.file_times import BY_RECORD
from store.snapshot import Manifest
from store.tables import runs, sources

_DAY: Final = 24 * 60 * 60
#: Source → unit → working days (config.sources.Source.unit_days).
UnitDays = Mapping[str, Mapping[str, int]]


def told(store: Store, state: Manifest, at: datetime, *, unit_days: UnitDays, units: Units) -> tuple[Told, ...]:
    """Give what was known at ``at`` (aware) of every source that was read by then, and of its declared units.

    ``state``: the manifest of what was known at ``at`` (jobs.known.past for a past evening): it tells when something
    was last seen of a unit's dossiers. Rhythms are today's.
    """
    rows = _sources(store, at)
    newest = newest_records(store, state, [row.name for row in rows if row.kind in BY_RECORD and row.cadence_minutes])
    seen = _seen(store, state, unit_days, units)
    found = []
    for row in rows:
        heard_at = row.heard_at
        if heard_at is not None and row.name in newest:
            heard_at = min(heard_at, newest[row.name])
        by_record, cadence = row.kind in BY_RECORD, row.cadence_minutes
        found.append(Told(row.name, None, heard_at, row.time_zone, cadence, tried=bool(row.tried), by_record=by_record))
        for unit, days in unit_days.get(row.name, {}).items():
            name = units.today(unit) or unit
            found.append(Told(row.name, name, seen.get((row.name, name)), row.time_zone, cadence_days=days))
    return tuple(found)


def _sources(store: Store, at: datetime) -> list[sa.Row[tuple[object, ...]]]:
    """Give name, kind, time_zone, cadence_minutes, heard_at (end of the last good run) and tried of the sources."""
    mine, by_then = runs.c.source == sources.c.name, runs.c.started_at <= at
    ended = sa.and_(
        mine, by_then, runs.c.state != "running", sa.or_(runs.c.finished_at.is_(None), runs.c.finished_at <= at)
    )
    heard = sa.select(sa.func.max(runs.c.finished_at)).where(mine, _good(at)).correlate(sources).scalar_subquery()
    question = sa.select(
        sources.c.name, sources.c.kind, sources.c.time_zone, sources.c.cadence_minutes,
        sa.type_coerce(heard, runs.c.finished_at.type).label("heard_at"),
        sa.exists().where(ended).correlate(sources).label("tried"),
    ).where(sa.exists().where(mine, by_then).correlate(sources)).order_by(sources.c.name)  # fmt: skip
    with reading(store) as connection:
        return list(connection.execute(question))


def _good(at: datetime) -> sa.ColumnElement[bool]:
    """Say whether a run of ``sources`` told something by ``at``: a file that was empty is no reading."""
    told_something = sa.or_(sources.c.kind.not_in(BY_RECORD), runs.c.read > 0)
    return sa.and_(runs.c.state == "ok", runs.c.finished_at <= at, told_something)


def gaps(store: Store, since: datetime, until: datetime, *, least: timedelta) -> pl.DataFrame:
    """Give the times of ``least`` or more between two good readings that followed one another, and that ended from
    ``since`` to ``until`` (aware): source, before, after."""
    of_source = runs.join(sources, sources.c.name == runs.c.source)
    last = sa.select(runs.c.source, sa.func.max(runs.c.finished_at).label("at")).select_from(of_source)
    earlier = last.where(_good(until), runs.c.finished_at < since).group_by(runs.c.source).subquery()
    begun = sa.func.coalesce(earlier.c.at, sa.literal(since, runs.c.finished_at.type))
    before = sa.func.lag(runs.c.finished_at).over(partition_by=runs.c.source, order_by=runs.c.finished_at)
    line = (
        sa.select(runs.c.source, before.label("before"), runs.c.finished_at.label("after"))
        .select_from(of_source.join(earlier, earlier.c.source == runs.c.source, isouter=True))
        .where(_good(until), runs.c.finished_at >= begun)
        .subquery()
    )
    moments = (sa.type_coerce(line.c[name], runs.c.finished_at.type).label(name) for name in ("before", "after"))
    wide = _seconds(store, line.c.before, line.c.after) >= least.total_seconds()
    question = sa.select(line.c.source, *moments).where(wide)  # before the last one ahead of ``since`` there is none
    with reading(store) as connection:
        return frames.select(connection, question.order_by(line.c.source, line.c.after))


def outages(
    store: Store, state: Manifest, *, since: datetime, until: datetime, time: WorkTime, units: Units, least: int
) -> tuple[Outage, ...]:  # fmt: skip
    """Give the outages of sources that lasted past ``since``, as they were known ``until`` then (aware), the oldest
    first. ``state``, as for ``told``; ``least``: working minutes."""
    found = told(store, state, until, unit_days={}, units=units)
    passed = gaps(store, since, until, least=timedelta(minutes=least))
    return rule.outages(passed, found, until, time, least=least)


def _seconds(store: Store, before: sa.ColumnElement[datetime], after: sa.ColumnElement[datetime]) -> sa.Function[float]:
    """Say how long it is from one instant to another; null where there is none before."""
    if store.engine.dialect.name == "sqlite":
        told = sa.func.julianday(after, type_=sa.Float) - sa.func.julianday(before, type_=sa.Float)
        return sa.func.round(told * _DAY, type_=sa.Float)
    return sa.func.round(sa.extract("epoch", after - before), type_=sa.Float)


def newest_records(store: Store, state: Manifest, names: list[str]) -> dict[str, datetime]:
    """Give the newest instant that the dossiers of ``names`` carry, no later than we saw it."""
    if not names or not state.parts:
        return {}
    stamps = ("submitted_at", "received_at", "resolved_at", "returned_at", "changed_at")
    rows = snapshot.read(store, state, "observed").filter(pl.col("source").is_in(names))
    tops = rows.group_by("source").agg(
        pl.max_horizontal(pl.col(c).filter(pl.col(c) <= pl.col("seen_at")).max() for c in stamps).alias("at")
    )
    return dict(tops.drop_nulls().collect().iter_rows())


def _seen(store: Store, state: Manifest, unit_days: UnitDays, units: Units) -> dict[tuple[str, str], datetime]:
    """Give when something was last seen of each unit, as it is called today, of the sources that declare units."""
    declared = [source for source, days in unit_days.items() if days]
    if not declared or not state.parts:
        return {}
    rows = snapshot.read(store, state, "observed").filter(
        pl.col("source").is_in(declared), pl.col("department").is_not_null()
    )
    found = rows.group_by("source", "department").agg(pl.col("seen_at").max()).collect()
    last: dict[tuple[str, str], datetime] = {}
    for source, name, at in found.iter_rows():
        key = (source, units.today(name) or name)
        last[key] = max(at, last.get(key, at))
    return last
