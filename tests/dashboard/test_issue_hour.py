"""The button of an approval says what it does: sent at its hour, or at once where the hour is past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import english
from tests.dashboard.conftest import Visit
from tests.dashboard.test_reporting import PAGE, Desk, desk

__all__ = ["desk"]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW_WORDS, LATER_WORDS = "Duyệt và gửi ngay", "Duyệt và gửi đúng giờ"


def approvals(app: AppTest) -> list[str]:
    assert not app.exception
    return [b.label for b in app.button if b.label.startswith("Duyệt")]


@pytest.mark.parametrize(
    ("at", "told"),
    [((7, 40), [LATER_WORDS]), ((7, 59), [LATER_WORDS]), ((8, 0), [NOW_WORDS]), ((10, 32), [NOW_WORDS])],
)  # config/report.toml: issue_at = 08:00 of the day of issue, Friday 20/11/2026
def test_the_button_says_whether_the_report_waits_for_its_hour(
    desk: Desk, visit: Visit, monkeypatch: pytest.MonkeyPatch, at: tuple[int, int], told: list[str]
) -> None:
    desk.drafted()
    monkeypatch.setattr("dashboard.filters.now", lambda: datetime(2026, 11, 20, *at, tzinfo=ZONE))
    assert approvals(visit(PAGE)) == told


def test_a_report_moved_before_the_end_of_its_period_waits_until_the_offices_closed() -> None:
    from reports.hours import hours

    drafted, sent = hours(date(2026, 12, 31), date(2026, 12, 31))  # offices close at 17:00
    assert (drafted, sent) == (
        datetime(2026, 12, 31, 17, 30, tzinfo=ZONE), datetime(2026, 12, 31, 18, 0, tzinfo=ZONE)
    )  # fmt: skip


def test_both_are_told_apart_in_english() -> None:
    say: Callable[[str], str] = english.text
    assert [say(LATER_WORDS), say(NOW_WORDS)] == ["Approve, to be sent at its hour", "Approve and send now"]
