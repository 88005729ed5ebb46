"""What the documents tell a reader to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from tests.architecture.tracked import ROOT, name_of, tracked

DOCUMENTS = [p for p in tracked() if p.suffix == ".md"]
FENCED = re.compile(r"^```(?:sh|bash|console|text)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:make|dunghan) [^`]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _commands(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    joined = [line.strip() for block in FENCED.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    typed = [re.sub(r"^(\$ |\.venv/bin/)+", "", line) for line in joined]
    return [line.split("#")[0] for line in typed + INLINE.findall(text) if re.match(r"(make|dunghan) \w", line)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_make_target_that_a_document_names_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {words[1] for line in _commands(path) if (words := line.split())[0] == "make"}
    assert named <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_line_that_a_document_names_exists(path: Path) -> None:
    from jobs.cli import app

    root = get_command(app)
    for line in _commands(path):
        words = shlex.split(re.sub(r"[…\[\]]", " ", line))
        if words[0] == "dunghan":
            _assert_understood(root, words[1:], line)


def _assert_understood(command: object, words: list[str], line: str) -> None:
    """Walk down the subcommands, then look every option up."""
    while words and (below := getattr(command, "commands", {}).get(words[0])):
        command, words = below, words[1:]
    alone = getattr(command, "invoke_without_command", False) and (not words or words[0].startswith("--"))
    assert alone or not getattr(command, "commands", {}), f"no such subcommand: {line}"
    known = {option for parameter in getattr(command, "params", []) for option in parameter.opts} | {"--help"}
    asked = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert asked <= known, f"no such option: {line}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    broken = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert broken == []
