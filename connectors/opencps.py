"""Pull dossiers from OpenCPS: new ones by day of receipt, closed ones by their last days, and every open one anew.

OpenCPS cannot be asked what has changed. So a pull reads by days what came and what went since the last one, and then
looks at each dossier that the store still holds open and that was not among them. The cursor is a day that is read
again (``overlap_days``); within a pull it knows the phase and the day to go on at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from config.notes import Note, note
from config.sources import Source
from connectors.base import Batch, Reading
from connectors.border import no_rejects
from connectors.json_rows import texts_of
from connectors.json_values import there
from connectors.opencps_cursor import REFRESHED, STEPS, WAITING, Cursor
from connectors.opencps_days import differences
from connectors.opencps_refresh import refresh
from connectors.opencps_rows import KEPT, followed, frame_of, translate
from connectors.opencps_settings import Settings
from connectors.opencps_slices import Whole, whole_slices
from connectors.opencps_steps import steps_of
from connectors.opencps_wire import Desk, at
from connectors.pages import mostly_readable
from connectors.personal import masked_cells, unseen
from metrics.dossier import COLUMNS, Dossier
from store.steps import STEPS as STEP_COLUMNS

__all__ = ["Settings", "pull"]

_STEPS_A_BATCH: Final = 50


@dataclass(slots=True)
class _Pull:
    """One pull under way. ``seen``: codes that came in it. ``follow``: number → code of those whose steps matter.
    ``fields``: those of [source.privacy] that came."""

    desk: Desk
    reading: Reading
    before: Cursor
    seen: set[str] = field(default_factory=set)
    follow: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return not self.before.until

    @property
    def began(self) -> str:
        return self.before.began or self.reading.now.isoformat()

    def at(self, phase: str, day: date | None = None, steps_after: str | None = None) -> str:
        """Give the cursor that goes on in ``phase`` at ``day``."""
        told = self.before.steps_after if steps_after is None else steps_after
        columns = tuple(sorted(self.desk.columns))
        return Cursor(self.before.until, self.began, phase, day.isoformat() if day else "", columns, told).write()

    def end(self, steps_after: str) -> str:
        """Give the cursor of a pull that is done. What the source stamps after its beginning is still to come."""
        return Cursor(until=self.began, columns=tuple(sorted(self.desk.columns)), steps_after=steps_after).write()


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what the site shows since the cursor, slice by slice. Raises SourceError, ConfigError."""
    with at(source) as desk:
        before = Cursor.read(reading.cursor)
        desk.columns.update(before.columns)
        work = _Pull(desk, reading, before)
        for phase in before.phases:
            if phase == REFRESHED:
                yield from _refreshed(work)
            elif phase == STEPS:
                yield from _steps(work)
            else:
                yield from _lists(work, phase)


def _lists(work: _Pull, phase: str) -> Iterator[Batch]:
    for part in work.before.slices(phase, work.desk.source, work.desk.settings, work.reading.now):
        for whole in whole_slices(work.desk, part):
            if whole.records:
                yield _batch(work, whole.records, whole.part.said, work.at(phase, _next_day(whole, phase)))


def _next_day(whole: Whole, phase: str) -> date | None:
    """Give the day to go on at; a day read in parts, and a list without days, is read again as a whole."""
    if phase == WAITING:
        return None
    in_parts = any(name == "agency" for name, _ in whole.part.params)
    return whole.part.first if in_parts else whole.part.last + timedelta(days=1)


def _batch(work: _Pull, records: list[dict[str, Any]], said: str, cursor: str) -> Batch:
    """Translate one slice, and remember what the later phases want to know of it."""
    rows, told = frame_of(records), work.desk.settings
    done = translate(rows, told, work.desk.source, origin=f"OpenCPS {said}")
    mostly_readable(done, said, work.desk.place)
    work.seen.update(rows[told.code].drop_nulls())
    work.follow.update(followed(rows, done, told))
    wanted = work.desk.source.privacy.keep_masked
    work.fields.update(name for name in wanted if any(there(record, name) for record in records))
    return replace(done, cursor=cursor, masked=masked_of(records, work.desk.source))


def masked_of(records: list[dict[str, Any]], source: Source) -> pl.DataFrame:
    """Give what [source.privacy] wants of the applicants of ``records``, in its masked form: store.masked.MASKED."""
    code = source.told(Settings).code
    told = texts_of(records, {name: name for name in (code, *source.privacy.keep_masked)})
    return masked_cells(told[code], told.drop(code))


def _refreshed(work: _Pull) -> Iterator[Batch]:
    """Look at every open dossier of the store that did not come yet in this pull."""
    missing: list[str] = []
    for records, said in refresh(work.desk, _still_open(work), missing):
        yield _batch(work, records, said, work.at(REFRESHED))
    if missing:
        work.notes.append(note("open_not_shown", count=len(missing), codes=missing))


def _still_open(work: _Pull) -> pl.DataFrame:
    """Give code and day of receipt of what is to be refreshed; what this pull saw before it was cut off is fresh."""
    held = work.reading.open()
    if held.is_empty():
        return pl.DataFrame(schema={"code": pl.String, "day": pl.Date})
    zone = work.desk.source.time_zone
    fresh = pl.col("seen_at") >= datetime.fromisoformat(work.began)
    stale = held.filter(~fresh.fill_null(False)) if work.before.began else held
    return stale.filter(~pl.col("code").is_in(work.seen)).select(
        "code", day=pl.col("received_at").dt.convert_time_zone(zone).dt.date()
    )


def _steps(work: _Pull) -> Iterator[Batch]:
    """Ask for the steps of open and late dossiers, a share of them at each pull, and end the pull."""
    if work.full and work.desk.settings.calendar:
        today = work.reading.now.astimezone(work.desk.source.zone).date()
        work.notes += differences(work.desk, today)
    chosen, last = _chosen(work), work.before.steps_after
    for start in range(0, len(chosen), _STEPS_A_BATCH):
        part = chosen[start : start + _STEPS_A_BATCH]
        told = [steps_of(work.desk, number, work.follow[number]) for number in part]
        last = part[-1]
        frames = [t for t in told if t is not None]
        steps = pl.concat(frames) if frames else pl.DataFrame(schema=STEP_COLUMNS)
        if gone := len(part) - len(frames):
            work.notes.append(note("steps_kept", count=gone))
        yield _nothing(work.at(STEPS, steps_after=last), steps=steps)
    wanted, first = work.desk.source.privacy.keep_masked, work.reading.cursor is None
    lost = unseen(wanted, work.fields, rows=len(work.seen), first=first)
    yield _nothing(work.end(last), notes=tuple(dict.fromkeys([*work.notes, *lost])))


def _chosen(work: _Pull) -> list[str]:
    """Choose whose steps are asked for: all in turn, from the one on at which the last pull stopped."""
    told = work.desk.settings
    if told.steps == "none":
        return []
    numbers = sorted(work.follow)
    behind = [n for n in numbers if n > work.before.steps_after]
    ring = behind + [n for n in numbers if n <= work.before.steps_after]
    if len(ring) > told.steps_a_pull:
        work.notes.append(note("steps_in_turn", asked=told.steps_a_pull, of=len(ring)))
    return ring[: told.steps_a_pull]


def _nothing(cursor: str, *, steps: pl.DataFrame | None = None, notes: tuple[Note, ...] = ()) -> Batch:
    """Give a batch without dossiers: it moves the cursor on, and may bring steps."""
    empty = Dossier.create_empty().select(COLUMNS)
    return Batch(empty, no_rejects(), 0, cursor, frame_of([]).select(KEPT), steps=steps, notes=notes)
