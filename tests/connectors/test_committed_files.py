"""The small files of tests/data, whole way: file, store, figures. Every number was counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from jobs.load import load_file
from jobs.rebuild import rebuild
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import runs, snapshot
from store.database import Store

DATA = Path(__file__).resolve().parents[1] / "data"
SEEN = datetime(2026, 11, 22, 3, tzinfo=UTC)


def counted(store: Store, day: date) -> dict[str, int]:
    cube = snapshot.cube(store, rebuild(store))
    row = figures(cube, period=Period(date(2026, 1, 1), day), as_of=day, scope=Scope.province()).row(0, named=True)
    return {k: v for k, v in row.items() if k.startswith(("received", "resolved", "pending", "withdrawn")) and v}


def test_an_export_with_every_hazard_gives_the_figures_counted_by_hand(store: Store) -> None:
    report = load_file(store, DATA / "one_stop_export.csv", seen_at=SEEN)
    counts = report.counts
    assert (counts.read, counts.new, counts.merged, counts.quarantined) == (12, 7, 2, 3)
    assert report.reasons == {"unreadable_date": 1, "unknown_status": 1, "code_missing": 1}
    assert report.flags == {
        "open_with_finish": 1,
        "finish_before_receipt": 1,
        "finish_instant_before_receipt": 1,
        "due_missing": 1,
    }
    assert "Người" not in str(runs.quarantined(store, Scope.province()).rows())
    found = counted(store, date(2026, 11, 22))
    # early: …-0001 (13 before 16), H01-5 (9 before 12); on the day: …-0002 (serial 46342 is 16/11); late: 1.110
    assert (found["resolved"], found["resolved_early"], found["resolved_on_time"], found["resolved_overdue"]) == (
        5,
        2,
        1,
        1,
    )
    assert found["resolved_undetermined"] == 1
    # H01-6 is open by its word; H01-10 waits for a supplement since an unknown day, so since it was first seen, 22/11
    assert (found["pending"], found["pending_overdue"], found["pending_suspended"]) == (2, 2, 1)


def test_an_event_log_cuts_its_days_by_the_local_clock(store: Store) -> None:
    report = load_file(store, DATA / "event_log.csv", seen_at=SEEN)
    counts = report.counts
    assert (counts.read, counts.new, counts.merged, counts.quarantined) == (8, 4, 3, 1)
    found = counted(store, date(2026, 11, 20))
    # 16:59 Z is 23:59 of 5/11 in Hanoi: on time; 17:00 Z is 6/11 already: overdue; the withdrawn one ended before 9/11
    assert (found["resolved_on_time"], found["resolved_overdue"], found["resolved_early"], found["withdrawn"]) == (
        1,
        1,
        1,
        1,
    )
    assert found["pending"] == 1
