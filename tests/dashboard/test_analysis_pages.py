"""Cơ quan, đơn vị and Lĩnh vực: they open, keep their choice in the address; every number is as long as its list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pytest

from config.units import Units
from dashboard import analysed, data, scope, shapes, stored
from dashboard.answers import analysis, likewise, procedures, worklist
from dashboard.data import Ask
from dashboard.filters import AGE, AGES, GROUP, HANDLER, NONE, PROCEDURE, STEP, Choice
from dashboard.lists import LISTS
from dashboard.shapes import Link
from metrics import rulebook
from metrics.scope import Scope
from store import people
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_pages import texts
from tests.fresh import Databases

MONDAY = date(2026, 11, 16)
TAN_VAN, XAY_DUNG = "UBND phường Tân Vân", "Sở Xây dựng"
NO_ACCESS = "ngoài phạm vi được xem"
PAGES = [(shapes.DEPARTMENTS, "Cơ quan, đơn vị", "don_vi"), (shapes.FIELDS, "Lĩnh vực", "linh_vuc")]


@pytest.mark.parametrize(("page", "title", "_"), PAGES, ids=["units", "fields"])
def test_a_page_opens_under_its_title(visit: Visit, page: str, title: str, _: str) -> None:
    app = visit(page)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    assert "Chưa hiển thị được bảng này" not in texts(app)
    assert "Cơ cấu đơn vị, 13 tuần" in texts(app)  # nothing is chosen: who does the work
    assert "Người giữ hồ sơ" not in texts(app)


@pytest.mark.parametrize(("page", "title", "_"), PAGES, ids=["units", "fields"])
def test_before_the_first_dossier_it_says_that_there_is_none(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, page: str, title: str, _: str
) -> None:
    monkeypatch.setattr(data, "manifest", lambda: None)
    app = visit(page)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    assert not app.metric


def test_the_unit_in_the_address_is_the_unit_of_the_page(visit: Visit) -> None:
    app = visit(shapes.DEPARTMENTS, don_vi=TAN_VAN, linh_vuc="Đất đai")
    said = texts(app)
    assert (app.selectbox(key="_don_vi").value, app.selectbox(key="_linh_vuc").value) == (TAN_VAN, "Đất đai")
    assert "So với đơn vị làm cùng thủ tục" in said
    assert "Người giữ hồ sơ" in said
    assert "Tiếp nhận" in said and "1 thủ tục" in said  # in this field it does one


@pytest.mark.parametrize(("page", "_", "name"), PAGES, ids=["units", "fields"])
def test_what_is_out_of_scope_and_what_does_not_exist_read_alike(visit: Visit, page: str, _: str, name: str) -> None:
    foreign = {"don_vi": TAN_VAN, "linh_vuc": "Đất đai"}[name]
    hidden = visit(page, who="truongphong", **{name: foreign})
    absent = visit(page, who="truongphong", **{name: "Không có"})
    assert texts(hidden) == texts(absent)
    assert NO_ACCESS in texts(hidden)
    assert not hidden.metric
    assert foreign not in texts(hidden) + str([box.options for box in hidden.selectbox])
    assert NO_ACCESS not in texts(visit(page, **{name: foreign}))


def test_a_head_needs_not_choose_the_only_unit_and_is_told_no_other_name(visit: Visit) -> None:
    app = visit(shapes.DEPARTMENTS, who="truongphong")
    assert "So với đơn vị làm cùng thủ tục" in texts(app)
    assert "Người giữ hồ sơ" in texts(app)
    others = {row[0] for row in made_up.WORK} - {XAY_DUNG}
    shown = texts(app) + str([frame.value.to_csv() for frame in app.dataframe])
    assert [name for name in others if name in shown] == []


@pytest.mark.parametrize(("role", "sees"), [(r, r in ("director", "head", "auditor")) for r in people.ROLES])
def test_officers_are_for_those_who_answer_for_them_or_check(role: people.Role, sees: bool) -> None:
    assert scope.may_see_officers(people.Person("x", "X", role, None)) == sees


def ask(choice: Choice, reach: Scope) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, reach, choice)


CHOICES = [
    Choice(TODAY, MONDAY, department=TAN_VAN),
    Choice(TODAY, date(2026, 10, 12), field="Đất đai"),
    Choice(TODAY, MONDAY, department=XAY_DUNG, channel="online"),
    Choice(TODAY, MONDAY),
]


def opened(question: Ask, query: dict[str, str]) -> int:
    """Count the rows of the list that a link opens, as the work list reads its address."""
    choice = question.choice
    wanted = Choice(
        choice.today, choice.monday, query.get("don_vi"), query.get("linh_vuc"), query.get("kenh"), query[GROUP],
        query.get(AGE), procedure=query.get(PROCEDURE), step=query.get(STEP), handler=query.get(HANDLER),
        on_map=choice.on_map,
    )  # fmt: skip
    rows = data.listed(Ask(question.version, question.scope, wanted), LISTS[wanted.group])
    return worklist.narrowed(rows, wanted).height


def same(question: Ask, links: Sequence[Sequence[Link]]) -> int:
    """Hold every link's number against its list; gives how many there were."""
    every = [link for line in links for link in line]
    wrong = [
        link for link in every if opened(question, dict(link.query)) != int(link.label.split()[0].replace(".", ""))
    ]
    assert wrong == []
    return len(every)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: c.department or c.field or "all")
def test_every_number_of_the_pages_is_the_length_of_its_list(in_use: Store, choice: Choice) -> None:
    question = ask(choice, Scope.province())
    counts, rows = analysed.by_procedure(question), data.open_dossiers(question)
    lines = procedures.lines(
        choice, counts, analysed.took(question), analysed.limits(question, counts), analysed.names(question), small=20
    )
    assert same(question, procedures.table(lines, small=20).links) >= 4
    assert same(question, analysis.backlog(choice, rows).table.links) >= 4
    assert same(question, procedures.mix(lines).table.links) == len([line for line in lines if line.received])
    officers = likewise.officers(choice, rows)
    assert officers is not None
    assert same(question, officers.links[:5]) >= 5
    units = procedures.mix_of_units(choice, analysed.by_unit(question))
    assert same(question, units.table.links) == len(units.table.lines)


def test_the_parts_of_the_backlog_add_up_to_the_figures(in_use: Store) -> None:
    question = ask(CHOICES[0], Scope.province())
    told = data.figures(question).row(0, named=True)
    counts = analysis.backlog(CHOICES[0], data.open_dossiers(question)).counts
    assert sum(sum(parts) for parts in counts) == told["pending"]
    assert [sum(parts[i] for parts in counts) for i in range(2, 2 + len(AGES))] == [
        told[name] for name in ("overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30")
    ]


def test_the_comparison_reaches_beyond_the_scope_only_added_up(in_use: Store) -> None:
    choice = Choice(TODAY, MONDAY, department=TAN_VAN)
    whole, own = ask(choice, Scope.province()), ask(choice, Scope.of(TAN_VAN))
    seen, told = analysed.alike(whole), analysed.alike(own)
    assert seen is not None and told is not None
    assert (told.procedures.rows(), told.others_share) == (seen.procedures.rows(), seen.others_share)  # one truth
    assert told.units == ()
    assert analysed.alike(ask(choice, Scope.of(XAY_DUNG))) is None
    assert analysed.alike(ask(Choice(TODAY, MONDAY), Scope.province())) is None


def test_what_names_no_procedure_is_asked_for_by_a_dash() -> None:
    assert Choice(TODAY, MONDAY, procedure=NONE).filters.procedure == ("",)


MERGED = date(2026, 10, 19)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """A small province in which one commune took over from another on 19/10/2026."""
    book = rulebook.load()
    units = Units({}, {"UBND xã Hòa Lam": (date(2026, 10, 18), TAN_VAN)})
    told = rulebook.Rulebook(book.time, book.rules, book.procedures, units)
    folder = tmp_path_factory.mktemp("merged")
    store = open_store(databases.migrated(folder), home=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rulebook, "load", lambda: told)
        made_up.fill(store, TODAY, now=NOW, weeks=12, a_day=12)
    yield store
    store.engine.dispose()


@pytest.mark.parametrize("monday", [MONDAY, date(2026, 10, 12), MERGED])
@pytest.mark.parametrize("unit", [TAN_VAN, "UBND xã Hòa Lam"])
def test_figures_as_it_was_have_their_lists_too(
    merged: Store, monkeypatch: pytest.MonkeyPatch, unit: str, monday: date
) -> None:
    monkeypatch.setattr(stored, "store", lambda: merged)
    then = ask(Choice(TODAY, monday, department=unit, on_map="then"), Scope.province())
    told = data.figures(then).row(0, named=True)
    names = {"dang-giai-quyet": "pending", "qua-han": "pending_overdue", "da-nhan": "received", "da-xong": "resolved",
             "den-hen": "due"}  # fmt: skip
    assert {name: data.listed(then, LISTS[code]).height for code, name in names.items()} == {
        name: told[name] for name in names.values()
    }


def test_the_two_maps_tell_the_past_of_a_unit_differently(merged: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "store", lambda: merged)
    before = date(2026, 10, 12)

    def received(unit: str, on_map: str) -> int:
        choice = Choice(TODAY, before, department=unit, on_map="then" if on_map == "then" else "today")
        return int(data.figures(ask(choice, Scope.province()))["received"][0])

    old = received("UBND xã Hòa Lam", "then")
    assert old > 0
    assert received("UBND xã Hòa Lam", "today") == 0  # its past is its successor's
    assert received(TAN_VAN, "today") == received(TAN_VAN, "then") + old


def test_units_stand_in_a_funnel_while_none_is_chosen(visit: Visit) -> None:
    title = "Đơn vị so với mức chung, 13 tuần"
    app = visit(shapes.DEPARTMENTS)
    assert not app.exception
    assert title in texts(app) and "Mức chung" in texts(app)
    assert title not in texts(visit(shapes.DEPARTMENTS, don_vi="Sở Xây dựng"))
    assert title not in texts(visit(shapes.FIELDS))
    head = visit(shapes.DEPARTMENTS, who="truongphong")
    assert not head.exception
    assert "UBND phường Tân Vân" not in texts(head)
