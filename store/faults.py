"""Faults of a one-stop system: reported to its vendor, answered, mended, open again. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError, nearest
from config.personal import hide
from metrics.calendar import WorkingCalendar
from store import audit, frames
from store.database import Store, see, seeing, writing
from store.ingest import in_turn
from store.people import Person
from store.tables import fault_acts, software_faults, sources

#: Who keeps the log of faults, seeing the whole province; and who else may read it.
REPORTING: Final = frozenset({"director", "operator"})
READING: Final = REPORTING | {"auditor"}
#: Whoever works the machine reads the whole log on the command line.
OPERATOR: Final = Person("dunghan", "dunghan", "operator", None)
Kind = Literal["availability", "delay", "data", "function", "other"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Act = Literal["answered", "mended", "reopened", "note"]
ACTS: Final[tuple[Act, ...]] = get_args(Act)
State = Literal["waits", "answered", "mended"]
LONGEST_TITLE: Final = 200
LONGEST: Final = 2_000
_LARGEST: Final = 2**63 - 1  # what a database takes for a number
#: Columns of ``listed`` after those of ``software_faults``.
STANDING: Final = ("state", "answered_on", "mended_on", "reopened_on", "answer_days", "mend_days")
_Wrong = Literal["role", "source", "kind", "text", "day", "again", "fault", "act"]


class FaultError(StoreError):
    """A fault or an act that is not kept; ``wrong``: what is wrong with it, for a page to say in its own words."""

    def __init__(self, place: str, found: str, next_step: str, wrong: _Wrong) -> None:
        super().__init__(place, found, next_step)
        self.wrong: _Wrong = wrong


def report(
    store: Store, source: str, *, vendor: str, kind: str, title: str, text: str, reported_on: date, by: Person,
    at: datetime, zone: ZoneInfo,
) -> int:  # fmt: skip
    """Keep a fault of ``source`` that was reported to its vendor on a day; gives its number.

    What looks like a person is left out of vendor, title and text, which are kept and go to the vendor.

    Raises FaultError for who may not, a source or kind that is not known, no vendor or title, a day to come, and a
    fault that was reported before word for word.
    """
    place = f'source "{source}"'
    _allowed(place, by)
    if kind not in KINDS:
        found = f'"{kind}" is no kind of fault.{nearest(kind, KINDS)}'
        raise FaultError(place, found, f"Known: {', '.join(KINDS)}.", "kind")
    _not_to_come(place, reported_on, at, zone)
    row = {
        "source": source, "vendor": _text(hide(vendor), place, "vendor", LONGEST_TITLE), "kind": kind,
        "title": _text(hide(title), place, "title", LONGEST_TITLE),
        "text": _text(hide(text), place, "text", LONGEST, least=0),
        "reported_on": reported_on.isoformat(),
    }  # fmt: skip
    with writing(store) as connection:
        see(connection, by.scope)
        in_turn(connection)
        known = list(connection.scalars(sa.select(sources.c.name).order_by(sources.c.name)))
        if source not in known:
            raise FaultError(
                place, f"nothing of that name was ever read.{nearest(source, known)}", "Check it.", "source"
            )
        _first_time(connection, software_faults, row, place)
        said = {"recorded_by": by.name, "recorded_at": at}
        new = sa.insert(software_faults).values(row | said).returning(software_faults.c.seq)
        number = int(connection.execute(new).scalar_one())
        audit.keep_in(connection, person=by.name, act="fault", at=at, what=f"{number} {source}", detail="reported")
    return number


def act(
    store: Store, number: int, what: str, *, on: date, text: str, by: Person, at: datetime, zone: ZoneInfo
) -> None:  # fmt: skip
    """Keep what became of a fault on a day: answered, mended, reopened, or a note.

    Raises FaultError for who may not, no such fault, an act that does not fit how it stands, a day before the last act
    or to come, a note without text, and the last act again word for word.
    """
    place = f"fault {number}"
    _allowed(place, by)
    if what not in ACTS:
        found = f'"{what}" is nothing that becomes of a fault.{nearest(what, ACTS)}'
        raise FaultError(place, found, f"Known: {', '.join(ACTS)}.", "act")
    _not_to_come(place, on, at, zone)
    told = _text(hide(text), place, "text", LONGEST, least=1 if what == "note" else 0)
    row = {"fault_seq": number, "act": what, "on": on.isoformat(), "text": told}
    with writing(store) as connection:
        see(connection, by.scope)
        in_turn(connection)  # two at once: the second meets what the first left
        fault, acts = _one(connection, number, place), _acts(connection, number)
        newest = sa.select(sa.func.max(fault_acts.c.seq)).where(fault_acts.c.fault_seq == number).scalar_subquery()
        _first_time(connection, fault_acts, row, place, fault_acts.c.seq == newest)
        _fits(place, what, on, fault, acts)
        connection.execute(sa.insert(fault_acts).values(row | {"recorded_by": by.name, "recorded_at": at}))
        told_of = f"{number} {fault['source']}"
        audit.keep_in(connection, person=by.name, act="fault", at=at, what=told_of, detail=what)


def _allowed(place: str, by: Person) -> None:
    if by.role not in REPORTING or by.departments is not None:
        found = f"{by.name} may not keep the log of faults ({by.role})."
        raise FaultError(place, found, "Ask the director or the operator of the centre.", "role")


def _not_to_come(place: str, day: date, at: datetime, zone: ZoneInfo) -> None:
    if day > at.astimezone(zone).date():
        raise FaultError(place, f"{day} is still to come.", "Give the day on which it was.", "day")


def _text(told: str, place: str, name: str, longest: int, *, least: int = 1) -> str | None:
    if "\x00" in told:
        raise FaultError(place, f"the {name} holds a sign (NUL) that no text may hold.", "Write it anew.", "text")
    text = told.strip()
    if not least <= len(text) <= longest:
        found = f"the {name} has {len(text)} characters, not {least} to {longest}."
        raise FaultError(place, found, "Write it anew.", "text")
    return text or None


def _first_time(
    connection: Connection, table: sa.Table, row: Mapping[str, Any], place: str, *among: sa.ColumnElement[bool]
) -> None:
    """Refuse what was kept before: a button pressed twice is no second fault. ``among``: the rows to look in."""
    same = (table.c[name].is_not_distinct_from(value) for name, value in row.items())
    key = next(iter(table.primary_key.columns))
    if connection.execute(sa.select(key).where(*same, *among).limit(1)).first():
        raise FaultError(place, "the same was kept before.", "Say what is new, or leave it.", "again")


def _one(connection: Connection, number: int, place: str) -> Mapping[str, Any]:
    question = sa.select(software_faults).where(software_faults.c.seq == number)
    row = connection.execute(question).mappings().one_or_none() if 0 < number <= _LARGEST else None
    if row is None:
        raise FaultError(place, "there is none.", "Check the number (dunghan fault list).", "fault")
    return dict(row)


def _acts(connection: Connection, number: int) -> list[Mapping[str, Any]]:
    question = sa.select(fault_acts).where(fault_acts.c.fault_seq == number).order_by(fault_acts.c.seq)
    return [dict(row) for row in connection.execute(question).mappings()]


def _fits(place: str, what: str, on: date, fault: Mapping[str, Any], acts: list[Mapping[str, Any]]) -> None:
    told = [each for each in acts if each["act"] != "note"]
    last = told[-1]["on"] if told else fault["reported_on"]
    first = fault["reported_on"] if what == "note" else last
    if on.isoformat() < first:
        raise FaultError(place, f"{on} is before {first}, the day of what went before.", "Mend the day.", "day")
    is_mended = bool(told) and told[-1]["act"] == "mended"
    if what in ("mended", "answered") and is_mended:
        raise FaultError(place, "it is mended already.", "If it is there again, reopen it.", "act")
    if what == "reopened" and not is_mended:
        raise FaultError(place, "it is not mended, so it cannot be open again.", "Write a note instead.", "act")


def listed(store: Store, by: Person, *, today: date, calendar: WorkingCalendar, source: str = "") -> pl.DataFrame:
    """Give the faults, newest first: columns of ``software_faults`` and STANDING. None to whoever may not read them.

    ``state``: waits for an answer, answered, mended; ``answered_on``: the first answer since it was reported or last
    reopened; ``reopened_on``: the last time; ``answer_days``, ``mend_days``: working days from then to the answer and
    the mending, up to ``today`` while there is none.
    """
    rows, acts = _read(store, by, source)
    told: dict[int, list[dict[str, Any]]] = {}
    for each in acts.to_dicts():
        told.setdefault(each["fault_seq"], []).append(each)
    found = [_standing(row, told.get(row["seq"], []), today, calendar) for row in rows.to_dicts()]
    kinds = {name: pl.Int64() if name.endswith("_days") else pl.String() for name in STANDING}
    return rows.with_columns(pl.Series(name, [row[name] for row in found], kinds[name]) for name in STANDING)


def history(store: Store, by: Person, source: str = "") -> pl.DataFrame:
    """Give what became of the faults, in the order in which it was kept: columns of ``fault_acts``."""
    return _read(store, by, source)[1]


def _read(store: Store, by: Person, source: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    mine = sa.true() if by.role in READING and by.departments is None else sa.false()
    chosen = software_faults.c.source == source if source else sa.true()
    faults = sa.select(software_faults).where(mine, chosen).order_by(software_faults.c.seq.desc())
    whole = sa.select(fault_acts).join(software_faults, software_faults.c.seq == fault_acts.c.fault_seq)
    with seeing(store, by.scope) as connection:
        acts = frames.select(connection, whole.where(mine, chosen).order_by(fault_acts.c.seq))
        return frames.select(connection, faults), acts


def _standing(
    row: Mapping[str, Any], acts: list[dict[str, Any]], today: date, calendar: WorkingCalendar
) -> dict[str, Any]:  # fmt: skip
    answered = mended = reopened = None
    for each in acts:
        match each["act"]:
            case "answered":
                answered = answered or each["on"]
            case "mended":
                mended = each["on"]
            case "reopened":
                answered, mended, reopened = None, None, each["on"]
    begun = date.fromisoformat(reopened or row["reported_on"])

    def days(until: str | None) -> int:
        return max(0, calendar.between(begun, date.fromisoformat(until) if until else today))

    state: State = "mended" if mended else "answered" if answered else "waits"
    return {
        "state": state, "answered_on": answered, "mended_on": mended, "reopened_on": reopened,
        "answer_days": days(answered or mended), "mend_days": days(mended),
    }  # fmt: skip
