"""The printed report: what is on the paper is what the content says, and page one is the whole message."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from config.errors import ReportError
from reports import friday, pdf
from reports.slots import SLOT
from tests.reports.province import THURSDAY, Making, case, twelve_weeks, week_of_cases
from tests.soak.memory import held

LONG = "Văn phòng Đăng ký đất đai – Chi nhánh khu vực Đồng Bằng và Ven biển phía Nam huyện Thạch Bàn Thượng"


def text_of(piece: bytes, page: int | None = None) -> str:
    """Read the text of a PDF, its white space made plain."""
    pages = PdfReader(BytesIO(piece)).pages
    chosen = pages if page is None else [pages[page]]
    return re.sub(r"\s+", " ", " ".join(p.extract_text() for p in chosen))


def shown(text: str) -> str:
    """Write a figure as paper does: a plain space where the content has one that does not break."""
    return text.replace("\u00a0", " ")


def heights(piece: bytes) -> list[float]:
    """Give how high above the lower edge of its page every piece of text stands, in points."""
    found: list[float] = []

    def seen(text: str, moved: list[float], matrix: list[float], *_: Any) -> None:
        if text.strip():
            found.append(matrix[4] * moved[1] + matrix[5] * moved[3] + moved[5])

    for page in PdfReader(BytesIO(piece)).pages:
        page.extract_text(visitor_text=seen)
    return found


def _fonts(page: Any) -> list[Any]:
    return list(page["/Resources"]["/Font"].values())


@pytest.fixture(scope="module")
def paper(printed: list[Path]) -> bytes:
    return printed[0].read_bytes()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the memory of a process")
@pytest.mark.parametrize(("set_it", "times"), [(pdf.message_ends_on, 30), (pdf.render, 8)])
def test_nothing_of_a_document_stays_in_the_process(set_it: Any, times: int, content: dict[str, Any]) -> None:
    """Typst remembers: a dashboard that asked anew with each reading grew by 2 MB each time, for ever."""

    def set_all(rounds: range) -> None:
        for n in rounds:
            set_it({**content, "edition": {**content["edition"], "made_for": str(n)}})

    set_all(range(3))
    before = held(os.getpid()).own
    set_all(range(3, 3 + times))
    assert held(os.getpid()).own - before < 25_000_000


def test_equal_content_gives_equal_bytes(content: dict[str, Any], paper: bytes) -> None:
    assert pdf.render(content) == paper


def test_the_document_is_archivable_and_tagged(paper: bytes) -> None:
    reader = PdfReader(BytesIO(paper))
    marks = reader.xmp_metadata
    assert marks is not None
    assert (marks.pdfaid_part, marks.pdfaid_conformance) == ("2", "B")
    assert b"pdfuaid:part>1<" in paper or "pdfuaid" in str(marks.rdf_root.toxml())
    assert reader.metadata is not None
    assert reader.metadata.creation_date_raw == "D:20181109000000Z"


def test_only_our_fonts_are_embedded(paper: bytes) -> None:
    fonts = [font.get_object() for page in PdfReader(BytesIO(paper)).pages for font in _fonts(page)]
    names = {str(font["/BaseFont"]).partition("+")[2].partition("-")[0] for font in fonts}
    assert names == {"Tinos"}


def test_the_text_is_composed_vietnamese(paper: bytes) -> None:
    text = text_of(paper)
    assert text == unicodedata.normalize("NFC", text)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Quá hạn đang tồn"):
        assert words in text


def test_every_figure_of_the_message_is_on_page_one(content: dict[str, Any], paper: bytes) -> None:
    page = text_of(paper, 0)
    told = json.dumps([content["message"], content["headlines"]], ensure_ascii=False)
    used = set(SLOT.findall(told)) | {"due.rate", "stock"}
    assert len(used) > 15
    for key in used:
        assert shown(content["figures"][key]["t"]) in page, key


def test_page_one_holds_no_number_that_the_content_does_not_have(content: dict[str, Any], paper: bytes) -> None:
    known = json.dumps({k: v for k, v in content.items() if k != "tables"}, ensure_ascii=False)
    for found in re.findall(r"\d[\d.,]*\d|\d", text_of(paper, 0)):
        assert found in known, found


def test_the_printed_table_is_the_form_of_the_content(content: dict[str, Any], paper: bytes) -> None:
    text = text_of(paper)
    for row in [*content["form"]["rows"], content["form"]["total"]]:
        assert " ".join(cell["t"] for cell in row["cells"]) in text, row["name"]


def test_every_overdue_dossier_is_printed(content: dict[str, Any], paper: bytes) -> None:
    text = text_of(paper)
    assert all(row["code"] in text for row in content["tables"]["overdue"])


def test_the_files_say_the_same(printed: list[Path], content: dict[str, Any]) -> None:
    assert [p.name for p in printed] == [f"BaoCao_45_2018-11-08{s}" for s in (".pdf", ".docx", ".xlsx", ".json")]
    assert json.loads(printed[3].read_text(encoding="utf-8")) == content
    assert content["seal"]["content_sha256"][:16] in text_of(printed[0].read_bytes(), 0)


@pytest.fixture(scope="module")
def crowded(make: Making, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Six departments with very long names, all of them worse; 500 overdue dossiers; one silent source."""
    rows: list[dict[str, Any]] = []
    for k in range(6):
        told: dict[str, Any] = {
            "field": f"Lĩnh vực số {k}",
            "procedure_name": f"Thủ tục rất dài số {k} " + "về đất đai " * 12,
        }
        name = f"{LONG} {k + 1}"
        rows += twelve_weeks(f"D{k}", name, [58, 57] * 6, 60, **told)
        rows += week_of_cases(f"D{k}", name, THURSDAY, 30 - k, 60, **told)
        rows += [
            case(f"000.00.00.H58-18{k}-{i:05d}", name, THURSDAY - timedelta(days=3 + i), None, **told)
            for i in range(80)
        ]
    late = [case(f"S-{i:05d}", LONG, THURSDAY - timedelta(days=9), None, source="dat_dai") for i in range(20)]
    return make(tmp_path_factory.mktemp("crowded"), [*rows, *late], heard={"dat_dai": date(2018, 11, 1)}).report()


def test_long_names_and_five_hundred_overdue_leave_the_message_on_page_one(
    crowded: dict[str, Any], tmp_path: Path
) -> None:
    assert pdf.message_ends_on(crowded) > 1
    paper, _, _, told = friday.write(crowded, tmp_path)
    kept = json.loads(told.read_text(encoding="utf-8"))
    assert pdf.message_ends_on(kept) == 1
    assert friday.intact(kept)
    assert [item["rank"] for item in kept["dropped"]] == sorted(item["rank"] for item in kept["dropped"])
    text = text_of(paper.read_bytes())
    assert crowded["figures"]["stock"]["v"] == 500
    assert min(heights(paper.read_bytes())) > 20
    assert all(row["code"] in text for row in crowded["tables"]["overdue"])


def test_the_list_of_five_hundred_repeats_its_heads_and_splits_no_row(crowded: dict[str, Any]) -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.render(pdf.fitted(crowded)))).pages]
    listed = [re.sub(r"\s+", " ", page) for page in pages if page.count("000.00.00.H58-") > 5]
    assert len(listed) > 5
    for page in listed:
        assert "Mã hồ sơ" in page
        assert "Thạch Bàn Thượng" in page  # the department's own line is repeated too
        codes = re.findall(r"000\.00\.00\.H58-\d{3}-\d{5}|S-\d{5}", page)
        days = re.findall(r"\d\d/\d\d/2018", page)
        assert len(days) == 2 * len(codes)  # day of receipt and due day of each


def test_what_is_kept_on_page_one_is_the_worst(crowded: dict[str, Any]) -> None:
    kept = pdf.fitted(crowded)
    rules = [item["rule"] for item in next(s for s in kept["message"] if s["id"] == "change")["items"]]
    assert rules[: 2 if "W01" in rules else 1] in (["W01", "D03"], ["D03"])
    assert len(next(s for s in kept["message"] if s["id"] == "dossiers")["table"]["rows"]) >= 1


def test_a_message_that_can_never_fit_is_refused(content: dict[str, Any]) -> None:
    too_long = json.loads(json.dumps(content))
    too_long["caveat"] = {"rule": "Q05", "lead": "Lưu ý.", "text": "Nguồn không gửi số liệu. " * 200}
    with pytest.raises(ReportError, match="does not fit on one page"):
        pdf.fitted(too_long)


def test_a_sentence_with_an_unknown_figure_is_refused(content: dict[str, Any]) -> None:
    wrong = json.loads(json.dumps(content))
    wrong["message"][0]["items"][0]["text"] = "Tiếp nhận [[nowhere]] hồ sơ."
    with pytest.raises(ReportError, match="no figure called nowhere"):
        pdf.render(wrong)


def test_an_empty_week_and_a_week_without_history_are_printed(make: Making, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    empty = make(tmp_path / "a", twelve_weeks("TP", "Sở Tư pháp", [40] * 12, 40)).report()
    alone = make(tmp_path / "b", week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40)).report()
    page = text_of(friday.write(empty, tmp_path)[0].read_bytes(), 0)
    assert "Trong tuần không có hồ sơ đến hạn; không tính tỷ lệ" in page
    assert "Không có hồ sơ quá hạn đang giải quyết" in page
    assert "chưa có chuỗi 13 tuần" in text_of(friday.write(alone, tmp_path)[0].read_bytes(), 0)


def test_one_figure_can_be_printed_alone(content: dict[str, Any]) -> None:
    for part in ("trend", "departments", "ages"):
        assert len(PdfReader(BytesIO(pdf.render(content, part=part))).pages) == 1


def test_a_folder_that_cannot_be_written_is_said_and_the_old_report_stays_whole(
    content: dict[str, Any], tmp_path: Path
) -> None:
    files = friday.write(content, tmp_path)
    paper, _, workbook, _ = files
    before = [file.read_bytes() for file in files]
    (tmp_path / f"{workbook.name}.part").mkdir()  # the third of four files cannot be written
    with pytest.raises(ReportError, match="the report could not be written"):
        friday.write({**content, "remark": None, "edition": {**content["edition"], "mark": "Khác"}}, tmp_path)
    assert [file.read_bytes() for file in files] == before
    assert not (tmp_path / f"{paper.name}.part").exists()
    with pytest.raises(ReportError, match="could not be written"):
        friday.write(content, paper)


def test_a_name_that_no_font_of_ours_can_print_does_not_keep_the_report_from_being_made(
    make: Making, tmp_path: Path
) -> None:
    odd = "Sở *Kế* #hoạch 😀 漢 [[k]] $x$ @y \u202eO\u0302"
    late = [case(f"#{i}*😀", odd, THURSDAY - timedelta(days=20), None, field=odd) for i in range(3)]
    paper = pdf.render(make(tmp_path, late).report())
    told = " ".join(text_of(paper).split())
    assert "Sở *Kế* #hoạch ? ? [[k]] $x$ @y ?Ô" in told
    assert "#1*?" in told


def test_a_week_long_after_the_last_event_still_has_its_stock(make: Making, tmp_path: Path) -> None:
    late = [case(f"A{i}", "Sở Tư pháp", THURSDAY - timedelta(weeks=40), None) for i in range(3)]
    told = make(tmp_path, late).report()
    assert told["figures"]["stock"]["v"] == 3


def test_a_long_remark_and_many_reminders_run_on_over_pages_and_lose_nothing(content: dict[str, Any]) -> None:
    words = [f"câu số {5000 + i} của giám đốc." for i in range(400)]
    row = ["44/BC-TTPVHCC", "Sở Xây dựng: Giải quyết xong hồ sơ quá hạn", "07/11/2018", "Chưa xong (3/7)"]
    told = content | {
        "remark": {"text": "\n".join(" ".join(words[i : i + 40]) for i in range(0, 400, 40))},
        "followup": {
            "title": "Thực hiện kiến nghị",
            "rows": [[*row[:1], f"{row[1]} {i}", *row[2:]] for i in range(60)],
        },
    }
    piece = pdf.render(told)
    text = text_of(piece)
    assert min(heights(piece)) > 20  # points above the lower edge: nothing lies outside the paper
    assert [i for i in range(5000, 5400) if f"{i}" not in text] == []  # a page may break between any two words
    assert [i for i in range(60) if f"quá hạn {i} 07/11/2018" not in text] == []
    assert "GIÁM ĐỐC" in text
