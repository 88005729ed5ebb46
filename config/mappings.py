"""The mappings an office has: those of its sources, those it wrote, and those that came with an upload."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config import sources
from config.errors import DunghanError
from config.mapping import parse_mapping

FOLDER: Final = "mappings"


@dataclass(frozen=True, slots=True)
class Known:
    """One mapping: the source whose rows it reads, what that is called, and its text."""

    source: str
    title: str
    text: str


def known(home: Path) -> tuple[Known, ...]:
    """Give the mappings by title: of sources read from folders, of DUNGHAN_CONFIG/mappings, of ``home``/mappings.

    One source has one; the first of these places wins. A mapping that cannot be read is left out: whoever reads that
    source says what is wrong with it.
    """
    found: dict[str, Known] = {}
    for one in (*_of_sources(), *_of_folders(home)):
        if one is not None:
            found.setdefault(one.source, one)
    return tuple(sorted(found.values(), key=lambda one: one.title.casefold()))


def keep(home: Path, source: str, text: str) -> None:
    """Keep the mapping that an upload was loaded by, for the next file of that source."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{source}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / f"{source}.toml")


def _of_sources() -> list[Known | None]:
    told = [s for s in sources.load() if s.mapping and s.kind == "folder"]
    return [_read(s.beside / s.mapping, source=s.name, title=s.title) for s in told]


def _of_folders(home: Path) -> list[Known | None]:
    office = os.environ.get("DUNGHAN_CONFIG")
    folders = [*([Path(office) / FOLDER] if office else []), home / FOLDER]
    return [_read(path) for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]


def _read(path: Path, *, source: str = "", title: str = "") -> Known | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
        mapping = parse_mapping(text, place=path.name)
    except (OSError, UnicodeDecodeError, DunghanError):
        return None
    return Known(source or mapping.source, title or mapping.title or source or mapping.source, text)
