"""Steps of the real log: ways, loops and hand-overs are those that a few lines of plain Python count in the file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.steps_found import real
from metrics.step_figures import told_times
from metrics.step_tables import KNOWN, LATE_KNOWN, TIMES
from store.database import Store
from tests.truth.test_real_sets import MAPPINGS

pytestmark = pytest.mark.real


@pytest.mark.parametrize("file", ["receipt_events.csv", "receipt.xes.gz"])
def test_the_ways_of_the_1434_cases_are_those_that_the_file_has(store: Store, shared_data: Path, file: str) -> None:
    found = real(store, shared_data / "receipt_wabo", MAPPINGS / "receipt_wabo.toml", file)
    assert sum(found.ways.values()) == 1434
    assert len(found.ways) == 115
    assert found.ways == found.counted
    assert found.loops == found.loops_counted == 239
    assert found.hands == found.hands_counted == 1207
    known = found.tables[KNOWN].select(pl.col("dossiers", "told", "seen").sum()).row(0)
    assert known == (1434, 1434, 0)
    assert found.tables[LATE_KNOWN].select(pl.col("late", "compared").sum()).row(0) == (309 + 37, 309 + 37)
    rows = told_times(found.tables[TIMES], ["step"])
    assert rows["waiting_n"].null_count() == rows.height, "a log of ends says of no step since when"
