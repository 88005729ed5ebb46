"""Put on a frozen report what it gets when it is issued (number, day, remark, caveat), print it, look at the print."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from reports import caveats, formats, friday, glyphs
from reports.slots import SLOT, Slots

Content = Mapping[str, Any]
#: Form (pdf, docx, xlsx, json) → name of the file and its bytes.
Pieces = dict[str, tuple[str, bytes]]


def finished(
    content: Content, *, number: int, issued_on: date, remark: str | None = None, caveat: str | None = None
) -> Content:
    """Give the content of the issued report: what was frozen, under its number and day, sealed anew.

    ``remark``: the director's; ``caveat``: why it is sent although it was held back.
    """
    told: dict[str, Any] = json.loads(json.dumps({name: value for name, value in content.items() if name != "seal"}))
    told["edition"] |= {"status": "chinh_thuc", "issued_on": issued_on.isoformat()}
    told["edition"]["mark"] = "Số liệu mô phỏng" if told["edition"]["synthetic"] else ""
    head = told["letterhead"]
    head |= {"number": head["number"].replace("…", f"{number:02d}", 1), "date_text": formats.long_day(issued_on)}
    told["remark"] = {"text": remark} if remark else None
    if caveat:
        slots = Slots(figures=told["figures"])
        before = [told["caveat"]] if told["caveat"] else []
        told["caveat"] = caveats.joined([caveats.of_sender(caveat, slots), *before])
    return friday.sealed(told, content["seal"]["data_version"])


def pieces(content: Content) -> Pieces:
    """Print a report in every form; equal content gives equal bytes.

    Raises ReportError when page one cannot hold the message.
    """
    with TemporaryDirectory(prefix="dunghan-report-") as folder:
        return {path.suffix[1:]: (path.name, path.read_bytes()) for path in friday.write(content, Path(folder))}


def lacking(printed: Mapping[str, tuple[str, bytes]]) -> list[str]:
    """Give the figures of page one of a printed content that its PDF or its Word document does not show."""
    content: Content = json.loads(printed["json"][1])
    wanted = {content["figures"][key]["t"] for key in _named(content)}
    shown = {form: _plain(read(printed[form][1])) for form, read in _READ.items() if form in printed}
    return sorted(f"{text} ({form})" for form, told in shown.items() for text in wanted if not _in(text, told))


def _in(text: str, told: str) -> bool:
    return _plain(glyphs.printable(text)) in told


def _of_pdf(piece: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(BytesIO(piece)).pages)


def _of_word(piece: bytes) -> str:
    import docx

    return "".join(docx.Document(BytesIO(piece)).element.body.itertext())


_READ: Final[Mapping[str, Callable[[bytes], str]]] = {"pdf": _of_pdf, "docx": _of_word}


def _plain(text: str) -> str:
    """Write a text without its white space, composed: lines break where there is room."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def _named(content: Content) -> Iterator[str]:
    """Name the figures that page one prints."""
    for told in (content["headlines"], content["message"], content["caveat"]):
        yield from SLOT.findall(json.dumps(told, ensure_ascii=False))
    for tile in content["headlines"]:
        yield from (key for key in (tile.get("figure"), *(key for _, key in tile.get("ages") or ())) if key)
