"""Values that people entered, as the annex of a report tells them: the newest known, of whose they are, and before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from metrics.scope import Period, Scope
from reports import served
from reports.editions import WEEKLY, for_unit
from store import entered, intakes, surveys
from store.database import Store
from store.entered import Told
from store.intakes import Intake
from store.people import Person
from store.surveys import Asked

BY = Person("giamdoc", "Giám đốc", "director", None)
WEEK = Period(date(2026, 11, 13), date(2026, 11, 19))
PROVINCE = Scope.province()
UNIT = for_unit(WEEKLY, "Sở Y tế")
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


INTAKE = Intake("surveys", "phieu.csv", "vanhanh", datetime(2026, 11, 20, 1, tzinfo=UTC))


@pytest.fixture
def told(store: Store) -> Store:
    """Calls of three months, October's corrected, November's not yet over; a rank of long ago."""
    said = [
        ("hotline_calls", "2026-09", "1.200", 5, ""), ("hotline_calls", "2026-10", "999", 6, ""),
        ("hotline_calls", "2026-10", "1.234", 7, ""), ("hotline_calls", "2026-11", "70", 8, ""),
        ("consultations", "2026-10", "40", 9, ""),
    ]  # fmt: skip
    for indicator, period, value, day, unit in said:
        one = Told(indicator, period, value, "Báo cáo tổng đài", date(2026, 11, day), department=unit)
        entered.enter(store, one, by=BY, at=datetime(2026, 11, day, tzinfo=UTC), today=date(2026, 11, 18))
    old = Told("hotline_calls", "2024-01", "3", "Sổ", date(2024, 2, 1))
    entered.enter(store, old, by=BY, at=datetime(2026, 11, 2, tzinfo=UTC), today=date(2026, 11, 18))
    return store


def test_the_newest_stretch_that_had_ended_stands_beside_the_one_before(told: Store) -> None:
    rows = {row.id: row for row in served.rows(told, PROVINCE, WEEKLY, WEEK, FRIDAY, ())}
    calls = rows["hotline_calls"]
    assert (calls.t, calls.before, calls.basis) == ("1.234 lượt", "1.200 lượt", "Báo cáo tổng đài, 07/11/2026")
    assert calls.title.endswith("(Tháng 10/2026)")
    assert (calls.v, calls.before_v, calls.origin) == (1234.0, 1200.0, "Nhập tay")
    assert (rows["consultations"].t, rows["consultations"].before) == ("40 lượt", "…")


def test_a_report_knows_only_what_was_entered_before_it(told: Store) -> None:
    (calls,) = served.rows(told, PROVINCE, WEEKLY, WEEK, datetime(2026, 11, 7, tzinfo=UTC), ())
    assert calls.t == "999 lượt"


def test_what_was_taken_back_is_told_no_more_and_what_is_old_is_no_news(told: Store) -> None:
    for period in ("2026-10", "2026-09"):
        entered.take_back(
            told, "hotline_calls", period, "", reason="nhầm", by=BY, at=datetime(2026, 11, 18, tzinfo=UTC)
        )
    assert [row.id for row in served.rows(told, PROVINCE, WEEKLY, WEEK, FRIDAY, ())] == ["consultations"]


def test_the_sheet_of_a_unit_has_its_own_values_alone(told: Store) -> None:
    assert served.rows(told, UNIT.scope, UNIT, WEEK, FRIDAY, ()) == []


def test_what_was_gathered_holds_until_somebody_enters_another(told: Store) -> None:
    first = served.version(told, PROVINCE)
    assert served.version(told, PROVINCE) == first
    one = Told("hotline_calls", "2026-08", "1", "Sổ", date(2026, 9, 1))
    entered.enter(told, one, by=BY, at=FRIDAY, today=date(2026, 11, 20))
    assert served.version(told, PROVINCE) != first


def _answered(store: Store, said: list[tuple[str, str, int]]) -> None:
    slips = pl.DataFrame(
        [
            {"slip": str(n), "place": f"row {n}", "department": unit, "answered_on": day, "score": score}
            for n, (unit, day, score) in enumerate(said)
        ],
        schema=surveys.SLIPS,
    )
    surveys.take(store, "quay", slips, pl.DataFrame(schema=intakes.REFUSED), intake=INTAKE)


def test_slips_are_told_with_who_was_asked_and_a_few_of_them_by_their_number(store: Store) -> None:
    assert served.rows(store, PROVINCE, WEEKLY, WEEK, FRIDAY, ()) == []  # nothing was ever asked
    said = [("2026-11-05", 5), ("2026-11-12", 2), *[("2026-11-13", 5)] * 15, *[("2026-11-19", 4)] * 5]
    _answered(store, [("Sở Y tế", day, score) for day, score in said] + [("Sở Nội vụ", "2026-11-14", 3)] * 10)
    (told,) = served.rows(store, PROVINCE, WEEKLY, WEEK, FRIDAY, ())
    assert (told.n, told.d, told.t, told.before) == (20, 30, "66,7\u00a0%", "n = 1")
    assert (told.v, told.before_v) == (20 / 30, None)
    assert told.basis == "20/30 phiếu; không rõ số người được hỏi"
    for asked, words in (
        (300, "30/300 người được hỏi trả lời"),
        (10, "số người được hỏi (10) ít hơn số phiếu, cần kiểm tra"),
    ):
        surveys.ask(store, Asked("quay", WEEK, asked, None), intake=INTAKE)
        (told,) = served.rows(store, PROVINCE, WEEKLY, WEEK, FRIDAY, ())
        assert told.basis == f"20/30 phiếu; {words}"
    assert told.origin == "Khảo sát"


def test_who_sees_two_units_is_told_of_their_slips_and_values_alone(told: Store) -> None:
    _answered(told, [("Sở Y tế", "2026-11-14", 5)] * 3 + [("Sở Nội vụ", "2026-11-14", 1)] * 40)
    for unit, value in (("Sở Y tế", "7"), ("Sở Tư pháp", "9"), ("Sở Nội vụ", "11")):
        one = Told("consultations", "2026-10", value, "Sổ", date(2026, 11, 3), department=unit)
        entered.enter(told, one, by=BY, at=datetime(2026, 11, 9, tzinfo=UTC), today=date(2026, 11, 18))
    scope = Scope.of("Sở Y tế", "Sở Tư pháp")
    satisfied, *values = served.rows(told, scope, WEEKLY, WEEK, FRIDAY, ("minh-son",))
    assert (satisfied.n, satisfied.d, satisfied.t) == (3, 3, "n = 3")
    assert [(row.t, row.title.rpartition(", ")[2]) for row in values] == [
        ("9 lượt", "Sở Tư pháp)"), ("7 lượt", "Sở Y tế)"),
    ]  # fmt: skip


def test_the_register_is_told_of_its_own_sources_and_of_the_province_alone(store: Store) -> None:
    rows = {row.id: row for row in served.rows(store, PROVINCE, WEEKLY, WEEK, FRIDAY, ("minh-son",))}
    assert set(rows) >= {"procedures_centre_share", "procedures_online_share"}
    centre, online = rows["procedures_centre_share"], rows["procedures_online_share"]
    assert centre.n is not None
    assert 0 < centre.n <= (centre.d or 0)
    assert centre.d == online.d
    assert centre.basis == f"{centre.n}/{centre.d} thủ tục"
    assert served.rows(store, PROVINCE, WEEKLY, WEEK, FRIDAY, ("other",)) == []
    assert served.rows(store, UNIT.scope, UNIT, WEEK, FRIDAY, ("minh-son",)) == []
