"""Show a preview or a finished load on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from connectors.base import ReadColumn
from connectors.preview import Preview
from jobs.load import RunReport


def render(shown: Preview) -> RenderableType:
    """Give tables: how each column was read, what each word became, what would be quarantined and why."""
    header = (f"header in row {shown.header_row}",) if shown.header_row else ()
    parts: list[RenderableType] = [
        Text(f"{shown.file}: {'; '.join((*header, *map(str, shown.notes)))}"),
        *_outcome(shown),
        *_lists(shown),
    ]
    if shown.suggestion:
        parts += [Text("\nNo mapping was given. A start to save and check:\n"), Syntax(shown.suggestion, "toml")]
    if shown.missing:
        parts.append(Text(f"It still lacks: {shown.missing}"))
    return Group(*parts, Text("Nothing was stored."))


def _outcome(shown: Preview) -> list[RenderableType]:
    if shown.missing:  # nothing could be read yet
        return []
    return [
        _columns(shown),
        *_words(shown),
        Text(
            f"{shown.read} rows read = {shown.good} dossiers + {shown.merged} merged + {shown.quarantined} quarantined"
            f"; {shown.skipped} rows are no dossiers (blank, totals, left out by the mapping)"
        ),
        *_quarantine(shown),
    ]


def _table(title: str, columns: Iterable[str]) -> Table:
    return Table(*columns, title=title, title_justify="left")


def _columns(shown: Preview) -> RenderableType:
    table = _table("Columns", ("our field", "from", "read as", "read", "empty", "such as"))
    for column in shown.columns:
        origin = " or ".join(column.columns) or "constant"
        cells = (column.field, origin, _notation(column), str(column.n_read), str(column.n_missing))
        table.add_row(*(escape(c) for c in (*cells, " · ".join(column.samples))))
    return table


def _notation(column: ReadColumn) -> str:
    order = {True: " (day first)", False: " (month first)", None: ""}[column.day_first]
    return ", ".join(f"{name} × {n}" for name, n in column.notations.items()) + order if column.notations else "text"


def _words(shown: Preview) -> list[RenderableType]:
    tables: list[RenderableType] = []
    for field, words in shown.words:
        unknown = "unknown: quarantined" if field == "status" else "unknown: left empty"
        table = _table(f"Words of {field}", ("in the file", "becomes", "rows"))
        for word, meaning, n in words[:40]:
            table.add_row(escape(word), meaning or f"[bold red]{unknown}[/]", str(n))
        tables.append(table)
    return tables


def _quarantine(shown: Preview) -> list[RenderableType]:
    if not shown.quarantined:
        return []
    reasons = _table("Would be quarantined", ("reason", "rows"))
    for reason, n in shown.reasons:
        reasons.add_row(reason, str(n))
    rows = _table(f"The first {len(shown.refused)}", ("where", "code", "why", "found"))
    for row in shown.refused:
        rows.add_row(*(escape(t) for t in (row.place, row.code or "—", ", ".join(row.reasons), row.found)))
    return [reasons, rows]


def _lists(shown: Preview) -> list[RenderableType]:
    lines = [f"kept, but look: {name} {n}" for name, n in shown.flags]
    if shown.dropped:
        lines.append(f"personal, never kept: {', '.join(shown.dropped)}")
    if shown.pseudonymous:
        lines.append(f"officers' names, kept as pseudonyms only: {', '.join(shown.pseudonymous)}")
    if shown.unused:
        lines.append(f"not used: {', '.join(shown.unused)}")
    return [Text(line) for line in lines]


def render_report(report: RunReport) -> RenderableType:
    """Give the outcome of a load in a few lines."""
    counts = report.counts
    lines = [
        f"{report.file} → {report.source}: {counts.read} rows read = {counts.new} new + {counts.changed} changed + "
        f"{counts.unchanged} unchanged + {counts.merged} merged + {counts.quarantined} quarantined",
    ]
    if not report.counts.read:
        lines.append("The file has a header and no rows. If it should have some, ask the source to export it again.")
    if report.said_nothing_changed:
        lines.append("Nothing changed: every dossier of this file was already known as it is.")
    lines += [f"quarantined for {reason}: {n}" for reason, n in report.reasons.items()]
    lines += [f"kept, but look: {name} {n}" for name, n in report.flags.items()]
    lines += [f"{report.skipped} rows are no dossiers and were skipped"] if report.skipped else []
    return Group(*(Text(line) for line in lines))
