"""Letters to an applicant, prefilled: forms 04 (apology, another date) and 02 (what is to be supplemented), in Word.

Thông tư 03/2025/TT-VPCP, forms 02 and 04. Who the applicant is nobody here knows: the name stays to be written, like
everything else that is not told. Nothing is counted; what was sent is registered with its number on the dossier's page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from config.report import Letterhead
from reports import formats
from reports.word.house import finished, opened
from reports.word.message import head_of
from reports.word.parts import Lay, Look, paragraph, run, table, words

BLANK: Final = "…………………"
_BODY: Final = Lay("both", first=10)
_APOLOGY: Final = ("Văn bản xin lỗi", "và đề nghị gia hạn thời gian giải quyết")
_SUPPLEMENT: Final = ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a letter says of a dossier; None, and "" for the cause, where nobody told it."""

    code: str
    procedure: str
    department: str
    received_on: date | None
    due_on: date | None
    cause: str = ""


#: How a letter is written: of a dossier, under an office's head, on a day.
Written = Callable[[Dossier, Letterhead, date], bytes]


def apology(told: Dossier, head: Letterhead, today: date) -> bytes:
    """Write form 04: the unit apologises for what is late, or will be, and names another date. Raise ReportError."""
    late = told.due_on is not None and told.due_on < today
    why = told.cause or BLANK
    lines = (
        _handed_in(told),
        f"Thời gian hẹn trả kết quả: {_day(told.due_on)}.",
        f"{'Đến nay' if late else 'Tuy nhiên'}, {told.department} {'chưa' if late else 'không thể'} trả kết quả "
        f"giải quyết hồ sơ đúng thời hạn. Lý do: {why}.",
        f"{told.department} xin lỗi Ông/Bà/Tổ chức về sự chậm trễ này và hẹn trả kết quả vào ngày {BLANK}.",
        "Rất mong nhận được sự thông cảm của Ông/Bà/Tổ chức./.",
    )
    return _written(_APOLOGY, lines, told, head, today)


def supplement(told: Dossier, head: Letterhead, today: date) -> bytes:
    """Write form 02: what is to be supplemented, which only the officer knows. Raise ReportError."""
    lines = (
        _handed_in(told),
        f"Để có cơ sở giải quyết hồ sơ, {told.department} đề nghị Ông/Bà/Tổ chức bổ sung, hoàn thiện những nội dung "
        "sau:",
        *(f"{number}. {BLANK}{BLANK}{BLANK}" for number in (1, 2, 3)),
        f"Lý do: {BLANK}{BLANK}",
        "Thời gian chờ bổ sung, hoàn thiện hồ sơ không tính vào thời hạn giải quyết theo quy định./.",
    )
    return _written(_SUPPLEMENT, lines, told, head, today)


def _handed_in(told: Dossier) -> str:
    return (
        f"Ngày {_day(told.received_on)}, {told.department} tiếp nhận hồ sơ đề nghị giải quyết thủ tục hành chính "
        f"“{told.procedure}” của Ông/Bà/Tổ chức; mã hồ sơ: {told.code}."
    )


def _day(on: date | None) -> str:
    return formats.day(on) if on else BLANK


def _written(title: Sequence[str], lines: Sequence[str], told: Dossier, head: Letterhead, today: date) -> bytes:
    letterhead: dict[str, Any] = {
        "parent": head.parent, "agency": (told.department,), "number": f"……/{BLANK[:6]}", "place": head.place,
        "date_text": formats.long_day(today), "subject": (*title, told.code),
    }  # fmt: skip
    draft = opened({"letterhead": letterhead, "edition": {"mark": "Dự thảo"}, "seal": None})
    draft.add(head_of(letterhead), *_titled(title), *(paragraph(run(line), _BODY) for line in lines), _signed())
    return finished(draft, datetime(today.year, today.month, today.day))  # noqa: DTZ001


def _titled(title: Sequence[str]) -> list[str]:
    first, *rest = title
    centred = Lay("center", before=8, after=0)
    told = [paragraph(run(first.upper(), Look(14, bold=True)), centred)]
    told += [paragraph(run(line, Look(bold=True)), Lay("center", after=0)) for line in rest]
    return [*told, paragraph(run(f"Kính gửi: {BLANK}{BLANK}"), Lay("center", before=8, after=8))]


def _signed() -> str:
    copies = words("Nơi nhận:\n- Như trên;\n- Bộ phận Một cửa;\n- Lưu: VT, hồ sơ.", 11)
    sign = words("THỦ TRƯỞNG ĐƠN VỊ\n(Ký tên, đóng dấu)", 13, align="center", bold=True)
    return table([[copies, sign]], [85, 80], lines="")
