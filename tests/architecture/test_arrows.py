"""Who may know whom, who may look at a clock, and what a rule may load."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tracked import PACKAGES, ROOT, code, name_of, nodes

CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today")}
MAY_LOOK_AT_A_CLOCK = ("jobs/", "dashboard/filters.py")
NOT_FOR_RULES = {"streamlit", "sqlalchemy", "alembic", "psycopg", "httpx2", "plotly", "apscheduler", "typer", "typst"}


def test_the_import_contracts_hold() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_every_contract_is_named_by_a_sentence() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert all(len(contract["name"].split()) >= 4 and contract["name"][0].isupper() for contract in told)
    assert len({contract["name"] for contract in told}) == len(told)


def test_every_package_at_the_top_is_under_the_contracts() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    at_the_top = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}
    assert at_the_top == set(PACKAGES) == set(told["tool"]["importlinter"]["root_packages"])


@pytest.mark.parametrize("path", [p for p in code() if not name_of(p).startswith(MAY_LOOK_AT_A_CLOCK)], ids=name_of)
def test_only_jobs_and_the_filters_look_at_a_clock(path: Path) -> None:
    looks = [
        f"{name_of(path)}:{node.lineno}"
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (getattr(node.value, "id", None) or getattr(node.value, "attr", ""), node.attr) in CLOCKS
    ]
    assert not looks, "the day is an argument: " + ", ".join(looks)


def test_the_rules_work_where_no_screen_and_no_database_is_installed() -> None:
    """dataframely looks for sqlalchemy by itself, so its absence is played: a rule that needs it cannot be imported."""
    modules = [name_of(p)[:-3].replace("/", ".").removesuffix(".__init__") for p in code("metrics")]
    script = (
        f"import importlib, sys; sys.modules.update(dict.fromkeys({sorted(NOT_FOR_RULES)!r}));"
        f"[importlib.import_module(m) for m in {modules!r}]"
    )
    alone = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert alone.returncode == 0, alone.stderr


def test_no_module_hides_behind_a_name_without_meaning() -> None:
    nameless = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [name_of(p) for p in code() if p.stem in nameless] == []
