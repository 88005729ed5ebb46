"""A table on a page stops no process: polars may not hold the interpreter while its own threads want it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from dashboard import speaking
from tests.architecture.tracked import ROOT

ROWS = pl.DataFrame(
    {
        "name": ["Sở Y tế", None], "count": [1, None], "share": [0.5, None], "on": [date(2026, 3, 2), None],
        "at": [datetime(2026, 3, 2, tzinfo=UTC), None], "is": [True, None], "line": [[1.0, 2.0], None],
    },
    schema_overrides={"name": pl.String},
)  # fmt: skip
#: Two readers draw tables while two others have working hours reckoned, which calls Python out of threads of polars.
_BUSY = """
import os, threading
import polars as pl
from dashboard import speaking
rows = pl.DataFrame({f"c{n}": [f"s{k}" for k in range(200)] for n in range(8)})
minutes = pl.DataFrame({f"c{n}": range(50) for n in range(4)})
def slowly(cells):
    sum(range(3000))
    return cells
def reckons():
    while True:
        minutes.select(pl.all().map_batches(slowly, return_dtype=pl.Int64))
shown = speaking._speaking("dataframe", HOW)
for _ in range(2):
    threading.Thread(target=reckons, daemon=True).start()
for _ in range(60):
    shown(rows)
print("done", flush=True)
os._exit(0)
"""


def ends(how: str) -> bool:
    """Say whether sixty tables are drawn in time while others reckon; ``how`` a table is drawn."""
    told = _BUSY.replace("HOW", how)
    try:
        done = subprocess.run(
            [sys.executable, "-c", told], cwd=ROOT, env=os.environ | {"POLARS_MAX_THREADS": "2"}, timeout=60,
            capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.stdout == "done\n"


def test_tables_are_drawn_while_python_is_called_out_of_threads_of_polars() -> None:
    assert ends("lambda rows: getattr(rows, 'to_pandas', lambda: rows)()"), (
        "to_pandas of a polars frame stops everything"
    )


def test_what_streamlit_is_given_is_what_it_would_have_made() -> None:
    given: list[Any] = []
    speaking._speaking("dataframe", given.append)(ROWS)
    assert not isinstance(given[0], pl.DataFrame)
    assert given[0].equals(ROWS.to_pandas())
    assert given[0].dtypes.equals(ROWS.to_pandas().dtypes)
