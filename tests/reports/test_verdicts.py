"""A signal says which way it went, on paper, in Word, in the workbook and in the mail; only a bad one alarms."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from metrics.signals import Judged, Spoken, Verdict
from reports import covering, editions, pdf, word
from reports.verdicts import worded
from tests.reports.province import THURSDAY, Making, case, said, twelve_weeks, week_of_cases

UNIT = "Sở Xây dựng"
LONG_AGO = date(2018, 8, 1)


@pytest.mark.parametrize(
    ("found", "spoken", "words"),
    [
        (Verdict.WORSE, Spoken("beyond", -1, 1), "Thấp hơn mức thường"),
        (Verdict.BETTER, Spoken("shift", 1, 7), "Cao hơn mức thường (tốt)"),
        (Verdict.WORSE, Spoken("near", 1, 2), "Cao hơn mức thường"),
        (Verdict.BETTER, Spoken("beyond", -1, 1), "Thấp hơn mức thường (tốt)"),
        (Verdict.WORSE, Spoken("trend", 1, 7), "Tăng dần"),
        (Verdict.BETTER, Spoken("trend", -1, 8), "Giảm dần (tốt)"),
        (Verdict.NORMAL, None, "Dao động thường"),
    ],
)
def test_a_signal_is_worded_by_its_side_and_called_good_where_it_is(
    found: Verdict, spoken: Spoken | None, words: str
) -> None:
    assert worded(Judged(found, spoken=spoken)) == words


@pytest.fixture
def improved(make: Making, tmp_path: Path) -> dict[str, Any]:
    """Make the sheet of a unit whose overdue stock was 24 for eleven weeks, then 19, now 20: below its limits.

    Centre (11 · 24 + 19) / 12 = 23.6; one step of 5 in eleven, 2.66 · 5 / 11 = 1.2, so the reach is the least, 3.
    """
    rows = [
        *(case(f"CU-{i}", UNIT, LONG_AGO, None) for i in range(19)),
        *(case(f"XONG-{i}", UNIT, LONG_AGO, date(2018, 10, 30)) for i in range(5)),
        case("MOI", UNIT, date(2018, 11, 5), None),
        *twelve_weeks("XD", UNIT, [38, 39] * 6, 40),
        *week_of_cases("XD", UNIT, THURSDAY, 38, 40),
    ]
    return make(tmp_path, rows).report(edition=editions.for_unit(editions.WEEKLY, UNIT))


def test_a_stock_below_its_limits_is_good_news_in_every_form(improved: dict[str, Any]) -> None:
    tile = improved["headlines"][1]
    assert (improved["figures"]["stock"]["v"], tile["verdict"]["kind"]) == (20, "tot")
    told = "Tăng 1 hồ sơ so với tuần trước (19); thấp hơn mức thường (tốt), dưới giới hạn dưới 21."
    assert f"Quá hạn đang tồn: 20 hồ sơ. {told}" in covering.body(improved)
    (first, *_) = PdfReader(BytesIO(pdf.render(improved))).pages
    assert "THẤP HƠN MỨC THƯỜNG (TỐT) dưới giới hạn dưới 21" in re.sub(r"\s+", " ", first.extract_text())


def white_text(content: dict[str, Any]) -> tuple[bool, bool]:
    """Say whether page one writes white on a dark ground, as PDF and as Word."""
    (page, *_) = PdfReader(BytesIO(pdf.render(content))).pages
    drawn = page.get_contents()
    assert drawn is not None
    written = docx.Document(BytesIO(word.render(content))).element.xml
    return b"1 scn" in drawn.get_data(), 'w:color w:val="FFFFFF"' in written


def test_only_bad_news_looks_like_an_alarm(improved: dict[str, Any]) -> None:
    assert white_text(improved) == (False, False)
    improved["headlines"][1]["verdict"]["kind"] = "xau"
    assert white_text(improved) == (True, True)


def test_the_section_of_changes_does_not_deny_what_the_tile_says(improved: dict[str, Any]) -> None:
    none = "Không lĩnh vực nào có tỷ lệ đúng hạn giảm hoặc cải thiện vượt mức dao động thường."
    assert none in said(improved, "change")
