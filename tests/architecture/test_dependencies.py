"""What we import is declared, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.tracked import PACKAGES, ROOT, code, name_of, nodes

#: Used without an import of ours; the reason stands beside each in pyproject.toml or here.
USED_BY_OTHERS = {
    "orjson",
    "plotly",
    "psycopg",
    "fastexcel",
    "tzdata",  # zoneinfo reads it where the system has no time zones
}


def _imported() -> dict[str, str]:
    """Outside packages by their first module, with one place that imports each."""
    found: dict[str, str] = {}
    for path in code():
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= {name.partition(".")[0]: name_of(path) for name in names}
    ours = {*PACKAGES, "streamlit_app", "__future__"}
    return {name: place for name, place in found.items() if name not in ours | sys.stdlib_module_names}


def _declared() -> set[str]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {re.split(r"[\[<>=; ]", line)[0] for line in told}


def test_every_imported_package_is_declared() -> None:
    distributions = packages_distributions()
    missing = {
        name: place
        for name, place in _imported().items()
        if not {d.lower().replace("_", "-") for d in distributions.get(name, [name])} & _declared()
    }
    assert missing == {}


def test_every_declared_dependency_is_used() -> None:
    distributions = packages_distributions()
    used = {d.lower().replace("_", "-") for name in _imported() for d in distributions.get(name, [name])}
    assert _declared() - used - USED_BY_OTHERS == set()
