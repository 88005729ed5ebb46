"""Lists of procedures as ministries and provinces write them: a mapping says what each column is."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from config import register_mapping, register_writing
from config.errors import ConfigError, MappingError
from connectors import register
from connectors.register_cells import Unreadable, limit
from connectors.register_words import WORDS
from jobs import registering
from tests.register.conftest import Load

UNITS = WORDS["statutory_unit"]


def mapped(folder: Path, text: str) -> register_mapping.RegisterMapping:
    (folder / "m.toml").write_text(text, encoding="utf-8")
    return register_mapping.load_mapping(folder / "m.toml")


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("10 ngày làm việc", "", "10wd"), ("07 ngày", "", "7d"), ("16 giờ làm việc", "", "16wh"), ("3 tháng", "", "3m"),
        ("Trong ngày", "", "0wd"), ("10", "Ngày làm việc", "10wd"), ("1.5", "Ngày làm việc", "1.5wd"),
        ("1,5 ngày làm việc", "", "1.5wd"), ("5.0", "Ngày", "5d"), ("10wd", "", "10wd"),
        ("20 ngày làm việc kể từ ngày nhận đủ hồ sơ", "", "20wd"),
    ],
)  # fmt: skip
def test_a_limit_is_one_number_and_its_unit(text: str, unit: str, told: str) -> None:
    assert limit(text, unit, UNITS, "statutory") == told


@pytest.mark.parametrize(
    ("text", "unit"),
    [("10", ""), ("ngày", ""), ("5-7 ngày", ""), ("1.5 ngày", ""), ("1.25", "Ngày làm việc"), ("10", "tuần"),
     ("10 ngày", "Tháng"), ("5 ngày (khó: 10)", "")],
)  # fmt: skip
def test_what_is_no_limit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(Unreadable):
        limit(text, unit, UNITS, "statutory")


def workbook(rows: list[list[object]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Danh mục")
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)
    book.close()
    return out.getvalue()


LIST: list[list[object]] = [
    ["DANH MỤC THỦ TỤC HÀNH CHÍNH CỦA TỈNH"],
    ["STT", "Mã", "Thủ tục", "Sở, ngành", "4 bước", "Chờ bộ", "Mức 4", "Vào TT", "Khối"],
    ["I. LĨNH VỰC ĐẤT ĐAI"],
    [1, "1.000010", "Cấp A", "Sở Xây dựng", "x", "", "x", "x", "Sở"],
    [2, "1.000020", "Cấp B", "Sở Xây dựng", "", "x", "", "x", "Sở"],
    [3, "1.000030", "Cấp C", "Công an tỉnh", "", "", "", "", "Ngành dọc"],
    [4, "1.000040", "Cấp D", "Sở Y tế", "x", "", "x", "x", "Phòng"],
    ["Người lập biểu", "", "", "", "", "", "", "", ""],
]
MAPPING = """
[file]
header_row = 2
[columns]
procedure = "Mã"
name = "Thủ tục"
department = "Sở, ngành"
centre = "Vào TT"
kind = "Khối"
[constants]
level = "province"
[words.kind]
"Sở" = "own"
[marks]
"4 bước" = { on_site = "4" }
"Chờ bộ" = { awaits = "ministry" }
"Mức 4" = { online = "4" }
[empty]
centre = "no"
"""


def test_an_unknown_list_is_mapped_from_the_words_of_the_document(tmp_path: Path) -> None:
    found = register.read(workbook(LIST), name="dm.xlsx", mapping=mapped(tmp_path, MAPPING))
    assert (found.header_row, found.unused, found.skipped) == (2, ("STT",), 2)
    told = {row.procedure: {k: v for k, v in row.cells.items() if v} for row in found.rows}
    common = {"name": "Cấp A", "department": "Sở Xây dựng", "level": "province", "kind": "own", "centre": "yes"}
    assert told["1.000010"] == common | {"on_site": "4", "online": "4"}
    assert told["1.000020"] == common | {"name": "Cấp B", "awaits": "ministry"}
    assert told["1.000030"]["kind"] == "vertical" and told["1.000030"]["centre"] == "no"
    (refused,) = found.refused
    assert (refused.place, refused.procedure) == ("dm.xlsx, row 7", "1.000040")
    assert '"Phòng" is not known in kind' in refused.reason


def test_codes_that_a_spreadsheet_took_for_numbers_are_refused_or_padded_where_that_is_asked(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Mã", "Thủ tục"], ["1.000015", "A"], ["1.000023", "B"], [1.00003, "C"]]
    plain = '[columns]\nprocedure = "Mã"\nname = "Thủ tục"\n'
    found = register.read(workbook(rows), name="dm.xlsx", mapping=mapped(tmp_path, plain))
    assert [row.procedure for row in found.rows] == ["1.000015", "1.000023"]
    assert "its code 1.00003 has lost noughts" in found.refused[0].reason
    padded = register.read(workbook(rows), name="dm.xlsx", mapping=mapped(tmp_path, f"pad_codes = true\n{plain}"))
    assert [row.procedure for row in padded.rows][2] == "1.000030"


def test_two_crosses_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = '[columns]\nprocedure = "Mã"\n[marks]\n"4 bước" = { on_site = "4" }\n"5 bước" = { on_site = "5" }\n'
    rows: list[list[object]] = [["Mã", "4 bước", "5 bước"], ["1.000015", "x", "x"], ["1.000016", "x", "không"]]
    found = register.read(workbook(rows), name="dm.xlsx", mapping=mapped(tmp_path, text))
    assert [row.cells["on_site"] for row in found.rows] == ["4"]
    assert '"5 bước" says on_site 5, another column says 4' in found.refused[0].reason


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[columns]\nname = "Tên"\n', "columns.procedure is missing"),
        ('[columns]\nprocedure = "Mã"\nlevl = "Cấp"\n', 'Did you mean "level"?'),
        ('[columns]\nprocedure = "Mã"\n[words.level]\n"Tỉnh" = "provinse"\n', 'Did you mean "province"?'),
        ('[columns]\nprocedure = "Mã"\n[constants]\nkind = "verticle"\n', 'Did you mean "vertical"?'),
        ('[columns]\nprocedure = "Mã"\n[words.statutory_unit]\n"tuần" = "w"\n', '"w" is no unit of a limit'),
        ('[columns]\nprocedure = "Mã"\n[colums]\n', '"colums" is not a key here. Did you mean "columns"?'),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_told_with_the_nearest_word(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapped(tmp_path, text)
    assert found in str(caught.value) and "m.toml" in caught.value.place


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match='there is no column "Ma so"'):
        register.read(workbook(LIST), name="dm.xlsx", mapping=mapped(tmp_path, '[columns]\nprocedure = "Ma so"\n'))


def test_a_list_whose_code_nobody_knows_asks_for_a_mapping() -> None:
    with pytest.raises(MappingError, match="no column is known as that of the code; columns: Tên gì, Khác"):
        register.read("Tên gì,Khác\nA,B\n".encode(), name="x.csv")


def test_a_list_without_one_good_row_is_refused_whole(tmp_path: Path, load: Load) -> None:
    (tmp_path / "x.csv").write_text("Mã TTHC,Cấp thực hiện\n1.000001,Vũ trụ\n", encoding="utf-8")
    code, told = load(tmp_path / "x.csv", "--write")
    assert code == 3 and '"Vũ trụ" is not known in level' in told["error"].replace("\n", " ")
    (tmp_path / "x.csv").write_text("Mã TTHC,Cấp thực hiện\n", encoding="utf-8")
    assert load(tmp_path / "x.csv")[0] == 3


def test_the_catalogue_of_the_ministries_loads_with_its_true_counts(shared_data: Path, load: Load) -> None:
    """../shared/data/README.md: 2,642 procedures; working days 1,453, days 581, hours 76, months 8, 524 without."""
    code, told = load(shared_data / "vn_tthc_catalogue" / "tthc.csv", "--write", "--strict")
    assert (code, told["read"], told["new"], told["refused"]) == (0, 2642, 2642, [])
    assert told["limits"] == {
        "working days": 1453, "days": 581, "hours": 76, "months": 8, "without a limit": 524,
    }  # fmt: skip
    assert told["ministries"]["Bộ Xây dựng"] == 525 and sum(told["ministries"].values()) == 2642
    assert (told["levels"]["central"], told["levels"]["province"], told["levels"]["commune"]) == (1413, 1251, 588)
    _, again = load(shared_data / "vn_tthc_catalogue" / "tthc.csv", "--write")
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2642)


def test_a_ministry_s_own_workbook_loads_with_its_title_row_and_codes_like_decimals(
    shared_data: Path, load: Load
) -> None:
    name = shared_data / "vn_tthc_catalogue" / "danh-sach-tthc-BoXayDung.xlsx"
    code, told = load(name, "--write", "--strict")
    assert (code, told["read"], told["new"], told["refused"]) == (0, 525, 525, [])
    found = register.read(name.read_bytes(), name=name.name)
    assert found.header_row == 2 and "1.115150" in {row.procedure for row in found.rows}  # not 1.11515
    _, after = load(shared_data / "vn_tthc_catalogue" / "tthc.csv", "--from", "2026-01-01", "--write")
    assert (after["new"], after["new"] + after["changed"] + after["unchanged"]) == (2642 - 525, 2642)


def test_every_limit_of_the_catalogue_can_be_counted(shared_data: Path, load: Load, office: Path) -> None:
    load(shared_data / "vn_tthc_catalogue" / "tthc.csv", "--write")
    registering.check(office / "procedures.csv")
    text = (office / "procedures.csv").read_text(encoding="utf-8")
    (office / "procedures.csv").write_text(text.replace(",1.5wd,", ",1.4wd,"), encoding="utf-8")
    register_writing.forget()
    with pytest.raises(ConfigError, match="not a limit"):
        registering.check(office / "procedures.csv")
