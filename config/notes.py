"""What a run or a reader noticed, as a code with values: said in English on the command line, in Vietnamese on pages.

A note is kept as it was made, and put into words where somebody reads it. Its values are hidden of people when it is
made, so that none can carry a name into the store, a log or a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from config.note_words import PLAIN, SENTENCES
from config.personal import hide

#: Names in a list of a note; the others are counted.
NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Names:
    """Some names of a list, and how many more there are."""

    shown: tuple[str, ...]
    more: int = 0

    def said(self, more: str) -> str:
        """Write them with commas; ``more`` says how many others: " and {} more"."""
        return ", ".join(self.shown) + (more.format(self.more) if self.more else "")


Value = str | int | Names


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was noticed. ``values``: by the names in the sentences of ``code``. Made by ``note`` alone."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def english(self) -> str:
        """Give the sentence of the command line, of logs and of JSON."""
        told = {name: v.said(" and {} more") if isinstance(v, Names) else v for name, v in self.values}
        return SENTENCES[self.code][0].format_map(told)

    @property
    def vietnamese(self) -> str:
        """Give the sentence of pages and of the reports of a folder."""
        return SENTENCES[self.code][1].format_map({name: _vietnamese(v) for name, v in self.values})

    def __str__(self) -> str:
        return self.english

    def kept(self) -> dict[str, Any]:
        """Give it as JSON keeps it."""
        told = {name: {"shown": v.shown, "more": v.more} if isinstance(v, Names) else v for name, v in self.values}
        return {"code": self.code, "values": told}

    @classmethod
    def read(cls, kept: Any) -> Self:
        """Read what ``kept`` gave. A sentence of a time before codes, or of a later version, is shown as it stands."""
        if not isinstance(kept, dict) or kept.get("code") not in SENTENCES:
            return cls(PLAIN, (("text", kept if isinstance(kept, str) else json.dumps(kept, ensure_ascii=False)),))
        told = {n: Names(tuple(v["shown"]), v["more"]) if isinstance(v, dict) else v for n, v in kept["values"].items()}
        return cls(kept["code"], tuple(told.items()))


def _vietnamese(value: Value) -> Value:
    if isinstance(value, Names):
        return value.said(" và {} mục khác")
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def note(code: str, **values: str | int | Sequence[str]) -> Note:
    """Make a note of ``code`` (of config.note_words). A list of names is cut to NAMED; people in values are hidden."""
    return Note(code, tuple((name, _harmless(value)) for name, value in values.items()))


def _harmless(value: str | int | Sequence[str]) -> Value:
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return hide(value)
    return Names(tuple(map(hide, value[:NAMED])), max(0, len(value) - NAMED))


def written(notes: Iterable[Note]) -> str:
    """Give notes as the JSON text of a run's record."""
    return json.dumps([one.kept() for one in notes], ensure_ascii=False)


def read(text: str | None) -> tuple[Note, ...]:
    """Read the notes of a run's record; null is none."""
    return tuple(map(Note.read, json.loads(text))) if text else ()
