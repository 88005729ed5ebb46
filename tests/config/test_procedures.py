"""The limits of procedures as a file: every complaint names the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import procedures, registered
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
        ("2.02,,,5wd,,", '"statutory" is empty'),
        ("2.02,1/7/2025,10wd,,,", '"from" is no day: 1/7/2025'),
        ("2.02,,10wd,,15h,", '"cutoff" is no hour: 15h'),
        ("2.02,,10wd,,,shif", 'Did you mean "shift"?'),
        ("2.02,,10wd,,,,,", "it has 8 cells, the file 6 columns"),
        ("1.01,,5wd,,,", "procedure 1.01 has two lines from 1990-01-01"),
        ("2.02,,10 wdd,,,", "not a limit"),
        ("2.02,,١٠wd,,,", "not a limit"),  # ten in another script
        ("2.02,,١.5wd,,,", "not a limit"),
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


REGISTER = "procedure,from,statutory,committed,name,level,kind,centre,on_site,awaits,post,online,charges,status\n"


def registered_in(folder: Path, text: str) -> tuple[registered.Registered, ...]:
    return registered.load(write(folder, REGISTER + text))


def test_a_line_may_say_what_a_procedure_is_and_nothing_of_its_limit(tmp_path: Path) -> None:
    path = write(tmp_path, f"{REGISTER}1.01,,,,Một thủ tục,province; commune,,yes,4,,no,fully,no,\n1.02,,10wd,5wd\n")
    (one, two) = registered.load(path)
    assert [limit.procedure for limit in procedures.load(path)] == ["1.02"]
    assert (one.name, one.levels, one.kind, one.centre, one.on_site) == (
        "Một thủ tục", ("province", "commune"), "", True, 4,
    )  # fmt: skip
    assert (one.post, one.online, one.charges, one.ended) == (False, "fully", False, False)
    assert (one.tells, two.tells) == (True, False)
    assert (two.name, two.levels, two.centre, two.on_site, two.post, two.online) == ("", (), None, None, None, "")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("1.01,,,,x,provinse", 'Did you mean "province"?'),
        ("1.01,,,,x,,verticle", 'Did you mean "vertical"?'),
        ("1.01,,,,x,,,maybe", '"centre" is "maybe"'),
        ("1.01,,,,x,,,,6", '"on_site" is "6"'),
        ("1.01,,,,x,,,,,minister", 'Did you mean "ministry"?'),
        ("1.01,,,,x,,,,,,,5", '"online" is "5"'),
        ("1.01,,,5wd,x", '"committed" stands without "statutory"'),
        ("1.01,,10wd,,x,,,,,,,,,ended", "it ends the procedure, and tells a limit"),
    ],
)
def test_an_unknown_word_of_the_register_is_told_with_its_line_and_the_nearest(
    tmp_path: Path, row: str, found: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        registered_in(tmp_path, f"1.00,,10wd\n{row}\n")
    assert caught.value.place == f"{tmp_path / 'procedures.csv'}, line 3"
    assert found in str(caught.value)
    assert caught.value.next_step


def test_a_register_that_was_written_anew_is_read_anew_and_one_that_was_not_is_kept(tmp_path: Path) -> None:
    first = registered_in(tmp_path, "1.01,,,,Một thủ tục\n")
    path, before = tmp_path / "procedures.csv", registered.stamp(tmp_path / "procedures.csv")
    assert before == (str(path), path.stat().st_mtime_ns, path.stat().st_size)
    assert registered.load(path) is first
    (now,) = registered_in(tmp_path, "1.01,,,,Một thủ tục đổi tên\n")
    assert now.name == "Một thủ tục đổi tên" and registered.stamp(path) != before
    path.unlink()
    with pytest.raises(ConfigError, match="there is no such file"):
        registered.load(path)


def test_what_a_register_says_of_a_procedure_changes_no_rules(tmp_path: Path) -> None:
    """The figures of a province are not worked out anew because a procedure got another name."""

    def version(text: str) -> str:
        procedures.forget()
        time = WorkTime(CALENDAR, HoursOf(YearHours(read_sessions(("07:30-11:30",)))))
        return Rulebook(time, (), procedures.load(write(tmp_path, text)), Units({}, {})).version

    before = version("procedure,statutory\n1.01,10wd\n1.02,5wd\n")
    assert (
        version(f"{REGISTER}1.01,,10wd,,Tên\n1.03,,,,Tên khác\n1.02,,5wd,,,province\n1.01,2026-01-01,,,T\n") == before
    )
    assert version("procedure,statutory\n1.01,9wd\n1.02,5wd\n") != before


def test_every_line_that_is_shipped_says_by_what_it_holds() -> None:
    assert {one.basis for one in procedures.load(SHIPPED / "procedures.csv")} == {
        "thời hạn công bố của thủ tục (tỉnh mô phỏng)"
    }
