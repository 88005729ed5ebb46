"""The page written the ordinary way is a fair peer: its numbers are ours, and its chapter keeps the others."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.dashboard_layout import Laid, lay_out


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return lay_out(3_000, tmp_path_factory.mktemp("both"), tell=lambda _: None, flow="mot-cua")


def test_the_pandas_page_counts_what_we_count(laid: Laid) -> None:
    peer = importlib.import_module("benchmarks.peer_streamlit")
    table = peer.by_department(peer.read(str(laid.table)), laid.today)
    found = {row.department: (row.due, row.met, row.overdue) for row in table.itertuples()}
    assert found == {name: told for name, told in laid.counts.items() if any(told)}
    assert min(laid.whole) > 0


def test_a_chapter_takes_the_place_of_its_like_and_of_no_other(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    for chapter in ("## 1,000 dossiers\n\na", "## Dashboard over 1,000 dossiers\n\nb", "## 10 dossiers\n\nc"):
        results.write(chapter, file)
    results.write("## Dashboard over 1,000 dossiers\n\nd", file)
    told = file.read_text(encoding="utf-8")
    assert [line for line in told.splitlines() if line.startswith("## ")] == [
        "## 10 dossiers", "## 1,000 dossiers", "## Dashboard over 1,000 dossiers",
    ]  # fmt: skip
    assert told.endswith("d\n") and "\nb\n" not in told
