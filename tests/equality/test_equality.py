"""Tile = list = table = Excel = JSON = report, for every role and random filters. ``make equality`` asks 200."""

from __future__ import annotations

import os
from datetime import date
from typing import Final

import polars as pl

from dashboard import counts, data, periods
from dashboard.data import Ask
from dashboard.filters import Choice
from store.database import Store
from tests.equality import province
from tests.equality.hunt import WALKS, hunt
from tests.equality.papers import Json
from tests.equality.province import LAND, PEOPLE, TODAY
from tests.equality.questions import asked_of, drawn

SEED: Final = int(os.environ.get("DUNGHAN_EQUALITY_SEED", "20261120"))
QUESTIONS: Final = 10
#: What the figures of a province with every trouble hold.
TROUBLES: Final = (
    "pending_overdue", "pending_suspended", "pending_undetermined", "awaiting_acceptance", "due", "letters_issued",
    "letters_owed", "supplements", "withdrawn", "refused", "stopped", "received_unknown", "extended_out",
)  # fmt: skip


def test_every_number_is_the_same_by_every_road(json: Json) -> None:
    told = hunt((*WALKS, json.walk), count=QUESTIONS, seed=SEED)
    assert told.wrong == [], told.words
    assert told.compared > QUESTIONS * 50


def test_every_role_asks(everything: Store) -> None:
    asked = drawn(QUESTIONS, SEED)
    assert {question.who.name for question in asked} == set(PEOPLE)
    assert {question.week.on_map for question in asked} == {"today", "then"}


def test_the_province_has_every_trouble(everything: Store) -> None:
    ask = asked_of(province.person("giamdoc"), Choice(TODAY, date(2026, 11, 16)))
    assert [silent.source for silent in ask.silent] == [LAND.name]
    year = Ask(ask.version, ask.scope, Choice(TODAY, date(2026, 11, 16), named=periods.of_code("2026")))
    told = data.figures(year).row(0, named=True)
    assert [name for name in TROUBLES if not told[name]] == []
    handed = counts.cube(ask.version).filter(pl.col("map") == "then")["department"].cast(pl.String)
    assert {province.OLD, province.NEW, "Sở Tư pháp"} <= set(handed)
