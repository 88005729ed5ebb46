"""A shell for every test of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.shell import Shell


@pytest.fixture
def shell(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    return Shell(tmp_path, empty_url, monkeypatch, capsys)


@pytest.fixture
def on_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell whose store is a file of SQLite whatever the run is for: of what befalls files only."""
    return Shell(tmp_path, f"sqlite:///{tmp_path / 'cli.sqlite'}", monkeypatch, capsys)
