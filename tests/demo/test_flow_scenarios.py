"""Scenario files of flows: those that come along can be played; one that cannot be meant is refused in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.errors import ConfigError
from connectors.simulator.days import NEVER
from connectors.simulator.flow import scenario
from connectors.simulator.flow.world import play
from jobs import cli, flows
from metrics.dossier import PLAIN
from store.database import Store

Shell = Callable[..., tuple[int, str, str]]
OWN = """
kind = "flow"
name = "own"
from_on = 2026-01-05
to_on = 2026-02-27
[arrivals]
per_working_day = 10
[[unit]]
name = "UBND xã Bắc"
code = "H98.41"
level = "commune"
kind = "commune"
[[procedure]]
name = "Hộ tịch"
code = "1.001193"
field = "Hộ tịch"
kind = "commune"
limit = 5
"""
SECOND = """
[[unit]]
name = "UBND xã Nam"
code = "H98.42"
kind = "commune"
"""


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("name", scenario.names())
def test_every_flow_that_comes_along_can_be_played(name: str) -> None:
    told = scenario.load(name)
    world = play(told, rows=1500)
    assert world.truth.height == 1500
    assert told.title
    received = world.truth.filter(pl.col("received") > NEVER)
    assert (received["closed"] > NEVER).mean() > 0.9  # type: ignore[operator]
    assert all(3 <= len(route.step) <= 6 for route in told.route)


def test_what_a_file_leaves_out_is_that_of_the_made_up_province(tmp_path: Path) -> None:
    start = OWN.split("[[unit]]")[0]
    told = scenario.load(written(tmp_path, start))
    assert (len(told.unit), len(told.procedure), [r.name for r in told.route]) == (
        60,
        91,
        ["quick", "ordinary", "long"],
    )


FAULTS = {
    "misspelt key": (OWN.replace("per_working_day", "per_workingday"), 'Did you mean "per_working_day"'),
    "share above one": (OWN + "[rates]\nsupplement = 1.5\n", "less than or equal to 1"),
    "too many kinds of late": (OWN + "[lies]\nredated = 0.7\npaused_before_due = 0.4\n", "the same late dossiers"),
    "no intake": (
        OWN + '[[route]]\nname = "x"\nstep = [{name="A", desk="appraisal"}, {name="B", desk="approval"}, '
        '{name="C", desk="return"}]\n', 'the first step is at desk "intake"',
    ),
    "two steps": (
        OWN + '[[route]]\nname = "x"\nstep = [{name="A", desk="intake"}, {name="C", desk="return"}]\n', "at least 3",
    ),
    "unknown unit of staff": (
        OWN + '[[staff]]\nunit = "UBND xã Bac"\ndesk = "appraisal"\nofficers = 1\n', 'Did you mean "UBND xã Bắc"',
    ),
    "unknown desk": (
        OWN + '[[staff]]\nunit = "UBND xã Bắc"\ndesk = "aproval"\nofficers = 1\n', 'Did you mean "approval"',
    ),
    "unknown route": (OWN + 'route = "quik"\n', 'Did you mean "quick"'),
    "kind that nobody handles": (OWN + '[[unit]]\nname = "Sở X"\ncode = "H98.01"\nkind = "land"\n', 'kind "land"'),
    "two units of one code": (OWN + SECOND.replace("H98.42", "H98.41"), 'two of the unit codes are called "H98.41"'),
    "merged into nobody": (
        OWN + SECOND + 'to_on = 2026-01-31\nsuccessor = "UBND xã Tây"\n', 'its successor "UBND xã Tây" is no unit',
    ),
    "ended without successor": (OWN + SECOND + "to_on = 2026-01-31\n", "to_on and successor go together"),
    "successor comes too late": (
        OWN + SECOND + 'to_on = 2026-01-31\nsuccessor = "UBND xã Tây"\n[[unit]]\nname = "UBND xã Tây"\n'
        'code = "H98.43"\nkind = "commune"\nfrom_on = 2026-02-20\n', "its successor begins later",
    ),
    "days the wrong way round": (OWN.replace("to_on = 2026-02-27", "to_on = 2025-02-27"), "to_on lies before from_on"),
    "outage of nobody": (
        OWN + '[[outage]]\nfrom_on = 2026-01-10\nto_on = 2026-01-12\nunits = ["UBND xã Bac"]\n',
        'Did you mean "UBND xã Bắc"',
    ),
    "nobody in office hours": (OWN.replace("[[unit]]", f"hour = {[1] + [0] * 23}\n[[unit]]", 1), "office hours"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_meant_is_refused_with_the_file_and_the_next_step(tmp_path: Path, fault: str) -> None:
    text, found = FAULTS[fault]
    with pytest.raises(ConfigError) as caught:
        scenario.load(written(tmp_path, text))
    assert "own.toml" in caught.value.place
    assert found in f"{caught.value.found} {caught.value.next_step}"
    assert caught.value.next_step


def test_an_unknown_flow_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match='Did you mean "mot-cua"'):
        scenario.load("mot-cau")


def test_read_day_by_day_the_store_knows_what_was_promised_first(store: Store, tmp_path: Path) -> None:
    """Who reads every day sees each promise; a finish written back betrays itself, and so does a silent move."""
    extra = (
        '[[staff]]\nunit = "UBND xã Bắc"\ndesk = "appraisal"\nofficers = 0\nfrom_on = 2026-01-19\nto_on = 2026-02-06\n'
    )
    name = written(tmp_path, OWN + extra + "[rates]\nmoved_silently = 0.5\nextension = 0.0\n[lies]\nredated = 0.3\n")
    found = flows.play(store, flows.Flow(name, every=1))
    assert found.as_of == date(2026, 2, 27)
    assert found.counts.changed > found.counts.new > 100
    assert found.lies.get("redated", 0) > 3
    said = {line.key: (line.truth, line.said) for line in found.lines}
    assert said["received"][0] == said["received"][1]
    assert said["resolved_overdue"][1] < said["resolved_overdue"][0]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")

    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return typed


def test_the_command_loads_a_flow_and_prints_the_truth_beside_it(shell: Shell) -> None:
    code, said, _ = shell("simulate", "own.toml", "--json", "--store", "sqlite:///a.sqlite")
    told: dict[str, Any] = json.loads(said)
    assert code == 0
    assert (told["source"], told["as_of"], told["lies"]) == ("own", "2026-02-27", {})
    assert {f["key"] for f in told["figures"]} >= {"received", "resolved_overdue", "pending_suspended"}
    assert all(f["apart"] == 0 for f in told["figures"])
    assert told["read"] == told["dossiers"] > 200


def test_the_command_writes_what_a_connector_can_try(shell: Shell, tmp_path: Path) -> None:
    code, said, _ = shell(
        "simulate", "own.toml", "--as-of", "2026-02-10", "--out", "x.csv", "--into", "sqlite:///v.sqlite"
    )
    assert code == 0
    assert "x.csv.toml" in said
    assert (tmp_path / "own.sources.toml").exists()
    assert shell("load", "x.csv", "--source", "own", "--store", "sqlite:///b.sqlite")[0] == 0


def test_the_command_streams_parquet_by_the_month(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN + "[work]\nqueues = false\n", encoding="utf-8")
    assert shell("simulate", "own.toml", "--rows", "2_000", "--out-parquet", "parts")[0] == 0
    parts = sorted(p.relative_to(tmp_path).as_posix() for p in (tmp_path / "parts").rglob("*.parquet"))
    assert parts == [f"parts/{kind}/2026-0{m}.parquet" for kind in ("observed", "truth") for m in (1, 2)]
    seen = pl.read_parquet(tmp_path / "parts" / "observed" / "*.parquet")
    assert (seen.height, seen.schema) == (2000, PLAIN)
    assert pl.read_parquet(tmp_path / "parts" / "truth" / "*.parquet")["number"].sort().to_list() == list(range(2000))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("own.toml", "--rows", "many"), '"many" is no number of dossiers'),
        (("own.toml", "--totals", "own.toml"), "a flow has no totals"),
        (("own.toml", "--as-of", "2025-01-01"), "before its first day"),
        (("quang-nam-2018", "--rows", "10"), "a set of totals knows no such option"),
        (("mot-cau",), 'Did you mean "mot-cua"'),
    ],
)
def test_the_command_refuses_what_it_cannot_mean(shell: Shell, words: tuple[str, ...], found: str) -> None:
    code, _, said = shell("simulate", *words, "--store", "sqlite:///c.sqlite")
    assert code != 0
    assert found in " ".join(said.split())
