"""What people record beside a dossier: cause of lateness, answer, letter of apology, note. Never changed or deleted.

Who may: the head of a department, the director and the operator, each for the dossiers in sight (store.sight). A letter
moves the promise, so it is for who resolves the dossier, not for who only holds it. The store refuses everybody else,
whatever a page shows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import causes
from config.errors import ConfigError, StoreError
from metrics.calendar import WorkingCalendar
from metrics.dossier import CLOSED
from store import audit, seals
from store.database import Store, see, writing
from store.ingest import in_turn
from store.people import Person
from store.sight import sight
from store.tables import dossiers, records, sources

#: Who may record; each only for dossiers in sight.
RECORDERS: Final = frozenset({"head", "director", "operator"})
LONGEST_TEXT: Final = 2_000
LONGEST_NUMBER: Final = 60


class Kind(StrEnum):
    """What was recorded."""

    CAUSE = "cause"
    ANSWER = "answer"
    LETTER = "letter"
    NOTE = "note"


class Why(StrEnum):
    """Why a record is refused; the screen has its own words for each."""

    NOBODY = "nobody"  # the person may not record, or sees no such dossier
    NO_CAUSE = "no_cause"
    NEEDS_NOTE = "needs_note"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"
    ISSUED_LATER = "issued_later"  # than today
    ISSUED_EARLY = "issued_early"  # before the receipt
    DUE = "due"  # not after today, no working day, or too far away
    CLOSED = "closed"
    ONLY_HOLDS = "only_holds"  # a letter, from a unit that does not resolve the dossier


class RecordError(StoreError):
    """A record that is not kept. ``why`` says which rule it met."""

    def __init__(self, why: Why, place: str, found: str, next_step: str) -> None:
        super().__init__(place, found, next_step)
        self.why = why


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the dossier is late: a code of lateness.toml."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """An answer to the applicant, or a note for colleagues."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of apology with the due date it promises; days at the source."""

    number: str
    issued_on: date
    due_on: date
    note: str = ""


Entry = Cause | Words | Letter


def record(
    store: Store, source: str, code: str, entry: Entry, *, by: Person, at: datetime, calendar: WorkingCalendar
) -> None:
    """Keep ``entry`` beside a dossier, recorded by ``by`` at ``at`` (aware); the audit log says so too.

    ``calendar``: of the office; the days of the resolving unit are those that count. Raises RecordError; a dossier out
    of scope is refused in the words of one that does not exist.
    """
    with writing(store) as connection:
        see(connection, by.scope)
        dossier = _dossier(connection, source, code, by)
        told = _checked(entry, dossier, at, calendar)
        row = {"source": source, "code": dossier.code, **told, "recorded_by": by.name, "recorded_at": at}
        in_turn(connection)
        connection.execute(sa.insert(records).values(row))
        seals.keep(connection, records, pl.DataFrame([row], infer_schema_length=None), None)
        detail = " ".join(filter(None, (told["kind"], told.get("cause"), told.get("number"))))
        audit.keep_in(connection, person=by.name, act="record", at=at, what=f"{source} {code}", detail=detail)


@dataclass(frozen=True, slots=True)
class _Dossier:
    """What the rules ask of a dossier; ``unit``: today's name of the resolving unit."""

    code: str
    unit: str | None
    zone: ZoneInfo
    received_at: datetime | None
    closed: bool
    resolves: bool  # the person answers for that unit

    @property
    def place(self) -> str:
        return f"dossier {self.code}"


def _dossier(connection: Connection, source: str, code: str, by: Person) -> _Dossier:
    if by.role not in RECORDERS:
        found = f"{by.name} may not record anything ({by.role})."
        raise RecordError(Why.NOBODY, f"dossier {code}", found, "Ask the head of the department, or the operator.")
    seen = sight(connection, source, code, by.scope)
    of = dossiers.c
    question = sa.select(of.status, of.received_at, sources.c.time_zone).join(sources, sources.c.name == of.source)
    row = connection.execute(question.where(of.source == source, of.code == code)).one_or_none()
    if row is None or seen is None:
        raise RecordError(Why.NOBODY, f'source "{source}"', f"it has no dossier {code}.", "Check code and source.")
    closed = row.status in CLOSED
    return _Dossier(code, seen.unit, ZoneInfo(row.time_zone), row.received_at, closed, seen.resolves)


def _checked(entry: Entry, dossier: _Dossier, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """Give the columns of an entry that every rule allows."""
    match entry:
        case Cause():
            return _cause(entry, dossier.place)
        case Words():
            return {"kind": entry.kind.value, "text": _text(entry.text, dossier.place, needed=True)}
    return _letter(entry, dossier, at, calendar)


def _cause(entry: Cause, place: str) -> dict[str, Any]:
    known, note = causes.to_choose(causes.lateness()), _text(entry.note, place)
    try:
        chosen = causes.chosen(entry.code, note or "", known)
    except ConfigError as error:
        why = Why.NEEDS_NOTE if entry.code in known else Why.NO_CAUSE
        raise RecordError(why, place, error.found, error.next_step) from error
    return {"kind": Kind.CAUSE.value, "cause": chosen.code, "text": note}


def _letter(entry: Letter, dossier: _Dossier, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    place, today = dossier.place, at.astimezone(dossier.zone).date()
    if not dossier.resolves:
        found = f"it is for {dossier.unit or 'another unit'} to promise another day."
        raise RecordError(Why.ONLY_HOLDS, place, found, "Record an answer or a note.")
    if dossier.closed:
        found = "it is closed: a letter with a new due date changes nothing."
        raise RecordError(Why.CLOSED, place, found, "Record an answer or a note.")
    number = _text(entry.number, place, longest=LONGEST_NUMBER)
    if number is None:
        raise RecordError(Why.NO_NUMBER, place, "the letter has no number.", "Give the number it was registered under.")
    _issued(entry.issued_on, dossier, today)
    _due(entry.due_on, place, today, calendar.of(dossier.unit))
    midnight = {"issued_at": entry.issued_on, "due_at": entry.due_on}
    stamps = {name: datetime.combine(day, time(), dossier.zone) for name, day in midnight.items()}
    return {"kind": Kind.LETTER.value, "number": number, "text": _text(entry.note, place), **stamps}


def _issued(day: date, dossier: _Dossier, today: date) -> None:
    if day > today:
        found = f"the letter is dated {day}, later than today."
        raise RecordError(Why.ISSUED_LATER, dossier.place, found, "Check the day.")
    if dossier.received_at and day < (begun := dossier.received_at.astimezone(dossier.zone).date()):
        found = f"the letter is dated {day}, before the receipt, {begun}."
        raise RecordError(Why.ISSUED_EARLY, dossier.place, found, "Check the day.")


def _due(day: date, place: str, today: date, calendar: WorkingCalendar) -> None:
    if day <= today or day.year > today.year + 5 or not calendar.is_working(day):
        found = f"the new due date {day} is no working day after today."
        raise RecordError(Why.DUE, place, found, "Give a working day after today.")


def _text(told: str, place: str, *, needed: bool = False, longest: int = LONGEST_TEXT) -> str | None:
    """Give a text composed (NFC), without the control characters that no keyboard types; None where it is empty."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", told) if sign in "\n\t" or sign.isprintable())
    text = kept.strip()
    if needed and not text:
        raise RecordError(Why.NO_TEXT, place, "nothing was written.", "Write what is to be kept.")
    if len(text) > longest:
        found = f"the text has {len(text)} characters, more than {longest}."
        raise RecordError(Why.TOO_LONG, place, found, "Shorten it.")
    return text or None
