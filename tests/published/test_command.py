"""``dunghan simulate`` as it is typed: what it prints, what it returns, and the file it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings import settings
from connectors.simulator import province as made_up
from connectors.simulator import scenario
from jobs import cli

Shell = Callable[..., tuple[int, str, str]]
OWN = """
from_on = 2026-01-05
to_on = 2026-01-30
[totals]
received = 60
resolved_in_time = 50
resolved_overdue = 4
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Type a command in a folder of its own."""
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    settings.cache_clear()

    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return typed


def figures(shell: Shell, store: str) -> dict[str, Any]:
    """Read the figures of the month by department."""
    days = ("--from", "2026-01-05", "--to", "2026-01-30", "--as-of", "2026-01-30")
    code, said, _ = shell("figures", *days, "--by", "department,channel", "--json", "--store", store)
    assert code == 0
    told: dict[str, Any] = json.loads(said)
    return told


def test_each_total_stands_beside_what_was_asked_and_the_last_line_sums_up(shell: Shell) -> None:
    code, said, _ = shell(
        "simulate", "demo", "--totals", "own.toml", "--source", "own", "--store", "sqlite:///a.sqlite"
    )
    assert code == 0
    rows = {line.split()[0]: line.split()[1:4] for line in said.splitlines() if "✓" in line}
    assert rows["resolved_in_time"] == ["50", "50", "✓"]
    assert rows["pending"] == ["derived", "6", "✓"]
    assert said.splitlines()[-1] == (
        "own: 60 dossiers read, 60 new, 0 quarantined; all 3 totals asked for come out as given"
    )


def test_the_written_file_loads_into_another_store_with_the_same_figures(shell: Shell) -> None:
    words = ("simulate", "demo", "--totals", "own.toml", "--source", "own", "--out", "set.json", "--json")
    code, said, _ = shell(*words, "--store", "sqlite:///a.sqlite")
    told = json.loads(said)
    assert (code, told["holds"], told["source"], told["read"]) == (0, True, "own", 60)
    assert {line["key"]: line["came_out"] for line in told["totals"]}["received"] == 60
    assert shell("load", "set.json", "--source", "own", "--store", "sqlite:///b.sqlite")[0] == 0
    here, there = figures(shell, "sqlite:///a.sqlite"), figures(shell, "sqlite:///b.sqlite")
    assert here["groups"] == there["groups"]
    assert sum(group["counts"]["resolved_overdue"] for group in there["groups"]) == 4


def test_the_same_set_twice_changes_nothing_and_another_in_its_place_is_told_apart(
    shell: Shell, tmp_path: Path
) -> None:
    words = ("simulate", "demo", "--totals", "own.toml", "--source", "own", "--store", "sqlite:///a.sqlite")
    assert shell(*words)[0] == 0
    assert "60 dossiers read, 0 new" in shell(*words)[1]
    (tmp_path / "own.toml").write_text(OWN.replace("60", "70"), encoding="utf-8")
    code, said, _ = shell(*words)
    assert code == 1
    assert "totals differ" in said.splitlines()[-1]
    assert "some dossiers of this source were in the store before" in said.splitlines()[-1]


def test_a_contradiction_stores_nothing_and_names_the_key(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN + "pending = 9\n", encoding="utf-8")
    code, _, said = shell("simulate", "demo", "--totals", "own.toml", "--store", "sqlite:///a.sqlite")
    said = " ".join(said.split())
    assert code == 3
    assert "own.toml, totals: pending = 9: carried_over 0 + received 60 is not resolved 54 + pending 9." in said
    assert "It would add up with received = 63 or pending = 6." in said
    assert shell("figures", "--store", "sqlite:///a.sqlite")[0] == 3


def test_an_unknown_scenario_is_answered_with_the_nearest_one(shell: Shell) -> None:
    code, _, said = shell("simulate", "thai-nguyen-2022", "--store", "sqlite:///a.sqlite")
    assert code == 3
    assert 'Did you mean "thai-nguyen-2023"?' in " ".join(said.split())


def test_the_made_up_province_passes_the_same_border(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    build = made_up.build

    def small(*given: Any, **named: Any) -> made_up.Province:
        return build(*given, **named, size=0.01)

    monkeypatch.setattr(made_up, "build", small)
    code, said, _ = shell("simulate", "demo", "--out", "demo.json", "--json", "--store", "sqlite:///a.sqlite")
    told = json.loads(said)
    assert (code, told["source"]) == (0, "minh-son")
    assert told["read"] > 1_000
    assert 0 < told["quarantined"] < 60, "the few rows that a real export spoils"
    text = Path("demo.json").read_text(encoding="utf-8")
    assert "Người Giả Định" not in text
    assert len(json.loads(text)["data"]) == told["read"]


def test_the_words_of_the_totals_are_those_of_the_figures(shell: Shell) -> None:
    shell("simulate", "demo", "--totals", "own.toml", "--source", "own", "--store", "sqlite:///a.sqlite")
    counts = figures(shell, "sqlite:///a.sqlite")["groups"][0]["counts"]
    assert {*scenario.KEYS} - {"resolved_in_time"} <= {*counts}
