"""What a cell of a date, an amount or a status looked like, without what people wrote into it.

Such a cell needs no free text. Words that belong there stay, and digits where they form a date or a number; of
everything else its shape: ``21/11/2026 aaaa aaa``. docs/privacy.md says where the line is and why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

import polars as pl

from config.mapping import DATE_FIELDS
from config.personal import ALL, WITHHELD, hide
from connectors.base import EVENT_TIME
from connectors.texts import DAMAGED, bare, by_distinct, fold
from connectors.words import STATUS_LISTS

Kind = Literal["date", "amount", "status"]
#: Field of a dossier → what its cells are; "date" is also what a mapping reads as one without it being a field.
KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys((*DATE_FIELDS, EVENT_TIME, "date"), "date"), "fee": "amount", "status": "status",
}  # fmt: skip
#: A cell that is nothing else: kept as it is, and most are.
_ORDINARY: Final[dict[Kind, str]] = {
    "date": (
        r"^(?:\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
        r"\s?(?:Z|[+-]\d{2}:?\d{2})?(?:\[(?:UTC|GMT|Asia/[A-Za-z_]+)\])?$"
        r"|^\d{1,8}$|^\d{5}\.\d+$|^(?:19|20)\d{12}$|^1\d{9}$|^1\d{12}$"
    ),
    "amount": r"^[1-9]\d{0,14}$|^[1-9]\d{0,2}(?:[., ]\d{3})+$|^0$",
    "status": r"^\d{1,4}$",
}
#: Numbers, separators and the words of clocks and calendars: a date, in whatever order, unless it looks like a person.
_LOOSE: Final[dict[Kind, str]] = {
    "date": (
        r"(?i)^(?:\d+|[\s/.:,+-]|[ap]m|sa|ch|t|z|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
        r"|mon|tue|wed|thu|fri|sat|sun)*$"
    )
}
_LONG_NUMBER: Final = r"\d{9}"
#: The longest run of digits that forms no number of a person.
_DIGITS: Final[dict[Kind, int]] = {"date": 8, "amount": 15, "status": 4}
_LONG_DATE: Final = re.compile(r"(?:19|20)\d{12}|1\d{9}|1\d{12}")  # yyyyMMddHHmmss, seconds or milliseconds since 1970
_LONGEST_PIECE, _LONGEST_WORD, _LONGEST = 12, 24, 60
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_PIECE: Final = re.compile(r"[^\W\d_]+|\d+")
_DATES: Final = (
    "ngày tháng năm giờ phút giây lúc thứ hai ba tư sáu bảy chủ nhật sáng chiều tối trưa đêm hôm qua nay mai kia nọ "
    "tuần quý đầu cuối giữa làm việc lịch chưa có không rõ hẹn trả sau trước từ đến và hoặc nhận nộp date một mười "
    "mươi am pm sa ch t z h g m s p utc gmt ict mon tue wed thu fri sat sun monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july "
    "august september october november december day days working business hour hours yesterday today tomorrow null "
    "none nan nat unknown pending invalid"
)
_AMOUNTS: Final = (
    "đồng đ vnđ vnd usd nghìn ngàn triệu tr k tỷ e miễn giảm phí lệ không thu chưa đã nộp có theo quy định một hai "
    "trăm mươi null none nan free"
)
#: Beside the words of connectors.words, those of which offices make their own statuses.
_STATUSES: Final = (
    "treo chờ ký số duyệt phê đóng dấu phát hành chuyển liên thông thuế kho bạc bộ sở phòng xã phường tỉnh một cửa "
    "lãnh đạo chuyên viên cán thụ lý phân công xác minh kiểm tra thẩm lấy ý kiến báo hẹn lại gia hạn quá trễ sớm đúng "
    "trước tạm lưu nháp mới cũ sai thiếu đủ hợp lệ bị không chưa sẽ được đang đã vừa và hoặc của cho về tại từ đến "
    "gửi nhận nộp phí thanh toán thu tiền kết thúc hủy huỷ xóa khôi phục mở khóa cấp in sao y dự thảo trình ban văn "
    "bản giấy tờ bưu chính trực tuyến tiếp người dân doanh nghiệp tổ chức quả bước vào sổ khai đề nghị lỗi hệ thống "
    "waiting for payment approval on hold progress under review to be sent not yet with draft archived error unknown "
    "pending response information required customer agency"
)


def _words(told: Iterable[str]) -> frozenset[str]:
    """Give the words of texts, and each as it is written without accents."""
    words = {word for text in told for word in fold(text).split()}
    return frozenset(words | set(map(bare, words)))


_KNOWN: Final[dict[Kind, frozenset[str]]] = {
    "date": _words([_DATES]),
    "amount": _words([_AMOUNTS]),
    "status": _words([_STATUSES, *(word for words in STATUS_LISTS.values() for word in words)]),
}


def shown(text: pl.Expr, kind: Kind, known: Iterable[str] = ()) -> pl.Expr:
    """Give cells as they may be shown and kept; ``known``: the office's own words for such cells."""
    return text.map_batches(lambda cells: shapes(cells, kind, known), return_dtype=pl.String)


def shapes(cells: pl.Series, kind: Kind, known: Iterable[str] = ()) -> pl.Series:
    """Give ``cells`` as they may be shown and kept, the work growing with the cells that are not ordinary."""
    cells = cells.cast(pl.String)
    words = cells.drop_nulls().unique()
    odd = _not_plain(words.filter(~words.str.contains(_ORDINARY[kind])), kind)
    if odd.is_empty():
        return cells
    mine = _KNOWN[kind] | _words(known)
    return cells.replace(odd, by_distinct(odd, lambda cell: _shape(cell, kind, mine)))


def _not_plain(words: pl.Series, kind: Kind) -> pl.Series:
    if kind not in _LOOSE:
        return words
    strange = words.str.contains(_LONG_NUMBER) | words.str.contains(ALL)
    return words.filter(strange | ~words.str.contains(_LOOSE[kind]))


def _shape(cell: str, kind: Kind, known: frozenset[str]) -> str:
    text = hide(_CONTROL.sub(DAMAGED, unicodedata.normalize("NFC", cell)))
    if kind == "status" and _is_one_word(text):
        return text
    letters = (piece for piece in _PIECE.findall(text) if not piece[0].isdigit())
    if kind != "status" and not all(fold(word) in known for word in letters):
        known = frozenset()  # one word that does not belong there makes a remark of all of them
    told = re.sub(r"\S+", lambda token: _token(token[0], kind, known), text)
    return told if len(told) <= _LONGEST else told[:_LONGEST] + WITHHELD


def _is_one_word(text: str) -> bool:
    """Say whether a status is one short word, as it is in any system that counts its own; a name has several."""
    return len(text) <= _LONGEST_WORD and len(text.split()) == 1 and not re.search(r"\d{5,}", text)


def _token(token: str, kind: Kind, known: frozenset[str]) -> str:
    """Keep a token whose words and numbers belong there; else write a for letters and 9 for digits."""
    if all(_belongs(piece, kind, known) for piece in _PIECE.findall(token)):
        return token
    return _PIECE.sub(lambda piece: ("9" if piece[0][0].isdigit() else "a") * min(len(piece[0]), _LONGEST_PIECE), token)


def _belongs(piece: str, kind: Kind, known: frozenset[str]) -> bool:
    if piece[0].isdigit():
        return len(piece) <= _DIGITS[kind] or (kind == "date" and _LONG_DATE.fullmatch(piece) is not None)
    return fold(piece) in known
