"""Every kind of file gives the same dossiers, by what is in it and not by its name."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import polars as pl
import pytest

from config.errors import MappingError, SourceError
from config.mapping import parse_mapping
from connectors.base import Translated
from connectors.preview import preview
from connectors.readers import read_file
from tests.connectors.made import HEADER, PLAIN, by_code, here, reasons, translated, workbook

ROW = "H01-1,21/11/2026,25/11/2026,\n"
NESTED = """
source = "service"
[columns]
code = "hoSo.ma"
received_at = "hoSo.tiepNhan"
due_at = "henTra"
procedure = "thuTuc"
"""
DOSSIER = {"hoSo": {"ma": "H01-1", "tiepNhan": "2026-11-21T08:00:00+07:00"}, "henTra": "25/11/2026", "thuTuc": 1.11}
ALL_SHEETS = PLAIN + '[file]\nsheets = "all"\n'
LOG = """
source = "log"
[columns]
code = "case:concept:name"
due_at = "case:deadline"
[events]
time = "time:timestamp"
activity = "concept:name"
received = "first"
resolved = ["Trả kết quả"]
"""


def packed(members: Mapping[str, bytes | str], **told: Any) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, **told)  # all of one time
    return out.getvalue()


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode()


def xes(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<log xes.version="1.0">{body}</log>'.encode()


def event(name: str, at: str) -> str:
    return f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{at}"/></event>'


def trace(code: str, *events: str) -> str:
    case = f'<string key="concept:name" value="{code}"/><date key="deadline" value="2026-11-25T00:00:00+07:00"/>'
    return f"<trace>{case}{''.join(events)}</trace>"


def with_a_damaged_sheet() -> bytes:
    """Give a workbook that opens, and whose only sheet is no XML."""
    book = zipfile.ZipFile(BytesIO(workbook({"S": [HEADER.strip().split(",")]})))
    parts = {name: book.read(name) for name in book.namelist()}
    return packed({name: b"<worksheet><sheetData></row>" if "sheet1" in name else data for name, data in parts.items()})


TWO = xes(
    '<global scope="trace"><string key="concept:name" value="UNKNOWN"/></global><string key="concept:name" value="x"/>'
    + trace("A", event("Tiếp nhận", "2026-11-20T08:00:00.5+07:00"), event("Trả kết quả", "2026-11-24T09:00:00+07:00"))
    + trace("B", event("Tiếp nhận", "2026-11-21T08:00:00+07:00"))
)


@pytest.mark.parametrize("name", ["so.csv", "so.xlsx", "khong-co-duoi"])
@pytest.mark.parametrize(
    "data",
    [
        lines(DOSSIER),
        lines(DOSSIER).rstrip(),
        json.dumps([DOSSIER]).encode(),
        json.dumps({"trang": 1, "ketQua": {"ds": [DOSSIER]}}).encode("utf-16"),
        gzip.compress(lines(DOSSIER, {}), mtime=0),
        packed({"a/b.jsonl": lines(DOSSIER)}),
    ],
)
def test_json_in_any_dress_gives_one_dossier(data: bytes, name: str) -> None:
    done = translated(data, NESTED, name)
    row = by_code(done)["H01-1"]
    assert (here(row["received_at"]), here(row["due_at"])) == ("2026-11-21 08:00", "2026-11-25 00:00")
    assert done.n_read == 1


def test_a_number_in_json_keeps_its_last_zero() -> None:
    text = b'{"hoSo": {"ma": 12345678901234567890, "tiepNhan": "2026-11-21"}, "henTra": null, "thuTuc": 1.110}\n'
    done = by_code(translated(text + text.replace(b"7890,", b"7891,"), NESTED))
    assert {c: r["procedure"] for c, r in done.items()} == dict.fromkeys(
        ("12345678901234567890", "12345678901234567891"), "1.110"
    )


def test_a_damaged_line_costs_itself_only_and_a_blank_one_nothing() -> None:
    damaged = b'{"hoSo": {"ma": "H01-2", "tiepNhan\n'
    done = translated(lines(DOSSIER) + damaged + b"\n[1]\n" + lines(DOSSIER | {"hoSo": {"ma": "H01-3"}}), NESTED)
    assert list(by_code(done)) == ["H01-1"]
    assert reasons(done) == {"line 2": ["unreadable_line"], "line 4": ["unreadable_line"], "line 5": ["no_start_date"]}
    assert done.rejects["raw"][0] in ("{}", '{"hoSo.ma":null,"hoSo.tiepNhan":null,"henTra":null,"thuTuc":null}')


def test_lists_are_json_less_their_personal_fields() -> None:
    row = DOSSIER | {"giayTo": [{"ten": "Đơn", "hoTen": "Nguyễn Văn Kín", "so": 2}]}
    table = read_file(lines(row), name="x", mapping=parse_mapping(NESTED))
    assert table.frame["giayTo"][0] == '[{"ten": "Đơn", "so": 2}]'


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (lines(DOSSIER)[:-9], "is cut off"),
        (lines(DOSSIER) + b'{"hoSo": {"ma"', "cut off in the middle of its last line"),
        (b'[{"hoSo": {"ma": "A"}},', "cut off or no JSON"),
        (b"[" + b'{"a":' * 30_000, "nobody could mean"),
        (b"[]", "no rows with fields"),
        (b"PAR1 and then nothing", "cut off Parquet"),
        (b"PAR1" + bytes(40) + b"PAR1", "no readable Parquet"),
        (b"PARE" + bytes(40), "locked with a key"),
        (with_a_damaged_sheet(), 'sheet "S": is no readable workbook'),
        (TWO[:-60], "cut off or no XML"),
        (packed({"a.csv": HEADER + ROW})[:-30], "is no readable workbook|cut off or damaged zip"),
        (packed({}), "an archive of nothing"),
        (packed({"trong.zip": packed({"a.csv": HEADER})}), "archive inside an archive"),
        (packed({"ghi-chu.pdf": b"%PDF"}), r"an archive of ghi-chu\.pdf"),
        (packed({"a.csv": b"\0" * 80_000_000}), "would unpack to 80,000,000 bytes"),
        (gzip.compress(b"\0" * 80_000_000, mtime=0), "would unpack to more than 67,108,864 bytes"),
    ],
)
def test_a_file_that_cannot_be_believed_is_refused_in_words(data: bytes, found: str) -> None:
    with pytest.raises(SourceError, match=found):
        read_file(data, name="export.zip", mapping=parse_mapping(PLAIN))


def test_a_locked_archive_is_refused_with_words() -> None:
    data = bytearray(packed({"a.csv": HEADER + ROW}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + flags
        data[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(SourceError, match="locked with a password"):
        read_file(bytes(data), name="tep.zip")


def test_a_member_larger_than_it_says_is_not_unpacked() -> None:
    data = bytearray(packed({"a.csv": (HEADER + ROW * 1000).encode()}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", 300)
    with pytest.raises(SourceError, match=r"a\.csv: cannot be unpacked"):
        read_file(bytes(data), name="tep.zip")


def test_files_of_an_archive_are_one_load_and_every_row_knows_its_file() -> None:
    october = workbook(
        {"S": [HEADER.strip().split(","), ["A", "20/10/2026", None, None], ["B", "hôm qua", None, None]]}
    )
    november = "Báo cáo\n" + HEADER + "C,21/11/2026,,\nA,02/10/2026,,\n"
    data = packed({
        "thang-11.csv": november, "thang-9.csv": HEADER + "Z,hôm kia,,\n", "thang-10.xlsx": october,
        "huong-dan.pdf": b"%PDF-1.7", "danh-muc.csv": "Mã,Tên\n1,a\n", "__MACOSX/._thang-11.csv": b"\x00\x05",
    })  # fmt: skip
    done = translated(data, PLAIN, "tep.zip")
    assert {c: here(r["received_at"]) for c, r in by_code(done).items()} == {
        "C": "2026-11-21 00:00",
        "A": "2026-10-02 00:00",  # November comes after October: its row wins
    }
    assert done.rejects["place"].to_list() == ["tep.zip/thang-9.csv, row 2", "tep.zip/thang-10.xlsx, row 3"]
    assert (done.n_read, done.merged, done.flags["files_not_read"]) == (5, 1, 2)


def test_an_archive_without_the_mapped_columns_names_the_file_and_the_column() -> None:
    data = packed({"a.csv": HEADER.replace("Ngày hẹn trả", "Ngày hẹn tra") + ROW})
    with pytest.raises(MappingError, match=r'tep\.zip/a\.csv, row 1: there is no column "Ngày hẹn trả"'):
        translated(data, PLAIN, "tep.zip")


def test_without_a_mapping_the_tables_of_the_best_known_shape_are_shown() -> None:
    data = packed({"a.csv": "x,y\n1,2\n", "b.csv": HEADER + ROW, "c.csv": HEADER + ROW.replace("-1", "-2")})
    shown = preview(read_file(data, name="tep.zip"))
    assert (shown.good, str(shown.notes[-1])) == (2, "not read: a.csv")


@pytest.mark.parametrize("sheets", ['"all"', '["Tháng 10", "tháng 11"]', "[2, 3]"])
def test_the_rows_of_several_sheets_add_up_and_know_their_sheet(sheets: str) -> None:
    head = HEADER.strip().split(",")
    book = workbook({
        "Bìa": [["UBND"]],
        "Tháng 10": [["DANH SÁCH"], head, ["A", "01/10/2026", None, None], ["B", "?", None, None]],
        "Tháng 11": [head, ["C", "21/11/2026", None, None], ["D", "??", None, None]],
    })  # fmt: skip
    done = translated(book, PLAIN + f"[file]\nsheets = {sheets}\n", "so.xlsx")
    assert list(by_code(done)) == ["A", "C"]
    assert (done.n_read, "sheets_not_read" in done.flags) == (4, False)
    assert done.rejects["place"].to_list() == ['so.xlsx, sheet "Tháng 10", row 4', 'so.xlsx, sheet "Tháng 11", row 3']


def test_a_named_sheet_must_have_the_columns_and_all_sheets_pass_over_the_others() -> None:
    book = workbook({"Bìa": [["UBND", "a"]], "S": [HEADER.strip().split(","), ["A", "20/10/2026", None, None]]})
    assert list(by_code(translated(book, ALL_SHEETS))) == ["A"]
    with pytest.raises(MappingError, match="no column"):
        translated(book, PLAIN + '[file]\nsheets = ["Bìa", "S"]\n')
    with pytest.raises(MappingError, match="both given"):
        parse_mapping(PLAIN + '[file]\nsheet = 1\nsheets = "all"\n')


@pytest.mark.parametrize("data", [TWO, gzip.compress(TWO, mtime=0), packed({"log.xes": TWO}), b"\n" + TWO[38:]])
def test_a_log_of_traces_is_folded_into_cases(data: bytes) -> None:
    done = by_code(translated(data, LOG, "nhat-ky"))
    assert {c: (here(r["received_at"]), here(r["due_at"]), here(r["resolved_at"])) for c, r in done.items()} == {
        "A": ("2026-11-20 08:00", "2026-11-25 00:00", "2026-11-24 09:00"),
        "B": ("2026-11-21 08:00", "2026-11-25 00:00", None),
    }


def test_a_case_without_events_and_an_event_without_a_case_are_seen() -> None:
    done = translated(xes(trace("A") + event("Tiếp nhận", "2026-11-20T08:00:00Z")), LOG, "x.xes")
    assert reasons(done) == {"event 1": ["event_time_missing"], "event 2": ["code_missing"]}


def test_attributes_inside_attributes_get_a_path_and_repeated_ones_are_kept_all() -> None:
    inner = '<list key="papers"><values><string key="p" value="1"/><string key="p" value="2"/></values></list>'
    deep = '<string key="unit" value="Sở"><string key="code" value="H01"/></string>'
    table = read_file(xes(f"<trace>{deep}{inner}{event('x', '2026-11-20')}</trace>"), name="x")
    row = table.frame.row(0, named=True)
    assert {k: row[k] for k in ("case:unit", "case:unit.code", "case:papers.p")} == {
        "case:unit": "Sở", "case:unit.code": "H01", "case:papers.p": '["1", "2"]',
    }  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE log [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE log SYSTEM "http://example.invalid/log.dtd">',
    ],
)
def test_a_log_that_would_grow_or_fetch_is_refused(head: str) -> None:
    with pytest.raises(SourceError, match="declares a document type"):
        read_file(xes(trace("A"), head), name="x.xes")


def test_parquet_of_any_types_gives_the_texts_of_a_careful_export() -> None:
    out = BytesIO()
    pl.DataFrame({
        "Mã hồ sơ": [1, 2],
        "Ngày tiếp nhận": [datetime(2026, 11, 21, 1, 30, tzinfo=UTC), None],
        "Ngày hẹn trả": [date(2026, 11, 25), None],
        "Ngày kết thúc": pl.Series([None, None], dtype=pl.Datetime),
        "Phí": [Decimal("12000.00"), None],
    }).write_parquet(out)  # fmt: skip
    done = translated(out.getvalue(), PLAIN, "export.csv")
    row = by_code(done)["1"]
    assert (here(row["received_at"]), here(row["due_at"])) == ("2026-11-21 08:30", "2026-11-25 00:00")
    assert reasons(done) == {"row 2": ["no_start_date"]}


def test_a_wrong_column_of_json_names_the_nearest_and_several_lists_are_a_question() -> None:
    with pytest.raises(MappingError, match=r'no column "hoSo\.ma".* Did you mean "hoSo\.maSo"'):
        translated(lines({"hoSo": {"maSo": "1", "tiepNhan": ""}, "henTra": "", "thuTuc": ""}), NESTED)
    two = json.dumps({"cu": [DOSSIER], "moi": [DOSSIER, {}]}).encode()
    with pytest.raises(MappingError, match='several lists of objects: "cu", "moi"'):
        translated(two, NESTED)
    done: Translated = translated(two, NESTED + '[file]\nrows_at = "moi"\n')
    assert (list(by_code(done)), done.skipped) == (["H01-1"], 1)
    with pytest.raises(MappingError, match='no list of objects at "mới"'):
        translated(two, NESTED + '[file]\nrows_at = "mới"\n')


def test_the_cells_of_a_file_without_a_header_are_never_shown() -> None:
    with pytest.raises(MappingError) as told:
        translated("H01-1,Nguyễn Văn Kín,0912345678,Hà Nội\nH01-2,Trần Thị Hở,0912345679,Huế\n")
    assert "Kín" not in str(told.value)
    assert "this row is no header" in told.value.found


def test_an_archive_that_none_fits_names_the_file_that_was_nearest() -> None:
    data = packed({"doc-toi.txt": "Liên hệ: 1\n", "xuat.csv": HEADER.replace("Ngày hẹn trả", "Hẹn") + ROW})
    with pytest.raises(MappingError, match=r'tep\.zip/xuat\.csv, row 1: there is no column "Ngày hẹn trả"'):
        translated(data, PLAIN, "tep.zip")
