"""The workbook beside the printed report: the same content object, as tables that can be filtered and summed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from reports.sheets import Book, Column, Kind, cell, new_book, table
from reports.slots import spoken
from reports.tables import OVERDUE

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Content = Mapping[str, Any]


def render(content: Content) -> bytes:
    """Write the workbook of a content object; equal content gives equal bytes."""
    title = " ".join(content["letterhead"]["subject"])
    with new_book(date.fromisoformat(content["edition"]["issued_on"]), title, places=content["places"]) as (book, out):
        for write in SHEETS:
            write(book, content)
    return out.getvalue()


def _summary(book: Book, content: Content) -> None:
    """Sheet Tóm tắt: every figure of page one with its basis, and the sentence that carries it."""
    sheet = book.sheet("Tóm tắt")
    head, seal = content["letterhead"], content["seal"]
    sheet.write_string(0, 0, f"{head['kind']}: {' '.join(head['subject'])}", book.style(bold=True, font_size=13))
    caveat = content["caveat"]
    warning = f"{caveat['lead']} {spoken(caveat, content['figures'])}" if caveat else "Không có lưu ý về số liệu."
    sheet.write_string(1, 0, warning, book.style(font_color="#9B1C1C") if caveat else book.style())
    sheet.write_string(2, 0, f"Bản số liệu {seal['data_version']}", book.style())
    sheet.write_string(3, 0, f"Mã nội dung {seal['content_sha256']}", book.style())
    columns: list[Column] = [
        ("Chỉ tiêu", "text", "title", 34), ("Số", "count", "value", 11), ("Tử số", "count", "n", 10), ("Mẫu số", "count", "d", 10),
        ("Tuần trước", "count", "before", 11), ("Thay đổi", "count", "moved", 10), ("Giới hạn dưới", "decimal", "lcl", 11),
        ("Giới hạn trên", "decimal", "ucl", 11), ("Kết luận", "text", "verdict", 18), ("Câu trong báo cáo", "text", "said", 60),
    ]  # fmt: skip
    rows = [*(_headline(content, tile) for tile in content["headlines"]), *_flows(content)]
    table(book, sheet, columns, rows, top=5, note_missing=False)
    for down, row in enumerate(rows, start=6):
        kind: Kind = "rate" if row["share"] else "count"
        for at, key in ((1, "value"), (4, "before")):
            cell(book, sheet, down, at, kind, row.get(key), note_missing=key == "value")
        cell(book, sheet, down, 5, "points" if row["share"] else "count", row.get("moved"), note_missing=False)
        for at, key in ((6, "lcl"), (7, "ucl")):
            cell(book, sheet, down, at, "rate" if row["share"] else "decimal", row.get(key), note_missing=False)


def _headline(content: Content, tile: Mapping[str, Any]) -> dict[str, Any]:
    figures = content["figures"]
    stem = "due" if tile["id"] == "on_time_due" else "stock"
    main = figures.get(tile["figure"] or "", {})
    said = [tile["basis"], tile["change"], tile["verdict"]["why"]]
    moved = figures.get("due.pp" if stem == "due" else "stock.chg", {}).get("v")
    return {
        "title": tile["label"],
        "share": stem == "due",
        "value": main.get("v"),
        "n": main.get("n"),
        "d": main.get("d"),
        "before": figures.get("due.rate.prev" if stem == "due" else "stock.prev", {}).get("v"),
        "moved": None if moved is None else 100 * moved if stem == "due" else moved,
        "lcl": figures.get(f"{stem}.lcl", {}).get("v"),
        "ucl": figures.get(f"{stem}.ucl", {}).get("v"),
        "verdict": tile["verdict"]["t"],
        "said": "; ".join(spoken(s, figures) for s in said if s),
    }


#: Other figures of the summary: title, key of the figure.
_FLOWS: Final = (
    ("Hồ sơ tiếp nhận trong tuần", "rec"),
    ("Tỷ lệ tiếp nhận trực tuyến", "on.sh"),
    ("Hồ sơ đã giải quyết trong tuần", "res"),
    ("Trước hạn và đúng hạn", "res.ok"),
    ("Đúng hạn trên số đã giải quyết", "res.rate"),
    ("Đúng hạn theo lần hẹn đầu", "due.first"),
    ("Được gia hạn trước ngày hẹn", "due.moved"),
    ("Đang tạm dừng vào ngày hẹn", "due.halted"),
    ("Không xác định ngày hẹn", "undet"),
    ("Bản ghi lỗi chờ xử lý", "quar"),
)


def _flows(content: Content) -> list[dict[str, Any]]:
    figures = content["figures"]
    flow = next(s for s in content["message"] if s["id"] == "flow")["items"]
    said = spoken(flow[0], figures) if flow else ""
    found = [(title, figures[key], key) for title, key in _FLOWS if key in figures]
    return [
        {
            "title": title, "share": "d" in f, "value": f.get("v"), "n": f.get("n"), "d": f.get("d"),
            "said": said if key in ("rec", "res") else "",
        }
        for title, f, key in found
    ]  # fmt: skip


_FORM_HEAD: Final = (
    "Tổng số", "Trực tuyến", "Trực tiếp, bưu chính", "Từ kỳ trước",
    "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn",
)  # fmt: skip
_FORM_NUMBERS: Final = (
    "(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)", "(11)=(12)+(13)", "(12)", "(13)",
)  # fmt: skip


def _form(book: Book, content: Content) -> None:
    """Sheet Biểu II.06, with a check column outside the print area."""
    sheet, form, figures = book.sheet("Biểu II.06"), content["form"], content["figures"]
    head = book.style(bold=True, text_wrap=True, valign="vcenter", align="center", bg_color="#EEF1F3", border=1)
    sheet.merge_range(0, 0, 0, 12, f"{form['code']}. {form['title']}", book.style(bold=True, align="center"))
    sheet.merge_range(1, 0, 1, 12, f"{spoken(form['period'], figures)}. Đơn vị tính: hồ sơ", book.style(align="center"))
    sheet.merge_range(2, 0, 3, 0, "STT", head)
    sheet.merge_range(2, 1, 3, 1, form["unit"], head)
    for first, last, words in ((2, 5, "Số hồ sơ tiếp nhận"), (6, 9, "Số hồ sơ đã giải quyết"), (10, 12, "Số hồ sơ đang giải quyết")):
        sheet.merge_range(2, first, 2, last, words, head)
    for at, words in enumerate(_FORM_HEAD, start=2):
        sheet.write_string(3, at, words, head)
    for at, words in enumerate(_FORM_NUMBERS):
        sheet.write_string(4, at, words, book.style(italic=True, align="center", text_wrap=True, border=1))
    sheet.write_string(4, 14, "Kiểm tra (3)−(7)−(11)", book.style(italic=True, font_color="#56616B"))
    lines = [*((i, r, False) for i, r in enumerate(form["rows"], start=1)), (None, form["total"], True)]
    for down, (number, row, bold) in enumerate(lines, start=5):
        _form_line(book, sheet, down, number, row, bold)
    end = 5 + len(lines)
    for down, note in enumerate(form["notes"], start=end + 1):
        sheet.write_string(down, 0, spoken(note, figures), book.style())
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 42)
    sheet.set_column(2, 12, 11)
    sheet.freeze_panes(5, 2)
    sheet.repeat_rows(0, 4)
    sheet.print_area(0, 0, end + len(form["notes"]), 12)


def _form_line(book: Book, sheet: Worksheet, down: int, number: int | None, row: Mapping[str, Any], bold: bool) -> None:
    look = {"border": 1, "bold": bold}
    cell(book, sheet, down, 0, "count" if number else "text", number or "", **look)
    cell(book, sheet, down, 1, "text", row["name"] + row["mark"], **look)
    for at, each in enumerate(row["cells"], start=2):
        cell(book, sheet, down, at, "count", each["v"], **look)
    values = [each["v"] for each in row["cells"]]
    cell(book, sheet, down, 14, "count", values[0] - values[4] - values[8], note_missing=False)


_UNIT_COLUMNS: Final[tuple[Column, ...]] = (
    ("Đến hạn", "count", "d", 9), ("Đúng hạn", "count", "n", 9), ("Tỷ lệ", "rate", "rate", 9),
    ("Tuần trước: đến hạn", "count", "before_d", 10), ("Tuần trước: đúng hạn", "count", "before_n", 10),
    ("Tuần trước: tỷ lệ", "rate", "before", 10), ("Thay đổi (điểm)", "points", "points", 9),
    ("Giới hạn dưới", "rate", "lcl", 9), ("Giới hạn trên", "rate", "ucl", 9), ("Kết luận", "text", "verdict", 20),
    ("Tồn quá hạn", "count", "overdue", 9), ("1–3 ngày", "count", "overdue_1_3", 8), ("4–10 ngày", "count", "overdue_4_10", 8),
    ("11–30 ngày", "count", "overdue_11_30", 8), ("Trên 30 ngày", "count", "overdue_over_30", 8),
)  # fmt: skip


def _units(name: str, heading: str, key: str) -> Callable[[Book, Content], None]:
    def write(book: Book, content: Content) -> None:
        first: Column = (heading, "text", "name", 46)
        rows = [row | {"name": row["name"] or "Không ghi"} for row in content["tables"][key]]
        table(book, book.sheet(name), [first, *_UNIT_COLUMNS], rows, frozen=1)

    return write


def _weeks(book: Book, content: Content) -> None:
    """Sheet 13 tuần, with a chart of Excel's own."""
    sheet, trend = book.sheet("13 tuần"), content["charts"]["trend"]
    columns: list[Column] = [
        ("Từ ngày", "day", "start", 12), ("Đến ngày", "day", "end", 12), ("Đến hạn", "count", "d", 10), ("Đúng hạn", "count", "n", 10),
        ("Tỷ lệ", "rate", "rate", 10), ("Trung bình", "rate", "center", 10), ("Giới hạn dưới", "rate", "lcl", 10),
        ("Giới hạn trên", "rate", "ucl", 10), ("Tồn quá hạn", "count", "stock", 10),
    ]  # fmt: skip
    if "unavailable" in trend:
        sheet.write_string(0, 0, spoken(trend["unavailable"], content["figures"]), book.style())
        return
    rows = [week | {"center": trend["center"]} for week in trend["weeks"]]
    table(book, sheet, columns, rows)
    chart = book.workbook.add_chart({"type": "line"})
    last = len(rows)
    for at, colour, dash in ((4, "#1B242C", "solid"), (5, "#56616B", "solid"), (6, "#9B1C1C", "dash"), (7, "#9B1C1C", "dash")):
        chart.add_series({
            "name": ["13 tuần", 0, at], "categories": ["13 tuần", 1, 1, last, 1], "values": ["13 tuần", 1, at, last, at],
            "line": {"color": colour, "width": 2.25 if at == 4 else 1, "dash_type": dash},
        })  # fmt: skip
    chart.set_title({"name": "Đúng hạn theo ngày hẹn trả", "name_font": {"size": 12}})
    chart.set_y_axis({"min": trend["axis"][0]["v"], "max": 1, "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.6, "y_scale": 1.1})


_WIDTHS: Final = {"code": 26, "procedure_name": 52, "field": 22, "department": 34, "reason": 34}


def overdue_columns() -> list[Column]:
    """Give the columns of a list of overdue dossiers."""
    return [(heading, kind, key, _WIDTHS.get(key, 13)) for heading, kind, key in OVERDUE]


def _overdue(book: Book, content: Content) -> None:
    table(book, book.sheet("Quá hạn"), overdue_columns(), content["tables"]["overdue"], frozen=2, note_missing=False)


def _words(name: str, columns: Sequence[tuple[str, float]], rows_of: Callable[[Content], list[list[str]]]) -> Callable[[Book, Content], None]:
    def write(book: Book, content: Content) -> None:
        told: list[Column] = [(heading, "text", str(i), width) for i, (heading, width) in enumerate(columns)]
        rows = [{str(i): text for i, text in enumerate(row)} for row in rows_of(content)]
        table(book, book.sheet(name), told, rows, note_missing=False)

    return write


def _asks(content: Content) -> list[list[str]]:
    section = next(s for s in content["message"] if s["id"] == "asks")
    said = section["items"] or [section["empty"]]
    return [[s["rule"], spoken(s, content["figures"])] for s in said]


def _restated(content: Content) -> list[list[str]]:
    told: list[list[str]] = content["restatements"]["rows"]
    return told or [[spoken(content["restatements"]["empty"], content["figures"])]]


def _sources(content: Content) -> list[list[str]]:
    return list(content["sources"]["rows"]) if content["sources"] else []


def _terms(content: Content) -> list[list[str]]:
    return [[term, name, spoken({"text": text}, content["figures"])] for term, name, text in content["definitions"]]


SHEETS: Final[tuple[Callable[[Book, Content], None], ...]] = (
    _summary,
    _form,
    _units("Cơ quan", "Cơ quan, đơn vị", "departments"),
    _units("Lĩnh vực", "Lĩnh vực", "fields"),
    _weeks,
    _overdue,
    _words("Kiến nghị", (("Mã câu", 10), ("Nội dung", 110)), _asks),
    _words("Điều chỉnh", (("Báo cáo số", 50), ("Số liệu", 30), ("Kỳ", 20), ("Đã báo cáo", 14), ("Nay là", 14), ("Số hồ sơ", 12), ("Lý do", 50)), _restated),
    _words("Nguồn", (("Nguồn", 60), ("Tình trạng", 16), ("Số liệu đến", 20), ("Bản ghi lỗi", 14)), _sources),
    _words("Khái niệm", (("Khái niệm", 34), ("Mã", 22), ("Cách tính trong báo cáo này", 110)), _terms),
)  # fmt: skip
