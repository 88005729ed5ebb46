"""The few forms of Markdown that the handbook is written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from reports import formats

NONE = "—"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; an empty cell is a dash."""
    lines = [_line(heads), _line(["---"] * len(heads)), *(_line([cell or NONE for cell in row]) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def bullets(lines: Iterable[str], *, deep: int = 0) -> str:
    """Write a list."""
    return "\n".join(f"{'  ' * deep}- {line}" for line in lines)


def paragraphs(*texts: str) -> str:
    """Put texts one under the other, the empty ones left out."""
    return "\n\n".join(text for text in texts if text)


def day(value: date) -> str:
    """Write 09/11/2018."""
    return formats.day(value)
