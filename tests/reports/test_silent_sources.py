"""A source that has fallen silent is named, and makes no signal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from metrics.dossier import INSTANT
from metrics.form_ii06 import CELLS, Form, Notes
from metrics.freshness import Silent
from metrics.scope import Period
from reports import caveats, freshness, workbook
from reports.slots import Slots, spoken
from tests.reports.province import ISSUED, THURSDAY, Making, at, case, said, twelve_weeks, week_of_cases


@pytest.fixture(scope="module")
def silent(make: Making, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two sources; the land office's last word came on Tuesday 6/11."""
    rows = [
        *twelve_weeks("TP", "Sở Tư pháp", [39, 38] * 6, 40),
        *week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40),
        *twelve_weeks("DD", "Văn phòng Đăng ký đất đai", [38, 39] * 6, 40, source="dat_dai"),
        *(
            case(f"DD-{i}", "Văn phòng Đăng ký đất đai", THURSDAY - timedelta(days=2), None, source="dat_dai")
            for i in range(40)
        ),
    ]
    return make(tmp_path_factory.mktemp("silent"), rows, heard={"dat_dai": date(2018, 11, 6)}).report()


def test_a_silent_source_makes_no_signal(silent: dict[str, Any]) -> None:
    # all: 39/80; without the land office 39/40, inside its limits: nothing is concluded
    tile = silent["headlines"][0]
    assert (silent["figures"]["due.rate"]["n"], silent["figures"]["due.rate"]["d"]) == (39, 40)
    assert tile["verdict"]["t"] == "Chưa kết luận"
    assert spoken(tile["verdict"]["why"], silent["figures"]) == "thiếu nguồn Hệ thống dat_dai"
    assert tile["label"].endswith("°")


def test_a_silent_source_is_named_with_its_share_and_hour(silent: dict[str, Any]) -> None:
    warning = spoken(silent["caveat"], silent["figures"])
    assert warning.startswith(
        "Nguồn Hệ thống dat_dai (khoảng 50\u00a0% số hồ sơ) không gửi số liệu từ 08 giờ 00 ngày 06/11/2018."
    )
    assert said(silent, "data")[0].startswith("1/2 nguồn gửi đủ số liệu đến hết ngày 08/11/2018")


def test_what_left_the_rate_is_said_with_what_it_holds_and_stays_in_the_counts(silent: dict[str, Any]) -> None:
    warning = spoken(silent["caveat"], silent["figures"])
    assert "Không tính vào tỷ lệ, vì không có dữ liệu: 40 hồ sơ đang giữ." in warning
    assert silent["figures"]["stock"]["v"] == 40


def test_the_form_counts_a_silent_source_and_says_since_when_it_is_silent(silent: dict[str, Any]) -> None:
    (rows,) = [r for r in silent["form"]["rows"] if r["name"] == "Văn phòng Đăng ký đất đai"]
    assert rows["cells"][8]["v"] == 40, "(11): nobody leaves the form"
    said = [spoken(note, silent["figures"]) for note in silent["form"]["notes"]]
    told = (
        "Biểu tính cả nguồn Hệ thống dat_dai, không gửi số liệu từ 08 giờ 00 ngày 06/11/2018: số biết lần cuối, "
        "40 hồ sơ đang giải quyết."
    )
    assert told in said
    sheet = pl.read_excel(
        workbook.render(silent), sheet_name="Biểu II.06", engine="calamine", has_header=False, infer_schema_length=0
    )
    assert told in sheet.to_series(0).to_list()


def test_the_form_names_a_quiet_unit_with_its_source_and_nobody_when_all_are_heard(
    make: Making, tmp_path: Path
) -> None:
    rows = [
        *week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40),
        *week_of_cases("HL", "UBND xã Hòa Lam", THURSDAY, 2, 10),
    ]
    told = make(tmp_path, rows)
    quiet = Silent("mot_cua", "UBND xã Hòa Lam", date(2018, 11, 5), datetime(2018, 11, 6, 1, 30, tzinfo=UTC))
    content = told.report(quiet=[quiet])
    said = [spoken(note, content["figures"]) for note in content["form"]["notes"]]
    # 01:30 UTC is 08:30 in the province; two of ten are done
    assert any("UBND xã Hòa Lam (nguồn" in s and "từ 08 giờ 30 ngày 06/11/2018" in s for s in said), said
    assert not [n for n in told.report()["form"]["notes"] if n["rule"] == "N08"]


def test_a_quiet_unit_of_a_source_that_is_heard_leaves_the_rate_too(make: Making, tmp_path: Path) -> None:
    rows = [
        *week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40),
        *week_of_cases("HL", "UBND xã Hòa Lam", THURSDAY, 2, 10),
    ]
    told = make(tmp_path, rows)
    quiet = Silent("mot_cua", "UBND xã Hòa Lam", date(2018, 11, 5), at(date(2018, 11, 6)))
    content = told.report(quiet=[quiet])
    assert (content["figures"]["due.rate"]["n"], content["figures"]["due.rate"]["d"]) == (39, 40)
    assert spoken(content["caveat"], content["figures"]).startswith("UBND xã Hòa Lam không gửi số liệu.")
    whole = told.report()
    assert (whole["figures"]["due.rate"]["n"], whole["figures"]["due.rate"]["d"]) == (41, 50)


def test_units_of_a_silent_source_are_unknown_not_worse(silent: dict[str, Any]) -> None:
    line = next(text for text in said(silent, "change") if "đất đai" in text)
    assert line.endswith("tồn quá hạn 40; chưa kết luận do thiếu số liệu.")
    rows = {r["name"]: r["signal"] for r in silent["charts"]["departments"]["rows"]}
    assert rows["Văn phòng Đăng ký đất đai"] == "chua"


def test_a_signal_that_holds_without_the_silent_source_is_printed_with_both_figures(
    make: Making, tmp_path: Path
) -> None:
    rows = [
        *twelve_weeks("XD", "Sở Xây dựng", [38, 39] * 6, 40),
        *week_of_cases("XD", "Sở Xây dựng", THURSDAY, 20, 40),
        *twelve_weeks("DD", "Văn phòng Đăng ký đất đai", [38, 39] * 6, 40, source="dat_dai"),
        *week_of_cases("DD", "Văn phòng Đăng ký đất đai", THURSDAY, 20, 40, source="dat_dai"),
    ]
    told = make(tmp_path, rows, heard={"dat_dai": date(2018, 11, 6)}).report()
    why = spoken(told["headlines"][0]["verdict"]["why"], told["figures"])
    assert told["headlines"][0]["verdict"]["kind"] == "xau"
    assert why.endswith("không tính nguồn Hệ thống dat_dai: 50,0\u00a0%, vẫn dưới")


def _state(kind: str, ok: datetime | None, newest: datetime | None) -> freshness.SourceState:
    sources = pl.DataFrame(
        {"name": ["a"], "title": [""], "kind": [kind], "time_zone": ["Asia/Ho_Chi_Minh"], "last_ok_at": [ok]},
        schema_overrides={"last_ok_at": INSTANT},
    )
    told = pl.DataFrame({"source": ["a"], "newest_at": [newest]}, schema_overrides={"newest_at": INSTANT})
    return freshness.states(sources, told, Period(date(2018, 11, 2), THURSDAY), THURSDAY)[0]


def test_a_system_must_have_been_heard_after_the_offices_closed_on_the_last_day() -> None:
    assert _state("national_portal", at(THURSDAY, 16), None).silent
    assert not _state("national_portal", at(THURSDAY, 17), None).silent
    assert _state("national_portal", None, None).silent


def test_a_file_reaches_as_far_as_its_newest_record() -> None:
    loaded = at(date(2020, 1, 1))
    assert _state("file", loaded, at(THURSDAY - timedelta(days=1))).silent
    assert not _state("file", loaded, at(THURSDAY, 9)).silent
    # a record dated after the file was read is a mistake, not news
    assert _state("file", at(date(2018, 11, 1)), at(date(2030, 1, 1))).silent


def test_a_holiday_thursday_needs_no_records() -> None:
    sources = pl.DataFrame(
        {"name": ["a"], "title": [""], "kind": ["file"], "time_zone": ["Asia/Ho_Chi_Minh"], "last_ok_at": [at(ISSUED)]}
    )
    told = pl.DataFrame({"source": ["a"], "newest_at": [at(THURSDAY - timedelta(days=1))]})
    week = Period(date(2018, 11, 2), THURSDAY)
    assert not freshness.states(sources, told, week, THURSDAY - timedelta(days=1))[0].silent


def test_page_one_says_when_a_source_is_taken_as_it_tells() -> None:
    sources = pl.DataFrame(
        {"name": ["a"], "title": ["Một cửa"], "kind": ["file"], "time_zone": ["Asia/Ho_Chi_Minh"],
         "last_ok_at": [at(ISSUED)], "terms": ['{"moves": "as_told"}']}
    )  # fmt: skip
    told = pl.DataFrame({"source": ["a"], "newest_at": [at(THURSDAY)]})
    (state,) = freshness.states(sources, told, Period(date(2018, 11, 2), THURSDAY), THURSDAY)
    nothing = Form(
        pl.DataFrame(schema={"name": pl.String} | dict.fromkeys(CELLS, pl.Int64)),
        dict.fromkeys(CELLS, 0),
        Notes(*[0] * 7),
    )
    strip = caveats.caveat([state], nothing, Slots())
    assert strip is not None
    assert "nguồn Một cửa: theo nguồn: mọi lần đổi ngày hẹn của nguồn đều được tính" in strip["text"]
    assert caveats.caveat([replace(state, said=())], nothing, Slots()) is None
