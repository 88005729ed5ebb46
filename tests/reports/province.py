"""Small provinces written by hand, through the real store and the real rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import polars as pl

from config.calendar import load as load_days
from config.report import ReportSettings
from config.report import load as load_settings
from jobs.rebuild import rebuild
from metrics.calendar import WorkingCalendar
from metrics.dossier import COLUMNS, PLAIN, Dossier
from metrics.freshness import Silent
from metrics.scope import Scope
from reports import friday
from reports.editions import Edition
from reports.slots import spoken
from store import runs, snapshot
from store.database import open_store
from store.ingest import Source, begin_run
from tests.fresh import Databases

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
#: The Friday on which the reports of these tests are issued; the week is 2/11 to 8/11/2018.
ISSUED = date(2018, 11, 9)
THURSDAY = date(2018, 11, 8)


def at(day: date | None, hour: int = 10) -> datetime | None:
    """Give an instant on a local day."""
    return None if day is None else datetime.combine(day, time(hour), HERE).astimezone(UTC)


def case(
    code: str,
    department: str | None,
    due: date | None,
    closed: date | None,
    *,
    received: date | None = None,
    **told: Any,
) -> dict[str, Any]:
    """Write one dossier: resolved on ``closed``, else in process; received 20 days before its due day."""
    begun = received or (due or THURSDAY) - timedelta(days=20)
    row = dict.fromkeys(COLUMNS) | {
        "source": "mot_cua",
        "code": code,
        "status": "processing" if closed is None else "resolved",
        "procedure": "1.004238",
        "procedure_name": "Cấp đổi giấy chứng nhận",
        "field": "Đất đai",
        "department": department,
        "channel": "online",
        "level": "province",
        "received_at": at(begun),
        "due_at": at(due, 17),
        "resolved_at": at(closed),
        "changed_at": at(closed or begun),
    }
    return row | told


def extension(on: date, due: date, letter: str | None, reason: str | None) -> str:
    """Write the JSON of one extension."""

    def stamp(day: date) -> int:
        instant = at(day)
        assert instant is not None
        return int(instant.timestamp() * 1_000_000)

    return json.dumps(
        [{"at": stamp(on), "due_before": None, "due_after": stamp(due), "letter": letter, "reason": reason}]
    )


def week_of_cases(
    prefix: str, department: str, thursday: date, met: int, due: int, **told: Any
) -> list[dict[str, Any]]:
    """Write ``due`` dossiers due on the Tuesday of a week: ``met`` finished that day, the rest two days later."""
    tuesday = thursday - timedelta(days=2)
    ends = [tuesday] * met + [thursday] * (due - met)
    return [case(f"{prefix}-{thursday:%y%m%d}-{i:04d}", department, tuesday, end, **told) for i, end in enumerate(ends)]


def twelve_weeks(prefix: str, department: str, met: Sequence[int], due: int, **told: Any) -> list[dict[str, Any]]:
    """Write the weeks before the reported one, oldest first."""
    first = THURSDAY - timedelta(weeks=len(met))
    return [
        row
        for k, n in enumerate(met)
        for row in week_of_cases(prefix, department, first + timedelta(weeks=k), n, due, **told)
    ]


@dataclass(frozen=True, slots=True)
class Made:
    """A province as the report is given it."""

    cube: pl.DataFrame
    facts: pl.LazyFrame
    sources: pl.DataFrame
    data_version: str
    calendar: WorkingCalendar

    def report(
        self,
        issued_on: date = ISSUED,
        scope: Scope | None = None,
        quiet: Sequence[Silent] = (),
        edition: Edition | None = None,
        letterhead: ReportSettings | None = None,
        **beside: Any,
    ) -> dict[str, Any]:
        """Build the content of the Friday report, or of another edition; ``beside``: what is added (friday.build)."""
        return friday.build(
            self.cube,
            self.facts,
            issued_on=issued_on,
            scope=scope or (edition.scope if edition else Scope.province()),
            sources=self.sources,
            data_version=self.data_version,
            letterhead=letterhead or load_settings(),
            calendar=self.calendar,
            quiet=quiet,
            edition=edition,
            **beside,
        )


class Making(Protocol):
    """``made`` on the databases of the run."""

    def __call__(self, folder: Path, cases: Iterable[dict[str, Any]], *, heard: dict[str, date] | None = None) -> Made:
        """Give what was made of the cases."""


def made(
    databases: Databases, folder: Path, cases: Iterable[dict[str, Any]], *, heard: dict[str, date] | None = None
) -> Made:
    """Store the cases and derive everything. ``heard``: source → the last day it was talked to (default: 9/11/2018)."""
    rows = Dossier.cast(pl.DataFrame(list(cases), schema=PLAIN))
    folder.mkdir(exist_ok=True)
    store = open_store(databases.migrated(folder), home=folder)
    names = rows["source"].unique().sort().to_list() or ["mot_cua"]
    for name in names:
        last = (heard or {}).get(name, ISSUED)
        source = Source(name, "Asia/Ho_Chi_Minh", title=f"Hệ thống {name}", kind="national_portal", cadence_minutes=10)
        seen = at(last, 8)
        assert seen is not None
        with begin_run(store, source, kind="sync", origin="test", seen_at=seen) as run:
            run.batch(rows.filter(pl.col("source") == name))
    state = rebuild(store)
    talked = {name: at((heard or {}).get(name, ISSUED), 8) for name in names}
    told = runs.latest(store).with_columns(
        last_ok_at=pl.col("name").replace_strict(talked, return_dtype=pl.Datetime("us", "UTC"))
    )
    store.engine.dispose()
    return Made(
        snapshot.cube(store, state),
        snapshot.facts(store, state),
        told,
        state.data_version,
        WorkingCalendar(load_days()),
    )


def said(content: dict[str, Any], section: str) -> list[str]:
    """Read out one section of the message."""
    items = next(s for s in content["message"] if s["id"] == section)["items"]
    return [spoken(item, content["figures"]) for item in items]
