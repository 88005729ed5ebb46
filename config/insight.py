"""How the analyses judge: insight.toml, one section for each method."""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from config.place import of
from config.reading import read_toml

NAME: Final = "insight.toml"


class Section(BaseModel):
    """One table of the file: nothing unknown in it, nothing changed after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Night(Section):
    """When what is heavy is worked out anew."""

    at: time = time(2, 30)


class Insight(Section):
    """insight.toml as written."""

    night: Night = Night()


def load(path: Path | None = None) -> Insight:
    """Give the settings of the analyses. Raises ConfigError naming the file and the key."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> Insight:
    return read_toml(path, Insight)
