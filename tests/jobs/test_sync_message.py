"""What a reader of the terminal is told when there is nothing to pull."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from jobs.sync import sync_all
from store.database import open_store


def test_a_sync_without_sources_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_DEMO_URL", raising=False)  # the only source of config/sources.toml that is on
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    said = io.StringIO()
    try:
        assert sync_all(store, console=Console(file=said, width=200)) == ()
    finally:
        store.engine.dispose()
    assert "dunghan load FILE --source NAME" in said.getvalue()
