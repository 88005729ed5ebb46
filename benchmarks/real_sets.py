"""The real sets that the analyses are measured on: where they lie, how they are mapped, how one is loaded."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jobs.load import load_file
from store.database import Store

ROOT: Final = Path(__file__).resolve().parent.parent
_MAPPINGS: Final = ROOT / "tests" / "truth" / "mappings"
_SEEN: Final = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
#: Real set → its file below the folder of the real sets, its mapping.
FILES: Final = {
    "Boston": ("boston_311_animal_2015/filtered_2015.csv", "boston"),
    "Houston": ("houston_311_flooding_2017/floodingPiped2017.csv", "houston"),
    "WABO": ("receipt_wabo/receipt_events.csv", "receipt_wabo"),
}


def folder() -> Path:
    """Give the folder of the real sets: ``DUNGHAN_SHARED_DATA``, else ``shared/data`` beside the repository."""
    return Path(os.environ.get("DUNGHAN_SHARED_DATA", ROOT.parent / "shared" / "data"))


def is_here(shared: Path, name: str) -> bool:
    """Say whether the file of a real set lies in ``shared``."""
    return (shared / FILES[name][0]).is_file()


def load(store: Store, shared: Path, name: str) -> None:
    """Load a real set from ``shared`` into ``store``."""
    file, mapping = FILES[name]
    load_file(store, shared / file, mapping=_MAPPINGS / f"{mapping}.toml", seen_at=_SEEN)
