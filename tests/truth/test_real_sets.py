"""Real exports through their mappings, to the figures that somebody else counted: true_counts.json beside each set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jobs.load import RunReport, load_file, preview_file
from jobs.rebuild import rebuild
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store

pytestmark = pytest.mark.real
MAPPINGS = Path(__file__).parent / "mappings"
SEEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WABO, BOSTON = "receipt_wabo/receipt_events.csv", "boston_311_animal_2015/filtered_2015.csv"
XES = "receipt_wabo/receipt.xes.gz"
HOUSTON = "houston_311_flooding_2017/floodingPiped2017.csv"
AS_OF = {"receipt_wabo": date(2012, 1, 20), "boston": date(2024, 5, 1), "houston": date(2018, 1, 10)}
#: Ours ← theirs. Closed without a due date and open without one are our "undetermined".
SAME = {
    "resolved": "closed",
    "resolved_early": "early",
    "resolved_on_time": "on_due_day",
    "resolved_overdue": "overdue",
    "resolved_undetermined": "closed_no_due",
    "pending": "open",
    "pending_overdue": "open_overdue",
    "pending_in_term": "open_in_time",
    "pending_undetermined": "open_no_due",
}


def load(store: Store, shared: Path, file: str, name: str) -> RunReport:
    return load_file(store, shared / file, mapping=MAPPINGS / f"{name}.toml", seen_at=SEEN)


def counted(store: Store, name: str, by: Iterable[str] = ()) -> pl.DataFrame:
    as_of = AS_OF[name]
    return figures(
        snapshot.cube(store, rebuild(store)),
        period=Period(date(1990, 1, 1), as_of),
        as_of=as_of,
        by=list(by),
        scope=Scope.province(),
    )


def truth(shared: Path, file: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shared / file).with_name("true_counts.json").read_text(encoding="utf-8"))
    return told


def groups(store: Store, name: str, by: str) -> dict[str | None, dict[str, int]]:
    rows = counted(store, name, [by]).with_columns(pl.col(by).cast(pl.String)).iter_rows(named=True)
    return {row[by]: {theirs: row[ours] for ours, theirs in SAME.items()} for row in rows}


def overall(store: Store, name: str) -> dict[str, int]:
    row = counted(store, name).row(0, named=True)
    return {theirs: row[ours] for ours, theirs in SAME.items()}


def told(counts: dict[str, Any]) -> dict[str, int]:
    return {theirs: counts[theirs] for theirs in SAME.values()}


def added(channels: dict[str, Any], names: Iterable[str]) -> dict[str, int]:
    return {theirs: sum(channels[n][theirs] for n in names) for theirs in SAME.values()}


@pytest.mark.parametrize("file", [WABO, XES])
def test_the_event_log_gives_the_true_counts_of_its_1434_cases(store: Store, shared_data: Path, file: str) -> None:
    report = load(store, shared_data, file, "receipt_wabo")
    true = truth(shared_data, WABO)
    assert (report.counts.new, report.counts.merged, report.counts.quarantined) == (1434, 8577 - 1434, 0)
    assert overall(store, "receipt_wabo") == told(true["overall_due_is_deadline"])
    assert (overall(store, "receipt_wabo")["overdue"], overall(store, "receipt_wabo")["open_overdue"]) == (309, 37)


def test_the_event_log_is_true_for_each_department_and_channel(store: Store, shared_data: Path) -> None:
    load(store, shared_data, WABO, "receipt_wabo")
    true = truth(shared_data, WABO)
    assert groups(store, "receipt_wabo", "department") == {k: told(v) for k, v in true["by_department"].items()}
    channels = true["by_channel"]
    assert groups(store, "receipt_wabo", "channel") == {
        "online": added(channels, ("Internet", "e-mail")),
        "counter": added(channels, ("Desk",)),
        "post": added(channels, ("Post",)),
        None: added(channels, ("Intern",)),
    }


def test_requests_without_a_due_date_are_never_on_time(store: Store, shared_data: Path) -> None:
    report = load(store, shared_data, BOSTON, "boston")
    true = truth(shared_data, BOSTON)
    assert (report.counts.new, report.counts.read, report.flags["due_missing"]) == (6221, 6221, 301 + 2867)
    assert report.flags["finish_instant_before_receipt"] == 3
    assert overall(store, "boston") == told(true["overall"])


def test_the_requests_are_true_for_each_department_and_subject(store: Store, shared_data: Path) -> None:
    load(store, shared_data, BOSTON, "boston")
    true = truth(shared_data, BOSTON)
    assert groups(store, "boston", "department") == {k: told(v) for k, v in true["by_department"].items()}
    assert groups(store, "boston", "field") == {k: told(v) for k, v in true["by_subject"].items()}
    channels = true["by_channel"]
    counter = ("Constituent Call", "Employee Generated")
    assert groups(store, "boston", "channel") == {
        "counter": added(channels, counter),
        "online": added(channels, [c for c in channels if c not in counter]),
    }


def test_exact_copies_count_once_and_the_later_row_of_a_number_wins(store: Store, shared_data: Path) -> None:
    report = load(store, shared_data, HOUSTON, "houston")
    true = told(truth(shared_data, HOUSTON)["overall_last_row_per_case_number"])
    assert (report.counts.new, report.counts.merged, report.counts.quarantined) == (5171, 4397, 0)
    assert overall(store, "houston") == true
    assert groups(store, "houston", "department") == {"PWE Public Works Engineering": true}


def test_the_log_as_xes_is_the_log_as_csv(store: Store, shared_data: Path) -> None:
    load(store, shared_data, WABO, "receipt_wabo")
    again = load(store, shared_data, XES, "receipt_wabo")
    assert again.said_nothing_changed
    assert (again.counts.unchanged, again.counts.merged) == (1434, 8577 - 1434)


@pytest.mark.parametrize(
    ("file", "name", "dossiers"), [(WABO, "receipt_wabo", 1434), (BOSTON, "boston", 6221), (HOUSTON, "houston", 5171)]
)
def test_loading_a_set_again_changes_nothing_and_says_so(
    store: Store, shared_data: Path, file: str, name: str, dossiers: int
) -> None:
    assert not load(store, shared_data, file, name).said_nothing_changed
    again = load(store, shared_data, file, name)
    assert again.said_nothing_changed
    assert (again.counts.new, again.counts.changed, again.counts.unchanged) == (0, 0, dossiers)


def test_a_catalogue_with_a_title_row_and_decimal_codes_is_read_under_its_header(shared_data: Path) -> None:
    shown = preview_file(shared_data / "vn_tthc_catalogue" / "danh-sach-tthc-BoXayDung.xlsx")
    assert shown.header_row == 2
    assert shown.suggestion is not None
    assert 'code = "Mã số"' in shown.suggestion
    assert shown.missing is not None
    assert "received_at" in shown.missing
