"""``dunghan explain`` through a real store: it finds a dossier by either code, decides between sources, and prints."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from config import procedures
from config.errors import ConfigError, StoreError
from jobs.cli import app
from jobs.explain import as_json, explained
from metrics.dossier import COLUMNS, PLAIN
from store.database import Store
from store.ingest import Source, begin_run
from tests.metrics.province import BOOK, at, halt


def row(source: str, code: str, **told: Any) -> dict[str, Any]:
    base = dict.fromkeys(COLUMNS) | {
        "source": source,
        "code": code,
        "status": "processing",
        "received_at": at("2026-03-02"),
    }
    return base | told


def load(store: Store, seen: str, *rows: dict[str, Any]) -> None:
    for name in sorted({r["source"] for r in rows}):
        told = pl.DataFrame([r for r in rows if r["source"] == name], schema=PLAIN)
        with begin_run(store, Source(name, "Asia/Ho_Chi_Minh"), kind="load", origin="a", seen_at=at(seen)) as run:
            run.batch(told)


@pytest.fixture
def filled(store: Store) -> Store:
    """Two sources with one code in common; D-1 waited for its applicant and has a second code."""
    halts = json.dumps([halt("2026-03-05", "2026-03-10", "2026-03-16", "2026-03-19")])
    load(
        store, "2026-03-20",
        row("mot-cua", "D-1", other_code="000.D-1", due_at=at("2026-03-19"), suspensions=halts, step="Thẩm định",
            changed_at=at("2026-03-11")),
        row("mot-cua", "D-2", due_at=at("2026-03-16")),
        row("dat-dai", "D-2", due_at=at("2026-03-18")),
        row("dat-dai", "D-9", other_code="D-1"),
    )  # fmt: skip
    load(store, "2026-03-21", row("dat-dai", "L-1", received_at=at("2026-02-02"), due_at=at("2026-02-12")))
    return store


def test_a_dossier_is_found_by_either_code_and_stands_in_one_source(filled: Store) -> None:
    by_second, _ = explained(filled, "000.D-1", as_of="2026-03-20")
    assert (by_second.source, by_second.code, by_second.days_late) == ("mot-cua", "D-1", 1)
    assert by_second.steps[0].step == "Thẩm định"
    assert explained(filled, " L-1 ", as_of="2026-03-20")[0].source == "dat-dai"


def test_a_code_in_two_sources_is_an_error_that_names_both(filled: Store) -> None:
    with pytest.raises(StoreError, match='"dat-dai" and "mot-cua"'):
        explained(filled, "D-2")
    told = {name: explained(filled, "D-2", source=name)[0].due_on for name in ("mot-cua", "dat-dai")}
    assert [str(due) for due in told.values()] == ["2026-03-16", "2026-03-18"]


def test_the_second_code_of_another_source_has_to_be_decided_too(filled: Store) -> None:
    with pytest.raises(StoreError, match='"dat-dai" and "mot-cua"'):
        explained(filled, "D-1")
    assert explained(filled, "D-1", source="dat-dai", as_of="2026-03-20")[0].code == "D-9"


def test_an_unknown_code_or_source_is_answered_with_the_nearest(filled: Store) -> None:
    with pytest.raises(StoreError, match='Did you mean "000.D-1"'):
        explained(filled, "000.D-7")
    with pytest.raises(StoreError, match='Did you mean "mot-cua"'):
        explained(filled, "D-1", source="mot-cau")
    with pytest.raises(StoreError, match='but "mot-cua" has'):
        explained(filled, "000.D-1", source="dat-dai")


def test_a_day_before_the_dossier_is_refused(filled: Store) -> None:
    with pytest.raises(ConfigError, match="Ask for 2026-03-02 or later"):
        explained(filled, "000.D-1", as_of="2026-03-01")


def test_json_has_the_keys_that_are_documented(filled: Store) -> None:
    told = as_json(*explained(filled, "000.D-1", as_of="2026-03-19"))
    documented = {
        "source", "code", "other_code", "procedure", "procedure_name", "department", "status", "as_of", "data_version",
        "standing", "suspended", "days_late", "days_left", "received_at", "closed_on", "first_due_on", "due_on",
        "first_days", "promised_days", "passed", "waited", "expected", "terms", "rules", "promises", "suspensions",
        "days", "acceptance", "steps", "flags",
    }  # fmt: skip
    assert set(told) == documented
    assert json.loads(json.dumps(told)) == told
    assert (told["received_at"], told["due_on"], told["expected"]) == ("2026-03-02T10:00:00+07:00", "2026-03-19", None)
    assert told["days"][4] == {
        "day": "2026-03-06", "counted": False, "number": None, "minutes": None, "reason": "tạm dừng: bổ sung hồ sơ",
        "rule": "bổ sung hồ sơ: không tính từ sau ngày yêu cầu đến hết ngày nộp lại", "decision": None, "source": None,
    }  # fmt: skip
    assert datetime.fromisoformat(told["steps"][0]["from_at"]).utcoffset() is not None


def test_a_procedure_with_a_limit_tells_the_line_that_gives_it(
    filled: Store, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "procedures.csv").write_text(
        "source,procedure,from,statutory,committed,cutoff,on_return,basis\n,9.999999,,15wd,10wd,15:00,,QĐ 9\n",
        encoding="utf-8",
    )
    book = replace(BOOK, procedures=procedures.load(tmp_path / "procedures.csv"))
    monkeypatch.setattr("metrics.rulebook.load", lambda: book)
    load(filled, "2026-03-22", row("mot-cua", "P-1", procedure="9.999999", due_at=at("2026-03-18")))
    ours = as_json(*explained(filled, "P-1", as_of="2026-03-20"))["expected"]
    del ours["days"]
    assert ours == {
        "limit": "10wd", "statutory": "15wd", "committed": "10wd", "cutoff": "15:00", "on_return": None,
        "basis": "QĐ 9", "place": "procedures.csv, procedure 9.999999", "due_first_on": "2026-03-16",
        "due_on": "2026-03-16", "due_at": None, "ahead_first": 2, "ahead": 2,
    }  # fmt: skip


def test_the_command_prints_for_people_and_for_programs(filled: Store) -> None:
    shell = CliRunner(env={"COLUMNS": "160"})
    shown = shell.invoke(app, ["explain", "000.D-1", "--as-of", "2026-03-20"])
    assert shown.exit_code == 0, shown.output
    for words in ("return from a wait", "in force", "tạm dừng: bổ sung hồ sơ", "1 working day", "Thẩm định"):
        assert words in shown.output
    listed = shell.invoke(app, ["explain", "000.D-1", "--as-of", "2026-03-20", "--json"])
    assert json.loads(listed.output)["standing"] == "overdue"
