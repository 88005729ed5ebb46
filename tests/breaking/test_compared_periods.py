"""The period put beside another, at month ends, in leap years, and for state months: typed by hand."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.compare import Compared, Other, beside
from metrics.scope import Period

BESIDE: list[tuple[str, str, str, Other, str, str, str]] = [
    # from, to, as of; beside: from, to, as of
    ("2026-03-01", "2026-03-31", "2026-03-31", "previous", "2026-02-01", "2026-02-28", "2026-02-28"),
    ("2026-03-01", "2026-03-31", "2026-03-30", "previous", "2026-02-01", "2026-02-28", "2026-02-28"),
    ("2026-03-01", "2026-03-31", "2026-04-05", "previous", "2026-02-01", "2026-02-28", "2026-03-05"),
    ("2024-02-01", "2024-02-29", "2024-02-29", "last_year", "2023-02-01", "2023-02-28", "2023-02-28"),
    ("2025-02-01", "2025-02-28", "2025-02-28", "last_year", "2024-02-01", "2024-02-29", "2024-02-29"),
    ("2024-02-29", "2024-02-29", "2024-03-01", "last_year", "2023-02-28", "2023-02-28", "2023-03-01"),
    ("2026-02-15", "2026-03-14", "2026-03-14", "previous", "2026-01-15", "2026-02-14", "2026-02-14"),
    ("2025-12-15", "2026-03-14", "2026-03-14", "previous", "2025-09-15", "2025-12-14", "2025-12-14"),
    ("2025-12-15", "2026-12-14", "2026-12-14", "last_year", "2024-12-15", "2025-12-14", "2025-12-14"),
    ("2026-11-13", "2026-11-19", "2026-11-20", "last_year", "2025-11-14", "2025-11-20", "2025-11-21"),
]


@pytest.mark.parametrize(("start", "end", "as_of", "other", "from_", "to", "judged"), BESIDE)
def test_a_period_is_put_beside_the_one_a_person_would_take(
    start: str, end: str, as_of: str, other: Other, from_: str, to: str, judged: str
) -> None:
    day = date.fromisoformat
    expected = Compared(Period(day(from_), day(to)), day(judged))
    assert beside(Period(day(start), day(end)), day(as_of), other) == expected
