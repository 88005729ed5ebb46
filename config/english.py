"""The English of the screens: english.toml, read and checked. How it is put on is dashboard/english.py."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

NAME: Final = "english.toml"
HOLE: Final = re.compile(r"\{(\w+)\}")
_Text = Annotated[str, StringConstraints(min_length=1)]


class Columns(BaseModel):
    """Which columns hold data, by their Vietnamese heading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    data: frozenset[_Text]


class Figure(BaseModel):
    """One figure of metrics.toml in English; ``weakness``: the first of its weaknesses, which pages show."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: _Text
    meaning: _Text
    numerator: str = ""
    base: str = ""
    is_not: str = ""
    weakness: str = ""


class EnglishFile(BaseModel):
    """english.toml as written: Vietnamese → English."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    phrase: dict[_Text, _Text]
    name: dict[_Text, _Text]
    columns: Columns
    singular: dict[_Text, _Text]
    figure: dict[str, Figure]


def load(path: Path | None = None) -> EnglishFile:
    """Give the English of the screens. Raises ConfigError where the two sides of an entry have other holes."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> EnglishFile:
    told = read_toml(path, EnglishFile)
    for vietnamese, english in [*told.phrase.items(), *told.name.items()]:
        if Counter(HOLE.findall(vietnamese)) != Counter(HOLE.findall(english)):
            raise ConfigError(str(path), f'"{vietnamese}" has other holes than "{english}".', "Write the same in both.")
    return told
