"""What an office says about a watched folder: where it is, which mapping is for which names, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


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
