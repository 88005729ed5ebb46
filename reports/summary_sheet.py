"""Sheet Tóm tắt: every figure of page one with its basis, and the sentence that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports.sheets import Book, Column, Kind, named, table
from reports.slots import spoken

Content = Mapping[str, Any]

_COLUMNS: Final[tuple[Column, ...]] = (
    ("Chỉ tiêu", "text", "title", 34),
    ("Số", "count", "value", 11),
    ("Tử số", "count", "n", 10),
    ("Mẫu số", "count", "d", 10),
    ("{Tuần} trước", "count", "before", 11),
    ("Thay đổi", "count", "moved", 10),
    ("Giới hạn dưới", "decimal", "lcl", 11),
    ("Giới hạn trên", "decimal", "ucl", 11),
    ("Kết luận", "text", "verdict", 18),
    ("Câu trong báo cáo", "text", "said", 60),
)
#: A row that is a rate, not a number of dossiers.
_SHARE: Final[Mapping[str, Kind]] = {"value": "rate", "before": "rate", "moved": "points", "lcl": "rate", "ucl": "rate"}


def write_summary(book: Book, content: Content) -> None:
    """Write the sheet Tóm tắt."""
    sheet = book.sheet("Tóm tắt")
    head, seal = content["letterhead"], content["seal"]
    sheet.write_string(0, 0, f"{head['kind']}: {' '.join(head['subject'])}", book.style(bold=True, font_size=13))
    caveat = content["caveat"]
    warning = f"{caveat['lead']} {spoken(caveat, content['figures'])}" if caveat else "Không có lưu ý về số liệu."
    sheet.write_string(1, 0, warning, book.style(font_color="#9B1C1C") if caveat else book.style())
    sheet.write_string(2, 0, f"Bản số liệu {seal['data_version']}", book.style())
    sheet.write_string(3, 0, f"Mã nội dung {seal['content_sha256']}", book.style())
    rows = [*(_headline(content, tile) for tile in content["headlines"]), *_flows(content)]
    if content["remark"]:
        sheet.write_string(4, 0, f"Ý kiến của Giám đốc Trung tâm: {content['remark']['text']}", book.style())
    table(book, sheet, named(_COLUMNS, content), rows, top=5, noted=("value",))


def _headline(content: Content, tile: Mapping[str, Any]) -> dict[str, Any]:
    figures = content["figures"]
    stem = "due" if tile["id"] == "on_time_due" else "stock"
    main = figures.get(tile["figure"] or "", {})
    said = [tile["basis"], tile["change"], tile["verdict"]["why"]]
    moved = figures.get("due.pp" if stem == "due" else "stock.chg", {}).get("v")
    return {
        "title": tile["label"],
        "kinds": _SHARE if stem == "due" else {},
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
    ("Hồ sơ tiếp nhận trong {tuần}", "rec"),
    ("Tỷ lệ tiếp nhận trực tuyến", "on.sh"),
    ("Hồ sơ đã giải quyết trong {tuần}", "res"),
    ("Trước hạn và đúng hạn", "res.ok"),
    ("Đúng hạn trên số đã giải quyết", "res.rate"),
    ("Đúng hạn theo lần hẹn đầu", "due.first"),
    ("Được dời ngày hẹn trước hạn", "due.moved"),
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
            "title": title.replace("{tuần}", content["edition"]["noun"]), "kinds": _SHARE if "d" in f else {},
            "value": f.get("v"), "n": f.get("n"), "d": f.get("d"),
            "said": said if key in ("rec", "res") else "",
        }
        for title, f, key in found
    ]  # fmt: skip
