"""The committed handbook is what code and settings say today; nothing in it is typed twice."""

from __future__ import annotations

import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from config import catalogue, rules
from config.terms import SourceTerms
from jobs import cli
from metrics import declared
from metrics.definitions import RATES
from metrics.evaluate import Map, figures
from metrics.form_ii06 import CELLS, Notes
from metrics.scope import Period, Scope
from metrics.verdicts import Move, Verdict
from reports.handbook import chapters, clocks, document, forms
from reports.handbook import figures as entries
from reports.handbook.formulas import BECAME, CAME, SUMS, formula, share
from tests.architecture.tracked import ROOT
from tests.metrics.province import cube_of, day, dossier, facts_of, halt
from tests.metrics.test_figures import DAYS, START, dossiers, on

COMMITTED = ROOT / "docs" / "handbook.md"


@pytest.fixture(autouse=True)
def _shipped_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_CONFIG", raising=False)


def test_the_committed_handbook_is_the_one_that_would_be_written_now() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == document(), "dunghan handbook --out docs/handbook.md"


def test_every_figure_has_one_entry_with_meaning_owner_and_day_of_review() -> None:
    text = document()
    for name, metric in catalogue.load().metric.items():
        entry = text.split(f"### {metric.title}\n")
        assert len(entry) == 2, name
        said = entry[1].split("\n### ")[0].split("\n## ")[0]
        for part in (f"`{name}`", metric.meaning, metric.owner, f"{metric.review_on:%d/%m/%Y}", *metric.weaknesses):
            assert part.replace(" %", "\u00a0%") in said, (name, part)


def test_a_formula_is_made_of_the_titles_of_the_counts() -> None:
    told = catalogue.load()
    handled = RATES["on_time_handled"]
    assert share(handled.numerator, handled.denominator, lambda name: told[name].title) == (
        "(Từ kỳ trước chuyển sang + Tiếp nhận − Giải quyết quá hạn − Quá hạn chưa giải quyết)"
        " ÷ (Từ kỳ trước chuyển sang + Tiếp nhận)"
    )


@pytest.mark.parametrize("name", RATES)
def test_every_name_in_a_formula_is_a_declared_count(name: str) -> None:
    said = share(RATES[name].numerator, RATES[name].denominator, str)
    counts = set(re.findall(r"[a-z_0-9]+", said))
    assert counts
    assert counts <= declared.COUNTS
    assert f"`{said}`" in document()


def test_what_is_taken_away_together_stands_in_brackets() -> None:
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    assert formula(a - (b - c), str) == "a − (b − c)"
    assert formula(a - b - c, str) == "a − b − c"
    assert formula(a + (b - c), str) == "a + b − c"


def test_an_expression_without_words_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no words for"):
        formula(pl.col("a") * 2, str)


@given(dossiers())
def test_what_the_handbook_says_adds_up_does(rows: list[dict[str, Any]]) -> None:
    cube = cube_of(*rows)
    period, as_of = Period(day(on(10)), day(on(40))), day(on(DAYS))
    maps: tuple[Map, ...] = ("today", "then")
    for on_map in maps:
        found = figures(cube, period=period, as_of=as_of, by=["department"], scope=Scope.province(), on_map=on_map)
        for name, expr in SUMS.items():
            assert found.filter(pl.col(name) != expr).is_empty(), name
        assert found.filter(CAME != BECAME).is_empty()
    assert period.start > START


def test_every_move_and_every_verdict_has_its_words() -> None:
    assert set(clocks.MOVES) == set(Move)
    assert set(clocks.VERDICTS) == set(Verdict)


def test_what_the_words_say_of_a_dossier_already_late_when_its_clock_stopped_is_what_code_does() -> None:
    """Due 12/3, asked on 16/3, back on 20/3. Change the words (clocks.MOVES) with the rule."""
    late = {"received": "2026-03-02", "resolved": "2026-03-26"}
    written = dossier("A", "resolved", due="2026-03-27", **late,
                      halts=[halt("2026-03-16", "2026-03-20", "2026-03-12", "2026-03-27")])  # fmt: skip
    silent = dossier("B", "resolved", due="2026-03-12", seen="2026-03-02", **late,
                     halts=[halt("2026-03-16", "2026-03-20")])  # fmt: skip
    told = facts_of(written, silent).select("code", "due_on", pl.col("moves").list.first().struct.field("verdict"))
    assert told.rows() == [("A", day("2026-03-12"), "late_before"), ("B", day("2026-03-12"), "late_before")]
    assert "không tính, và gắn cờ, nếu đã quá hạn trước lúc tạm dừng" in clocks.MOVES[Move.RETURN][1]
    assert "không tính nếu đã quá hạn trước lúc tạm dừng" in clocks.MOVES[Move.WAITED][1]


def test_the_terms_of_a_source_are_all_told_the_default_first() -> None:
    told: dict[str, list[str]] = {}
    for name, value, _ in clocks.TERMS:
        told.setdefault(name, []).append(value)
    assert {name: values[0] for name, values in told.items()} == SourceTerms().model_dump()
    known = {name: list(f.annotation.__args__) for name, f in SourceTerms.model_fields.items() if f.annotation}
    assert told == known


def test_every_column_and_every_note_of_the_form_has_its_words() -> None:
    assert list(forms.COLUMNS) == list(CELLS)
    assert set(forms.NOTES) == {field.name for field in fields(Notes)}
    assert set(forms.PARTS) == {name for expr in CELLS.values() for name in expr.meta.root_names()}


def test_every_open_point_of_the_law_is_among_the_open_ones() -> None:
    last = chapters()[-1].text
    points = [point for entry in rules.load() for point in entry.open]
    assert len(points) >= 4
    assert all(point in last for point in points)


def test_the_examples_are_those_worked_out_by_hand() -> None:
    text = document()
    assert "| 09:00 02/03/2026 | `10wd` | — | 16/03/2026 |" in text  # 3–6, 9–13, 16
    assert "| 09:00 02/03/2026 | `10wd` | 05/03/2026 đến 10/03/2026 | 19/03/2026 |" in text  # and three days more
    assert "| 14:00 02/03/2026 | `16wh` | — | 14:00 04/03/2026 |" in text  # 3 h + 8 h + 5 h, to 14:00


def test_a_swap_without_a_number_says_so_and_a_day_not_confirmed_does_not_count() -> None:
    days = chapters()[2].text
    assert "| 02/05/2025 | nghỉ | hoán đổi với thứ Bảy 26/04/2025 | chưa ghi số quyết định | đã xác nhận |" in days
    assert "| 29/04/2024 | nghỉ | hoán đổi với thứ Bảy 04/05/2024 | 2450/VPCP-KGVX | đã xác nhận |" in days
    assert "| 24/11 | 2026 | Ngày Văn hóa Việt Nam | chưa ghi số quyết định | chưa xác nhận, không tính |" in days


def test_what_the_office_decides_stands_in_its_handbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calendar.toml").write_text(
        "confirmed_to = 2027-12-31\nhalf_day_counts = false\n"
        '[[day]]\nday = 2026-02-13\nkind = "half"\nworked = "morning"\nwhy = "trước Tết"\ndecision = "12/QĐ"\n'
        '[[closure]]\nunits = ["UBND xã A"]\nfrom = 2026-09-10\nto = 2026-09-11\nwhy = "bão"\nconfirmed = false\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    days = chapters()[2].text
    assert "| 13/02/2026 | làm việc nửa ngày (buổi sáng) | trước Tết | 12/QĐ | đã xác nhận |" in days
    closed = "| UBND xã A | 10/09/2026 | 11/09/2026 | bão (chưa xác nhận, không tính) | chưa ghi số quyết định |"
    assert closed in days
    assert "Một ngày làm việc nửa ngày không được tính" in days
    assert str(tmp_path) not in document()


def test_from_which_chance_on_a_dossier_is_listed_follows_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "các hồ sơ có khả năng trễ từ {}\u00a0% trở lên."
    assert said.format(50) in document()
    (tmp_path / "insight.toml").write_text("[risk]\nlikely = 0.35\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    assert said.format(35) in document() and said.format(50) not in document()


@pytest.mark.parametrize(("name", "when"), [("due", entries.COHORT), ("pending", entries.STOCK),
                                            ("overdue_4_10", entries.STOCK), ("carried_over", entries.START),
                                            ("received_post", entries.FLOW), ("letters_owed", entries.FLOW),
                                            ("acceptance_overdue", entries.STOCK)])  # fmt: skip
def test_a_count_says_on_which_day_it_counts(name: str, when: str) -> None:
    assert entries.counted_when(name) == when


def test_the_command_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "handbook.md"
    monkeypatch.setattr(sys, "argv", ["dunghan", "handbook", "--out", str(file)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert file.read_text(encoding="utf-8") == document()


def test_a_file_that_cannot_be_written_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dunghan", "handbook", "--out", str(tmp_path / "no" / "handbook.md")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.FAILED
    assert "cannot be written" in " ".join(capsys.readouterr().err.split())
