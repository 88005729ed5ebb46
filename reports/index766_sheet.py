"""Sheet Chỉ số 766 of a quarter's workbook: the estimate item by item, and the groups below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports.sheets import HEAD, Book, Column, cell, table

Content = Mapping[str, Any]

_ITEMS: Final[tuple[Column, ...]] = (
    ("Nhóm", "text", "group", 24),
    ("Mục", "text", "title", 36),
    ("Điểm tối đa", "score", "weight", 9),
    ("Điểm ước tính", "score", "points", 13),
    ("Điểm mất", "score", "lost", 13),
    ("Tỷ lệ", "rate", "share", 13),
    ("Tử số", "count", "n", 13),
    ("Mẫu số", "count", "d", 13),
    ("Số làm mất điểm", "count", "missing", 13),
    ("Đếm theo", "text", "thing", 10),
    ("Trọng số từ ngày", "day", "from", 12),
    ("Trọng số", "text", "verified", 14),
    ("Số liệu lấy từ", "text", "origin", 46),
)
_GROUPS: Final[tuple[Column, ...]] = (
    ("Theo nhóm", "text", "title", 24),
    ("", "text", "", 36),
    ("Điểm tối đa", "score", "weight", 9),
    ("Điểm ước tính", "score", "points", 13),
    ("Điểm mất", "score", "lost", 13),
    ("Điểm có dữ liệu", "score", "known", 13),
    ("Điểm chưa có dữ liệu", "score", "unknown", 13),
)
_TOP: Final = 5


def write_index766(book: Book, content: Content) -> None:
    """Write the sheet Chỉ số 766, which only a quarter's report has, and none issued before it was estimated."""
    told = content.get("index766")
    if not told:
        return
    sheet = book.sheet("Chỉ số 766")
    sheet.write_string(0, 0, told["title"], book.style(bold=True, font_size=13))
    for down, name in enumerate(("headline", "basis", "note"), start=1):
        sheet.write_string(down, 0, told[name], book.style())
    table(book, sheet, _ITEMS, told["items"], top=_TOP)
    below = _TOP + len(told["items"]) + 2
    head = book.style(**{name: value for name, value in HEAD.items() if name not in ("font_name", "font_size")})
    for at, (heading, _, _, _) in enumerate(_GROUPS):
        sheet.write_string(below, at, heading, head)
    for down, row in enumerate(told["groups"], start=below + 1):
        last = row is told["groups"][-1]
        for at, (_, kind, key, _) in enumerate(_GROUPS):
            here = row.get("kinds", {}).get(key, kind)
            cell(book, sheet, down, at, here, row.get(key, ""), note_missing=False, bold=last)
