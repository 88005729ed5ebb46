"""Load one file through a mapping: fetch, translate, check, store in one transaction; or only show it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config import calendar
from config.errors import MappingError
from config.mapping import Mapping, load_mapping
from config.notes import Note
from config.personal import hide
from connectors import personal
from connectors.base import Shift
from connectors.files import read_settled
from connectors.preview import Preview, preview
from connectors.readers import read_file
from connectors.translate import translate
from metrics.calendar import WorkingCalendar
from metrics.terms import Terms
from store.database import Store
from store.ingest import Counts, Source, begin_run

_LOOKED_AT = 262_144  # bytes in which a payload shows what it is
Progress = Callable[[str, float], None]
"""Told the step under way and the share done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one load did. ``counts.read`` = new + changed + unchanged + merged + quarantined.

    ``skipped`` rows are no dossiers. ``reasons``: quarantined rows per reason. ``flags``: kept but worth knowing.
    """

    file: str
    source: str
    counts: Counts
    skipped: int
    reasons: dict[str, int]
    flags: dict[str, int]
    notes: tuple[Note, ...]
    dropped: tuple[str, ...]

    @property
    def said_nothing_changed(self) -> bool:
        """Say whether good rows were read and left the store as before: nothing new, nothing changed."""
        return self.counts.read > self.counts.quarantined and self.counts.new == 0 and self.counts.changed == 0


def load_file(
    store: Store,
    path: Path,
    *,
    seen_at: datetime,
    source: str | None = None,
    mapping: Path | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Load ``path`` into ``store``; ``source`` overrides the mapping's, ``mapping`` defaults to FILE.toml beside it.

    Good rows are stored, the others quarantined with their reasons, in one transaction. Raises ``SourceError``,
    ``MappingError`` or ``StoreError``; then nothing was stored.
    """
    data = read_settled(path)
    chosen = _named(load_mapping(_mapping_of(path, mapping)), source)
    return load_bytes(store, data, name=path.name, mapping=chosen, seen_at=seen_at, progress=progress)


def load_bytes(
    store: Store,
    data: bytes,
    *,
    name: str,
    mapping: Mapping,
    seen_at: datetime,
    into: Source | None = None,
    notes: tuple[Note, ...] = (),
    progress: Progress | None = None,
) -> RunReport:
    """Load the bytes of a file called ``name``. ``into``: its source as registered, where it is not the mapping's own.

    ``notes``: for the record of the run. Raises as ``load_file``.
    """
    tell = progress or (lambda step, share: None)
    tell("read", 0.0)
    table = read_file(data, name=name, mapping=mapping)
    tell("translate", 0.3)
    done = translate(table, mapping, shift=_working_days())
    tell("store", 0.6)
    origin = name if mapping.file.sheet is None else f'{name}, sheet "{table.sheet}"'
    digest = hashlib.sha256(data).hexdigest()
    with begin_run(
        store, into or _source_of(mapping), kind="load", origin=origin, origin_sha256=digest, seen_at=seen_at
    ) as run:
        shown = personal.masked(table, mapping)
        run.batch(done.good, done.rejects, merged=done.merged, told_steps=done.steps, told_masked=shown, notes=notes)
    tell("done", 1.0)
    return RunReport(
        hide(name),
        mapping.source,
        run.counts,
        done.skipped,
        done.reasons(),
        done.flags,
        table.notes,
        tuple(map(hide, done.dropped)),
    )


def _source_of(mapping: Mapping) -> Source:
    return Source(
        name=mapping.source,
        time_zone=mapping.time_zone,
        title=mapping.title,
        kind="file",
        cadence_minutes=mapping.cadence_minutes,
        terms=Terms(zone=mapping.time_zone, **mapping.terms.model_dump()),
    )


def preview_file(path: Path, mapping: Path | None = None, *, source: str | None = None) -> Preview:
    """Show how ``path`` would be read; without a mapping, suggest one for ``source``.

    Raises ``SourceError``, ``MappingError``.
    """
    data = read_settled(path)
    beside = mapping or _beside(path)
    chosen = _named(load_mapping(beside), source) if beside else None
    table = read_file(data, name=path.name, mapping=chosen)
    return preview(table, chosen, shift=_working_days(), source=source)


def is_payload(path: Path) -> bool:
    """Say whether a .json file is one of the national exchange, which needs no mapping; any other is a table."""
    if path.suffix.lower() != ".json":
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return False
    return b'"MaHoSo"' in head or b'"error_code"' in head


def _working_days() -> Shift:
    return WorkingCalendar(calendar.load()).shift


def _named(mapping: Mapping, source: str | None) -> Mapping:
    return mapping.model_copy(update={"source": source}) if source else mapping


def _beside(path: Path) -> Path | None:
    """Find the mapping that stands beside a file: ``export.csv.toml`` or ``export.toml``."""
    places = (path.with_name(path.name + ".toml"), path.with_suffix(".toml"))
    return next((p for p in places if p.is_file()), None)


def _mapping_of(path: Path, mapping: Path | None) -> Path:
    found = mapping or _beside(path)
    if found is None:
        wanted = path.with_suffix(".toml").name
        next_step = (
            "Run this again with --preview: it suggests a mapping; save it, check it, and give it with --mapping."
        )
        raise MappingError(path.name, f"has no mapping, and there is no {wanted} beside it.", next_step)
    return found
