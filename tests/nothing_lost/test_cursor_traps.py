"""Rows that share a stamp, that come late with an old one, that vanish, that go back: nothing is lost, all is said."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta

import pytest

from config import notes
from config.errors import StoreError
from config.sources import Source
from jobs.sync import sync_source
from metrics.scope import Scope
from store import ledger
from store.database import Store
from store.ingest import Counts
from tests.nothing_lost.conftest import SaysTheTruth
from tests.nothing_lost.contents import contents, runs_of
from tests.nothing_lost.office import MORNING, Office


def read(store: Store, source: Source, office: Office, *, sweep: bool = False) -> Counts:
    """Read the source at its own time, or ours where its clock went back."""
    return sync_source(store, source, seen_at=max(office.now, _last_look(store)), sweep=sweep)


def _last_look(store: Store) -> datetime:
    looks: list[datetime] = runs_of(store, "mot-cua")["started_at"].to_list()
    return max(looks, default=MORNING)


def later(office: Office, **passed: float) -> None:
    office.now += timedelta(**passed)


def codes(store: Store) -> set[str]:
    return set(contents(store, "mot-cua")["dossiers"]["code"])


def said(store: Store) -> str:
    """Give what the last run noted."""
    return " ".join(map(str, notes.read(runs_of(store, "mot-cua")["notes"][-1])))


def states(store: Store, code: str) -> list[str]:
    return ledger.history(store, "mot-cua", code, Scope.province())["status"].to_list()


def test_rows_that_share_one_stamp_come_whole_whatever_page_they_are_cut_by(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    office.put(*(f"S-{i}" for i in range(17)))
    read(store, source, office)
    office.put("S-late")  # in the very second up to which was read
    read(store, source, office)
    assert "S-late" in codes(store)
    says_the_truth(store)


@pytest.mark.parametrize("late_by", [1, 90])
def test_a_row_that_is_committed_late_with_an_earlier_stamp_is_found_at_once_or_by_the_next_sweep(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth, late_by: int
) -> None:
    read(store, source, office)
    office.put("L-1", at=office.now - timedelta(minutes=late_by))
    later(office, minutes=1)
    read(store, source, office)
    assert ("L-1" in codes(store)) is (late_by < source.overlap_minutes)
    read(store, source, office, sweep=True)
    says_the_truth(store)


def test_what_vanishes_is_said_when_missed_and_gone_when_missed_twice(
    store: Store, source: Source, office: Office
) -> None:
    office.put("A-19", status="9")
    read(store, source, office)
    for code in ("A-18", "A-19"):
        del office.rows[code]
    later(office, days=1)
    read(store, source, office, sweep=True)
    assert "2 dossiers were not found" in said(store)
    assert states(store, "A-18") == ["processing"]
    later(office, days=1)
    read(store, source, office, sweep=True)
    assert "2 dossiers are gone" in said(store)
    assert states(store, "A-18") == ["processing", "gone"]
    assert states(store, "A-19") == ["resolved", "resolved"], "what was closed stays closed; its tombstone is an entry"
    later(office, days=1)
    read(store, source, office, sweep=True)
    assert said(store) == "", "a tombstone is said once"
    assert codes(store) == {f"A-{i:02}" for i in range(20)}, "nothing is ever deleted here"


def test_what_was_gone_and_comes_back_is_as_its_source_says(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    read(store, source, office)
    away = office.rows.pop("A-18")
    for _ in range(2):
        later(office, days=1)
        read(store, source, office, sweep=True)
    office.rows["A-18"] = away  # with its old stamp: no sync would ask for it
    later(office, days=1)
    read(store, source, office, sweep=True)
    assert states(store, "A-18") == ["processing", "gone", "processing"]
    says_the_truth(store)


def test_a_source_that_suddenly_shows_a_part_is_not_believed(store: Store, source: Source, office: Office) -> None:
    office.put(*(f"B-{i}" for i in range(30)))
    read(store, source, office)
    all_rows = dict(office.rows)
    office.rows = {code: row for code, row in office.rows.items() if code.startswith("A")}
    later(office, days=1)
    with pytest.raises(StoreError, match="lacks 30 of 50 dossiers; none of them was called missing"):
        read(store, source, office, sweep=True)
    office.rows = all_rows
    read(store, source, office, sweep=True)
    assert contents(store, "mot-cua")["dossiers"]["missing_since"].null_count() == 50


def test_a_clock_that_goes_back_is_said_and_what_is_done_by_it_is_read(
    store: Store, source: Source, office: Office
) -> None:
    read(store, source, office)
    office.now -= timedelta(hours=5)
    office.put("N-1")
    read(store, source, office)
    assert "clock" in said(store)
    later(office, minutes=30)
    office.put("N-2")
    read(store, source, office)
    assert {"N-1", "N-2"} <= codes(store)


def test_a_source_restored_from_its_backup_loses_nothing_here_and_all_of_it_is_said(
    store: Store, source: Source, office: Office
) -> None:
    read(store, source, office)
    backup = deepcopy(office.rows)
    later(office, hours=1)
    office.put("A-01", status="9")
    office.put("N-1")
    read(store, source, office)
    office.rows = backup  # A-01 is open again there, N-1 was never handed in
    later(office, hours=1)
    read(store, source, office, sweep=True)
    assert "1 dossiers were not found" in said(store)
    assert "1 dossiers were shown in an older state than was stored (A-01)" in said(store)
    assert states(store, "A-01") == ["processing", "resolved"], "it may be a copy that lags behind"
    later(office, days=1)
    read(store, source, office, sweep=True)
    assert states(store, "A-01") == ["processing", "resolved", "processing"]
    assert states(store, "N-1") == ["processing", "gone"]
    later(office, hours=1)
    read(store, source, office, sweep=True)
    assert said(store) == ""


def test_work_done_under_a_clock_that_went_back_is_in_the_store_after_the_next_sweep(
    store: Store, source: Source, office: Office
) -> None:
    later(office, hours=2)
    office.put("A-02", TenTTHC="Cấp đổi")
    read(store, source, office)
    office.now -= timedelta(hours=6)
    office.put("A-02", status="9")  # its last change ever, stamped before the one we know
    later(office, minutes=20)
    read(store, source, office)
    read(store, source, office, sweep=True)
    assert contents(store, "mot-cua")["dossiers"].filter(code="A-02")["status"].item() == "resolved"
    assert "older state than was stored (A-02)" in said(store)
