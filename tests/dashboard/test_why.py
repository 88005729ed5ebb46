"""Vì sao thay đổi: the parts are the change of the card, every line opens its list, nobody sees more than theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from config.insight import Rule
from dashboard import analysed, asked_why, data, filters, shapes, why
from dashboard.answers import worklist
from dashboard.answers.quality import SHARES
from dashboard.answers.why import BYS, METRICS, STOCK, UPCOMING
from dashboard.answers.why_verdict import (
    AT_GOAL,
    OF_WORK,
    RETURNS,
    STAYS,
    STEADY,
    VERDICTS,
    WITHIN,
    WITHIN_WORK,
    judged,
)
from dashboard.data import Ask
from dashboard.filters import CHANNEL, DEPARTMENT, FIELD, GROUP, NONE, PERIOD, PROCEDURE, Choice
from dashboard.lists import LISTS
from dashboard.periods import of_code
from dashboard.shapes import Link
from metrics.charts_of_control import Limits
from metrics.decomposition import of_count, of_rate
from metrics.definitions import RATES
from metrics.freshness import Silent
from metrics.scope import Period, Scope
from metrics.signals import SIGNALS, Judged, Spoken, Verdict
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_analysis_pages import TAN_VAN, XAY_DUNG
from tests.dashboard.test_pages import texts

MONDAY = date(2026, 11, 16)
LAST, RUNNING, MONTH = (of_code(code) for code in ("2026-W46", "2026-W47", "2026-T10"))


def asked(scope: Scope | None = None, *, silent: tuple[Silent, ...] = (), **chosen: object) -> Ask:
    state = data.manifest()
    assert state is not None
    told = {"named": LAST} | chosen
    return Ask(state.data_version, scope or Scope.province(), Choice(TODAY, MONDAY, **told), silent)  # type: ignore[arg-type]


@pytest.mark.parametrize("named", [LAST, RUNNING, MONTH], ids=["week", "running", "month"])
@pytest.mark.parametrize("metric", ["on_time_due", "due_missed", "received", UPCOMING, *SHARES])
def test_the_parts_sum_to_the_change_of_the_whole_by_whatever_they_are_split(
    in_use: Store, metric: str, named: object
) -> None:
    question = asked(named=named)
    split = of_rate if metric in RATES else of_count
    found = [split(asked_why.cells(question, metric, column)) for column, *_ in BYS.values()]
    known = [change for change in found if change is not None]
    assert len(known) in (len(BYS), 0 if metric == "supplement_notice" else len(BYS))  # no notice is told here
    for change in known:
        assert sum((part.total for part in change.parts), Fraction(0)) == change.change
        assert (change.now, change.before) == (known[0].now, known[0].before)


def test_the_change_of_a_rate_is_that_of_its_card(in_use: Store) -> None:
    change = of_rate(asked_why.cells(asked(), "on_time_due", "department"))
    told = data.figures(asked(), period=Period(MONDAY - timedelta(weeks=2), MONDAY - timedelta(days=1)), by=["week"])
    assert change is not None
    assert [change.before, change.now] == told.select("due_met", "due").rows()


@pytest.mark.parametrize("named", [LAST, RUNNING, MONTH], ids=["week", "running", "month"])
@pytest.mark.parametrize("column", [column for column, *_ in BYS.values()])
def test_what_came_less_what_left_is_the_change_of_the_stock_in_every_cell(
    in_use: Store, column: str, named: object
) -> None:
    question = asked(named=named)
    now, before = asked_why.stocks(question, column)
    moves = asked_why.moves(question)
    assert sum(now.values()) > 0 and moves.height
    for name in {*now, *before, *moves[column].to_list()}:
        mine = moves.filter(moves[column].eq_missing(name))
        came = sum(n if way in ("fell_due", "received_late", "resumed", "promise_earlier") else -n
                   for way, n in mine.select("way", "n").rows())  # fmt: skip
        assert before.get(name, 0) + came == now.get(name, 0)


def opened(question: Ask, link: Link) -> int:
    """Count the rows of the list that a link opens, as the work list reads its address."""
    query = {name: NONE if value == "-" else value for name, value in link.query.items()}
    wanted = replace(
        question.choice, named=of_code(query[PERIOD]), department=query.get(DEPARTMENT), field=query.get(FIELD),
        procedure=query.get(PROCEDURE), channel=query.get(CHANNEL), group=query[GROUP],
    )  # fmt: skip
    return worklist.narrowed(data.listed(replace(question, choice=wanted), LISTS[wanted.group]), wanted).height


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("metric", METRICS)
def test_every_line_opens_as_many_dossiers_as_it_says(in_use: Store, metric: str, by: str) -> None:
    for named in (LAST, RUNNING):
        question = asked(named=named)
        told = why._told(question, metric, by)
        if told is None:
            assert metric not in ("on_time_due", "due_missed", STOCK, UPCOMING, "received")
            continue
        links = [link for line in told.table.links[:6] for link in line]
        assert len(links) >= (metric in (STOCK, "received") or (metric, by) == ("on_time_due", "don-vi"))
        wrong = [link for link in links if str(opened(question, link)) != link.label.split()[0].replace(".", "")]
        assert wrong == []


def _signal(rule: Rule, way: int, verdict: Verdict, row: int = 1) -> Judged:
    return Judged(verdict, Limits(0.9, 0.95, 0.99), Spoken(rule, way, row), 13)


def test_more_work_than_usual_is_neither_good_nor_bad() -> None:
    for verdict in SIGNALS:
        beyond = _signal("beyond", 1, verdict)
        assert judged(beyond, "received", 5) == OF_WORK
        assert judged(beyond, "due_missed", 5) == VERDICTS[verdict]
        assert judged(_signal("shift", 1, verdict, 7), "received", 5).startswith(WITHIN_WORK)
    assert judged(Judged(Verdict.NORMAL), "received", 5) == VERDICTS[Verdict.NORMAL]


def test_a_change_of_nothing_is_never_called_beyond_the_usual() -> None:
    near = _signal("near", 1, Verdict.BETTER, 2)
    assert judged(near, "on_time_due", 0) == f"{STEADY} 2 trong 3 tuần gần đây sát giới hạn trên."
    assert judged(_signal("beyond", -1, Verdict.WORSE), "on_time_due", 0) == STAYS
    assert not any(said.startswith("Vượt") for said in (STEADY, STAYS, RETURNS, AT_GOAL, *WITHIN.values()))


def test_beyond_is_said_of_what_is_beyond_its_limits_alone() -> None:
    for rule, row, said in (
        ("near", 2, "2 trong 3 kỳ gần đây sát giới hạn dưới."), ("shift", 7, "7 kỳ liền dưới mức thường."),
        ("trend", 7, "7 kỳ liền giảm dần."),
    ):  # fmt: skip
        found = _signal(rule, -1, Verdict.WORSE, row)  # type: ignore[arg-type]
        assert judged(found, "on_time_due", -0.4, noun="kỳ") == f"{WITHIN[Verdict.WORSE]} {said}"
    beyond = _signal("beyond", -1, Verdict.WORSE)
    assert judged(beyond, "on_time_due", -3.0) == VERDICTS[Verdict.WORSE]
    assert judged(beyond, "on_time_due", 2.0) == RETURNS
    assert judged(beyond, "on_time_due", -0.4, at_goal=True) == AT_GOAL


@pytest.mark.parametrize("metric", ["on_time_due", "due_missed", STOCK, UPCOMING, "late_acceptance"])
def test_a_page_says_it_in_a_sentence(visit: Visit, metric: str) -> None:
    app = visit(shapes.WHY, chi_so=metric, ky="2026-W46")
    said = texts(app)
    assert not app.exception
    assert "Chưa hiển thị được bảng này" not in said
    assert "so với" in said and "dao động thường" in said


def test_the_cards_lead_to_it(visit: Visit) -> None:
    for page, figures in (
        (shapes.OVERVIEW, {"on_time_due", "pending_overdue", "due_soon"}),
        (shapes.DEPARTMENTS, {"on_time_due", "pending_overdue"}),
        (shapes.FIELDS, {"on_time_due", "pending_overdue"}),
    ):
        app = visit(page, don_vi=XAY_DUNG)
        ways = [each.proto.query_string for each in app.get("page_link") if each.proto.label == ":blue[Vì sao?]"]
        assert {name for name in METRICS for way in ways if f"chi_so={name}" in way.split("&")} == figures
        assert all("ky=2026-W47" in way and "don_vi=" in way for way in ways)


def test_nobody_reads_of_other_units(visit: Visit) -> None:
    for query in ({}, {"don_vi": TAN_VAN}, {"chi_so": STOCK, "theo": "don-vi"}, {"chi_so": UPCOMING, "theo": "don-vi"}):
        app = visit(shapes.WHY, who="truongphong", **query)
        shown = texts(app) + "".join(frame.value.to_csv() for frame in app.dataframe)
        assert TAN_VAN not in shown and "Sở Tư pháp" not in shown
    assert filters.UNSEEN in [each.value for each in visit(shapes.WHY, who="truongphong", don_vi=TAN_VAN).warning]


def test_who_fell_silent_is_in_neither_week(in_use: Store) -> None:
    """The rate without a unit in both weeks: that it was silent is no change of the others' work."""
    silent = Silent("mot-cua", TAN_VAN, MONDAY - timedelta(days=5), None)
    heard = asked_why.cells(asked(), "on_time_due", "department")
    left = asked_why.cells(asked(silent=(silent,)), "on_time_due", "department")
    assert [cell for cell in heard if cell.name != TAN_VAN] == left
    assert TAN_VAN in [cell.name for cell in heard]


def test_a_procedure_is_called_by_its_name(in_use: Store) -> None:
    names = analysed.names(asked())
    told = why._told(asked(), "on_time_due", "thu-tuc")
    assert told is not None
    assert {*told.table.names} <= {*names.values(), "Chưa ghi"} | {
        n for n in told.table.names if n.startswith("Còn lại")
    }
