"""Read the cells of a list of procedures: limits in words, levels, channels, crosses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from config.errors import nearest
from connectors.texts import fold

_PARTED: Final = re.compile(r"\s*[;,/+|\n]\s*")
_LIMIT: Final = re.compile(r"(?P<size>\d{1,4})(?:[.,](?P<part>\d{1,2}))?\s*(?P<unit>[^\d(]*?)\s*(?:\(\D*\)|kể từ\D*)?")
_OURS: Final = re.compile(r"\d{1,4}(?:\.5)?(?:wd|d|wh|m)")
_WITHIN: Final = ("trong ngày", "ngay trong ngày", "trong ngày làm việc", "ngay trong ngày làm việc")


class Unreadable(Exception):  # noqa: N818 - it is caught where it is raised, one row above
    """Say in one sentence why a row cannot be taken."""


def word(text: str, known: Mapping[str, str], column: str) -> str:
    """Give our word for one of the file. Raises Unreadable with the nearest."""
    found = known.get(fold(text))
    if found is None:
        raise Unreadable(f'"{text[:80]}" is not known in {column}.{nearest(fold(text), known)}')
    return found


def several(text: str, known: Mapping[str, str], column: str) -> str:
    """Give our words for a cell that lists several, each once, parted by ";". Raises Unreadable."""
    if fold(text) in known:
        return known[fold(text)]
    return ";".join(dict.fromkeys(word(part, known, column) for part in _PARTED.split(text) if part))


def channels(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Give the ways to hand in that a cell lists. Raises Unreadable."""
    return tuple(dict.fromkeys(word(part, known, "channels") for part in _PARTED.split(text) if part))


def limit(text: str, unit: str, units: Mapping[str, str], column: str) -> str:
    """Write a limit as the register does: 10wd, 1.5wd, 10d, 16wh, 6m, 0wd; ``unit``: where it stands in a column of its
    own. Raises Unreadable where it is not one number and a unit that is known."""
    told = fold(text)
    if told in _WITHIN:
        return "0wd"
    if _OURS.fullmatch(told):
        return told
    found = _LIMIT.fullmatch(told)
    said = unit or (found["unit"] if found else "")
    if found is None or not said or (unit and found["unit"] and fold(unit) != found["unit"].strip()):
        raise Unreadable(f'"{text[:80]}" is no limit in {column}: write a number and its unit, as 10 ngày làm việc')
    ours = word(said.strip(), units, f"the unit of {column}")
    part = (found["part"] or "").rstrip("0")
    if part not in ("", "5") or (part and ours != "wd"):
        raise Unreadable(f'"{text[:80]}" is no limit in {column}: only working days may be told by half')
    return f"{int(found['size'])}{'.5' if part else ''}{ours}"
