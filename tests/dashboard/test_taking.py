"""What is taken away holds what is shown, says what it is, and is logged; lists leave out whom rates leave out."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import polars as pl
import pytest

from config import catalogue
from dashboard import data, frame, shapes, taking
from dashboard.answers import taken as words
from dashboard.answers import worklist
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS, figure_of
from metrics.freshness import Silent
from metrics.scope import Period, Scope
from reports.taken import Ending
from store import audit, recorded
from store.database import Store
from store.people import Person
from tests.dashboard.conftest import NOW, TODAY, Visit

MONDAY = date(2026, 11, 16)
DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
ROWS = pl.DataFrame(schema={"days_late": pl.Int32, "cause": pl.String, "standing": pl.String})
QUIET = (Silent("mot-cua", "Sở Xây dựng", date(2026, 11, 1), datetime(2026, 11, 1, tzinfo=UTC)),)


def ask(choice: Choice, *, scope: Scope | None = None, silent: tuple[Silent, ...] = ()) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope or Scope.province(), choice, silent)


@pytest.mark.parametrize("code", ["qua-han", "den-hen", "tre-hen", "da-nhan", "cho-tiep-nhan", "bo-sung", "bm-3"])
def test_a_file_holds_as_many_lines_as_the_list_and_says_what_it_is(in_use: Store, code: str) -> None:
    question, listing = ask(Choice(TODAY, MONDAY, department="Sở Xây dựng")), LISTS[code]
    rows = recorded.beside(data.listed(question, listing), recorded.last(in_use, question.scope))
    about = words.of_list(question, listing, catalogue.load(), cause="", now=NOW)
    make = taking.maker(worklist.whole(rows, listing), about, DIRECTOR, code)
    lines = list(csv.reader(StringIO(make("csv").decode("utf-8-sig"))))
    end = lines.index([])
    assert end - 1 == rows.height
    assert [line[lines[0].index("Mã hồ sơ")] for line in lines[1:end]] == rows["code"].to_list()
    told = dict(lines[end + 1 :])
    assert (told["Danh sách"], told["Lọc: Đơn vị"]) == (listing.title, "Sở Xây dựng")
    assert (told["Bản số liệu"], told["Phạm vi được xem"]) == (question.version, "Toàn tỉnh")
    assert told["Định nghĩa"].strip() != ""
    kept = audit.read(in_use, act="export", person="giamdoc").row(0, named=True)
    assert (kept["what"], kept["detail"].split()[0]) == (code, str(rows.height))


def test_every_list_has_a_definition(in_use: Store) -> None:
    choice, book = Choice(TODAY, MONDAY), catalogue.load()
    assert [code for code, each in LISTS.items() if not words.meaning(each, choice, book).strip()] == []
    assert all(figure_of(each) in book.metric for each in LISTS.values() if figure_of(each))


def test_the_day_of_an_event_is_in_the_file(in_use: Store) -> None:
    question, listing = ask(Choice(TODAY, MONDAY)), LISTS["han-tiep-nhan"]
    rows = recorded.beside(data.listed(question, listing), recorded.last(in_use, question.scope))
    table = worklist.whole(rows, listing)
    assert table.columns[0] == "Ngày: đến hạn trả lời tiếp nhận"
    assert table.to_series(0).to_list() == rows["event_on"].to_list() != []


def test_lists_of_what_fell_due_leave_the_silent_out_as_their_rate_does(in_use: Store) -> None:
    choice = Choice(TODAY, MONDAY)
    heard, everybody = ask(choice, silent=QUIET), ask(choice)
    told = data.figures(heard).row(0, named=True)
    due, late = LISTS["den-hen"], LISTS["tre-hen"]
    assert data.listed(heard, due).height == told["due"]
    assert data.listed(heard, late).height == told["due"] - told["due_met"]
    left = data.unheard(heard, due)
    assert left > 0 and data.listed(everybody, due).height == told["due"] + left
    assert "Sở Xây dựng" not in data.listed(heard, due)["department"].cast(str).to_list()
    too = ask(Choice(TODAY, MONDAY, everybody=True), silent=QUIET)
    assert data.listed(too, due).height == told["due"] + left


def test_a_list_leads_to_those_it_leaves_out_and_back() -> None:
    (to,) = worklist.leads(ROWS, Choice(TODAY, MONDAY), {"nhom": "den-hen"}, 7)
    assert (to.label, to.query) == (
        "Kể cả 7 hồ sơ của nơi không có dữ liệu", {"nhom": "den-hen", "im_lang": "ca"}
    )  # fmt: skip
    (back,) = worklist.leads(ROWS, Choice(TODAY, MONDAY, everybody=True), {"nhom": "den-hen", "im_lang": "ca"}, 7)
    assert back.query == {"nhom": "den-hen"}
    assert worklist.leads(ROWS, Choice(TODAY, MONDAY), {}, 0) == []


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (shapes.OVERVIEW, {"dung-han-tung-ky", "dong-ho-so", "don-vi-linh-vuc"}),
        (shapes.DEPARTMENTS, {"dung-han-tung-ky", "don-vi-muc-chung", "buoc", "thu-tuc", "co-cau", "don-vi"}),
        (shapes.FIELDS, {"dung-han-tung-ky", "buoc", "thu-tuc", "co-cau", "don-vi"}),
        (shapes.QUALITY, {"kenh-thang", "thoi-gian", "phi-thu-tuc", "so-hoa-cap"}),
    ],
)
def test_under_each_table_of_figures_stands_one_pair_of_files(visit: Visit, page: str, names: set[str]) -> None:
    app = visit(page)
    assert not app.exception
    buttons = [str(each.proto.id) for each in app.get("download_button")]
    offered = {name for name in words.FIGURES for each in buttons if each.endswith(f"-tai_{name}_xlsx")}
    assert offered == names
    assert len(buttons) == 2 * len(names)


def test_a_table_of_figures_says_its_definition_its_days_and_is_logged(
    in_use: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Callable[[Ending], bytes]] = {}
    monkeypatch.setattr(frame, "person", lambda: DIRECTOR)
    monkeypatch.setattr(taking, "files", lambda make, name, key: made.update({name: make}))
    told = pl.DataFrame({"Thủ tục": ["Cấp đổi", "=1+1"], "Đến hẹn": [1186, 2], "Tỷ lệ đúng hạn (%)": [95.7, None]})
    question = ask(Choice(TODAY, MONDAY, department="Sở Xây dựng"))
    taking.figures(question, told, "thu-tuc", Period(date(2026, 8, 24), date(2026, 11, 22)))
    lines = list(csv.reader(StringIO(made["thu-tuc"]("csv").decode("utf-8-sig"))))
    assert lines[:3] == [["Thủ tục", "Đến hẹn", "Tỷ lệ đúng hạn (%)"], ["Cấp đổi", "1186", "95.7"], ["'=1+1", "2", ""]]
    about = dict(lines[lines.index([]) + 1 :])
    assert about["Lọc: Thời gian"] == "24/08–22/11/2026"
    assert about["Lọc: Đơn vị"] == "Sở Xây dựng"
    assert about["Bản số liệu"] == question.version
    assert catalogue.load()["took_p90"].meaning in about["Định nghĩa"]
    kept = audit.read(in_use, act="export", person="giamdoc").row(0, named=True)
    assert (kept["what"], kept["detail"].split()[0]) == ("thu-tuc", "2")


def test_every_table_of_figures_tells_of_figures_that_the_catalogue_defines() -> None:
    known = catalogue.load().metric
    assert {each for _, _, figures in words.FIGURES.values() for each in figures} <= set(known)
