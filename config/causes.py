"""Read the causes that people may record beside a dossier: one list a purpose, all of one shape.

causes.toml: why two sources disagree on it; lateness.toml: why it is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError, nearest
from config.place import of
from config.reading import read_toml

NAME: Final = "causes.toml"
LATENESS: Final = "lateness.toml"


class Cause(BaseModel):
    """One cause. ``retired``: no longer to be chosen; ``needs_note``: says nothing without a note."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    needs_note: bool = False
    retired: bool = False


class CausesFile(BaseModel):
    """A list of causes as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    cause: tuple[Cause, ...] = ()


def load(path: Path | None = None) -> Mapping[str, Cause]:
    """Give code → cause, in the order of the file. Raises ConfigError, also for a code told twice."""
    return _load(path or of(NAME))


def lateness(path: Path | None = None) -> Mapping[str, Cause]:
    """Give code → cause of lateness, as ``load`` does."""
    return _load(path or of(LATENESS))


def to_choose(known: Mapping[str, Cause]) -> dict[str, Cause]:
    """Give those that may still be chosen."""
    return {code: cause for code, cause in known.items() if not cause.retired}


@cache
def _load(where: Path) -> Mapping[str, Cause]:
    told = read_toml(where, CausesFile).cause
    known: dict[str, Cause] = {}
    for cause in told:
        if cause.code in known:
            raise ConfigError(str(where), f'the code "{cause.code}" is told twice.', "Give each cause its own code.")
        known[cause.code] = cause
    return known


def chosen(code: str, note: str, among: Mapping[str, Cause] | None = None) -> Cause:
    """Give the cause called ``code``, of causes.toml or ``among``. Raises ConfigError for one that cannot be chosen, or
    lacks its note."""
    known = to_choose(load() if among is None else among)
    if code not in known:
        found = f'no cause has the code "{code}".{nearest(code, known)}'
        raise ConfigError(f"cause {code}", found, f"Known: {', '.join(known)}.")
    if known[code].needs_note and not note.strip():
        raise ConfigError(f"cause {code}", "it says nothing without a note.", "Write in the note what happened.")
    return known[code]
