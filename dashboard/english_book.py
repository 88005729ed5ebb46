"""The catalogue of the English as it is asked: entries without holes, and those with them by a word they must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from config.english import HOLE

NUMBER: Final = r"[+−-]?\d{1,3}(?:\.\d{3})*(?:,\d+)?|[+−-]?\d+(?:,\d+)?|—"
SHARE: Final = r"[+−-]?\d[\d.]*(?:,\d+)? ?%|—"
_FREE: Final = r"(?:(?!(?<![\\ ])[.?!] |… | · |\n|<br>|; ).)+?"
_LONG: Final = _FREE.replace("|; ", "")
#: What a hole holds, by its name without a number; any other holds words within one sentence.
_SHAPES: Final = {
    "n": NUMBER, "p": SHARE, "c": r"[A-Z][A-Z0-9]+", "day": r"\d[\d/–]*|—", "year": r"\d{4}", "time": r"\d\d:\d\d",
    "moment": r"\d\d:\d\d(?::\d\d)?(?: \d\d/\d\d/\d{4})?|—", "code": r"\S+",
    **dict.fromkeys(("s", "law", "names"), _LONG), "detail": r"[^\n]+?",
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
#: What is put into English or written the English way where it stands in a hole: numbers, shares, words.
TURNED: Final = frozenset(("n", "p", "t", "s"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with holes."""

    vietnamese: str
    told: str
    weight: int  # letters beside the holes: the more, the sooner it is tried
    kept: int  # holes that stay as they are; of equal weight, what puts more into English is tried first


@dataclass(frozen=True, slots=True)
class Book:
    """Entries without holes, and those with them by a word that they cannot do without."""

    whole: Mapping[str, str]
    by_word: Mapping[str, tuple[Entry, ...]]

    def candidates(self, text: str) -> list[Entry]:
        """Give the entries that may be the whole of ``text``, the one with most letters of its own first."""
        words = dict.fromkeys([*(word.casefold() for word in _WORD.findall(text)), ""])  # in one order on every start
        found = (pattern for word in words for pattern in self.by_word.get(word, ()))
        return sorted(found, key=lambda pattern: (-pattern.weight, pattern.kept))


def kind(hole: str) -> str:
    """Give what a hole holds, by its name without the number that tells it from others of its kind."""
    return hole.rstrip("0123456789")


def book(entries: Mapping[str, str]) -> Book:
    """Sort entries, Vietnamese → English, by what they need to be found."""
    whole = {vietnamese: told for vietnamese, told in entries.items() if not HOLE.search(vietnamese)}
    by_word: dict[str, list[Entry]] = {}
    for vietnamese, told in entries.items():
        if vietnamese not in whole:
            words = _WORD.findall(HOLE.sub(" ", vietnamese))
            key = max(words, key=len).casefold() if words else ""
            weight = len(HOLE.sub("", vietnamese))
            kept = sum(kind(hole) not in TURNED for hole in HOLE.findall(vietnamese))
            by_word.setdefault(key, []).append(Entry(vietnamese, told, weight, kept))
    return Book(whole, {word: tuple(found) for word, found in by_word.items()})


@cache
def compiled(vietnamese: str) -> re.Pattern[str]:
    """Make an entry a pattern: a hole holds a number, a share, or any words within a sentence."""
    parts = HOLE.split(vietnamese)
    found = [
        f"(?P<{part}>{_SHAPES.get(kind(part), _FREE)})" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    ]
    return re.compile("".join(found))
