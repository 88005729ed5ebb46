"""Orders to read a source once more for the rows that were refused: small files in DUNGHAN_HOME/replays.

A page gives the order, the worker takes it and tells beside it what came of it; who gave it stands in the audit log.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

FOLDER: Final = "replays"
_ORDER, _OUTCOME = ".order.json", ".outcome.json"
Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """One order: the source to read, who gave it, and when (ISO)."""

    source: str
    by: str
    at: str


def give(home: Path, order: Order) -> None:
    """Give an order; a second one for the same source stands for the first. Raises OSError when the disk refuses."""
    place = home / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    _written(_file(home, order.source, _ORDER), asdict(order))
    _file(home, order.source, _OUTCOME).unlink(missing_ok=True)


def waiting(home: Path) -> list[Order]:
    """Give the orders that nobody has carried out yet, the oldest first."""
    files = sorted((home / FOLDER).glob(f"*{_ORDER}"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [Order(**json.loads(file.read_text(encoding="utf-8"))) for file in files]


def tell(home: Path, source: str, outcome: Outcome) -> None:
    """Say how an order stands: ``state`` is waiting, reading, done or failed."""
    _written(_file(home, source, _OUTCOME), outcome)


def ended(home: Path, source: str) -> None:
    """Take an order away: it was carried out, or cannot be."""
    _file(home, source, _ORDER).unlink(missing_ok=True)


def outcome(home: Path, source: str) -> Outcome | None:
    """Give how the last order for a source stands; None where none was given."""
    try:
        told: Outcome = json.loads(_file(home, source, _OUTCOME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"state": "waiting"} if _file(home, source, _ORDER).exists() else None
    return told


def _file(home: Path, source: str, ending: str) -> Path:
    return home / FOLDER / (quote(source, safe="") + ending)


def _written(file: Path, told: dict[str, Any]) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(file)
