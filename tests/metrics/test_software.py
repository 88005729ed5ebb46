"""Software of each source by week: every number worked out by hand, every share with what it is of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from metrics import software
from metrics.dossier import INSTANT
from metrics.software import MISSING, WRONG

ZONES = {"a": "Asia/Ho_Chi_Minh", "b": "UTC"}
MONDAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 18, 5, tzinfo=UTC)
MOMENTS: Any = {"source": pl.String, "happened_at": INSTANT, "seen_at": INSTANT}
RUNS: Any = {
    "source": pl.String, "state": pl.String, "started_at": INSTANT, "finished_at": INSTANT, "read": pl.Int64,
    "error": pl.String,
}  # fmt: skip


def run(
    hours: float, state: str = "ok", *, source: str = "a", read: int = 10, error: str | None = None
) -> tuple[Any, ...]:
    at = NOON + timedelta(hours=hours)
    return source, state, at, at if state != "running" else None, read, error


def runs(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RUNS, orient="row")


def delays(*minutes: float, source: str = "a") -> pl.DataFrame:
    rows = [(source, NOON - timedelta(minutes=m), NOON) for m in minutes]
    return pl.DataFrame(rows, schema=MOMENTS, orient="row")


def refused(*reasons: list[str]) -> pl.DataFrame:
    kinds: Any = {"source": pl.String, "seen_at": INSTANT, "reasons": pl.List(pl.String)}
    return pl.DataFrame([("a", NOON, each) for each in reasons], schema=kinds, orient="row")


def received(*rows: dict[str, int], at: datetime = NOON) -> pl.DataFrame:
    flags = dict.fromkeys((*MISSING, *WRONG), 0)
    kinds: Any = {"source": pl.String, "received_at": INSTANT} | dict.fromkeys(flags, pl.Int64)
    return pl.DataFrame([{"source": "a", "received_at": at} | flags | row for row in rows], schema=kinds)


def weeks(
    ran: pl.DataFrame | None = None, late: pl.DataFrame | None = None, bad: pl.DataFrame | None = None,
    came: pl.DataFrame | None = None, *, now: datetime = NOON,
) -> list[dict[str, Any]]:  # fmt: skip
    told = software.weeks(
        runs() if ran is None else ran, delays() if late is None else late, refused() if bad is None else bad,
        received() if came is None else came, zones=ZONES, now=now,
    )  # fmt: skip
    return told.to_dicts()


def test_availability_is_of_runs_that_are_over() -> None:
    (week,) = weeks(runs(run(-9), run(-8, "failed"), run(-6), run(0, "running")))
    assert (week["source"], week["week"]) == ("a", MONDAY)
    assert [week[name] for name in ("runs", "ok", "failed", "read", "refused")] == [3, 2, 1, 30, 0]
    assert week["gap_minutes"] == 6 * 60  # since the last good run, up to now


def test_the_longest_gap_lies_where_it_ended() -> None:
    found = weeks(runs(run(-9 * 24), run(-24), run(-1)))
    assert [(week["week"], week["gap_minutes"]) for week in found] == [
        (MONDAY, 8 * 24 * 60), (MONDAY - timedelta(weeks=1), None),
    ]  # fmt: skip


def test_an_outage_without_any_good_run_has_its_length_and_one_before_the_first_good_run_too() -> None:
    found = weeks(runs(*(run(-24 * n, "failed") for n in range(22, 0, -1))))
    assert [week["gap_minutes"] for week in found] == [22 * 24 * 60, None, None, None]
    (week,) = weeks(runs(run(-20, "failed"), run(-8), run(-1)))
    assert week["gap_minutes"] == 12 * 60
    assert weeks(runs(run(0, "running"))) == []


def test_a_week_is_that_of_the_place_of_the_source() -> None:
    """Sunday 15/11 at 18:00 UTC is Monday 16/11 at 01:00 in Vietnam."""
    sunday = datetime(2026, 11, 15, 18, tzinfo=UTC)
    hours = (sunday - NOON) / timedelta(hours=1)
    found = weeks(runs(run(hours), run(hours, source="b")), now=sunday)
    assert {week["source"]: week["week"] for week in found} == {"a": MONDAY, "b": MONDAY - timedelta(weeks=1)}


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [((5,), 5, 5), ((9, 1), 1, 9), (tuple(range(1, 11)), 5, 9), (tuple(range(11)), 5, 9), ((-3, 4), 0, 4)],
)
def test_delay_is_the_time_within_which_half_and_nine_tenths_came(
    minutes: tuple[int, ...], median: float, p90: float
) -> None:
    (week,) = weeks(late=delays(*minutes))
    assert (week["stamped"], week["delay_median"], week["delay_p90"]) == (len(minutes), median, p90)
    assert week["runs"] is None, "of what nobody knows nothing is said"


def test_what_is_missing_and_wrong_is_of_what_was_received() -> None:
    (week,) = weeks(came=received({"due_at": 1, "channel": 1}, {"due_at": 1}, {}, {"finished_before_receipt": 1}))
    told = {name: week[name] for name in ("received", *MISSING, *WRONG) if week[name]}
    assert told == {"received": 4, "due_at": 2, "channel": 1, "finished_before_receipt": 1}


def test_refused_rows_are_counted_once_and_under_each_reason() -> None:
    bad = refused(["started", "unknown_status"], ["started"])
    (week,) = weeks(runs(run(0)), bad=bad)
    assert (week["read"], week["refused"]) == (10, 2)
    assert software.reasons(bad).select("reason", "n").rows() == [("started", 2), ("unknown_status", 1)]


def test_failed_runs_are_counted_by_what_they_say() -> None:
    ran = runs(run(-3, "failed", error="E1"), run(-2, "failed", error="E2"), run(-1, "failed", error="E1"), run(0))
    rows = software.errors(ran).select("error", "n", "first_at", "last_at").rows()
    hour = timedelta(hours=1)
    assert rows == [("E1", 2, NOON - 3 * hour, NOON - hour), ("E2", 1, NOON - 2 * hour, NOON - 2 * hour)]


def test_without_anything_there_is_nothing() -> None:
    assert weeks() == []
