"""People who do not exist, planted wherever a source can write; and the search for them in all that was written."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
from pypdf import PdfReader

#: One person, as a careless clerk writes her. Every needle occurs in nothing else of the product.
NAME = "Nguyễn Thị Zuyên"
OFFICER = "Trần Văn Quỵt"
PHONE = "0987612345"
CARD = "031195098761"
MAIL = "zuyen.nt@thutu.example"
HOME = "số 98 ngõ 76 phố Bạch Zét"
WHOLE = f"{NAME}, CCCD {CARD}, ĐT {PHONE}, {MAIL}, {HOME}"
#: The same as macOS and some systems write it: letters and their marks apart.
APART = unicodedata.normalize("NFD", WHOLE)
NAME_APART = unicodedata.normalize("NFD", NAME)
#: Writings that a pattern of names or of numbers alone does not know; a date, an amount or a status needs none of them.
ODDLY = ("Nguyen thi zuyen", "nguyễn thị zuyên", "Mai Zuyên Nộp", "0987.61.23.45", "84987612345", "(+84) 987612345")
NEEDLES = (
    "zuyên", "zuyen", "quỵt", "987612345", "987.61.23.45", "031195098761", "thutu.example", "bạch zét",
)  # fmt: skip


def found_in(folder: Path, *said: str) -> set[str]:
    """Give ``needle in file`` for every needle in any file under ``folder``, or in what was ``said``."""
    texts = [
        *((str(p.relative_to(folder)), t) for p in _files(folder) for t in _texts(p)),
        *(("said", s) for s in said),
    ]
    names = [("name of a file", str(p.relative_to(folder))) for p in folder.rglob("*")]
    return {f"{needle} in {where}" for where, text in [*texts, *names] for needle in NEEDLES if needle in _plain(text)}


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _texts(path: Path) -> Iterator[str]:
    """Read a file in every way in which a text could stand in it."""
    data = path.read_bytes()
    if data[:6] == b"SQLite":
        yield from _of_bytes(_unlinked(data))
        yield from _of_database(path)
    else:
        yield from _of_bytes(data)


def _unlinked(data: bytes) -> bytes:
    """Blank the first four bytes of every page but the first: the number of the next page, or what the page is, never
    text. Page 90 is a "Z", which the rest of a long text may follow on its page: "uyên Đán" is nobody's name."""
    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    pages = (data[at : at + size] for at in range(size, len(data), size))
    return data[:size] + b"".join(b"\0\0\0\0" + page[4:] for page in pages)


def _of_bytes(data: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "windows-1258"):
        yield data.decode(encoding, errors="ignore")
    if b"\\u" in data:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda sign: chr(int(sign[1], 16)), data.decode("latin-1"))
    if data[:4] == b"PAR1":
        yield from _of_table(pl.read_parquet(BytesIO(data)))
    elif data[:2] == b"\x1f\x8b":
        yield from _of_bytes(gzip.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(data)) as packed:
            for member in packed.namelist():
                yield member
                yield from _of_bytes(packed.read(member))
    elif data[:4] == b"%PDF":
        paper = PdfReader(BytesIO(data))
        yield str(paper.metadata)
        yield from (page.extract_text() for page in paper.pages)


def _of_table(table: pl.DataFrame) -> Iterator[str]:
    yield json.dumps([table.columns, table.to_dicts()], ensure_ascii=False, default=str)


def _of_database(path: Path) -> Iterator[str]:
    """Read every table, and the bytes beside: what was deleted is still there until it is overwritten."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        yield from database.iterdump()
