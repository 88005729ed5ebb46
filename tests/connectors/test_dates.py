"""Dates as people and machines write them. Every expected instant was worked out by hand."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.errors import MappingError
from config.mapping import DateReading
from connectors.dates import DateColumn, read_dates
from tests.connectors.made import here

NEW_YORK = ZoneInfo("America/New_York")


def read(*cells: str | None, zone: str = "Asia/Ho_Chi_Minh", **reading: Any) -> DateColumn:
    texts = pl.Series("a", list(cells), dtype=pl.String)
    return read_dates({"a": texts}, DateReading.model_validate(reading), zone)["a"]


def local(column: DateColumn, zone: str = "Asia/Ho_Chi_Minh") -> list[str | None]:
    return [here(i, ZoneInfo(zone)) for i in column.instants]


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("21/11/2026", "2026-11-21 00:00"),
        ("21/11/2026 14:05", "2026-11-21 14:05"),
        ("21-11-2026 14:05:59", "2026-11-21 14:05"),
        ("21.11.2026", "2026-11-21 00:00"),
        ("2026-11-21", "2026-11-21 00:00"),
        ("2026/11/21 7:05", "2026-11-21 07:05"),
        ("2026-11-21T14:05:00+07:00", "2026-11-21 14:05"),
        ("2026-11-21T09:05:00Z", "2026-11-21 16:05"),
        ("2026-11-21 14:05:00.123456+0100", "2026-11-21 20:05"),
        ("2026-11-21T14:05+01:00[Europe/Paris]", "2026-11-21 20:05"),
        ("21/11/2026 2:05 PM", "2026-11-21 14:05"),
        ("21/11/2026 2:05:00 CH", "2026-11-21 14:05"),
        ("21/11/2026 12:05 SA", "2026-11-21 00:05"),
        ("21/11/2026 12:05 PM", "2026-11-21 12:05"),
        ("21/11/2026 14h05", "2026-11-21 14:05"),
        ("21/11/2026 14h", "2026-11-21 14:00"),
        ("21/11/2026 14 giờ 05 phút", "2026-11-21 14:05"),
        ("14:05 21/11/2026", "2026-11-21 14:05"),
        ("14 giờ 05 ngày 21/11/2026", "2026-11-21 14:05"),
        ("ngày 21 tháng 11 năm 2026", "2026-11-21 00:00"),
        ("21 thg 11, 2026", "2026-11-21 00:00"),
        ("21 tháng 11, 2026", "2026-11-21 00:00"),
        ("Thứ bảy, 21/11/2026", "2026-11-21 00:00"),
        ("21-Nov-2026", "2026-11-21 00:00"),
        ("Nov 21, 2026 2:05 PM", "2026-11-21 14:05"),
        ("46347", "2026-11-21 00:00"),
        ("46347.5", "2026-11-21 12:00"),
        ("46347,25", "2026-11-21 06:00"),
        ("20261121140500", "2026-11-21 14:05"),
        ("20261121", "2026-11-21 00:00"),
        ("1795244700", "2026-11-21 14:05"),
        ("1795244700000", "2026-11-21 14:05"),
    ],
)
def test_one_moment_is_read_in_every_notation(cell: str, meaning: str) -> None:
    assert local(read(cell)) == [meaning]


def test_notations_may_stand_mixed_in_one_column() -> None:
    column = read("21/11/2026", "2026-11-21T14:05:00+07:00", "46347", None, "11/21/26 x")
    assert local(column) == ["2026-11-21 00:00", "2026-11-21 14:05", "2026-11-21 00:00", None, None]
    assert column.problems.to_list() == [None, None, None, None, "unreadable_date"]
    assert column.notations == {"dd/MM/yyyy": 1, "yyyy-MM-dd HH:mm +offset": 1, "excel": 1}


def test_a_date_that_can_be_read_two_ways_is_refused_not_guessed() -> None:
    column = read("03/04/2026")
    assert column.instants.to_list() == [None]
    assert column.problems.to_list() == ["ambiguous_date"]


def test_another_date_of_the_column_settles_the_order() -> None:
    assert local(read("03/04/2026", "25/04/2026"))[0] == "2026-04-03 00:00"
    assert local(read("03/04/2026", "04/25/2026"))[0] == "2026-03-04 00:00"


def test_another_column_of_the_file_settles_the_order() -> None:
    columns = {"a": pl.Series(["03/04/2026"]), "b": pl.Series(["25/04/2026 10:00"])}
    assert here(read_dates(columns, DateReading(), "Asia/Ho_Chi_Minh")["a"].instants[0]) == "2026-04-03 00:00"


def test_contradicting_evidence_settles_nothing() -> None:
    column = read("03/04/2026", "25/04/2026", "04/25/2026", "05/05/2026")
    assert local(column) == [None, "2026-04-25 00:00", "2026-04-25 00:00", "2026-05-05 00:00"]
    assert column.problems[0] == "ambiguous_date"


def test_twelve_hour_writings_follow_their_own_evidence() -> None:
    column = read("25/04/2026", "03/04/2026", "4/25/2026 3:05 PM", "3/4/2026 3:05 PM")
    assert local(column)[1::2] == ["2026-04-03 00:00", "2026-03-04 15:05"]


@pytest.mark.parametrize("reading", [{"day_first": False}, {"formats": "MM/dd/yyyy"}, {"formats": ["%m/%d/%Y"]}])
def test_a_declaration_settles_the_order_and_contradictions_are_refused(reading: dict[str, Any]) -> None:
    column = read("03/04/2026", "3/4/2026 3:05 PM", "25/04/2026", **reading)
    assert local(column) == ["2026-03-04 00:00", "2026-03-04 15:05", None]
    assert column.problems[2] == "unreadable_date"


@pytest.mark.parametrize(
    "form", ["dd/MM/yyyy HH:mm", "dd/mm/yyyy hh:mm", "DD/MM/YYYY HH24:MI", "%d/%m/%Y %H:%M", "d/M/yyyy H:m"]
)
def test_a_format_may_be_written_in_the_usual_ways(form: str) -> None:
    assert local(read("03/04/2026 10:15", formats=form, only=True)) == ["2026-04-03 10:15"]


def test_only_the_formats_are_read_when_the_mapping_says_only() -> None:
    assert local(read("03/04/2026", "2026-04-03", formats="dd/MM/yyyy", only=True)) == ["2026-04-03 00:00", None]


def test_a_year_of_two_digits_needs_a_declaration() -> None:
    assert read("21/11/26").problems.to_list() == ["ambiguous_date"]
    assert local(read("21/11/26", day_first=True)) == ["2026-11-21 00:00"]
    assert local(read("11/21/26 2:05 PM", formats="M/d/yy h:mm a")) == ["2026-11-21 14:05"]


def test_a_year_with_zeros_in_front_is_no_short_year() -> None:
    assert read("21/11/0026").instants[0].year == 26  # refused later: unbelievable


def test_a_format_without_year_month_and_day_is_refused() -> None:
    with pytest.raises(MappingError, match="names no year"):
        read("10:15", formats="HH:mm")


def test_twenty_four_hours_is_the_end_of_the_day_that_was_written() -> None:
    assert local(read("21/11/2026 24:00")) == ["2026-11-21 23:59"]


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "21/13/2026", "21/11/2026 25:00", "21/11/2026 10:61", "hôm qua", "12345678", "15:30", "1", "(2)"],
)
def test_what_is_no_date_is_refused(cell: str) -> None:
    assert read(cell).problems.to_list() == ["unreadable_date"]


def test_an_hour_that_the_clocks_skipped_is_refused() -> None:
    column = read("2026-03-08 02:30", zone="America/New_York")
    assert column.problems.to_list() == ["non_existent_time"]


def test_an_hour_that_the_clocks_gave_twice_is_the_earlier_one() -> None:
    assert read("2026-11-01 01:30", zone="America/New_York").instants[0].isoformat() == "2026-11-01T05:30:00+00:00"


def test_epoch_numbers_of_any_size_can_be_declared() -> None:
    assert local(read("795244700", formats="epoch_seconds")) == ["1995-03-15 12:18"]


def test_a_field_may_have_formats_of_its_own() -> None:
    columns = {"due_at": pl.Series(["03/04/2026"]), "received_at": pl.Series(["03/04/2026"])}
    reading = DateReading.model_validate({"day_first": None, "columns": {"due_at": ["MM/dd/yyyy"]}})
    done = read_dates(columns, reading, "Asia/Ho_Chi_Minh")
    assert here(done["due_at"].instants[0]) == "2026-03-04 00:00"
    assert done["received_at"].problems.to_list() == ["ambiguous_date"]
