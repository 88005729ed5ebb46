"""A folder to watch, files put into it, and what becomes of them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from config.notes import read
from config.sources import Source, load
from jobs.sync import sync_source
from store import runs, tables
from store.database import Store, reading
from store.ingest import Counts
from tests.connectors.made import HEADER, PLAIN

SEEN = datetime(2026, 11, 22, 3, tzinfo=UTC)
PEOPLE = ("Nguyễn Văn Kín", "0912345678", "Kín")
NAMED = HEADER.replace("Mã hồ sơ", "Mã hồ sơ,Chủ hồ sơ,Số máy")
MAPPING = PLAIN + '[personal]\ncolumns = ["Số máy"]\n'
ROWS = "A,Nguyễn Văn Kín,0912345678,21/11/2026,25/11/2026,\nB,Nguyễn Văn Kín,0912345678,hôm qua,,\n"
SOURCE = """
[[source]]
name = "tep"
kind = "folder"
mapping = "m.toml"
[source.folder]
path = "inbox"
settle_seconds = 0.01
"""


def made(folder: Path) -> Path:
    """Give a folder to watch, with its mapping and its entry among the sources beside it."""
    (folder / "inbox").mkdir()
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCE, encoding="utf-8")
    return folder / "inbox"


def source(inbox: Path, more: str = "") -> Source:
    if more:
        (inbox.parent / "sources.toml").write_text(SOURCE + more, encoding="utf-8")
    return load(inbox.parent / "sources.toml")[0]


def sync(store: Store, inbox: Path, *, more: str = "", days: int = 0) -> Counts:
    return sync_source(store, source(inbox, more), seen_at=SEEN + timedelta(days=days))


def put(inbox: Path, name: str, text: str | bytes, *, age: int = 0) -> Path:
    path = inbox / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def reports(inbox: Path, outcome: str = "done") -> list[dict[str, Any]]:
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((inbox / outcome).glob("*/*.json"))]


def left(inbox: Path) -> list[str]:
    return sorted(p.name for p in inbox.iterdir() if p.is_file())


def told(inbox: Path) -> bytes:
    """Give every byte that lies in done/ and failed/, unpacked, and the names of the files."""
    files = [p for o in ("done", "failed") for p in (inbox / o).rglob("*") if p.is_file()]
    tables = [pl.read_parquet(p).write_csv().encode() for p in files if p.suffix == ".parquet"]
    return b"".join([*(p.read_bytes() for p in files), *(p.name.encode() for p in files), *tables])


def notes(store: Store) -> list[str]:
    return [str(note) for note in read(runs.history(store, limit=1)["notes"][0])]


def state_of(store: Store, code: str) -> str:
    with reading(store) as connection:
        found = connection.scalar(sa.select(tables.dossiers.c.status).where(tables.dossiers.c.code == code))
    return str(found)
