"""The words that every benchmark is asked with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def parser(target: str, about: str | None, *, rows: int = 1_000_000) -> ArgumentParser:
    """Give the parser of ``make target``: how many dossiers, where they are kept, whether figures are written down."""
    told = ArgumentParser(prog=f"make {target} ARGS=…", description=about)
    told.add_argument("--rows", type=int, default=rows, help=f"dossiers ({rows:_})")
    told.add_argument("--keep", type=Path, help="lay out in this folder and keep it; used again when it is there")
    told.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    return told
