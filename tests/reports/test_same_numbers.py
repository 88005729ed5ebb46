"""Every number on paper, in Word and in the workbook is the content object's, and nothing of it is left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reports import editions, friday, workbook
from reports.earlier import FollowedUp, Restated
from reports.editions import Edition
from reports.glyphs import printable
from tests.reports.printed import cells, figures, of_docx, of_pdf, of_xlsx, plain, said, tiles
from tests.reports.province import ISSUED, THURSDAY, Made, Making, case, twelve_weeks, week_of_cases
from tests.reports.test_workbook import rows_of

FOLLOWED: list[FollowedUp] = [
    {
        "report": "44/BC-TTPVHCC", "request": "Giải quyết xong hồ sơ quá hạn trên ba mươi ngày",
        "unit": "Sở Xây dựng", "due": date(2018, 11, 7), "done": 3, "of": 7,
    },
    {
        "report": "43/BC-TTPVHCC", "request": "Báo cáo nguyên nhân", "unit": "Sở Tư pháp", "due": date(2018, 11, 2),
        "done": 1, "of": 1,
    },
]  # fmt: skip
RESTATED: list[Restated] = [
    {
        "report": "44/BC-TTPVHCC", "figure": "Đúng hạn theo ngày hẹn trả", "period": "26/10–01/11/2018",
        "then": "95,0\u00a0%", "now": "94,7\u00a0%", "dossiers": 3, "why": "Hồ sơ gửi muộn sau ngày chốt",
    },
    {
        "report": "43/BC-TTPVHCC", "figure": "Quá hạn đang tồn", "period": "19/10–25/10/2018", "then": "4",
        "now": "6", "dossiers": 2, "why": "Hồ sơ nhập bù",
    },
]  # fmt: skip
REMARK = "Trung tâm đã làm việc với Sở Xây dựng ngày 08/11/2018.\nSở cam kết xử lý xong 4 hồ sơ."


def _golden(golden: Made) -> dict[str, Any]:
    return golden.report()


def _annotated(golden: Made) -> dict[str, Any]:
    return golden.report(
        remark=REMARK,
        followup=FOLLOWED,
        restatements=RESTATED,
        caveat_of_sender="số liệu Sở Tư pháp còn thiếu 2 hồ sơ.",
    )


def _monthly(golden: Made) -> dict[str, Any]:
    return golden.report(issued_on=date(2018, 11, 15), edition=Edition("month"))


def _quarterly(golden: Made) -> dict[str, Any]:
    return golden.report(issued_on=date(2018, 12, 17), edition=Edition("quarter"))


def _own_sheet(golden: Made) -> dict[str, Any]:
    return golden.report(edition=editions.for_unit(editions.WEEKLY, "Sở Tư pháp"))


@cache
def _printed(folder: Path, made: str) -> tuple[dict[str, Any], dict[str, str]]:
    files = friday.write(json.loads(made), folder)
    texts = {path.suffix: path for path in files}
    told = json.loads(texts[".json"].read_text(encoding="utf-8"))
    readers = {".pdf": of_pdf, ".docx": of_docx, ".xlsx": of_xlsx}
    return told, {suffix: read(texts[suffix].read_bytes()) for suffix, read in readers.items()}


Build = Callable[[Made], dict[str, Any]]
EDITIONS: list[Build] = [_golden, _annotated, _monthly, _quarterly, _own_sheet]


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda make: str(make.__name__).strip("_"))
def papers(
    request: pytest.FixtureRequest, golden: Made, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, str]]:
    make: Build = request.param
    return _printed(tmp_path_factory.mktemp("same"), json.dumps(make(golden)))


def _absent(wanted: list[str], text: str) -> list[str]:
    return [each for each in dict.fromkeys(wanted) if plain(printable(each)) not in text]


def test_every_figure_of_every_sentence_stands_on_paper_and_in_word(
    papers: tuple[dict[str, Any], dict[str, str]],
) -> None:
    content, texts = papers
    told = {k: v for k, v in content.items() if k not in ("tables", "figures", "dropped", "overdue")}
    wanted = [content["figures"][key]["t"] for key in (*figures(told["message"]), *tiles(content))]
    assert len(wanted) > 15
    assert _absent(wanted, texts[".pdf"]) == []
    assert _absent(wanted, texts[".docx"]) == []


def test_every_sentence_reads_the_same_on_paper_and_in_word(papers: tuple[dict[str, Any], dict[str, str]]) -> None:
    content, texts = papers
    wanted = said(content)
    assert len(wanted) > 12
    assert _absent(wanted, texts[".docx"]) == []
    assert _absent(wanted, texts[".pdf"]) == []


def test_every_cell_of_every_table_stands_on_paper_and_in_word(papers: tuple[dict[str, Any], dict[str, str]]) -> None:
    content, texts = papers
    wanted = [*cells(content), content["seal"]["content_sha256"][:16] if content["caveat"] else ""]
    assert len(wanted) > 40
    in_body = wanted[:-1]  # the seal stands in Word's footer
    assert _absent(in_body, texts[".docx"]) == []
    assert _absent([each.removesuffix("*") for each in wanted], texts[".pdf"]) == []


def test_the_rows_of_the_form_are_the_same_numbers_in_the_same_order(
    papers: tuple[dict[str, Any], dict[str, str]],
) -> None:
    content, texts = papers
    for row in (*content["form"]["rows"], content["form"]["total"]):
        line = "".join(cell["t"] for cell in row["cells"])
        assert plain(row["name"] + row["mark"]) + line in texts[".docx"]
        assert line in texts[".pdf"]
        numbers = "".join(str(cell["v"]) for cell in row["cells"])
        assert numbers in texts[".xlsx"], row["name"]


def test_the_workbook_holds_the_numbers_of_the_message_and_every_word_that_was_added(
    papers: tuple[dict[str, Any], dict[str, str]],
) -> None:
    content, texts = papers
    keys = [k for k in ("stock", "stock.prev", "rec", "res", "res.ok", "undet", "quar") if k in content["figures"]]
    assert [key for key in keys if f"{content['figures'][key]['v']}" not in texts[".xlsx"]] == []
    lists = [row for name in ("followup", "restatements") for row in (content[name] or {"rows": ()})["rows"]]
    added = [cell for row in lists for cell in row] + ([content["remark"]["text"]] if content["remark"] else [])
    assert _absent(added, texts[".xlsx"]) == []


@pytest.mark.parametrize("build", EDITIONS, ids=lambda build: str(build.__name__).strip("_"))
def test_the_tables_of_the_workbook_are_those_of_the_content(golden: Made, build: Build) -> None:
    content = build(golden)
    piece = workbook.render(content)
    units = (("d", 1), ("n", 2), ("rate", 3), ("before_d", 4), ("before_n", 5), ("overdue", 11))
    late = (("n", 0), ("days_late", 12))
    for sheet, key, columns in (
        ("Cơ quan", "departments", units),
        ("Lĩnh vực", "fields", units),
        ("Quá hạn", "overdue", late),
    ):
        rows = rows_of(piece, sheet)[1:]
        told = content["tables"][key]
        for at, row in enumerate(told):
            shown = [_number(rows[at][place]) for _, place in columns]
            assert shown == [_number(row[name]) for name, _ in columns], (sheet, row)
        assert len([row for row in rows if row[0] is not None]) == len(told)


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 9)


def test_what_was_added_is_printed_everywhere(golden: Made, tmp_path: Path) -> None:
    content, texts = _printed(tmp_path, json.dumps(_annotated(golden)))
    for suffix in (".pdf", ".docx"):
        text = texts[suffix]
        assert plain("người phát hành quyết định gửi và ghi: “số liệu Sở Tư pháp còn thiếu 2 hồ sơ”") in text
        assert plain("Nhắc Sở Xây dựng thực hiện kiến nghị tại Báo cáo số 44/BC-TTPVHCC (đã làm 3/7).") in text
        assert plain("Đúng hạn theo ngày hẹn trả (26/10–01/11/2018) từ 95,0 % thành 94,7 %, và 1 số liệu khác") in text
        assert plain("Bảng 2. Thực hiện kiến nghị của các báo cáo trước") in text
        assert plain("Chưa xong (3/7)") in text
        assert plain("Xong (1/1)") in text
        assert plain("Ý kiến của Giám đốc Trung tâm. Trung tâm đã làm việc") in text
    assert content["caveat"]["rule"] == "Q13"
    assert content["figures"]["sender.why"]["t"] == "số liệu Sở Tư pháp còn thiếu 2 hồ sơ"  # and one stop after it
    assert plain("người phát hành quyết định gửi") in texts[".xlsx"]


def test_five_hundred_overdue_and_none_are_the_same_in_all_forms(make: Making, tmp_path: Path) -> None:
    told: dict[str, Any] = {"field": "Đất đai", "procedure_name": "Đăng ký biến động quyền sử dụng đất " * 3}
    rows = [
        case(f"000.00.00.H58-18{i:04d}", f"Sở {'rất dài ' * 8}{i % 5}", THURSDAY - timedelta(days=3 + i), None, **told)
        for i in range(500)
    ]
    for name, cases in (("many", rows), ("none", twelve_weeks("TP", "Sở Tư pháp", [40] * 13, 40))):
        content, texts = _printed(tmp_path / name, json.dumps(make(tmp_path / f"{name}-store", cases).report()))
        assert content["figures"]["stock"]["v"] == (500 if name == "many" else 0)
        wanted = list(cells(content))
        assert _absent(wanted, texts[".docx"]) == []
        assert _absent([each.removesuffix("*") for each in wanted], texts[".pdf"]) == []
        assert all(plain(row["code"]) in texts[".xlsx"] for row in content["tables"]["overdue"])


def test_a_week_without_charts_says_so_in_all_forms(make: Making, tmp_path: Path) -> None:
    content, texts = _printed(
        tmp_path, json.dumps(make(tmp_path / "s", week_of_cases("A", "Sở A", THURSDAY, 9, 9)).report())
    )
    assert "unavailable" in content["charts"]["trend"]
    for text in texts.values():
        assert plain("Không có số liệu: chưa có hai tuần có hồ sơ đến hạn.") in text
    assert ISSUED.isoformat() == content["edition"]["issued_on"]
