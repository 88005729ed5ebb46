"""An office that loads exports as they come, and is asked as ``dunghan figures`` asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.settings import settings
from jobs.answers import Asked, answer, overdue_on, told
from jobs.load import RunReport, load_file
from store import ledger
from store.database import Store

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
HEADER = "Mã hồ sơ,Trạng thái,Tiếp nhận,Hẹn trả,Kết thúc,Số ngày\n"
MAPPING = """
source = "mot-cua"
time_zone = "Asia/Ho_Chi_Minh"
[columns]
code = "Mã hồ sơ"
status = "Trạng thái"
received_at = "Tiếp nhận"
due_at = "Hẹn trả"
resolved_at = "Kết thúc"
[constants]
department = "Sở Xây dựng"
field = "Xây dựng"
"""
#: The office reckons the due day itself, in working days.
RECKONED = MAPPING + '[due]\ndays_column = "Số ngày"\nunit = "working_days"\n'


@dataclass(slots=True)
class Office:
    """A store, and the folder in which exports arrive."""

    store: Store
    folder: Path
    arrived: int = 0

    def load(self, *rows: str, seen: str = "2026-06-01 08:00", mapping: str = MAPPING) -> RunReport:
        """Load an export of these rows (code, status, received, due, resolved, days), read at ``seen``, local time."""
        self.arrived += 1
        file = self.folder / f"{self.arrived}.csv"
        file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        file.with_suffix(".toml").write_text(mapping, encoding="utf-8")
        return load_file(self.store, file, seen_at=datetime.fromisoformat(seen).replace(tzinfo=HERE).astimezone(UTC))

    def groups(self, start: str, end: str, *by: str, as_of: str | None = None) -> list[dict[str, Any]]:
        days = datetime.fromisoformat(start).date(), datetime.fromisoformat(end).date()
        groups: list[dict[str, Any]] = answer(self.store, Asked(*days, as_of or end, by))["groups"]
        return groups

    def figures(self, start: str, end: str, *, as_of: str | None = None) -> dict[str, Any]:
        """Give counts and rates of a period, judged as of its last day unless told otherwise."""
        (group,) = self.groups(start, end, as_of=as_of)
        return group

    def counts(self, start: str, end: str, *, as_of: str | None = None) -> dict[str, int]:
        """Give the counts of a period that are not zero."""
        return {k: n for k, n in self.figures(start, end, as_of=as_of)["counts"].items() if n}

    def overdue(self, day: str) -> list[dict[str, Any]]:
        return told(overdue_on(self.store, day)[2])

    def known(self) -> pl.DataFrame:
        """Give the dossiers as they stand, by code."""
        return ledger.as_known_at(self.store, datetime(2100, 1, 1, tzinfo=UTC)).sort("code")

    def stamp(self, column: str, code: str = "A") -> datetime:
        """Give one instant of a dossier, as UTC."""
        found: datetime = self.known().filter(pl.col("code") == code)[column].item()
        return found


@pytest.fixture
def office(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    settings.cache_clear()
    yield Office(store, tmp_path)
    settings.cache_clear()
