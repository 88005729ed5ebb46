"""Read XES event logs as one row per event: attributes of the trace as ``case:…``, those of the event as they are.

Streamed through expat, without document type and entities: an XML file must not fetch, and must not grow. The defaults
of the log's ``global`` sections are declarations, not data.
"""

from __future__ import annotations

import json
from typing import Final
from xml.parsers import expat  # nosec B407  # a document type is refused, so there is no entity to expand

import polars as pl

from config.errors import SourceError
from config.mapping import Mapping
from config.notes import note
from connectors.base import Part, RawTable
from connectors.headers import all_there, numbered, refuse_too_wide

_VALUES: Final = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
_CHUNK: Final = 50_000  # events in one frame
_BYTES: Final = 1 << 16
_CASE: Final = "case:"
_NEXT: Final = "Ask the source to export the log again, as XES 1.0 or 2.0."
Told = dict[str, list[str]]


def read(data: bytes, *, name: str, mapping: Mapping | None) -> RawTable:
    """Turn an XES log into a raw table. Raises SourceError when it is cut off or no plain XML, MappingError."""
    frame = _Log(name).read(data)
    table = RawTable(name, numbered(frame), 0, (note("xes"),), parts=(Part(f"{name}, event"),))
    if mapping:
        all_there(table, mapping)
    return table


class _Log:
    """What is open while the log is read: the trace, its events, and the path of an attribute inside attributes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.case: Told = {}
        self.events: list[Told] = []
        self.event: Told | None = None
        self.path: list[str] = []
        self.open: list[str] = []
        self.rows: list[dict[str, str]] = []
        self.frames: list[pl.DataFrame] = []

    def read(self, data: bytes) -> pl.DataFrame:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.begins
        parser.EndElementHandler = self.ends
        parser.StartDoctypeDeclHandler = self.refuse
        try:
            for start in range(0, len(data), _BYTES):
                parser.Parse(data[start : start + _BYTES])
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            place = f"{self.name}, line {error.lineno}"
            raise SourceError(place, f"is cut off or no XML: {expat.ErrorString(error.code)}.", _NEXT) from None
        except (ValueError, LookupError):  # of several bytes a letter, or unknown to Python
            raise SourceError(self.name, "declares an encoding that XML readers do not know.", _NEXT) from None
        self.pack()
        return pl.concat(self.frames, how="diagonal")

    def refuse(self, *_: object) -> None:
        raise SourceError(self.name, "declares a document type, which a log has no need of.", _NEXT)

    def begins(self, tag: str, given: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        self.open.append(kind)
        if "global" in self.open:
            return
        if kind == "trace":
            self.case, self.events = {}, []
        elif kind == "event":
            self.event = {}
        elif kind in _VALUES and ("trace" in self.open or self.event is not None):
            self.path.append(given.get("key", kind))
            if "value" in given:
                into, before = (self.case, _CASE) if self.event is None else (self.event, "")
                into.setdefault(before + ".".join(self.path), []).append(given["value"])

    def ends(self, tag: str) -> None:
        kind = self.open.pop()
        if kind in _VALUES and self.path:
            self.path.pop()
        elif kind == "event" and self.event is not None:
            self.events.append(self.event)
            self.event = None
            if "trace" not in self.open:  # XES 2.0 knows events of no trace
                self.keep()
        elif kind == "trace":
            self.events = self.events or [{}]  # a case without events is a case, and must be seen to lack them
            self.keep()

    def keep(self) -> None:
        """Make rows of the trace: attributes of a case may also stand behind its events."""
        case = _texts(self.case)
        self.rows += [case | _texts(event) for event in self.events]
        self.case, self.events = {}, []
        if len(self.rows) >= _CHUNK:
            self.pack()

    def pack(self) -> None:
        """Put the rows into a frame, and forget them."""
        names = list(dict.fromkeys(key for row in self.rows for key in row))
        refuse_too_wide(len(names), self.name)
        columns = {key: [row.get(key) for row in self.rows] for key in names}
        self.frames.append(pl.DataFrame(columns, dict.fromkeys(names, pl.String)))
        self.rows = []


def _texts(told: Told) -> dict[str, str]:
    """Give one text per attribute; of one that is told several times, all of them as JSON."""
    return {k: v[0] if len(v) == 1 else json.dumps(v, ensure_ascii=False) for k, v in told.items()}
