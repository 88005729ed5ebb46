"""Where two roads once told different numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboard import analysed, data
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from store.database import Store
from tests.equality.province import LAND, TODAY, person
from tests.equality.questions import asked_of

MONDAY: Final = date(2026, 11, 16)


def ask(choice: Choice) -> Ask:
    return asked_of(person("giamdoc"), choice)


def test_a_dossier_that_came_after_its_own_promise_is_in_the_list_of_that_week(everything: Store) -> None:
    late_comers = 0
    for weeks in range(3, 14):
        question = ask(Choice(TODAY, MONDAY - timedelta(weeks=weeks)))
        listed = data.listed(question, LISTS["den-hen"])
        assert listed.height == data.figures(question)["due"].item()
        late_comers += listed.filter(pl.col("submitted_on") > question.choice.week.end).height
    assert late_comers > 0


def test_results_of_who_is_not_heard_are_in_no_duration_and_not_in_the_list_behind_it(everything: Store) -> None:
    question = ask(Choice(TODAY, MONDAY))
    took = analysed.took(question)["took_n"].sum()
    listed = data.listed(question, LISTS["co-ket-qua-13-tuan"])
    assert listed.height == took > 0
    assert LAND.name not in listed["source"].to_list()
    everybody = ask(Choice(TODAY, MONDAY, everybody=True))
    left = data.unheard(question, LISTS["co-ket-qua-13-tuan"])
    assert data.listed(everybody, LISTS["co-ket-qua-13-tuan"]).height == took + left > took
