"""The acceptance clock at exact minutes: 8 working hours of 07:30–11:30 and 13:00–17:00, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.metrics.province import ZONE, dossier, facts_of


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def judged(submitted: str, answered: str, channel: str = "online") -> tuple[date | None, bool | None]:
    """Give the day of the limit and whether the answer came after it."""
    row: dict[str, Any] = dossier("a", "processing", channel=channel)
    row |= {"submitted_at": _instant(submitted), "received_at": _instant(answered)}
    found = facts_of(row).row(0, named=True)
    return found["acceptance_due_on"], found["accepted_late"]


IN_TIME = [
    ("2026-03-06T16:00", "2026-03-09T16:00:59", "2026-03-09"),  # Friday: 1 hour left, 7 on Monday
    ("2026-03-07T10:00", "2026-03-09T17:00", "2026-03-09"),  # on Saturday: all of Monday
    ("2026-03-09T07:29", "2026-03-09T17:00", "2026-03-09"),  # before opening
    ("2026-03-09T11:30", "2026-03-10T11:30", "2026-03-10"),  # at noon: the afternoon, and a morning
    ("2026-03-09T17:00", "2026-03-10T17:00", "2026-03-10"),  # at closing
    ("2026-02-13T16:30", "2026-02-23T16:30", "2026-02-23"),  # over Tết 2026
    ("2026-01-09T16:00", "2026-01-10T16:00", "2026-01-10"),  # into the make-up Saturday
    ("2025-07-01T07:00", "2025-07-01T17:00", "2025-07-01"),  # the first day of Nghị định 118/2025
]
A_MINUTE_LATE = [
    ("2026-03-06T16:00", "2026-03-09T16:01", "2026-03-09"),
    ("2026-03-07T10:00", "2026-03-09T17:01", "2026-03-09"),
    ("2026-03-09T00:00:01", "2026-03-09T17:01", "2026-03-09"),
    ("2026-03-09T12:00", "2026-03-10T11:31", "2026-03-10"),
    ("2026-02-13T16:30", "2026-02-23T16:31", "2026-02-23"),
    ("2026-01-09T16:00", "2026-01-10T16:01", "2026-01-10"),
]


@pytest.mark.parametrize(("submitted", "answered", "due"), IN_TIME)
def test_answered_in_the_last_minute_is_in_time(submitted: str, answered: str, due: str) -> None:
    assert judged(submitted, answered) == (date.fromisoformat(due), False)


@pytest.mark.parametrize(("submitted", "answered", "due"), A_MINUTE_LATE)
def test_answered_a_minute_later_is_late(submitted: str, answered: str, due: str) -> None:
    assert judged(submitted, answered) == (date.fromisoformat(due), True)


@pytest.mark.parametrize(("submitted", "channel"), [("2025-06-30T23:59", "online"), ("2026-03-06T16:00", "counter")])
def test_no_clock_runs_before_the_law_or_at_the_counter(submitted: str, channel: str) -> None:
    assert judged(submitted, "2026-04-30T08:00", channel) == (None, None)
