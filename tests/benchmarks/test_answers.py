"""Every engine of the benchmark gives the same cells; a cell that differs is found and named.

pandas is compared at every `make bench`; here its import alone would take longer than all the rest.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from benchmarks.compare import cells, differences
from benchmarks.engines import ENGINES, POSTGRES, READING, Engine
from benchmarks.questions import COUNTS, QUESTIONS, RECOMPUTE, Question
from tests.conftest import do_without

RIGHT: dict[str, pl.DataFrame] = {}
COMPARED = [engine for engine in ENGINES if engine is not READING and engine.needs != "pandas"]
ASKED = [(name, engine) for name in QUESTIONS for engine in COMPARED if name in engine.asked]


def answered(question: Question, engine: Engine, folder: Path) -> pl.DataFrame:
    module = import_module(engine.module)
    opened = module.open_(folder, engine.source)
    found = cells(module.told(module.ask(opened, question, engine.source)), question)
    if engine.module.endswith(("sqlite", "postgres")):
        opened.close()
    return found


@pytest.mark.parametrize(("name", "engine"), ASKED, ids=lambda told: told if isinstance(told, str) else told.name)
def test_every_engine_gives_the_same_cells(
    name: str, engine: Engine, laid_out: Path, request: pytest.FixtureRequest
) -> None:
    if not engine.here:
        do_without(request, f"{engine.needs} is not installed (make bench brings it).", optional=True)
    if engine.module == POSTGRES:
        request.getfixturevalue("in_postgres")
    question = QUESTIONS[name]
    if name not in RIGHT:
        first = next(e for asked, e in ASKED if asked == name)
        RIGHT[name] = answered(question, first, laid_out)
    assert RIGHT[name].height > 1_000
    assert differences(RIGHT[name], answered(question, engine, laid_out), question) == []


# ---------- the comparison itself ----------


def counts(*rows: tuple[str, str | None, int, int]) -> pl.DataFrame:
    """Write an answer: department, field, received, early; all in one week."""
    told = [(d, f, date(2018, 11, 5), received, early, 0, 0, 0) for d, f, received, early in rows]
    return cells(pl.DataFrame(told, schema=[*COUNTS.keys, *COUNTS.values], orient="row"), COUNTS)


def test_a_cell_that_differs_is_named_with_both_values() -> None:
    found = differences(counts(("A", "x", 7, 3), ("B", "y", 5, 5)), counts(("A", "x", 7, 4), ("B", "y", 5, 5)), COUNTS)
    assert found == ["A · x · 2018-11-05: early 3.0 but 4.0"]


def test_a_group_without_a_field_is_compared_like_any_other() -> None:
    assert differences(counts(("A", None, 7, 3)), counts(("A", None, 7, 3)), COUNTS) == []
    assert differences(counts(("A", None, 7, 3)), counts(("A", None, 7, 2)), COUNTS) == [
        "A · None · 2018-11-05: early 3.0 but 2.0"
    ]


def test_a_group_that_is_missing_or_too_many_is_a_difference() -> None:
    one, two = counts(("A", "x", 7, 3)), counts(("A", "x", 7, 3), ("B", "y", 5, 0))
    assert [line.split(":")[0] for line in differences(two, one, COUNTS)] == ["B · y · 2018-11-05"]
    assert [line.split(":")[0] for line in differences(one, two, COUNTS)] == ["B · y · 2018-11-05"]


def test_a_group_told_twice_is_a_difference_even_if_both_are_right() -> None:
    one, twice = counts(("A", "x", 7, 3)), counts(("A", "x", 7, 3), ("A", "x", 7, 3))
    assert differences(one, twice, COUNTS) == ["1 rows with a key that is there already"]


def test_a_group_of_zeros_is_no_group() -> None:
    assert differences(counts(("A", "x", 7, 3)), counts(("A", "x", 7, 3), ("B", "y", 0, 0)), COUNTS) == []


def test_the_parts_of_a_cube_are_added_up_before_they_are_compared() -> None:
    keys = dict.fromkeys(RECOMPUTE.keys, "a") | {"day": date(2018, 11, 5)}
    halves = pl.DataFrame([keys | {"n": 2}, keys | {"n": 3}])
    assert cells(halves, RECOMPUTE)["n"].to_list() == [5.0]
