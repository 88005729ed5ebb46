"""Values that people entered, as the annex of a report tells them: the newest known, of whose they are, and before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from metrics.scope import Period
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
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


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
    rows = {row.id: row for row in served.rows(told, WEEKLY, WEEK, FRIDAY, ())}
    calls = rows["hotline_calls"]
    assert (calls.t, calls.before, calls.basis) == ("1.234 lượt", "1.200 lượt", "Báo cáo tổng đài, 07/11/2026")
    assert calls.title.endswith("(2026-10)")
    assert (calls.v, calls.before_v, calls.origin) == (1234.0, 1200.0, "Nhập tay")
    assert (rows["consultations"].t, rows["consultations"].before) == ("40 lượt", "…")


def test_a_report_knows_only_what_was_entered_before_it(told: Store) -> None:
    (calls,) = served.rows(told, WEEKLY, WEEK, datetime(2026, 11, 7, tzinfo=UTC), ())
    assert calls.t == "999 lượt"


def test_what_was_taken_back_is_told_no_more_and_what_is_old_is_no_news(told: Store) -> None:
    for period in ("2026-10", "2026-09"):
        entered.take_back(
            told, "hotline_calls", period, "", reason="nhầm", by=BY, at=datetime(2026, 11, 18, tzinfo=UTC)
        )
    assert [row.id for row in served.rows(told, WEEKLY, WEEK, FRIDAY, ())] == ["consultations"]


def test_the_sheet_of_a_unit_has_its_own_values_alone(told: Store) -> None:
    assert served.rows(told, for_unit(WEEKLY, "Sở Y tế"), WEEK, FRIDAY, ()) == []


def test_what_was_gathered_holds_until_somebody_enters_another(told: Store) -> None:
    first = served.version(told, WEEKLY)
    assert served.version(told, WEEKLY) == first
    one = Told("hotline_calls", "2026-08", "1", "Sổ", date(2026, 9, 1))
    entered.enter(told, one, by=BY, at=FRIDAY, today=date(2026, 11, 20))
    assert served.version(told, WEEKLY) != first


def test_slips_are_told_with_who_was_asked_and_never_without_their_number(store: Store) -> None:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    said = [("2026-11-05", 5), ("2026-11-12", 2), ("2026-11-13", 5), ("2026-11-14", 4), ("2026-11-19", 3)]
    slips = pl.DataFrame(
        [
            {"slip": str(n), "place": f"row {n}", "answered_on": day, "score": score}
            for n, (day, score) in enumerate(said)
        ],
        schema=surveys.SLIPS,
    )
    intake = Intake("surveys", "phieu.csv", "vanhanh", at)
    assert served.rows(store, WEEKLY, WEEK, FRIDAY, ()) == []  # nothing was ever asked
    surveys.take(store, "quay", slips, pl.DataFrame(schema=intakes.REFUSED), intake=intake)
    (told,) = served.rows(store, WEEKLY, WEEK, FRIDAY, ())
    assert (told.n, told.d, told.t, told.before) == (2, 3, "66,7\u00a0%", "0,0\u00a0%")
    assert told.basis == "2/3 phiếu; không rõ số người được hỏi"
    surveys.ask(store, Asked("quay", WEEK, 30, None), intake=intake)
    (told,) = served.rows(store, WEEKLY, WEEK, FRIDAY, ())
    assert told.basis == "2/3 phiếu; 3/30 người được hỏi trả lời"
    assert told.origin == "Khảo sát"


def test_the_register_is_told_of_its_own_sources_and_of_the_province_alone(store: Store) -> None:
    rows = {row.id: row for row in served.rows(store, WEEKLY, WEEK, FRIDAY, ("minh-son",))}
    assert set(rows) >= {"procedures_centre_share", "procedures_online_share"}
    centre, online = rows["procedures_centre_share"], rows["procedures_online_share"]
    assert centre.n is not None
    assert 0 < centre.n <= (centre.d or 0)
    assert centre.d == online.d
    assert centre.basis == f"{centre.n}/{centre.d} thủ tục"
    assert served.rows(store, WEEKLY, WEEK, FRIDAY, ("other",)) == []
    assert served.rows(store, for_unit(WEEKLY, "Sở Y tế"), WEEK, FRIDAY, ("minh-son",)) == []
