"""Read delimited text: its encoding, its delimiter, its rows, however many cells each has."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

import polars as pl

from config.errors import MappingError, SourceError
from config.mapping import FileShape
from config.notes import Note, note
from connectors import old_fonts
from connectors.headers import refuse_too_wide
from connectors.texts import fold
from connectors.words import TOTALS

_DELIMITERS: Final = (",", ";", "\t", "|")
_END: Final = "\x03"  # stands after the last row: when it is swallowed, a quote was open
_CHUNK: Final = 50_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
Delimited = tuple[pl.DataFrame, tuple[Note, ...], tuple[int, ...]]
csv.field_size_limit(10_000_000)


def read(data: bytes, name: str, shape: FileShape, wanted: Sequence[str]) -> Delimited:
    """Give the rows as texts, what was noticed, and the rows wider than the header. Raises ``SourceError``."""
    text, encoding = decode(data, name, shape.encoding)
    text, declared = _without_sep_line(text)
    delimiter = _delimiter(text, shape.delimiter, declared, wanted)
    ended = text if text.endswith(("\n", "\r")) else text + "\n"
    rows = csv.reader(StringIO(f"{ended}{_END}\n", newline=""), delimiter=delimiter)
    width = _width(text, delimiter, shape, wanted)
    refuse_too_wide(width, name)
    try:
        grid, wide, tail = _grid(rows, width)
    except csv.Error as error:
        raise SourceError(f"{name}, line {rows.line_num}", f"is no table: {error}.", "Export it again.") from None
    _refuse_cut_off(text, name, tail, grid.height)
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    return grid.head(-1), (note("encoding", name=encoding), note("delimiter", sign=shown)), wide


def decode(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    """Decode by declaration, else by byte order mark, else UTF-8, else UTF-16 by its zero bytes, else windows-1258."""
    known = next((e for bom, e in _BOMS if data.startswith(bom)), None)
    if font := old_fonts.FONTS.get(encoding):
        return font(_western(data, known)), encoding
    if encoding != "auto":
        return _declared(data, name, known or encoding)
    if guess := known or _zero_bytes(data):
        return _declared(data, name, guess)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_quite_utf8(data, name, error)
    old_fonts.refuse(text, name)
    return text, "utf-8"


def _western(data: bytes, known: str | None) -> str:
    """Give the letters of western Europe for which an old font was made."""
    try:
        return data.decode(known or "utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _declared(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except LookupError:
        found = f'there is no encoding "{encoding}".'
        known = 'Write "auto", "utf-8", "utf-16", "windows-1258", "tcvn3" or "vni".'
        raise MappingError(f"{name}, file.encoding", found, known) from None
    except UnicodeDecodeError as error:
        found = f"is not {encoding}: byte {error.start + 1} of {len(data)} cannot be read."
        raise SourceError(name, found, 'Transfer it again, or set file.encoding = "auto".') from None


def _zero_bytes(data: bytes) -> str | None:
    head = data[:2000]
    if 4 * head.count(0) <= len(head):
        return None
    return "utf-16-be" if head[:1] == b"\x00" else "utf-16-le"


def _not_quite_utf8(data: bytes, name: str, error: UnicodeDecodeError) -> tuple[str, str]:
    if error.end >= len(data) and error.reason == "unexpected end of data":
        raise SourceError(name, "is cut off in the middle of a letter.", "Transfer it again.")
    replaced = data.decode("utf-8", errors="replace")
    bad, good = replaced.count("\ufffd"), sum(1 for c in replaced if ord(c) > 127) - replaced.count("\ufffd")
    if good > 4 * bad:  # UTF-8 with a few damaged bytes: the rows that hold them are refused, not the file
        return replaced, f"utf-8, {bad} damaged places"
    old_fonts.refuse(data.decode("latin-1"), name)
    try:
        return data.decode("windows-1258"), "windows-1258"
    except UnicodeDecodeError:
        found = f"is neither UTF-8 nor windows-1258, perhaps no text at all: its {error.start + 1}. byte is no letter."
        raise SourceError(name, found, "Open it in Excel and save it as .xlsx, or declare file.encoding.") from None


def _without_sep_line(text: str) -> tuple[str, str | None]:
    """Take off Excel's ``sep=;`` line, but keep the row count."""
    first, _, rest = text.partition("\n")
    if fold(first).startswith("sep=") and len(first.strip()) == 5:
        return "\n" + rest, first.strip()[4]
    return text, None


def _delimiter(text: str, wish: str, declared: str | None, wanted: Sequence[str]) -> str:
    if wish != "auto":
        return {"tab": "\t", "\\t": "\t"}.get(wish, wish)
    return declared or max(_DELIMITERS, key=lambda d: _fit(text, d, wanted))


def _fit(text: str, delimiter: str, wanted: Sequence[str]) -> tuple[int, int]:
    """Weigh a delimiter by the mapped names it brings out, then by rows of one same width above one cell."""
    rows = _first_rows(text, delimiter)
    names = max((len({fold(c) for c in row} & {*wanted}) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return names, max((n * (w - 1) for w, n in widths.items()), default=0)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(StringIO(text[:200_000], newline=""), delimiter=delimiter), 60))
    except csv.Error:
        return []


def _width(text: str, delimiter: str, shape: FileShape, wanted: Sequence[str]) -> int:
    """Give the number of cells of the header."""
    rows = _first_rows(text, delimiter) or [[]]
    if shape.header_row != "auto":
        at = [int(n) - 1 for n in shape.header_row if 0 < int(n) <= len(rows)]
        return max((len(rows[n]) for n in at), default=len(rows[0]))
    best = max(rows, key=lambda r: (len({fold(c) for c in r} & {*wanted}), len([c for c in r if c.strip()])))
    return len(best)


def _grid(rows: Iterator[list[str]], width: int) -> tuple[pl.DataFrame, tuple[int, ...], list[list[str]]]:
    """Stack the rows in chunks; missing cells are null, cells past the header noted and dropped. Give the last rows."""
    names, chunks, wide, tail, seen = [f"c{i}" for i in range(width)], [], [], [[""]], 0
    while chunk := list(islice(rows, _CHUNK)):
        tail = [*tail, *chunk][-3:]
        wide += [seen + i for i, row in enumerate(chunk, 1) if len(row) > width and any(c.strip() for c in row[width:])]
        level = [(row + [""] * width)[:width] for row in chunk]
        columns = dict(zip(names, map(list, zip(*level, strict=True)), strict=True))
        chunks.append(pl.DataFrame(columns, dict.fromkeys(names, pl.String)))
        seen += len(chunk)
    return pl.concat(chunks), tuple(wide), tail


def _refuse_cut_off(text: str, name: str, tail: list[list[str]], height: int) -> None:
    """Refuse a file that ends inside a quoted text, or in a short row without its line end, unless that is a total."""
    next_step = "Wait until the transfer is complete, or ask for it again, then load it."
    if tail[-1] != [_END]:
        raise SourceError(f"{name}, row {height}", "is cut off: the quoted text there never ends.", next_step)
    before, last = (len(tail[0]), len(tail[1])) if len(tail) == 3 else (0, 0)
    if last and fold(tail[1][0]).startswith(TOTALS):
        return
    if not text.endswith(("\n", "\r")) and before > last > 0:
        found = f"is cut off: its last row has {last} of {before} cells and no line end."
        raise SourceError(f"{name}, row {height - 1}", found, next_step)
