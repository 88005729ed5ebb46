"""A small office whose week 2–8/11/2018 is to be reported: a real store, real rules, real pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config import report
from config.place import SHIPPED
from metrics.dossier import PLAIN, Dossier
from metrics.scope import Scope
from store import editions, issued
from store.database import Store
from store.ingest import Source, begin_run
from store.people import Person
from tests.reports.province import THURSDAY, case, week_of_cases

DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
PROVINCE = Scope.province()
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = date(2018, 11, 9)


def moment(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """Give an instant of the office."""
    return datetime.combine(day, time(hour, minute), HERE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """A store and the folder of its settings."""

    store: Store
    config: Path

    def hears(self, *cases: dict[str, Any], at: datetime, kind: str = "national_portal", name: str = "mot_cua") -> None:
        """Read ``cases`` from a source at an instant."""
        rows = Dossier.cast(pl.DataFrame([row | {"source": name} for row in cases], schema=PLAIN))
        every = 10 if kind != "file" else None
        source = Source(name, "Asia/Ho_Chi_Minh", title=f"Hệ thống {name}", kind=kind, cadence_minutes=every)
        with begin_run(self.store, source, kind="sync", origin="test", seen_at=at) as run:
            run.batch(rows)

    def sets(self, **told: str) -> None:
        """Change settings of report.toml: name → value as TOML writes it."""
        lines = self._report.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition(" =")[0] not in told]
        at = kept.index("[friday]") + 1
        kept[at:at] = [f"{name} = {value}" for name, value in told.items()]
        self._write("\n".join(kept) + "\n")

    def sends_to(self, *addresses: str, department: str = "") -> None:
        """Name who gets the Friday report."""
        told = f'\n[[recipients]]\nkind = "friday"\ndepartment = "{department}"\nto = {list(addresses)}\n'
        self._write(self._report.read_text(encoding="utf-8") + told.replace("'", '"'))

    def _write(self, text: str) -> None:
        self._report.write_text(text, encoding="utf-8")
        report._load.cache_clear()

    @property
    def _report(self) -> Path:
        return self.config / "report.toml"

    def reports(self) -> list[issued.Edition]:
        """Give all reports, oldest first."""
        return issued.editions_of(self.store, PROVINCE)[::-1]

    def approve(self, id: int) -> None:
        read = {one.id: one.mark for one in self.reports()}[id]
        editions.approve(self.store, id, by=DIRECTOR, at=moment(FRIDAY, 7, 45), read=read)


def week() -> list[dict[str, Any]]:
    """Write the golden week: due 20, met 15; one dossier overdue at its end."""
    late = case("XD-CU-1", "Sở Xây dựng", THURSDAY.replace(day=1), None)
    return [*week_of_cases("XD", "Sở Xây dựng", THURSDAY, 15, 20), late]


@pytest.fixture
def office(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    mine = tmp_path / "config"
    mine.mkdir()
    for name in ("report.toml", "mail.toml"):
        (mine / name).write_bytes((SHIPPED / name).read_bytes())
    monkeypatch.setenv("DUNGHAN_CONFIG", str(mine))
    made = Office(store, mine)
    made.hears(*week(), at=moment(FRIDAY, 7))
    return made


def told(rows: Iterable[issued.Edition]) -> list[tuple[str, str, int | None]]:
    """Say of reports: the last day, the state, the number."""
    return [(f"{one.end:%d/%m}", one.state, one.number) for one in rows]
