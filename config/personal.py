"""What looks like a person in a text: numbers, mail addresses, addresses, names. It is never shown, logged or kept.

Columns of personal data are known by their headers (connectors.columns); this is for where such things do not belong: a
telephone number in the name of a procedure, a name in a date, a list of people without a header, the name of a file.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WITHHELD: Final = "…"

# Patterns are written for Python and for polars (Rust): no look-around. None reaches over a quote: some texts are JSON.
# A dossier's code is no number of a person: six digits of a day stand in it behind a hyphen, H01.023-261105-0012.
_CARD: Final = (
    r"\b0\d{2}(?:[ .-]\d{3}){3}\b|\b0\d{8,11}\b|\b0\d{2,3}[ .-]\d{3,4}[ .-]\d{3,4}\b"
    r"|\b0\d{2,3}[ .]\d{6,8}\b|\b0\d{5,6}[ .-]\d{3,4}\b"
)
#: Ten digits, or eleven with the code of a province, however they are grouped; pairs are parted alike throughout. The
#: first group has three or more, for 05-01-2026 09:00 is no telephone.
_AT_HOME: Final = (
    r"\(?\b0[235789]\d(?:[ .()]{0,2}\d){7,8}\b"
    r"|\(?\b0[235789]\d(?:\)?-\d{7,8}|\)?[ .-]\d{3,4}[ .-]\d{4}|\d(?:-\d\d){3})\b"
    r"|\b0[35789]\d\d-\d{3}-?\d{3}\b|\b0[235789](?:(?: \d\d){4}|(?:\.\d\d){4}|(?:-\d\d){4})\b"
)
_ABROAD: Final = r"\(?(?:\+|\b)84\)?[ .-]?(?:\(0\)[ .-]?)?[235789](?:[ .()-]?\d){8,9}\b"
_PHONE: Final = rf"{_CARD}|{_AT_HOME}|{_ABROAD}"
_TOLD_NUMBER: Final = (
    r"(?i:\b(?:cmnd|cmt|cccd|căn cước|hộ chiếu|passport|mst|mã số thuế|sđt|đt|điện thoại|tel|phone|zalo|fax)\b)"
    r"""[^\d\n"\\]{0,12}\d[\d .-]{6,}\d"""
)
_MAIL: Final = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_WAY: Final = r"(?:ngõ|ngách|hẻm|kiệt|đường|phố|thôn|xóm|ấp|tổ|khu|quốc lộ)"
_HOUSE: Final = rf'(?i:\b(?:số nhà|số|{_WAY[3:-1]})\s+\d[\w/-]*,?\s+{_WAY}\b)[^"\\\n]*'


def _words(told: str) -> list[str]:
    return told.split()


#: Family names that hardly ever begin another phrase; after the others a middle name must follow.
_FAMILIES: Final = _words(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Ngô Dương Lý Đinh Trịnh Phùng Quách Giàng Sùng Thào Lường "
    "Quàng Triệu Mạc Kiều"
)
_FAMILIES_AND_WORDS: Final = _words(
    "Hà Mai Đào Lại Từ La Vi Cao Kim Ninh Thái Lương Đoàn Trương Lưu Tống Nông Vàng Lò Chu Tô Tạ Hứa Thạch Danh Sơn Cù "
    "Âu Văn Tôn Châu Lâm Hồ Lục Khổng Nghiêm Doãn Bạch Ma Mã Thân Thiều Vương Viên"
)
_MIDDLE: Final = _words(
    "Văn Thị Đức Hữu Quang Minh Ngọc Xuân Thanh Thu Kim Đình Công Duy Tuấn Hồng Bá Quốc Thế Trọng Mạnh Anh Bảo Gia Hải "
    "Phương Thùy Thúy Seo"
)


def _either(words: list[str]) -> str:
    """Match one of ``words`` as names are written: Nguyễn, or NGUYỄN."""
    return f"(?:{'|'.join([*words, *(word.upper() for word in words)])})"


_NAME: Final = (
    rf"\b{_either(_FAMILIES)}(?:\s+[\p]\w*){{1,4}}|\b{_either(_FAMILIES_AND_WORDS)}\s+{_either(_MIDDLE)}(?:\s+[\p]\w*){{1,3}}"
    r"|(?i:\bnguyễn)(?:\s+\w+){1,3}"
    # However it is written, where a middle name leaves no doubt: "quản lý thị trường" and "đang thi công" are nobody.
    r"|(?i:\b(?:trần|lê|phạm|hoàng|huỳnh|phan|đặng|bùi|đỗ|ngô|đinh|trịnh|phùng|nguyen|tran|le|pham|hoang|huynh|phan|trinh)"
    r"\s+(?:thị|văn|thi|van)(?:\s+\w+){1,2})"
)
_SALUTED: Final = (
    r"\b(?:ông|bà|anh|chị|đồng chí|đ/c)\s+[\p]\w*(?:\s+[\p]\w*){1,4}"
    rf"|\b(?:Ông|Bà|Anh|Chị|Đồng chí|Đ/c)\s+{_either(_FAMILIES)}(?:\s+[\p]\w*){{1,4}}"
)
#: Capitals of Vietnamese: those of Latin-1, Ă Đ Ĩ Ũ Ơ Ư, and every other sign of U+1EA0 to U+1EF8.
_CAPITALS: Final = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))


def _written(pattern: str) -> str:
    return pattern.replace(r"[\p]", f"[{_CAPITALS}]")


#: Numbers, mail and house addresses, people who are addressed: nowhere a part of the name of a unit.
NUMBERS: Final = _written("|".join((_MAIL, _TOLD_NUMBER, _PHONE, _HOUSE, _SALUTED)))
#: The same and names; communes are named after people, so this is not for units.
ALL: Final = _written("|".join((_MAIL, _TOLD_NUMBER, _PHONE, _HOUSE, _SALUTED, _NAME)))
_SEEN: Final = re.compile(ALL)


def hide(text: str) -> str:
    """Put … where ``text`` tells a person's number, address or name; give it in NFC.

    Names of files come decomposed from macOS, and a pattern knows a letter in one form only.
    """
    return _SEEN.sub(WITHHELD, unicodedata.normalize("NFC", text))
