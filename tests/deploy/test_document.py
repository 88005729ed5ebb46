"""docs/deploy.md names what is there: files, units, roles, commands. tests/deploy/walk.py types all of it by hand."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from tests.architecture.test_documents import _assert_understood as assert_understood
from tests.architecture.tracked import ROOT
from tests.deploy.machine import ROLES
from tests.deploy.units import DEPLOY, FOLDER
from tests.deploy.walk import blocks

TEXT = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
TYPED = [
    line for block in re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]


def test_every_file_of_deploy_that_is_named_is_there_and_every_one_is_named() -> None:
    named = {name for name in re.findall(r"deploy/([\w./*-]+\w|[\w./-]+\*)", TEXT)}
    assert all(any(DEPLOY.glob(name)) for name in named), named
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    there = {path.name for path in DEPLOY.iterdir()} - {"README.md"}
    assert [
        name for name in there if name not in told and name not in TEXT and not name.endswith(".dockerignore")
    ] == []


def test_every_command_of_a_role_exists() -> None:
    from jobs.cli import app

    lines = [line for line in TYPED if line.startswith("dunghan-as ")]
    assert len(lines) > 12
    for line in lines:
        _, role, *words = shlex.split(line.replace('"$newest"', "newest"), comments=True)
        assert role in ROLES, line
        assert_understood(get_command(app), [word for word in words if word != ">"], line)


def test_every_unit_that_is_named_exists() -> None:
    names = {re.sub(r"@\w+", "@", name) for line in TYPED for name in re.findall(r"\bdunghan[-.][a-z]+[@.]?\w*", line)}
    units = {file.name for file in FOLDER.iterdir()}
    for name in (one for one in names if re.search(r"@|\.timer|\.target", one)):
        assert (name if "." in name else f"{name}.service") in units, name


@pytest.mark.parametrize("heading", ["Backups, and a drill", "Upgrade", "Downgrade", "After a loss"])
def test_the_walk_finds_its_commands(heading: str) -> None:
    assert blocks(heading)
