"""The limits of procedures as a file: every complaint names the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import procedures
from config.errors import ConfigError
from config.hours import HoursOf, YearHours, read_sessions
from config.place import SHIPPED
from config.units import Units
from metrics.rulebook import Rulebook
from metrics.worktime import WorkTime
from tests.metrics.province import CALENDAR

HEAD = "# how long\nprocedure,from,statutory,committed,cutoff,on_return\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "procedures.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def limits(path: Path) -> None:
    time = WorkTime(CALENDAR, HoursOf(YearHours(read_sessions(("07:30-11:30",)))))
    assert not Rulebook(time, (), procedures.load(path), Units({}, {})).limits.is_empty()


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (",,10wd,,,", '"procedure" is empty'),
        ("2.02,,,,,", '"statutory" is empty'),
        ("2.02,1/7/2025,10wd,,,", '"from" is no day: 1/7/2025'),
        ("2.02,,10wd,,15h,", '"cutoff" is no hour: 15h'),
        ("2.02,,10wd,,,shif", 'Did you mean "shift"?'),
        ("2.02,,10wd,,,,,", "it has 8 cells, the file 6 columns"),
        ("1.01,,5wd,,,", "procedure 1.01 has two lines from 1990-01-01"),
        ("2.02,,10 wdd,,,", "not a limit"),
        ("2.02,,10wd,11wd,,", "the committed limit 11wd is longer than the statutory one, 10wd"),
    ],
)
def test_a_row_that_cannot_be_meant_is_told_with_its_file_and_line(tmp_path: Path, row: str, found: str) -> None:
    path = write(tmp_path, f"{HEAD}1.01,,10wd,5wd,,\n\n{row}\n")
    with pytest.raises(ConfigError) as caught:
        limits(path)
    assert caught.value.place.startswith(f"{path}, line 5")
    assert found in str(caught.value)


def test_a_committed_limit_as_long_as_the_statutory_one_or_in_another_unit_is_read(tmp_path: Path) -> None:
    limits(write(tmp_path, f"{HEAD}1.01,,10wd,10wd,,\n1.02,,10wd,14d,,\n"))


def test_every_line_that_is_shipped_says_by_what_it_holds() -> None:
    assert {one.basis for one in procedures.load(SHIPPED / "procedures.csv")} == {
        "thời hạn công bố của thủ tục (tỉnh mô phỏng)"
    }
