"""Prefilled letters: what is known stands there, what nobody told is a blank, and nothing else is made up."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import date

import docx
import pytest

from config import report
from reports.word import letters
from reports.word.letters import BLANK, Dossier, apology, supplement

TODAY = date(2026, 11, 23)
TOLD = Dossier(
    "H99.31-261102-0123", "Đăng ký biến động quyền sử dụng đất", "Sở Nông nghiệp và Môi trường", date(2026, 11, 2),
    date(2026, 11, 19), "Chờ ý kiến cơ quan khác",
)  # fmt: skip
HEAD = report.load().letterhead


def lines(document: bytes) -> list[str]:
    told = docx.Document(io.BytesIO(document))
    cells = [each.text for table in told.tables for row in table.rows for each in row.cells]
    return [*cells, *(each.text for each in told.paragraphs)]


def text(document: bytes) -> str:
    return "\n".join(lines(document))


def test_an_apology_names_dossier_promise_and_cause_and_leaves_the_new_day_to_be_written() -> None:
    told = text(apology(TOLD, HEAD, TODAY))
    assert "VĂN BẢN XIN LỖI\nvà đề nghị gia hạn thời gian giải quyết" in told
    assert (
        "Ngày 02/11/2026, Sở Nông nghiệp và Môi trường tiếp nhận hồ sơ đề nghị giải quyết thủ tục hành chính “Đăng ký "
        "biến động quyền sử dụng đất” của Ông/Bà/Tổ chức; mã hồ sơ: H99.31-261102-0123."
    ) in told
    assert "Thời gian hẹn trả kết quả: 19/11/2026." in told
    assert "Đến nay, Sở Nông nghiệp và Môi trường chưa trả kết quả" in told
    assert "Lý do: Chờ ý kiến cơ quan khác." in told
    assert f"hẹn trả kết quả vào ngày {BLANK}" in told
    assert "Minh Sơn, ngày 23 tháng 11 năm 2026" in told
    assert unicodedata.is_normalized("NFC", told)


def test_an_apology_before_the_day_says_that_it_cannot_be_kept() -> None:
    told = text(apology(replace(TOLD, due_on=date(2026, 11, 24)), HEAD, TODAY))
    assert "Tuy nhiên, Sở Nông nghiệp và Môi trường không thể trả kết quả" in told
    assert "Đến nay" not in told


def test_what_nobody_told_is_a_blank() -> None:
    told = text(apology(Dossier("A-1", BLANK, BLANK, None, None), HEAD, TODAY))
    assert f"Ngày {BLANK}, {BLANK} tiếp nhận hồ sơ" in told
    assert f"Lý do: {BLANK}." in told
    assert "None" not in told


def test_a_request_to_supplement_leaves_to_the_officer_what_is_lacking() -> None:
    told = lines(supplement(TOLD, HEAD, TODAY))
    assert "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ" in told
    assert [line[:3] for line in told if line.endswith(BLANK * 3)] == ["1. ", "2. ", "3. "]


@pytest.mark.parametrize("write", [apology, supplement])
def test_equal_words_give_equal_bytes_and_texts_of_sources_stay_texts(write: letters.Written) -> None:
    hostile = replace(TOLD, procedure="<w:p>&\u202eđảo</w:p>\x00", code="=1+1", cause="x" * 10_000)
    assert write(hostile, HEAD, TODAY) == write(hostile, HEAD, TODAY)
    assert "<w:p>&đảo</w:p>" in text(write(hostile, HEAD, TODAY))
