"""Put on a frozen report what it gets when it is issued (number, day, remark, caveat), and print it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports import caveats, formats, friday
from reports.slots import Slots

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
