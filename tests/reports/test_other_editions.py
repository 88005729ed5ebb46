"""Month, quarter, year and a department's own sheet: the same engine, their own days, words and comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.report import load
from metrics.dossier import INSTANT
from reports import editions, friday, pdf
from reports.editions import Edition
from reports.slots import spoken
from tests.reports.province import Made, Making, at, case, said

MONTH, QUARTER, YEAR = Edition("month"), Edition("quarter"), Edition("year")


def _heard(made: Made, last: date) -> Made:
    """Let every source have been talked to on ``last``."""
    return replace(made, sources=made.sources.with_columns(last_ok_at=pl.lit(at(last, 18), INSTANT)))


@pytest.fixture(scope="module")
def month(golden: Made) -> dict[str, Any]:
    return _heard(golden, date(2018, 11, 14)).report(issued_on=date(2018, 11, 15), edition=MONTH)


def test_the_month_is_293_of_321_by_hand(month: dict[str, Any]) -> None:
    # due on the Tuesdays 16, 23, 30/10 and 6/11: 4 × 80, and TP-HL-1 on 6/11; met 37 + 38 + 37 + 25 and 4 × 39
    figure = month["figures"]["due.rate"]
    assert (figure["n"], figure["d"], figure["t"]) == (293, 321, "91,3\u00a0%")
    tile = month["headlines"][0]
    assert (
        spoken(tile["basis"], month["figures"])
        == "293/321 hồ sơ có ngày hẹn trả trong tháng; khoảng 95\u00a0%: 87,7–93,9\u00a0%"
    )
    # 15/9 to 14/10: 18, 25/9, 2, 9/10: met 37 + 38 + 37 + 38 and 4 × 39 = 306 of 320 = 95,6 %
    assert spoken(tile["change"], month["figures"]) == "Giảm 4,3 điểm % so với tháng trước (95,6\u00a0%)"
    assert month["edition"]["period"] == {"start": "2018-10-15", "end": "2018-11-14"}
    assert (month["edition"]["id"], month["edition"]["unit"], month["edition"]["code"]) == ("month", None, "2018-K11")


def test_with_four_months_of_figures_nothing_is_concluded(month: dict[str, Any]) -> None:
    verdict = month["headlines"][0]["verdict"]
    assert verdict["t"] == "Chưa kết luận"
    assert spoken(verdict["why"], month["figures"]) == "chưa đủ 8 tháng trước để so sánh"
    assert month["charts"]["trend"]["title"].endswith("4 tháng")  # nothing is drawn of months before the data
    assert [point["t"] for point in month["charts"]["trend"]["weeks"]] == ["8/18", "9/18", "10/18", "11/18"]


@pytest.mark.parametrize(
    ("edition", "issued"), [(MONTH, (2018, 11, 15)), (QUARTER, (2018, 12, 17)), (YEAR, (2018, 12, 17))]
)
def test_no_edition_but_the_weekly_one_speaks_of_weeks(golden: Made, edition: Edition, issued: Sequence[int]) -> None:
    told = _heard(golden, date(2018, 12, 17)).report(issued_on=date(*issued), edition=edition)
    assert "tuần" not in json.dumps(told, ensure_ascii=False).lower()
    assert said(told, "flow")[0].startswith(f"Trong {edition.noun} tiếp nhận ")


def _tuesdays(months: Sequence[tuple[int, int]], met: Sequence[int]) -> list[dict[str, Any]]:
    """Write 40 dossiers due on the 6th of each month: so many met that day, the rest ten days later."""
    return [
        case(f"{year}{month:02d}-{i:03d}", "Sở Tư pháp", date(year, month, 6), date(year, month, 6 if i < n else 16))
        for (year, month), n in zip(months, met, strict=True)
        for i in range(40)
    ]


def test_a_month_is_judged_by_the_months_before_it_where_there_are_enough(make: Making, tmp_path: Path) -> None:
    months = [(2018, m) for m in range(8, 13)] + [(2019, m) for m in range(1, 9)]  # since Nghị định 61/2018
    made = _heard(make(tmp_path, _tuesdays(months, [38, 37] * 6 + [20])), date(2019, 8, 16))
    told = made.report(issued_on=date(2019, 8, 15), edition=MONTH)
    assert (told["figures"]["due.rate"]["n"], told["figures"]["due.rate"]["d"]) == (20, 40)
    assert told["headlines"][0]["verdict"]["kind"] == "xau"
    assert said(told, "change")[0].startswith("Sở Tư pháp: 50,0\u00a0% (20/40), giảm 42,5 điểm, vượt dao động thường")
    assert len(told["charts"]["trend"]["weeks"]) == 13


def test_a_quarter_of_the_state_is_counted_though_no_stretch_of_the_cube_cuts_it(make: Making, tmp_path: Path) -> None:
    # 15/6–14/9/2018 holds the 6th of July, August and September; the quarter before April, May and June
    months = [(2018, m) for m in range(4, 10)]
    made = _heard(make(tmp_path, _tuesdays(months, [40, 39, 38, 37, 36, 35])), date(2018, 9, 17))
    told = made.report(issued_on=date(2018, 9, 17), edition=QUARTER)
    assert (told["figures"]["due.rate"]["n"], told["figures"]["due.rate"]["d"]) == (37 + 36 + 35, 120)
    assert told["figures"]["due.rate.prev"]["n"] == 40 + 39 + 38
    assert told["letterhead"]["subject"][-1] == "quý III/2018 (từ 15/06/2018 đến 14/09/2018)"
    year = _heard(made, date(2018, 12, 17)).report(issued_on=date(2018, 12, 17), edition=YEAR)
    assert (year["figures"]["due.rate"]["n"], year["figures"]["due.rate"]["d"]) == (225, 240)
    assert year["letterhead"]["subject"][-1] == "năm 2018 (từ 15/12/2017 đến 14/12/2018)"


def test_a_departments_own_sheet_goes_to_its_head_and_tells_of_nobody_else(golden: Made) -> None:
    own = editions.for_unit(editions.WEEKLY, "Sở Xây dựng")
    told = golden.report(edition=own)
    head = told["letterhead"]
    assert head["to"] == "Thủ trưởng Sở Xây dựng"
    assert head["subject"][1] == "của Sở Xây dựng"
    assert head["copies"] == ["Như trên", "Lưu: VT"]
    assert told["edition"]["unit"] == "Sở Xây dựng"
    assert told["figures"]["due.rate"]["d"] == 40
    whole = json.dumps(told, ensure_ascii=False)
    assert "Sở Tư pháp" not in whole
    assert "TP-HL-1" not in whole
    assert "Chủ tịch" not in whole
    asks = next(s for s in told["message"] if s["id"] == "asks")
    assert asks["heading"] == "Đề nghị đơn vị"
    assert said(told, "asks") == [
        "Đề nghị Sở Xây dựng giải quyết xong 4 hồ sơ quá hạn trên 30 ngày làm việc trước ngày 16/11/2018.",
        "Đề nghị Sở Xây dựng báo cáo nguyên nhân trước ngày 16/11/2018.",
        "Đề nghị Sở Xây dựng phát hành 4 văn bản xin lỗi còn nợ trước ngày 16/11/2018.",
    ]


def test_the_silence_of_a_source_that_feeds_others_is_no_caveat_of_a_units_own_sheet(
    make: Making, tmp_path: Path
) -> None:
    mine = [case(f"A{i}", "Sở A", date(2018, 11, 6), None) for i in range(3)]
    theirs = [case(f"B{i}", "Sở B", date(2018, 11, 6), None, source="dat_dai") for i in range(3)]
    made = make(tmp_path, [*mine, *theirs], heard={"dat_dai": date(2018, 11, 1)})
    assert made.report()["caveat"]["rule"] == "Q05"
    own = made.report(edition=editions.for_unit(editions.WEEKLY, "Sở A"))
    assert own["caveat"] is None
    assert len(own["sources"]["rows"]) == 1
    fed = made.report(edition=editions.for_unit(editions.WEEKLY, "Sở B"))
    assert fed["caveat"]["rule"] == "Q05"


def test_a_friday_off_is_reported_on_the_working_day_before_and_the_week_stays_whole(
    make: Making, tmp_path: Path
) -> None:
    # Thursday 30/4 and Friday 1/5/2026 are holidays: issued on Wednesday 29/4 in the evening, for 24/4 to 30/4
    rows = [case(f"A{i}", "Sở A", date(2026, 4, 28), date(2026, 4, 29 if i else 28)) for i in range(2)]
    made = _heard(make(tmp_path, rows), date(2026, 4, 29))
    told = made.report(issued_on=date(2026, 4, 29))
    assert told["edition"]["period"] == {"start": "2026-04-24", "end": "2026-04-30"}
    assert (told["figures"]["due.rate"]["n"], told["figures"]["due.rate"]["d"]) == (1, 2)
    assert told["caveat"] is None  # Wednesday's close is all that can be asked
    assert told["letterhead"]["date_text"] == "ngày 29 tháng 4 năm 2026"


def test_the_shipped_settings_give_weeks_from_friday_and_an_office_may_say_monday() -> None:
    settings = load().friday
    assert editions.of(settings).week_starts == "friday"
    monday = editions.of(settings.model_copy(update={"week_starts": "monday"}), "friday", "Sở A")
    assert (monday.week_starts, monday.unit) == ("monday", "Sở A")


def test_page_one_of_every_edition_is_one_page(golden: Made) -> None:
    made = _heard(golden, date(2018, 12, 17))
    for edition in (MONTH, QUARTER, YEAR, editions.for_unit(QUARTER, "Sở Xây dựng")):
        told = made.report(issued_on=date(2018, 12, 17), edition=edition)
        assert pdf.message_ends_on(told) == 1
        assert friday.intact(told)


def test_of_departments_that_are_left_out_nothing_is_said_that_nobody_knows(make: Making, tmp_path: Path) -> None:
    shipped = load()
    two = shipped.model_copy(update={"friday": shipped.friday.model_copy(update={"printed_departments": 2})})
    rows = [case(f"{k}-{i}", f"Sở số {k}", date(2018, 11, 6), date(2018, 11, 6)) for k in range(4) for i in range(30)]
    note = make(tmp_path, rows).report(letterhead=two)["charts"]["departments"]["note"]
    assert note["text"] == "[[fig.rest]] cơ quan, đơn vị còn lại không nêu ở đây; số liệu tại tệp Excel."
