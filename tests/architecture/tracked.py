"""The files of the repository, as the tests of the house see them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "connectors", "dashboard", "jobs", "metrics", "reports", "store")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git knows or is about to; in an unpacked archive, every file that is no leftover."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        leftovers = {".venv", "var", "__pycache__", ".git"}
        return tuple(p for p in ROOT.rglob("*") if p.is_file() and not leftovers & set(p.relative_to(ROOT).parts))
    return tuple(p for name in names if name and (p := ROOT / name).is_file())


def name_of(path: Path) -> str:
    """The path as a reader knows it, from the top of the repository."""
    return path.relative_to(ROOT).as_posix()


def code(*packages: str) -> tuple[Path, ...]:
    """The Python modules of ``packages``; of all of ours when none is named, streamlit_app.py included."""
    wanted = packages or (*PACKAGES, "streamlit_app.py")
    return tuple(p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in wanted)


def nodes(path: Path) -> Iterator[ast.AST]:
    """Every node of a module's syntax."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
