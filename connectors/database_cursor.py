"""Where a pull from a database goes on: the value of the cursor column, kept as text, and the window that it opens.

The window begins **at** the last value less the overlap, that value included: rows that share it, and rows that were
committed late with an earlier stamp, come again, and what comes again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
_NO_DATE: Final = "0000-00-00"  # how MariaDB writes that there is none


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

    def stranger(self, values: Iterable[Any], known: str) -> tuple[Any, str] | None:
        """Find a value that has no place in the order: of another kind, or a text of another form than ``known``.

        Gives it with what is wrong with it. Texts are ordered letter by letter: 02/01/2026 stands before 2025, and a
        "T" behind every space, so a window would pass over them without a word.
        """
        told = known
        for value in dict.fromkeys(v for v in values if not placeless(v)):
            if not self.fits(value):
                return value, f"which is no {self.said}"
            if isinstance(value, str):
                if told and not _alike(value, told):
                    return value, f"beside {told!r}: texts of two forms have no order"
                told = told or value
        return None

    def text(self, value: Any) -> str:
        """Give a value as it is kept; a stamp later than now is kept as now, or it would hide what comes before it."""
        if self.kind == "number":
            return str(value)
        if isinstance(value, str):
            offset = _offset(value)
            own = self.now if offset is None else self.now.replace(tzinfo=self.zone).astimezone(offset)
            return min(value, _like(value, own.replace(tzinfo=None)))
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


def placeless(value: Any) -> bool:
    """Say whether a value of the cursor column is none: such a row comes with a full reading only."""
    return value is None or (isinstance(value, str) and (not value.strip() or value.startswith(_NO_DATE)))


def _alike(one: str, other: str) -> bool:
    """Say whether two stamps are written alike, so that they compare as moments do; one may be less precise."""
    (signs, offset), (others, its) = _form(one), _form(other)
    short, long = sorted((signs, others), key=len)
    return offset == its and short[:2] == long[:2] and long.startswith(short)


def _form(text: str) -> tuple[str, Any]:
    """Give the signs between the digits of a stamp, and its offset."""
    bare = re.split(r"[.,Z+]|(?<=:\d\d)-", text)[0]
    offset = _offset(text)
    return re.sub(r"\d", "", bare), None if offset is None else offset.utcoffset(None)


def _offset(text: str) -> Any:
    with suppress(ValueError):
        return datetime.fromisoformat(text).tzinfo
    return None


def _wall(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)


def form_of(sample: str) -> str:
    """Give what a text stamp of the form of ``sample`` is LIKE: its day, and whatever parts it from the hour."""
    day = re.sub(r"[^-TW ]", "_", sample[:11])
    return "_" * len(sample) if sample.isdigit() else day + "%" if len(day) > len("2026-11-21") else day


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
