"""A number on a page is the number of rows of the list that it opens, whatever was chosen."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import data, period_lists
from dashboard.answers import heat, overview
from dashboard.data import Ask
from dashboard.filters import AGES, Choice
from dashboard.lists import LISTS, age
from metrics.scope import Scope
from store.database import Store
from tests.dashboard.conftest import TODAY

MONDAY = date(2026, 11, 16)
CHOICES = [
    Choice(TODAY, MONDAY),
    Choice(TODAY, date(2026, 11, 9)),
    Choice(TODAY, date(2026, 9, 7), field="Đất đai"),
    Choice(TODAY, MONDAY, department="Sở Xây dựng", channel="online"),
    Choice(TODAY, MONDAY, department="UBND phường Tân Vân"),
]
SCOPES = [
    Scope.province(),
    Scope.of("Sở Xây dựng"),
    Scope.of("UBND phường Tân Vân", "Sở Tư pháp"),
    Scope.of("Không có"),
]


def ask(choice: Choice, scope: Scope) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope, choice)


@pytest.mark.parametrize("scope", SCOPES, ids=["province", "one unit", "two units", "no unit"])
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_figure_is_the_length_of_its_list(in_use: Store, choice: Choice, scope: Scope) -> None:
    question = ask(choice, scope)
    told = data.figures(question).row(0, named=True)
    length = {code: data.listed(question, listing).height for code, listing in LISTS.items()}
    assert length["qua-han"] == told["pending_overdue"]
    assert length["dang-giai-quyet"] == told["pending"]
    assert length["cho-tiep-nhan"] == told["awaiting_acceptance"]
    waiting = overview.late_acceptance(data.open_dossiers(question))
    assert length["cho-qua-8-gio"] == waiting == told["acceptance_overdue"] <= length["cho-tiep-nhan"]
    assert length["tam-dung"] == told["pending_suspended"]
    assert length["khong-xac-dinh"] == told["pending_undetermined"]
    assert length["da-nhan"] == told["received"]
    assert length["da-xong"] == told["resolved"]
    assert length["den-hen"] == told["due"]
    assert length["tre-hen"] == told["due"] - told["due_met"]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_age_of_the_overdue_stock_is_the_length_of_its_list(in_use: Store, choice: Choice) -> None:
    question = ask(choice, Scope.province())
    told = data.figures(question).row(0, named=True)
    late = data.listed(question, LISTS["qua-han"])
    for name, band in zip(overview.AGE_COLUMNS, AGES.values(), strict=True):
        assert late.filter(age(band)).height == told[name]


def test_every_cell_of_the_heat_table_opens_its_own_dossiers(in_use: Store) -> None:
    choice = CHOICES[0]
    question = ask(choice, Scope.province())
    table = heat.heat(choice, data.figures(question, period=heat.period(choice), by=["department", "field"]))
    late = data.listed(question, LISTS["tre-hen-4-tuan"])
    seen = 0
    for unit, cells in zip(table.rows, table.cells, strict=True):
        for field, cell in list(zip(table.columns, cells, strict=True))[1:]:
            mine = late.filter(late["department"] == unit, late["field"] == field)
            assert mine.height == cell.due - cell.met
            seen += cell.due > 0
    assert seen >= 8


def test_the_made_up_province_has_something_in_every_list_of_the_day(in_use: Store) -> None:
    question = ask(CHOICES[0], Scope.province())
    lengths = {code: data.listed(question, LISTS[code]).height for code in LISTS if code not in period_lists.LISTS}
    told_otherwise = {"o-noi-khac", "o-nghia-vu", "o-tam-dung", "o-khong-ro"}  # its source tells who has what
    nobody = {"khong-xac-dinh", "dang-giu"}  # held for none outside
    assert {code for code, n in lengths.items() if n == 0} <= nobody | told_otherwise


def test_a_reader_without_dossiers_sees_none(in_use: Store) -> None:
    question = ask(CHOICES[0], Scope.of("Không có"))
    assert all(data.listed(question, listing).is_empty() for listing in LISTS.values())
