"""A choice that begins empty says in our words what to choose: Streamlit's own words are English."""

from __future__ import annotations

import ast
from pathlib import Path

import dashboard

FOLDER = Path(dashboard.__file__).parent


def _calls() -> list[tuple[str, ast.Call, str]]:
    found: list[tuple[str, ast.Call, str]] = []
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.append((f"{path.name}:{node.lineno}", node, node.func.attr))
    return found


def _begins_empty(call: ast.Call) -> bool:
    named = {each.arg: each.value for each in call.keywords}
    chosen = call.args[2] if len(call.args) > 2 else named.get("index", named.get("default"))
    if chosen is None:  # a selectbox begins with its first, a multiselect with nothing
        return isinstance(call.func, ast.Attribute) and call.func.attr == "multiselect"
    return isinstance(chosen, ast.Constant) and chosen.value is None


def test_every_choice_that_begins_empty_says_what_to_choose() -> None:
    asked = [
        (place, call) for place, call, name in _calls() if name in ("multiselect", "selectbox") and _begins_empty(call)
    ]
    assert len(asked) >= 5
    assert [place for place, call in asked if "placeholder" not in {each.arg for each in call.keywords}] == []
