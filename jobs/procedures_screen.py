"""Show on a terminal what loading a list of procedures does or would do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from config.register_changes import Change
from connectors.register import Export, Refused
from jobs.registering import Loading
from reports.taken import RUN

_SHOWN: Final = 20
_WORDS: Final = 40
_UNITS: Final = {"wd": "working days", "d": "days", "wh": "hours", "m": "months", "": "without a limit"}
_NOT_SAID: Final = "not said"


def render(found: Loading, *, asked: bool, written: Path | None) -> RenderableType:
    """Give tables: which column was read as what, each word, totals, what changes, what was refused.

    ``asked``: whether it was to be written; ``written``: the file, None where nothing had to be.
    """
    export = found.export
    parts: list[RenderableType] = [_file(export), _columns(export), *_words(export), _totals(found), _sum(found)]
    parts += _changed(found)
    parts += _refused(found.refused)
    return Group(*parts, Text(_outcome(found, asked, written)))


def as_json(found: Loading, written: Path | None) -> dict[str, Any]:
    """Give counts and refusals as plain values."""
    return {
        "file": found.export.file, "read": found.export.read, "new": found.n("new"), "changed": found.n("changed"),
        "unchanged": found.unchanged, "ended": found.n("ended"), "spared": found.spared,
        "merged": found.export.merged,
        "refused": [{"place": r.place, "procedure": r.procedure, "reason": r.reason} for r in found.refused],
        "limits": {_UNITS[unit]: n for unit, n in found.of_units().items()},
        "levels": {level or _NOT_SAID: n for level, n in found.of("level").items()},
        "ministries": {ministry or _NOT_SAID: n for ministry, n in found.of("ministry").items()},
        "written": str(written) if written else None,
    }  # fmt: skip


def put_aside(refused: Sequence[Refused], path: Path) -> None:
    """Write the refused rows as CSV: place, code, reason, and every cell as it came."""
    names = list(dict.fromkeys(name for each in refused for name in each.cells))
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["place", "code", "reason", *names])
    told = ([r.place, r.procedure, r.reason, *(r.cells.get(name) or "" for name in names)] for r in refused)
    table.writerows([f"'{cell}" if cell.startswith(RUN) else cell for cell in row] for row in told)
    path.write_text(written.getvalue(), encoding="utf-8-sig")


def _file(export: Export) -> Text:
    header = (f"header in row {export.header_row}",) if export.header_row else ()
    return Text(f"{export.file}: {'; '.join((*header, *map(str, export.notes)))}")


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left")


def _columns(export: Export) -> RenderableType:
    table = _table("Columns", "ours", "from")
    for column, headings in export.used.items():
        table.add_row(column, escape(" or ".join(headings)))
    for column, word in export.mapping.constants.items():
        table.add_row(column, escape(f'constant "{word}"'))
    for heading, said in export.mapping.marks.items():
        table.add_row(", ".join(said), escape(f'crosses in "{heading}"'))
    unused = Text(f"not read: {', '.join(export.unused)}") if export.unused else Text("every column is read")
    return Group(table, unused)


def _words(export: Export) -> Iterable[RenderableType]:
    by_column: dict[str, list[tuple[str, str, int]]] = {}
    for (column, theirs, ours), n in export.words.items():
        by_column.setdefault(column, []).append((theirs, ours, n))
    for column, told in by_column.items():
        table = _table(f"Words of {column}", "in the file", "becomes", "rows")
        for theirs, ours, n in sorted(told, key=lambda each: -each[2])[:_WORDS]:
            table.add_row(escape(theirs), ours or "—", f"{n:,}")
        yield table


def _totals(found: Loading) -> RenderableType:
    table = _table("Rows taken", "by", "", "rows")
    for unit, words in _UNITS.items():
        table.add_row("limit", words, f"{found.of_units().get(unit, 0):,}")
    for name, column in (("level", "level"), ("ministry", "ministry")):
        told: Mapping[str, int] = found.of(column)
        for word, n in sorted(told.items(), key=lambda each: -each[1])[:_WORDS]:
            table.add_row(name, escape(word or _NOT_SAID), f"{n:,}")
    spans = (
        f"{found.export.spans:,} rows tell a span of limits; the longer end is the limit. "
        if found.export.spans
        else ""
    )
    return Group(table, Text(f"{spans}A procedure of several levels counts under each."))


def _sum(found: Loading) -> Text:
    export = found.export
    ended = f"; {found.n('ended'):,} in the register are not named and end" if found.n("ended") else ""
    if found.spared:
        ended = (
            f"; {found.spared:,} in the register are not named, and end only with a list of which no row is refused: "
            "mend the refused rows or the mapping, or load without --complete"
        )
    return Text(
        f"{export.read:,} rows read = {found.n('new'):,} new + {found.n('changed'):,} changed + {found.unchanged:,} "
        f"unchanged + {export.merged:,} merged + {len(found.refused):,} refused; {export.skipped:,} rows are no "
        f"procedures{ended}"
    )


def _changed(found: Loading) -> Iterable[RenderableType]:
    told = [change for change in found.changes if change.kind != "new"]
    if not told:
        return
    table = _table(
        f"What changes, the first {min(len(told), _SHOWN)} of {len(told):,}", "code", "column", "was", "becomes"
    )
    for change in told[:_SHOWN]:
        for row in _differs(change):
            table.add_row(*(escape(cell) for cell in row))
    yield table


def _differs(change: Change) -> Iterable[tuple[str, str, str, str]]:
    for column, (was, now) in change.differs.items():
        yield change.procedure, column, was or "—", now or "—"


def _refused(refused: Sequence[Refused]) -> Iterable[RenderableType]:
    if not refused:
        return
    table = _table(f"Refused, the first {min(len(refused), _SHOWN)} of {len(refused):,}", "where", "code", "why")
    for each in refused[:_SHOWN]:
        table.add_row(*(escape(text) for text in (each.place, each.procedure or "—", each.reason)))
    yield table


def _outcome(found: Loading, asked: bool, written: Path | None) -> str:
    if not asked:
        return "Nothing was written. Add --write to write it."
    if written is None:
        return "Nothing changed: the register says all of it already."
    begun = " It was begun anew: the lines that are shipped are those of the made-up province." if found.begins else ""
    anew = (
        " Limits have changed: restart the worker and the dashboard, and figures are worked out anew (dunghan rebuild)."
        if found.limits_changed
        else " No limit has changed: figures stay as they are."
    )
    return f"Written to {written}.{begun}{anew}"
