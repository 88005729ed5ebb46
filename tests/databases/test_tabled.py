"""Rows of any types through a mapping: what a driver hands out is read as a careful export would be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.errors import MappingError
from config.mapping import Mapping, parse_mapping
from config.notes import note
from connectors.tabled import as_texts, batch
from metrics.dossier import COLUMNS, REJECTS

PLAIN = """
source = "vendor"
[columns]
code = "ma_ho_so"
received_at = "ngay_nhan"
due_at = "ngay_hen"
resolved_at = "ngay_xong"
"""
NAIVE = datetime(2026, 11, 3, 8, 15)  # noqa: DTZ001 - as most systems keep it
ROW = {"ma_ho_so": "A", "ngay_nhan": None, "ngay_hen": None, "ngay_xong": None}


def mapped(more: str = "", zone: str = "") -> Mapping:
    return parse_mapping(f'time_zone = "{zone}"\n{PLAIN}{more}' if zone else PLAIN + more)


def rows(*given: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([ROW | row for row in given], infer_schema_length=None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (20_261_103_001.0, "20261103001"),
        (1e16, "10000000000000000"),
        (0.5, "0.5"),
        (Decimal("12.00"), "12"),
        (Decimal("0.10"), "0.1"),
        (Decimal("100"), "100"),
        (True, "true"),
        (date(2026, 11, 3), "2026-11-03"),
        (NAIVE, "2026-11-03T08:15:00.000000"),
        (datetime(2026, 11, 3, 8, 15, tzinfo=UTC), "2026-11-03T08:15:00.000000+00:00"),
        (time(8, 15), "08:15:00"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (b"H01-1", "H01-1"),
        (b"\x00\x01\xfe", "0001fe"),
        ([1, None, 2], "1, 2"),
        ([{"step": "x", "fullName": "Trần Văn A", "at": [{"phone": "0912", "n": 1}]}], '[{"step":"x","at":[{"n":1}]}]'),
        (None, None),
    ],
)
def test_every_value_becomes_the_text_of_a_careful_export(value: object, text: str | None) -> None:
    assert as_texts(pl.DataFrame({"v": [value]}))["v"].to_list() == [text]


def test_a_record_becomes_one_column_a_field_to_any_depth() -> None:
    frame = as_texts(pl.DataFrame({"a": [{"b": {"c": 1}, "d": "x"}], "e": [2]}))
    assert frame.to_dicts() == [{"a.b.c": "1", "a.d": "x", "e": "2"}]


def test_a_stamp_without_an_offset_is_of_the_sources_zone_and_one_with_an_offset_is_of_its_own() -> None:
    aware = datetime(2026, 11, 16, 8, 15, tzinfo=ZoneInfo("Europe/Amsterdam"))
    done = batch(rows({"ngay_nhan": NAIVE, "ngay_hen": aware}), mapped(zone="Asia/Ho_Chi_Minh"), place="vendor")
    assert done.good["received_at"].to_list() == [datetime(2026, 11, 3, 1, 15, tzinfo=UTC)]
    assert done.good["due_at"].to_list() == [datetime(2026, 11, 16, 7, 15, tzinfo=UTC)]


def test_a_day_is_that_day_in_the_sources_zone() -> None:
    done = batch(rows({"ngay_nhan": date(2026, 11, 3), "ngay_hen": date(2026, 11, 16)}), mapped(), place="vendor")
    assert done.good["due_at"].to_list() == [datetime(2026, 11, 15, 17, tzinfo=UTC)]


def test_counts_add_up_and_the_frames_are_those_of_a_dossier() -> None:
    day = date(2026, 11, 3)
    given = rows(
        {"ngay_nhan": day},
        {"ngay_nhan": day},
        {"ma_ho_so": "B", "ngay_nhan": day},
        {"ma_ho_so": None},
        {"ma_ho_so": "C"},
    )
    done = batch(
        given, mapped(), place="bảng HOSO", first_row=11, cursor="x", n_expected=40, notes=(note("page_forgotten"),)
    )
    assert (done.good.height, done.rejects.height, done.merged, done.read) == (2, 1, 1, 4)
    assert (tuple(done.good.columns), done.rejects.schema) == (COLUMNS, REJECTS)
    assert done.rejects["place"].to_list() == ["bảng HOSO, row 15"]
    assert (done.cursor, done.n_expected) == ("x", 40)
    assert done.notes == (note("page_forgotten"), note("left_out", rows=1))  # the blank one


def test_what_is_kept_raw_holds_no_person() -> None:
    given = rows({"ngay_nhan": date(2026, 11, 3)}).with_columns(
        ten_chu_ho_so=pl.lit("Nguyễn Thị Bông"),
        SO_DIEN_THOAI=pl.lit("0912345678"),
        can_bo=pl.lit("Lê Văn Cường"),
        ghi_rieng=pl.lit("gọi bà Bông"),
        nguoi=pl.struct(hoTen=pl.lit("Nguyễn Thị Bông"), loai=pl.lit("1")),
        so_ban=pl.lit(3),
    )
    told = mapped('handler = "can_bo"\n[personal]\ncolumns = ["ghi_rieng"]\n')
    done = batch(given, told, place="vendor")
    assert done.raw is not None
    assert {*done.raw.columns} == {*ROW, "can_bo"}, "what carries none of our fields is not kept either"
    assert done.raw["can_bo"].to_list() == done.good["handler"].to_list()
    assert done.raw["can_bo"].str.starts_with("cb-").all()
    assert not any(name in str(done.raw.rows()) for name in ("Bông", "Cường", "0912345678"))


def test_an_office_that_keeps_its_officers_names_finds_them_in_the_raw_rows_too() -> None:
    given = rows({"ngay_nhan": date(2026, 11, 3)}).with_columns(can_bo=pl.lit("Lê Văn Cường"))
    done = batch(given, mapped('handler = "can_bo"\n[personal]\nhandler = "keep"\n'), place="vendor")
    assert done.raw is not None
    assert done.raw["can_bo"].to_list() == ["Lê Văn Cường"]


def test_a_column_that_is_gone_is_named_with_the_nearest_that_is_there() -> None:
    renamed = rows({"ngay_nhan": date(2026, 11, 3)}).rename({"ngay_hen": "ngay_hen_tra"})
    with pytest.raises(MappingError) as told:
        batch(renamed, mapped(), place='source "vendor"')
    assert told.value.found == 'there is no column "ngay_hen". Did you mean "ngay_hen_tra"?'
    assert "ma_ho_so, ngay_nhan, ngay_hen_tra, ngay_xong" in told.value.next_step


def test_a_declared_personal_column_that_is_gone_is_an_error_too_for_it_may_have_another_name_now() -> None:
    with pytest.raises(MappingError, match='no column "ho_ten"'):
        batch(rows({"ngay_nhan": date(2026, 11, 3)}), mapped('[personal]\ncolumns = ["ho_ten"]\n'), place="vendor")


def test_words_that_mean_nothing_to_us_are_said_once_a_batch() -> None:
    given = rows({"ngay_nhan": date(2026, 11, 3)}).with_columns(kenh=pl.lit("Zalo"))
    done = batch(given, mapped('channel = "kenh"\n'), place="vendor")
    assert [str(n) for n in done.notes] == ["channel: Zalo unknown, left empty; add it to the mapping."]
    assert done.good["channel"].to_list() == [None]


def test_no_rows_are_no_error_while_the_columns_are_there() -> None:
    done = batch(rows({}).clear(), mapped(), place="vendor")
    assert (done.read, done.good.columns) == (0, list(COLUMNS))
