"""An office with a folder of its own settings, and the command that loads lists into its register."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import register_writing
from jobs import cli

Load = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the office's own settings, without a register yet."""
    folder = tmp_path / "office"
    folder.mkdir()
    monkeypatch.setenv("DUNGHAN_CONFIG", str(folder))
    register_writing.forget()
    yield folder
    register_writing.forget()


@pytest.fixture
def load(office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Load:
    """Run ``dunghan procedures load FILE … --json``; gives the exit code and what was said."""

    def run(file: Path, *options: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.argv", ["dunghan", "procedures", "load", str(file), "--json", *options])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        code = ended.value.code
        return int(code or 0), json.loads(told.out) if told.out else {"error": told.err}

    return run
