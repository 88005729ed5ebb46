"""One family of errors. Each names the place, what was found there, and the next step."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from config.personal import hide


class DunghanError(Exception):
    """Say where something is wrong, what was found, and what to do next; shown to the user without a traceback.

    ``place`` names a file, a source or a setting; ``found`` is one sentence; ``next_step`` is one imperative sentence.
    """

    def __init__(self, place: str, found: str, next_step: str) -> None:
        super().__init__(f"{place}: {found} {next_step}")
        self.place, self.found, self.next_step = place, found, next_step


class ConfigError(DunghanError):
    """A setting or a TOML file of the office is missing, unknown or contradicts another."""


class ReadingError(DunghanError):
    """What a source wrote is quoted less what looks like a person: messages are logged, stored and sent on."""

    def __init__(self, place: str, found: str, next_step: str) -> None:
        super().__init__(hide(place), hide(found), hide(next_step))


class MappingError(ReadingError):
    """A mapping names a column, a field, a format or a status that does not exist."""


class SourceError(ReadingError):
    """A source or a file cannot be reached, read or believed; nothing of the failed batch was stored."""


class StoreError(DunghanError):
    """Our own database is locked, full, missing or of another version."""


class ReportError(DunghanError):
    """A report cannot be made, or would not be true."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Give ``' Did you mean "…"?'`` for the known word most like ``word``, or an empty text."""
    match = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{match[0]}"?' if match else ""
