"""Everything that a content object says, and what each printed form shows of it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import docx
import fastexcel
from pypdf import PdfReader

from reports.slots import SLOT, spoken

Content = Mapping[str, Any]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def plain(text: str) -> str:
    """Write a text without white space, composed: lines break where there is room."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def of_pdf(piece: bytes) -> str:
    """Read a PDF."""
    return plain("".join(page.extract_text() for page in PdfReader(BytesIO(piece)).pages))


def of_docx(piece: bytes) -> str:
    """Read the body of a Word document, and what its pictures are said to show."""
    found = docx.Document(BytesIO(piece)).element.body.iter()
    told = [(node.text or "") if node.tag == f"{_W}t" else node.get("descr") or "" for node in found]
    return plain("".join(told))


def of_xlsx(piece: bytes) -> str:
    """Read every cell of every sheet as text."""
    book = fastexcel.read_excel(piece)
    frames = (book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names)
    return plain("\n".join(str(v) for frame in frames for row in frame.rows() for v in row if v is not None))


def figures(node: Any) -> Iterator[str]:
    """Name every figure that a sentence, a heading or a tile below ``node`` prints."""
    yield from SLOT.findall(json.dumps(node, ensure_ascii=False))


def tiles(content: Content) -> Iterator[str]:
    """Name the figures that the two tiles show in big and by age."""
    for tile in content["headlines"]:
        if tile["figure"]:
            yield tile["figure"]
            yield from (key for _, key in (() if tile["basis"] else tile.get("ages") or ()))
        elif tile["substitute"]:
            yield tile["substitute"]["figure"]


def sentences(node: Any) -> Iterator[Mapping[str, Any]]:
    """Find every sentence below ``node``."""
    if isinstance(node, dict):
        if "rule" in node and "text" in node:
            yield node
        for value in node.values():
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)


def said(content: Content) -> list[str]:
    """Read out every sentence that is printed; one in place of a table stands only where there is no table."""
    told = {k: v for k, v in content.items() if k not in ("tables", "figures", "dropped")}
    unused = [content["overdue"]["empty"]] if content["overdue"]["groups"] else []
    unused += [content["restatements"]["empty"]] if content["restatements"]["rows"] else []
    unused += [s["empty"] for s in content["message"] if s["empty"] and (s["items"] or s["table"])]
    unused += [tile["basis"] for tile in content["headlines"] if tile["basis"] and tile["figure"] is None]
    if content["charts"]["ages"].get("empty"):
        unused.append(content["charts"]["ages"].get("note"))
    return [spoken(s, content["figures"]) for s in sentences(told) if not any(s is each for each in unused)]


def cells(content: Content) -> Iterator[str]:
    """Give the text of every cell of every printed table."""
    for line in (*content["form"]["rows"], content["form"]["total"]):
        yield line["name"]
        yield from (cell["t"] for cell in line["cells"])
    for group in content["overdue"]["groups"]:
        yield from (group["name"], group["count"])
        for row in group["rows"]:
            yield from row
    for name in ("followup", "sources", "restatements", "service"):
        for row in (content[name] or {"rows": ()})["rows"]:
            yield from row
    for row in (content["fields"] or {"rows": ()})["rows"]:
        yield from (row["name"], row["d"], row["rate"]["t"], row["prev"], row["change"], row["overdue"])
    for section in content["message"]:
        for row in section["table"]["rows"] if section["table"] else ():
            yield from (value for value in row.values() if isinstance(value, str))
