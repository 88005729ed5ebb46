"""What a file can do wrong before its first row is understood."""

from __future__ import annotations

import codecs
import gzip
import threading
import unicodedata
from pathlib import Path

import pytest

from config.errors import MappingError, SourceError
from connectors.files import read_settled, read_table
from tests.connectors.made import HEADER, PLAIN, by_code, here, reasons, table, translated, workbook

ROW = "H01-1,21/11/2026,25/11/2026,\n"
DEPARTMENT = PLAIN + 'department = "Cơ quan"\n'
LANDS = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Cơ quan\nH01-1,21/11/2026,25/11/2026,,Sở Nông nghiệp đất\n"


@pytest.mark.parametrize(
    "data",
    [
        LANDS.encode(),
        codecs.BOM_UTF8 + LANDS.encode(),
        LANDS.encode("utf-16"),
        LANDS.encode("utf-16-le"),
        LANDS.encode("utf-16-be"),
        LANDS.replace("\n", "\r\n").encode(),
        LANDS.replace("\n", "\r").encode(),
        unicodedata.normalize("NFD", LANDS).encode(),
        gzip.compress(LANDS.encode(), mtime=0),
        LANDS.replace(",", ";").encode(),
        LANDS.replace(",", "\t").encode("utf-16"),
        LANDS.replace(",", "|").encode(),
        b"sep=;\n" + LANDS.replace(",", ";").encode(),
        LANDS.removesuffix("\n").encode(),
        LANDS.replace("H01-1", " H01-1\u00a0").encode(),
    ],
)
def test_one_content_in_any_writing_gives_one_dossier(data: bytes) -> None:
    row = by_code(translated(data, DEPARTMENT))["H01-1"]
    assert (row["department"], here(row["received_at"])) == ("Sở Nông nghiệp đất", "2026-11-21 00:00")


def test_windows_1258_is_recognised() -> None:
    decomposed = "".join(_vietnamese_1258(c) for c in LANDS)
    assert by_code(translated(decomposed.encode("cp1258"), DEPARTMENT))["H01-1"]["department"] == "Sở Nông nghiệp đất"


def _vietnamese_1258(letter: str) -> str:
    """Split off the tone only: windows-1258 has ê but no ế."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        base, tone = unicodedata.normalize("NFD", letter)[:-1], unicodedata.normalize("NFD", letter)[-1]
        parts = unicodedata.normalize("NFD", letter)
        tone = next(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", parts.replace(tone, ""))
        return base + tone
    return letter


def test_a_few_damaged_bytes_cost_their_rows_only() -> None:
    data = (LANDS + "H01-2,22/11/2026,,,Sở Xây dựng\n").encode().replace("Xây".encode(), b"X\xff\xfey")
    done = translated(data, DEPARTMENT)
    assert list(by_code(done)) == ["H01-1"]
    assert reasons(done) == {"row 3": ["damaged_text"]}


def test_title_rows_above_the_header_are_passed_over() -> None:
    text = "SỞ TÀI NGUYÊN,,,\nDANH SÁCH HỒ SƠ,,,\n,,,\n" + HEADER + ROW
    done = translated(text)
    assert list(by_code(done)) == ["H01-1"]
    assert table(text).header_row == 4


def test_the_row_in_a_message_is_the_row_of_the_file() -> None:
    assert reasons(translated("Tiêu đề\n\n" + HEADER + ROW + "H01-2,hôm qua,,\n")) == {"row 5": ["unreadable_date"]}


def test_a_line_break_in_a_quoted_cell_is_a_space() -> None:
    text = LANDS.replace("Sở Nông nghiệp đất", '"Sở Nông\r\nnghiệp"')
    assert by_code(translated(text, DEPARTMENT))["H01-1"]["department"] == "Sở Nông nghiệp"


def test_quotes_inside_a_cell_do_not_swallow_rows() -> None:
    text = LANDS.replace("Sở Nông nghiệp đất", 'ống 5" đen') + "H01-2,22/11/2026,,,a\n"
    assert list(by_code(translated(text, DEPARTMENT))) == ["H01-1", "H01-2"]


def test_codes_keep_their_zeros_and_their_decimals() -> None:
    done = translated(HEADER + "0001,21/11/2026,,\n1.110,21/11/2026,,\n1.11,21/11/2026,,\n1e5,21/11/2026,,\n")
    assert list(by_code(done)) == ["0001", "1.110", "1.11", "1e5"]


def test_a_repeated_header_is_refused_until_the_mapping_says_which() -> None:
    text = "Mã hồ sơ,Ngày tiếp nhận,Ngày,Ngày,Ngày hẹn trả,Ngày kết thúc\nA,21/11/2026,22/11/2026,23/11/2026,,\n"
    with pytest.raises(MappingError, match=r'Write "Ngày \(1\)" or "Ngày \(2\)"'):
        translated(text, PLAIN + 'submitted_at = "Ngày"\n')
    done = translated(text, PLAIN + 'submitted_at = "Ngày (2)"\n')
    assert here(by_code(done)["A"]["submitted_at"]) == "2026-11-23 00:00"


def test_a_repeated_header_with_equal_cells_is_no_question() -> None:
    text = "Mã hồ sơ,Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc\nA,A,21/11/2026,,\n"
    assert list(by_code(translated(text))) == ["A"]


def test_a_column_that_is_not_there_names_the_nearest_one() -> None:
    with pytest.raises(MappingError) as told:
        translated("Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn tra,Ngày kết thúc\nA,21/11/2026,,\n")
    assert 'no column "Ngày hẹn trả". Did you mean "Ngày hẹn tra"?' in told.value.found
    assert "Ngày kết thúc" in told.value.next_step


def test_a_row_with_more_cells_than_the_header_is_refused() -> None:
    assert reasons(translated(HEADER + ROW + "A,21/11/2026,,,,moved\n")) == {"row 3": ["too_many_cells"]}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n\n", "is empty"),
        ((HEADER + ROW + 'H01-2,21/11/2026,"25/1').encode(), "is cut off: the quoted text"),
        ((HEADER + ROW + "H01-2,21/11").encode(), "is cut off: its last row has 2 of 4 cells"),
        ((HEADER + ROW).encode() + "ệ".encode()[:2], "cut off in the middle of a letter"),
        (workbook({"S": [["a"]]})[:500], "is no readable workbook"),
        (b"PK\x03\x04 not a workbook at all", "is no readable workbook"),
        (gzip.compress(HEADER.encode(), mtime=0)[:-9], "cut off gzip"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "web page"),
    ],
)
def test_a_file_that_cannot_be_believed_is_refused_with_a_reason(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=found):
        read_table(read_settled(path), name=path.name)


def test_a_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "thang-11.csv").write_text("x", encoding="utf-8")
    with pytest.raises(SourceError, match='Did you mean "thang-11.csv"'):
        read_settled(tmp_path / "thang-1.csv")


@pytest.mark.parametrize("name", ["export.csv.part", "export.crdownload", "~$export.xlsx"])
def test_a_file_under_transfer_is_not_touched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(SourceError, match="still being transferred"):
        read_settled(tmp_path / name)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path, stop = tmp_path / "export.csv", threading.Event()
    path.write_text(HEADER, encoding="utf-8")

    def write() -> None:
        with path.open("a", encoding="utf-8") as out:
            while not stop.is_set():
                out.write(ROW)
                out.flush()
                stop.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(SourceError, match="still being written"):
            read_settled(path)
    finally:
        stop.set()
        writer.join()


def test_a_declared_encoding_that_does_not_fit_is_told() -> None:
    with pytest.raises(SourceError, match="is not utf-8"):
        translated(LANDS.encode() + b"\xff\n", DEPARTMENT + '[file]\nencoding = "utf-8"\n')
    with pytest.raises(MappingError, match="no encoding"):
        translated(LANDS, DEPARTMENT + '[file]\nencoding = "viscii-9"\n')


def test_a_text_that_guards_against_a_spreadsheet_loses_its_guard() -> None:
    rows = '="012","=""21/11/2026""",25/11/2026,\n\'013,\'21/11/2026,25/11/2026,\n'
    found = by_code(translated(HEADER + rows))
    assert {code: here(row["received_at"]) for code, row in found.items()} == {
        "012": "2026-11-21 00:00",
        "013": "2026-11-21 00:00",
    }


def test_a_total_in_the_last_line_is_no_sign_of_a_cut_off_file() -> None:
    done = translated(HEADER + ROW + "Tổng cộng: 1 hồ sơ")
    assert (list(by_code(done)), done.skipped) == (["H01-1"], 1)


@pytest.mark.parametrize("start", ["\ufeff\r\n <?xml version='1.0'?>", "<meta charset='utf-8'><table>", "<HTML>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_web_page_is_known_in_any_encoding(start: str, encoding: str) -> None:
    with pytest.raises(SourceError, match="web page"):
        table(start.encode(encoding), name="export.xls")


def test_a_personal_column_with_a_misspelt_name_is_not_kept_in_silence() -> None:
    toml = PLAIN + '[personal]\ncolumns = ["Người đại diện"]\n'
    with pytest.raises(MappingError, match="Người đại diện"):
        table(HEADER + ROW, toml)


def test_bytes_that_are_no_text_are_called_so() -> None:
    with pytest.raises(SourceError, match="perhaps no text at all"):
        table(bytes(range(1, 256)) * 4)
