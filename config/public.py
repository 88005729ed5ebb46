"""The page for everybody: whether there is one, from how many dossiers on it tells a figure, how often it answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from config.place import of
from config.reading import read_toml

NAME: Final = "public.toml"


class Public(BaseModel):
    """public.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = False
    smallest: Annotated[int, Field(ge=1, le=1000)] = 5
    letters_weeks: Annotated[int, Field(ge=1, le=104)] = 13
    most_letters: Annotated[int, Field(ge=1, le=5000)] = 500
    per_minute: Annotated[int, Field(ge=1, le=100_000)] = 60
    per_minute_all: Annotated[int, Field(ge=1, le=1_000_000)] = 3000


def load(path: Path | None = None) -> Public:
    """Give the settings of the page. Raises ConfigError naming the file and the key."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> Public:
    return read_toml(path, Public)
