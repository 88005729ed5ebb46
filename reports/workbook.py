"""The workbook beside the printed report: the same content object, as tables that can be filtered and summed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from config import insight
from reports import formats
from reports.form_sheet import write_form
from reports.index766_sheet import write_index766
from reports.sheets import Book, Column, Kind, named, new_book, table
from reports.slots import spoken
from reports.summary_sheet import write_summary
from reports.tables import OVERDUE

Content = Mapping[str, Any]


def render(content: Content) -> bytes:
    """Write the workbook of a content object; equal content gives equal bytes."""
    title = " ".join(content["letterhead"]["subject"])
    with new_book(date.fromisoformat(content["edition"]["issued_on"]), title, places=content["places"]) as (book, out):
        for write in SHEETS:
            write(book, content)
    return out.getvalue()


_UNIT_COLUMNS: Final[tuple[Column, ...]] = (
    ("Đến hạn", "count", "d", 9),
    ("Đúng hạn", "count", "n", 9),
    ("Tỷ lệ", "rate", "rate", 9),
    ("Khoảng 95 %: từ", "rate", "low", 9),
    ("Khoảng 95 %: đến", "rate", "high", 9),
    ("{Tuần} trước: đến hạn", "count", "before_d", 10),
    ("{Tuần} trước: đúng hạn", "count", "before_n", 10),
    ("{Tuần} trước: tỷ lệ", "rate", "before", 10),
    ("Thay đổi (điểm)", "points", "points", 9),
    ("Giới hạn dưới", "rate", "lcl", 9),
    ("Giới hạn trên", "rate", "ucl", 9),
    ("Kết luận", "text", "verdict", 20),
    ("Tồn quá hạn", "count", "overdue", 9),
    ("1–3 ngày", "count", "overdue_1_3", 8),
    ("4–10 ngày", "count", "overdue_4_10", 8),
    ("11–30 ngày", "count", "overdue_11_30", 8),
    ("Trên 30 ngày", "count", "overdue_over_30", 8),
)


def _units(name: str, heading: str, key: str) -> Callable[[Book, Content], None]:
    def write(book: Book, content: Content) -> None:
        first: Column = (heading, "text", "name", 46)
        rows = [row | {"name": row["name"] or "Không ghi"} for row in content["tables"][key]]
        columns = named([first, *_UNIT_COLUMNS], content)
        table(book, book.sheet(name), columns, rows, frozen=1, noted=("rate", "before_d"))

    return write


#: Column right of the chart under the weeks, where the days to know of stand.
_BESIDE: Final = 10


def _weeks(book: Book, content: Content) -> None:
    """Sheet 13 tuần (tháng, quý, năm), with a chart of Excel's own."""
    name, trend = f"{insight.load().signal.before + 1} {content['edition']['noun']}", content["charts"]["trend"]
    sheet = book.sheet(name)
    columns: list[Column] = [
        ("Từ ngày", "day", "start", 12),
        ("Đến ngày", "day", "end", 12),
        ("Đến hạn", "count", "d", 10),
        ("Đúng hạn", "count", "n", 10),
        ("Tỷ lệ", "rate", "rate", 10),
        ("Trung bình", "rate", "center", 10),
        ("Giới hạn dưới", "rate", "lcl", 10),
        ("Giới hạn trên", "rate", "ucl", 10),
        ("Tồn quá hạn", "count", "stock", 10),
    ]
    if "unavailable" in trend:
        sheet.write_string(0, 0, spoken(trend["unavailable"], content["figures"]), book.style())
        return
    rows = [week | {"center": trend["center"]} for week in trend["weeks"]]
    table(book, sheet, columns, rows, noted=("rate", "stock"))
    chart = book.workbook.add_chart({"type": "line"})
    last = len(rows)
    for at, colour, dash in (
        (4, "#1B242C", "solid"),
        (5, "#56616B", "solid"),
        (6, "#9B1C1C", "dash"),
        (7, "#9B1C1C", "dash"),
    ):
        chart.add_series(
            {
                "name": [name, 0, at],
                "categories": [name, 1, 1, last, 1],
                "values": [name, 1, at, last, at],
                "line": {"color": colour, "width": 2.25 if at == 4 else 1, "dash_type": dash},
            }
        )
    chart.set_title({"name": "Đúng hạn theo ngày hẹn trả", "name_font": {"size": 12}})
    chart.set_y_axis({"min": trend["axis"][0]["v"], "max": 1, "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.6, "y_scale": 1.1})
    for at, mark in enumerate(trend.get("marks", ())):
        sheet.write_string(last + 2 + at, _BESIDE, _marked(mark), book.style())


def _marked(mark: Mapping[str, Any]) -> str:
    day = formats.day(date.fromisoformat(mark["day"]))
    if "source" not in mark:  # nor has it one in a report of earlier
        return f"{day}: {mark['words']}" + (", tính lại giới hạn" if mark["restarts"] else "")
    until = formats.day(date.fromisoformat(mark["last"])) if mark["last"] else "nay"
    days = f"ngày {day}" if mark["last"] == mark["day"] else f"từ {day} đến {until}"
    return f"Nguồn {mark['source']} {mark['words']} {days}"


_WIDTHS: Final = {
    "n": 6, "code": 26, "procedure": 11, "procedure_name": 46, "field": 20, "department": 30, "step": 18, "channel": 10,
    "received_on": 11, "first_due_on": 11, "due_on": 11, "days_late": 10, "suspended": 8, "reason": 26, "answer": 30,
}  # fmt: skip


def overdue_columns() -> list[Column]:
    """Give the columns of a list of overdue dossiers."""
    return [(heading, kind, key, _WIDTHS.get(key, 13)) for heading, kind, key in OVERDUE]


def _overdue(book: Book, content: Content) -> None:
    table(book, book.sheet("Quá hạn"), overdue_columns(), content["tables"]["overdue"], frozen=2)


def _words(
    name: str, columns: Sequence[tuple[str, float]], rows_of: Callable[[Content], list[list[str]]]
) -> Callable[[Book, Content], None]:
    def write(book: Book, content: Content) -> None:
        told: list[Column] = [(heading, "text", str(i), width) for i, (heading, width) in enumerate(columns)]
        rows = [{str(i): text for i, text in enumerate(row)} for row in rows_of(content)]
        table(book, book.sheet(name), told, rows)

    return write


def _asks(content: Content) -> list[list[str]]:
    section = next(s for s in content["message"] if s["id"] == "asks")
    said = section["items"] or [section["empty"]]
    return [[s["rule"], spoken(s, content["figures"])] for s in said]


def _followed(book: Book, content: Content) -> None:
    """Sheet Kiến nghị trước, where there is any to tell of."""
    if content["followup"]:
        columns = (("Báo cáo số", 20), ("Nội dung", 90), ("Thời hạn", 14), ("Kết quả", 24))
        _words("Kiến nghị trước", columns, lambda told: list(told["followup"]["rows"]))(book, content)


def _restated(content: Content) -> list[list[str]]:
    told: list[list[str]] = content["restatements"]["rows"]
    return told or [[spoken(content["restatements"]["empty"], content["figures"])]]


def _sources(content: Content) -> list[list[str]]:
    return list(content["sources"]["rows"]) if content["sources"] else []


def _terms(content: Content) -> list[list[str]]:
    return [[term, name, spoken({"text": text}, content["figures"])] for term, name, text in content["definitions"]]


_SERVED: Final[tuple[Column, ...]] = (
    ("Chỉ tiêu", "text", "title", 50),
    ("Số liệu", "decimal", "v", 16),
    ("Tử số", "count", "n", 12),
    ("Mẫu số", "count", "d", 12),
    ("{Tuần} trước", "decimal", "before_v", 16),
    ("Như in", "text", "t", 20),
    ("Trên", "text", "basis", 34),
    ("Nguồn gốc", "text", "origin", 18),
    ("Mã", "text", "id", 26),
)
#: How a row of service is written, by its unit; others have decimals.
_BY_UNIT: Final[Mapping[str, Kind]] = {"share": "rate", "dong": "count", "dossiers": "count"}


def _service(book: Book, content: Content) -> None:
    """Sheet Chất lượng, which a report issued before it was printed does not have."""
    if told := content.get("service"):
        rows = [
            row | {"kinds": {key: _BY_UNIT.get(row["unit"], "decimal") for key in ("v", "before_v")}}
            for row in told["numbers"]
        ]
        table(book, book.sheet("Chất lượng"), named(_SERVED, content), rows)


SHEETS: Final[tuple[Callable[[Book, Content], None], ...]] = (
    write_summary,
    write_form,
    _units("Cơ quan", "Cơ quan, đơn vị", "departments"),
    _units("Lĩnh vực", "Lĩnh vực", "fields"),
    _weeks,
    _overdue,
    _words("Kiến nghị", (("Mã câu", 10), ("Nội dung", 110)), _asks),
    _followed,
    _words(
        "Điều chỉnh",
        (
            ("Báo cáo số", 50),
            ("Số liệu", 30),
            ("Kỳ", 20),
            ("Đã báo cáo", 14),
            ("Nay là", 14),
            ("Số hồ sơ", 12),
            ("Lý do", 50),
        ),
        _restated,
    ),
    _service,
    write_index766,
    _words("Nguồn", (("Nguồn", 60), ("Tình trạng", 16), ("Số liệu đến", 20), ("Bản ghi lỗi", 14)), _sources),
    _words("Khái niệm", (("Khái niệm", 34), ("Mã", 22), ("Cách tính trong báo cáo này", 110)), _terms),
)
