"""What a reader of the terminal is told when there is nothing to pull."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest
from rich.console import Console

from jobs.sync import sync_all
from store.database import Store, open_store

MAPPING = 'source = "x"\n[columns]\ncode = "ma"\nreceived_at = "nhan"\ndue_at = "hen"\n'
SOURCES = """
[[source]]
name = "x"
kind = "database"
mapping = "x.toml"
url = "{url}"
[source.database]
query = "SELECT * FROM ho_so"
key = "ma"
cursor = "nhan"
"""


def test_a_sync_without_sources_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_DEMO_URL", raising=False)  # the only source of config/sources.toml that is on
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    said = io.StringIO()
    try:
        assert sync_all(store, console=Console(file=said, width=200)) == ()
    finally:
        store.engine.dispose()
    assert "dunghan load FILE --source NAME" in said.getvalue()


def test_what_a_sweep_found_stands_under_its_line(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = sqlite3.connect(tmp_path / "vendor.sqlite")
    vendor.execute("CREATE TABLE ho_so (ma TEXT, nhan TEXT, hen TEXT)")
    vendor.executemany("INSERT INTO ho_so VALUES (?, '2026-11-02', '2026-11-16')", [(f"H{n}",) for n in range(30)])
    vendor.commit()
    (tmp_path / "x.toml").write_text(MAPPING, encoding="utf-8")
    told = SOURCES.format(url=f"sqlite:///{tmp_path / 'vendor.sqlite'}")
    (tmp_path / "sources.toml").write_text(told, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    said = io.StringIO()
    assert sync_all(store, console=Console(file=said, width=200)) == ()
    vendor.execute("DELETE FROM ho_so WHERE ma = 'H7'")
    vendor.commit()
    vendor.close()
    assert "not found" not in said.getvalue()
    assert sync_all(store, console=Console(file=said, width=200), sweep=True) == ()
    assert "1 dossiers were not found" in said.getvalue()
