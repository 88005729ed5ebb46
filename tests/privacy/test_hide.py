"""What looks like a person is withheld; what only looks like one to a machine is not."""

from __future__ import annotations

import csv
import json
import unicodedata
from pathlib import Path

import polars as pl
import pytest

from config.personal import ALL, NUMBERS, WITHHELD, hide
from connectors.personal import hidden, kept_answer

PEOPLE = (
    "Nguyễn Văn An", "NGUYỄN THỊ BÌNH", "nguyễn văn an", "Hồ Văn Tám", "Hà Thị Mai Anh", "Giàng A Páo", "Lê Vũ",
    "0912345678", "0912 345 678", "091.234.5678", "+84 912 345 678", "024 3825 1234", "031095001234",
    "CMND 123456789", "SĐT: 912345678", "MST 0100109106-001", "an.nguyen@thutu.example", "số 12 đường Láng Hạ, Hà Nội",
    "ngõ 34 phố Huế", "ông Hoàng A Páo", "Bà Trần Thị Tám", "0912.34.56.78", "09 12 34 56 78", "84912345678",
    "(+84) 912345678", "+84 (0) 912 345 678", "(024) 3825 1234", "024.38.25.12.34", "0912-345678", "001 090 012 345",
    "Tran Thi Kin", "trần thị kín", "Lê văn Tám",
)  # fmt: skip
OTHERS = (
    "hôm qua", "CHỜ KÝ SỐ", "HỒ SƠ BỊ TRẢ", "Hồ sơ đã trả", "Hà Nội", "Lào Cai", "Thái Bình", "Vĩnh Long",
    "Đoàn Thanh niên", "Sở Nông nghiệp và Môi trường", "2026-01-05T09:00:00.000000+07:00", "05-01-2026 09:00",
    "20260105090000",
    "000.00.00.H01-261105-0012", "H01.187.12-261105-0012", "1.004238",
    "H01.023-261105-0012", "H01.021-261105-01", "01-261105-01", "021-261105-0012", "1.023456", "05-11-2026 08:30:00",
    "09.12.2026 08:30", "07 08 2026 10:30", "08:30 09/12/2026", "1767225600000000", "quản lý thị trường",
    "quản lý văn bản", "đang thi công", "dang thi cong",
    "Tổ 3 thẩm định", "Công văn số 12/UBND",
    "150000000",
    "Tống đạt", "Từ chối tiếp nhận", "Mai táng phí", "Cao Bằng", "Bà Rịa - Vũng Tàu", "Anh Sơn Đông", "row 1234567890",
)  # fmt: skip


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_is_withheld(text: str) -> None:
    assert hide(text) == WITHHELD
    assert hide(f"“{text}”").startswith("“…")


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_is_withheld_in_whatever_form_the_letters_come(text: str) -> None:
    """Decomposed, as macOS writes names of files."""
    apart = unicodedata.normalize("NFD", text)
    assert hide(f"Đơn của {apart}") == "Đơn của …"
    column = pl.Series([f"Đơn của {apart}", None, "Đơn"])
    assert hidden(column).to_list() == ["Đơn của …", None, "Đơn"]
    deep = kept_answer(pl.DataFrame({"list": [[{"a": apart}]]}))
    assert deep["list"].to_list() == [[{"a": WITHHELD}]]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_person_stays(text: str) -> None:
    assert hide(text) == text


@pytest.mark.parametrize("text", (*PEOPLE, *OTHERS))
def test_columns_and_messages_are_read_alike(text: str) -> None:
    column = pl.DataFrame({"text": [text]}).select(pl.col("text").str.replace_all(ALL, WITHHELD))
    assert column.item() == hide(text)


@pytest.mark.parametrize("text", PEOPLE)
def test_json_stays_json(text: str) -> None:
    told = [{"letter": f"12/UBND, {text}", "cmnd": 1, "reason": f'"{text}" said', "at": 1767225600000000}]
    left = json.loads(hide(json.dumps(told, ensure_ascii=False)))
    assert text not in str(left)
    assert (left[0].keys(), left[0]["at"]) == (told[0].keys(), 1767225600000000)


def test_no_commune_of_the_country_and_no_procedure_of_the_catalogue_looks_like_a_person(shared_data: Path) -> None:
    def column(file: str, name: str) -> pl.Series:
        with (shared_data / file).open(encoding="utf-8-sig", newline="") as rows:
            return pl.Series([row[name] for row in csv.DictReader(rows)])

    communes = column("vn_units_2025/wards.csv", "name")
    procedures = column("vn_tthc_catalogue/tthc.csv", "ten_thu_tuc")
    assert (communes.len(), procedures.len()) == (3_321, 2_642)
    assert communes.filter(communes.str.contains(NUMBERS)).to_list() == []
    assert procedures.filter(procedures.str.contains(ALL)).to_list() == []
