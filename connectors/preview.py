"""Show, before anything is stored, how a file would be read. Pure: a raw table in, a value out."""

from __future__ import annotations

from dataclasses import dataclass

from config.errors import MappingError
from config.mapping import Mapping, parse_mapping
from config.notes import Note
from connectors.base import RECKONED as RECKONED
from connectors.base import RawTable, ReadColumn, Shift, Words
from connectors.columns import actual, used_columns
from connectors.files import refuse_empty
from connectors.readers import read_file
from connectors.suggest import suggest
from connectors.translate import translate

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that would be quarantined."""

    place: str
    code: str | None
    reasons: tuple[str, ...]
    found: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file would be read. ``read`` = ``good`` + ``merged`` + ``quarantined``; ``skipped`` rows are no dossiers.

    ``unused`` columns are in no field; ``dropped`` ones are personal and never kept; ``pseudonymous`` ones name
    officers. ``suggestion`` is a mapping to start from, when none was given; ``missing`` then says what it still lacks,
    and the counts are 0.
    """

    file: str
    notes: tuple[Note, ...]
    header_row: int
    columns: tuple[ReadColumn, ...] = ()
    unused: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    pseudonymous: tuple[str, ...] = ()
    words: tuple[tuple[str, Words], ...] = ()
    read: int = 0
    good: int = 0
    merged: int = 0
    quarantined: int = 0
    skipped: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    refused: tuple[Refused, ...] = ()
    flags: tuple[tuple[str, int], ...] = ()
    suggestion: str | None = None
    missing: str | None = None


def preview(
    table: RawTable, mapping: Mapping | None = None, *, shift: Shift | None = None, source: str | None = None
) -> Preview:
    """Translate without storing. Without a mapping, suggest one, for ``source``, and show what it would do.

    Raises ``MappingError``.
    """
    if mapping is not None:
        return _shown(table, mapping, None, shift)
    text = suggest(table, source)
    try:
        return _shown(table, parse_mapping(text, place="suggested mapping"), text, shift)
    except MappingError as error:
        return Preview(
            table.name, table.notes, table.header_row, unused=tuple(table.columns), suggestion=text, missing=error.found
        )


def preview_upload(data: bytes, *, name: str, mapping: str, shift: Shift | None = None) -> Preview:
    """Show how an uploaded file would be read through the text of a mapping; "" suggests one. Nothing is written.

    Raises ``SourceError``, ``MappingError``.
    """
    chosen = parse_mapping(mapping, place="mapping") if mapping.strip() else None
    refuse_empty(data, name)
    return preview(read_file(data, name=name, mapping=chosen), chosen, shift=shift)


def _shown(table: RawTable, mapping: Mapping, suggestion: str | None, shift: Shift | None) -> Preview:
    done = translate(table, mapping, shift=shift)
    used = {actual(table, c) for c in used_columns(mapping)}
    rows = done.rejects.head(_SHOWN).iter_rows(named=True)
    return Preview(
        file=table.name,
        notes=table.notes,
        header_row=table.header_row,
        columns=done.read_columns,
        unused=tuple(c for c in table.columns if c not in used and c not in done.dropped),
        dropped=done.dropped,
        pseudonymous=done.pseudonymous,
        words=tuple(done.words.items()),
        read=done.n_read,
        good=done.good.height,
        merged=done.merged,
        quarantined=done.rejects.height,
        skipped=done.skipped,
        reasons=tuple(done.reasons().items()),
        refused=tuple(Refused(r["place"], r["code"], tuple(r["reasons"]), r["found"]) for r in rows),
        flags=tuple(done.flags.items()),
        suggestion=suggestion,
    )
