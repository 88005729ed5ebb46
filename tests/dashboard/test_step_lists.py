"""Where late dossiers lost their time, each place opens who is late there: the list has as many as its link says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from dashboard import asked_steps, data, shapes, stepping
from dashboard.answers import step_lists, worklist
from dashboard.answers import steps as words
from dashboard.data import Ask
from dashboard.filters import DEPARTMENT, FIELD, GROUP, STEP, Choice
from dashboard.lists import LISTS
from dashboard.shapes import Link
from metrics.scope import Scope
from metrics.standing import Standing
from metrics.step_tables import LOST
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_steps_page import OWN, said
from tests.dashboard.test_steps_page import sessions as sessions
from tests.dashboard.test_steps_page import stepped as stepped


def opened(ask: Ask, link: Link) -> int:
    """Open a list as the page of lists does, and count it."""
    query = dict(link.query)
    wanted = replace(
        ask.choice, department=query.get(DEPARTMENT), field=query.get(FIELD), step=query.get(STEP), group=query[GROUP]
    )
    return worklist.narrowed(data.listed(replace(ask, choice=wanted), LISTS[wanted.group]), wanted).height


@pytest.mark.parametrize("own", [False, True])
def test_every_place_opens_as_many_dossiers_as_it_says(in_use: Store, own: bool) -> None:
    state = data.manifest()
    assert state is not None
    monday, scope = TODAY - timedelta(days=TODAY.weekday()), Scope.of(OWN) if own else Scope.province()
    ask = Ask(state.data_version, scope, Choice(TODAY, monday))
    lost = asked_steps.table(ask, LOST, recent=False)
    assert lost is not None
    found = words.losses(lost)
    told = step_lists.lined(found, lost, data.open_dossiers(ask), stepping._late(ask), ask.choice)
    assert told.lines.height == len(told.links) == found.height > 0
    every = [link for line in told.links for link in line]
    assert own or {STEP in link.query for link in every} == {True, False}
    assert any("tre-hen" in link.query[GROUP] for link in every)
    assert [link for link in every if str(opened(ask, link)) != link.label.split()[0].replace(".", "")] == []
    if own:
        assert {link.query.get(DEPARTMENT, OWN) for link in every} == {OWN}


def test_a_place_of_several_departments_chooses_none_and_one_of_no_step_no_step() -> None:
    """Two fields of one unit at one step; a place after a step; nobody knows the step."""
    lost = pl.DataFrame(
        [("A", "x", "s", False, "A", 480.0, 3), ("A", "y", "s", False, "A", 480.0, 3),
         ("A", "x", "s", True, "kho", 480.0, 2), ("B", "x", "s", True, "kho", 480.0, 2),
         ("B", "x", None, False, None, 480.0, 1)],
        schema=["department", "field", "step", "after", "unit", "lost", "dossiers"], orient="row",
    ).with_columns(spent=pl.col("lost"))  # fmt: skip
    late = Standing.OVERDUE.value
    rows = [("A", "x", "s", late), ("A", "y", "s", late), ("A", "y", "t", late), ("B", "x", "s", late)]
    rows += [("A", "x", "s", "-")]
    open_ = pl.DataFrame(rows, schema=["department", "field", "step", "standing"], orient="row")
    due = pl.DataFrame({"department": ["A", "B"], "field": ["x", "x"], "due": [10, 5], "due_met": [8, 5]})
    told = step_lists.lined(words.losses(lost), lost, open_, due, Choice(TODAY, TODAY))
    assert [[(link.label, {*link.query} - {"tuan"}) for link in line] for line in told.links] == [
        [("2 đang quá hạn ở bước này", {DEPARTMENT, STEP, GROUP}), ("2 trễ hẹn trong 13 tuần", {DEPARTMENT, GROUP})],
        [("2 đang quá hạn", {FIELD, GROUP}), ("2 trễ hẹn trong 13 tuần", {FIELD, GROUP})],
        [("1 đang quá hạn", {DEPARTMENT, FIELD, GROUP})],
    ]


def test_the_page_says_what_the_lists_are(visit: Visit) -> None:
    app = visit(shapes.STEPS)
    assert step_lists.OF_LISTS in said(app)
    assert any(each.proto.label.endswith("trễ hẹn trong 13 tuần]") for each in app.get("page_link"))
