"""Every number on paper, in Word and in the workbook is the content object's, and nothing of it is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import reread
from reports.glyphs import printable
from tests.reports.papers import EDITIONS, Papers, annotated, printed
from tests.reports.printed import cells, figures, plain, said, tiles
from tests.reports.province import ISSUED, THURSDAY, Made, Making, week_of_cases


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda make: str(make.__name__))
def papers(request: pytest.FixtureRequest, golden: Made) -> Papers:
    return printed(request.param(golden))


def _absent(wanted: list[str], text: str) -> list[str]:
    return [each for each in dict.fromkeys(wanted) if plain(printable(each)) not in text]


def test_every_figure_of_every_sentence_stands_on_paper_and_in_word(
    papers: Papers,
) -> None:
    content = papers.content
    told = {k: v for k, v in content.items() if k not in ("tables", "figures", "dropped", "overdue")}
    wanted = [content["figures"][key]["t"] for key in (*figures(told["message"]), *tiles(content))]
    assert len(wanted) > 15
    assert _absent(wanted, papers.pdf) == []
    assert _absent(wanted, papers.word) == []


def test_every_edition_is_found_whole_when_it_is_read_back(papers: Papers) -> None:
    assert reread.lacking(papers.pieces) == []


def test_every_sentence_reads_the_same_on_paper_and_in_word(papers: Papers) -> None:
    content = papers.content
    wanted = said(content)
    assert len(wanted) > 12
    assert _absent(wanted, papers.word) == []
    assert _absent(wanted, papers.pdf) == []


def test_every_cell_of_every_table_stands_on_paper_and_in_word(papers: Papers) -> None:
    content = papers.content
    wanted = [*cells(content), content["seal"]["content_sha256"][:16] if content["caveat"] else ""]
    assert len(wanted) > 40
    in_body = wanted[:-1]  # the seal stands in Word's footer
    assert _absent(in_body, papers.word) == []
    assert _absent([each.removesuffix("*") for each in wanted], papers.pdf) == []


def test_the_rows_of_the_form_are_the_same_numbers_in_the_same_order(
    papers: Papers,
) -> None:
    content = papers.content
    for row in (*content["form"]["rows"], content["form"]["total"]):
        line = "".join(cell["t"] for cell in row["cells"])
        assert plain(row["name"] + row["mark"]) + line in papers.word
        assert line in papers.pdf
        numbers = "".join(str(cell["v"]) for cell in row["cells"])
        assert numbers in papers.book, row["name"]


def test_the_workbook_holds_the_numbers_of_the_message_and_every_word_that_was_added(
    papers: Papers,
) -> None:
    content = papers.content
    keys = [k for k in ("stock", "stock.prev", "rec", "res", "res.ok", "undet", "quar") if k in content["figures"]]
    assert [key for key in keys if f"{content['figures'][key]['v']}" not in papers.book] == []
    lists = [row for name in ("followup", "restatements") for row in (content[name] or {"rows": ()})["rows"]]
    added = [cell for row in lists for cell in row] + ([content["remark"]["text"]] if content["remark"] else [])
    assert _absent(added, papers.book) == []


def test_what_was_added_is_printed_everywhere(golden: Made) -> None:
    told = printed(annotated(golden))
    content = told.content
    for text in (told.pdf, told.word):
        assert plain("người phát hành quyết định gửi và ghi: “số liệu Sở Tư pháp còn thiếu 2 hồ sơ”") in text
        assert plain("Nhắc Sở Xây dựng thực hiện kiến nghị tại Báo cáo số 44/BC-TTPVHCC (đã làm 3/7).") in text
        assert plain("Đúng hạn theo ngày hẹn trả (26/10–01/11/2018) từ 95,0 % thành 94,7 %, và 1 số liệu khác") in text
        assert plain("Bảng 2. Thực hiện kiến nghị của các báo cáo trước") in text
        assert plain("Chưa xong (3/7)") in text
        assert plain("Xong (1/1)") in text
        assert plain("Ý kiến của Giám đốc Trung tâm. Trung tâm đã làm việc") in text
    assert content["caveat"]["rule"] == "Q13"
    assert content["figures"]["sender.why"]["t"] == "số liệu Sở Tư pháp còn thiếu 2 hồ sơ"  # and one stop after it
    assert plain("người phát hành quyết định gửi") in told.book


def test_a_week_without_charts_says_so_in_all_forms(make: Making, tmp_path: Path) -> None:
    told = printed(make(tmp_path, week_of_cases("A", "Sở A", THURSDAY, 9, 9)).report())
    content = told.content
    assert "unavailable" in content["charts"]["trend"]
    for text in (told.pdf, told.word, told.book):
        assert plain("Không có số liệu: chưa có hai tuần có hồ sơ đến hạn.") in text
    assert ISSUED.isoformat() == content["edition"]["issued_on"]
