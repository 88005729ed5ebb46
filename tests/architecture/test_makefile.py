"""`make` explains itself, and says in words what a machine lacks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT
from tests.conftest import do_without

TOOLS = ("sh", "awk", "rm", "touch", "find", "echo")


@pytest.fixture
def bare_machine(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with make's few tools and nothing else, and the Makefile in a place of its own."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in (*TOOLS, "make"):
        path = shutil.which(name)
        if path is None:
            do_without(request, f"{name} is not installed")
        (tools / name).symlink_to(path)
    for name in ("Makefile", "requirements.txt", "requirements-test.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "bin" / "make", *words], cwd=folder, env={"PATH": str(folder / "bin")}, capture_output=True, text=True
    )


def test_make_alone_prints_every_target(bare_machine: Path) -> None:
    explained = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    done = run(bare_machine)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^  make (\S+)", done.stdout, re.MULTILINE) == explained


def test_a_machine_without_python_is_told_what_to_install(bare_machine: Path) -> None:
    done = run(bare_machine, "run")
    assert done.returncode == 2
    assert "Đúng Hạn needs Python 3.11 or newer; found: no python3." in done.stderr
    assert "not found" not in done.stderr


def test_a_python_that_is_too_old_is_named(bare_machine: Path) -> None:
    old = bare_machine / "bin" / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    done = run(bare_machine, "run")
    assert "Đúng Hạn needs Python 3.11 or newer; found: Python 3.9.2." in done.stderr
