"""Fetch the steps of open and late dossiers from before the window of days, by their codes.

Each is asked for once; what changes later comes with the window of changed steps. A pull asks for so many of them, the
open ones first and those first whose day is longest past; the next pull goes on behind the last. When all have had
their turn, those for whom nothing came wait until the next day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

import polars as pl

from config.errors import SourceError
from config.notes import Note, note
from config.sources import Source
from connectors.base import Batch, Reading
from connectors.exchange_steps import StepPage, parse_steps, steps_batch
from connectors.national_cursor import STAMP, Cursor, wall
from connectors.national_session import Session
from connectors.pages import Watch

#: Codes named in one request.
CODES_A_REQUEST: Final = 500


@dataclass(frozen=True, slots=True)
class Service:
    """The step service of a source: its name, that of its list of codes, since when ``name`` is read (yyyyMMddHHmmss)
    where the cursor does not say, the most codes a pull."""

    name: str
    codes: str
    since: str
    a_pull: int
    words: dict[str, str]


def behind(
    source: Source, reading: Reading, session: Session, cursor: Cursor, service: Service
) -> Iterator[tuple[Cursor, Batch]]:
    """Give batch after batch of steps, with the cursor as it stands when the batch is stored. Raises SourceError."""
    today = wall(reading.now, source)[:8]
    if cursor.steps_whole_on == today:
        return
    wanted = _ranked(reading.stepless(_since(source, cursor, service))).filter(pl.col("rank") > cursor.steps_behind)
    turn, rest = wanted.head(service.a_pull), wanted.height > service.a_pull
    notes = (note("steps_in_turn", asked=turn.height, of=wanted.height),) if rest else ()
    for part in turn.iter_slices(CODES_A_REQUEST):
        cursor = replace(cursor, steps_behind=part["rank"][-1])
        yield from ((cursor, batch) for batch in _of(part["code"], source, session, service, notes))
        notes = ()
    if not rest:
        cursor = replace(cursor, steps_behind="", steps_whole_on=today)
        yield cursor, _batch(StepPage({}, _no_rows()), source, service, "")


def _since(source: Source, cursor: Cursor, service: Service) -> datetime:
    """Give the moment from which on all changed steps were read."""
    return datetime.strptime(cursor.steps_from or service.since, STAMP).replace(tzinfo=source.zone)


@cache
def _no_rows() -> pl.DataFrame:  # at its first use: whoever forks must not find polars at work since the import
    return parse_steps(b'{"error_code":"0","data":[]}', "").rows


def _ranked(wanted: pl.DataFrame) -> pl.DataFrame:
    """Give code, rank in the order of their turns: open ones first, then by the day promised, then by code."""
    due = pl.col("due_at").dt.strftime("%Y%m%d%H%M%S").fill_null("9")
    rank = pl.concat_str(pl.col("closed").cast(pl.Int8), due, "code", separator="|")
    return wanted.select("code", rank=rank).sort("rank")


def _of(codes: pl.Series, source: Source, session: Session, service: Service, notes: tuple[Note, ...]) -> list[Batch]:
    """Ask for the steps of some dossiers, page by page; all of them are read before the first is stored."""
    place, more = f"{session.wire.place}, {service.name}", {service.codes: codes.to_list()}
    watch, upto, total, pages = Watch(session.wire.place, source.request), "", 0, 1
    batches: list[Batch] = []
    while len(batches) < pages:
        page = len(batches) + 1
        answer = parse_steps(session.ask(service.name, "", upto, page, more), place)
        watch.page(answer, page)
        _only_those(answer, codes, service, place)
        if page == 1:
            upto, total = answer.envelope.get(source.request.until, ""), watch.total(answer)
            pages = max(1, -(-total // source.request.rows_a_page))
        done = _batch(answer, source, service, f"{service.name} theo mã hồ sơ, trang {page}, đến {upto}")
        batches.append(replace(done, n_expected=total, notes=notes if page == 1 else ()))
    return batches


def _batch(answer: StepPage, source: Source, service: Service, origin: str) -> Batch:
    return steps_batch(answer, service.words, source=source.name, time_zone=source.time_zone, origin=origin)


def _only_those(answer: StepPage, codes: pl.Series, service: Service, place: str) -> None:
    """Raise SourceError when others came: the system does not know the list, and would send everything each time."""
    others = answer.rows.filter(~pl.col("MaHoSo").str.strip_chars().is_in(["", *codes.to_list()]))
    if not others.is_empty():
        found = f'it was asked for {len(codes)} dossiers by "{service.codes}" and sent others ({others["MaHoSo"][0]}).'
        raise SourceError(place, found, 'Set steps_codes = "" and steps_days = 0: then all steps are read.')
