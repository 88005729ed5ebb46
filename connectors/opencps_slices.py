"""Read lists of OpenCPS whole: by slices of days that fit into its window, each page counted against the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from config.errors import SourceError, nearest
from connectors.opencps_rows import NEEDED, TELLING
from connectors.opencps_wire import Desk, Page, page
from connectors.pages import no_column_gone

DOSSIERS: Final = "/dossiers"
_AGAIN: Final = 3  # a page that is short or came before


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the list of dossiers: ``params`` of its own, and the days from ``first`` to ``last`` of ``kind``, the
    name in fromReceiveDate, fromReleaseDate, fromFinishDate; "" is for a part without days."""

    kind: str
    first: date
    last: date
    params: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> dict[str, str]:
        days = {f"from{self.kind}Date": _day(self.first), f"to{self.kind}Date": _day(self.last)} if self.kind else {}
        return days | dict(self.params)

    @property
    def said(self) -> str:
        words = [f"{self.kind.lower()} {_day(self.first)} to {_day(self.last)}"] if self.kind else []
        return ", ".join([*words, *(f"{k} {v}" for k, v in self.params)])

    @property
    def halves(self) -> tuple[Slice, Slice]:
        """Give the earlier and the later half; of one day there are none."""
        middle = self.first + timedelta(days=(self.last - self.first).days // 2)
        return replace(self, last=middle), replace(self, first=middle + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Whole:
    """A slice with all its records; some came twice where the list moved while it was read."""

    part: Slice
    records: list[dict[str, Any]]
    total: int


def whole_slices(desk: Desk, part: Slice) -> Iterator[Whole]:
    """Give ``part`` in slices that fit, earliest first, each whole. Raises SourceError when one stays full of holes."""
    first = first_page(desk, part)
    if first.total <= desk.settings.largest_slice:
        yield read_whole(desk, part, first)
    elif part.kind and part.first < part.last:
        for half in part.halves:
            yield from whole_slices(desk, half)
    elif first.total < desk.settings.window:  # one day, more than a batch, and still to be counted
        yield read_whole(desk, part, first)
    else:
        yield from _by_agency(desk, part, first)


def first_page(desk: Desk, part: Slice) -> Page:
    """Ask how much a slice holds, with its first records."""
    return _page(desk, part.query, 0)


def read_whole(desk: Desk, part: Slice, first: Page | None = None) -> Whole:
    """Read a slice until as many different dossiers came as it says it has. Raises SourceError."""
    for _ in range(desk.settings.rereads):
        records, total = _pages(desk, part.query, first)
        if _different(records) == total:
            return Whole(part, records, total)
        first = None
    found = (
        f"{part.said}: {_different(records)} dossiers came where {total} were announced, {desk.settings.rereads} times."
    )
    raise SourceError(desk.place, found, "Nothing of it was stored. Ask its operator whether a search index is broken.")


def _pages(desk: Desk, query: Mapping[str, str], first: Page | None) -> tuple[list[dict[str, Any]], int]:
    """Read page by page up to the total, which may grow meanwhile; give what came, and the last total."""
    size, records = desk.settings.rows_a_page, []
    here = first or _page(desk, query, 0)
    while True:
        records += here.records
        start = -(-len(records) // size) * size  # a short page was asked for again; what stays short shows at the end
        if start >= here.total or not here.records:
            return records, here.total
        here = _page(desk, query, start)


def _page(desk: Desk, query: Mapping[str, str], start: int) -> Page:
    """Ask for one page, again when it is shorter than its own total allows."""
    size = desk.settings.rows_a_page
    for _ in range(_AGAIN):
        here = page(desk, DOSSIERS, {"systemId": desk.settings.system_ids, **query}, start, size)
        columns_there(desk, here.records)
        if len(here.records) >= min(size, here.total - start):
            return here
    return here


def columns_there(desk: Desk, records: list[dict[str, Any]]) -> None:
    """Raise SourceError when a column is gone without which no figure is true, or one that came in former pages."""
    if not records:
        return
    came, told = {name for record in records for name in record}, desk.settings
    for name in (*NEEDED, told.unit, told.code):
        if name not in came:
            found = f'the column "{name}" is gone.{nearest(name, came)}'
            raise SourceError(desk.place, found, "Ask the operator what changed there.")
    no_column_gone(came, desk.columns, told.may_lack, desk.place, "[source.opencps]")
    desk.columns.update(came.intersection(TELLING))


def _by_agency(desk: Desk, part: Slice, first: Page) -> Iterator[Whole]:
    """Split one day that is as large as the window, or larger, by department; the parts must add up to the day."""
    codes = desk.settings.agencies or _agencies_seen(desk, part)
    parts = [replace(part, params=(*part.params, ("agency", code))) for code in codes]
    firsts = [_page(desk, p.query, 0) for p in parts]
    told = sum(f.total for f in firsts)
    full = [p.said for p, f in zip(parts, firsts, strict=True) if f.total >= desk.settings.window]
    if told < first.total or full:
        why = f"{', '.join(full)} is full by itself" if full else f"the departments known make {told}"
        found = f"{part.said}: {first.total} dossiers, of which {desk.settings.window} can be read, and {why}."
        raise SourceError(desk.place, found, "Name every govAgencyCode in agencies under [source.opencps].")
    for p, f in zip(parts, firsts, strict=True):
        yield read_whole(desk, p, f)


def _agencies_seen(desk: Desk, part: Slice) -> tuple[str, ...]:
    size = desk.settings.rows_a_page
    starts = range(0, desk.settings.window - size + 1, size)
    records = [r for start in starts for r in _page(desk, part.query, start).records]
    return tuple(sorted({str(r.get("govAgencyCode") or "") for r in records} - {""}))


def _different(records: list[dict[str, Any]]) -> int:
    numbers = [r.get("dossierId") for r in records]
    return len({n for n in numbers if n}) + sum(not n for n in numbers)  # who has none cannot be told from another


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
