"""Sổ tay chỉ số: each figure with what it is this week, and only what the reader looks for."""

from __future__ import annotations

from datetime import date

from dashboard import data, shapes
from dashboard.answers import handbook
from dashboard.answers.handbook import Today
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.wording import number, percent
from metrics.scope import Scope
from reports.handbook import Chapter
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_pages import texts

RATE = "### Đúng hạn theo ngày hẹn\n\n`on_time_due` · tỷ lệ %\n\nHồ sơ có kết quả.\n\n"
COUNT = "### Tiếp nhận\n\n`received` · số hồ sơ\n\nHồ sơ được tiếp nhận.\n"
CHAPTER = Chapter("9. Các tỷ lệ", RATE + COUNT)
MONDAY = date(2026, 11, 16)


def told(**figures: object) -> Today:
    return Today(MONDAY, figures)


def test_a_figure_stands_with_what_it_is_this_week_in_its_parts() -> None:
    today = told(on_time_due={"numerator": 12408, "denominator": 12731}, received=1856)
    (chapter,) = handbook.chosen([CHAPTER], today, "")
    assert "**Tuần 47 · 16–22/11/2026:** 12.408 / 12.731 = 97,5\u00a0%\n\nHồ sơ có kết quả." in chapter.text
    assert "**Tuần 47 · 16–22/11/2026:** 1.856\n\nHồ sơ được" in chapter.text


def test_a_share_of_nothing_is_a_dash_and_without_figures_nothing_is_added() -> None:
    (chapter,) = handbook.chosen([CHAPTER], told(on_time_due={"numerator": 0, "denominator": 0}), "")
    assert "— (mẫu số 0)" in chapter.text and "%:" not in chapter.text
    assert handbook.chosen([CHAPTER], None, "") == [CHAPTER]


def test_search_needs_no_accents_and_keeps_whole_entries() -> None:
    (chapter,) = handbook.chosen([CHAPTER, Chapter("1. Khác", "Không liên quan.")], None, "dung han")
    assert chapter.text == RATE
    assert handbook.chosen([CHAPTER], None, "không có từ này") == []
    (apart,) = handbook.chosen([CHAPTER], None, "han dung")  # nowhere as typed: all the words, in any order
    assert apart.text == RATE
    assert handbook.said([chapter], "dung han") == "1 mục có “dung han”."


def test_the_page_shows_the_figures_of_the_reader(visit: Visit, in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    for who, scope in (("giamdoc", Scope.province()), ("truongphong", Scope.of("Sở Xây dựng"))):
        week = data.figures(Ask(state.data_version, scope, Choice(TODAY, MONDAY))).row(0, named=True)
        over, under = week["due_met"], week["due"]
        said = texts(visit(shapes.HANDBOOK, who=who, tim="on_time_due"))
        assert f"{number(over)} / {number(under)} = {percent(over, under)}" in said
