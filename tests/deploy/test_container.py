"""The Containerfile keeps step with the lock, the units and the folders; no engine builds it here."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from tests.architecture.tracked import PACKAGES, ROOT
from tests.deploy.units import DEPLOY, unit

TEXT = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
#: Instructions with their words, continued lines joined, remarks left out.
SAID = [
    (line.split()[0], line.partition(" ")[2].strip())
    for line in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)).splitlines()
    if line.strip()
]
IGNORED = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()


def said(instruction: str) -> list[str]:
    return [words for name, words in SAID if name == instruction]


def test_both_stages_start_from_one_image_pinned_by_name_and_version() -> None:
    bases = {words.partition(" AS ")[0] for words in said("FROM")}
    (base,) = bases
    pinned = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-[a-z]+", base)
    assert pinned and "/" not in base
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == f">={pinned[1]}"
    assert project["tool"]["mypy"]["python_version"] == pinned[1]
    assert f"OLDEST := {pinned[1]}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_copied_file_is_there_and_every_package_is_copied() -> None:
    copied = [words.split() for words in said("COPY") if not words.startswith("--from")]
    names = {name.rstrip("/") for words in copied for name in words[:-1]}
    assert all((ROOT / name).exists() for name in names), names
    assert {*PACKAGES, "streamlit_app.py", ".streamlit", "requirements.txt", "pyproject.toml"} <= names
    assert {line.removeprefix("!") for line in IGNORED if line.startswith("!")} == names


def test_what_is_installed_is_the_lock_with_its_hashes() -> None:
    installed = [words for words in said("RUN") if "pip install" in words]
    assert "--require-hashes" in installed[0] and "-r requirements.txt" in installed[0]
    assert "--no-deps --no-build-isolation" in installed[1]
    assert not re.search(r"apt-get|curl|wget|index-url", TEXT)


def test_it_runs_the_lines_of_the_units_but_for_the_address_that_a_container_needs() -> None:
    (command,) = said("CMD")
    told = json.loads(command)
    assert told == [w.replace("127.0.0.1", "0.0.0.0") for w in unit("dunghan-dashboard@.service", "8501").command]
    assert " ".join(unit("dunghan-worker@.service", "a").command) in TEXT
    assert set(said("WORKDIR")) == {unit("dunghan-dashboard@.service").one("WorkingDirectory")}
    assert said("EXPOSE") == [told[-1]] and f":{told[-1]}/healthz" in said("HEALTHCHECK")[0]


def test_nobody_is_root_and_nothing_is_secret() -> None:
    assert SAID.index(("USER", "dunghan")) < next(n for n, (name, _) in enumerate(SAID) if name == "CMD")
    assert not said("ARG")
    assert not re.search(r"PASSWORD|TOKEN|KEY=|PGPASSFILE", TEXT)
    assert IGNORED[1] == "*"
    assert [line for line in IGNORED if re.search(r"\.env|var|secret", line)] == []


def test_its_variables_are_those_of_the_settings() -> None:
    names = {word.partition("=")[0] for words in said("ENV") for word in words.split()}
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in settings for name in names if name.startswith("DUNGHAN_"))
    assert Path(dict(w.split("=") for w in said("ENV")[0].split())["DUNGHAN_HOME"]) == Path(said("VOLUME")[0])
