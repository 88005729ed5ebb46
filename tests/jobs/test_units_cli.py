"""`dunghan units` and `dunghan procedures`: what the registers do not know is shown, counted and mapped later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from config import procedures, unit_writing, units
from config.errors import ConfigError
from tests.jobs.shell import Shell

REGISTER = '[[unit]]\nname = "Sở Xây dựng"\n[[unit]]\nname = "Sở Y tế tỉnh Minh Sơn"\n'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the office's own settings, with a register of two units."""
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "units.toml").write_text(REGISTER, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(folder))
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    units.forget()
    yield folder
    units.forget()


@pytest.fixture
def shell(
    office: Path, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    shell = Shell(tmp_path, empty_url, monkeypatch, capsys)
    assert shell.load()[0] == 0
    return shell


def test_an_unknown_unit_is_listed_with_its_dossiers_and_the_nearest_name(shell: Shell) -> None:
    """H01-4 is the one dossier of Sở Y tế that was read well: open, without a due date, received on 20/3/2026."""
    code, out, _ = shell("units", "--json")
    (found,) = json.loads(out)
    assert code == 0
    assert found == {
        "role": "department", "name": "Sở Y tế", "title": None, "source": "mot-cua", "dossiers": 1, "open": 1,
        "overdue": 0, "first_on": "2026-03-20", "last_on": "2026-03-20", "nearest": "Sở Y tế tỉnh Minh Sơn",
    }  # fmt: skip


def test_a_mapping_changes_the_figures_and_their_version_and_loses_no_row(shell: Shell) -> None:
    def by_unit() -> tuple[str, dict[str, int]]:
        told = shell.figures("--by", "department")
        return told["data_version"], {g["by"]["department"]: g["counts"]["received"] for g in told["groups"]}

    before, counts = by_unit()
    assert counts == {"Sở Xây dựng": 3, "Sở Y tế": 1}
    code, out, said = shell("units", "map", "Sở Y tế", "--to", "Sở Y tế tỉnh Minh Sơn")
    assert code == 0, said
    after, counts = by_unit()
    assert counts == {"Sở Xây dựng": 3, "Sở Y tế tỉnh Minh Sơn": 1}
    assert before != after and after in out.replace("\n", "")
    assert json.loads(shell("units", "--json")[1]) == []


def test_figures_form_and_report_say_which_unit_stands_under_its_source_s_name(shell: Shell, office: Path) -> None:
    (office / "units.toml").write_text('[[unit]]\nname = "Sở Y tế"\n', encoding="utf-8")
    units.forget()
    assert shell.figures("--by", "department")["unregistered"] == ["Sở Xây dựng"]
    assert shell.figures()["unregistered"] == []
    assert "not in the register of units (dunghan units): Sở Xây dựng" in shell("figures", "--by", "department")[1]
    assert "Sở Xây dựng: chưa có trong danh mục đơn vị" in shell("form", "--rows", "department")[1]
    assert shell("report", "friday", "--date", "2026-03-27", "--out", str(shell.folder / "out"))[0] == 0
    (content,) = (shell.folder / "out").glob("*.json")
    told = json.loads(content.read_text(encoding="utf-8"))
    assert "[[strange.first]] chưa có trong danh mục đơn vị, tính dưới tên nguồn ghi." in told["caveat"]["text"]


def test_a_dossier_without_a_level_counts_at_that_of_its_unit(shell: Shell, office: Path) -> None:
    def by_level() -> dict[str | None, int]:
        return {g["by"]["level"]: g["counts"]["received"] for g in shell.figures("--by", "level")["groups"]}

    assert by_level() == {None: 4}
    text = '[[unit]]\nname = "Sở Xây dựng"\nlevel = "tỉnh"\n[[unit]]\nname = "Sở Y tế"\nlevel = "ngành dọc"\n'
    (office / "units.toml").write_text(text, encoding="utf-8")
    units.forget()
    assert by_level() == {"province": 3, None: 1}


def test_a_mapping_to_nobody_is_refused_with_the_nearest(shell: Shell, office: Path) -> None:
    code, _, said = shell("units", "map", "Sở Y tế", "--to", "Sở Y tế tỉnh Minh Son")
    assert code == 3 and 'Did you mean "Sở Y tế tỉnh Minh Sơn"?' in said.replace("\n", " ")
    assert (office / "units.toml").read_text(encoding="utf-8") == REGISTER


def test_a_name_that_is_known_is_not_mapped_again(office: Path) -> None:
    with pytest.raises(ConfigError, match="the register knows it"):
        unit_writing.map_unit("Sở Xây dựng", "Sở Y tế tỉnh Minh Sơn", on=date(2026, 3, 1))


def test_a_unit_may_be_begun_and_its_name_holds_quotes(office: Path) -> None:
    unit_writing.map_unit('Chi nhánh "Một"', "Văn phòng đăng ký đất đai", on=date(2026, 3, 1), new=True)
    assert units.load().own('Chi nhánh "Một"') == "Văn phòng đăng ký đất đai"
    assert [file.name for file in office.iterdir()] == ["units.toml"]


def test_without_a_folder_of_its_own_nothing_is_written(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_CONFIG")
    with pytest.raises(ConfigError, match="shipped files are not written"):
        unit_writing.map_unit("Sở Y", "Sở X", on=date(2026, 3, 1), new=True)


def test_a_procedure_without_a_line_is_listed(shell: Shell, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = (shell.folder / "a.toml").read_text(encoding="utf-8")
    (shell.folder / "a.toml").write_text(mapping.replace('field = "L', 'procedure = "Lĩnh vực"\nfield = "L'), "utf-8")
    (office / "procedures.csv").write_text("procedure,statutory\nXây dựng,10wd\n", encoding="utf-8")
    procedures.forget()
    shell.load()
    found = json.loads(shell("procedures", "--json")[1])
    assert [(row["name"], row["dossiers"]) for row in found] == [("Y tế", 1), ("Đất đai", 1)]
    procedures.forget()


WARDS = """code,name,codename,province_name,province_codename,province_code
70,Phường Hoàn Kiếm,phuong_hoan_kiem,Thành phố Hà Nội,ha_noi,1
6652,Phường An Sinh,phuong_an_sinh,Tỉnh Quảng Ninh,quang_ninh,22
7192,Đặc khu Cô Tô,dac_khu_co_to,Tỉnh Quảng Ninh,quang_ninh,22
"""


def test_the_communes_of_one_province_become_its_table(office: Path, tmp_path: Path) -> None:
    (tmp_path / "wards.csv").write_text(WARDS, encoding="utf-8")
    file, communes = unit_writing.import_wards(tmp_path / "wards.csv", "Tỉnh Quảng Ninh", from_on=date(2025, 7, 1))
    known = units.load()
    assert (file, communes) == (office / "units.csv", 2)
    assert known.own("06652") == known.own("Phường An Sinh") == "UBND phường An Sinh"
    assert known.below("Tỉnh Quảng Ninh") == {"UBND phường An Sinh", "UBND đặc khu Cô Tô"}
    with pytest.raises(ConfigError, match="has one already"):
        unit_writing.import_wards(tmp_path / "wards.csv", "22", from_on=date(2025, 7, 1))


def test_a_province_that_is_not_there_is_said_with_the_nearest(office: Path, tmp_path: Path) -> None:
    (tmp_path / "wards.csv").write_text(WARDS, encoding="utf-8")
    with pytest.raises(ConfigError, match='Did you mean "Tỉnh Quảng Ninh"'):
        unit_writing.import_wards(tmp_path / "wards.csv", "Quảng Ninh", from_on=date(2025, 7, 1))


def test_every_province_of_the_real_register_of_communes_can_be_imported(office: Path, shared_data: Path) -> None:
    wards = shared_data / "vn_units_2025" / "wards.csv"
    told = 0
    for code in sorted({row["province_code"] for row in unit_writing._wards(wards)}):
        (office / "units.csv").unlink(missing_ok=True)
        _, communes = unit_writing.import_wards(wards, code, from_on=date(2025, 7, 1))
        known = units.load()
        assert {entry.level for entry in known.known} >= {"province", "commune"}
        assert len(known.below(next(e.name for e in known.known if e.level == "province"))) == communes
        told += communes
    assert told == 3_321


def test_a_folder_that_may_not_be_written_is_said_in_words(office: Path, shell: Shell) -> None:
    (office / ".units.toml.new").mkdir()  # as root, whom no mode stops, the tests run too
    code, _, said = shell("units", "map", "Sở Y tế", "--to", "Sở Y tế tỉnh Minh Sơn")
    assert code == 3 and "it cannot be written here" in said and "docs/operate.md" in said.replace("\n", " ")
    assert (office / "units.toml").read_text(encoding="utf-8") == REGISTER


def test_the_doctor_says_that_figures_were_made_before_the_settings_were_changed(shell: Shell, office: Path) -> None:
    def figures() -> list[tuple[str, str]]:
        found = json.loads(shell("doctor", "--json")[1])
        return [(one["verdict"], one["found"]) for one in found if one["what"] == "figures"]

    assert figures()[0][0] == "ok"
    (office / "units.toml").write_text(f'{REGISTER}[[unit]]\nname = "UBND xã Hòa An"\n', encoding="utf-8")
    units.forget()
    assert figures() == [("look", "made by other settings than stand in the files now")]
    assert shell("rebuild")[0] == 0
    assert figures()[0][0] == "ok"
