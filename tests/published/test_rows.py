"""What provinces published, read off dossiers that carry it, to the printed digit and with every base named.

Where two published shares seem to contradict each other, both are true of their own base, and both are tested here.
Later, with what dossiers do not carry: registers of procedures (the 1,758 of Quảng Ninh, four-step and online levels,
the residual of 32), reductions against the statutory limit, survey slips and digitised results (Quảng Ninh H1 2022),
cut limits and digitised procedures (Thanh Hóa). Fees, online payment and publication: test_amounts.py.
"""

from __future__ import annotations

from datetime import date

import pytest

from config.errors import ConfigError
from connectors.simulator import scenario
from reports.formats import percent
from tests.published.conftest import FULL, Read

FRIDAY, THURSDAY = date(2018, 11, 2), date(2018, 11, 8)
full = pytest.mark.skipif(not FULL, reason="counts in full size: make published")


@pytest.mark.parametrize("name", scenario.names())
def test_every_total_asked_for_comes_out_of_the_store(published: Read, name: str) -> None:
    found = published(name).outcome
    asked = {(line.where, line.key): (line.asked, line.came_out) for line in found.lines if line.asked is not None}
    assert {k: v for k, v in asked.items() if v[0] != v[1]} == {}
    assert len(asked) >= 3
    assert found.holds
    assert found.counts.quarantined == 0


# ---------- Quảng Ninh, the provincial centre, 2016 to June 2018 ----------


def test_quang_ninh_999_of_a_thousand_are_in_time_and_one_is_late(published: Read) -> None:
    centre = published("quang-ninh-2016-2018")
    n = centre.counts()
    assert centre.printed("on_time_resolved") == "99,9\u00a0%"
    assert percent(n["resolved_overdue"], n["resolved"]) == "0,1\u00a0%"


def test_quang_ninh_a_quarter_of_what_was_in_time_was_early(published: Read) -> None:
    assert published("quang-ninh-2016-2018").printed("early_of_on_time") == "25,7\u00a0%"


def test_quang_ninh_the_late_ones_fall_into_their_years(published: Read) -> None:
    years = {g["by"]["year"]: g["counts"]["resolved_overdue"] for g in published("quang-ninh-2016-2018").ask("year")}
    assert years == ({"2016": 96, "2017": 20, "2018": 6} if FULL else {"2016": 9, "2017": 2, "2018": 1})


def test_quang_ninh_the_base_of_23_6_percent_online_is_not_stated_and_is_not_the_received(published: Read) -> None:
    centre = published("quang-ninh-2016-2018")
    assert centre.printed("online_share") == "10,9\u00a0%"
    n = centre.counts()
    assert percent(centre.counts(channel="online")["received"], n["resolved"]) == "10,9\u00a0%"


@full
def test_quang_ninh_in_full(published: Read) -> None:
    centre = published("quang-ninh-2016-2018")
    n = centre.counts()
    assert (n["received"], n["resolved_early"] + n["resolved_on_time"]) == (132_947, 132_728)
    assert (n["resolved_early"], n["resolved_overdue"], n["pending"]) == (34_108, 122, 97)
    assert n["resolved"] == 132_850
    channels = {g["by"]["channel"]: g["counts"]["received"] for g in centre.ask("channel")}
    assert channels == {"online": 14_454, "post": 74_871, "counter": 43_622}


# ---------- Quảng Ninh, the centres of the districts ----------


def test_quang_ninh_districts_each_share_has_its_own_base(published: Read) -> None:
    districts = published("quang-ninh-districts-2016-2018")
    n = districts.counts()
    assert districts.printed("on_time_resolved") == "98,4\u00a0%"
    assert percent(n["resolved_overdue"], n["resolved"]) == "1,6\u00a0%", "late, of the resolved: 98,4 and 1,6 are 100"
    assert percent(n["resolved_overdue"], n["received"]) == "1,5\u00a0%", "late as published: of the received"
    assert districts.printed("on_time_received") == "95,5\u00a0%", "in time, of the received: nobody published it"
    assert districts.printed("early_of_on_time") == "73,3\u00a0%"


@full
def test_quang_ninh_districts_in_full(published: Read) -> None:
    districts = published("quang-ninh-districts-2016-2018")
    n = districts.counts()
    assert (n["received"], n["resolved"], n["pending"]) == (804_783, 781_199, 23_584)
    assert (n["resolved_early"] + n["resolved_on_time"], n["resolved_early"]) == (768_899, 563_658)
    assert n["resolved_overdue"] == 12_300
    channels = {g["by"]["channel"]: g["counts"]["received"] for g in districts.ask("channel")}
    assert (channels["online"], channels["post"]) == (6_516, 3_849)


# ---------- Quảng Nam, 2018 ----------


def test_quang_nam_the_week_of_the_friday_report(published: Read) -> None:
    province = published("quang-nam-2018")
    n = province.counts(start=FRIDAY, end=THURSDAY)
    assert (n["received"], n["resolved"], n["resolved_overdue"]) == (1_572, 1_500, 24)
    assert n["resolved_early"] + n["resolved_on_time"] == 1_476
    assert province.printed("on_time_resolved", start=FRIDAY, end=THURSDAY) == "98,4\u00a0%"


def test_quang_nam_the_week_is_one_friday_week(published: Read) -> None:
    weeks = {g["by"]["friday_week"]: g["counts"] for g in published("quang-nam-2018").ask("friday_week")}
    assert weeks["2018-11-02"]["received"] == 1_572
    assert max(weeks) == "2018-11-02"


def test_quang_nam_online_dossiers_of_the_week_by_department(published: Read) -> None:
    groups = published("quang-nam-2018").ask("department", start=FRIDAY, end=THURSDAY, channel="online")
    online = {g["by"]["department"]: g["counts"]["received"] for g in groups if g["counts"]["received"]}
    named = ("Sở Công Thương", "Sở Giao thông vận tải", "Sở Tài nguyên và Môi trường", "Sở Kế hoạch và Đầu tư")
    assert [online.pop(name) for name in named] == [84, 83, 25, 21]
    assert sum(online.values()) == 7


def test_quang_nam_what_is_not_resolved_of_the_received_is_pending(published: Read) -> None:
    n = published("quang-nam-2018").counts()
    assert n["carried_over"] == 0
    assert n["received"] - n["resolved"] == n["pending"] == (3_777 if FULL else 377)
    assert (n["received"], n["resolved"]) == ((65_555, 61_778) if FULL else (6_555, 6_178))


# ---------- Thành phố Thanh Hóa, 2022 ----------


def test_thanh_hoa_online_dossiers_by_unit_and_service_level(published: Read) -> None:
    found = {}
    for group in published("thanh-hoa-2022").ask("level", "field", channel="online"):
        n = group["counts"]
        unit = "commune" if group["by"]["level"] == "commune" else "city"
        rate = group["rates"]["on_time_resolved"]
        shown = percent(rate["numerator"], rate["denominator"], 0 if rate["numerator"] == 8_204 else 2)
        found[unit, group["by"]["field"][-1]] = (n["received"], rate["numerator"], n["resolved_overdue"], shown)
    assert found == {
        ("city", "3"): (5_850, 5_849, 1, "99,98\u00a0%"),
        ("city", "4"): (1_989, 1_988, 1, "99,95\u00a0%"),
        ("commune", "3"): (13_079, 13_031, 48, "99,63\u00a0%"),
        ("commune", "4"): (8_287, 8_204, 83, "99\u00a0%"),
    }


# ---------- Thái Nguyên, four months of 2023 ----------


def test_thai_nguyen_99_73_of_the_resolved_are_88_6_of_the_received(published: Read) -> None:
    province = published("thai-nguyen-2023")
    assert province.printed("on_time_resolved", places=2) == "99,73\u00a0%"
    assert province.printed("on_time_received") == "88,6\u00a0%"


@full
def test_thai_nguyen_in_full(published: Read) -> None:
    n = published("thai-nguyen-2023").counts()
    assert (n["received"], n["resolved"], n["resolved_overdue"]) == (177_206, 157_425, 425)
    assert n["resolved_early"] + n["resolved_on_time"] == 157_000
    assert n["pending"] == 19_781


# ---------- a scenario is a totals file ----------


def test_the_scenarios_of_the_specification_are_all_there() -> None:
    assert scenario.names() == (
        "quang-nam-2018", "quang-ninh-2016-2018", "quang-ninh-districts-2016-2018", "thai-nguyen-2023",
        "thanh-hoa-2022",
    )  # fmt: skip


def test_a_misspelt_scenario_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match='no such scenario. Did you mean "quang-nam-2018"'):
        scenario.scenario("quang-nam-2019")
