"""The timing of the night: it makes every analysis of a store with steps, and says what each took."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import insight as bench
from jobs.insights import MAKERS
from store import steps
from store.database import reading


def test_every_analysis_is_made_and_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["insight", "--rows", "600", "--flow", "mat-dong-bo", "--folder", str(tmp_path)])
    assert bench.main() == 0
    told = capsys.readouterr().out
    for name in (*MAKERS, "all, 600 dossiers", "peak memory"):
        assert f"| {name} |" in told
    store = bench.lay_out(tmp_path, 600)  # what stands there is used again
    with reading(store) as connection:
        assert steps.last(connection) > 600
    store.engine.dispose()
