"""What the pages say, from figures worked out by hand."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config import catalogue
from config.calendar import load as load_days
from dashboard.answers import alarms, dossier, fresh, heat, overview, worklist
from dashboard.answers.found import found
from dashboard.filters import Choice
from dashboard.lists import LISTS
from dashboard.shapes import Freshness
from metrics.calendar import WorkingCalendar
from store.snapshot import Manifest, Part

CALENDAR = WorkingCalendar(load_days())
CHOICE = Choice(date(2026, 11, 20), date(2026, 11, 16))
NAMES = (
    "due", "due_met", "due_first", "due_first_met", "extended_out", "suspended_out", "received", "resolved", "pending",
    "pending_overdue", *overview.AGE_COLUMNS,
)  # fmt: skip
PAGES = sorted((Path(__file__).parents[2] / "dashboard" / "pages").glob("*.py"))


def weeks(*told: dict[str, int]) -> overview.Weeks:
    rows = [dict.fromkeys(NAMES, 0) | one for one in told]
    mondays = [date(2026, 11, 16).fromordinal(CHOICE.monday.toordinal() - 7 * i) for i in range(len(rows))][::-1]
    return overview.Weeks(mondays, rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_chooses_asks_and_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    asked = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.If | ast.Match | ast.While)]
    assert asked == []


def test_the_headline_stands_with_its_parts_and_its_change() -> None:
    told = weeks({"due": 1000, "due_met": 971}, {"due": 12731, "due_met": 12408})
    card = overview.on_time(CHOICE, told, catalogue.load())
    assert card.value == "97,5\u00a0%"
    assert card.parts == "**12.408** / 12.731 hồ sơ đến ngày hẹn"
    assert card.change == "+0,4 điểm"
    assert card.against == "so với tuần 46"
    assert [link.label for link in card.links] == ["12.731 đến hẹn", "323 trễ hẹn"]


def test_nothing_due_is_a_dash_and_no_verdict() -> None:
    card = overview.on_time(CHOICE, weeks({}, {}), catalogue.load())
    assert (card.value, card.change, card.verdict) == ("—", None, "unknown")


MONDAY = Choice(date(2026, 11, 16), date(2026, 11, 16))


def test_on_a_monday_morning_the_week_before_is_told_until_something_fell_due() -> None:
    before = {"due": 1000, "due_met": 971}, {"due": 200, "due_met": 190, "pending_overdue": 30}
    card = overview.on_time(MONDAY, weeks(*before, {"pending_overdue": 30}), catalogue.load())
    assert (card.value, card.change, card.against) == ("95,0\u00a0%", "−2,1 điểm", "so với tuần 45")
    assert card.parts == (
        "**190** / 200 hồ sơ đến ngày hẹn · khoảng 95\u00a0%: 91,0–97,3\u00a0%. Tuần này chưa có hồ sơ đến hẹn; "
        "đang xem tuần 46"
    )
    assert [link.query["tuan"] for link in card.links] == ["2026-W46", "2026-W46"]
    begun = overview.on_time(MONDAY, weeks(*before, {"due": 40, "due_met": 38}), catalogue.load())
    assert (begun.parts, begun.against) == (
        "**38** / 40 hồ sơ đến ngày hẹn · khoảng 95\u00a0%: 83,5–98,6\u00a0%",
        "so với tuần 46",
    )


def test_a_week_that_is_over_is_told_itself_though_nothing_fell_due_in_it() -> None:
    over = Choice(date(2026, 11, 27), date(2026, 11, 16))
    assert overview.on_time(over, weeks({"due": 100, "due_met": 90}, {}), catalogue.load()).value == "—"


def test_a_stock_above_its_limits_is_called_worse_and_one_within_is_not() -> None:
    calm = [{"pending_overdue": n} for n in (50, 52, 49, 51, 50, 48, 52, 51, 50, 49, 51, 50)]
    worse = overview.overdue(CHOICE, weeks(*calm, {"pending_overdue": 90}), 12, catalogue.load(), "light")
    usual = overview.overdue(CHOICE, weeks(*calm, {"pending_overdue": 53}), 12, catalogue.load(), "light")
    assert (worse.verdict, worse.change) == ("bad", "+40")
    assert (usual.verdict, usual.change) == ("usual", "+3")


def test_a_backlog_that_grew_for_three_whole_weeks_is_said() -> None:
    grown = [{"received": 100, "resolved": 90}] * 3
    told = weeks({"received": 90, "resolved": 100}, *grown, {"received": 10, "resolved": 90, "pending": 400})
    flow = overview.flow(CHOICE, told)
    assert flow.text == "Đang giải quyết **400**; tuần 47 (chưa hết) nhận 10, giải quyết 90. Nhận vượt 3 tuần liền."
    assert [link.label for link in flow.links] == ["400 đang giải quyết", "10 tiếp nhận", "90 giải quyết"]


def test_an_empty_list_has_no_link() -> None:
    assert overview.flow(CHOICE, weeks({"received": 0, "resolved": 3, "pending": 0})).links[0].label == "3 giải quyết"


def test_the_alarm_names_unit_field_and_growth_and_opens_exactly_that_list() -> None:
    stocks = pl.DataFrame(
        {
            "department": ["UBND phường Tân Vân"] * 13,
            "field": ["Đất đai"] * 13,
            "week": [date.fromordinal(CHOICE.monday.toordinal() - 7 * i) for i in range(13)],
            "pending_overdue": [71, 33, 32, 33, 31, 33, 32, 33, 32, 31, 33, 32, 33],
        }
    )
    (alarm,) = alarms.alarms(CHOICE, stocks, waiting=0, sources=source(5, minutes_ago=2), now=NOW)
    assert alarm.text.replace("\\", "") == (
        "**UBND phường Tân Vân, đất đai:** 71 hồ sơ quá hạn, tăng 38 trong tuần; trên giới hạn dao động thường"
    )
    assert alarm.to.query == {"nhom": "qua-han", "don_vi": "UBND phường Tân Vân", "linh_vuc": "Đất đai"}


def test_what_grew_last_week_is_said_in_the_new_week_until_it_falls() -> None:
    stocks = pl.DataFrame(
        {
            "department": ["UBND phường Tân Vân"] * 14,
            "field": ["Đất đai"] * 14,
            "week": [date.fromordinal(MONDAY.monday.toordinal() - 7 * i) for i in range(14)],
            "pending_overdue": [72, 71, 33, 32, 33, 31, 33, 32, 33, 32, 31, 33, 32, 33],
        }
    )
    (alarm,) = alarms.alarms(MONDAY, stocks, waiting=0, sources=source(5, minutes_ago=2), now=NOW)
    assert "72 hồ sơ quá hạn, tăng 38 trong tuần 46; trên giới hạn" in alarm.text
    assert alarms.stock_period(MONDAY).start == stocks["week"].min()
    fallen = stocks.with_columns(
        pl.when(pl.int_range(14) == 0).then(70).otherwise("pending_overdue").alias("pending_overdue")
    )
    assert alarms.growths(MONDAY, fallen) == []


NOW = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)


def source(cadence: int | None, *, minutes_ago: int) -> pl.DataFrame:
    last = NOW.fromtimestamp(NOW.timestamp() - 60 * minutes_ago, UTC)
    row = {
        "name": "so-xay-dung",
        "title": "Sở Xây dựng",
        "cadence_minutes": cadence,
        "last_ok_at": last,
        "last_state": "ok",
    }
    return pl.DataFrame([row])


def test_a_source_is_late_after_three_of_its_intervals_and_a_file_never() -> None:
    assert fresh.late(source(15, minutes_ago=45), NOW) == []
    assert fresh.late(source(15, minutes_ago=190), NOW) == ["Sở Xây dựng chưa gửi dữ liệu từ 07:22 20/11/2026"]
    assert fresh.late(source(None, minutes_ago=100_000), NOW) == []


def freshness(sources: pl.DataFrame) -> Freshness:
    part = Part("", "", "", "", "", "", "", newest_at=NOW - timedelta(minutes=5))
    return fresh.freshness(Manifest("v", 1, "r", {}, NOW, {"2026-11": part}), sources, NOW)


def test_figures_say_when_their_sources_were_last_heard() -> None:
    told = freshness(source(5, minutes_ago=2))
    assert told.text == "Đến 10:27, thứ Sáu 20/11/2026 · đọc lúc 10:30"
    assert (told.state, told.late, told.stale) == ("complete", (), None)


def test_a_silence_is_first_late_and_then_makes_the_figures_old() -> None:
    late = freshness(source(5, minutes_ago=20))
    assert (len(late.late), late.stale) == (1, None)
    old = freshness(source(5, minutes_ago=190))
    assert old.stale is not None
    assert old.stale[0] == "Dữ liệu đã cũ 3 giờ 10 phút"
    assert "10:27 20/11/2026" in old.stale[1]


def test_files_reach_up_to_a_day_and_are_never_called_fresh() -> None:
    told = freshness(source(None, minutes_ago=2))
    assert (told.state, told.text) == ("files", "Số liệu đến thứ Sáu 20/11/2026")


def test_a_first_reading_that_failed_is_not_shown_as_filling() -> None:
    failed = source(5, minutes_ago=2).with_columns(last_state=pl.lit("failed"), dossiers=pl.lit(0))
    assert fresh.filling(failed).title == "Chưa đọc được dữ liệu"
    assert fresh.freshness(None, failed, NOW).state == "none"


def test_the_heat_table_begins_with_the_unit_that_broke_most_promises() -> None:
    counts = pl.DataFrame(
        {"department": ["A", "B", "B"], "field": ["x", "x", "y"], "due": [100, 50, 50], "due_met": [99, 40, 50]}
    )
    table = heat.heat(CHOICE, counts)
    assert table.rows == ["B", "A"]
    assert table.columns == ["Tất cả", "x", "y"]
    assert table.cells[0][0].due == 100
    assert table.queries[1][2] is None  # A has nothing in field y: nothing to open


def test_waiting_for_the_applicant_is_not_counted() -> None:
    # Received Mon 2/3/2026, asked Thu 5/3, back Tue 10/3: three working days, and the promise moves from 16/3 to 19/3.
    asked = {"kind": "supplement", "from_on": date(2026, 3, 5), "to_on": date(2026, 3, 10)}
    again = {
        "kind": "payment",
        "from_on": date(2026, 3, 6),
        "to_on": date(2026, 3, 9),
    }  # inside the first
    row = {
        "received_on": date(2026, 3, 2), "first_due_on": date(2026, 3, 16), "due_on": date(2026, 3, 19),
        "closed_on": date(2026, 3, 20), "department": "Sở Y tế", "halts": [again, asked],
    }  # fmt: skip
    counted = dossier.clock(row, date(2026, 11, 20), CALENDAR)
    assert counted == dossier.Clock(limit=10, passed=14, waited=3, first=10)
    assert dossier.used_of_limit(counted) == "11 / 10 ngày làm việc"


@pytest.mark.parametrize(
    ("text", "reasons", "said"),
    [
        (  # of a file (connectors.check); 00:00 in Hanoi is 17:00 UTC the day before
            "status resolved; submitted_at —; received_at 2026-03-02 02:00:00.000000+00:00; "
            "due_at 2214-12-31 17:00:00.000000+00:00; resolved_at —; returned_at —",
            ["unbelievable_year"], "ngày hẹn trả: 00:00 01/01/2215",
        ),
        (  # of a system (connectors.border)
            "submitted_at = 0206-01-02 17:00:00.000000+00:00, received_at = (trống), due_at = 2026-03-02 "
            "02:00:00.000000+00:00, resolved_at = (trống), returned_at = (trống), rejected_at = (trống)",
            ["unbelievable_year"], "ngày nộp: ",
        ),
        ("submitted_at = (trống), received_at = (trống)", ["no_start_date"], "ngày nộp: trống; ngày tiếp nhận: trống"),
        ('received_at "31/02/2026"', ["unreadable_date"], 'ngày tiếp nhận: "31/02/2026"'),
        ('code ""', ["code_missing"], "mã hồ sơ: trống"),
        ("NgayBoSung = (trống)", ["supplement_without_date"], "ngày yêu cầu bổ sung: trống"),
        ("TrangThaiHoSo = 15", ["unknown_status"], "trạng thái: 15"),
    ],
)  # fmt: skip
def test_a_refused_row_shows_only_what_it_was_refused_for(text: str, reasons: list[str], said: str) -> None:
    shown = found(text, reasons)
    assert shown.startswith(said)
    assert said.endswith(": ") or shown == said
    assert shown.count("ngày") == said.count("ngày")


def test_the_list_names_code_before_what_a_desk_pushes_aside_and_step_and_holder_in_one() -> None:
    row = {
        "code": "H99.18-1", "procedure": "P1", "procedure_name": "Cấp đổi", "department": "Sở Y tế", "cause": None,
        "standing": "overdue", "days_late": 3, "step": "Thẩm định", "handler": "cb-0012",
    }  # fmt: skip
    nobody = row | {"code": "H99.18-2", "step": None, "handler": None}
    no_step = row | {"code": "H99.18-3", "step": None}
    told = worklist.lines(pl.DataFrame([row, nobody, no_step]), LISTS["qua-han"])
    assert told.columns == ["Ngày trễ", "Mã hồ sơ", "Thủ tục", "Đơn vị", "Nguyên nhân", "Bước · người giữ"]
    assert told["Bước · người giữ"].to_list() == ["Thẩm định · cb-0012", None, "cb-0012"]
