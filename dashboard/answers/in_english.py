"""The handbook's chapter for readers of English: every figure's title and meaning, from english.toml."""

from __future__ import annotations

from typing import Final

from config import catalogue, english
from config.english import Figure
from reports.handbook import Chapter

TITLE: Final = "The figures in English"


def chapter() -> Chapter:
    """Write the chapter: each figure under its English title, with its name and its title in Vietnamese."""
    told = english.load().figure
    entries = [
        _entry(code, metric.title, told[code]) for code, metric in catalogue.load().metric.items() if code in told
    ]
    return Chapter(TITLE, "".join(entries))


def _entry(code: str, vietnamese: str, told: Figure) -> str:
    beside = " ".join(text for text in (told.is_not, told.weakness) if text)
    parts = f"\n\n{told.numerator[:1].upper()}{told.numerator[1:]}, out of: {told.base}." if told.base else ""
    return (
        f"### {told.title}\n\n`{code}` · {vietnamese}\n\n{told.meaning}{parts}"
        + (f"\n\nNote: {beside}" if beside else "")
        + "\n\n"
    )
