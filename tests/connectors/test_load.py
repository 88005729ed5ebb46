"""A whole load: file to store, twice, with good and bad rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from config.errors import MappingError, SourceError
from jobs.load import load_file
from jobs.load_screen import render_report
from metrics.scope import Scope
from store import runs
from store.database import Store
from tests.connectors.made import HEADER, PLAIN

SEEN = datetime(2026, 11, 22, 3, tzinfo=UTC)
FOUR = HEADER + "A,21/11/2026,25/11/2026,\nA,21/11/2026,25/11/2026,\nB,hôm qua,,\nC,20/11/2026,,21/11/2026\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(FOUR, encoding="utf-8")
    path.with_suffix(".toml").write_text(PLAIN, encoding="utf-8")
    return path


def test_good_rows_are_stored_and_bad_ones_quarantined_with_their_place(store: Store, export: Path) -> None:
    steps: list[str] = []
    report = load_file(store, export, seen_at=SEEN, progress=lambda step, share: steps.append(step))
    counts = report.counts
    assert (counts.read, counts.new, counts.merged, counts.quarantined) == (4, 2, 1, 1)
    assert report.reasons == {"unreadable_date": 1}
    assert runs.quarantined(store, Scope.province())["place"].to_list() == ["export.csv, row 4"]
    assert steps == ["read", "translate", "store", "done"]


def test_the_same_file_twice_changes_nothing_and_says_so(store: Store, export: Path) -> None:
    load_file(store, export, seen_at=SEEN)
    again = load_file(store, export, seen_at=SEEN)
    assert again.said_nothing_changed
    console = Console(width=160)
    with console.capture() as said:
        console.print(render_report(again))
    assert "Nothing changed" in said.get()


def test_a_later_file_changes_only_what_changed(store: Store, export: Path) -> None:
    load_file(store, export, seen_at=SEEN)
    export.write_text(HEADER + "A,21/11/2026,25/11/2026,24/11/2026\nC,20/11/2026,,21/11/2026\n", encoding="utf-8")
    counts = load_file(store, export, seen_at=SEEN.replace(day=24)).counts
    assert (counts.new, counts.changed, counts.unchanged) == (0, 1, 1)


def test_a_source_given_on_the_command_line_wins(store: Store, export: Path) -> None:
    assert load_file(store, export, seen_at=SEEN, source="other").source == "other"


def test_a_file_that_is_not_there_is_told_before_its_mapping(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        load_file(store, tmp_path / "nothing.csv", seen_at=SEEN)


def test_a_wrong_mapping_stores_nothing_at_all(store: Store, export: Path) -> None:
    export.with_suffix(".toml").write_text(PLAIN.replace("Ngày hẹn trả", "Hẹn"), encoding="utf-8")
    with pytest.raises(MappingError, match='no column "Hẹn"'):
        load_file(store, export, seen_at=SEEN)
    assert runs.quarantined(store, Scope.province()).is_empty()


def test_without_a_mapping_the_next_step_is_a_preview(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "lone.csv"
    path.write_text(FOUR, encoding="utf-8")
    with pytest.raises(MappingError, match="--preview"):
        load_file(store, path, seen_at=SEEN)
