"""Phiếu đôn đốc: numbered requests to a unit about some of its dossiers, and what it answered. Nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import units
from config.errors import StoreError
from metrics.calendar import WorkingCalendar
from metrics.dossier import KEY
from metrics.scope import Scope
from store import audit, frames
from store.database import Store, see, seeing, writing
from store.ingest import in_turn
from store.people import Person
from store.sight import in_sight, sight
from store.tables import urging_answers, urgings

#: Who may urge, seeing the whole province; and who may answer, each for the own units.
URGING: Final = frozenset({"director", "operator"})
ANSWERING: Final = frozenset({"head", "director", "operator"})
LONGEST: Final = 2_000
#: What is between the centre and one unit alone.
_BETWEEN_THEM: Final = ("asked", "answer", "answered_by")


State = Literal["waits", "late", "answered"]
Fault = Literal["role", "dossier", "text", "day", "again", "slip"]


class UrgingError(StoreError):
    """A slip or an answer that is not kept; ``fault``: what is wrong with it, for a page to say in its own words."""

    def __init__(self, place: str, found: str, next_step: str, fault: Fault) -> None:
        super().__init__(place, found, next_step)
        self.fault: Fault = fault


def issue(
    store: Store, department: str, about: Sequence[tuple[str, str]], *, asked: str, answer_by: date, by: Person,
    at: datetime, calendar: WorkingCalendar, zone: ZoneInfo,
) -> int:  # fmt: skip
    """Keep a slip about dossiers (source, code) that ``department`` resolves; gives its number within the year.

    Raises UrgingError for who may not, a dossier that is another unit's, no text, an answer day that is no working day
    of the unit after today, and a slip that was issued before word for word.
    """
    place, today = f'unit "{department}"', at.astimezone(zone).date()
    if by.role not in URGING or by.departments is not None:
        raise UrgingError(place, f"{by.name} may not urge ({by.role}).", "Ask the director of the centre.", "role")
    if not about or len(set(about)) != len(about):
        raise UrgingError(place, "no dossier is named, or one twice.", "Name each dossier once.", "dossier")
    if answer_by <= today or not calendar.of(department).is_working(answer_by):
        raise UrgingError(place, f"{answer_by} is no working day after today.", "Give another day.", "day")
    with writing(store) as connection:
        see(connection, by.scope)
        for source, code in about:
            seen = sight(connection, source, code, Scope.of(department))
            if seen is None or not seen.resolves:
                raise UrgingError(f"dossier {code}", f"{department} does not resolve it.", "Leave it out.", "dossier")
        in_turn(connection)  # two slips at once get two numbers
        number = _next(connection, today.year)
        listed = _written(sorted(about))
        row = {
            "number": number, "year": today.year, "department": department, "asked": _text(asked, place),
            "answer_by": answer_by.isoformat(), "dossiers": listed, "made_by": by.name, "made_at": at,
        }  # fmt: skip
        _first_time(connection, row, place)
        connection.execute(sa.insert(urgings).values(row))
        what = f"{number}/{today.year} {department}"
        audit.keep_in(connection, person=by.name, act="urge", at=at, what=what, detail=f"{len(about)} dossiers")
    return number


def _first_time(connection: Connection, row: Mapping[str, Any], place: str) -> None:
    """Refuse what was issued before: a button pressed twice is no second reminder."""
    same = (urgings.c[name] == row[name] for name in ("department", "dossiers", "asked", "answer_by"))
    if connection.execute(sa.select(urgings.c.seq).where(*same).limit(1)).first():
        raise UrgingError(place, "the same slip was issued before.", "Give another day, or other dossiers.", "again")


def _next(connection: Connection, year: int) -> int:
    last = connection.scalar(sa.select(sa.func.max(urgings.c.number)).where(urgings.c.year == year))
    return (last or 0) + 1


def _text(told: str, place: str) -> str:
    text = told.strip()
    if not text or len(text) > LONGEST:
        raise UrgingError(place, f"the text has {len(text)} characters, not 1 to {LONGEST}.", "Write it anew.", "text")
    return text


def answer(store: Store, number: int, year: int, *, text: str, by: Person, at: datetime) -> None:
    """Keep what a unit answers to a slip; a later answer stands beside the one before, and holds.

    Raises UrgingError; a slip of another unit is refused in the words of one that does not exist.
    """
    place = f"slip {number}/{year}"
    if by.role not in ANSWERING:
        raise UrgingError(place, f"{by.name} may not answer ({by.role}).", "Ask the head of the unit.", "role")
    with writing(store) as connection:
        see(connection, by.scope)
        asked = sa.select(urgings.c.seq, urgings.c.department)
        row = connection.execute(asked.where(urgings.c.number == number, urgings.c.year == year)).one_or_none()
        if row is None or not _of(row.department, by.scope):
            raise UrgingError(place, "there is none.", "Check number and year.", "slip")
        new = {"urging_seq": row.seq, "answer": _text(text, place), "answered_by": by.name, "answered_at": at}
        connection.execute(sa.insert(urging_answers).values(new))
        audit.keep_in(connection, person=by.name, act="urge", at=at, what=f"{number}/{year}", detail="answered")


def named(row: Mapping[str, Any]) -> str:
    """Name a slip as people do: 3/2026."""
    return f"{row['number']}/{row['year']}"


def state(row: Mapping[str, Any], today: date) -> State:
    """Say how a slip (``issued``) stands; who may not read the answer still knows that there is one."""
    if row["answered_at"] is not None:
        return "answered"
    return "late" if row["answer_by"] < today.isoformat() else "waits"


def _of(department: str, scope: Scope) -> bool:
    """Say whether a unit is in scope by its name of today: who takes a unit over has its slips."""
    return scope.departments is None or (units.load().today(department) or department) in scope.departments


def issued(store: Store, scope: Scope) -> pl.DataFrame:
    """Give the slips to units in scope, newest first: columns of ``urgings``, and the last answer, by whom, when; units
    bear the names of today."""
    return _issued(store, scope)


def _issued(store: Store, scope: Scope, about: tuple[str, str] | None = None) -> pl.DataFrame:
    rows, register = _all(store, scope, about), units.load()
    names = [register.today(name) or name for name in rows["department"]]
    return rows.with_columns(department=pl.Series(names, dtype=pl.String)).filter(scope.expr())


def _all(store: Store, scope: Scope, about: tuple[str, str] | None) -> pl.DataFrame:
    """Read slips, newest first; ``about``: those alone that name this dossier, as ``issue`` writes it."""
    last = sa.select(sa.func.max(urging_answers.c.seq)).group_by(urging_answers.c.urging_seq)
    held = sa.select(urging_answers).where(urging_answers.c.seq.in_(last)).subquery()
    told = (*urgings.c, *(held.c[name] for name in ("answer", "answered_by", "answered_at")))
    question = sa.select(*told).join(held, held.c.urging_seq == urgings.c.seq, isouter=True)
    if about is not None:
        question = question.where(urgings.c.dossiers.contains(_written(about), autoescape=True))
    with seeing(store, scope) as connection:
        return frames.select(connection, question.order_by(urgings.c.seq.desc()))


def counts(store: Store, scope: Scope) -> pl.DataFrame:
    """Give how often each dossier of units in scope was urged: source, code, urged."""
    return _by_dossier(issued(store, scope)).group_by(KEY).agg(urged=pl.len()).sort(KEY)


def of_dossier(store: Store, source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give the slips that name a dossier in sight, oldest first: source, code, and columns of ``issued``.

    The count goes with the dossier, to whichever unit; what another unit was asked and answered is left out (None).
    """
    with seeing(store, scope) as connection:
        if not in_sight(connection, source, code, scope):
            return _by_dossier(issued(store, scope).clear())
    here = pl.col("source") == source, pl.col("code") == code
    rows = _by_dossier(_issued(store, Scope.province(), (source, code))).filter(*here).sort("seq")
    own = [pl.when(scope.expr()).then(pl.col(name)).alias(name) for name in _BETWEEN_THEM]
    return rows.with_columns(own)


def _written(about: Any) -> str:
    """Write the dossiers of a slip, or one of them, as the table holds them."""
    return json.dumps(about, ensure_ascii=False)


def _by_dossier(slips: pl.DataFrame) -> pl.DataFrame:
    """Give a row for every dossier that a slip names."""
    keys = pl.col("dossiers").str.json_decode(pl.List(pl.List(pl.String)))
    rows = slips.with_columns(keys).explode("dossiers", empty_as_null=False, keep_nulls=False)
    key = {name: pl.col("dossiers").list.get(at) for at, name in enumerate(KEY)}
    return rows.select(**key, **{name: pl.col(name) for name in slips.columns if name != "dossiers"})
