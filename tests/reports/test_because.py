"""Why the headline rate moved: worked by hand, the words and numbers of the page "Vì sao thay đổi", silent in noise."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from config import catalogue
from dashboard.answers import why
from dashboard.answers.why import Asked
from dashboard.filters import Choice
from metrics import decomposition
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.scope import Period, Scope
from metrics.signals import Verdict
from reports import editions, finished, pdf
from tests.reports.conftest import BUILDING, JUSTICE
from tests.reports.province import ISSUED, THURSDAY, Made, Making, said, twelve_weeks, week_of_cases

BUILDERS, JUSTICES = "Sở Xây dựng", "Sở Tư pháp"


def because(content: dict[str, Any]) -> list[str]:
    items = next(each for each in content["message"] if each["id"] == "change")["items"]
    told = said(content, "change")
    return [text for text, item in zip(told, items, strict=True) if item["rule"] == "W01"]


def test_the_headline_is_split_as_worked_by_hand(content: dict[str, Any]) -> None:
    """76 of 80 before, 64 of 81 now: Xây dựng 37/40 → 25/40, (1/2 + 40/81) / 2 · −30 points; Tư pháp 39/40 → 39/41."""
    assert because(content) == [
        "Vì sao giảm: do thực hiện −16,10 điểm, do cơ cấu +0,12 điểm; nhiều nhất do thực hiện tại Sở Xây dựng −14,91 "
        "điểm."
    ]
    figures = content["figures"]
    assert figures["why.done"]["v"] + figures["why.mix"]["v"] == pytest.approx(64 / 81 - 76 / 80)
    assert said(content, "change")[0] == because(content)[0]
    assert "why" in [key for _, key, _ in content["definitions"]]


def test_it_is_what_the_page_says(golden: Made, content: dict[str, Any]) -> None:
    week = editions.WEEKLY.covered(ISSUED, golden.calendar)
    before = Period(week.start - timedelta(days=7), week.start - timedelta(days=1))
    now = Question(week, editions.judged_on(week), Scope.province())
    then = Question(before, editions.judged_on(week), Scope.province())
    cells = decomposition.asked(golden.cube, now, then, "department", "on_time_due")
    small = catalogue.load().small
    change = decomposition.of_rate(decomposition.merged(cells, small))
    assert change is not None
    choice = Choice(ISSUED, date(2018, 11, 5))
    asked = Asked(choice, "on_time_due", "don-vi", "tuần trước", {}, small, {})
    page = " ".join(why.told(change, asked, Verdict.WORSE, catalogue.load()).texts)
    figures = content["figures"]
    assert f"Do thực hiện {figures['why.done']['t']} điểm, do cơ cấu {figures['why.mix']['t']} điểm." in page
    assert f"Chủ yếu do thực hiện tại **{figures['why.name']['t']}**: {figures['why.most']['t']} điểm." in page


def test_nothing_is_explained_that_is_noise(make: Making, tmp_path: Path) -> None:
    rows = [
        *twelve_weeks("XD", BUILDERS, [38, 37] * 6, 40, **BUILDING),
        *twelve_weeks("TP", JUSTICES, [39] * 12, 40, **JUSTICE),
        *week_of_cases("XD", BUILDERS, THURSDAY, 37, 40, **BUILDING),
        *week_of_cases("TP", JUSTICES, THURSDAY, 38, 40, **JUSTICE),
    ]
    told = make(tmp_path, rows).report()
    assert told["headlines"][0]["verdict"]["kind"] == "thuong"
    assert because(told) == []
    assert "why" not in [key for _, key, _ in told["definitions"]]
    assert not any(key.startswith("why.") for key in told["figures"])


def test_a_unit_that_fell_silent_is_in_no_split(make: Making, tmp_path: Path) -> None:
    """Without Y tế: Xây dựng 37/40 → 15/40, (1/2 + 40/81) / 2 · −55 points; Tư pháp 39/40 → 39/41. Where Y tế was heard
    in the week before alone, the tile tells it there: no split has both."""
    rows = [
        *twelve_weeks("XD", BUILDERS, [38, 37] * 6, 40, **BUILDING),
        *twelve_weeks("TP", JUSTICES, [39] * 12, 40, **JUSTICE),
        *twelve_weeks("YT", "Sở Y tế", [20, 21] * 6, 40, **JUSTICE),
        *week_of_cases("XD", BUILDERS, THURSDAY, 15, 40, **BUILDING),
        *week_of_cases("TP", JUSTICES, THURSDAY, 39, 41, **JUSTICE),
        *week_of_cases("YT", "Sở Y tế", THURSDAY, 10, 41, **JUSTICE),
    ]
    province = make(tmp_path, rows)

    def told(days: int) -> list[str]:
        quiet = Silent("mot_cua", "Sở Y tế", THURSDAY - timedelta(days=days), None)
        report = province.report(quiet=[quiet])
        assert report["headlines"][0]["verdict"]["kind"] == "xau"
        return because(report)

    assert told(days=11) == [
        "Vì sao giảm: do thực hiện −28,53 điểm, do cơ cấu +0,19 điểm; nhiều nhất do thực hiện tại Sở Xây dựng −27,33 "
        "điểm."
    ]
    assert told(days=4) == []


def test_a_units_own_sheet_splits_by_field(make: Making, tmp_path: Path) -> None:
    rows = [
        *twelve_weeks("XD", BUILDERS, [38, 37] * 6, 40, **BUILDING),
        *twelve_weeks("TP", BUILDERS, [39] * 12, 40, **JUSTICE),
        *week_of_cases("XD", BUILDERS, THURSDAY, 25, 40, **BUILDING),
        *week_of_cases("TP", BUILDERS, THURSDAY, 39, 40, **JUSTICE),
    ]
    told = make(tmp_path, rows).report(edition=editions.for_unit(editions.WEEKLY, BUILDERS))
    (line,) = because(told)
    assert line == (
        "Vì sao giảm: do thực hiện −15,00 điểm, do cơ cấu 0,00 điểm; nhiều nhất do thực hiện tại lĩnh vực "
        "xây dựng −15,00 điểm."
    )


def test_of_one_unit_alone_its_own_line_says_it(make: Making, tmp_path: Path) -> None:
    rows = [
        *twelve_weeks("XD", BUILDERS, [38, 37] * 6, 40, **BUILDING),
        *week_of_cases("XD", BUILDERS, THURSDAY, 20, 40, **BUILDING),
    ]
    told = make(tmp_path, rows).report()
    assert told["headlines"][0]["verdict"]["kind"] == "xau"
    assert because(told) == []


def test_page_one_stays_one_page_and_says_it(content: dict[str, Any]) -> None:
    fitting = pdf.fitted(content)
    assert pdf.message_ends_on(fitting) == 1
    assert not any(item["rule"] == "W01" for item in fitting.get("dropped", []))
    first = " ".join(PdfReader(BytesIO(pdf.render(fitting))).pages[0].extract_text().split())
    assert "Vì sao giảm: do thực hiện −16,10 điểm" in first


def test_a_report_issued_before_there_was_such_a_sentence_prints_as_it_did(content: dict[str, Any]) -> None:
    """Papers come from what is stored: without the sentence there is none, and twice the same bytes."""
    before = {**content, "message": [dict(each) for each in content["message"]]}
    section = next(each for each in before["message"] if each["id"] == "change")
    section["items"] = [item for item in section["items"] if item["rule"] != "W01"]
    issued = finished.finished(before, number=3, issued_on=ISSUED)
    first, second = (finished.pieces(issued)["pdf"][1] for _ in range(2))
    assert first == second
    assert "Vì sao" not in PdfReader(BytesIO(first)).pages[0].extract_text()
