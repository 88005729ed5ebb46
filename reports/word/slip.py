"""Phiếu đôn đốc in Word: what a unit is asked about which dossiers, and by when it is to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.report import Letterhead
from reports import formats
from reports.word.house import finished, opened
from reports.word.message import head_of
from reports.word.parts import Lay, Look, paragraph, run, table, words

_WIDTHS = (10.0, 40.0, 67.0, 23.0, 25.0)
_HEADS = ("TT", "Mã hồ sơ", "Thủ tục", "Hẹn trả", "Quá hạn (ngày làm việc)")


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier of a slip; None where nobody told it, or it is not late any more."""

    code: str
    procedure: str
    due_on: date | None
    days_late: int | None


@dataclass(frozen=True, slots=True)
class Slip:
    """An issued slip; ``made_on``: the day of its number; ``as_of``: the day of what is told of its dossiers."""

    number: int
    department: str
    asked: str
    answer_by: date
    made_on: date
    as_of: date
    dossiers: Sequence[Line]


def slip(told: Slip, head: Letterhead) -> bytes:
    """Write a slip; equal slips give equal bytes. Raise ReportError."""
    letterhead: dict[str, Any] = {
        "parent": head.parent, "agency": head.agency, "number": f"{told.number:02d}/PĐĐ", "place": head.place,
        "date_text": formats.long_day(told.made_on), "subject": (f"Phiếu đôn đốc {told.number:02d}", told.department),
    }  # fmt: skip
    draft = opened({"letterhead": letterhead, "edition": {"mark": ""}, "seal": None})
    body = Lay("both", first=10)
    draft.add(
        head_of(letterhead),
        paragraph(run("PHIẾU ĐÔN ĐỐC", Look(14, bold=True)), Lay("center", before=8, after=0)),
        paragraph(run("Về việc giải quyết hồ sơ thủ tục hành chính", Look(bold=True)), Lay("center", after=0)),
        paragraph(run(f"Kính gửi: {told.department}"), Lay("center", before=8, after=8)),
        paragraph(run(told.asked), body),
        paragraph(run(f"Đề nghị trả lời chậm nhất ngày {formats.day(told.answer_by)}."), body),
        paragraph(run(f"Tình trạng hồ sơ tính đến ngày {formats.day(told.as_of)}:"), body),
        table([_heads(), *(_row(at, line) for at, line in enumerate(told.dossiers, 1))], _WIDTHS, heads=1),
        paragraph("", Lay(after=8)),
        _signed(head),
    )
    return finished(draft, datetime(told.made_on.year, told.made_on.month, told.made_on.day))  # noqa: DTZ001


def _heads() -> list[Any]:
    return [words(name, bold=True, align="center") for name in _HEADS]


def _row(at: int, line: Line) -> list[Any]:
    late = formats.number(line.days_late) if line.days_late else ""
    due = formats.day(line.due_on) if line.due_on else ""
    return [
        words(str(at), align="center"),
        words(line.code),
        words(line.procedure),
        words(due),
        words(late, align="center"),
    ]


def _signed(head: Letterhead) -> str:
    copies = words("Nơi nhận:\n- Như trên;\n- Lưu: VT.", 11)
    sign = words(f"{head.authority.upper()}\n\n\n\n{head.signer}", 13, align="center", bold=True)
    return table([[copies, sign]], [85, 80], lines="")
