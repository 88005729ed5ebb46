"""What the fuzzer found in our readers, each once more by hand: mended, and never again."""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest

from config.errors import SourceError
from connectors.json_rows import read_json
from connectors.nesting import is_deep, is_wide
from connectors.payload import parse
from tests.connectors.made import HEADER, PLAIN, by_code, reasons, table, translated, workbook

ROW = {"Mã hồ sơ": "A", "Ngày tiếp nhận": "2026-03-04", "Ngày hẹn trả": "", "Ngày kết thúc": ""}


@pytest.mark.parametrize("digits", ["၄၆၃၄၂", "٢٠٢٦-٠٣-٠٤", "2026-03-04T08:30:00.٣", "0४/03/2026"])
def test_digits_of_another_script_are_no_date_of_ours(digits: str) -> None:
    assert reasons(translated(HEADER + f"A,{digits},,\n")) == {"row 2": ["unreadable_date"]}


def test_a_column_may_be_called_as_we_call_our_row_numbers() -> None:
    as_json = translated(json.dumps([ROW | {"__row__": "x"}]))
    as_csv = table(HEADER.strip() + ",__row__\nA,2026-03-04,,,7\n")
    assert list(by_code(as_json)) == ["A"]
    assert as_csv.frame.rows() == [(2, "A", "2026-03-04", "", "", "7")]


def test_a_header_that_has_the_name_we_would_give_keeps_it() -> None:
    columns = table(HEADER.strip() + ",Ngày (1),Ngày,Ngày,#8,\nA,2026-03-04,,,1,2,3,4,5\n").columns[4:]
    assert columns == ["Ngày (1)", "Ngày (1)'", "Ngày (2)", "#8", "#9"]


@pytest.mark.parametrize("encoding", ["utf-7", "of-nobody", "shift_jis"])
def test_an_event_log_in_an_encoding_of_nobody_is_refused(encoding: str) -> None:
    with pytest.raises(SourceError, match="encoding"):
        table(f'<?xml version="1.0" encoding="{encoding}"?><log></log>', name="a.xes")


def test_half_a_letter_costs_its_row_only() -> None:
    done = translated(json.dumps([ROW, ROW | {"Mã hồ sơ": "B\ud800"}]))
    assert list(by_code(done)) == ["A"]
    assert reasons(done) == {"item 2": ["damaged_text"]}


@pytest.mark.parametrize("content", ["", "sep=;\n"])
def test_a_file_without_any_row_is_refused_in_words(content: str) -> None:
    with pytest.raises(SourceError, match="has no rows"):
        table(content)


@pytest.mark.parametrize(
    "content",
    [
        "," * 100_000,
        "".join(f'{{"k{n}": {n}}}\n' for n in range(3_000)),
        "<log>" + "".join(f'<trace><string key="k{n}" value="1"/></trace>' for n in range(3_000)) + "</log>",
    ],
)
def test_thousands_of_columns_are_refused_before_they_cost_anything(content: str) -> None:
    with pytest.raises(SourceError, match="columns"):
        table(content)


def test_an_object_nested_beyond_meaning_costs_its_line_only() -> None:
    deep = '{"a":' * 900 + "1" + "}" * 900
    done = translated(json.dumps(ROW, ensure_ascii=False) + f"\n{deep}\n", PLAIN)
    assert reasons(done) == {"line 2": ["unreadable_line"]}


def test_an_answer_that_is_deep_or_wide_is_refused_before_it_is_read() -> None:
    deep = b'{"data": [' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"]}"
    wide = json.dumps({"data": [{f"k{n}": n} for n in range(3_000)]}).encode()
    with pytest.raises(SourceError, match="without any field"):
        parse(deep, place="x")
    with pytest.raises(SourceError, match="columns"):
        parse(wide, place="x")
    for nothing in (b'{"data": [{}]}', b'{"data": [null]}', b"[{}]"):
        with pytest.raises(SourceError):
            parse(nothing, place="x")
    assert parse(b'{"data": []}', place="x").dossiers.is_empty()
    with pytest.raises(SourceError, match="nested deeper"):
        read_json(deep, place="x")


def test_brackets_inside_texts_are_no_depth() -> None:
    assert not is_deep(json.dumps({"a": "[" * 100 + '"{\\' * 100, "b": [[1]]}).encode())
    assert is_deep(b'{"a": "]]]]", "b": ' + b"[" * 33 + b"]" * 33 + b"}")
    assert not is_wide(pl.DataFrame({"a": [1] * 50_000}).write_json().encode())


def test_a_value_in_the_last_cell_of_a_sheet_does_not_end_the_process() -> None:
    whole = workbook(
        {"A": [["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc"], ["A", "2026-03-04", "", 1.5]]}
    )
    far = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as told, zipfile.ZipFile(far, "w") as packed:
        for name in told.namelist():
            packed.writestr(name, told.read(name).replace(b'r="D2"', b'r="XFD1048576"'))
    with pytest.raises(SourceError, match="so far below or to the right"):
        table(far.getvalue(), name="far.xlsx")


def test_a_field_that_stands_twice_in_a_record_of_the_exchange_is_read_once() -> None:
    rest = ("TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "DonViXuLy")
    row = "".join(f', "{name}": "2"' for name in rest)
    told = parse(f'{{"data": [{{"MaHoSo": "A", "MaHoSo": "B"{row}}}]}}'.encode(), place="export")
    assert told.dossiers["MaHoSo"].to_list() == ["B"]
