"""What happened in the charted weeks stands beside them, on paper, in Word and in the workbook."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import fastexcel
import pytest
from pypdf import PdfReader

from config.annotated import Annotation
from config.breaks import Break, Breaks
from metrics.outages import Outage
from reports import happened, pdf, word, workbook
from reports.happened import Happened
from reports.slots import spoken
from tests.reports.province import Made

FIRST, LAST = date(2018, 8, 10), date(2018, 11, 8)


def test_what_happened_in_the_charted_time_is_told_the_newest_of_it() -> None:
    common = (Break(date(2018, 9, 3), "rule", "61/2018/NĐ-CP"), Break(date(2018, 8, 10), "told", "trước đó"))
    own = {"Sở A": (Break(date(2018, 10, 1), "units", names=("X", "Y")),)}
    notes = (
        Annotation(day=date(2018, 11, 8), words="bão số 3"),
        Annotation(day=date(2018, 11, 9), words="sau đó"),
        Annotation(day=date(2018, 11, 5), words="lũ", units=("Sở B",)),
    )
    known = Breaks(own, (), common)
    assert happened.within(FIRST, LAST, "Sở A", known, notes) == (
        Happened(date(2018, 9, 3), "quy định mới 61/2018/NĐ-CP", True),
        Happened(date(2018, 10, 1), "2 đơn vị sắp xếp lại", True),
        Happened(date(2018, 11, 8), "bão số 3", False),
    )
    whole = happened.within(FIRST, LAST, None, known, notes)
    assert [each.words for each in whole] == ["quy định mới 61/2018/NĐ-CP", "bão số 3"]
    many = [Annotation(day=date(2018, 10, n), words=f"ngày {n}") for n in range(1, 10)]
    assert len(happened.within(FIRST, LAST, None, Breaks({}, (), ()), many)) == happened.MOST


def test_pdf_word_and_workbook_name_the_day(golden: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[[annotation]]\nday = 2018-10-16\nwords = "bão số 3"\n'
    text += '[[annotation]]\nday = 2018-08-20\nwords = "phần mềm mới"\nrestarts = true\n'
    (tmp_path / "annotations.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    content = golden.report()
    line = "Trong thời gian của Hình 1: 20/08/2018: phần mềm mới, tính lại giới hạn; 16/10/2018: bão số 3."
    assert line in [spoken(each, content["figures"]) for each in content["analysis"]]
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(content))).pages)
    assert line in re.sub(r"\s+", " ", printed)
    assert any(line in each.text for each in docx.Document(BytesIO(word.render(content))).paragraphs)
    sheet = fastexcel.read_excel(workbook.render(content)).load_sheet("13 tuần", header_row=None).to_polars()
    cells = [str(cell) for row in sheet.iter_rows() for cell in row]
    assert "16/10/2018: bão số 3" in cells and "20/08/2018: phần mềm mới, tính lại giới hạn" in cells


def test_a_silence_is_told_of_the_sources_that_feed_the_report(golden: Made) -> None:
    found = [
        Outage("mot_cua", date(2018, 10, 15), date(2018, 10, 18)), Outage("la", date(2018, 10, 22), date(2018, 10, 23)),
    ]  # fmt: skip
    content = golden.report(outages=found)
    title = golden.sources.filter(name="mot_cua")["title"].item()
    words = f"nguồn {title} không nghe được từ 15/10/2018 đến 18/10/2018"
    line = f"Trong thời gian của Hình 1: {words}."
    assert line in [spoken(each, content["figures"]) for each in content["analysis"]]
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(content))).pages)
    assert line in re.sub(r"\s+", " ", printed)
    sheet = fastexcel.read_excel(workbook.render(content)).load_sheet("13 tuần", header_row=None).to_polars()
    assert f"N{words[1:]}" in [str(cell) for row in sheet.iter_rows() for cell in row]
    calm = golden.report()
    assert content["charts"]["trend"]["weeks"] == calm["charts"]["trend"]["weeks"]  # no limit moved


def test_a_silence_is_told_while_it_touches_the_charted_time() -> None:
    none = Breaks({}, (), ())
    found = [
        Outage("a", date(2018, 8, 1), date(2018, 8, 9)), Outage("a", date(2018, 8, 1), date(2018, 8, 10)),
        Outage("a", date(2018, 11, 8), None), Outage("a", date(2018, 11, 9), None),
        Outage("b", date(2018, 9, 3), date(2018, 9, 4)),
    ]  # fmt: skip
    told = happened.within(FIRST, LAST, None, none, (), happened.silent(found, {"a": "Cổng"}))
    assert told == (
        Happened(date(2018, 8, 1), "không nghe được", False, "Cổng", date(2018, 8, 10)),
        Happened(date(2018, 11, 8), "không nghe được", False, "Cổng", None),
    )
