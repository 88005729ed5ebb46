"""The tree of units in time: what an office writes, and what is said with file and line when it cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config import units
from config.errors import ConfigError
from config.units import Known, Units

TREE = """
[[unit]]
name = "UBND tỉnh Minh Sơn"
codes = ["000.00.00.H99", "H99"]
level = "tỉnh"

[[unit]]
name = "UBND huyện Bình Lâm"
codes = ["000.00.15.H99"]
level = "huyện"
parent = "H99"
to = 2025-06-30
successor = "UBND tỉnh Minh Sơn"

[[unit]]
name = "UBND xã Hòa Bình"
codes = ["000.21.15.H99"]
level = "xã"
parent = "UBND huyện Bình Lâm"
to = 2025-06-30

[[unit]]
name = "UBND xã Hòa Bình"
codes = ["H99.21"]
level = "xã"
parent = "UBND tỉnh Minh Sơn"
from = 2025-07-01
predecessors = ["UBND xã Hòa Bình", "UBND xã Hòa An"]

[[unit]]
name = "Thuế tỉnh Minh Sơn"
level = "ngành dọc"
"""


def read(folder: Path, text: str, table: str = "") -> Units:
    (folder / "units.toml").write_text(text, encoding="utf-8")
    (folder / "units.csv").write_text(table, encoding="utf-8")
    units.forget()
    return units.load(folder / "units.toml", folder / "units.csv")


def said(folder: Path, text: str, table: str = "") -> str:
    with pytest.raises(ConfigError) as refused:
        read(folder, text, table)
    return str(refused.value).replace(f"{folder}/", "")


def test_a_unit_is_known_by_its_old_code_its_new_code_and_its_names(tmp_path: Path) -> None:
    known = read(tmp_path, TREE)
    assert {known.own(n) for n in ("000.21.15.H99", "H99.21", "UBND xã Hòa Bình")} == {"UBND xã Hòa Bình"}
    assert known.own("Sở Xây dựng") == "Sở Xây dựng"


def test_a_commune_that_keeps_its_name_through_the_merger_goes_on(tmp_path: Path) -> None:
    known = read(tmp_path, TREE)
    assert known.today("000.21.15.H99") == "UBND xã Hòa Bình"
    assert "UBND xã Hòa Bình" not in known.handed


def test_a_predecessor_told_nowhere_else_ended_on_the_day_before(tmp_path: Path) -> None:
    known = read(tmp_path, TREE)
    assert known.handed["UBND xã Hòa An"] == (date(2025, 6, 30), "UBND xã Hòa Bình")
    assert known.today("UBND xã Hòa An") == "UBND xã Hòa Bình"


def test_a_unit_has_the_level_and_the_parent_of_its_period(tmp_path: Path) -> None:
    both = [entry for entry in read(tmp_path, TREE).known if entry.name == "UBND xã Hòa Bình"]
    last = date(2025, 6, 30)
    assert both == [
        Known("UBND xã Hòa Bình", "commune", "UBND huyện Bình Lâm", None, last, ()),
        Known("UBND xã Hòa Bình", "commune", "UBND tỉnh Minh Sơn", date(2025, 7, 1), None, ()),
    ]


def test_below_a_unit_stands_what_has_not_ended(tmp_path: Path) -> None:
    known = read(tmp_path, TREE)
    assert known.below("H99") == {"UBND xã Hòa Bình"}
    assert known.below("UBND huyện Bình Lâm") == frozenset()
    assert known.below("nobody") == frozenset()


def test_the_day_of_the_mergers_is_a_mark_for_charts(tmp_path: Path) -> None:
    assert read(tmp_path, TREE).breaks == {date(2025, 7, 1): 2}


def test_an_empty_register_misses_nobody_and_a_filled_one_does(tmp_path: Path) -> None:
    assert read(tmp_path, "").knows("Sở Xây dựng")
    known = read(tmp_path, TREE)
    assert known.knows("000.00.15.H99") and known.knows("UBND xã Hòa An") and not known.knows("Sở Xây dựng")


def test_a_table_says_the_same(tmp_path: Path) -> None:
    table = """name,codes,aliases,level,parent,from,to,successors,predecessors,decision
UBND tỉnh Minh Sơn,000.00.00.H99; H99,,tỉnh,,,,,,
UBND huyện Bình Lâm,000.00.15.H99,,huyện,H99,,2025-06-30,UBND tỉnh Minh Sơn,,
# both periods of one commune
UBND xã Hòa Bình,000.21.15.H99,,xã,UBND huyện Bình Lâm,,2025-06-30,,,
UBND xã Hòa Bình,H99.21,,xã,UBND tỉnh Minh Sơn,2025-07-01,,,UBND xã Hòa Bình; UBND xã Hòa An,
Thuế tỉnh Minh Sơn,,,ngành dọc,,,,,,
"""
    assert read(tmp_path, "", table) == read(tmp_path / ".", TREE)


def test_an_alias_may_be_added_below_the_units(tmp_path: Path) -> None:
    known = read(tmp_path, TREE + '[[alias]]\nname = "Xã Hòa An (cũ)"\nunit = "UBND xã Hòa An"\n')
    assert known.today("Xã Hòa An (cũ)") == "UBND xã Hòa Bình"


UNIT = '[[unit]]\nname = "{}"\n'
ENDED = 'to = 2025-06-30\nsuccessor = "{}"\n'
WRONG = {
    'units.toml, line 3: the parent "B" of "A" is not there.': UNIT.format("X") + UNIT.format("A") + 'parent = "B"\n',
    'units.toml, line 1: "A" stands under itself.': (
        UNIT.format("A") + 'parent = "B"\n' + UNIT.format("B") + 'parent = "A"\n'
    ),
    'units.toml, line 3: "A" is told twice: it stands without an end in units.toml, line 1': 2 * UNIT.format("A"),
    'units.toml, line 4: "A" is told twice: it stands until 2025-06-30': (
        UNIT.format("A") + "to = 2025-06-30\n" + UNIT.format("A") + "from = 2025-06-30\n"
    ),
    'units.toml, line 4: "a" is told twice: for "A" and for "B".': (
        UNIT.format("A") + 'aliases = ["a"]\n' + UNIT.format("B") + 'codes = ["a"]\n'
    ),
    'units.toml, line 1: "A" outlives its parent "B", which ended 2025-06-30.': (
        UNIT.format("A") + 'parent = "B"\n' + UNIT.format("B") + ENDED.format("C") + UNIT.format("C")
    ),
    'units.toml, line 1: "A" begins 2024-01-01, its parent "B" only 2025-07-01.': (
        UNIT.format("A") + 'parent = "B"\nfrom = 2024-01-01\n' + UNIT.format("B") + "from = 2025-07-01\n"
    ),
    'units.toml, line 1: "A" (district) stands under "B" (commune).': (
        UNIT.format("A") + 'level = "huyện"\nparent = "B"\n' + UNIT.format("B") + 'level = "xã"\n'
    ),
    'units.toml, line 1: "A" ends 2024-01-01 before it begins 2025-01-01.': (
        UNIT.format("A") + "from = 2025-01-01\nto = 2024-01-01\n"
    ),
    'units.toml, line 1, unit "A": its last day and its successor go together.': UNIT.format("A") + "to = 2025-06-30\n",
    'units.toml, line 1, unit "A": its successor "C" is not there.': (
        UNIT.format("A") + ENDED.format("C")
    ),
    'units.toml, line 1: the successors of "A" go in a circle.': (
        UNIT.format("A") + ENDED.format("B") + UNIT.format("B") + ENDED.format("A")
    ),
    'units.toml, line 5: "A" begins 2025-07-01, its predecessor "B" ended 2025-03-01.': (
        UNIT.format("B") + 'to = 2025-03-01\nsuccessor = "A"\n'
        + UNIT.format("A") + 'from = 2025-07-01\npredecessors = ["B"]\n'
    ),
    'units.toml, line 1: "A" has predecessors and no first day.': UNIT.format("A") + 'predecessors = ["B"]\n',
    'units.toml, line 1: "A" went to "B", and its name is used again in units.toml, line 5.': (
        UNIT.format("A") + ENDED.format("B") + UNIT.format("A") + "from = 2025-07-01\n" + UNIT.format("B")
    ),
    'units.toml, line 3: "a" is to be "Sở Ytế", which is no unit. Did you mean "Sở Y tế"?': (
        UNIT.format("Sở Y tế") + '[[alias]]\nname = "a"\nunit = "Sở Ytế"\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("found", WRONG)
def test_what_cannot_be_is_said_with_its_line(found: str, tmp_path: Path) -> None:
    assert said(tmp_path, WRONG[found]).startswith(found)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("name,lvel\nA,xã\n", 'units.csv, line 1: "lvel" is not a column here. Did you mean "level"?'),
        ("name,level\nA,huyên\n", 'units.csv, line 2: "level": Input should be'),
        ("name,from\n\nA,1/7/2025\n", 'units.csv, line 3: "from":'),
        ("name\nA,B\n", "units.csv, line 2: it has 2 cells"),
        ("name,level\n,xã\n", 'units.csv, line 2: "name": Field required'),
    ],
)
def test_a_table_that_cannot_be_read_is_said_with_its_line(table: str, found: str, tmp_path: Path) -> None:
    assert said(tmp_path, "", table).startswith(found)
