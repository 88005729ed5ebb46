"""Between two releases with data in the store: up by the migrations, back by the backup that was made before.

The earlier release is the last one whose tables were of version 0013, as the history of the repository has it; where
there is no history (an unpacked archive), tests/store/test_upgrade.py alone tells of older stores.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest

from store.database import HEAD
from tests.conftest import ROOT, do_without
from tests.fresh import Server

EARLIER: Final = "a31a83e9c6a4437eb3192b64810da98a9e117fe3"
TABLES: Final = "0013"
EXPORT: Final = ROOT / "tests/data/one_stop_export.csv"
MAPPING: Final = ROOT / "tests/data/one_stop_export.toml"
#: Commands of a release in one process of its own; says of each its exit code and its words.
DRIVER: Final = """
import contextlib, io, json, sys
from config.errors import DunghanError
from jobs.cli import app
told = []
for words in json.loads(sys.argv[1]):
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            app(words, standalone_mode=False)
        told.append([0, said.getvalue()])
    except DunghanError as error:
        told.append([3, f"{error.found} {error.next_step}"])
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the earlier release."""
    done = subprocess.run(["git", "archive", EARLIER], cwd=ROOT, capture_output=True)
    if done.returncode:
        do_without(
            request, "the history of the repository is not here: no earlier release to go back to.", optional=True
        )
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def say(release: Path, url: str, home: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Type commands at a release."""
    environment = os.environ | {"DUNGHAN_STORE": url, "DUNGHAN_HOME": str(home), "PYTHONPATH": str(release)}
    asked = [sys.executable, "-W", "ignore", "-c", DRIVER, json.dumps(commands)]
    done = subprocess.run(asked, cwd=release, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [(code, words) for code, words in json.loads(done.stdout.splitlines()[-1])]


def figures(text: str) -> dict[str, Any]:
    """Read ``figures --json``: one value by its path."""
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, below in value.items():
                walk(f"{path}/{key}", below)
        elif isinstance(value, list):
            for number, below in enumerate(value):
                walk(f"{path}/{number}", below)
        else:
            found[path] = value

    walk("", json.loads(text))
    return {path: value for path, value in found.items() if "version" not in path}


@pytest.mark.database
def test_figures_are_the_same_after_an_upgrade_and_after_the_way_back(
    earlier: Path, postgres: Server, tmp_path: Path
) -> None:
    url, back_url = postgres.empty(tmp_path), postgres.empty(tmp_path)
    file, home = tmp_path / "before.zip", tmp_path / "home"
    load = ("load", str(EXPORT), "--mapping", str(MAPPING))
    asked = ("figures", "--by", "department", "--as-of", "2026-11-20", "--json")

    (loaded, told, backed_up) = say(earlier, url, home, load, asked, ("store", "backup", str(file)))
    assert (loaded[0], backed_up[0]) == (0, 0)
    before = figures(told[1])
    assert sum(isinstance(value, int) for value in before.values()) > 20

    (rebuilt, told, sound) = say(ROOT, url, home, ("rebuild",), asked, ("store", "verify"))
    assert (rebuilt[0], sound[0], sound[1].splitlines()[0]) == (0, 0, "✓ nothing is wrong.")
    after = figures(told[1])
    assert {path: after.get(path) for path in before} == before

    (refused,) = say(earlier, url, home, asked)
    assert refused[0] == 3 and f"of version {HEAD}, and this Đúng Hạn knows none beyond {TABLES}" in refused[1]

    (restored, told, sound) = say(
        earlier, back_url, tmp_path / "home-back", ("store", "restore", str(file)), asked, ("store", "verify")
    )
    assert (restored[0], sound[0]) == (0, 0)
    assert figures(told[1]) == before
    postgres.drop(url)
    postgres.drop(back_url)
