"""Pull what is new from the configured sources: one run each, one transaction a batch, its cursor stored with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from config import calendar, sources
from config.errors import DunghanError
from config.settings import settings
from connectors import exchange, raw
from connectors.base import Batch, Reading
from connectors.payload import read_payload
from connectors.registry import connector_of
from jobs.diary import diary
from metrics.calendar import WorkingCalendar
from metrics.terms import Terms
from store import finding
from store.database import Store
from store.ingest import Counts, begin_run
from store.ingest import Source as Stored

log = diary("sync")
#: Told after every stored batch: rows read so far, rows expected.
Told = Callable[[int, int], None]
NOTHING: Final = Counts()


def sync_source(store: Store, source: sources.Source, *, seen_at: datetime, progress: Told | None = None) -> Counts:
    """Pull one source up to now and give what became of the rows read.

    Batches already stored stay stored when a later one fails; the next run goes on at their cursor.
    Raises SourceError, StoreError, ConfigError.
    """
    pull = connector_of(source).pull
    with begin_run(store, stored(source), kind="sync", origin=source.origin, seen_at=seen_at) as run:
        for number, batch in enumerate(pull(source, _reading(store, source, run.last_cursor, seen_at))):
            _keep(batch, source, seen_at, number)
            run.batch(
                batch.good,
                batch.rejects,
                merged=batch.merged,
                cursor=batch.cursor,
                told_steps=batch.steps,
                notes=batch.notes,
            )
            if progress:
                progress(run.counts.read, batch.n_expected)
    raw.forget(_raw_folder(), source=source.name, today=seen_at.date(), days=source.keep_raw_days)
    return run.counts


def _reading(store: Store, source: sources.Source, cursor: str | None, now: datetime) -> Reading:
    days = WorkingCalendar(calendar.load())
    return Reading(now, cursor, lambda: finding.open_of(store, source.name), days.shift)


def _keep(batch: Batch, source: sources.Source, seen_at: datetime, number: int) -> None:
    """Keep the raw answer before its rows are stored: what is in the store can be looked up in it."""
    if source.keep_raw_days and batch.raw is not None:
        raw.keep(batch.raw, _raw_folder(), source=source.name, seen_at=seen_at, number=number)


def _raw_folder() -> Path:
    return settings().home / "raw"


def stored(source: sources.Source) -> Stored:
    """Give the source as the store registers it."""
    terms = Terms(zone=source.time_zone, **source.terms.model_dump())
    return Stored(source.name, source.time_zone, source.title, source.kind, source.cadence_minutes, terms)


def sync_all(store: Store, names: tuple[str, ...] = (), *, console: Console | None = None) -> tuple[str, ...]:
    """Pull the sources called ``names``, without names all that are on; give those that failed.

    A source that fails never stops the others; its message goes to ``console`` and to the log.
    """
    failed: list[str] = []
    wanted = sources.chosen(names)
    if not wanted and console:
        console.print(
            "Nothing to pull: no source is on in config/sources.toml. A file: dunghan load FILE --source NAME."
        )
    for source in wanted:
        bar = Progress(console=console, transient=True) if console else nullcontext(None)
        with bar as shown:
            task = shown.add_task(source.title or source.name, total=None) if shown else None
            tell = None if shown is None or task is None else _teller(shown, task)
            try:
                counts = sync_source(store, source, seen_at=datetime.now(UTC), progress=tell)
            except DunghanError as error:
                failed.append(source.name)
                log.warning("sync_failed", source=source.name, place=error.place, found=error.found)
                if console:
                    console.print(f"[bold red]✗[/] {escape(str(error))}", highlight=False)
                continue
        if console:
            console.print(f"[green]✓[/] {source.name}: {said(counts)}", highlight=False)
    return tuple(failed)


def _teller(bar: Progress, task: object) -> Told:
    return lambda read, expected: bar.update(task, completed=read, total=max(read, expected))  # type: ignore[arg-type]


def said(counts: Counts) -> str:
    """Say what became of the rows of a run."""
    parts = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged, "merged": counts.merged}
    text = ", ".join(f"{n:,} {word}" for word, n in parts.items())
    return f"{counts.read:,} read = {text}, {counts.quarantined:,} quarantined"


def load_payload(store: Store, path: Path, name: str, *, seen_at: datetime) -> Counts:
    """Load a file that holds a payload of the exchange under the source ``name``.

    Time zone and words are those of sources.toml where it knows the name, else those of the national format.
    Raises SourceError, StoreError, ConfigError.
    """
    source = {s.name: s for s in sources.load()}.get(name)
    told = source.exchange if source else sources.Exchange()
    into = stored(source) if source else Stored(name, sources.TIME_ZONE)
    payload = read_payload(path, changed=told.changed)
    done = exchange.translate(payload.dossiers, told, source=name, time_zone=into.time_zone, origin=path.name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with begin_run(store, into, kind="load", origin=path.name, origin_sha256=digest, seen_at=seen_at) as run:
        run.batch(done.good, done.rejects, merged=done.merged)
    return run.counts
