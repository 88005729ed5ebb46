"""Pull from a one-stop system that speaks the national exchange format: sign in, then page by page.

Pages are ordered by last change and read **from the last to the first**: while we read, a dossier that changes leaves
its place and those behind it move forward, never backward, so nothing slips through between two pages; the newest
come first. The cursor is inclusive, goes back by an overlap, and knows the page to resume at. Where the system tells
its steps (CapNhatTienDoHoSoMC), they are read after the dossiers, in the same way; where it gives them by code too,
those of open and late dossiers that lie before the window (connectors.national_steps).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from config.notes import Note, note
from config.sources import Source
from connectors import exchange
from connectors.base import Batch, Reading
from connectors.exchange_steps import DEFAULT_STEPS, parse_steps, steps_batch
from connectors.national_cursor import Cursor, Kind, Window, back, wall
from connectors.national_session import Session
from connectors.national_steps import Service, behind
from connectors.pages import Page, Watch, nothing_gone
from connectors.payload import Payload, parse
from connectors.personal import unseen
from connectors.rest import connect

Answer = TypeVar("Answer", bound=Page)


class Settings(BaseModel):
    """What stands in [source.national_portal]."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    steps_service: str = ""  # CapNhatTienDoHoSoMC, where the system answers it
    steps_days: Annotated[int, Field(ge=0)] = 0  # when nothing was read yet, only those of so many days; 0: all
    steps_codes: str = ""  # the list of codes (maHoSo) by which it gives the steps of some dossiers; "": it does not
    steps_a_pull: Annotated[int, Field(ge=1)] = (
        1000  # dossiers asked for by code; the next pull goes on behind the last
    )
    #: Beginning of NoiDungXuLy → name of the step; the text itself may name people and is not kept.
    step_words: dict[str, str] = DEFAULT_STEPS


@dataclass(frozen=True, slots=True)
class _Taken(Generic[Answer]):
    """One page of a service: what it holds, its number, where its rows stood, rows in all, what was noticed."""

    answer: Answer
    number: int
    origin: str
    total: int
    notes: tuple[Note, ...]
    after: Window


@dataclass(slots=True)
class _Pull:
    """One pull under way: what it asks, and where it stands."""

    source: Source
    reading: Reading
    session: Session
    cursor: Cursor

    @property
    def place(self) -> str:
        return self.session.wire.place

    def pages(
        self, kind: Kind, service: str, parsed: Callable[[bytes, str], Answer], *, oldest: str = ""
    ) -> Iterator[_Taken[Answer]]:
        """Give page after page of a service; the cursor is where it will stand when the page is stored.

        ``oldest``: where to begin when nothing was read yet, "" at the very beginning.
        """

        def ask(since: str, upto: str, page: int) -> Answer:
            return parsed(self.session.ask(service, since, upto, page), f"{self.place}, {service}")

        before = self.cursor.dossiers if kind == "dossiers" else self.cursor.steps
        since = before.since if before.page else back(before.until, self.source) or oldest
        first = ask(since, before.upto, 1)
        said = first.envelope.get(self.source.request.until, "")
        notes = _clock_went_back(said, before)
        if notes:
            before, since = Window(until=said), back(said, self.source)
            first = ask(since, "", 1)
        upto = before.upto or said or self._wall
        watch = Watch(self.place, self.source.request, before.last)
        total = watch.total(first)
        last = before.page or max(1, -(-total // self.source.request.rows_a_page))
        held: _Taken[Answer] | None = None
        for page in range(last, 0, -1):
            answer = first if last == 1 else ask(since, upto, page)
            watch.page(answer, page)
            # Only now is it sure that the page before was not this one under its number.
            yield from self._released(kind, held)
            # A source whose clock is ahead must not make us skip what it will stamp once that is mended.
            rest = Window(before.until, since, upto, page - 1, watch.last)
            done = Window(min(upto, self._wall)) if page == 1 else rest
            held = _Taken(answer, page, f"{service} trang {page}, đến {upto}", total, notes, done)
            time.sleep(self.source.request.pause_seconds)
        yield from self._released(kind, held)

    def _released(self, kind: Kind, page: _Taken[Answer] | None) -> Iterator[_Taken[Answer]]:
        if page is not None:
            self.cursor = self.cursor.at(kind, page.after)
            yield page

    @property
    def _wall(self) -> str:
        return wall(self.reading.now, self.source)


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what changed since the cursor, a page a batch: dossiers, then steps. Raises SourceError, ConfigError.

    The moment of reading dates the new cursor when the source does not say its own time.
    """
    place = f'source "{source.name}"'
    request, own = source.request, source.told(Settings)
    with connect(
        source.address, place=place, timeout_seconds=request.timeout_seconds, attempts=request.attempts
    ) as wire:
        state = _Pull(source, reading, Session(source, wire), Cursor.read(reading.cursor))
        yield from _dossiers(state)
        if own.steps_service:
            yield from _steps(state, own)


def _dossiers(state: _Pull) -> Iterator[Batch]:
    source, told = state.source, state.source.exchange

    def parsed(data: bytes, place: str) -> Payload:
        return parse(data, place=place, changed=told.changed, keep_masked=source.privacy.keep_masked)

    watch, wanted, seen, told_rows = Watch(state.place, source.request), source.privacy.keep_masked, set[str](), 0
    first = state.reading.cursor is None
    for page in state.pages("dossiers", source.request.service, parsed):
        rows = page.answer.dossiers
        seen.update(page.answer.masked_of)
        told_rows += rows.height
        nothing_gone(page.answer, state.cursor.columns, told.may_lack, state.place)
        columns = tuple(sorted({*state.cursor.columns, *page.answer.columns}))
        state.cursor = replace(state.cursor, columns=columns)
        done = exchange.translate(rows, told, source=source.name, time_zone=source.time_zone, origin=page.origin)
        batch = Batch(
            done.good, done.rejects, done.merged, state.cursor.write(), exchange.raw(rows),
            n_expected=page.total, masked=page.answer.masked,
            notes=(*page.notes, *(unseen(wanted, seen, rows=told_rows, first=first) if page.number == 1 else ())),
        )  # fmt: skip
        watch.rows(batch, page.number)
        yield batch


def _steps(state: _Pull, own: Settings) -> Iterator[Batch]:
    source = state.source
    oldest = wall(state.reading.now - timedelta(days=own.steps_days), source) if own.steps_days else ""
    if not state.cursor.steps.until and not state.cursor.steps.page:
        state.cursor = replace(state.cursor, steps_from=oldest)
    for page in state.pages("steps", own.steps_service, parse_steps, oldest=oldest):
        done = steps_batch(
            page.answer, own.step_words, source=source.name, time_zone=source.time_zone, origin=page.origin
        )
        yield replace(done, cursor=state.cursor.write(), n_expected=page.total, notes=page.notes)
    if own.steps_codes and oldest:
        service = Service(own.steps_service, own.steps_codes, oldest, own.steps_a_pull, own.step_words)
        for cursor, batch in behind(source, state.reading, state.session, state.cursor, service):
            yield replace(batch, cursor=cursor.write())


def _clock_went_back(said: str, before: Window) -> tuple[Note, ...]:
    """Notice a source that was put back from a backup: what it stamps from now on lies before what we have read."""
    if before.page or not said or not before.until or said >= before.until:
        return ()
    return (note("clock_went_back", said=said, before=before.until),)
