"""What was read, when, with what result; and the rows that were refused."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from metrics.scope import Scope
from store import frames
from store.database import Store, locked, reading, seeing, writing
from store.reach import ledger_mark, ledger_seq
from store.tables import dossiers, ledger, quarantine, runs, sources

#: What the record of a run says whose process was killed.
CUT_OFF: Final = "the process was cut off"
#: Of each open store: a state of its ledger, and how many dossiers of each source there are in it.
_COUNTED: Final[WeakKeyDictionary[Engine, tuple[str, dict[str, int]]]] = WeakKeyDictionary()


def latest(store: Store) -> pl.DataFrame:
    """Give one row per source: name, title, kind, time_zone, cadence_minutes, cursor, terms (JSON text), dossiers,
    refused (rows waiting in quarantine), last_run_at, last_state, last_error, last_ok_at (end of the last good run)."""
    others = runs.alias()
    mine = others.c.source == sources.c.name
    newest = sa.select(sa.func.max(others.c.id)).where(mine).correlate(sources).scalar_subquery()
    good = (  # runs of one source follow one another: the newest good one ended last
        sa.select(others.c.finished_at)
        .where(mine, others.c.state == "ok")
        .order_by(others.c.id.desc())
        .limit(1)
        .correlate(sources)
        .scalar_subquery()
    )
    waiting = sa.and_(quarantine.c.source == sources.c.name, quarantine.c.mended_at.is_(None))
    refused = sa.select(sa.func.count()).where(waiting).scalar_subquery()
    question = (
        sa.select(
            *(c for c in sources.c if c.name != "stamped_at"),
            sa.type_coerce(refused, sa.Integer).label("refused"),
            runs.c.started_at.label("last_run_at"),
            runs.c.state.label("last_state"),
            runs.c.error.label("last_error"),
            sa.type_coerce(good, runs.c.finished_at.type).label("last_ok_at"),
        )
        .select_from(sources)
        .join(runs, runs.c.id == newest, isouter=True)
        .order_by(sources.c.name)
    )
    with seeing(store, Scope.province()) as connection:  # counts of a source tell of no dossier
        rows, held = frames.select(connection, question), _held(store, connection)
    counts = pl.col("name").replace_strict(held, default=0, return_dtype=pl.Int64)
    return rows.insert_column(rows.get_column_index("refused"), rows.select(dossiers=counts).to_series())


def _held(store: Store, connection: Connection) -> dict[str, int]:
    """Count the dossiers of each source; counted once for a state of the ledger, for no dossier comes without it."""
    seq = ledger_seq(connection)
    mark = f"{seq} {ledger_mark(connection, seq)}"
    counted = _COUNTED.get(store.engine)
    if counted is None or counted[0] != mark:
        question = sa.select(dossiers.c.source, sa.func.count()).group_by(dossiers.c.source)
        counted = mark, {source: int(count) for source, count in connection.execute(question)}
        _COUNTED[store.engine] = counted
    return counted[1]


def uncounted(store: Store, counted_to: int) -> list[str]:
    """Give the sources of whose first whole reading some is not in the figures, which hold the ledger up to
    ``counted_to``."""
    good = sa.select(sa.func.min(runs.c.id)).where(runs.c.source == ledger.c.source, runs.c.state == "ok")
    first = good.correlate(ledger).scalar_subquery()
    left = sa.select(ledger.c.source).where(ledger.c.seq > counted_to, ledger.c.run_id <= first).distinct()
    with seeing(store, Scope.province()) as connection:  # names of sources tell of no dossier
        behind = ledger_seq(connection) > counted_to
        return sorted(connection.scalars(left)) if behind else []


def history(store: Store, source: str | None = None, *, limit: int = 200) -> pl.DataFrame:
    """Give runs, newest first: all columns of the table ``runs``."""
    question = sa.select(runs).order_by(runs.c.id.desc()).limit(limit)
    if source is not None:
        question = question.where(runs.c.source == source)
    with reading(store) as connection:
        return frames.select(connection, question)


def since(store: Store, moment: datetime) -> pl.DataFrame:
    """Give the runs that began at ``moment`` (aware) or later: source, started_at, state, new, changed, quarantined."""
    names = ("source", "started_at", "state", "new", "changed", "quarantined")
    question = sa.select(*(runs.c[name] for name in names)).where(runs.c.started_at >= moment).order_by(runs.c.id)
    with reading(store) as connection:
        return frames.select(connection, question)


def quarantined(store: Store, scope: Scope, source: str | None = None, *, limit: int = 10_000) -> pl.DataFrame:
    """Give the refused rows that still wait, newest first: columns of the table ``quarantine``, ``reasons`` as a list.

    Whose they are is unknown, so only the province's readers see any. Rows whose dossier was read well since are kept
    in the table with ``mended_at``, and are not given here.
    """
    question = (
        sa.select(quarantine).where(quarantine.c.mended_at.is_(None)).order_by(quarantine.c.id.desc()).limit(limit)
    )
    if source is not None:
        question = question.where(quarantine.c.source == source)
    if scope.departments is not None:
        question = question.where(sa.false())
    with seeing(store, scope) as connection:
        rows = frames.select(connection, question)
    return rows.with_columns(pl.col("reasons").str.json_decode(pl.List(pl.String)))


def lock_of(source: str) -> str:
    """Name the lock that whoever reads ``source`` holds."""
    return f"source {source}"


def bury(store: Store) -> int:
    """Close the runs whose process was killed: still "running", and nobody holds their source. Gives how many."""
    with reading(store) as connection:
        names = list(connection.scalars(sa.select(runs.c.source).where(runs.c.state == "running").distinct()))
    return sum(_bury(store, name) for name in names)


def _bury(store: Store, source: str) -> int:
    with locked(store, lock_of(source)) as free:
        if not free:
            return 0
        with writing(store) as connection:
            return close_dead(connection, source)


def close_dead(connection: Connection, source: str) -> int:
    """Mark what still runs of ``source`` as cut off. The caller holds its lock, so its process is gone."""
    dead = sa.and_(runs.c.source == source, runs.c.state == "running")
    found = connection.execute(sa.update(runs).where(dead).values(state="failed", error=CUT_OFF))
    return int(found.rowcount)
