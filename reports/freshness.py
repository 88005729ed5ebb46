"""How far each source has told us: a silent source may not make a signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.freshness import CLOSE, Silent, last_ended
from metrics.scope import Period
from reports import formats
from reports.slots import Slots
from store import terms

#: Kinds of source whose dossiers are made up; a report of them says so.
SYNTHETIC: Final = frozenset({"demo", "simulator"})


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as of an edition. ``reached``: local time up to which it has told us; None: never."""

    name: str
    title: str
    reached: datetime | None
    silent: bool
    dossiers: int
    refused: int
    synthetic: bool
    by_record: bool = False  # a file: it covers the day of its newest record
    said: tuple[str, ...] = ()  # how its word is taken where that is not the common way (metrics.terms)


def newest_told(facts: pl.LazyFrame) -> pl.DataFrame:
    """Give the newest instant that each source's dossiers carry: source, newest_at."""
    stamps = ("submitted_at", "received_at", "resolved_at", "returned_at", "changed_at")
    return (
        facts.group_by(pl.col("source").cast(pl.String))
        .agg(pl.max_horizontal(pl.col(c).max() for c in stamps).alias("newest_at"))
        .collect()
    )


def states(sources: pl.DataFrame, newest: pl.DataFrame, week: Period, last_worked: date) -> list[SourceState]:
    """Judge each source against the end of ``week``; ``last_worked`` is the week's last working day.

    A file reaches as far as its newest record, a system as far as our last good talk with it. Columns of
    ``sources``: those of ``store.runs.latest``.
    """
    told = sources.join(newest, left_on="name", right_on="source", how="left")
    return [_state(row, min(week.end, last_worked)) for row in told.to_dicts()]


def _state(row: dict[str, object], needed: date) -> SourceState:
    reached = _reached(row)
    return SourceState(
        name=str(row["name"]),
        title=str(row.get("title") or row["name"]),
        reached=reached,
        silent=reached is None or not _reaches(reached, needed, row.get("kind") == "file"),
        dossiers=_whole(row.get("dossiers")),
        refused=_whole(row.get("refused")),
        synthetic=row.get("kind") in SYNTHETIC,
        by_record=row.get("kind") == "file",
        said=terms.read(_text(row.get("terms")), str(row["time_zone"])).said,
    )


def gone(states: Sequence[SourceState], calendar: WorkingCalendar) -> tuple[Silent, ...]:
    """Give the sources that are silent as those that leave the rates, with the last day each covers whole."""
    return tuple(Silent(s.name, None, _covered(s, calendar), s.reached) for s in states if s.silent)


def since(reached: datetime | None, key: str, slots: Slots) -> str:
    """Say since when somebody has been silent; ``reached``: local time; the figures are kept under ``key``."""
    if reached is None:
        return "chưa gửi số liệu lần nào"
    hour = slots.put(f"{key}.hour", formats.clock(reached), v=f"{reached:%H:%M}", metric="freshness")
    return f"không gửi số liệu từ {hour} ngày {slots.day(f'{key}.at', reached.date())}"


def _covered(state: SourceState, calendar: WorkingCalendar) -> date | None:
    if state.reached is None:
        return None
    here = state.reached
    return here.date() if state.by_record else last_ended(here, str(here.tzinfo), calendar)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _reaches(reached: datetime, needed: date, by_record: bool) -> bool:
    """Say whether a source covers ``needed``: a record of that day, or a talk after the offices closed."""
    if by_record:
        return reached.date() >= needed
    return reached.replace(tzinfo=None) >= datetime.combine(needed, CLOSE)


def _reached(row: dict[str, object]) -> datetime | None:
    ok, newest = row.get("last_ok_at"), row.get("newest_at")
    if not isinstance(ok, datetime):
        return None
    if row.get("kind") == "file" and isinstance(newest, datetime):
        ok = min(_aware(ok), _aware(newest))
    return _aware(ok).astimezone(ZoneInfo(str(row["time_zone"])))


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
