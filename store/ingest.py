"""Write what a source showed: one run, batches of one transaction each, nothing lost and nothing twice.

A batch is rows + ledger + quarantine + cursor + run record, all or nothing. Always
read = new + changed + unchanged + merged + quarantined.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import diary
from config.errors import DunghanError, StoreError
from config.notes import Note, note
from config.notes import written as noted
from config.personal import hide
from metrics.dossier import KEY, whole
from metrics.terms import Terms
from store import comparing, file_times, frames, masked, refusals, runs, states, steps, tables
from store.database import Store, locked, writing
from store.terms import written

Kind = Literal["load", "sync", "sweep"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where dossiers come from. ``time_zone`` (IANA) cuts its days and may not change once rows are stored.

    ``terms``: how its word is taken, less the zone, which is ``time_zone``; kept anew at every run.
    """

    name: str
    time_zone: str
    title: str = ""
    kind: str = "file"
    cadence_minutes: int | None = None
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows read. ``merged``: duplicates, superseded rows, events folded into their case."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    quarantined: int = 0

    @property
    def read(self) -> int:
        return self.new + self.changed + self.unchanged + self.merged + self.quarantined

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, n) + getattr(other, n) for n in _COUNTED))


_COUNTED: Final = ("new", "changed", "unchanged", "merged", "quarantined")


@dataclass(slots=True)
class Run:
    """One reading of one source, open until ``begin_run``'s block ends."""

    store: Store
    id: int
    kind: Kind
    source: Source
    seen_at: datetime
    last_cursor: str | None
    #: Of a sweep: what it has shown so far.
    shown: comparing.Shown | None = None
    counts: Counts = field(default_factory=Counts)
    notes: list[Note] = field(default_factory=list)
    #: Dossiers that had been missing and came as they were.
    back: int = 0

    def note(self, connection: Connection, notes: Sequence[Note]) -> None:
        """Keep notes on the run's record, each once, in the transaction of what they tell of."""
        self.notes = self._with(notes)
        _store_progress(connection, self, self.counts, None, self.notes)

    def put_back(self, connection: Connection) -> None:
        """Take the older states that a sweep showed and nothing newer: the source was put back, it or its clock."""
        back = self.shown.put_back() if self.shown else pl.DataFrame()
        if back.is_empty():
            return
        told = comparing.split(connection, back, self.seen_at, any_age=True)
        states.write_changed(connection, told.changed, told.unlike, self)
        n = told.changed.height
        self.counts = replace(self.counts, merged=self.counts.merged - n, changed=self.counts.changed + n)

    def _with(self, notes: Sequence[Note]) -> list[Note]:
        return [*self.notes, *(n for n in dict.fromkeys(notes) if n not in self.notes)]

    def batch(
        self,
        good: pl.DataFrame,
        rejects: pl.DataFrame | None = None,
        *,
        merged: int = 0,
        cursor: str | None = None,
        told_steps: pl.DataFrame | None = None,
        told_masked: pl.DataFrame | None = None,
        notes: Sequence[Note] = (),
        also: Callable[[Connection], None] | None = None,
        file: file_times.FileTime | None = None,
    ) -> Counts:
        """Store one batch in one transaction and give what became of its rows.

        ``good``: columns of metrics.dossier.Dossier, one row per code. ``rejects``: metrics.dossier.REJECTS.
        ``merged``: rows that the connector folded into others. ``cursor``: where the next run goes on.
        ``told_steps``: store.steps.STEPS. ``told_masked``: store.masked.MASKED, None where nothing is said of it.
        ``notes``: each kept once on the run's record. ``also``: done after the rows, in their transaction.
        ``file``: whose rows these are (store.file_times).
        Raises StoreError when the database refuses; then nothing of the batch is stored.
        """
        rows = whole(good).with_columns(pl.col(("status", "level", "channel")).cast(pl.String))
        if rows["code"].n_unique() != rows.height or (rows["source"] != self.source.name).any():
            raise ValueError("a batch holds one row per code, all of the run's source")
        with writing(self.store) as connection:
            in_turn(connection)
            of_files = self.source.kind in file_times.BY_RECORD
            told = comparing.split(connection, rows, self.seen_at, self.shown, file=file, of_files=of_files)
            lately = told.lately if file and file.is_older else rows["code"]
            states.insert_new(connection, told.new, self)
            states.write_changed(connection, told.changed, told.unlike, self)
            states.restamp(connection, told.restamped, self)
            frames.replace(connection, tables.dossiers, told.back.with_columns(**states.THERE), KEY)
            refused = refusals.keep(connection, rejects, self)
            refusals.settle(connection, lately, rejects, self)
            steps.keep(connection, told_steps, self)
            masked.keep(connection, self.source.name, lately, told_masked)
            file_times.keep(connection, self.source.name, told.lately, file)
            self.back += told.back.height
            if self.shown is not None:
                self.shown.take(told, rows["code"])
            if also is not None:
                also(connection)
            said = self._with((*notes, *([note("twice")] if told.twice else [])))
            done = Counts(
                new=told.new.height,
                changed=told.changed.height,
                unchanged=told.unchanged,
                merged=told.superseded + merged,
                quarantined=refused,
            )
            total = self.counts + done
            _store_progress(connection, self, total, cursor, said)
        self.counts, self.notes = total, said
        return done


@contextmanager
def begin_run(
    store: Store, source: Source, *, kind: Kind, origin: str, seen_at: datetime, origin_sha256: str | None = None
) -> Iterator[Run]:
    """Open a run of ``source``; its record says running, then ok or failed with the reason.

    ``seen_at`` is the moment of this reading (aware). Raises StoreError when another run of the same source
    is under way, or when the source was stored with another time zone.
    """
    runs.bury(store)
    with locked(store, runs.lock_of(source.name)) as free:
        if not free:
            raise StoreError(
                f'source "{source.name}"', "another run of it is under way.", "Wait for it to end and run this again."
            )
        begun = time.monotonic()
        run = _open(store, source, kind=kind, origin=hide(origin), seen_at=seen_at, origin_sha256=origin_sha256)
        diary.learned(run=run.id)
        try:
            yield run
        except BaseException as error:
            with suppress(StoreError):  # on a full disk not even this can be written; the first error is the one to say
                _close(run, begun, state="failed", error=_said(error))
            raise
        _close(run, begun, state="ok", error=None)


def in_turn(connection: Connection) -> None:
    """Let batches of different sources append to the ledger one after the other.

    PostgreSQL hands out numbers before it commits; readers who go by the newest number must not miss a lower one.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(20260116)"))


def _said(error: BaseException) -> str:
    return str(error) if isinstance(error, DunghanError) else f"{type(error).__name__}: {error}"


def _open(
    store: Store, source: Source, *, kind: Kind, origin: str, seen_at: datetime, origin_sha256: str | None
) -> Run:
    with writing(store) as connection:
        cursor, swept_at = _register(connection, source)
        runs.close_dead(connection, source.name)
        row = {
            "source": source.name, "kind": kind, "origin": origin, "origin_sha256": origin_sha256,
            "state": "running", "started_at": seen_at,
        }  # fmt: skip
        key = connection.execute(sa.insert(tables.runs).values(row)).inserted_primary_key
    number = int(key[0]) if key else 0
    return Run(store, number, kind, source, seen_at, cursor, comparing.Shown(swept_at) if kind == "sweep" else None)


def _register(connection: Connection, source: Source) -> tuple[str | None, datetime | None]:
    """Insert or update the source's own row; give the cursor it stands at, and when it was last swept."""
    known = connection.execute(sa.select(tables.sources).where(tables.sources.c.name == source.name)).one_or_none()
    values = {
        "title": source.title or source.name, "kind": source.kind,
        "time_zone": source.time_zone, "cadence_minutes": source.cadence_minutes, "terms": written(source.terms),
    }  # fmt: skip
    if known is None:
        connection.execute(sa.insert(tables.sources).values(name=source.name, **values))
        return None, None
    if known.time_zone != source.time_zone:
        raise StoreError(
            f'source "{source.name}"',
            f"its days were cut in {known.time_zone}, now {source.time_zone} is asked.",
            "Load under another source name, or put the time zone back.",
        )
    connection.execute(sa.update(tables.sources).where(tables.sources.c.name == source.name).values(**values))
    return known.cursor, known.swept_at


def _close(run: Run, begun: float, *, state: str, error: str | None) -> None:
    finished = run.seen_at + timedelta(seconds=time.monotonic() - begun)
    with writing(run.store) as connection:
        connection.execute(
            sa.update(tables.runs)
            .where(tables.runs.c.id == run.id)
            .values(state=state, error=error, finished_at=finished)
        )


def _store_progress(connection: Connection, run: Run, total: Counts, cursor: str | None, notes: Sequence[Note]) -> None:
    values: dict[str, int | str] = {"read": total.read} | {n: getattr(total, n) for n in _COUNTED}
    if notes:
        values["notes"] = noted(notes)
    if cursor is not None:
        values["cursor"] = cursor
        here = tables.sources.c.name == run.source.name
        connection.execute(sa.update(tables.sources).where(here).values(cursor=cursor))
    connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run.id).values(**values))
