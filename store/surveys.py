"""Slips of satisfaction, and how many people were asked. A slip is kept once and never changed or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import units
from config.errors import StoreError
from metrics.scope import Period, Scope
from store import frames, intakes
from store.database import Store, must_see_all, seeing, writing
from store.ingest import in_turn
from store.intakes import Counts, Intake
from store.tables import intakes as readings
from store.tables import surveys, surveys_asked

#: What of a slip is kept beside its number; days are ISO texts, ``score`` is 1 very dissatisfied … 5 very satisfied.
TOLD: Final = pl.Schema({
    "answered_on": pl.String, "department": pl.String, "field": pl.String, "procedure": pl.String, "code": pl.String,
    "way": pl.String, "score": pl.Int64, "parts": pl.String,
})  # fmt: skip
#: A slip as a loader gives it: its number (or the print of its row) and where it stood.
SLIPS: Final = pl.Schema([("slip", pl.String), ("place", pl.String), *TOLD.items()])
#: What a reader is given.
READ: Final = pl.Schema(
    [("survey", pl.String), ("slip", pl.String), ("answered_on", pl.Date), *tuple(TOLD.items())[1:]]
)
ASKED: Final = pl.Schema([
    ("survey", pl.String), ("from_on", pl.Date), ("to_on", pl.Date), ("department", pl.String), ("asked", pl.Int64),
])  # fmt: skip
MOST_ASKED: Final = 1_000_000_000  # what a column of the database holds, and more people than there are
_OTHERWISE: Final = "slip_told_otherwise"


def take(
    store: Store, survey: str, slips: pl.DataFrame, refused: pl.DataFrame, *, intake: Intake, repeated: int = 0
) -> Counts:
    """Keep ``slips`` (SLIPS, each number once) of ``survey``, and ``refused`` (store.intakes.REFUSED) beside them;
    ``repeated``: rows of the file that told one of its slips once more.

    A slip that is known changes nothing; one that is known with other content is refused. Raises StoreError, with
    nothing stored, where this very file was loaded before as another survey, or its slips then had other numbers.
    """
    given = frames.storable(slips.match_to_schema(SLIPS))
    with writing(store) as connection:
        must_see_all(store, connection)
        in_turn(connection)  # two loads of one file at once: the second finds everything known
        _read_alike(connection, survey, given, intake)
        known = _known(connection, survey, given["slip"])
        new = given.join(known, on="slip", how="anti", maintain_order="left")
        other = given.join(known, on=("slip", *TOLD), how="anti", nulls_equal=True, maintain_order="left")
        other = other.join(known, on="slip", how="semi", maintain_order="left")
        all_refused = pl.concat([refused.match_to_schema(intakes.REFUSED), _contradicting(other)])
        unchanged = given.height - new.height - other.height + repeated
        counts = Counts(new.height, unchanged, all_refused.height)
        number = intakes.keep(connection, intake, counts, all_refused)
        kept = new.drop("place").with_columns(intake_id=pl.lit(number), survey=pl.lit(survey))
        frames.insert(connection, surveys, kept)
    return counts


def _known(connection: Connection, survey: str, numbers: pl.Series) -> pl.DataFrame:
    told = sa.select(surveys.c.slip, *(surveys.c[name] for name in TOLD))
    these = sa.and_(surveys.c.survey == survey, frames.matching(connection, surveys.c.slip, numbers))
    return frames.select(connection, told.where(these))


def _contradicting(other: pl.DataFrame) -> pl.DataFrame:
    """Refuse slips whose number is kept with other content: which of the two is true, nobody here knows."""
    return other.select(
        "place",
        reasons=pl.lit([_OTHERWISE], pl.List(pl.String)),
        found=pl.format("slip {} is kept with another content", "slip"),
        raw=pl.struct("slip", *TOLD).struct.json_encode(),
    )


def _read_alike(connection: Connection, survey: str, given: pl.DataFrame, intake: Intake) -> None:
    """Refuse a file that was loaded before as another survey, or whose slips had other numbers then: all of it would
    count twice."""
    if intake.sha256 is None:
        return
    same = sa.and_(readings.c.kind == intake.kind, readings.c.origin_sha256 == intake.sha256)
    theirs = sa.select(surveys.c.survey, surveys.c.slip).join(readings, readings.c.id == surveys.c.intake_id)
    before = frames.select(connection, theirs.where(same))
    place = f'survey "{survey}", {intake.origin}'
    if others := sorted(set(before["survey"].to_list()) - {survey}):
        found = f'this file was loaded before as survey "{others[0]}": its slips would count twice.'
        raise StoreError(place, found, f'Leave it, or load it as "{others[0]}", which changes nothing.')
    if lost := before.join(given, on="slip", how="anti").height:
        found = (
            f"this file was loaded before, and {lost:,} of its slips had other numbers then: they would count twice."
        )
        raise StoreError(place, found, "Leave it, or take the mapping of that time, which changes nothing.")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many people a survey asked in a stretch of days; ``department`` None: all units together."""

    survey: str
    period: Period
    asked: int
    department: str | None = None


def ask(store: Store, told: Asked, *, intake: Intake) -> Counts:
    """Keep how many were asked; the last word about one stretch and unit holds, the same word again changes nothing.

    Raises StoreError for a number below nought or above MOST_ASKED, a unit that the register does not know, and a
    stretch that overlaps another of the same survey and unit without being the same.
    """
    place = f'survey "{told.survey}"'
    if not 0 <= told.asked <= MOST_ASKED:
        found = f"{told.asked} people cannot have been asked."
        raise StoreError(place, found, f"Give a whole number from 0 to {MOST_ASKED}.")
    if told.department is not None and not units.load().knows(told.department):
        found = f'the register of units does not know "{told.department}".'
        raise StoreError(place, found, "Write the unit as in units.toml or units.csv (dunghan units).")
    row = {
        "survey": told.survey, "from_on": told.period.start.isoformat(), "to_on": told.period.end.isoformat(),
        "department": told.department, "asked": told.asked,
    }  # fmt: skip
    with writing(store) as connection:
        must_see_all(store, connection)
        in_turn(connection)
        known = _holding(frames.select(connection, _of_asked().where(surveys_asked.c.survey == told.survey)))
        mine = known.filter(pl.col("department").eq_missing(pl.lit(told.department, pl.String)))
        _apart(mine, told, place)
        unchanged = mine.filter(
            pl.col("from_on") == told.period.start, pl.col("to_on") == told.period.end, pl.col("asked") == told.asked
        ).height
        counts = Counts(unchanged=1) if unchanged else Counts(new=1)
        number = intakes.keep(connection, intake, counts)
        if not unchanged:
            connection.execute(sa.insert(surveys_asked).values(row | {"intake_id": number}))
    return counts


def _apart(mine: pl.DataFrame, told: Asked, place: str) -> None:
    start, end = told.period.start, told.period.end
    same = (pl.col("from_on") == start) & (pl.col("to_on") == end)
    across = mine.filter(pl.col("from_on") <= end, pl.col("to_on") >= start, ~same)
    if across.height:
        one = across.row(0, named=True)
        found = f"{start} to {end} overlaps {one['from_on']} to {one['to_on']}, told before: people would count twice."
        raise StoreError(place, found, "Give stretches that do not overlap, or correct that one with its own days.")


def read(store: Store, scope: Scope, period: Period | None = None) -> pl.DataFrame:
    """Give the slips (READ) answered in ``period`` (None: ever) that ``scope`` may see, units by today's names."""
    told = sa.select(surveys.c.survey, surveys.c.slip, *(surveys.c[name] for name in TOLD)).order_by(surveys.c.seq)
    if period is not None:
        told = told.where(surveys.c.answered_on.between(period.start.isoformat(), period.end.isoformat()))
    with seeing(store, scope) as connection:
        rows = frames.select(connection, told)
    return today(rows.with_columns(_day("answered_on"))).filter(scope.expr()).match_to_schema(READ)


def asked(store: Store, scope: Scope) -> pl.DataFrame:
    """Give how many were asked (ASKED), the last word of each stretch and unit, units by today's names.

    What was said of all units together is for those who see the whole province.
    """
    with seeing(store, scope) as connection:
        rows = frames.select(connection, _of_asked())
    return today(_holding(rows)).filter(scope.expr()).match_to_schema(ASKED)


def version(store: Store, scope: Scope | None = None) -> tuple[int, int]:
    """Give the newest numbers of slips and of people asked, 0 where there are none: what was worked out of them holds
    while these stay. Where the database itself does not part the scopes they are the newest of all. No ``scope``: all
    there is."""
    slips, people = sa.func.max(surveys.c.seq), sa.func.max(surveys_asked.c.seq)
    with seeing(store, scope or Scope.province()) as connection:
        return connection.scalar(sa.select(slips)) or 0, connection.scalar(sa.select(people)) or 0


def surveyed(store: Store) -> date | None:
    """Give the day of the newest slip; None where there is none."""
    with seeing(store, Scope.province()) as connection:
        told: str | None = connection.scalar(sa.select(sa.func.max(surveys.c.answered_on)))
    return date.fromisoformat(told) if told else None


def today(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the units of ``rows`` (column department) as they are called today."""
    names = rows["department"].drop_nulls().unique().to_list()
    now = list(map(partial(_today, units.load()), names))
    return rows.with_columns(pl.col("department").replace_strict(names, now, default=None, return_dtype=pl.String))


def _today(register: units.Units, name: str) -> str:
    return register.today(name) or name


def _of_asked() -> sa.Select[tuple[object, ...]]:
    told = (surveys_asked.c[name] for name in ASKED)
    return sa.select(*told).order_by(surveys_asked.c.seq)


def _holding(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the last word of each stretch and unit."""
    last = rows.unique(("survey", "from_on", "to_on", "department"), keep="last", maintain_order=True)
    return last.with_columns(_day("from_on"), _day("to_on"))


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%Y-%m-%d")
