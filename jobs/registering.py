"""Load a list of procedures into the office's register: read, hold against what stands there, check, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config import procedures, register_writing, registered
from config.errors import ConfigError
from config.register_changes import Change, changes, held
from config.register_mapping import load_mapping
from connectors import register
from connectors.files import read_settled
from connectors.register import Export, Refused, Row
from metrics.limits import parse_limit


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading a list does: read = new + changed + unchanged + merged + refused; ``ended``: not named by a whole
    list. ``begins``: the office had no register of its own yet. ``spared``: procedures that a whole list does not name,
    and that do not end because rows of it were refused: one of these may have named them."""

    export: Export
    changes: tuple[Change, ...]
    unchanged: int
    refused: tuple[Refused, ...]
    begins: bool
    spared: int = 0

    def n(self, kind: str) -> int:
        """Count the changes of a kind: new, changed, ended."""
        return sum(1 for change in self.changes if change.kind == kind)

    @property
    def limits_changed(self) -> bool:
        """Whether a limit is told that was not: then figures are worked out anew."""
        return any(change.cells["statutory"] for change in self.changes)

    @property
    def taken(self) -> list[Row]:
        """The rows that no rule refused, in the order of the file."""
        refused = {row.place for row in self.refused}
        return [row for row in self.export.rows if row.place not in refused]

    def of_units(self) -> Mapping[str, int]:
        """Count the rows that were taken by the unit of their limit: wd, d, wh, m, "" without one."""
        told = (row.cells.get("statutory", "") for row in self.taken)
        return Counter(text.lstrip("0123456789.") for text in told)

    def of(self, column: str) -> Mapping[str, int]:
        """Count the rows that were taken by a column of the register; those of several words under each."""
        return Counter(word for row in self.taken for word in registered.split(row.cells.get(column, "")) or ("",))


def prepare(
    path: Path, mapping: Path | None, *, source: str = "", first: date | None = None, today: date, basis: str = "",
    complete: bool = False,
) -> Loading:  # fmt: skip
    """Say what loading ``path`` would do; nothing is written. Raises SourceError, MappingError, ConfigError."""
    chosen = load_mapping(mapping) if mapping else None
    export = register.read(read_settled(path), name=path.name, mapping=chosen)
    if not export.rows:
        raise ConfigError(path.name, _nothing(export), "Check the mapping (docs/procedures.md), or the file.")
    lines = register_writing.lines()
    known = held(lines or (), source, first or today)
    told = ((row.procedure, row.cells, row.place) for row in export.rows)
    found, stale, unchanged = changes(
        known, told, source=source, first=first, today=today, basis=basis, complete=complete
    )
    wrong = {change.place: why for change in found if (why := _wrong(change))}
    wrong |= {
        each.place: f"the register tells something of a later day already ({each.line}, from {each.from_on}): load "
        f"with --from {each.from_on} or later"
        for each in stale
    }
    refused = [
        Refused(row.place, row.procedure, wrong[row.place], row.told) for row in export.rows if row.place in wrong
    ]
    every = (*export.refused, *refused)
    spared = sum(1 for change in found if change.kind == "ended") if every else 0
    kept = tuple(change for change in found if change.place not in wrong and not (spared and change.kind == "ended"))
    return Loading(export, kept, unchanged, every, lines is None, spared)


def write(loading: Loading) -> Path | None:
    """Write what ``prepare`` found into the office's register; None where there is nothing to write. Raises
    ConfigError; then nothing was written."""
    if loading.spared:
        first, rest = loading.refused[0], len(loading.refused) - 1
        more = f"; {rest:,} more refused" if rest else ""
        found = (
            f"refused ({first.reason}{more}). The register has procedures no row taken names ({loading.spared:,}): "
            "a refused row may name them, and --complete would end them."
        )
        raise ConfigError(first.place, found, "Mend these rows or the mapping, or load without --complete.")
    return register_writing.write(loading.changes, check=check) if loading.changes else None


def check(path: Path) -> None:
    """Read a register as limits and as facts. Raises ConfigError naming the line."""
    for line in procedures.load(path):
        _limits(line.statutory, line.committed, line.line)
    registered.load(path)


def _wrong(change: Change) -> str:
    """Say what is wrong with the limits of a line; "" where nothing is."""
    statutory, committed = change.cells["statutory"], change.cells["committed"]
    if committed and not statutory:
        return f"its committed limit {committed} shortens none: no statutory limit is known"
    try:
        _limits(statutory, committed, change.place)
    except ConfigError as error:
        return error.found.rstrip(".")
    return ""


def _limits(statutory: str, committed: str, place: str) -> None:
    law = parse_limit(statutory, place=place) if statutory else None
    promise = parse_limit(committed, place=place) if committed else None
    if law and promise and law.unit is promise.unit and promise.size > law.size:
        found = f"the committed limit {committed} is longer than the statutory one, {statutory}."
        raise ConfigError(place, found, "A commitment shortens the limit: mend either.")


def _nothing(export: Export) -> str:
    if export.refused:
        return f"every row was refused; the first, {export.refused[0].place}: {export.refused[0].reason}."
    return "it has no rows under its header."
