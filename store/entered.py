"""Values of indicators that people enter or load. Never changed, never deleted: the last one of a stretch and unit
holds, and a value of null takes the one before back.

Who may: the director and the operator of the centre. The store refuses everybody else, whatever a page shows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import indicators, units
from config.errors import StoreError, nearest
from config.indicators import Indicator
from config.personal import hide
from metrics import indicators as rules
from metrics.indicators import KEY, period_of, value_of
from metrics.scope import Scope
from store import audit, frames, intakes
from store.database import Store, see, seeing, writing
from store.ingest import in_turn
from store.intakes import Counts, Intake
from store.people import Person
from store.surveys import today as of_today
from store.tables import entered
from store.tables import intakes as readings

ENTERING: Final = frozenset({"director", "operator"})
LONGEST_SOURCE: Final = 200
LONGEST_NOTE: Final = 1_000
_SAME: Final = ("value", "stated_by", "stated_on", "note")
COLUMNS: Final = ("seq", *KEY, *_SAME, "entered_by", "entered_at")


class Why(StrEnum):
    """Why a value is refused; the screen has its own words for each, and a file its refused rows."""

    NOBODY = "nobody"  # the person may not enter values
    INDICATOR = "unknown_indicator"
    PERIOD = "period_unreadable"
    EARLY = "period_not_begun"
    UNIT = "unknown_unit"
    NO_UNIT = "unit_not_asked"  # the indicator is of the province alone
    VALUE = "value_impossible"
    SOURCE = "no_source"
    DAY = "day_impossible"
    LONG = "too_long"
    NOTHING = "nothing_to_take_back"


class EnteredError(StoreError):
    """A value that is not kept. ``why`` says which rule it met."""

    def __init__(self, why: Why, place: str, found: str, next_step: str) -> None:
        super().__init__(place, found, next_step)
        self.why = why


@dataclass(frozen=True, slots=True)
class Told:
    """A value as somebody wrote it. ``period``: 2026-10, quý III/2026, 2026; ``department`` "": the province;
    ``stated_by``, ``stated_on``: whose figure it is, and of which day."""

    indicator: str
    period: str
    value: str
    stated_by: str
    stated_on: date | None
    department: str = ""
    note: str = ""


def row_of(told: Told, today: date) -> dict[str, Any]:
    """Give the columns of a value that every rule allows, texts less what looks like a person. Raises EnteredError;
    ``today``: where the centre is."""
    indicator = _indicator(told.indicator)
    place = f'indicator "{indicator.id}"'
    start, end = _period(told, indicator, place, today)
    value = value_of(told.value, indicator)
    if value is None:
        found = f'"{told.value}" is no value of it ({indicator.unit}, {indicator.decimals} decimals).'
        raise EnteredError(Why.VALUE, place, found, "Check the number; 1.234 is 1234 where there are no decimals.")
    stated_by = _text(told.stated_by, place, LONGEST_SOURCE)
    if stated_by is None:
        raise EnteredError(Why.SOURCE, place, "nobody is named who stated it.", "Name the report, decision or system.")
    if told.stated_on is None or not start <= told.stated_on <= today:
        found = f"it cannot have been stated on {told.stated_on or 'no day'}."
        raise EnteredError(Why.DAY, place, found, "Give a day from the first of the period up to today.")
    return {
        "indicator": indicator.id, "from_on": start.isoformat(), "to_on": end.isoformat(),
        "department": _department(told.department, indicator, place), "value": str(value), "stated_by": stated_by,
        "stated_on": told.stated_on.isoformat(), "note": _text(told.note, place, LONGEST_NOTE),
    }  # fmt: skip


def _indicator(name: str, *, also_retired: bool = False) -> Indicator:
    known = {one.id: one for one in indicators.load().values() if also_retired or not one.retired}
    found = known.get(name.strip()) or next((one for one in known.values() if one.title == name.strip()), None)
    if found is None:
        said = f"there is none to enter.{nearest(name, known)}"
        raise EnteredError(Why.INDICATOR, f'indicator "{name}"', said, f"Known: {', '.join(known)}.")
    return found


def _period(told: Told, indicator: Indicator, place: str, today: date) -> tuple[date, date]:
    period = period_of(told.period, indicator.period)
    if period is None:
        example = {"month": "2026-10", "quarter": "2026-Q3", "year": "2026"}[indicator.period]
        found = f'"{told.period}" is no {indicator.period}.'
        raise EnteredError(Why.PERIOD, place, found, f"Write it as {example}.")
    if period.start > today:
        raise EnteredError(Why.EARLY, place, f"{told.period} has not begun.", "Check the period.")
    return period.start, period.end


def _department(name: str, indicator: Indicator, place: str) -> str | None:
    if not name.strip():
        return None
    if indicator.of == "province":
        found = f'it is of the province alone, and "{name}" is named.'
        raise EnteredError(Why.NO_UNIT, place, found, "Leave the unit out.")
    register = units.load()
    if not register.knows(name.strip()):
        said = f'the register of units does not know "{name}".{nearest(name, register.names)}'
        raise EnteredError(Why.UNIT, place, said, "Write the unit as in units.toml or units.csv (dunghan units).")
    return register.own(name.strip())


def _text(told: str, place: str, longest: int) -> str | None:
    signs = "".join(sign for sign in unicodedata.normalize("NFC", told) if sign in "\n\t" or sign.isprintable())
    kept = hide(signs).strip()
    if len(kept) > longest:
        found = f"a text has {len(kept)} characters, more than {longest}."
        raise EnteredError(Why.LONG, place, found, "Shorten it.")
    return kept or None


def enter(store: Store, told: Told, *, by: Person, at: datetime, today: date) -> bool:
    """Keep one value, entered by ``by`` at ``at`` (aware); the audit log says so. Gives False where it is known so.

    Raises EnteredError.
    """
    _may(by)
    row = row_of(told, today)
    with writing(store) as connection:
        see(connection, by.scope)
        in_turn(connection)
        return _kept(connection, row, by, at)


def load(
    store: Store, several: Sequence[Mapping[str, Any]], refused: pl.DataFrame, *, by: Person, intake: Intake,
    repeated: int = 0,
) -> Counts:  # fmt: skip
    """Keep the values of a file (``row_of``, each stretch and unit once) and its ``refused`` rows
    (store.intakes.REFUSED) in one transaction; a value that is known changes nothing. Raises EnteredError.

    Nor does one that this very file told before, though it was corrected or taken back since. ``repeated``: rows that
    told one of them once more.
    """
    _may(by)
    with writing(store) as connection:
        see(connection, by.scope)
        in_turn(connection)
        holding, before = _holding(connection), _told_before(connection, intake)
        new = [row for row in several if not _is_known(holding, row) and _word(row) not in before]
        counts = Counts(len(new), len(several) - len(new) + repeated, refused.height)
        number = intakes.keep(connection, intake, counts, refused)
        for row in new:
            _insert(connection, dict(row), by, intake.at, number)
    return counts


def take_back(
    store: Store, indicator: str, period: str, department: str, *, reason: str, by: Person, at: datetime
) -> None:
    """Take the value of a stretch and unit back, of a retired indicator too; it stays in the history with ``reason``.

    Raises EnteredError.
    """
    _may(by)
    one = _indicator(indicator, also_retired=True)
    place = f'indicator "{one.id}"'
    start, end = _period(Told(one.id, period, "", "", None), one, place, date.max)
    why, unit = _text(reason, place, LONGEST_NOTE), _department(department, one, place)
    if why is None:
        raise EnteredError(Why.SOURCE, place, "no reason is given.", "Say why the value does not hold.")
    key = (one.id, start.isoformat(), end.isoformat(), unit)
    with writing(store) as connection:
        see(connection, by.scope)
        in_turn(connection)
        last = _holding(connection).get(key)
        if last is None:
            raise EnteredError(Why.NOTHING, place, f"no value of {period} holds.", "dunghan indicator list shows them.")
        row = dict(zip(KEY, key, strict=True)) | {"value": None, "note": why}
        _insert(connection, row | {name: last[name] for name in ("stated_by", "stated_on")}, by, at, None)


def _may(by: Person) -> None:
    if by.role not in ENTERING or by.departments is not None:
        found = f"{by.name} may not enter values ({by.role})."
        raise EnteredError(Why.NOBODY, "indicators", found, "Ask the director of the centre, or the operator.")


def _kept(connection: Connection, row: dict[str, Any], by: Person, at: datetime) -> bool:
    if _is_known(_holding(connection), row):
        return False
    _insert(connection, row, by, at, None)
    return True


def _insert(connection: Connection, row: dict[str, Any], by: Person, at: datetime, intake: int | None) -> None:
    connection.execute(sa.insert(entered).values(row | {"intake_id": intake, "entered_by": by.name, "entered_at": at}))
    detail = f"{row['from_on']} {row['department'] or ''} {row['value'] or 'taken back'}"
    audit.keep_in(connection, person=by.name, act="record", at=at, what=f"indicator {row['indicator']}", detail=detail)


_Key = tuple[Any, ...]


def _is_known(holding: Mapping[_Key, Mapping[str, Any]], row: Mapping[str, Any]) -> bool:
    last = holding.get(tuple(row[name] for name in KEY))
    return last is not None and all(last[name] == row[name] for name in _SAME)


def _told_before(connection: Connection, intake: Intake) -> set[_Key]:
    """Give every word ever said, where the file of ``intake`` was loaded before; else none."""
    same = sa.and_(readings.c.kind == intake.kind, readings.c.origin_sha256 == intake.sha256)
    if intake.sha256 is None or connection.execute(sa.select(readings.c.id).where(same).limit(1)).first() is None:
        return set()
    return {_word(row) for row in map(dict, connection.execute(sa.select(*_said())).mappings())}


def _word(row: Mapping[str, Any]) -> _Key:
    return tuple(row[name] for name in (*KEY, *_SAME))


def _said() -> tuple[sa.Column[Any], ...]:
    return tuple(entered.c[name] for name in (*KEY, *_SAME))


def _holding(connection: Connection) -> dict[_Key, Mapping[str, Any]]:
    """Give the value that holds of each stretch and unit."""
    told = sa.select(*_said()).order_by(entered.c.seq)
    last = {tuple(row[name] for name in KEY): row for row in map(dict, connection.execute(told).mappings())}
    return {key: row for key, row in last.items() if row["value"] is not None}


def history(store: Store, scope: Scope) -> pl.DataFrame:
    """Give every word that was said, newest first: COLUMNS, days as dates, those of units out of ``scope`` left out.

    Values of the province are for everybody. Units keep the name under which a value was stated: points and ranks of
    two units make none of a third. ``unit``: who answers for it today.
    """
    told = sa.select(*(entered.c[name] for name in COLUMNS)).order_by(entered.c.seq.desc())
    with seeing(store, scope) as connection:
        rows = frames.select(connection, told)
    days = (pl.col(name).str.to_date("%Y-%m-%d") for name in ("from_on", "to_on", "stated_on"))
    named = rows.with_columns(days).with_columns(unit=of_today(rows.select("department"))["department"])
    mine = pl.lit(True) if scope.departments is None else pl.col("unit").is_in(sorted(scope.departments))
    return named.filter(mine | pl.col("department").is_null())


def holding(store: Store, scope: Scope, known_before: datetime | None = None) -> pl.DataFrame:
    """Give the value that holds of each stretch and unit, as ``history`` does; what was taken back is left out.

    ``known_before`` (aware): as it was known then; None: now.
    """
    told = history(store, scope)
    if known_before is not None:
        told = told.filter(pl.col("entered_at") < known_before.astimezone(UTC))
    return rules.holding(told).sort("indicator", "from_on", "department")
