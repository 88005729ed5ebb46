"""The lists behind form II.06 and behind the figures of service quality: asked for any period."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.listing import Listing, by_code
from metrics.events import Event
from metrics.standing import Standing

_C: Final = pl.col
_ONLINE: Final = _C("channel").cast(pl.String).eq_missing(pl.lit("online"))
_WITHOUT_RESULT: Final = _C("status").cast(pl.String).is_in(["withdrawn", "refused", "stopped", "gone"])


def _is(standing: Standing) -> pl.Expr:
    return pl.lit(standing.value) == _C("standing")


_CAME, _LEFT, _LATE = _C("came"), _C("left"), _is(Standing.OVERDUE)
#: Columns (3) to (13) of the form: title, and which dossiers with a due date are in it.
COLUMNS: Final[dict[str, tuple[str, pl.Expr]]] = {
    "c3": ("tiếp nhận", pl.lit(True)),
    "c4": ("tiếp nhận trực tuyến", _CAME & _ONLINE),
    "c5": ("tiếp nhận trực tiếp, bưu chính", _CAME & ~_ONLINE),
    "c6": ("từ kỳ trước", ~_CAME),
    "c7": ("đã giải quyết", _LEFT),
    "c8": ("giải quyết trước hạn", _LEFT & _is(Standing.RESOLVED_EARLY)),
    "c9": ("giải quyết đúng hạn", _LEFT & _is(Standing.RESOLVED_ON_TIME)),
    "c10": ("giải quyết quá hạn", _LEFT & _is(Standing.RESOLVED_OVERDUE)),
    "c11": ("đang giải quyết", ~_LEFT),
    "c12": ("đang giải quyết trong hạn", ~_LEFT & ~_LATE),
    "c13": ("đang giải quyết quá hạn", ~_LEFT & _LATE),
}
#: What the notes under the form name (metrics.form_ii06.Notes): title, whether in its columns, which dossiers.
NOTES: Final[dict[str, tuple[str, bool, pl.Expr]]] = {
    "undetermined_received": ("tiếp nhận, không xác định hạn", False, _CAME),
    "undetermined_carried": ("từ kỳ trước, không xác định hạn", False, ~_CAME),
    "undetermined_resolved": ("đã giải quyết, không xác định hạn", False, _LEFT),
    "undetermined_pending": ("đang giải quyết, không xác định hạn", False, ~_LEFT),
    "without_result": ("rút, trả lại, dừng giải quyết", True, _LEFT & _WITHOUT_RESULT),
    "suspended": ("đang tạm dừng", True, ~_LEFT & _C("suspended") & ~_LATE),
    "channel_unknown": ("không rõ kênh", True, _CAME & _C("channel").is_null()),
}
_DUE: Final = ("due_on", "code")
#: A letter goes out at least a working day before the promise (Nghị định 61/2018): these are for today.
_NEAR: Final = (_C("days_left") == 1).fill_null(False)
_HALT: Final = _C("halts").list.last().struct
_UNNOTICED: Final = _C("suspended") & (_HALT.field("kind") == "supplement") & ~_HALT.field("notice")


def column_code(column: str) -> str:
    """Name the list of a column of the form in the address: c3 → bm-3."""
    return f"bm-{column.removeprefix('c')}"


def note_code(note: str) -> str:
    """Name the list of a note of the form in the address."""
    return f"bm-{note.replace('_', '-')}"


_FORM: Final = (
    *(
        Listing(column_code(column), f"Cột ({column[1:]}) {title}", "form", _C("usable") & keep, _DUE)
        for column, (title, keep) in COLUMNS.items()
    ),
    *(
        Listing(
            note_code(note), f"Biểu II.06: {title}", "form", (_C("usable") if inside else ~_C("usable")) & keep, _DUE
        )
        for note, (title, inside, keep) in NOTES.items()
    ),
)


def _event(
    code: str, title: str, event: Event, less: Event | None = None, keep: pl.Expr = pl.lit(True)  # noqa: B008 - frozen
) -> Listing:  # fmt: skip
    return Listing(code, title, "event", keep, ("event_on", "code"), True, event=event, less=less)


def _fewer(part: str) -> pl.Expr:
    """Keep the dossiers with fewer papers of a kind than papers; more are a mistake of the source."""
    return (_C(part) < _C("components")).fill_null(False)


_QUALITY: Final = (
    _event("han-tiep-nhan", "Đến hạn trả lời tiếp nhận", Event.ACCEPTANCE_DUE),
    _event("tiep-nhan-tre", "Trả lời tiếp nhận trễ", Event.ACCEPTANCE_LATE),
    _event("khong-tiep-nhan", "Không tiếp nhận", Event.NOT_ACCEPTED),
    _event("bo-sung", "Bị yêu cầu bổ sung lần đầu", Event.SUPPLEMENTED),
    _event("lan-bo-sung", "Lần yêu cầu bổ sung", Event.SUPPLEMENTS),
    _event("bo-sung-van-ban", "Yêu cầu bổ sung có văn bản", Event.SUPPLEMENTS_NOTICED),
    _event("bo-sung-khong-van-ban", "Yêu cầu bổ sung không có văn bản", Event.SUPPLEMENTS_UNNOTICED),
    _event("phai-xin-loi", "Phải có văn bản xin lỗi", Event.LETTERS_OWED),
    _event("xin-loi-kip", "Xin lỗi kịp thời", Event.LETTERS_IN_TIME),
    _event("chua-xin-loi-kip", "Không kịp xin lỗi", Event.LETTERS_OWED, Event.LETTERS_IN_TIME),
    _event("xin-loi", "Văn bản xin lỗi đã phát hành", Event.LETTERS),
    _event("gia-han", "Gia hạn hợp lệ", Event.EXTENSIONS),
    _event("gia-han-khong-tinh", "Gia hạn không được tính", Event.EXTENSIONS_REFUSED),
    _event("rut", "Rút hồ sơ", Event.WITHDRAWN),
    _event("tra-lai", "Trả lại hồ sơ", Event.REFUSED),
    _event("dung", "Dừng giải quyết", Event.STOPPED),
    _event("khong-con", "Không còn ở nguồn", Event.GONE),
    _event("thu-phi", "Có phí, lệ phí", Event.FEES),
    _event("nop-phi-truc-tuyen", "Nộp phí trực tuyến", Event.PAID_ONLINE),
    _event("nop-phi-truc-tiep", "Nộp phí trực tiếp", Event.CHARGED, Event.PAID_ONLINE),
    _event("phi-khong-ro", "Có phí, không rõ cách nộp", Event.CHARGED_UNKNOWN),
    _event("ro-so-hoa", "Rõ số giấy tờ số hóa", Event.COMPONENTS_KNOWN),
    _event(
        "con-giay-chua-so-hoa", "Còn giấy tờ chưa số hóa", Event.COMPONENTS_KNOWN, keep=_fewer("components_digitised")
    ),
    _event(
        "con-giay-chua-dung-lai", "Còn giấy tờ chưa dùng lại", Event.COMPONENTS_KNOWN, keep=_fewer("components_reused")
    ),
    _event("ket-qua-ro", "Có kết quả, rõ có bản điện tử hay không", Event.RESULTS_KNOWN),
    _event("ket-qua-dien-tu", "Có kết quả điện tử", Event.RESULTS_DIGITAL),
    _event("ket-qua-chua-dien-tu", "Chưa có kết quả điện tử", Event.RESULTS_KNOWN, Event.RESULTS_DIGITAL),
    Listing("co-ket-qua", "Có kết quả", "resolved", _C("taken_days").is_not_null(), ("taken_days",), True),
    Listing("qua-han-chua-xin-loi", "Quá hạn chưa xin lỗi", "open", _LATE & _C("unlettered"), ("days_late",), True),
    Listing("sap-han-chua-xin-loi", "Còn 1 ngày, chưa xin lỗi", "open", _NEAR & _C("unlettered"), _DUE),
    Listing("cho-bo-sung-khong-van-ban", "Chờ bổ sung, không có văn bản", "open", _UNNOTICED, ("received_on",)),
)
LISTS: Final = by_code((*_FORM, *_QUALITY))
