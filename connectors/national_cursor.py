"""Where a pull of the national exchange stands: one window a service, and what came so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import orjson

from config.sources import Source

STAMP: Final = "%Y%m%d%H%M%S"
Kind = Literal["dossiers", "steps"]


@dataclass(frozen=True, slots=True)
class Window:
    """``until``: everything changed before is stored. ``since``, ``upto``, ``page``: a pull that was cut off.

    ``last``: the print of the page it stored last; the one it goes on at must be another.
    """

    until: str = ""
    since: str = ""
    upto: str = ""
    page: int = 0
    last: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is stored with every page: where dossiers stand, where steps stand, and the columns that came so far.

    ``steps_from``: since when all changed steps were read, "" since ever. ``steps_behind``: the dossier behind which
    the next request for steps by code goes on; ``steps_whole_on``: the day on which all have had their turn
    (connectors.national_steps).
    """

    dossiers: Window = Window()
    steps: Window = Window()
    columns: tuple[str, ...] = ()  # see connectors.payload.TELLING
    steps_from: str = ""
    steps_behind: str = ""
    steps_whole_on: str = ""

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """Read a cursor; of older versions, whose one window was that of the dossiers, too."""
        told = orjson.loads(text) if text else {}
        windows = _window(told.get("dossiers", told)), _window(told.get("steps", {}))
        by_code = (told.get(name, "") for name in ("steps_from", "steps_behind", "steps_whole_on"))
        return cls(*windows, tuple(told.get("columns", ())), *by_code)

    def write(self) -> str:
        return orjson.dumps(self).decode()

    def at(self, kind: Kind, window: Window) -> Cursor:
        """Give the cursor with one window moved."""
        return replace(self, dossiers=window) if kind == "dossiers" else replace(self, steps=window)


def _window(told: dict[str, Any]) -> Window:
    return Window(**{k: told[k] for k in Window.__slots__ if k in told})


def back(until: str, source: Source) -> str:
    """Give the start of the next window: the cursor less the overlap, "" for everything."""
    if not until:
        return ""
    moment = datetime.strptime(until, STAMP).replace(tzinfo=source.zone)
    return (moment - timedelta(minutes=source.overlap_minutes)).strftime(STAMP)


def wall(moment: datetime, source: Source) -> str:
    """Write a moment as the source's own clock shows it."""
    return moment.astimezone(source.zone).strftime(STAMP)
