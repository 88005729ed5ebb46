"""Where a pull from a database goes on: the value of the cursor column, kept as text, and the window that it opens.

The window begins **at** the last value less the overlap, that value included: rows that share it, and rows that were
committed late with an earlier stamp, come again, and what comes again changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import orjson

Kind = Literal["instant", "number"]
#: Before every dossier, and a day that every server can hold.
_FIRST: Final = datetime(1900, 1, 1)  # noqa: DTZ001 - the source's own wall clock
_PLAIN: Final = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Cursor:
    """``at``: everything before this value was read. ``columns``: those of the answer. ``texts``: stamps are text."""

    at: str = ""
    columns: tuple[str, ...] = ()
    texts: bool = False

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """Read what ``write`` wrote; None and what another connector wrote is the very beginning."""
        told: Any = None
        with suppress(orjson.JSONDecodeError):
            told = orjson.loads(text or "null")
        if not isinstance(told, dict) or not isinstance(told.get("at"), str):
            return cls()
        return cls(told["at"], tuple(told.get("columns", ())), bool(told.get("texts")))

    def write(self) -> str:
        return orjson.dumps({"at": self.at, "columns": self.columns, "texts": self.texts}).decode()


@dataclass(frozen=True, slots=True)
class Order:
    """How values of the cursor column are kept and compared. ``now``: on the wall clock of ``zone``, without it.

    ``plain``: stamps with an offset are refused. SQL Server takes our bound stamp, which has none, for one of
    Greenwich, and would skip seven hours.
    """

    kind: Kind
    zone: ZoneInfo
    now: datetime
    overlap: timedelta
    overlap_number: int
    plain: bool = False

    @property
    def said(self) -> str:
        """Name what it wants, for a message."""
        return f"{self.kind} without an offset" if self.plain and self.kind == "instant" else self.kind

    def fits(self, value: Any) -> bool:
        """Say whether a value of the column is of the kind that was told."""
        if self.kind == "number":
            return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if self.plain and isinstance(value, datetime) and value.tzinfo:
            return False
        return isinstance(value, datetime | date) or (isinstance(value, str) and _moment(value) is not None)

    def text(self, value: Any) -> str:
        """Give a value as it is kept; a stamp later than now is kept as now, or it would hide what comes before it."""
        if self.kind == "number":
            return str(value)
        if isinstance(value, str):
            return min(value, _like(value, self.now))
        return min(_wall(value, self.zone), self.now).isoformat()

    def since(self, at: str, *, as_text: bool) -> Any:
        """Give the first value of the window: ``at`` less the overlap; ``as_text`` where the column holds texts."""
        if self.kind == "number":
            number = Decimal(at) - self.overlap_number if at else Decimal(-(2**63))
            return int(number) if number == number.to_integral_value() else number
        moment = _moment(at) if at else None
        begin = max(moment - self.overlap, _FIRST) if moment and moment > _FIRST + self.overlap else _FIRST
        return _like(at, begin.replace(second=0, microsecond=0)) if as_text else begin

    def until(self, *, as_text: bool) -> Any:
        """Give the end of the window, where the query asks for one."""
        if self.kind == "number":
            return 2**63 - 1
        return _like("", self.now) if as_text else self.now

    def reaches(self, value: Any, at: str) -> bool:
        """Say whether ``value`` is at or after what was read before."""
        if self.kind == "number":
            return Decimal(str(value)) >= Decimal(at)
        return (value if isinstance(value, str) else _wall(value, self.zone).isoformat()) >= at


def _wall(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)


def _moment(text: str) -> datetime | None:
    """Read a stamp that a database keeps as text: ISO, or 14 digits."""
    with suppress(ValueError):
        return datetime.fromisoformat(text).replace(tzinfo=None)
    with suppress(ValueError):
        return datetime.strptime(text, _PLAIN)  # noqa: DTZ007 - the source's own wall clock
    return None


def _like(sample: str, moment: datetime) -> str:
    """Write a moment as ``sample`` is written, so that texts compare as moments do."""
    if sample.isdigit():
        return moment.strftime(_PLAIN)
    if len(sample) == len("2026-11-21"):
        return moment.date().isoformat()
    return moment.isoformat(sep="T" if "T" in sample else " ")
