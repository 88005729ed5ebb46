"""The content object: figures, sentences and tables of the golden week, worked out by hand."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.errors import ReportError
from config.report import load as load_settings
from metrics.dossier import INSTANT
from metrics.evaluate import figures
from metrics.form_ii06 import Form, form
from metrics.scope import Period, Scope
from reports import annexes, caveats, editions, friday, measure, overdue
from reports.message import answer
from reports.slots import SLOT, Slots, spoken
from tests.reports.printed import sentences
from tests.reports.province import ISSUED, THURSDAY, Made, Making, at, case, said, twelve_weeks, week_of_cases

WEEK = Period(date(2018, 11, 2), date(2018, 11, 8))


def test_the_first_headline_is_64_of_81(content: dict[str, Any]) -> None:
    # due: 40 + 40 on Tuesday 6/11, and TP-HL-1 also due then and open; met 25 + 39
    figure = content["figures"]["due.rate"]
    assert (figure["n"], figure["d"], figure["t"]) == (64, 81, "79,0\u00a0%")
    tile = content["headlines"][0]
    assert (
        spoken(tile["basis"], content["figures"])
        == "64/81 hồ sơ có ngày hẹn trả trong tuần; khoảng 95\u00a0%: 68,9–86,5\u00a0%"
    )
    # the week before: 37 + 39 of 80 = 95,0 %; 95,0 − 79,0 = 16,0
    assert spoken(tile["change"], content["figures"]) == "Giảm 16,0 điểm % so với tuần trước (95,0\u00a0%)"
    assert tile["verdict"]["kind"] == "xau"


def test_the_second_headline_counts_what_is_late_at_thursdays_close(content: dict[str, Any]) -> None:
    tile, told = content["headlines"][1], content["figures"]
    assert told["stock"]["v"] == 5
    ages = {label: told[key]["v"] for label, key in tile["ages"]}
    # 30/8 → 8/11: 49 working days (3/9 is a holiday); 6/11 → 8/11: 2
    assert ages == {"1–3 ngày": 1, "4–10": 0, "11–30": 0, "trên 30": 4}
    assert spoken(tile["change"], told) == "Tăng 1 hồ sơ so với tuần trước (4)"


def test_headlines_are_the_figures_of_the_metrics(golden: Made, content: dict[str, Any]) -> None:
    row = figures(golden.cube, period=WEEK, as_of=ISSUED, scope=Scope.province()).to_dicts()[0]
    told = content["figures"]
    assert (told["due.rate"]["n"], told["due.rate"]["d"]) == (row["due_met"], row["due"])
    assert told["stock"]["v"] == row["pending_overdue"]
    assert (told["rec"]["v"], told["res"]["v"]) == (row["received"], row["resolved"])


def test_thirteen_weeks_asked_at_once_equal_thirteen_questions(golden: Made) -> None:
    whole = measure.province(measure.Asked(golden.cube, WEEK, Scope.province(), golden.calendar))
    for week, row in zip(editions.WEEKLY.charted(WEEK), whole.weeks, strict=True):
        one = figures(golden.cube, period=week, as_of=editions.judged_on(week), scope=Scope.province()).to_dicts()[0]
        assert row is not None
        assert {k: row[k] for k in ("due", "due_met", "pending_overdue", "received", "resolved", "carried_over")} == {
            k: one[k] for k in ("due", "due_met", "pending_overdue", "received", "resolved", "carried_over")
        }


def test_a_department_beyond_its_limits_is_named_with_its_figures(content: dict[str, Any]) -> None:
    # 25/40 = 62,5 %, before 37/40 = 92,5 %
    assert said(content, "change")[1] == (
        "Sở Xây dựng: 62,5\u00a0% (25/40), giảm 30,0 điểm, vượt dao động thường; tồn quá hạn 4."
    )
    assert said(content, "change")[-1].startswith("Không cơ quan, đơn vị hoặc lĩnh vực nào có tỷ lệ đúng hạn cải thiện")


def test_a_field_made_of_one_department_is_not_told_twice(content: dict[str, Any]) -> None:
    assert not any("Lĩnh vực" in line for line in said(content, "change"))


def test_the_dossiers_that_matter_are_one_per_unit_and_procedure_first(content: dict[str, Any]) -> None:
    rows = next(s for s in content["message"] if s["id"] == "dossiers")["table"]["rows"]
    assert [(r["code"], r["days"]) for r in rows] == [
        ("XD-CU-0", "49 ngày làm việc"),
        ("TP-HL-1", "2 ngày làm việc"),
        ("XD-CU-1", "49 ngày làm việc"),
    ]
    assert rows[0]["cause"] == "Chưa ghi nguyên nhân"
    assert rows[1]["cause"] == "Chờ kết quả xác minh"
    assert rows[1]["answer"] == "Đã xin lỗi, hẹn lại ngày 28/11/2018"


def test_requests_have_one_addressee_and_one_date(content: dict[str, Any]) -> None:
    # 9/11/2018 is a Friday; five working days later is Friday 16/11
    assert said(content, "asks") == [
        "Giao Sở Xây dựng giải quyết xong 4 hồ sơ quá hạn trên 30 ngày làm việc trước ngày 16/11/2018.",
        "Yêu cầu Sở Xây dựng báo cáo nguyên nhân trước ngày 16/11/2018.",
        "Yêu cầu các cơ quan, đơn vị phát hành 4 văn bản xin lỗi còn nợ trước ngày 16/11/2018.",
    ]


def test_no_sentence_holds_a_digit_of_its_own(content: dict[str, Any]) -> None:
    found = list(sentences(content))
    assert len(found) >= 20
    for each in found:
        assert not re.search(r"\d", SLOT.sub("", each["text"])), each
    for _, _, text in content["definitions"]:
        assert not re.search(r"\d", SLOT.sub("", text)), text


def test_every_slot_is_a_figure(content: dict[str, Any]) -> None:
    texts = [s["text"] for s in sentences(content)] + [d[2] for d in content["definitions"]]
    texts += [s["note"] for s in content["message"]]
    for text in texts:
        assert all(key in content["figures"] for key in SLOT.findall(text)), text


def test_the_form_balances_and_agrees_with_the_headline(content: dict[str, Any]) -> None:
    form = content["form"]
    assert form["balanced"] is True
    total = [c["v"] for c in form["total"]["cells"]]
    assert total[0] == total[4] + total[8]
    assert total[10] == content["figures"]["stock"]["v"]
    assert [sum(row["cells"][i]["v"] for row in form["rows"]) for i in range(11)] == total


def test_the_list_has_every_overdue_dossier_grouped_largest_first(content: dict[str, Any]) -> None:
    listed = content["overdue"]
    assert listed["total"] == "5"
    assert [(g["name"], g["count"]) for g in listed["groups"]] == [("Sở Xây dựng", "4"), ("Sở Tư pháp", "1")]
    assert len(content["tables"]["overdue"]) == 5


def test_nobody_who_applied_is_in_the_content(content: dict[str, Any]) -> None:
    assert "Nguyễn" not in json.dumps(content, ensure_ascii=False)
    assert "handler" not in json.dumps(content["tables"])


def test_the_seal_tells_whether_anything_was_touched(content: dict[str, Any]) -> None:
    assert friday.intact(content)
    again = json.loads(json.dumps(content))
    again["figures"]["stock"]["t"] = "4"
    assert not friday.intact(again)


def test_the_same_data_give_the_same_content(golden: Made, content: dict[str, Any]) -> None:
    assert golden.report() == content


def test_a_list_that_disagrees_with_the_headline_stops_the_report(golden: Made) -> None:
    rows = overdue.overdue_list(golden.facts, WEEK.end, golden.calendar, Scope.province(), {})
    with pytest.raises(ReportError, match="the list has 5 dossiers and the headline counts 6"):
        overdue.agree(rows, 6, WEEK.end)


def test_a_department_reports_only_itself(golden: Made) -> None:
    told = golden.report(scope=Scope.of("Sở Tư pháp"))
    assert told["figures"]["due.rate"]["d"] == 41
    assert "Sở Xây dựng" not in json.dumps(told, ensure_ascii=False)


def test_a_week_with_nothing_due_has_no_rate(make: Making, tmp_path: Path) -> None:
    rows = twelve_weeks("TP", "Sở Tư pháp", [39] * 12, 40)
    told = make(tmp_path, rows).report()
    tile = told["headlines"][0]
    assert tile["figure"] is None
    assert spoken(tile["change"], told["figures"]) == "Trong tuần không có hồ sơ đến hạn; không tính tỷ lệ"
    assert "due.rate" not in told["figures"]
    assert told["charts"]["trend"]["weeks"][-1]["rate"] is None


def test_without_earlier_weeks_nothing_is_concluded(make: Making, tmp_path: Path) -> None:
    told = make(tmp_path, week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40)).report()
    assert spoken(told["headlines"][0]["verdict"]["why"], told["figures"]) == "chưa có chuỗi 13 tuần"
    assert told["headlines"][0]["verdict"]["t"] == "Chưa kết luận"
    assert "unavailable" in told["charts"]["trend"]


def test_small_numbers_are_named_and_not_judged(make: Making, tmp_path: Path) -> None:
    rows = [*twelve_weeks("HM", "UBND xã Hòn Mê", [9] * 12, 9), *week_of_cases("HM", "UBND xã Hòn Mê", THURSDAY, 5, 9)]
    told = make(tmp_path, rows).report()
    assert told["headlines"][0]["verdict"]["t"] == "Số nhỏ"
    assert "UBND xã Hòn Mê: 5/9 hồ sơ đúng hạn; số nhỏ, không kết luận tăng hay giảm." in said(told, "change")


def test_what_people_recorded_stands_in_the_list_before_what_the_source_told(golden: Made) -> None:
    told = overdue.overdue_list(golden.facts, WEEK.end, golden.calendar, Scope.province(), {})
    lettered = told.filter(pl.col("letter").is_not_null()).row(0, named=True)
    bare = told.filter(pl.col("letter").is_null()).row(0, named=True)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo("Asia/Ho_Chi_Minh"))

    def kept(row: dict[str, Any], issued: date) -> dict[str, Any]:
        return {
            "source": str(row["source"]), "code": row["code"], "cause": "T02", "cause_note": "chờ họp",
            "answer": "Đã gọi", "letter_number": "9/XL", "letter_issued_at": midnight(issued),
            "letter_due_at": midnight(WEEK.end + timedelta(days=5)),
        }  # fmt: skip

    older, ours = lettered["letter_on"] - timedelta(days=1), WEEK.end
    recorded = pl.DataFrame([kept(lettered, older), kept(bare, ours)])
    again = overdue.overdue_list(golden.facts, WEEK.end, golden.calendar, Scope.province(), {}, recorded)
    assert again["code"].to_list() == told["code"].to_list()
    rows = {row["code"]: row for row in again.to_dicts()}
    new, old = rows[bare["code"]], rows[lettered["code"]]
    assert new["reason"] == old["reason"] == "Chờ ý kiến cơ quan, đơn vị phối hợp: chờ họp"
    assert (new["letter"], new["letter_on"], new["promised_on"], new["letters_known"], new["answer"]) == (
        "9/XL", WEEK.end, WEEK.end + timedelta(days=5), True, "Đã gọi",
    )  # fmt: skip
    assert (old["letter"], old["letter_on"]) == (lettered["letter"], lettered["letter_on"])  # the later one stands
    untouched = again.filter(~pl.col("code").is_in([new["code"], old["code"]]))["answer"].drop_nulls()
    assert untouched.is_empty()


def test_no_overdue_dossier_is_said_in_full(make: Making, tmp_path: Path) -> None:
    told = make(tmp_path, twelve_weeks("TP", "Sở Tư pháp", [40] * 13, 40)).report()
    tile = told["headlines"][1]
    assert spoken(tile["basis"], told["figures"]) == "Không có hồ sơ quá hạn ở mọi nhóm tuổi"
    assert told["overdue"]["groups"] == []


def test_a_made_up_province_says_so(golden: Made) -> None:
    told = Made(
        golden.cube,
        golden.facts,
        golden.sources.with_columns(kind=pl.lit("demo")),
        golden.data_version,
        golden.calendar,
    ).report()
    assert "Số liệu mô phỏng" in told["edition"]["mark"]
    assert "Số liệu mô phỏng" in told["caveat"]["text"]


def test_weeks_may_run_from_monday_to_sunday(golden: Made) -> None:
    shipped = load_settings()
    settings = shipped.model_copy(update={"friday": shipped.friday.model_copy(update={"week_starts": "monday"})})
    told = friday.build(
        golden.cube,
        golden.facts,
        issued_on=date(2018, 11, 12),
        scope=Scope.province(),
        sources=golden.sources.with_columns(last_ok_at=pl.lit(at(date(2018, 11, 12), 8), INSTANT)),
        data_version=golden.data_version,
        letterhead=settings,
        calendar=golden.calendar,
    )
    # Monday 5/11 to Sunday 11/11 holds the same Tuesday
    assert told["edition"]["period"] == {"start": "2018-11-05", "end": "2018-11-11"}
    assert told["figures"]["due.rate"]["d"] == 81


def test_a_form_that_does_not_balance_is_printed_with_a_warning(golden: Made) -> None:
    filled = form(golden.cube, period=WEEK, as_of=ISSUED, rows="department", scope=Scope.province())
    broken = Form(filled.rows.with_columns(c11=pl.col("c11") + 1), filled.total, filled.notes)
    slots = Slots()
    table = annexes.form_table(broken, WEEK, (), slots)
    assert table["balanced"] is False
    assert spoken(table["notes"][0], slots.figures).startswith("Không cân đối: (3) khác (7) + (11)")
    warning = caveats.caveat([], broken, slots)
    assert warning is not None
    assert "không cân đối" in warning["text"]


def test_a_long_procedure_is_shortened_at_a_word_and_kept_whole_for_the_workbook(make: Making, tmp_path: Path) -> None:
    title = "Cấp giấy phép xây dựng công trình cấp I, cấp II (công trình không theo tuyến, theo tuyến trong đô thị)"
    plain = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất do đổi tên"
    due = THURSDAY - timedelta(days=9)
    rows = [
        case("A", "Sở Xây dựng", due, None, procedure_name=title),
        case("B", "Sở Xây dựng", due, None, procedure_name=plain),
    ]
    told = make(tmp_path, rows).report()
    printed = [row[1] for row in told["overdue"]["groups"][0]["rows"]]
    assert printed == [
        "Cấp giấy phép xây dựng công trình cấp I, cấp II",
        "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền…",
    ]
    assert [row["procedure_name"] for row in told["tables"]["overdue"]] == [title, plain]


def test_the_answer_says_what_the_applicant_was_told(golden: Made) -> None:
    row: dict[str, Any] = {"letter": None, "promised_on": None, "moved": False, "letters_known": True}

    def told(**more: Any) -> str:
        return answer(row | more, WEEK.end, golden.calendar)

    assert told() == "Chưa có văn bản xin lỗi"
    assert told(letters_known=False) == "Không có số liệu về văn bản xin lỗi"
    assert told(letter="1/XL", promised_on=date(2018, 11, 20)) == "Đã xin lỗi, hẹn lại ngày 20/11/2018"
    # Thursday 1/11 to Thursday 8/11: five working days
    passed = told(letter="1/XL", promised_on=date(2018, 11, 1))
    assert passed == "Đã hẹn lại ngày 01/11/2018, tiếp tục quá hạn 5 ngày làm việc"
    moved = told(moved=True, first_due_on=date(2018, 10, 25))
    assert moved == "Đã thay đổi ngày hẹn; quá 10 ngày làm việc so với lần hẹn đầu"
