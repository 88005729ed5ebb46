"""Every row of every table and figure stands on paper and in Word with each number in its own column."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from reports import pdf, reread
from reports.slots import spoken
from tests.reports.papers import EDITIONS, Papers, printed
from tests.reports.printed import plain
from tests.reports.province import THURSDAY, Made, Making, case, twelve_weeks

SAID = {"xau": "giảm", "tot": "tăng", "thuong": "thường", "nho": "số nhỏ", "chua": "chưa rõ"}


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda make: str(make.__name__))
def papers(request: pytest.FixtureRequest, golden: Made) -> Papers:
    return printed(request.param(golden))


def _line(*texts: str) -> str:
    return plain("".join(texts))


def _after(heading: str, text: str) -> str:
    """Give what follows a heading, which stands once."""
    before, found, rest = text.partition(plain(heading))
    assert found, heading
    assert plain(heading) not in rest, (heading, before)
    return rest


def _table(papers: Papers, first: str, *, columns: int) -> list[list[str]]:
    """Give the rows below the head of the one table of Word that begins with a heading."""
    (found,) = [t for t in papers.tables if t[0][0] == plain(first) and len(t[0]) == columns]
    return found[1:]


def _rated(rate: dict[str, Any]) -> str:
    """Give a rate as it is printed: of few dossiers with its interval under it."""
    return str(rate["t"] + rate.get("chance", ""))


def _fields(content: dict[str, Any]) -> list[list[str]]:
    return [
        [row["name"], row["d"], _rated(row["rate"]), row["prev"], row["change"], SAID[row["signal"]], row["overdue"]]
        for row in content["fields"]["rows"]
    ]


def _plain(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in rows]


def test_the_fields_are_the_same_row_by_row(papers: Papers) -> None:
    rows = _fields(papers.content)
    assert rows
    head = f"Lĩnh vực Đến hạn Tỷ lệ {papers.content['edition']['noun']} trước Điểm Thay đổi Tồn quá hạn"
    head = head.replace(f"lệ {head.split()[6]}", f"lệ {papers.content['edition']['noun'].capitalize()}")
    assert _after(head, papers.pdf).startswith("".join(_line(*row) for row in rows))
    assert _table(papers, "Lĩnh vực", columns=7) == _plain(rows)


def test_the_departments_of_the_second_figure_are_the_same_row_by_row(papers: Papers) -> None:
    chart = papers.content["charts"]["departments"]
    drawn = _after("Thay đổi Tồn", papers.pdf.replace(plain("Thay đổi Tồn quá hạn"), "")).partition("Hình2.")[0]
    rows = [
        _line(r["name"], r["mark"], _rated(r["rate"]), r["d"], SAID[r["signal"]], r["overdue"]["t"])
        for r in chart["rows"]
    ]
    notes = [plain(spoken(chart[key], papers.content["figures"])) for key in ("chances", "note") if chart.get(key)]
    assert rows
    assert drawn == "".join([*rows, *notes])


def test_the_bars_of_the_third_figure_are_the_same_row_by_row(papers: Papers) -> None:
    chart = papers.content["charts"]["ages"]
    drawn = _after("Tuổi quá hạn (ngày làm việc)", papers.pdf).partition("Hình3.")[0]
    told = "".join(_line(b["name"], b["t"], f"({b['share']})", _before(b)) for b in chart["ages"])
    if chart["causes"]:
        told += plain("Nguyên nhân (do đơn vị ghi)")
        told += "".join(_line(b["name"], b["t"], f"({b['share']})") for b in chart["causes"])
    assert drawn == told + (plain(spoken(chart["note"], papers.content["figures"])) if chart["note"] else "")


def _before(band: dict[str, Any]) -> str:
    return f", trước {band['prev']}" if band["prev"] is not None else ""


def test_the_first_figure_carries_the_rate_of_the_last_week_and_the_stock_of_the_last_two(papers: Papers) -> None:
    chart = papers.content["charts"]["trend"]
    rates, found, stocks = papers.pdf.partition(plain("Quá hạn đang tồn (hồ sơ)"))
    assert found
    silent = papers.content["edition"]["id"] == "month"
    assert [chart["weeks"][-1][key] is None for key in ("rate", "stock")] == [silent, False]
    assert rates.endswith(_line("Tỷ lệ đúng hạn theo ngày hẹn trả", *_rates(chart)))
    assert stocks.partition("Hình1.")[0] == _line(*_stocks(chart))


def _rates(chart: dict[str, Any]) -> Iterator[str]:
    """Give what the upper panel says after its name: its limits, its ticks, weeks without a rate, the last rate."""
    last = chart["weeks"][-1]
    if chart["center"] is not None:
        yield f"— vạch giữa: trung bình {chart['center_t']}; nét đứt: giới hạn kiểm soát"
    yield from (tick["t"] for tick in chart["axis"])
    yield from ("…" for week in chart["weeks"] if week["rate"] is None)
    if last["rate"] is not None:
        yield last["rate_t"] + ("°" if last["partial"] else "")


def _stocks(chart: dict[str, Any]) -> Iterator[str]:
    if chart["stock_center"] is not None:
        yield f"— vạch giữa: trung bình {chart['stock_center_t']}; "
        yield f"giới hạn {chart['stock_lcl_t']}–{chart['stock_ucl_t']}"
    yield "; trục ngang: ngày cuối kỳ"
    yield from (tick["t"] for tick in chart["stock_axis"])
    yield from _bars(chart["weeks"])


def _bars(weeks: Sequence[dict[str, Any]]) -> Iterator[str]:
    for back, week in zip(range(len(weeks), 0, -1), weeks, strict=True):
        if week["stock"] is None:
            yield "…"
        elif back <= 2:
            yield week["stock_t"] + ("°" if week["partial"] else "")
        yield week["t"]


def test_the_form_is_the_same_in_word_cell_by_cell(papers: Papers) -> None:
    form = papers.content["form"]
    (found,) = [t for t in papers.tables if t[0][0] == "STT"]
    rows = [[str(n), r["name"] + r["mark"], *(c["t"] for c in r["cells"])] for n, r in enumerate(form["rows"], 1)]
    last = [form["total"]["name"], *(cell["t"] for cell in form["total"]["cells"])]
    assert found[4:] == _plain([*rows, last])


def test_what_was_added_and_the_sources_are_the_same_in_word_cell_by_cell(papers: Papers) -> None:
    content = papers.content
    for name, first, columns in (
        ("followup", "Báo cáo số", 4), ("sources", "Nguồn", 4), ("restatements", "Báo cáo số", 7),
    ):  # fmt: skip
        rows = content[name]["rows"] if content[name] else []
        if rows:
            assert _table(papers, first, columns=columns) == _plain(rows), name
    for row in content["followup"]["rows"] if content["followup"] else ():
        assert _line(*row) in papers.pdf
    for row in content["restatements"]["rows"]:
        assert _line(*row) in papers.pdf


def _listed(content: dict[str, Any]) -> Iterator[list[str]]:
    """Give the rows of the overdue list: the line of each department, and its dossiers, numbered through."""
    number = 0
    for group in content["overdue"]["groups"]:
        yield [f"{group['name']} — {group['count']} hồ sơ"]
        for row in group["rows"]:
            number += 1
            yield [str(number), *row]


def _assert_listed(papers: Papers) -> None:
    rows = list(_listed(papers.content))
    at = papers.pdf.index(plain(papers.content["overdue"]["title"].upper()))
    for row in rows:
        found = papers.pdf.find(_line(*row), at)
        assert found >= at, row
        at = found + len(_line(*row))
    heads = [column["t"] for column in papers.content["overdue"]["columns"]]
    tables = [t for t in papers.tables if t[0][:2] == ["TT", plain("Mã hồ sơ")]]
    assert [t[0] for t in tables] == ([_plain([heads])[0]] if rows else [])
    assert [row for t in tables for row in t[1:]] == _plain(rows)


def test_the_overdue_list_is_the_same_row_by_row(papers: Papers) -> None:
    assert papers.content["overdue"]["groups"]
    _assert_listed(papers)


def test_the_pictures_in_word_are_the_three_figures_in_their_order(golden: Made) -> None:
    told = printed(EDITIONS[0](golden))
    with zipfile.ZipFile(BytesIO(told.pieces["docx"][1])) as files:
        images = [files.read(name) for name in sorted(files.namelist()) if name.startswith("word/media/")]
    assert images == [pdf.picture(told.content, name) for name in ("trend", "departments", "ages")]


@pytest.fixture(scope="module")
def many(make: Making, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Print 500 overdue dossiers of five departments with very long names."""
    told: dict[str, Any] = {"field": "Đất đai", "procedure_name": "Đăng ký biến động quyền sử dụng đất " * 3}
    rows = [
        case(f"000.00.00.H58-18{i:04d}", f"Sở {'rất dài ' * 8}{i % 5}", THURSDAY - timedelta(days=3 + i), None, **told)
        for i in range(500)
    ]
    return printed(make(tmp_path_factory.mktemp("many"), rows).report())


@pytest.fixture(scope="module")
def none(make: Making, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Print a week in which nothing is overdue and nothing fell due."""
    cases = twelve_weeks("TP", "Sở Tư pháp", [40] * 13, 40)
    return printed(make(tmp_path_factory.mktemp("none"), cases).report())


def test_five_hundred_overdue_and_none_are_the_same_on_paper_in_word_and_in_the_workbook(
    many: Papers, none: Papers
) -> None:
    for papers, count in ((many, 500), (none, 0)):
        assert papers.content["figures"]["stock"]["v"] == count
        assert reread.lacking(papers.pieces) == []
        _assert_listed(papers)
        told = papers.content["tables"]["overdue"]
        listed = [(row[0], row[1], row[5], row[12]) for row in papers.sheet("Quá hạn")[1:] if row[0] is not None]
        assert [(int(n), code, unit, int(days)) for n, code, unit, days in listed] == [
            (n, row["code"], row["department"], row["days_late"]) for n, row in enumerate(told, 1)
        ]
        assert len(told) == count


def test_a_week_without_anything_due_or_overdue_says_so_in_place_of_the_figures(make: Making, tmp_path: Path) -> None:
    begun = case("TP-1", "Sở Tư pháp", THURSDAY + timedelta(days=20), None, received=THURSDAY)
    told = printed(make(tmp_path, [begun]).report())
    assert reread.lacking(told.pieces) == []
    chart = told.content["charts"]["departments"]
    assert "unavailable" in chart
    said = plain("Không có hồ sơ đến hạn hoặc quá hạn trong tuần.")
    caption = plain(f"Hình 2. {chart['title']}")
    assert said + caption in told.pdf
    assert said + caption in told.word
    assert plain("Không có hồ sơ quá hạn đang giải quyết tại thời điểm chốt số liệu.") in told.pdf
