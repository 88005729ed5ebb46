"""The report in Word: the same content object and the same words as on paper, to be edited; figures are pictures.

Laid out with python-docx's package and our own XML (Nghị định 30/2020/NĐ-CP, Phụ lục I); nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from reports.word.annexes import definitions, form, overdue, restatements, service, sources
from reports.word.body import analysis
from reports.word.house import Draft, finished, opened
from reports.word.message import first_page
from reports.word.parts import Lay, Look, paragraph, run, section

Content = Mapping[str, Any]


def render(content: Content) -> bytes:
    """Write the Word document of a content object; equal content gives equal bytes. Raise ReportError."""
    draft = opened(content)
    draft.add(first_page(draft))
    draft.add(analysis(draft))
    draft.add(_break(section(flipped=False, references=draft.references, first=True)))
    wide = bool(content["overdue"]["groups"])
    draft.add(_annex(draft, "I", content["form"]["title"], page=False), form(draft))
    late = [_annex(draft, "II", content["overdue"]["title"], page=wide), overdue(draft)]
    turned = _break(section(flipped=True, references=draft.references))
    draft.add(*([*late, turned] if wide else [turned, *late]))
    draft.add(_annex(draft, "III", "Nguồn số liệu, khái niệm và cách tính", page=not wide))
    draft.add(sources(draft), definitions(draft))
    restated = bool(content["restatements"]["rows"])
    draft.add(_annex(draft, "IV", "Điều chỉnh số liệu của các báo cáo đã phát hành", page=restated, above=14))
    draft.add(restatements(draft))
    if content.get("service"):  # a report issued before it has none
        draft.add(_annex(draft, "V", content["service"]["title"], page=True), service(draft))
    issued = date.fromisoformat(content["edition"]["issued_on"])
    return finished(draft, datetime(issued.year, issued.month, issued.day))  # noqa: DTZ001


def _annex(draft: Draft, number: str, title: str, *, page: bool, above: float = 0) -> str:
    head = draft.content["letterhead"]
    words = f"(Kèm theo Báo cáo số {head['number']} {head['date_text']} của {' '.join(head['agency'])})"
    top = Lay("center", before=above, after=0, keep=True, style="Heading1", page=page)
    return "".join(
        (
            paragraph(run(f"Phụ lục {number}", Look(14, bold=True)), top),
            paragraph(run(title.upper(), Look(bold=True)), Lay("center", after=0, keep=True)),
            paragraph(run(words, Look(italic=True)), Lay("center", after=9, keep=True)),
        )
    )


def _break(ends: str) -> str:
    """End a section with a paragraph of no height: a table may be the last thing before it."""
    return paragraph("", Lay(after=0, height=1), ends)
