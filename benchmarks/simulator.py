"""Time the made-up province: offices with queues, and months by columns alone; seconds, peak memory, size on disk.

``make bench-simulator``: 100,000 dossiers with queues; one and ten million by columns alone, as Parquet.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.worker import peak_bytes

QUEUES, COLUMNS = "queues", "columns"
CASES: Final = ((QUEUES, 100_000), (COLUMNS, 1_000_000), (COLUMNS, 10_000_000))


def one(kind: str, rows: int) -> str:
    """Do one case in this process and say what it took."""
    from connectors.simulator.flow import scenario, world
    from jobs.flows import Flow, to_parquet

    begun = time.perf_counter()
    if kind == QUEUES:
        played = world.play(scenario.load("mot-cua"), rows=rows)
        more = f"{played.steps.height:,} steps"
    else:
        with tempfile.TemporaryDirectory() as folder:
            to_parquet(Flow("muoi-nam", rows=rows), Path(folder))
            more = f"{sum(f.stat().st_size for f in Path(folder).rglob('*.parquet')) / 1e6:,.0f} MB of Parquet"
    seconds = time.perf_counter() - begun
    return f"{kind:8} {rows:>11,} dossiers {seconds:7.1f} s {peak_bytes() / 1e6:7,.0f} MB held at most; {more}"


def main(arguments: list[str] | None = None) -> int:
    """Do every case, each in a process of its own; or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=(QUEUES, COLUMNS))
    parser.add_argument("--rows", type=int, default=0)
    asked = parser.parse_args(arguments)
    if asked.one:
        sys.stdout.write(one(asked.one, asked.rows) + "\n")
        return 0
    for kind, rows in CASES:
        command = [sys.executable, "-m", "benchmarks.simulator", "--one", kind, "--rows", str(rows)]
        if subprocess.run(command, check=False).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
