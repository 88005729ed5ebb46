"""Short modules, explained rules, small files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tracked import code, name_of, tracked

TOO_LONG = 300
#: A longer module needs a reason here.
LONG_WITH_A_REASON: dict[str, str] = {}
BIG_BYTES = 400_000
FONTS = {".ttf", ".otf", ".woff2"}


@pytest.mark.parametrize("path", code(), ids=name_of)
def test_no_module_is_too_long_to_read_at_once(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= TOO_LONG or name_of(path) in LONG_WITH_A_REASON, f"{lines} lines: split it, or give a reason"


def test_no_reason_is_given_for_a_module_that_is_short_or_gone() -> None:
    lines = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in code()}
    assert [name for name in LONG_WITH_A_REASON if lines.get(name, 0) <= TOO_LONG] == []


@pytest.mark.parametrize("path", [p for p in code() if p.stat().st_size], ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name_of(path)} has no docstring"


@pytest.mark.parametrize("path", code("metrics"), ids=name_of)
def test_every_public_rule_is_explained(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(owner.body for owner in classes)]
    definitions = [
        node
        for body in bodies
        for node in body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [node.name for node in definitions if not ast.get_docstring(node)] == []


def test_only_fonts_are_big() -> None:
    big = {name_of(p): p.stat().st_size for p in tracked() if p.stat().st_size > BIG_BYTES and p.suffix not in FONTS}
    assert big == {}
