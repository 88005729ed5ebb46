"""Every row of the workbook, every column by its heading, is that of the content object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from reports.slots import spoken
from tests.reports.papers import EDITIONS, Papers, booked
from tests.reports.province import Made

#: Heading → key of the content's row; "Kỳ" stands for what the edition calls its period.
UNIT = {
    "Đến hạn": "d", "Đúng hạn": "n", "Tỷ lệ": "rate", "Khoảng 95 %: từ": "low", "Khoảng 95 %: đến": "high",
    "Kỳ trước: đến hạn": "before_d", "Kỳ trước: đúng hạn": "before_n",
    "Kỳ trước: tỷ lệ": "before", "Thay đổi (điểm)": "points", "Giới hạn dưới": "lcl", "Giới hạn trên": "ucl",
    "Kết luận": "verdict", "Tồn quá hạn": "overdue", "1–3 ngày": "overdue_1_3", "4–10 ngày": "overdue_4_10",
    "11–30 ngày": "overdue_11_30", "Trên 30 ngày": "overdue_over_30",
}  # fmt: skip
WEEK = {
    "Từ ngày": "start", "Đến ngày": "end", "Đến hạn": "d", "Đúng hạn": "n", "Tỷ lệ": "rate", "Trung bình": "center",
    "Giới hạn dưới": "lcl", "Giới hạn trên": "ucl", "Tồn quá hạn": "stock",
}  # fmt: skip
LATE = {
    "TT": "n", "Mã hồ sơ": "code", "Mã TTHC": "procedure", "Thủ tục hành chính": "procedure_name", "Lĩnh vực": "field",
    "Cơ quan, đơn vị": "department", "Bước đang giữ": "step", "Kênh": "channel", "Nguồn": "source",
    "Ngày tiếp nhận": "received_on", "Hẹn trả lần đầu": "first_due_on", "Hẹn trả hiện tại": "due_on",
    "Số ngày quá hạn (ngày làm việc)": "days_late", "Tạm dừng": "suspended", "Nguyên nhân": "reason",
    "Văn bản xin lỗi": "letter", "Ngày văn bản": "letter_on", "Hẹn lại": "promised_on",
    "Trả lời người nộp": "answer",
}  # fmt: skip
SUMMARY = (
    "Chỉ tiêu", "Số", "Tử số", "Mẫu số", "Kỳ trước", "Thay đổi", "Giới hạn dưới", "Giới hạn trên", "Kết luận",
    "Câu trong báo cáo",
)  # fmt: skip
FLOWS = {
    "Hồ sơ tiếp nhận trong kỳ": "rec", "Tỷ lệ tiếp nhận trực tuyến": "on.sh", "Hồ sơ đã giải quyết trong kỳ": "res",
    "Trước hạn và đúng hạn": "res.ok", "Đúng hạn trên số đã giải quyết": "res.rate",
    "Đúng hạn theo lần hẹn đầu": "due.first", "Được dời ngày hẹn trước hạn": "due.moved",
    "Đang tạm dừng vào ngày hẹn": "due.halted", "Không xác định ngày hẹn": "undet", "Bản ghi lỗi chờ xử lý": "quar",
}  # fmt: skip


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda make: str(make.__name__))
def papers(request: pytest.FixtureRequest, golden: Made) -> Papers:
    return booked(request.param(golden))


def _heading(text: str, papers: Papers) -> str:
    noun = str(papers.content["edition"]["noun"])
    return text.replace("Kỳ", noun.capitalize()).replace("trong kỳ", f"trong {noun}")


def _shown(value: Any) -> Any:
    """Read a cell: a number is a number, a day its ten characters, an empty cell None."""
    try:
        return None if value in (None, "") else round(float(value), 7) + 0.0
    except ValueError:
        return str(value).removesuffix(" 00:00:00")


def _rows(papers: Papers, sheet: str, columns: Sequence[str], top: int = 0) -> list[list[Any]]:
    """Read the rows below the head of a sheet, whose headings are ``columns``; what stands beside them has none."""
    (head, *rows), width = papers.sheet(sheet)[top:], len(columns)
    assert [*head[:width], *(name for name in head[width:] if name is not None)] == list(columns)
    rows = [row[:width] for row in rows]
    return [[_shown(cell) for cell in row] for row in rows if any(cell is not None for cell in row)]


def _told(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[list[Any]]:
    return [[_shown(row[key]) for key in keys] for row in rows]


@pytest.mark.parametrize(
    ("sheet", "first", "key"), [("Cơ quan", "Cơ quan, đơn vị", "departments"), ("Lĩnh vực", "Lĩnh vực", "fields")]
)
def test_every_row_of_departments_and_fields_is_that_of_the_content(
    papers: Papers, sheet: str, first: str, key: str
) -> None:
    wanted = [{**row, "name": row["name"] or "Không ghi"} for row in papers.content["tables"][key]]
    heads = [first, *(_heading(each, papers) for each in UNIT)]
    assert wanted
    assert _rows(papers, sheet, heads) == _told(wanted, ["name", *UNIT.values()])


def test_every_week_is_that_of_the_content(papers: Papers) -> None:
    trend, sheet = papers.content["charts"]["trend"], f"13 {papers.content['edition']['noun']}"
    weeks = [{**week, "center": trend["center"]} for week in trend["weeks"]]
    assert len(weeks) > 1
    assert _rows(papers, sheet, list(WEEK)) == _told(weeks, list(WEEK.values()))
    beside = [text for row in papers.sheet(sheet) for text in row[len(WEEK) :] if text is not None]
    assert [text.partition(": ")[2].removesuffix(", tính lại giới hạn") for text in beside] == [
        mark["words"] for mark in trend.get("marks", ())
    ]


def test_every_overdue_dossier_is_that_of_the_content_in_its_order(papers: Papers) -> None:
    late = papers.content["tables"]["overdue"]
    assert late
    assert _rows(papers, "Quá hạn", list(LATE)) == _told(late, list(LATE.values()))


def _tile(content: Mapping[str, Any], at: int, stem: str, main: str, before: str, moved: str, times: int) -> list[Any]:
    tile, figures = content["headlines"][at], content["figures"]

    def value(key: str, of: str = "v") -> Any:
        return figures.get(key, {}).get(of)

    change = value(moved)
    said = [spoken(each, figures) for each in (tile["basis"], tile["change"], tile["verdict"]["why"]) if each]
    numbers = [
        value(main),
        value(main, "n"),
        value(main, "d"),
        value(before),
        None if change is None else times * change,
    ]
    return [tile["label"], *numbers, value(f"{stem}.lcl"), value(f"{stem}.ucl"), tile["verdict"]["t"], "; ".join(said)]


def test_every_row_of_the_summary_is_that_of_the_content(papers: Papers) -> None:
    content, figures = papers.content, papers.content["figures"]
    rows = _rows(papers, "Tóm tắt", [_heading(each, papers) for each in SUMMARY], top=5)
    flow = spoken(next(s for s in content["message"] if s["id"] == "flow")["items"][0], figures)
    wanted = [
        _tile(content, 0, "due", "due.rate", "due.rate.prev", "due.pp", 100),
        _tile(content, 1, "stock", "stock", "stock.prev", "stock.chg", 1),
    ]
    for title, key in FLOWS.items():
        if figure := figures.get(key):
            numbers = [figure.get(each) for each in ("v", "n", "d")]
            wanted.append([_heading(title, papers), *numbers, *[None] * 5, flow if key in ("rec", "res") else None])
    assert {"rec", "res"} <= figures.keys()
    assert rows == [[_shown(cell) for cell in row] for row in wanted]


def test_the_golden_week_by_hand(golden: Made) -> None:
    # Xây dựng 25/40 after 37/40, four over 30 days late; Tư pháp 39/41 after 39/40, one 2 days late; all 64/81, 76/80
    papers = booked(EDITIONS[0](golden))
    rows = {row[0]: row for row in _rows(papers, "Cơ quan", [papers.sheet("Cơ quan")[0][0], *(
        _heading(each, papers) for each in UNIT)])}  # fmt: skip
    building, justice = rows["Sở Xây dựng"], rows["Sở Tư pháp"]
    assert [*building[1:4], *building[6:10]] == [40, 25, 0.625, 40, 37, 0.925, -30]
    # Wilson: (0.625 + 0.048) / 1.096 = 0.614; reach 1.96 · √(0.625 · 0.375 / 40 + 0.000600) / 1.096 = 0.144
    assert building[4:6] == pytest.approx([0.470, 0.758], abs=0.001)
    assert building[10] < 0.925 <= building[11]
    assert building[13:] == [4, 0, 0, 0, 4]
    assert [*justice[1:4], *justice[6:10]] == [41, 39, round(39 / 41, 7), 40, 39, 0.975, -2.4]
    assert justice[13:] == [1, 1, 0, 0, 0]
    rate, stock = papers.sheet("Tóm tắt")[6:8]
    assert [_shown(cell) for cell in rate[1:6]] == [round(64 / 81, 7), 64, 81, 0.95, -16]
    assert float(rate[6]) < 0.95 < float(rate[7])
    assert [_shown(cell) for cell in stock[1:6]] == [5, None, None, 4, 1]
    last = papers.sheet("13 tuần")[13]
    assert [_shown(cell) for cell in last[:5]] == ["2018-11-02", "2018-11-08", 81, 64, round(64 / 81, 7)]
    assert _shown(last[8]) == 5
