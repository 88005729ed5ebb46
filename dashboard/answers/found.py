"""What stood in a refused row, in words: only the fields that the reason is about, by their Vietnamese names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from dashboard.wording import moment

FIELDS: Final = {
    "submitted_at": "ngày nộp",
    "received_at": "ngày tiếp nhận",
    "due_at": "ngày hẹn trả",
    "resolved_at": "ngày kết thúc",
    "returned_at": "ngày trả",
    "rejected_at": "ngày từ chối tiếp nhận",
    "status": "trạng thái",
    "code": "mã hồ sơ",
    "changed_at": "ngày cập nhật",
    "event_at": "thời điểm sự kiện",
    # as the national format calls them
    "MaHoSo": "mã hồ sơ",
    "ThoiDiemXuLy": "thời điểm xử lý",
    "NgayBatDau": "ngày bắt đầu",
    "NgayKetThucTheoQuyDinh": "hạn của bước",
    "TrangThaiHoSo": "trạng thái",
    "NgayNopHoSo": "ngày nộp",
    "NgayTiepNhan": "ngày tiếp nhận",
    "NgayHenTra": "ngày hẹn trả",
    "NgayKetThucXuLy": "ngày kết thúc",
    "NgayTra": "ngày trả",
    "NgayTuChoi": "ngày từ chối tiếp nhận",
    "NgayCapNhat": "ngày cập nhật",
    "NgayBoSung": "ngày yêu cầu bổ sung",
    "NgayTiepNhanBoSung": "ngày nhận bổ sung",
    "NgayHenTraTruoc": "ngày hẹn trả trước",
    "NgayHenTraMoi": "ngày hẹn trả mới",
}
EMPTY: Final = "trống"
_NAMES: Final = "|".join(FIELDS)
#: As connectors write it: ``due_at = (trống), …`` from a system, ``due_at —; …`` or ``due_at "…"; …`` from a file.
_PAIR: Final = re.compile(rf"\b({_NAMES})(?: = | )(.*?)(?=[,;] (?:{_NAMES})(?: = | )|$)", re.DOTALL)
_BLANK: Final = ("", "—", "(trống)", '""')
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*")


def _strange(name: str, value: str) -> bool:
    """Tell whether a stamp lies outside the years that metrics.dossier believes; an empty one does not."""
    return name.endswith("_at") and value not in _BLANK and not "1990" <= value[:4] <= "2100"


def _one_of(*names: str) -> Callable[[str, str], bool]:
    return lambda name, value: name in names


_BEGUN, _ENDED = _one_of("submitted_at", "received_at"), _one_of("status", "resolved_at", "returned_at")
_TAKEN_IN: Final = _one_of("status", "received_at")
#: Which of the fields a reason is about; a reason that is not here is about all that was told.
_GUILTY: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "believable_years": _strange, "unbelievable_year": _strange,
    "started": _BEGUN, "no_start_date": _BEGUN,
    "finish_of_a_result_known": _ENDED, "closed_without_finish": _ENDED,
    "received_before_a_result": _TAKEN_IN, "result_without_receipt": _TAKEN_IN,
}  # fmt: skip


def found(text: str, reasons: list[str]) -> str:
    """Say what stood there: ``ngày hẹn trả: 00:00 01/01/2215``; words that are no such list stay as they are."""
    told = dict(_PAIR.findall(text))
    if not told or _PAIR.sub("", text).strip(" ,;"):
        return _PAIR.sub(lambda pair: _line(pair[1], pair[2]), text)
    return "; ".join(_line(name, told[name]) for name in _guilty(told, reasons) or told)


def _guilty(told: Mapping[str, str], reasons: list[str]) -> list[str]:
    about = [_GUILTY.get(reason, _one_of(*FIELDS)) for reason in reasons]
    return [name for name, value in told.items() if any(guilty(name, value) for guilty in about)]


def _line(name: str, value: str) -> str:
    return f"{FIELDS[name]}: {EMPTY if value in _BLANK else _written(value)}"


def _written(value: str) -> str:
    """Write an instant where the centre is; anything else as it stood."""
    if not _STAMP.fullmatch(value):
        return value
    try:
        return moment(datetime.fromisoformat(value))
    except (ValueError, OverflowError):  # a year that no calendar here can hold
        return value
