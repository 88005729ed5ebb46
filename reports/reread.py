"""Read a printed report back and look for what it must show: page one line by line, form II.06's total, the workbook.

A number is looked for inside the line that says what it is, on its own page: alone it would be found anywhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from reports import glyphs
from reports.slots import spoken
from reports.word.parts import clean

Content = Mapping[str, Any]
#: What a form of a report lacks, as people read it.
Lacking = Iterator[str]

#: A number read as text keeps nine decimals.
_AS_TEXT: Final = 1e-8
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lacking(printed: Mapping[str, tuple[str, bytes]]) -> list[str]:
    """Give the lines of page one, the total of the form and the values of the workbook that a printed content should
    show and does not; ``printed``: form (pdf, docx, xlsx, json) → name and bytes."""
    content: Content = json.loads(printed["json"][1])
    found = ((form, read(content, printed[form][1])) for form, read in _READ.items() if form in printed)
    return sorted(f"{line} ({form})" for form, lines in found for line in lines)


def _of_pdf(content: Content, piece: bytes) -> Lacking:
    from pypdf import PdfReader

    first, *others = PdfReader(BytesIO(piece)).pages
    told = _composed(first.extract_text())
    for line in _page_one(content, ages=lambda parts: " ".join([*(a for a, _ in parts), *(b for _, b in parts)])):
        if not _stands(glyphs.printable(line), told):
            yield line
    total = " ".join(_total(content))
    if not any(_stands(glyphs.printable(total), _composed(page.extract_text()), parted=True) for page in others):
        yield total


def _of_word(content: Content, piece: bytes) -> Lacking:
    import docx

    body = docx.Document(BytesIO(piece)).element.body
    told = _composed(_first_of_word(body))
    for line in _page_one(content, ages=lambda parts: " · ".join(f"{label}: {n}" for label, n in parts)):
        if not _stands(clean(line), told):
            yield line
    total = [clean(cell) for cell in _total(content)]
    if not any([_text(cell) for cell in row.iter(f"{_W}tc")] == total for row in body.iter(f"{_W}tr")):
        yield " ".join(total)


def _first_of_word(body: Any) -> str:
    """Give the paragraphs that stand before the first one that begins a page."""
    lines: list[str] = []
    for paragraph in body.iter(f"{_W}p"):
        if paragraph.find(f"{_W}pPr/{_W}pageBreakBefore") is not None:
            break
        lines.append(_text(paragraph))
    return "\n".join(lines)


def _text(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(f"{_W}t"))


def _of_workbook(content: Content, piece: bytes) -> Lacking:
    summary = _sheet(piece, "Tóm tắt")
    for tile in content["headlines"]:
        figure = content["figures"].get(tile["figure"] or "", {})
        wanted = [figure.get(key) for key in ("v", "n", "d")]
        if not any(row[0] == tile["label"] and _same(row[1:4], wanted) for row in summary):
            yield f"{tile['label']} {figure.get('t', tile.get('missing'))}"
    name, total = content["form"]["total"]["name"], [cell["v"] for cell in content["form"]["total"]["cells"]]
    if not any(row[1] == name and _same(row[2 : 2 + len(total)], total) for row in _sheet(piece, "Biểu II.06")):
        yield " ".join(_total(content))
    late = len(content["tables"]["overdue"])
    if len([row for row in _sheet(piece, "Quá hạn")[1:] if row[0]]) != late:
        yield f"Quá hạn: {late}"


def _sheet(piece: bytes, name: str) -> list[tuple[str | None, ...]]:
    """Read a sheet as texts, its empty rows left out."""
    import polars as pl

    told = pl.read_excel(BytesIO(piece), sheet_name=name, has_header=False, engine="calamine", infer_schema_length=0)
    return told.rows()


def _same(shown: Sequence[str | None], wanted: Sequence[float | None]) -> bool:
    """Compare the cells of a row with numbers; none is an empty cell."""
    return all(_equal(cell, number) for cell, number in zip(shown, wanted, strict=True))


def _equal(cell: str | None, number: float | None) -> bool:
    if not cell or number is None:
        return not cell and number is None
    try:
        return abs(float(cell) - number) < _AS_TEXT
    except ValueError:
        return False


_READ: Final[Mapping[str, Callable[[Content, bytes], Lacking]]] = {
    "pdf": _of_pdf, "docx": _of_word, "xlsx": _of_workbook,
}  # fmt: skip

#: Labels of ages, each with its number, joined as the form joins them.
_Ages = Callable[[Sequence[tuple[str, str]]], str]


def _page_one(content: Content, ages: _Ages) -> Iterator[str]:
    """Give the lines of page one that hold figures."""
    figures = content["figures"]
    if content["caveat"]:
        yield f"{content['caveat']['lead']} {spoken(content['caveat'], figures)}"
    for tile in content["headlines"]:
        yield from _tile(tile, figures, ages)
    for section in content["message"]:
        yield from _section(section, figures)


def _tile(tile: Mapping[str, Any], figures: Mapping[str, Any], ages: _Ages) -> Iterator[str]:
    if tile["figure"]:
        below = [(label, figures[key]["t"]) for label, key in (() if tile["basis"] else tile["ages"])]
        under = spoken(tile["basis"], figures) if tile["basis"] else ages(below)
        number = f"{figures[tile['figure']]['t']} {tile['unit']}".strip()
        yield f"{tile['label']} {number} {under}"
    elif tile["substitute"]:
        near = tile["substitute"]
        yield f"{near['label']}: {figures[near['figure']]['t']} {spoken(near['text'], figures)}"
    yield spoken(tile["change"], figures)
    yield f"{tile['verdict']['t'].upper()} {spoken(tile['verdict']['why'], figures)}"


def _section(section: Mapping[str, Any], figures: Mapping[str, Any]) -> Iterator[str]:
    if section["heading"]:
        note = spoken({"text": section["note"]}, figures)
        yield f"{section['heading']} ({note})" if note else section["heading"]
    rows = section["table"]["rows"] if section["table"] else []
    if not section["items"] and not rows and section["empty"]:
        yield spoken(section["empty"], figures)
    yield from (spoken(item, figures) for item in section["items"])
    for row in rows:
        yield f"{row['procedure']} {row['code']} · {row['holder']} {row['days']} {row['cause']} {row['answer']}"


def _total(content: Content) -> list[str]:
    """Give the last row of form II.06: its name and its columns."""
    total = content["form"]["total"]
    return [total["name"], *(cell["t"] for cell in total["cells"])]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _stands(line: str, text: str, *, parted: bool = False) -> bool:
    """Say whether a line stands in a text, however either is broken into lines, and not inside a longer number.

    ``parted``: white space must part what it parts in the line, as between the columns of a table.
    """
    between = r"\s+" if parted else r"\s*"
    told = between.join(r"\s*".join(re.escape(char) for char in word) for word in line.split())
    return re.search(rf"(?<!\d)(?<!\d[.,]){told}(?!\d|[.,]\d)", text) is not None
