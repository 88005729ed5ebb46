"""Tổng quan: a year ago, days one by one, marks and ways in the trend, units that are too small to rank."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from config import annotated, catalogue
from config.annotated import Annotation
from config.errors import ConfigError
from config.place import SHIPPED
from dashboard import charts, data, dots, shapes, sparks
from dashboard.answers import analysis, due, heat, overview, yearly
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from metrics.scope import Scope
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_answers import CALENDAR, CHOICE, weeks
from tests.dashboard.test_pages import texts

MONDAY = date(2026, 11, 16)


def figures(**told: int) -> dict[str, int]:
    return {"due": 0, "due_met": 0, "pending": 0, "pending_overdue": 0} | told


def test_the_same_week_a_year_ago_stands_beside_both_headlines() -> None:
    told = weeks({}, {"due": 1000, "due_met": 975, "pending": 400, "pending_overdue": 30})
    then = figures(due=500, due_met=480, pending=300, pending_overdue=18)
    kept = overview.on_time(CHOICE, told, catalogue.load(), then)
    assert "cùng tuần năm trước 96,0\u00a0% (+1,5 điểm)" in kept.notes
    late = overview.overdue(CHOICE, told, 3, catalogue.load(), "light", then)
    assert "Cùng tuần năm trước 18 (+12)" in late.notes


def test_a_year_ago_too_small_or_not_there_is_not_compared() -> None:
    assert yearly.rate((975, 1000), figures(due=19, due_met=19), small=20) == ""
    assert yearly.rate((975, 1000), None, small=20) == ""
    assert yearly.stock(30, None, "pending_overdue") == ""


def test_a_year_that_the_data_do_not_reach_is_none(in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    assert data.year_ago(Ask(state.data_version, Scope.province(), Choice(TODAY, MONDAY))) is None


def test_each_of_the_next_three_working_days_has_its_count_and_its_list(in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    ask = Ask(state.data_version, Scope.province(), CHOICE)
    board = due.board(CHOICE, data.open_dossiers(ask), CALENDAR)
    assert [each.name for each in board][:4] == ["Hôm nay", "Còn 1 ngày", "Còn 2 ngày", "Còn 3 ngày"]
    assert [each.note for each in board][:4] == ["thứ Sáu 20/11", "thứ Hai 23/11", "thứ Ba 24/11", "thứ Tư 25/11"]
    assert (board[-1].name, board[-1].note) == ("Chờ quá 8 giờ", "chưa trả lời")
    assert [each.count for each in board] == [
        data.listed(ask, LISTS[each.query["nhom"]]).height for each in board
    ]  # fmt: skip
    assert sum(each.count for each in board) > 0


def test_the_target_lies_in_the_picture_of_the_small_line() -> None:
    spec = sparks.sparkline([0.9, 0.91, None, 0.92], theme="light", target=0.98)
    low, high = spec["layout"]["yaxis"]["range"]
    assert low < 0.9 and high > 0.98
    assert [shape["y0"] for shape in spec["layout"]["shapes"]] == [0.98]


def steady(n: int, **last: int) -> overview.Weeks:
    usual = {"due": 100, "due_met": 97}
    return weeks(*([usual] * n), usual | last)


def test_a_point_opens_who_was_late_in_its_week_and_all_where_nobody_was() -> None:
    told = analysis.trend(CHOICE, steady(14, due_met=100), (), narrow=False)
    assert told.queries[-1] == {"nhom": "den-hen", "tuan": "2026-W47"}
    assert told.queries[-2] == {"nhom": "tre-hen", "tuan": "2026-W46"}
    assert len(told.queries) == len(told.points)


def test_weeks_told_together_open_the_list_of_as_many() -> None:
    few = overview.Weeks(
        [MONDAY - timedelta(weeks=i) for i in range(127, -1, -1)], [{"due": 10, "due_met": 9}] * 128
    )  # fmt: skip
    told = analysis.trend(CHOICE, few, (), narrow=False)
    assert (told.days, told.queries[-1]) == (28, {"nhom": "tre-hen-4-tuan", "tuan": "2026-W47"})


def note(day: date, words: str, *units: str) -> Annotation:
    return Annotation(day=day, words=words, units=units)


def test_the_newest_three_notes_of_the_time_and_the_unit_stand_at_the_foot() -> None:
    days = [MONDAY - timedelta(weeks=n) for n in (90, 2, 2, 1, 1, 0)]
    words = ("quá cũ", "xa", "của Sở X", "bão số 3", "lũ", "mất điện")
    notes = [note(d, w, *(("Sở X",) if w == "của Sở X" else ())) for d, w in zip(days, words, strict=True)]
    told = analysis.trend(CHOICE, steady(20), (), narrow=False, notes=notes)
    assert [mark.words for mark in told.marks] == ["bão số 3", "lũ", "mất điện"]
    assert "09/11/2026: bão số 3" in told.text and "tính lại giới hạn" not in told.text
    spec = charts.control_chart(told.points, target=None, theme="light")
    marked = dots.with_breaks(spec, told.marks, theme="light")
    assert [a["text"] for a in marked["layout"]["annotations"] if a.get("yref") == "paper" and a["y"] == 0] == [
        "bão số 3", "lũ", "mất điện"
    ]  # fmt: skip


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "annotations.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_notes_of_the_operator_are_read_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    good = '[[annotation]]\nday = 2026-09-08\nwords = " bão số 3 "\n'
    assert [(a.day, a.words) for a in annotated.load(file(tmp_path, good))] == [(date(2026, 9, 8), "bão số 3")]
    assert annotated.load(SHIPPED / annotated.NAME) == ()
    for text, said in (
        (good + good, "2026-09-08 is told twice"),
        ('[[annotation]]\nday = 2026-09-08\nword = "x"\n', 'Did you mean "words"?'),
        ('[[annotation]]\nday = 2026-09-08\nwords = "một câu dài hơn hai mươi bốn chữ"\n', "annotation[1].words"),
    ):
        other = tmp_path / str(abs(hash(text)))
        other.mkdir()
        with pytest.raises(ConfigError, match=said.replace("[", r"\[").replace("?", r"\?")):
            annotated.load(file(other, text))


def test_a_unit_with_few_dossiers_is_never_ranked() -> None:
    rows = [("Nhỏ", "Đất đai", 19, 0), ("Lớn", "Đất đai", 100, 99), ("Vừa", "Đất đai", 50, 45)]
    counts = pl.DataFrame(rows, schema=["department", "field", "due", "due_met"], orient="row")
    table = heat.heat(CHOICE, counts, small=20)
    assert table.rows == ["Vừa", "Lớn", "Nhỏ"]
    assert heat.as_table(table, 20).row(2) == ("Nhỏ", "n = 19", "n = 19")


def test_the_overview_shows_its_figures_as_tables_too(visit: Visit) -> None:
    app = visit(shapes.OVERVIEW)
    assert not app.exception
    assert [each.label for each in app.expander] == ["Xem bảng"] * 3
    assert "Bấm một điểm để mở danh sách" in texts(app)
