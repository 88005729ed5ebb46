"""What an office says about a watched folder: where it is, which mapping is for which names, what is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError
from config.sources import Source


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Files(_Told):
    """Which files are read through which mapping. ``complete``: each file is the whole list of its source."""

    pattern: str
    mapping: str = ""  # beside sources.toml; "": that of the source
    complete: bool = False


class Settings(_Told):
    """What stands under [source.folder].

    ``keep``: of a loaded file the columns that carry our fields, for ``keep_raw_days`` of the source, or
    its report only.
    ``held_days``: so long a file that could not be loaded waits in held/.
    """

    path: Path  # beside sources.toml, or from the root
    pattern: str = "*"
    complete: bool = False
    files: tuple[Files, ...] = ()
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
    keep: Literal["table", "report"] = "table"
    held_days: Annotated[int, Field(ge=0)] = 90

    def order(self, name: str) -> Files | None:
        """Give the first pattern that fits a name, in whatever case and Unicode form."""
        rest = (Files(pattern=self.pattern, complete=self.complete),)
        return next((f for f in (*self.files, *rest) if fnmatchcase(_usual(name), _usual(f.pattern))), None)


def _usual(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def refuse_shared(watched: Sequence[Source], *, of: Source | None = None) -> None:
    """Raise ConfigError for a folder that two sources watch: who comes first takes a file away from the other.

    ``of``: only where this source is one of them.
    """
    taken: dict[Path, Source] = {}
    for source in (s for s in watched if s.kind == "folder"):
        folder = (source.beside / source.told(Settings).path).resolve()
        other = taken.setdefault(folder, source)
        if other is not source and (of is None or of.name in (other.name, source.name)):
            found = f'it watches the folder of the source "{other.name}": whoever comes first takes the files.'
            step = "Give each its own folder, or one source several [[source.folder.files]]."
            raise ConfigError(source.place, found, step)
