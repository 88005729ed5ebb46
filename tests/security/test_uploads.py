"""A file that somebody hands over takes no memory that it does not fill, fetches nothing, and lands nowhere else."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import mappings
from config.errors import DunghanError, SourceError
from config.mapping import parse_mapping
from connectors.files import read_table
from jobs import uploads
from store import inbox, runs
from store.database import Store

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
VALUE = "<is><t>x</t></is></c></row>"
#: One value far away, in every way in which the reader of .xlsx takes a place; what was not seen ended the process.
FAR = {
    "as an office writes it": f'<row r="1048576"><c r="XFD1048576" t="inlineStr">{VALUE}',
    "other quotes": f"<row r='1048576'><c r='XFD1048576' t='inlineStr'>{VALUE}",
    "spaces": f'<row r="1048576"><c r \n = "XFD1048576" t="inlineStr">{VALUE}',
    "many spaces": f'<row r="1048576"><c r{" " * 5_000}={" " * 5_000}"XFD1048576" t="inlineStr">{VALUE}',
    "small letters": f'<row r="1048576"><c r="xfd1048576" t="inlineStr">{VALUE}',
    "a row far below": f'<row r="1048576"><c t="inlineStr">{VALUE}<row r="2"><c r="XFD2" t="inlineStr">{VALUE}',
}
ENTITIES = (
    '<!DOCTYPE l [<!ENTITY a "lollol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;&b;">]>',
    '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE l [<!ENTITY % d SYSTEM "http://127.0.0.1:9/d"> %d;]>',
)


def packed(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(rows: str, *, sheet: str = "worksheets/sheet1.xml", head: str = "") -> bytes:
    """Give a workbook by hand: its first row holds one word."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>ma</t></is></c></row>'
    return packed({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="{sheet}"/></Relationships>',
        f"xl/{sheet}": f'{head}<worksheet xmlns="{main}"><sheetData>{first}{rows}</sheetData></worksheet>',
    })  # fmt: skip


def ods(rows: str, head: str = "") -> bytes:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": f"{head}<office:document-content{spaces}><office:body><office:spreadsheet>{body}"
        "</office:document-content>",
    })  # fmt: skip


def row_of(cells: int, times: int, text: str = "x") -> str:
    cell = (
        f'<table:table-cell table:number-columns-repeated="{cells}" office:value-type="string"><text:p>{text}</text:p>'
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-cell></table:table-row>'


_NONE = '<table:table-cell table:number-columns-repeated="900"/>'
EMPTY = f'<table:table-row table:number-rows-repeated="1000000">{_NONE}</table:table-row>'


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
@pytest.mark.parametrize("sheet", ["worksheets/sheet1.xml", "else/where.dat"])
def test_one_value_far_away_asks_for_no_memory(rows: str, sheet: str) -> None:
    data = xlsx(rows, sheet=sheet)
    assert len(data) < 4_000
    with pytest.raises(SourceError, match="no memory holds"):
        read_table(data, name="a.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        row_of(50, 1_048_574), row_of(500, 1_000) * 400, EMPTY + row_of(1_000, 1),
        row_of(1, 1) + EMPTY * 9 + row_of(99, 2),
    ],
    ids=["a row many times", "many rows many times", "far below", "farther below"],
)  # fmt: skip
def test_a_row_that_says_it_stands_there_a_million_times_asks_for_no_memory(rows: str) -> None:
    with pytest.raises(SourceError, match="no memory holds"):
        read_table(ods(rows), name="a.ods")


def test_an_office_may_repeat_what_it_repeats() -> None:
    table = read_table(ods(row_of(3, 1, "ma") + row_of(3, 4) + EMPTY), name="a.ods")
    assert table.frame.height == 4
    assert read_table(xlsx(f'<row r="7"><c r="C7" t="inlineStr">{VALUE}'), name="a.xlsx").frame.height >= 1


@pytest.mark.parametrize(("row", "column", "far"), [(1_048_575, 16_383, True), (99, 30, False)])
def test_a_binary_workbook_is_looked_at_too(row: int, column: int, far: bool) -> None:
    def record(kind: int, data: bytes) -> bytes:
        number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(data)]) + data

    cell = record(5, struct.pack("<II", column, 0) + struct.pack("<d", 1.0))
    sheet = record(0x81, b"") + record(0x91, b"") + record(0, struct.pack("<I", row) + b"\0" * 13) + cell
    data = packed({"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": sheet})
    with pytest.raises(SourceError, match="no memory holds" if far else "is no readable workbook"):
        read_table(data, name="a.xlsb")


@pytest.mark.parametrize("head", ENTITIES, ids=["grows", "reads a file", "asks a server"])
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xes"])
def test_no_entity_grows_or_fetches(kind: str, head: str) -> None:
    data = {
        "xlsx": xlsx('<row r="2"><c r="A2" t="inlineStr"><is><t>&x;</t></is></c></row>', head=head),
        "ods": ods(row_of(1, 1, "&x;"), head),
        "xes": f'{head}<log><trace><string key="concept:name" value="&x;"/></trace></log>'.encode(),
    }[kind]
    with pytest.raises(SourceError) as refused:
        read_table(data, name=f"a.{kind}")
    assert "root:" not in str(refused.value) and len(str(refused.value)) < 600


def test_archives_in_archives_are_not_unpacked_for_ever() -> None:
    inner = packed({"a.csv": b"," * 1_000_000})
    for _ in range(12):
        inner = packed({f"{n}.zip": inner for n in range(3)})
    with pytest.raises(DunghanError):
        read_table(inner, name="a.zip")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "home").mkdir()
    yield tmp_path / "home"


CSV = b"ma,trang thai,ngay nhan\nH1,1,02/03/2026\n"
MAPPING = """
source = {source}
[columns]
code = "ma"
status = "trang thai"
received_at = "ngay nhan"
[dates]
formats = ["%d/%m/%Y"]
[status]
words = {{ "1" = "accepted" }}
"""
LEADING_AWAY = (
    "../evil",
    "/../../evil",
    "./../../evil",
    "/tmp/evil",
    "a/b",
    "a\\\\b",
    ".evil",
    "a\\u0000b",
    "..",
    "x" * 200,
)


@pytest.mark.parametrize("source", LEADING_AWAY)
def test_a_mapping_names_no_place_outside_its_folder(store: Store, home: Path, source: str) -> None:
    text = MAPPING.format(source=f'"{source}"')
    with pytest.raises(DunghanError, match="source"):
        parse_mapping(text, place="mapping")
    before = {p for p in home.parent.rglob("*") if p.is_file()}
    token = inbox.put(home, inbox.Upload("a.csv", "", "vanhanh", NOW.isoformat()), CSV, text)
    assert uploads.take(store, home, now=NOW) == 0
    told = inbox.outcome(home, token)
    assert told is not None and told["state"] == "failed"
    assert {p.parent for p in home.parent.rglob("*") if p.is_file()} - {p.parent for p in before} <= {
        home / inbox.FOLDER / token
    }


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "a\0b.csv", "C:\\evil.csv", "=1+1.csv"])
def test_a_file_is_kept_under_no_name_of_its_own(store: Store, home: Path, name: str) -> None:
    text = MAPPING.format(source='"mot-cua"')
    token = inbox.put(home, inbox.Upload(name, "", "vanhanh", NOW.isoformat()), CSV, text)
    uploads.take(store, home, now=NOW)
    assert {p.name for p in home.rglob("*") if p.is_file()} <= {
        "order.json",
        "mapping.toml",
        "outcome.json",
        "mot-cua.toml",
    }
    assert [one.source for one in mappings.known(home)] == ["mot-cua"]
    assert inbox.outcome(home, f"../{inbox.FOLDER}/{token}") is None
    assert runs.latest(store)["dossiers"].to_list() == [1]
