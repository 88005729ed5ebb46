"""What a pull of a JSON service knows: the bounds of its window, what came so far, and the cursor to store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from config.mapping import Mapping
from config.notes import Note
from config.sources import Source
from connectors.base import Reading
from connectors.json_api_pages import Desk, Step, storable


@dataclass(frozen=True, slots=True)
class Cursor:
    """``until``: what changed before is stored. ``since``, ``upto``, ``number``, ``token``, ``total``: a pull that was
    cut off, and the page it goes on at; ``rows`` came in it, ``last`` is the print of the newest page. ``columns``:
    mapped paths that came so far."""

    until: str = ""
    since: str = ""
    upto: str = ""
    number: int = 0
    token: str = ""
    total: int | None = None
    rows: int = 0
    last: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        told = orjson.loads(text) if text else {}
        return cls(
            **{k: v for k, v in told.items() if k in cls.__slots__} | {"columns": tuple(told.get("columns", ()))}
        )

    def write(self) -> str:
        return orjson.dumps({name: getattr(self, name) for name in self.__slots__}).decode()


@dataclass(slots=True)
class Window:
    """One pull under way: its bounds in time, what came, and how often it began again."""

    desk: Desk
    mapping: Mapping
    reading: Reading
    before: Cursor
    since: str
    upto: str
    columns: set[str]
    seen: set[int] = field(default_factory=set)  # prints of the rows
    came: int = 0
    tokens: set[str] = field(default_factory=set)  # where next pages were told to be
    usual: int = 0  # rows of the page before
    last: str = ""  # print of the page before
    total: int | None = None
    earlier: int = 0  # rows that came before the pull was cut off
    restarts: int = 0
    backs: int = 0
    reached: datetime | None = None  # the service's own clock, at its earliest
    notes: list[Note] = field(default_factory=list)

    def cursor(self, step: Step | None) -> str:
        """Give the cursor that goes on at ``step``, or that of a pull that is done."""
        columns = tuple(sorted(self.columns))
        if step is None:
            return Cursor(self._end(), columns=columns).write()
        kept = storable(self.desk, step) if not self.restarts else Step()  # what was doubted once is not half believed
        begun = kept.number or kept.token
        told = (kept.number, kept.token, self.total, self.rows, self.last) if begun else (0, "", None, 0, "")
        return Cursor(self.before.until, self.since, self.upto, *told, columns).write()

    @property
    def rows(self) -> int:
        """Count the rows that came in this window: different ones, where the service has no two alike."""
        return self.earlier + (len(self.seen) if self.desk.settings.no_two_alike else self.came)

    def _end(self) -> str:
        """A service whose clock is behind will still stamp what is earlier than our now."""
        upto = datetime.fromisoformat(self.upto)
        return min(upto, self.reached or upto).astimezone(self.desk.source.zone).isoformat()

    @property
    def window(self) -> dict[str, str]:
        told, zone = self.desk.settings, self.desk.source.zone
        ends = {told.since: self.since, told.until: self.upto}
        return {
            name: told.written(datetime.fromisoformat(at).astimezone(zone)) for name, at in ends.items() if name and at
        }


def begin(desk: Desk, mapping: Mapping, reading: Reading) -> Window:
    """Begin where ``reading`` says: at the cursor less the overlap, or at the page where a pull was cut off."""
    before, source = Cursor.read(reading.cursor), desk.source
    upto = before.upto or reading.now.astimezone(source.zone).isoformat()
    since = before.since if before.upto else _back(before.until, source)
    return Window(
        desk, mapping, reading, before, since, upto, set(before.columns), last=before.last, total=before.total,
        earlier=before.rows,
    )  # fmt: skip


def _back(until: str, source: Source) -> str:
    """Give the start of the window: the cursor less the overlap, "" for everything."""
    return (datetime.fromisoformat(until) - timedelta(minutes=source.overlap_minutes)).isoformat() if until else ""
