"""Which stretch and which number a text means: every writing that people use, and no guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config import indicators
from config.errors import ConfigError
from config.indicators import Indicator, Stretch
from metrics.indicators import before, code_of, period_of, stretch_of, value_of
from metrics.scope import Period


@pytest.mark.parametrize(
    ("text", "stretch", "start", "end"),
    [
        ("2026-10", "month", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-T2", "month", date(2026, 2, 1), date(2026, 2, 28)),
        ("Tháng 2/2024", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("12-2026", "month", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q3", "quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("Quý IV/2026", "quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("q1/2026", "quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("Năm 2025", "year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_stretch_is_read_named_and_named_back(text: str, stretch: Stretch, start: date, end: date) -> None:
    period = period_of(text, stretch)
    assert period == Period(start, end)
    assert stretch_of(period) == stretch
    assert period_of(code_of(period), stretch) == period


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("2026-13", "month"),
        ("2026-0", "month"),
        ("2026-Q5", "quarter"),
        ("2026", "month"),
        ("1889", "year"),
        ("", "year"),
    ],
)
def test_what_is_no_stretch_is_none(text: str, stretch: Stretch) -> None:
    assert period_of(text, stretch) is None


def test_the_stretch_before_is_of_the_same_kind_and_ends_the_day_before() -> None:
    assert before(Period(date(2026, 3, 1), date(2026, 3, 31))) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert before(Period(date(2026, 1, 1), date(2026, 3, 31))) == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert before(Period(date(2026, 1, 1), date(2026, 12, 31))) == Period(date(2025, 1, 1), date(2025, 12, 31))


WRITTEN = """[[indicator]]
id = "ab"
title = "A"
meaning = "B"
source = "C"
period = "month"
of = "province"
"""


def one(**told: object) -> Indicator:
    told = {"unit": "times", "period": "month", "of": "province"} | told
    return Indicator.model_validate({"id": "ab", "title": "A", "meaning": "B", "source": "C", **told})


@pytest.mark.parametrize(
    ("text", "unit", "decimals", "value"),
    [
        ("1.234", "times", 0, "1234"), ("1 234 567", "times", 0, "1234567"), ("12,5", "times", 0, None),
        ("0", "times", 0, "0"), ("0", "rank", 0, None), ("1", "rank", 0, "1"), ("-1", "times", 0, None),
        ("88,5", "points", 2, "88.5"), ("88.55", "points", 2, "88.55"), ("1.234", "points", 2, None),
        ("97,5 %", "percent", 1, "97.5"), ("100,5", "percent", 1, None), ("", "percent", 1, None),
        ("٣", "times", 0, None),
    ],
)  # fmt: skip
def test_a_number_means_one_thing_or_nothing(text: str, unit: str, decimals: int, value: str | None) -> None:
    assert value_of(text, one(unit=unit, decimals=decimals)) == (None if value is None else Decimal(value))


def test_the_shipped_list_is_whole_and_counts_have_no_decimals(tmp_path: Path) -> None:
    assert {"consultations", "hotline_calls", "signed_documents", "par_index", "sipas", "papi", "ddci"} <= set(
        indicators.load()
    )
    for wrong, said in (
        ('decimals = 1\nunit = "times"', "have no decimals"),
        ('unit = "tims"', "unit"),
    ):
        path = tmp_path / f"{len(wrong)}.toml"
        path.write_text(f"{WRITTEN}{wrong}\n", encoding="utf-8")
        with pytest.raises(ConfigError, match=said):
            indicators.load(path)


def test_an_id_told_twice_is_refused(tmp_path: Path) -> None:
    told = f'{WRITTEN}unit = "times"\n'
    path = tmp_path / "i.toml"
    path.write_text(told + told, encoding="utf-8")
    with pytest.raises(ConfigError, match='id "ab" is told twice'):
        indicators.load(path)
