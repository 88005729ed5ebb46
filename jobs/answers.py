"""Answers of the command line as plain values: the figures of a period, the overdue of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from config.calendar import load as load_days
from config.errors import ConfigError, StoreError, nearest
from jobs.moments import day_in, zone_of
from jobs.rebuild import rebuild
from metrics.calendar import WorkingCalendar
from metrics.definitions import AGES, COUNTS, RATES, rates
from metrics.evaluate import BY, STRETCHES, figures
from metrics.scope import Filters, Period, Scope
from metrics.standing import overdue
from store import snapshot
from store.database import Store
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of ``dunghan figures``; None: all time, as of the newest observation, as known now."""

    start: date | None = None
    end: date | None = None
    as_of: str | None = None
    by: tuple[str, ...] = ()
    filters: Filters = Filters()
    known_at: str | None = None  # a day (its end) or an instant: nothing that was learned later counts


def ready(store: Store) -> Manifest:
    """Bring the derived files up to the ledger. Raises StoreError when nothing was ever loaded."""
    state = rebuild(store, verify=True)
    if not state.parts:
        raise StoreError(
            f"store {store.name}",
            "it holds no dossiers yet.",
            "Load a file (dunghan load FILE --source NAME) or run dunghan sync.",
        )
    return state


def answer(store: Store, asked: Asked) -> dict[str, Any]:
    """Give figures as the JSON of ``dunghan figures``. Raises ConfigError for words that are not known."""
    _known(asked.by)
    if asked.known_at is None:
        return _answer(store, ready(store), asked)
    from jobs.known import past

    with past(store, asked.known_at) as then:
        return _answer(then.store, then.state, asked) | then.told()


def stretch(cube: pl.DataFrame, state: Manifest, asked: Asked) -> tuple[Period, date]:
    """Give the period that was asked for, and the day to judge by. Raises ConfigError."""
    as_of = day_of(asked.as_of, state)
    first = cube.select(pl.col("day").min()).item()
    return _period(asked.start or min(first, as_of), asked.end or as_of), as_of


def _answer(store: Store, state: Manifest, asked: Asked) -> dict[str, Any]:
    cube = snapshot.cube(store, state)
    period, as_of = stretch(cube, state, asked)
    rows = rates(figures(cube, period=period, as_of=as_of, by=asked.by, scope=Scope.province(), filters=asked.filters))
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "as_of": as_of.isoformat(),
        "data_version": state.data_version,
        "groups": [_group(row, asked.by) for row in rows.iter_rows(named=True)],
    }


def _known(by: Sequence[str]) -> None:
    for name in by:
        if name not in BY:
            raise ConfigError(f"--by {name}", f"not a way to group.{nearest(name, BY)}", f"Known: {', '.join(BY)}.")
    if sum(b in STRETCHES for b in by) > 1:
        raise ConfigError("--by", "two stretches of time at once.", "Name one of " + ", ".join(STRETCHES) + ".")


def _period(start: date, end: date) -> Period:
    if end < start:
        raise ConfigError("--from/--to", f"the period ends {end} before it starts {start}.", "Swap the two days.")
    return Period(start, end)


def day_of(text: str | None, state: Manifest) -> date:
    """Give the day that standings are told for: ``text`` (a day or an instant), else that of the newest observation.

    Standings go by calendar day; an instant with an offset is cut in the sources' own time zone.
    """
    zone = zone_of(state.zones.values())
    if text is None:
        newest = state.newest_at or state.built_at
        return newest.astimezone(zone).date()
    return day_in(text, zone, option="--as-of")


def _group(row: dict[str, Any], by: Sequence[str]) -> dict[str, Any]:
    return {
        "by": {b: _bucket(b, row[b]) for b in by},
        "counts": {c: row[c] for c in COUNTS},
        "rates": {r: row[r] for r in RATES},
        "ages": {a.removeprefix("overdue_"): row[a] for a in AGES},
        "cohort": {c: row[c] for c in ("extended_out", "suspended_out")},
    }


def _bucket(name: str, value: Any) -> Any:
    """Write a stretch of time by what people call it: 2026-11, 2026-Q4, 2026; others by their first day."""
    if name not in STRETCHES or value is None:
        return value
    day: date = value
    words = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "year": str(day.year)}
    return words.get(name, day.isoformat())


def overdue_on(store: Store, as_of: str | None) -> tuple[date, str, pl.DataFrame]:
    """Give the day, the data version and the pending dossiers overdue on it, the longest first."""
    state = ready(store)
    day = day_of(as_of, state)
    rows = overdue(snapshot.facts(store, state), day, WorkingCalendar(load_days())).collect()
    return day, state.data_version, rows


#: What ``dunghan overdue`` tells of a dossier.
TOLD: Final = (
    "source", "code", "department", "field", "procedure", "procedure_name", "channel", "step", "handler",
    "received_on", "first_due_on", "due_on", "days_late", "suspended", "due_moved_unexplained", "due_moved_too_late",
)  # fmt: skip


def told(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Give the overdue as JSON values."""
    days = [c for c in TOLD if rows.schema[c] == pl.Date]
    return rows.select(TOLD).with_columns(pl.col(days).dt.to_string("iso")).to_dicts()


def friday_of(day: date) -> Period:
    """Give the Friday to Thursday before ``day``, the week of a report issued on it."""
    end = day - timedelta(days=(day.weekday() - 3) % 7 or 7)
    return Period(end - timedelta(days=6), end)
