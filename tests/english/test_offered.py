"""The English of reports and of files that are offered: no half of a sentence stays, and the verbs are even."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import english, letters, offering
from dashboard.answers import weekly


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Dự thảo · Số liệu mô phỏng", "Draft · Simulated figures"),
        ("Số liệu 13–19/11/2026", "Figures of 13–19/11/2026"),
        ("Số liệu 28/12/2026–03/01/2027", "Figures of 28/12/2026–03/01/2027"),
        ("Số liệu 30/11–06/12/2026", "Figures of 30/11–06/12/2026"),
    ],
)
def test_what_a_report_is_of_is_told_whole(said: str, told: str) -> None:
    assert english.text(said) == told


def test_every_button_of_a_file_begins_with_the_same_verb() -> None:
    said = [label for label, _ in offering._LOOK.values()] + [label for label, *_ in letters._LETTERS.values()]
    told = {each: english.text(each) for each in [*said, "Tải phiếu (Word)"]}
    assert [each for each in told.values() if not each.startswith("Get ")] == []
    assert told["Tải Word"] == "Get Word"


def test_a_preview_of_an_earlier_friday_leads_to_what_the_page_shows() -> None:
    said = weekly.against(date(2026, 11, 13), date(2026, 11, 20))
    assert "Điều chỉnh của bản đã in, nếu có, ở mục Báo cáo đã phát hành." in said
    assert "`" not in said  # heads have no shell
    assert english.text(said).endswith(
        "What was restated of a printed report, if anything, stands under Issued reports."
    )
    assert weekly.against(date(2026, 11, 20), date(2026, 11, 20)) == ""


def test_that_the_weeks_of_a_report_are_not_those_of_the_pages_is_said_only_where_they_are_not() -> None:
    def edition(start: str, end: str) -> dict[str, dict[str, dict[str, str]]]:
        return {"edition": {"period": {"start": start, "end": end}}}

    assert weekly.weeks_apart(edition("2026-11-13", "2026-11-19")).startswith("Trang Tổng quan tính tuần từ thứ Hai")
    assert weekly.weeks_apart(edition("2026-11-16", "2026-11-22")) == ""
