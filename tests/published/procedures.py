"""The procedures of Quảng Ninh as they were published in 2018, made into lists as an office would hand them out.

Of each figure only the parts are given; every total comes out of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import count, islice
from typing import Final

import xlsxwriter

HEAD: Final = (
    "Mã số", "Tên", "Cơ quan thực hiện", "Cấp", "Khối", "Vào trung tâm", "Thực hiện tại chỗ", "Xin ý kiến",
    "Mức độ DVC", "Bưu chính", "Thời hạn giải quyết", "Thời hạn cam kết",
)  # fmt: skip
MAPPING: Final = """
[columns]
procedure = "Mã số"
name = "Tên"
department = "Cơ quan thực hiện"
level = "Cấp"
kind = "Khối"
centre = "Vào trung tâm"
on_site = "Thực hiện tại chỗ"
awaits = "Xin ý kiến"
online = "Mức độ DVC"
post = "Bưu chính"
statutory = "Thời hạn giải quyết"
committed = "Thời hạn cam kết"
[words.awaits]
"Bộ" = "ministry"
"Cấp ủy tỉnh" = "committee"
[words.online]
"Chưa có" = "none"
"""
#: Department → limits in working days, law and promise, and of how many procedures.
LIMITS: Final[dict[str, tuple[tuple[int, int, int], ...]]] = {
    "Sở Công Thương": ((7, 3, 40),),
    "Sở Xây dựng": ((20, 10, 17), (5, 3, 3)),
    "Ban Quản lý Khu kinh tế": ((20, 10, 22), (5, 3, 3)),
    "Sở Tài nguyên và Môi trường": ((10, 6, 81), (10, 7, 19)),
    "Sở Khoa học và Công nghệ": ((20, 9, 12),),
    "Ban Xúc tiến và Hỗ trợ đầu tư": ((40, 9, 6),),
}
#: Agencies outside the province's own totals, and how many procedures each has.
OUTSIDE: Final = (
    ("Công an tỉnh", "Ngành dọc", 18), ("Bảo hiểm xã hội tỉnh", "Ngành dọc", 14), ("Cục Thuế tỉnh", "Ngành dọc", 24),
    ("Công ty Điện lực", "Doanh nghiệp", 16), ("Công ty Nước sạch", "Doanh nghiệp", 1),
)  # fmt: skip
_POST: Final = 1_180
Row = tuple[str, ...]


def of_the_province() -> Iterator[Row]:
    """Give 1,360 procedures of the province, 301 of districts, 97 of communes, and those of others."""
    limits = _limits()
    post = ("Có" if n < _POST else "Không" for n in count())
    for n in range(1_360):
        department, law, promise = next(limits)
        yield (
            _code(n), f"Thủ tục {n}", department, "Tỉnh", "Thuộc tỉnh", "Có" if n < 1_250 else "Không", _on_site(n),
            _awaits(n), _online(n), next(post), law, promise,
        )  # fmt: skip
    for level, first, size in (("Huyện", 1_360, 301), ("Xã", 1_661, 97)):
        for n in range(first, first + size):
            yield _code(n), f"Thủ tục {n}", f"UBND cấp {level.lower()}", level, *[""] * 5, next(post), "", ""
    number = count(1_758)
    for department, kind, size in OUTSIDE:
        for n in islice(number, size):
            yield _code(n), f"Thủ tục {n}", department, "Tỉnh", kind, "Có", *[""] * 6


def of_districts() -> Iterator[tuple[str, list[Row]]]:
    """Give the lists of 14 districts: 4,295 places of a procedure, 3,599 of them online."""
    online = ("Mức độ 3" if n < 3_599 else "Chưa có" for n in count())
    for district in range(14):
        codes = range(1_360, 1_360 + (307 if district < 11 else 306))
        rows = [(_code(n), f"Thủ tục {n}", "", "Huyện", *[""] * 4, next(online), "", "", "") for n in codes]
        yield f"huyen-{district + 1:02d}", rows


def workbook(rows: Iterator[Row] | list[Row]) -> bytes:
    """Write a list as a workbook, as it is handed out: a title, a header, codes that look like decimals."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Danh mục")
    sheet.write_string(0, 0, "DANH MỤC THỦ TỤC HÀNH CHÍNH")
    for n, row in enumerate((HEAD, *rows), start=1):
        for column, cell in enumerate(row):
            sheet.write_string(n, column, cell)
    book.close()
    return out.getvalue()


def _code(n: int) -> str:
    return f"1.{100_000 + n}"


def _on_site(n: int) -> str:
    return "4 bước" if n < 982 else ""


def _awaits(n: int) -> str:
    if 982 <= n < 982 + 28:
        return "Bộ"
    return "Cấp ủy tỉnh" if 982 + 28 <= n < 982 + 28 + 208 else ""


def _online(n: int) -> str:
    if n < 943:
        return "Mức độ 3"
    return "Mức độ 4" if n < 943 + 66 else "Chưa có"


def _limits() -> Iterator[tuple[str, str, str]]:
    for department, told in LIMITS.items():
        for law, promise, size in told:
            for _ in range(size):
                yield department, f"{law} ngày làm việc", f"{promise} ngày làm việc"
    while True:
        yield "Sở Nội vụ", "", ""
