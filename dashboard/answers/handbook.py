"""Sổ tay chỉ số: its chapters, each figure with what it is this week, narrowed to what the reader looks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard import wording
from dashboard.wording import NOTHING, number, percent
from metrics.definitions import RATES
from reports.handbook import Chapter

#: An entry begins with its heading; its second line names the figure: `on_time_due` · …
_ENTRY: Final = re.compile(r"^(?=### )", re.MULTILINE)
_NAMED: Final = re.compile(r"^`(\w+)` · .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Today:
    """The figures of the running week, within scope: counts by name, rates as their two parts."""

    monday: date
    figures: Mapping[str, Any]


def chosen(chapters: Sequence[Chapter], today: Today | None, search: str) -> list[Chapter]:
    """Give the chapters with this week's figures; with ``search`` only the entries that hold it as it was typed, or,
    where none does, all of its words."""
    words = wording.folded(search).split()
    as_typed = [" ".join(words)] if any(_kept(chapter, [" ".join(words)]) for chapter in chapters) else words
    parts = [(chapter.title, [_told(entry, today) for entry in _kept(chapter, as_typed)]) for chapter in chapters]
    return [Chapter(title, "".join(entries)) for title, entries in parts if entries]


def _kept(chapter: Chapter, words: Sequence[str]) -> list[str]:
    entries = [entry for entry in _ENTRY.split(chapter.text) if entry.strip()]
    return [entry for entry in entries if all(word in wording.folded(entry) for word in words)]


def _told(entry: str, today: Today | None) -> str:
    """Write what a figure is this week under its name."""
    found = _NAMED.search(entry)
    value = _value(found[1], today.figures) if found and today else ""
    if not found or not value or today is None:
        return entry
    line = f"\n\n**{wording.week(today.monday)}:** {value}"
    return entry[: found.end()] + line + entry[found.end() :]


def _value(name: str, figures: Mapping[str, Any]) -> str:
    told = figures.get(name)
    if name in RATES and told is not None:
        over, under = int(told["numerator"] or 0), int(told["denominator"] or 0)
        return f"{number(over)} / {number(under)} = {percent(over, under)}" if under else f"{NOTHING} (mẫu số 0)"
    return number(told) if isinstance(told, int | float) else ""


def said(shown: Sequence[Chapter], search: str) -> str:
    """Say how much was found; nothing while nobody looks for anything."""
    if not search.strip():
        return ""
    count = sum(len([e for e in _ENTRY.split(chapter.text) if e.strip()]) for chapter in shown)
    return f"{number(count)} mục có “{wording.plain(search, 60)}”."
