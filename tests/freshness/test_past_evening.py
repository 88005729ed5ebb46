"""Who was silent on a past evening can be asked at any time later: runs and ledger alone tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from jobs import doctor, sources
from jobs.answers import Asked, answer, filled
from jobs.figures_screen import table
from jobs.form_cli import shown
from metrics.dossier import COLUMNS, PLAIN, Dossier
from store.database import Store
from store.ingest import Source, begin_run

ZONE = "Asia/Ho_Chi_Minh"
BUILDING, COMMUNE = "Sở Xây dựng", "UBND xã Hòa Lam"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of November 2026 as clocks in Hà Nội show it; the 16th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def dossier(code: str, due: int, closed: int | None, department: str = BUILDING) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {
        "code": code, "department": department, "status": "resolved" if closed else "processing",
        "received_at": at(2, 9), "due_at": at(due, 17), "resolved_at": at(closed, 9) if closed else None,
        "changed_at": at(closed or 2, 9),
    }  # fmt: skip


def read(
    store: Store, name: str, seen_at: datetime, *rows: dict[str, Any], kind: str = "rest", cadence: int = 30
) -> None:
    """Read a source to its end."""
    source = Source(name, ZONE, f"Hệ thống {name}", kind=kind, cadence_minutes=cadence)
    frame = Dossier.cast(pl.DataFrame([row | {"source": name} for row in rows], schema=PLAIN))
    with begin_run(store, source, kind="sync", origin="test", seen_at=seen_at) as run:
        run.batch(frame)


@pytest.fixture
def monday(store: Store) -> Store:
    """On Monday 16/11 source A was read after its close, B in the morning only."""
    read(store, "a", at(16, 17, 30), dossier("A1", 13, 13), dossier("A2", 13, None))
    read(
        store,
        "b",
        at(16, 10),
        dossier("B1", 13, None, COMMUNE),
        dossier("B2", 12, 12, COMMUNE),
        dossier("B3", 20, None),
    )
    return store


EVENING = Asked(as_of="2026-11-16", known_at="2026-11-16")


def on_time(found: dict[str, Any]) -> tuple[int, int]:
    (group,) = found["groups"]
    return group["rates"]["on_time_due"]["numerator"], group["rates"]["on_time_due"]["denominator"]


def test_a_source_last_heard_in_the_morning_was_in_no_rate_that_evening(monday: Store) -> None:
    found = answer(monday, EVENING)
    assert [each["source"] for each in found["silent"]] == ["b"]
    assert found["silent"][0] | {"heard_at": ""} == {
        "source": "b", "department": None, "heard_at": "", "heard_to_the_end_of": "2026-11-13", "pending": 2,
        "received": 3,
    }  # fmt: skip
    assert on_time(found) == (1, 2)  # A1 of A1 and A2; with B it would be 2 of 4
    assert found["groups"][0]["counts"]["pending"] == 3  # A2, B1, B3: counts are as last known


def test_the_same_evening_is_told_alike_after_the_source_came_back(monday: Store) -> None:
    before = answer(monday, EVENING)
    read(monday, "b", at(18, 18), dossier("B1", 13, 17, COMMUNE), dossier("B3", 20, None))
    read(monday, "a", at(18, 18), dossier("A2", 13, None))
    assert answer(monday, EVENING) == before


def test_today_nothing_is_missing_of_that_evening_once_the_source_was_read_again(monday: Store) -> None:
    read(monday, "b", at(18, 18), dossier("B1", 13, 17, COMMUNE), dossier("B3", 20, None))
    found = answer(monday, Asked(as_of="2026-11-16"))
    assert found["silent"] == []
    assert on_time(found) == (2, 4)


def test_without_a_day_figures_and_freshness_are_told_for_the_newest_observation(monday: Store) -> None:
    assert answer(monday, Asked())["silent"] == []  # the newest instant of any dossier is Friday 13/11, 9:00


def test_people_are_told_who_left_and_what_it_holds(monday: Store) -> None:
    console = Console(width=200)
    with console.capture() as shown:
        console.print(table(answer(monday, EVENING)))
    said = " ".join(shown.get().split())
    assert "not in the rates, silent since 2026-11-16T10:00+07:00: b (2 open dossiers)" in said


def test_form_ii06_counts_who_is_silent_and_says_since_when(monday: Store) -> None:
    found = filled(monday, replace(EVENING, by=("department",)))
    # A1, A2, B1, B2, B3 were received: nobody leaves the form. Finished: A1, B2.
    assert (found["total"]["c3"], found["total"]["c7"], found["total"]["c11"]) == (5, 2, 3)
    assert found["silent"] == answer(monday, EVENING)["silent"] != []
    console = Console(width=200)
    with console.capture() as printed:
        console.print(shown(found))
    said = "Không có dữ liệu của nguồn b từ 2026-11-16T10:00+07:00: biểu tính số biết lần cuối, gồm 2 hồ sơ đang giữ"
    assert said in " ".join(printed.get().split())
    read(monday, "b", at(18, 18), dossier("B1", 13, 17, COMMUNE), dossier("B3", 20, None))
    assert filled(monday, Asked(as_of="2026-11-16", by=("department",)))["silent"] == []


def test_a_reading_that_failed_is_no_word(store: Store) -> None:
    read(store, "a", at(16, 17, 30), dossier("A1", 13, 13))
    source = Source("b", ZONE, "B", kind="rest", cadence_minutes=30)
    frame = Dossier.cast(pl.DataFrame([dossier("B1", 13, 12) | {"source": "b"}], schema=PLAIN))
    with pytest.raises(ZeroDivisionError), begin_run(store, source, kind="sync", origin="t", seen_at=at(16, 17)) as run:
        run.batch(frame)
        raise ZeroDivisionError
    found = answer(store, EVENING)
    assert [(each["source"], each["heard_at"]) for each in found["silent"]] == [("b", None)]
    assert on_time(found) == (1, 1)


def test_a_file_reaches_as_far_as_its_newest_record_however_late_it_is_loaded(store: Store) -> None:
    read(store, "a", at(16, 17, 30), dossier("A1", 13, 13))
    read(store, "tep", at(16, 18), dossier("T1", 6, 5), kind="file", cadence=1440)  # its newest record is of the 5th
    found = answer(store, EVENING)
    assert [each["source"] for each in found["silent"]] == ["tep"]
    assert found["silent"][0]["heard_to_the_end_of"] == "2026-11-04"


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare that something is heard of the commune every working day."""
    file = tmp_path / "sources.toml"
    text = f'[[source]]\nname = "a"\nkind = "demo"\nurl = "http://a"\n[source.unit_days]\n"{COMMUNE}" = 1\n'
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(file))


@pytest.fixture
def quiet_unit(store: Store, declared: None) -> Store:
    """The source is read every day; of the commune nothing was seen since Wednesday 11/11."""
    rows = [dossier("A1", 13, 12), dossier("C1", 13, None, COMMUNE), dossier("C2", 12, 11, COMMUNE)]
    read(store, "a", at(11, 17, 30), *rows)
    read(store, "a", at(12, 17, 30), dossier("A1", 13, 12) | {"step": "Thẩm định"})
    read(store, "a", at(16, 17, 30), dossier("A1", 13, 12) | {"step": "Trả kết quả"})
    return store


def test_a_quiet_unit_leaves_while_its_source_is_heard(quiet_unit: Store) -> None:
    found = answer(quiet_unit, EVENING)
    assert [(each["source"], each["department"], each["pending"]) for each in found["silent"]] == [("a", COMMUNE, 1)]
    assert on_time(found) == (1, 1)  # A1; with the commune 2 of 3
    thursday = answer(quiet_unit, Asked(as_of="2026-11-12", known_at="2026-11-12"))
    assert thursday["silent"] == []  # late after one day, not yet silent


def test_those_who_look_after_the_sources_are_told(quiet_unit: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at(16, 17, 40)

    monkeypatch.setattr("jobs.heard.datetime", Clock)
    monkeypatch.setattr(doctor, "datetime", Clock)
    source, *never = sources.answer(quiet_unit)["sources"]
    assert {s["state"] for s in never} <= {"never"}
    assert (source["state"], source["units"][0]["state"]) == ("ok", "silent")
    told = {f.what: f for f in doctor.examine(quiet_unit.url)}
    assert told[f'source "a", {COMMUNE}'].found == "nothing since 2026-11-11, expected within 1 working days"
