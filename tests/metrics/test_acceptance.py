"""When an applicant withdraws before anybody answered: in time up to the minute of the limit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.metrics.province import ZONE, dossier, facts_of


def withdrawn(submitted: str, left: str) -> dict[str, Any]:
    row = dossier("W", "withdrawn", channel="online", submitted=submitted[:10], resolved=left[:10])
    stamps = {"submitted_at": submitted, "resolved_at": left}
    return row | {name: datetime.fromisoformat(at).replace(tzinfo=ZONE) for name, at in stamps.items()}


@pytest.mark.parametrize(
    ("left", "late"),
    [
        ("2026-03-09T13:59", None),  # in time: no acceptance clock is left to judge
        ("2026-03-09T14:00:40", None),
        ("2026-03-09T14:01", True),
        ("2026-03-09T16:30", True),
        ("2026-03-09T00:00", None),  # the day alone is known
        ("2026-03-10T00:00", True),
    ],
)
def test_a_withdrawal_is_in_time_up_to_the_minute_of_the_limit(left: str, late: bool | None) -> None:
    # Fri 6/3 14:00: 3 h that day, 5 h on Monday: until Mon 9/3 14:00.
    assert facts_of(withdrawn("2026-03-06T14:00", left))["accepted_late"].item() is late


def test_where_only_the_day_of_submission_is_known_a_withdrawal_on_the_next_working_day_is_in_time() -> None:
    assert facts_of(withdrawn("2026-03-06T00:00", "2026-03-09T16:30"))["accepted_late"].item() is None
    assert facts_of(withdrawn("2026-03-06T00:00", "2026-03-10T07:30"))["accepted_late"].item() is True
