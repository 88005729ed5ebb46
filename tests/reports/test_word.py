"""The report in Word: the same words and numbers, to be edited; equal content gives equal bytes."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from reports import word
from tests.reports.printed import of_docx, plain

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def document(printed: list[Path]) -> bytes:
    return printed[1].read_bytes()


def part(piece: bytes, name: str) -> str:
    """Read one file of the package."""
    with zipfile.ZipFile(BytesIO(piece)) as files:
        return files.read(name).decode()


def test_equal_content_gives_equal_bytes_whatever_the_hour(content: dict[str, Any], document: bytes) -> None:
    assert word.render(content) == document
    with zipfile.ZipFile(BytesIO(document)) as files:
        assert {each.date_time for each in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = part(document, "docProps/core.xml")
    assert core.count("2018-11-09T00:00:00Z") == 2
    assert "python" not in core.lower()


def test_the_document_says_whose_it_is(document: bytes) -> None:
    told = docx.Document(BytesIO(document)).core_properties
    assert told.author == "Trung tâm Phục vụ hành chính công"
    assert told.title == "Kết quả giải quyết thủ tục hành chính tuần từ ngày 02/11/2018 đến ngày 08/11/2018"
    assert told.language == "vi-VN"


def test_pages_are_a4_with_the_margins_of_the_decree(document: bytes) -> None:
    pages = docx.Document(BytesIO(document)).sections
    sizes = [(round(p.page_width.mm), round(p.page_height.mm)) for p in pages]  # type: ignore[union-attr]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    first = pages[0]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(m.mm) for m in margins if m is not None] == [20, 20, 30, 15]
    assert first.different_first_page_header_footer
    assert "Dự thảo" in "".join(p.text for p in first.first_page_header.paragraphs)
    assert " PAGE " in pages[1].header._element.xml  # the annexes go on with it


def test_every_table_of_rows_repeats_its_head_and_splits_no_row(document: bytes) -> None:
    body = docx.Document(BytesIO(document)).element.body
    rows = list(body.iter(f"{_W}tr"))
    assert all(row.find(f"{_W}trPr/{_W}cantSplit") is not None for row in rows)
    heads = {len(list(t.iter(f"{_W}tblHeader"))) for t in body.iter(f"{_W}tbl") if len(list(t.iter(f"{_W}tr"))) > 2}
    assert heads == {1, 4}  # form II.06 has three rows of headings and the row of numbers


def test_every_row_fills_its_grid(document: bytes) -> None:
    for table in docx.Document(BytesIO(document)).element.body.iter(f"{_W}tbl"):
        columns = len(list(table.find(f"{_W}tblGrid")))
        for row in table.findall(f"{_W}tr"):
            spans = [cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in row.findall(f"{_W}tc")]
            assert sum(1 if each is None else int(each.get(f"{_W}val")) for each in spans) == columns


def test_figures_are_pictures_with_words_for_who_cannot_see_them(content: dict[str, Any], document: bytes) -> None:
    with zipfile.ZipFile(BytesIO(document)) as files:
        images = [files.read(name) for name in files.namelist() if name.startswith("word/media/")]
    assert len(images) == 3
    assert all(image.startswith(b"\x89PNG") for image in images)
    assert plain(content["charts"]["ages"]["alt"]) in of_docx(document)
    assert plain("Hình 2. " + content["charts"]["departments"]["title"]) in of_docx(document)


def test_only_our_face_is_asked_for(document: bytes) -> None:
    assert 'w:ascii="Times New Roman"' in part(document, "word/styles.xml")
    assert "rFonts" not in part(document, "word/document.xml")


def test_names_from_other_systems_cannot_break_or_turn_the_document(content: dict[str, Any]) -> None:
    odd = json.loads(json.dumps(content))
    odd["overdue"]["groups"][0]["name"] = "Sở <w:p> & \x0b\x00 \u202eO\u0302 😀 {{ x }} **"
    piece = word.render(odd)
    text = of_docx(piece)
    assert plain("Sở <w:p> &  Ô 😀 {{ x }} **") in text
    assert text == unicodedata.normalize("NFC", text)


def test_a_remark_of_several_lines_keeps_its_lines(content: dict[str, Any]) -> None:
    told = word.render({**content, "remark": {"text": "Đề nghị lưu ý.\n\nĐã làm việc với Sở Xây dựng."}})
    lines = [p.text for p in docx.Document(BytesIO(told)).paragraphs]
    at = lines.index("Ý kiến của Giám đốc Trung tâm. Đề nghị lưu ý.")
    assert lines[at + 1] == "Đã làm việc với Sở Xây dựng."
