"""Nothing secret and nobody's address in the repository; every dependency pinned, with hashes, twice alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.architecture.tracked import ROOT, name_of, tracked

#: In pieces, so that this file does not name them either.
REGISTRIES = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))]
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|://[^/\s:@{}<>]+:[^/\s:@{}<>*…]{6,}@"
)
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LOCKS = ("requirements.txt", "requirements-test.txt", "requirements-uv.txt", "requirements-bench.txt")


def _texts() -> dict[str, str]:
    texts = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[name_of(path)] = content.decode("utf-8", errors="replace")
    return texts


def _pins(lock: str) -> set[tuple[str, str]]:
    return set(PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def _wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = [*project["dependencies"], *(d for extra in extras for d in project["optional-dependencies"][extra])]
    return {re.split(r"[\[<>=; ]", line)[0].lower() for line in told}


def test_no_file_names_a_package_registry() -> None:
    assert [name for name, text in _texts().items() if any(host in text.lower() for host in REGISTRIES)] == []


def test_no_file_holds_a_secret() -> None:
    assert {name: found.group() for name, text in _texts().items() if (found := SECRETS.search(text))} == {}


def test_every_dependency_is_pinned_with_hashes() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert all("--hash=sha256:" in block for block in blocks), lock
        assert not re.search(r"--(extra-)?index-url|--find-links", text), lock


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    assert _wanted("install") <= {name for name, _ in _pins("requirements.txt")}
    assert _wanted("install", "bench") <= {name for name, _ in _pins("requirements-bench.txt")}
    assert _wanted("install", "test") <= {name for name, _ in _pins("requirements-test.txt")}


def test_tests_run_on_the_very_versions_that_run() -> None:
    assert _pins("requirements.txt") <= _pins("requirements-test.txt")


def test_no_file_of_the_work_tree_belongs_to_one_machine() -> None:
    leftovers = {".pyc", ".db", ".sqlite", ".log", ".tmp", ".orig"}
    assert [name_of(p) for p in tracked() if p.suffix in leftovers or Path(".env").name == p.name] == []
