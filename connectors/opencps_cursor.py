"""Where a pull of OpenCPS stands: how far everything is stored, and where one that was cut off goes on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final

import orjson

from config.sources import Source
from connectors.opencps_settings import Settings
from connectors.opencps_slices import Slice

#: A pull reads its lists in this order; then it refreshes what is open, then it asks for steps.
RECEIVED, WAITING, TURNED_DOWN, RELEASED, FINISHED = "received", "waiting", "turned down", "released", "finished"
REFRESHED, STEPS = "refreshed", "steps"
FULL: Final = (RECEIVED, WAITING, TURNED_DOWN, STEPS)
NEW: Final = (RECEIVED, WAITING, RELEASED, FINISHED, REFRESHED, STEPS)


@dataclass(frozen=True, slots=True)
class Cursor:
    """``until``: all that happened before is stored; "" nothing yet. ``began``, ``phase``, ``day``: a pull under way,
    the phase that it is in and the first day of it that is still to be read. ``columns``: those that came so far.
    ``steps_after``: the dossier behind which the next request for steps goes on."""

    until: str = ""
    began: str = ""
    phase: str = ""
    day: str = ""
    columns: tuple[str, ...] = ()
    steps_after: str = ""

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        told = orjson.loads(text) if text else {}
        known = {f.name: told[f.name] for f in fields(cls) if f.name in told}
        return cls(**known | {"columns": tuple(told.get("columns", ()))})

    def write(self) -> str:
        return orjson.dumps(asdict(self)).decode()

    @property
    def phases(self) -> tuple[str, ...]:
        """Give what is still to be done; a pull that has no end yet reads everything."""
        every = NEW if self.until else FULL
        return every[every.index(self.phase) :] if self.phase in every else every

    def slices(self, phase: str, source: Source, told: Settings, now: datetime) -> tuple[Slice, ...]:
        """Give the parts of the list that ``phase`` reads, from the day on at which it was cut off."""
        first = self._since(source, told)
        if phase == self.phase and self.day:
            first = max(first, date.fromisoformat(self.day))
        last = now.astimezone(source.zone).date() + timedelta(days=1)  # a clock ahead stamps tomorrow
        if first > last:
            return ()
        if phase == WAITING:
            return tuple(Slice("", first, last, (("status", word),)) for word in told.waiting)
        if phase == TURNED_DOWN:
            return tuple(Slice("Finish", first, last, (("status", word),)) for word in told.turned_down)
        kinds = {RECEIVED: "Receive", RELEASED: "Release", FINISHED: "Finish"}
        return (Slice(kinds[phase], first, last),) if phase in kinds else ()

    def _since(self, source: Source, told: Settings) -> date:
        if not self.until:
            return told.first_day
        day = datetime.fromisoformat(self.until).astimezone(source.zone).date()
        return max(told.first_day, day - timedelta(days=told.overlap_days))
