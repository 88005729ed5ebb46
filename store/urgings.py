"""Phiếu đôn đốc: numbered requests to a unit about some of its dossiers, and what it answered. Nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from metrics.calendar import WorkingCalendar
from metrics.dossier import KEY
from metrics.scope import Scope
from store import audit, frames
from store.database import Store, see, seeing, writing
from store.ingest import in_turn
from store.people import Person
from store.sight import sight
from store.tables import urging_answers, urgings

#: Who may urge, seeing the whole province; and who may answer, each for the own units.
URGING: Final = frozenset({"director", "operator"})
ANSWERING: Final = frozenset({"head", "director", "operator"})
LONGEST: Final = 2_000


class UrgingError(StoreError):
    """A slip or an answer that is not kept."""


def issue(
    store: Store, department: str, about: Sequence[tuple[str, str]], *, asked: str, answer_by: date, by: Person,
    at: datetime, calendar: WorkingCalendar, zone: ZoneInfo,
) -> int:  # fmt: skip
    """Keep a slip about dossiers (source, code) that ``department`` resolves; gives its number within the year.

    Raises UrgingError for who may not, a dossier that is another unit's, no text, and an answer day that is no working
    day of the unit after today.
    """
    place, today = f'unit "{department}"', at.astimezone(zone).date()
    if by.role not in URGING or by.departments is not None:
        raise UrgingError(place, f"{by.name} may not urge ({by.role}).", "Ask the director of the centre.")
    if not about or len(set(about)) != len(about):
        raise UrgingError(place, "no dossier is named, or one twice.", "Name each dossier once.")
    if answer_by <= today or not calendar.of(department).is_working(answer_by):
        raise UrgingError(place, f"{answer_by} is no working day after today.", "Give another day.")
    with writing(store) as connection:
        see(connection, by.scope)
        for source, code in about:
            seen = sight(connection, source, code, Scope.of(department))
            if seen is None or not seen.resolves:
                raise UrgingError(f"dossier {code}", f"{department} does not resolve it.", "Leave it out.")
        in_turn(connection)  # two slips at once get two numbers
        number = _next(connection, today.year)
        listed = json.dumps([list(key) for key in about], ensure_ascii=False)
        row = {
            "number": number, "year": today.year, "department": department, "asked": _text(asked, place),
            "answer_by": answer_by.isoformat(), "dossiers": listed, "made_by": by.name, "made_at": at,
        }  # fmt: skip
        connection.execute(sa.insert(urgings).values(row))
        what = f"{number}/{today.year} {department}"
        audit.keep_in(connection, person=by.name, act="urge", at=at, what=what, detail=f"{len(about)} dossiers")
    return number


def _next(connection: Connection, year: int) -> int:
    last = connection.scalar(sa.select(sa.func.max(urgings.c.number)).where(urgings.c.year == year))
    return (last or 0) + 1


def _text(told: str, place: str) -> str:
    text = told.strip()
    if not text or len(text) > LONGEST:
        raise UrgingError(place, f"the text has {len(text)} characters, not 1 to {LONGEST}.", "Write it anew.")
    return text


def answer(store: Store, number: int, year: int, *, text: str, by: Person, at: datetime) -> None:
    """Keep what a unit answers to a slip; a later answer stands beside the one before, and holds.

    Raises UrgingError; a slip of another unit is refused in the words of one that does not exist.
    """
    place = f"slip {number}/{year}"
    if by.role not in ANSWERING:
        raise UrgingError(place, f"{by.name} may not answer ({by.role}).", "Ask the head of the unit.")
    with writing(store) as connection:
        see(connection, by.scope)
        asked = sa.select(urgings.c.seq, urgings.c.department)
        row = connection.execute(asked.where(urgings.c.number == number, urgings.c.year == year)).one_or_none()
        if row is None or not (by.departments is None or row.department in (by.scope.departments or ())):
            raise UrgingError(place, "there is none.", "Check number and year.")
        new = {"urging_seq": row.seq, "answer": _text(text, place), "answered_by": by.name, "answered_at": at}
        connection.execute(sa.insert(urging_answers).values(new))
        audit.keep_in(connection, person=by.name, act="urge", at=at, what=f"{number}/{year}", detail="answered")


def issued(store: Store, scope: Scope) -> pl.DataFrame:
    """Give the slips to units in scope, newest first: columns of ``urgings``, and the last answer, by whom, when."""
    last = sa.select(sa.func.max(urging_answers.c.seq)).group_by(urging_answers.c.urging_seq)
    held = sa.select(urging_answers).where(urging_answers.c.seq.in_(last)).subquery()
    told = (*urgings.c, *(held.c[name] for name in ("answer", "answered_by", "answered_at")))
    question = sa.select(*told).join(held, held.c.urging_seq == urgings.c.seq, isouter=True)
    with seeing(store, scope) as connection:
        rows = frames.select(connection, question.order_by(urgings.c.seq.desc()))
    return rows.filter(scope.expr())


def counts(store: Store, scope: Scope) -> pl.DataFrame:
    """Give how often each dossier of units in scope was urged: source, code, urged."""
    return _by_dossier(issued(store, scope)).group_by(KEY).agg(urged=pl.len()).sort(KEY)


def of_dossier(store: Store, source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give the slips to units in scope that name a dossier, oldest first: source, code, and columns of ``issued``."""
    named = _by_dossier(issued(store, scope))
    return named.filter(pl.col("source") == source, pl.col("code") == code).sort("seq")


def _by_dossier(slips: pl.DataFrame) -> pl.DataFrame:
    """Give a row for every dossier that a slip names."""
    keys = pl.col("dossiers").str.json_decode(pl.List(pl.List(pl.String)))
    rows = slips.with_columns(keys).explode("dossiers", empty_as_null=False, keep_nulls=False)
    key = {name: pl.col("dossiers").list.get(at) for at, name in enumerate(KEY)}
    return rows.select(**key, **{name: pl.col(name) for name in slips.columns if name != "dossiers"})
