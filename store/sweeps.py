"""What a source shows no more: a reading of all of it, from its beginning to its end, tells what is absent.

Absent once, a dossier is marked; absent from two such readings, it gets a tombstone: a last entry in the ledger. One
that was open is then ``gone`` since the first of the two; one that was closed keeps its state, archived at the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from config.notes import Note, note
from metrics.dossier import CLOSED, COLUMNS, INSTANT, KEY, Status
from store import frames, runs, tables
from store.database import Store, reading, writing
from store.ingest import Run, in_turn
from store.states import append

#: A reading that lacks more than this share of what is stored, and more than a handful, saw only a part of the source.
MOST_ABSENT: Final = 0.05
HANDFUL: Final = 20
_ENDED: Final = tuple(s.value for s in CLOSED | {Status.NOT_ACCEPTED})


@dataclass(frozen=True, slots=True)
class Swept:
    """What a reading of a whole source told. ``missing``: absent for the first time. ``gone``: given a tombstone.
    ``back``: absent before, and there again. ``behind``: codes shown in an older state than was stored."""

    missing: int
    gone: int
    back: int
    behind: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Give what the record of the run says of it."""
        behind = len(self.behind)
        said = (
            (self.missing, note("not_found", count=self.missing)),
            (self.gone, note("gone", count=self.gone)),
            (self.back, note("back", count=self.back)),
            (behind, note("behind", count=behind, codes=self.behind)),
        )
        return tuple(one for count, one in said if count)


def settle(run: Run, codes: pl.Series, *, accept_missing: bool = False) -> Swept:
    """Compare ``codes``, all that the source showed from beginning to end, with what is stored; say so on the run.

    Raises StoreError when too much is absent to be believed; then nothing is marked. ``accept_missing``: a person has
    said that it is so; that is noted.
    """
    with writing(run.store) as connection:
        in_turn(connection)
        return settled(connection, run, codes, accept_missing=accept_missing)


def settled(connection: Connection, run: Run, codes: pl.Series, *, accept_missing: bool = False) -> Swept:
    """Do as ``settle`` does, in the transaction of the rows that the codes came with."""
    stored = _stored(connection, run.source.name)
    there = stored.join(pl.DataFrame({"code": codes.cast(pl.String).unique()}), on="code", how="semi")
    absent = stored.join(there, on="code", how="anti")
    doubt = _doubt(absent, stored, run)
    if doubt and not accept_missing:
        raise doubt
    back = there.filter(pl.any_horizontal(pl.col("missing_since", "gone_at").is_not_null()))
    first = absent.filter(pl.col("missing_since").is_null())
    second = absent.filter((pl.col("missing_since") < pl.lit(run.seen_at, INSTANT)) & pl.col("gone_at").is_null())
    none, now = pl.lit(None, INSTANT), pl.lit(run.seen_at, INSTANT)
    _mark(connection, back.select(*KEY, missing_since=none, gone_at=none))
    _mark(connection, first.select(*KEY, missing_since=now))
    _bury(connection, second["code"], run)
    source = tables.sources.c.name == run.source.name
    connection.execute(sa.update(tables.sources).where(source).values(swept_at=run.seen_at))
    run.put_back(connection)
    behind = run.shown.still_behind() if run.shown else ()
    told = Swept(first.height, second.height, back.height + run.back, behind)
    standing = stored.filter(pl.col("gone_at").is_null()).height
    accepted = [note("missing_accepted", count=first.height, of=standing)] if doubt else []
    run.note(connection, (*accepted, *told.notes))
    return told


@dataclass(slots=True)
class Settling:
    """Settles, in the transaction of its rows, a batch that is all of a source. One that lacks too much to be believed
    is doubted, and its rows are kept."""

    run: Run
    codes: pl.Series
    accept_missing: bool = False
    doubt: StoreError | None = None

    def __call__(self, connection: Connection) -> None:
        try:
            settled(connection, self.run, self.codes, accept_missing=self.accept_missing)
        except StoreError as error:
            self.doubt = error


@dataclass(frozen=True, slots=True)
class Refused:
    """A reading of all of a source that came to nothing: when it began, and why."""

    at: datetime
    why: str

    def noted(self, hours: int) -> Note:
        """Say it on the record of the plain readings that go on meanwhile."""
        at, again = (f"{when:%Y-%m-%d %H:%M} UTC" for when in (self.at, self.at + timedelta(hours=hours)))
        return note("sweep_refused", at=at, why=self.why, again=again)


def refused(store: Store, source: str) -> Refused | None:
    """Give the last reading of all of ``source`` where it was refused or failed, and none was whole since.

    One whose process was cut off says nothing of the source, and is not given.
    """
    table = tables.runs
    mine = sa.and_(table.c.source == source, table.c.kind == "sweep", table.c.state == "failed")
    said = sa.and_(mine, table.c.error != runs.CUT_OFF)
    with reading(store) as connection:
        last = connection.execute(
            sa.select(table.c.started_at, table.c.error).where(said).order_by(table.c.id.desc()).limit(1)
        ).one_or_none()
        swept = _swept_at(connection, source)
    return None if last is None or (swept and swept >= last.started_at) else Refused(last.started_at, last.error)


def due(store: Store, source: str, *, hours: int, now: datetime, local_hour: int) -> bool:
    """Say whether the whole of ``source`` should be read again: every ``hours`` (0: never), daily ones at night.

    One that was refused is tried again after as many hours: plain readings go on meanwhile.
    """
    tried = refused(store, source)
    with reading(store) as connection:
        begun = sa.select(sa.func.min(tables.runs.c.started_at)).where(tables.runs.c.source == source)
        last: datetime | None = tried.at if tried else _swept_at(connection, source) or connection.scalar(begun)
    if not hours or last is None:
        return False
    night = local_hour < 5 or hours < 24  # an office sleeps then
    return now - last >= timedelta(hours=hours if night else 2 * hours)


def _swept_at(connection: Connection, source: str) -> datetime | None:
    found: datetime | None = connection.scalar(
        sa.select(tables.sources.c.swept_at).where(tables.sources.c.name == source)
    )
    return found


def _stored(connection: Connection, source: str) -> pl.DataFrame:
    table = tables.dossiers
    told = (table.c.source, table.c.code, table.c.missing_since, table.c.gone_at)
    return frames.select(connection, sa.select(*told).where(table.c.source == source))


def _doubt(absent: pl.DataFrame, stored: pl.DataFrame, run: Run) -> StoreError | None:
    """Say why a reading is not believed: it shows nothing, or too much of what was there at the last one lacks."""
    now = absent.filter(pl.col("gone_at").is_null())
    standing = stored.filter(pl.col("gone_at").is_null()).height
    nothing = now.height == standing > 1  # an empty answer is a failure far more often than an empty office
    fresh = now.filter(pl.col("missing_since").is_null()).height  # what was missing before was believed then
    if not nothing and (fresh <= HANDFUL or fresh <= MOST_ABSENT * standing):
        return None
    found = f"a reading of all of it lacks {now.height} of {standing} dossiers; none of them was called missing."
    step = (
        "Does the source show only a part (one year, one office)? Ask its operator; if it always does, set "
        f"sweep_hours = 0. If they were deleted: dunghan sync {run.source.name} --sweep --accept-missing"
    )
    return StoreError(f'source "{run.source.name}"', found, step)


def _mark(connection: Connection, rows: pl.DataFrame) -> None:
    frames.replace(connection, tables.dossiers, rows, KEY)


def _bury(connection: Connection, codes: pl.Series, run: Run) -> None:
    """Give tombstones: the state stays as it was seen last, but what was open is gone since it was first missed."""
    if codes.is_empty():
        return
    table = tables.dossiers
    told = sa.select(*(table.c[c] for c in COLUMNS), table.c.part, table.c.versions, table.c.missing_since)
    here = sa.and_(table.c.source == run.source.name, frames.matching(connection, table.c.code, codes))
    rows = frames.select(connection, told.where(here)).with_columns(
        part_before="part", gone_at=pl.lit(run.seen_at, INSTANT)
    )
    was_open = ~pl.col("status").is_in(_ENDED)
    lost = {
        "status": pl.when(was_open).then(pl.lit(Status.GONE.value)).otherwise("status"),
        "resolved_at": pl.when(was_open).then("missing_since").otherwise("resolved_at"),
        "changed_at": pl.when(was_open).then("missing_since").otherwise("changed_at"),
    }
    now = rows.with_columns(**lost, versions=pl.col("versions") + 1, seen_at=pl.lit(run.seen_at, INSTANT))
    frames.replace(connection, table, now.drop("part_before", "missing_since"), KEY)
    append(connection, now.drop("versions", "seen_at", "missing_since", "gone_at"), "gone", run)
