"""Before anything is stored: how each column was read, what each word became, what would be refused."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from config.mapping import parse_mapping
from connectors.base import RECKONED
from connectors.preview import preview
from connectors.readers import read_file
from dashboard.answers import upload
from jobs.load import preview_file
from jobs.load_screen import render
from tests.connectors.made import PLAIN, table

EXPORT = """DANH SÁCH HỒ SƠ THÁNG 11,,,,,,
Mã hồ sơ,Chủ hồ sơ,Đơn vị xử lý,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái
H01-1,Nguyễn A,Sở Xây dựng,21/11/2026,25/11/2026,24/11/2026,Đã trả kết quả
H01-2,Nguyễn B,Sở Xây dựng,22/11/2026,26/11/2026,,Treo
H01-3,Nguyễn C,Sở Xây dựng,hôm qua,26/11/2026,,Đang xử lý
"""
STATUS = PLAIN.replace('"Ngày kết thúc"', '"Ngày kết thúc xử lý"') + 'status = "Trạng thái"\n'


def shown_text(shown: object) -> str:
    console = Console(width=160, file=StringIO())
    with console.capture() as said:
        console.print(shown)
    return said.get()


def test_a_preview_tells_columns_words_and_refusals() -> None:
    shown = preview(table(EXPORT, STATUS), parse_mapping(STATUS))
    assert (shown.read, shown.good, shown.merged, shown.quarantined, shown.header_row) == (3, 1, 0, 2, 2)
    received = next(c for c in shown.columns if c.field == "received_at")
    assert (received.notations, received.n_read, received.n_missing, received.day_first) == (
        {"dd/MM/yyyy": 2},
        2,
        0,
        True,
    )
    assert dict(shown.words)["status"][0][1] in ("returned", None, "processing")
    assert {r.place: r.reasons for r in shown.refused} == {
        "export.csv, row 4": ("unknown_status",),
        "export.csv, row 5": ("unreadable_date",),
    }
    assert shown.dropped == ("Chủ hồ sơ",)
    assert shown.unused == ("Đơn vị xử lý",)


def test_due_dates_that_the_mapping_reckons_are_shown_with_their_rule_and_samples() -> None:
    export = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả\nA,02/11/2026,\nB,03/11/2026,\nC,02/11/2026,30/11/2026\nD,,\n"
    mapping = parse_mapping(PLAIN.replace('resolved_at = "Ngày kết thúc"\n', "") + "[due]\ndays = 20\n")
    shown = preview(read_file(export.encode(), name="a.csv", mapping=mapping), mapping)
    due = next(c for c in shown.columns if c.field == RECKONED)
    assert (due.columns, due.notations) == (("Ngày tiếp nhận",), {"20 calendar_days": 2})
    assert due.samples == ("22/11/2026", "23/11/2026")
    assert "20 calendar_days × 2" in shown_text(render(shown))
    [told] = [row for row in upload.columns(shown).rows() if row[0] == "Ngày hẹn trả, tính từ ngày tiếp nhận"]
    assert told[1:4] == ("Ngày tiếp nhận", "20 ngày × 2", "2")
    assert RECKONED not in {c.field for c in preview(table(EXPORT, STATUS), parse_mapping(STATUS)).columns}


def test_an_officers_column_is_not_called_never_kept_for_its_pseudonym_is() -> None:
    toml = PLAIN + 'handler = "Cán bộ xử lý"\n'
    export = "Mã hồ sơ,Chủ hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Cán bộ xử lý\nA,X,02/11/2026,,,Y\n"
    shown = preview(table(export, toml), parse_mapping(toml))
    assert (shown.dropped, shown.pseudonymous) == (("Chủ hồ sơ",), ("Cán bộ xử lý",))
    assert "officers' names, kept as pseudonyms only: Cán bộ xử lý" in shown_text(render(shown))
    assert "Cột tên cán bộ, chỉ giữ bí danh: Cán bộ xử lý" in upload.remarks(shown)


def test_a_preview_on_the_terminal_names_no_applicant() -> None:
    text = shown_text(render(preview(table(EXPORT, STATUS), parse_mapping(STATUS))))
    assert "Nguyễn" not in text
    assert "3 rows read = 1 dossiers + 0 merged + 2 quarantined" in text
    assert 'status "Treo"' in text
    assert "Nothing was stored." in text


def test_without_a_mapping_one_is_suggested_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "thang-11.csv"
    path.write_text(EXPORT, encoding="utf-8")
    shown = preview_file(path)
    assert shown.suggestion is not None
    named = preview_file(path, source="boston").suggestion
    assert named is not None and parse_mapping(named).source == "boston"
    assert (shown.good, shown.quarantined) == (1, 2)
    mapping = parse_mapping(shown.suggestion)
    assert (mapping.source, mapping.file.header_row) == ("thang11", (2,))
    assert mapping.columns["department"] == ("Đơn vị xử lý",)
    assert '# "Treo" = "?"' in shown.suggestion


def test_the_names_of_the_national_exchange_are_understood() -> None:
    header = "MaHoSo;MaTTHC;TenTTHC;TenLinhVuc;KenhThucHien;NgayNopHoSo;NgayTiepNhan;NgayHenTra;TrangThaiHoSo;"
    header += "NgayKetThucXuLy;NgayTra;DonViXuLy;ChuHoSo\n"
    row = "H01-1;1.004238;Cấp phép;Xây dựng;2;20261120080000;20261121080000;20261125170000;10;"
    row += "20261124100000;20261124110000;Sở Xây dựng;A\n"
    data = (header + row).encode()
    shown = preview(read_file(data, name="x.csv", mapping=None))
    assert (shown.good, shown.quarantined) == (1, 0)
    assert {c.field for c in shown.columns} >= {"code", "procedure", "field", "submitted_at", "due_at", "returned_at"}


@pytest.mark.parametrize("header", ["Xin,chào", "a"])
def test_a_file_nobody_can_map_is_still_shown(header: str) -> None:
    shown = preview(read_file(f"{header}\n1,2\n".encode(), name="x.csv", mapping=None))
    assert shown.missing is not None
    assert "Nothing was stored." in shown_text(render(shown))


def test_a_start_for_a_file_without_header_rows_names_none(tmp_path: Path) -> None:
    path = tmp_path / "xuat.jsonl"
    path.write_text('{"Mã hồ sơ": "A", "Ngày tiếp nhận": "21/11/2026"}\n', encoding="utf-8")
    shown = preview_file(path, source="x")
    assert shown.suggestion is not None and "header_row" not in shown.suggestion
    assert "header in row" not in shown_text(render(shown))
    path.with_name("xuat.jsonl.toml").write_text(shown.suggestion, encoding="utf-8")
    assert preview_file(path, path.with_name("xuat.jsonl.toml")).good == 1
