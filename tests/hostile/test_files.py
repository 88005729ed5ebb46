"""Files that leave the house hold texts: no formula, no link, no markup of the typesetter, valid JSON."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree

import fastexcel
import pytest
from pypdf import PdfReader

from config import catalogue, report
from dashboard import data, form_asked, fridays, kept
from dashboard.answers import taken as words
from dashboard.answers import worklist
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from metrics.scope import Scope
from reports import taken
from reports.taken import Ending
from reports.word import letters
from reports.word.slip import Line, Slip, slip
from store.database import Store
from tests.equality.papers import Json
from tests.hostile.province import NOW, TODAY, cleaned, codes
from tests.hostile.texts import EVIL, TEXTS

MONDAY: Final = date(2026, 11, 16)
ISSUED: Final = TODAY


def ask() -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, Scope.province(), Choice(TODAY, MONDAY))


def obeyed(workbook: bytes) -> list[str]:
    """Give the formulas and links in a workbook, and what else a spreadsheet would do by itself."""
    parts = zipfile.ZipFile(io.BytesIO(workbook))
    found = []
    for name in parts.namelist():
        text = parts.read(name).decode("utf-8", "replace")
        if "sheet" in name or name.endswith(".rels"):
            found += [f"{name}: {each}" for each in re.findall(r"<f[ >][^<]*|<hyperlink|externalLink|TargetMode", text)]
    return found


def taken_away(ending: Ending) -> bytes:
    """Take the list of the overdue away, as its page does."""
    listing = LISTS["qua-han"]
    (rows,) = kept.beside_all({"": data.listed(ask(), listing)}, ask().scope).values()
    about = words.of_list(ask(), listing, catalogue.load(), cause="", now=NOW)
    return taken.make(worklist.whole(rows, listing), about, ending)


def test_a_list_in_excel_holds_every_text_as_it_is(in_use: Store) -> None:
    book = taken_away("xlsx")
    assert obeyed(book) == []
    told = fastexcel.read_excel(book).load_sheet(0, dtypes="string").to_polars()
    texts = {cleaned(text) for text in TEXTS.values()}
    assert set(told["Đơn vị"]) == texts
    assert set(told["Mã hồ sơ"]) == set(codes().values())
    changed = {cleaned(TEXTS[name]) for name in ("long", "faces", "turned")}  # records are cut, and lose hidden signs
    assert texts - set(told["Trả lời"]) <= changed


def test_a_list_as_csv_holds_no_cell_that_a_spreadsheet_runs(in_use: Store) -> None:
    lines = list(csv.reader(io.StringIO(taken_away("csv").decode("utf-8-sig"), newline="")))
    cells = [cell for line in lines for cell in line]
    assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@"))] == []
    shown = {cell.removeprefix("'") for cell in cells}
    assert {cleaned(text) for text in TEXTS.values()} - shown <= {
        cleaned(TEXTS["quotes"])
    }  # begins with a quote itself


@pytest.mark.parametrize("rows", ["department", "procedure"])
def test_the_form_in_excel_and_on_paper(in_use: Store, rows: str) -> None:
    found = form_asked.filled(ask(), rows)
    assert obeyed(form_asked.file(found, "xlsx")) == []
    lived(form_asked.file(found, "pdf"))


def lived(paper: bytes) -> str:
    """Read a paper back: no link, no script, nothing attached. Gives its words without spaces."""
    read = PdfReader(io.BytesIO(paper))
    assert [a for page in read.pages for a in page.get("/Annots") or ()] == []
    root: Any = read.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names") or {})
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in read.pages))


#: What the typesetter would obey, and what a reader must find on paper to the letter.
TYPESET: Final = ("#panic", "*sao*", "_gạch_", "$a$", "@nhan", "<nhan>", "[[stock]]", "=cmd|", "$x^2$")


def test_the_report_on_paper_and_in_excel(in_use: Store) -> None:
    paper = lived(fridays.friday_file(ask(), ISSUED, "pdf"))
    assert [text for text in TYPESET if text not in paper] == []
    assert f"https://{EVIL}/a" in paper
    assert obeyed(fridays.friday_file(ask(), ISSUED, "xlsx")) == []


#: Signs that turn the direction of writing; paper has none.
TURNING: Final = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")


def written(paper: bytes) -> str:
    """Read a Word document back: no link, no field but page numbers, nothing from elsewhere. Gives its words without
    spaces."""
    parts = zipfile.ZipFile(io.BytesIO(paper))
    assert [name for name in parts.namelist() if "vba" in name.lower() or "embed" in name.lower()] == []
    xml = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert re.findall(r'<w:hyperlink|TargetMode="External"|<w:altChunk|<w:object', xml) == []
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", xml) + re.findall(r'<w:fldSimple[^>]*w:instr="([^"]*)"', xml)
    assert {field.split()[0] for field in fields} <= {"PAGE", "NUMPAGES"}
    root = ElementTree.fromstring(parts.read("word/document.xml"))  # noqa: S314
    return re.sub(r"\s+", "", "".join(root.itertext()))


def test_the_report_in_word(in_use: Store) -> None:
    paper = written(fridays.friday_file(ask(), ISSUED, "docx"))
    assert [text for text in TYPESET if text not in paper] == []
    assert f"https://{EVIL}/a" in paper


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_slip_and_the_letters_in_word(in_use: Store, name: str) -> None:
    text = cleaned(TEXTS[name])
    head = report.load().letterhead
    lines = [Line(text, text, TODAY, 3)]
    bare = re.sub(r"\s+", "", TURNING.sub("", text))
    told = letters.Dossier(text, text, text, TODAY, TODAY, text)
    for paper in (
        slip(Slip(1, text, text, TODAY, TODAY, TODAY, lines), head),
        letters.apology(told, head, TODAY),
        letters.supplement(told, head, TODAY),
    ):
        assert bare in TURNING.sub("", written(paper))


def test_the_json_is_json_and_holds_every_text(in_use: Store) -> None:
    told = Json(in_use).get("/api/overdue", "giamdoc", {})
    assert {d["code"] for d in told["dossiers"]} == set(codes().values())
    assert {d["department"] for d in told["dossiers"]} == {cleaned(text) for text in TEXTS.values()}
    assert told["count"] == len(TEXTS)
