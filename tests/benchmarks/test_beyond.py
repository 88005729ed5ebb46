"""What is told of a size beyond memory was counted, and compared with two others who counted it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks import beyond, results
from benchmarks.beyond import MEMORY, WrongCountsError, by_duckdb, compare, lay_out

ROWS, FEW = 9_000, 3_000
WORDS = ["--rows", str(ROWS), "--beside", str(FEW), "--months", "3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both sizes, laid out and derived once."""
    place = tmp_path_factory.mktemp("beyond")
    assert beyond.main([*WORDS, "--folder", str(place)]) in (0, 1)  # how quick it was is no matter here
    return place


def frames(folder: Path) -> list[pl.DataFrame]:
    place = folder / str(ROWS)
    return [*(pl.read_parquet(place / f"{name}.parquet") for name in ("known", "counted", "groups")), by_duckdb(place)]


def test_every_count_is_the_one_that_two_others_come_to(folder: Path) -> None:
    known, counted, groups, peers = frames(folder)
    assert compare(known, counted, groups, peers) == 3 * 5 + groups.height
    assert known["dossiers"].sum() == ROWS and groups["n"].sum() == known["received"].sum() > 0.9 * ROWS
    assert known.select((pl.min_horizontal("resolved", "submitted") > 0).all()).item()


@pytest.mark.parametrize("nth", range(4))
def test_one_count_that_differs_is_named_whoever_is_wrong(folder: Path, nth: int) -> None:
    told = frames(folder)
    column = "received" if nth < 2 else "n"
    row = pl.int_range(pl.len()) == 1
    told[nth] = told[nth].with_columns(pl.when(row).then(pl.col(column) + 1).otherwise(column).alias(column))
    with pytest.raises(WrongCountsError, match="counts differ"):
        compare(*told)


def test_a_count_that_differs_is_no_figure(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    known = folder / str(FEW) / "known.parquet"  # the smaller comes first, and ends it
    right = known.read_bytes()
    pl.read_parquet(known).with_columns(pl.col("resolved") - 1).write_parquet(known)
    try:
        assert beyond.main([*WORDS, "--folder", str(folder)]) == 2
    finally:
        known.write_bytes(right)
    told = capfd.readouterr()
    assert told.out == "" and "counts differ" in told.err


def test_the_larger_is_so_many_provinces_with_units_and_codes_of_their_own(folder: Path) -> None:
    one, three = (pl.read_parquet(folder / str(rows) / "observed" / "*.parquet") for rows in (FEW, ROWS))
    for name in ("department", "receiving_unit", "code"):
        assert three[name].n_unique() == 3 * one[name].n_unique()
    assert three.select(pl.struct("source", "code").is_unique().all()).item()
    held = three.explode("places").drop_nulls("places").unnest("places", separator=".")
    same = pl.col("places.department").str.tail(2) == pl.col("department").str.tail(2)
    assert held.height > 10 and held.select(same.all()).item()


def test_what_was_laid_out_stays(folder: Path) -> None:
    place = folder / str(FEW)
    before = {file: file.stat().st_mtime_ns for file in place.glob("observed/*")}
    lay_out(FEW, FEW, 3, place)
    assert len(before) == 3 and before == {file: file.stat().st_mtime_ns for file in place.glob("observed/*")}


def test_a_limit_that_is_broken_is_said() -> None:
    small = {"seconds": 1.0, "worked": 1.0, "peak": 1e9, "observed": 1e6, "written": 1e6, "compared": 7}
    for large, there in (({"worked": 15.0}, True), ({"worked": 15.1}, False), ({"peak": MEMORY + 1}, False)):
        lines, kept = beyond.told({10: small, 100: small | {"worked": 9.0} | large})
        assert kept is there and ("not yet" in "\n".join(lines)) is not there


def test_its_chapter_stands_beside_the_others(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    for head in ("## 10 dossiers", "## Beyond memory: 100 dossiers", "## Beyond memory: 100 dossiers"):
        results.write(f"{head}\n\ntold\n", file)
    assert [line for line in file.read_text().splitlines() if line.startswith("## ")] == [
        "## 10 dossiers", "## Beyond memory: 100 dossiers",
    ]  # fmt: skip
