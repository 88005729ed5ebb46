"""Pull what is new from the configured sources: one run each, one transaction a batch, its cursor stored with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
from rich.console import Console
from rich.markup import escape

from config import calendar, sources
from config.diary import about, diary, new_number
from config.errors import DunghanError
from config.mapping import TIME_ZONE
from config.notes import Note
from config.settings import settings
from connectors import folder_settings, payload_file, raw, retries
from connectors.base import Batch, Reading
from connectors.personal import without_people
from connectors.registry import CONNECTORS, Connector, connector_of
from jobs import sync_screen
from metrics.calendar import WorkingCalendar
from metrics.terms import Terms
from store import finding, sweeps
from store.database import Store
from store.file_times import FileTime
from store.ingest import Counts, Kind, Run, begin_run
from store.ingest import Source as Stored

log = diary("sync")
#: Told after every stored batch: rows read so far, rows expected.
Told = Callable[[int, int], None]
NOTHING: Final = Counts()


def sync_source(
    store: Store,
    source: sources.Source,
    *,
    seen_at: datetime,
    progress: Told | None = None,
    sweep: bool = False,
    accept_missing: bool = False,
    noted: Callable[[list[Note]], None] | None = None,
) -> Counts:
    """Pull one source up to now and give what became of the rows read; ``noted`` is told what the run noticed.

    Batches already stored stay stored when a later one fails; the next run goes on at their cursor. When its time has
    come, or ``sweep`` asks for it, all of the source is read again, and what it does not show is missing there.
    ``accept_missing``: also where so much is missing that the reading would not be believed.
    What the run noticed is told of one that fails, too.
    Raises SourceError, StoreError, ConfigError.
    """
    connector = connector_of(source)
    hour = seen_at.astimezone(source.zone).hour
    sweeps_now = connector.sweeps and (
        sweep or sweeps.due(store, source.name, hours=source.sweep_hours, now=seen_at, local_hour=hour)
    )
    kind: Kind = "sweep" if sweeps_now else "sync"
    standing = _refused(store, source) if connector.sweeps and not sweeps_now else ()
    with begin_run(store, stored(source), kind=kind, origin=source.origin, seen_at=seen_at) as run:
        if source.kind == "folder":
            folder_settings.refuse_shared(sources.load(), of=source)
        cursor = None if sweeps_now else run.last_cursor
        asked = _Asked(sweeps_now, connector.sweeps and _shows_all(connector, source, cursor), accept_missing)
        reading = _reading(store, source, cursor, seen_at)
        try:
            codes = _store_all(run, source, connector, reading, asked, progress, standing)
            if asked.whole:
                sweeps.settle(run, codes, accept_missing=accept_missing)
        finally:
            if noted:
                noted(run.notes)
    raw.forget(_raw_folder(), source=source.name, today=seen_at.date(), days=source.keep_raw_days)
    return run.counts


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a pull is to be. ``whole``: it shows all of the source. ``accept_missing``: however little that is."""

    sweep: bool
    whole: bool
    accept_missing: bool


def _shows_all(connector: Connector, source: sources.Source, cursor: str | None) -> bool:
    """Say whether this pull is judged as a reading of all; one of a part (sweep_hours = 0) only at the beginning."""
    return cursor is None or (source.sweep_hours > 0 and connector.shows_all(source, cursor))


def _store_all(
    run: Run,
    source: sources.Source,
    connector: Connector,
    reading: Reading,
    asked: _Asked,
    progress: Told | None,
    standing: tuple[Note, ...],
) -> pl.Series:
    """Store batch after batch and give the codes that came. A sweep leaves the cursor where it is."""
    came = [pl.Series(dtype=pl.String)]
    for number, batch in enumerate(connector.pull(source, reading)):
        _keep(batch, source, reading.now, number)
        whole = sweeps.Settling(run, batch.codes, asked.accept_missing) if batch.is_whole else None
        run.batch(
            batch.good, batch.rejects, merged=batch.merged, cursor=None if asked.sweep else batch.cursor,
            told_steps=batch.steps if batch.steps is None else without_people(batch.steps),
            told_masked=batch.masked, notes=(*standing, *batch.notes), also=whole,
            file=FileTime(batch.file_at, batch.is_older) if batch.file_at else None,
        )  # fmt: skip
        if whole and whole.doubt:
            raise whole.doubt
        came += [batch.codes] if asked.whole else []
        if progress:
            progress(run.counts.read, batch.n_expected)
    return pl.concat(came)


def _refused(store: Store, source: sources.Source) -> tuple[Note, ...]:
    """Say on plain readings that the last one of all of the source was refused, and when it is tried again."""
    found = sweeps.refused(store, source.name) if source.sweep_hours else None
    return (found.noted(source.sweep_hours),) if found else ()


def _reading(store: Store, source: sources.Source, cursor: str | None, now: datetime) -> Reading:
    days = WorkingCalendar(calendar.load())
    name = source.name
    return Reading(
        now,
        cursor,
        lambda: finding.open_of(store, name),
        days.shift,
        lambda before: finding.stepless_of(store, name, before),
    )


def _keep(batch: Batch, source: sources.Source, seen_at: datetime, number: int) -> None:
    """Keep the raw answer before its rows are stored: what is in the store can be looked up in it."""
    if source.keep_raw_days and batch.raw is not None:
        raw.keep(batch.raw, _raw_folder(), source=source.name, seen_at=seen_at, number=number)


def _raw_folder() -> Path:
    return settings().home / "raw"


def stored(source: sources.Source) -> Stored:
    """Give the source as the store registers it."""
    terms = Terms(zone=source.time_zone, **source.terms.model_dump())
    kind = CONNECTORS.get(source.kind)
    awaited = kind is None or kind.is_awaited or "cadence_minutes" in source.model_fields_set
    cadence = source.cadence_minutes if awaited else None
    return Stored(source.name, source.time_zone, source.title, source.kind, cadence, terms)


def sync_all(
    store: Store,
    names: tuple[str, ...] = (),
    *,
    console: Console | None = None,
    sweep: bool = False,
    accept_missing: bool = False,
    quiet: bool = False,
) -> tuple[str, ...]:
    """Pull the sources called ``names``, without names all that are on; give those that failed.

    ``sweep``: read all of each again, and say what it does not show any more. ``accept_missing``: believe it although
    much is missing. ``quiet``: say only what failed.

    A source that fails never stops the others; its message goes to ``console``, without one to the log.
    """
    failed: list[str] = []
    shown = None if quiet else console
    retries.tell(_of_retries(console, quiet))
    wanted = sources.chosen(names)
    if not wanted and console:
        console.print(
            "Nothing to pull: no source is on in config/sources.toml. A file: dunghan load FILE --source NAME."
        )
    for source in wanted:
        screen = sync_screen.progress(shown, source.name, source.title) if shown else nullcontext(None)
        with about(job="sync", task=new_number()), screen as tell:
            notes: list[Note] = []
            try:
                counts = sync_source(
                    store, source, seen_at=datetime.now(UTC), progress=tell, sweep=sweep,
                    accept_missing=accept_missing, noted=notes.extend,
                )  # fmt: skip
            except DunghanError as error:
                failed.append(source.name)
                if console:
                    console.print(f"[bold red]✗[/] {escape(str(error))}", highlight=False, soft_wrap=True)
                else:
                    log.warning("sync_failed", source=source.name, place=error.place, found=error.found)
            else:
                if shown:
                    shown.print(f"[green]✓[/] {source.name}: {said(counts)}", highlight=False, soft_wrap=True)
        if shown:
            for note in notes:
                sync_screen.line(shown, f"  {note}")
    return tuple(failed)


def _of_retries(console: Console | None, quiet: bool) -> Callable[[str], None]:
    """Give who is told that a request is tried again."""
    if console is None:
        return retries_to_log
    return (lambda _: None) if quiet else (lambda text: sync_screen.line(console, f"  {text}"))


def retries_to_log(text: str) -> None:
    """Write the sentence of a retry into the log."""
    log.info("request_again", why=text)


def said(counts: Counts) -> str:
    """Say what became of the rows of a run."""
    parts = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged, "merged": counts.merged}
    text = ", ".join(f"{n:,} {word}" for word, n in parts.items())
    return f"{counts.read:,} read = {text}, {counts.quarantined:,} quarantined"


def load_payload(store: Store, path: Path, name: str, *, seen_at: datetime) -> Counts:
    """Load a file that holds a payload of the exchange, dossiers or steps, under the source ``name``.

    Time zone and words are those of sources.toml where it knows the name, else those of the national format.
    Raises SourceError, StoreError, ConfigError.
    """
    known = {s.name: s for s in sources.load()}.get(name)
    told = known.exchange if known else sources.Exchange()
    into = stored(known) if known else Stored(name, TIME_ZONE)
    data = payload_file.read_bytes(path)
    batch = payload_file.batch_of_file(data, told, source=name, time_zone=into.time_zone, name=path.name)
    digest = hashlib.sha256(data).hexdigest()
    with begin_run(store, into, kind="load", origin=path.name, origin_sha256=digest, seen_at=seen_at) as run:
        run.batch(batch.good, batch.rejects, merged=batch.merged, told_steps=batch.steps)
    return run.counts
