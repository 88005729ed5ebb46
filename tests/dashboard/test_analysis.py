"""What the pages of one unit and one field say, from figures worked out by hand."""

from __future__ import annotations

from datetime import date, time, timedelta

import polars as pl
import pytest

from config import catalogue
from config.breaks import Break
from config.units import Units
from dashboard import charts, dots
from dashboard.answers import analysis, likewise, overview, procedures, worklist
from dashboard.answers.analysis import Mark
from dashboard.answers.overview import Weeks
from dashboard.filters import NONE, Choice
from dashboard.template import PALETTES
from metrics import alike

MONDAY = date(2026, 11, 16)
CHOICE = Choice(date(2026, 11, 20), MONDAY, department="UBND phường Tân Vân")
WD = {"size": 10, "unit": "wd"}
DAY = {"size": 0, "unit": "wd"}  # within the day


def weeks(due: int, count: int = 128) -> Weeks:
    mondays = [MONDAY - timedelta(weeks=count - 1 - i) for i in range(count)]
    return Weeks(mondays, [{"due": due, "due_met": due - 1} for _ in mondays])


def test_a_unit_of_few_dossiers_a_week_is_told_by_four_weeks_together() -> None:
    few = analysis.trend(CHOICE, weeks(10), (), narrow=False)
    assert (few.days, few.title) == (28, "Đúng hạn theo ngày hẹn, từng 4 tuần")
    assert (len(few.points), few.points[-1].monday) == (20, MONDAY - timedelta(weeks=3))  # it ends with the chosen week
    assert few.points[-2].rate == 36 / 40
    assert few.table["Đúng hạn"][1] == "90,0\u00a0%: 36 / 40 hồ sơ đúng hạn"
    many = analysis.trend(CHOICE, weeks(40), (), narrow=True)
    assert (many.days, len(many.points), many.points[-1].rate) == (7, 26, 39 / 40)


def test_no_limits_are_drawn_through_a_merger_and_its_mark_says_why() -> None:
    broken = MONDAY - timedelta(weeks=10)
    told = analysis.trend(CHOICE, weeks(40), [Break(broken, "units", names=("Xã A", "Xã B"))], narrow=False)
    known = {point.monday: point.lower is not None for point in told.points}
    assert known[broken - timedelta(weeks=1)]  # before it: limits from twelve weeks
    assert not any(known[broken + timedelta(weeks=i)] for i in range(8))  # eight weeks are needed anew
    assert known[broken + timedelta(weeks=8)]
    assert told.marks == [Mark(broken, "nhận việc của 2 đơn vị")]
    assert "07/09/2026: nhận việc của 2 đơn vị, tính lại giới hạn" in told.text
    spec = dots.with_breaks(charts.control_chart(told.points, target=0.98, theme="light"), told.marks, theme="light")
    line = spec["layout"]["shapes"][-1]
    assert (line["x0"], line["x1"], line["line"]["dash"]) == ("2026-09-07", "2026-09-07", "2px,3px")
    assert spec["layout"]["annotations"][-1]["text"] == "07/09/2026: nhận việc của 2 đơn vị"


def test_the_verdict_of_a_headline_rests_on_no_week_before_a_break() -> None:
    whole, broken = weeks(400), MONDAY - timedelta(weeks=3)
    since = analysis.since_break(whole, [Break(broken, "rule")])
    assert [row is None for row in since.rows[-5:]] == [True, False, False, False, False]
    assert overview.on_time(CHOICE, whole, catalogue.load()).verdict == "usual"
    assert overview.on_time(CHOICE, since, catalogue.load()).verdict == "unknown"


def test_the_merger_of_two_is_no_break_of_the_whole_province() -> None:
    last = date(2025, 6, 30)
    two = {f"Xã {i}": (last, "Xã mới") for i in range(2)}
    many = {f"Xã {i}": (last, "Xã mới") for i in range(6)}
    everybody = Choice(CHOICE.today, MONDAY, field="Đất đai")
    taken = Choice(CHOICE.today, MONDAY, department="Xã mới")
    for units, choice, found in (
        (two, everybody, []),
        (many, everybody, [date(2025, 7, 1)]),
        (two, taken, [date(2025, 7, 1)]),
    ):
        told = analysis.breaks(Units({}, units), choice)
        assert [each.day for each in told if each.kind == "units"] == found


def test_few_dossiers_are_a_grey_count_and_never_a_rate() -> None:
    few = overview.on_time(CHOICE, Weeks(weeks(7, 2).mondays, weeks(7, 2).rows), catalogue.load())
    assert (few.value, few.change, few.verdict) == ("n = 7", None, "unknown")


def open_rows(*rows: tuple[str | None, str | None, str, int | None]) -> pl.DataFrame:
    schema = {"step": pl.String, "handler": pl.String, "standing": pl.String, "days_late": pl.Int32}
    told = pl.DataFrame(rows, schema=schema, orient="row")
    return told.with_columns(suspended=pl.lit(False), days_at_step=pl.lit(3, pl.Int32))


OPEN = open_rows(
    ("Thẩm định", "CB-2", "in_term", None), ("Thẩm định", "CB-2", "overdue", 0), ("Thẩm định", "CB-1", "overdue", 12),
    ("Phê duyệt", "CB-1", "in_term", None), (None, None, "undetermined", None),
    (None, None, "awaiting_acceptance", None),
)  # fmt: skip


def test_every_part_of_the_backlog_opens_its_own_list() -> None:
    told = analysis.backlog(CHOICE, OPEN)
    assert told.text == "Đang giải quyết **5**, quá hạn **2**. 1 hồ sơ nguồn chưa ghi bước."  # awaiting is not pending
    assert list(told.steps) == ["Thẩm định", "Chưa ghi bước", "Phê duyệt"]
    assert told.counts[0] == [1, 0, 1, 0, 1, 0]
    at = {"don_vi": "UBND phường Tân Vân", "buoc": "Thẩm định"}
    assert told.queries[0][2] == at | {"nhom": "qua-han", "tuoi": "1–3"}
    assert told.queries[0][0] == at | {"nhom": "trong-han"}
    assert told.queries[0][1] is None
    assert told.queries[1][1] == {"don_vi": "UBND phường Tân Vân", "buoc": "-", "nhom": "khong-xac-dinh"}
    assert [link.label for link in told.table.links[0]] == ["1 trong hạn", "1 quá hạn 1–3 ngày", "1 quá hạn 11–30 ngày"]


def test_a_dash_in_the_address_asks_for_those_that_have_none() -> None:
    assert worklist.narrowed(OPEN, Choice(CHOICE.today, MONDAY, step=NONE)).height == 2
    assert worklist.narrowed(OPEN, Choice(CHOICE.today, MONDAY, step="Thẩm định", handler="CB-2")).height == 2
    named = pl.DataFrame({"procedure": ["P1", None, "P2"]})
    assert named.filter(Choice(CHOICE.today, MONDAY, procedure=NONE).filters.expr()).height == 1
    assert named.filter(Choice(CHOICE.today, MONDAY, procedure="P1").filters.expr()).height == 1


def test_officers_stand_in_the_order_of_their_codes() -> None:
    told = likewise.officers(CHOICE, OPEN)
    assert told is not None
    assert told.lines.rows() == [
        ("CB-1", "2", "1", "0", "3"),
        ("CB-2", "2", "1", "0", "3"),
        ("Chưa ghi", "1", "0", "0", "3"),
    ]
    assert told.links[0][0].query == {"don_vi": "UBND phường Tân Vân", "nhom": "dang-giai-quyet", "nguoi_giu": "CB-1"}
    assert likewise.officers(CHOICE, OPEN.with_columns(handler=pl.lit(None, pl.String))) is None


COUNTS = pl.DataFrame(
    {
        "procedure": ["P1", "P1", "P2", "P3", None],
        "source": ["a", "b", "a", "a", "a"],
        "received": [40, 20, 100, 4, 1],
        "due": [30, 20, 90, 3, 0],
        "due_met": [25, 19, 88, 0, 0],
        "pending_overdue": [2, 0, 1, 3, 0],
        "statutory_days": [400, 200, 0, 0, 0],
        "committed_days": [300, 200, 0, 0, 0],
    }
)
TOOK = pl.DataFrame(
    {"procedure": ["P1", "P2", "P3"], "took_n": [45, 90, 2], "took_median": [8, 1, 30], "took_p90": [13, 1, 40]}
)
LIMITS = pl.DataFrame(
    [("P1", {"size": 12, "unit": "wd"}, WD, None), ("P2", DAY, DAY, time(15))],
    schema={"procedure": pl.String, "statutory": pl.Struct({"size": pl.Int32, "unit": pl.String}),
            "committed": pl.Struct({"size": pl.Int32, "unit": pl.String}), "cutoff": pl.Time}, orient="row",
)  # fmt: skip


def found() -> list[procedures.Line]:
    return list(procedures.lines(CHOICE, COUNTS, TOOK, LIMITS, {"P1": "Cấp đổi", "P2": "Chứng thực"}, small=20))


def test_procedures_stand_by_broken_promises_and_few_dossiers_are_not_ranked() -> None:
    assert [(line.name, line.late) for line in found()] == [
        ("Cấp đổi", 6), ("Chứng thực", 2), ("Chưa ghi thủ tục", 0), ("P3", 3),
    ]  # fmt: skip


def test_a_line_of_the_table_says_what_its_dots_say() -> None:
    table = procedures.table(found(), small=20)
    assert table.lines.rows() == [
        (
            "Cấp đổi",
            "50",
            "88,0\u00a0% (76,2–94,4)",
            "45",
            "8",
            "▲ 13",
            "2",
            "10 ngày làm việc (quy định 12 ngày làm việc)",
        ),
        ("Chứng thực", "90", "97,8\u00a0% (92,3–99,4)", "90", "1", "1", "1", "trong ngày"),
        ("Chưa ghi thủ tục", "0", "—", "0", "—", "—", "0", "—"),
        ("P3", "3", "n = 3", "2", "n = 2", "—", "3", "—"),
    ]
    assert [link.label for link in table.links[0]] == [
        "50 đến hẹn", "6 trễ hẹn", "45 có kết quả", "60 tiếp nhận", "2 đang quá hạn",
    ]  # fmt: skip
    at = {"don_vi": "UBND phường Tân Vân", "thu_tuc": "P1"}
    assert table.links[0][2].query == at | {"nhom": "co-ket-qua-13-tuan"}
    assert table.links[2][0].query["thu_tuc"] == "-"


def test_a_result_past_the_limit_has_the_overdue_ink_and_a_sign_of_its_own() -> None:
    first, second = found()[:2]
    assert (first.limit, first.beyond) == (10.0, True)
    assert (second.limit, second.beyond) == (1.0, False)  # within the day; after 15:00 it is the next day
    told = found()[:2]
    spec = dots.durations(
        [line.name for line in told], [line.median for line in told], [line.p90 for line in told],
        [line.limit for line in told], ["", ""], theme="light",
    )  # fmt: skip
    ticks, far, full = spec["data"][1:]
    assert (ticks["x"], far["x"], full["x"]) == ([10.0, 1.0], [13, 1], [8, 1])
    assert far["marker"]["symbol"] == ["triangle-up", "circle-open"]
    assert far["marker"]["color"] == [PALETTES["light"].overdue, PALETTES["light"].early]


def test_the_mix_names_the_largest_and_counts_the_rest() -> None:
    told = procedures.mix(found())
    assert told.text == "Tiếp nhận **165** hồ sơ, 4 thủ tục."
    assert list(zip(told.names, told.shares, strict=True))[0] == ("Chứng thực", "60,6\u00a0%")
    many = pl.DataFrame({"department": [f"Xã {i:02d}" for i in range(10)], "received": [10] * 10})
    units = procedures.mix_of_units(Choice(CHOICE.today, MONDAY), many)
    assert units.text == "Tiếp nhận **100** hồ sơ, 10 đơn vị. 2 đơn vị khác: 20 hồ sơ (20,0\u00a0%)."
    assert units.queries[0] == {"don_vi": "Xã 00", "nhom": "da-nhan-13-tuan"}


def test_reductions_are_told_over_procedures_and_as_applicants_had_them() -> None:
    told = procedures.reductions(CHOICE, COUNTS, LIMITS, catalogue.load())
    assert told.value == "16,7\u00a0%"  # 1 − 10/12; within the day there is nothing to cut
    assert told.parts == "**1** / 1 thủ tục có cam kết ngắn hơn quy định"
    assert told.notes[0].startswith("Theo hồ sơ: 16,7\u00a0%, 100 / 600 ngày làm việc")
    assert told.notes[1] == "1 thủ tục chưa khai thời hạn"
    assert [link.label for link in told.links] == ["165 tiếp nhận"]


def beside(due: int = 30) -> alike.Alike:
    rows = [("P1", "UBND phường Tân Vân", due, due - 6), ("P1", "B", 100, 90), ("P9", "UBND phường Tân Vân", 4, 4)]
    counts = pl.DataFrame(rows, schema=["procedure", "department", "due", "due_met"], orient="row")
    return alike.beside(counts, "UBND phường Tân Vân", fewest=20, others=1)


def test_a_unit_beside_its_like_is_told_with_what_is_left_out() -> None:
    told = likewise.compared(CHOICE, beside(), {"P1": "Cấp đổi"}, small=20)
    assert told is not None
    assert told.text == (
        "Trên 1 thủ tục cùng giải quyết: **80,0\u00a0%** (24 / 30); khoảng 95\u00a0%: 62,7–90,5\u00a0%; các đơn vị "
        "khác, tính theo tỷ trọng của đơn vị này, **90,0\u00a0%**."
    )
    assert told.notes[1] == "Không so: 1 thủ tục, 4 hồ sơ mà quá ít đơn vị khác làm, hoặc họ làm quá ít."
    assert [(pair.name, pair.own, pair.others) for pair in told.pairs] == [("Cấp đổi", 0.8, 0.9)]
    assert [link.label for link in told.units] == ["B"]


def test_too_few_dossiers_are_compared_with_nobody() -> None:
    told = likewise.compared(CHOICE, beside(7), {}, small=20)
    assert told is not None
    assert told.text == "n = 7 hồ sơ của 1 thủ tục cùng giải quyết: quá ít để so sánh."
    assert told.pairs[0].own is None
    assert told.table.lines.rows()[0][:3] == ("P1", "7", "n = 7")


@pytest.mark.parametrize(("on_map", "said"), [("today", True), ("then", False)])
def test_a_unit_that_is_no_more_says_who_took_over(on_map: str, said: bool) -> None:
    units = Units({}, {"Sở A": (date(2025, 2, 28), "Sở B")})
    choice = Choice(CHOICE.today, MONDAY, department="Sở A", on_map="then" if on_map == "then" else "today")
    told = analysis.ended(units, choice)
    assert (told is not None) == said
    if told:
        assert told[0].startswith("Việc của **Sở A** do **Sở B** nhận từ sau ngày 28/02/2025")
        assert [link.query for link in told[1]] == [{"don_vi": "Sở B"}, {"don_vi": "Sở A", "ban_do": "khi-do"}]
