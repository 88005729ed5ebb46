"""What a period is put beside: worked out on a wall calendar."""

from __future__ import annotations

import pytest

from metrics.compare import Compared, Other, beside
from metrics.scope import Period
from tests.metrics.province import day


def other(start: str, end: str, to: Other, as_of: str = "2026-12-31") -> tuple[str, str]:
    found = beside(Period(day(start), day(end)), day(as_of), to).period
    return found.start.isoformat(), found.end.isoformat()


@pytest.mark.parametrize(
    ("start", "end", "before", "year_before"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
        ("2026-04-01", "2026-06-30", ("2026-01-01", "2026-03-31"), ("2025-04-01", "2025-06-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        ("2025-12-15", "2026-03-14", ("2025-09-15", "2025-12-14"), ("2024-12-15", "2025-03-14")),
        ("2026-10-15", "2026-11-14", ("2026-09-15", "2026-10-14"), ("2025-10-15", "2025-11-14")),
        ("2018-11-02", "2018-11-08", ("2018-10-26", "2018-11-01"), ("2017-11-03", "2017-11-09")),
        ("2026-01-01", "2026-01-28", ("2025-12-04", "2025-12-31"), ("2025-01-01", "2025-01-28")),
        ("2026-03-02", "2026-03-15", ("2026-02-16", "2026-03-01"), ("2025-03-02", "2025-03-15")),
        ("2026-03-04", "2026-03-06", ("2026-03-01", "2026-03-03"), ("2025-03-04", "2025-03-06")),
        ("2024-02-29", "2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_a_period_is_put_beside_its_own_kind(
    start: str, end: str, before: tuple[str, str], year_before: tuple[str, str]
) -> None:
    assert other(start, end, "previous") == before
    assert other(start, end, "last_year") == year_before


def test_a_period_that_still_runs_is_put_beside_as_many_days() -> None:
    found = beside(Period(day("2026-11-01"), day("2026-11-30")), day("2026-11-10"), "previous")
    assert found == Compared(Period(day("2026-10-01"), day("2026-10-31")), day("2026-10-10"))


def test_a_period_long_over_is_judged_as_long_after_it() -> None:
    found = beside(Period(day("2026-10-01"), day("2026-10-31")), day("2026-11-05"), "previous")
    assert found.as_of == day("2026-10-05")


def test_the_end_of_a_month_runs_into_the_last_day_of_a_shorter_one() -> None:
    found = beside(Period(day("2026-03-01"), day("2026-03-31")), day("2026-03-30"), "previous")
    assert found.as_of == day("2026-02-28")
