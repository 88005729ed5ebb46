"""What happened on a day that readers of a trend should know: annotations.toml, a list that the operator keeps."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

NAME: Final = "annotations.toml"
#: More would not stand beside each other in a chart.
LONGEST: Final = 24
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class Annotation(BaseModel):
    """A day and one or two words: "bão số 3". ``units``: of whose charts; none named: of all. ``restarts``: nothing
    before that day is the like of what follows, so limits restart."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    day: date
    words: Words
    units: tuple[str, ...] = ()
    restarts: bool = False


class AnnotationsFile(BaseModel):
    """annotations.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    annotation: tuple[Annotation, ...] = ()


def load(path: Path | None = None) -> tuple[Annotation, ...]:
    """Give the annotations, the oldest first. Raises ConfigError naming the key, or a day that is told twice."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> tuple[Annotation, ...]:
    told = sorted(read_toml(path, AnnotationsFile).annotation, key=lambda each: each.day)
    seen: set[tuple[date, tuple[str, ...]]] = set()
    for each in told:
        if (each.day, each.units) in seen:
            found = f'{each.day} is told twice ("{each.words}").'
            raise ConfigError(str(path), found, "Say both in one line, in one or two words.")
        seen.add((each.day, each.units))
    return tuple(told)
