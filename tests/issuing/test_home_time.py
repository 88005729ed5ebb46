"""The office's own time: numbers and weeks over the turn of the year, and a machine that keeps another clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.mapping import TIME_ZONE
from jobs import alerting, issuing
from jobs.moments import HOME_ZONE
from jobs.rebuild import rebuild
from metrics import rulebook
from reports.editions import WEEKLY
from store import alerts, issued, urgings
from store.database import Store, open_store
from tests.fresh import Databases
from tests.issuing.conftest import DIRECTOR, FRIDAY, PROVINCE, Office, moment, told, week
from tests.reports.province import case
from tests.store.alerted import at, due, mails, put, readers

NEW_YEAR = date(2019, 1, 1)
#: Of the last week of 2018 that ends in it: Friday 21/12 to Thursday 27/12.
LAST_FRIDAY = date(2018, 12, 28)


def heard(office: Office, day: date, hour: int = 7) -> None:
    """Hear a dossier of the day before, at that hour."""
    last = day - timedelta(days=1)
    office.hears(case(f"XD-{day:%m%d}", "Sở Xây dựng", last, last), at=moment(day, hour))


def test_a_report_that_waited_over_new_year_is_number_one_of_the_year_that_begins_here_seven_hours_sooner(
    office: Office,
) -> None:
    office.sets(approval='"automatic"')
    for friday in (LAST_FRIDAY - timedelta(days=7), LAST_FRIDAY):
        heard(office, friday)
        assert issuing.draft_due(office.store, moment(friday)) == "done"
        if friday < LAST_FRIDAY:
            issuing.issue_approved(office.store, moment(friday))
    morning = moment(NEW_YEAR, 6, 30)
    assert morning.year == 2018, "31 December, 23:30 UTC"
    issuing.issue_approved(office.store, morning)
    assert [(one.number, one.year) for one in office.reports()] == [(1, 2018), (1, 2019)]
    (paper,) = [p for p in issued.papers_of(office.store, office.reports()[1].id, PROVINCE) if p.form == "pdf"]
    assert paper.name == "bao-cao-1-2019.pdf"


def test_an_evening_that_is_still_the_old_year_here_has_the_old_year_s_number(office: Office) -> None:
    office.sets(approval='"automatic"')
    heard(office, LAST_FRIDAY)
    issuing.draft_due(office.store, moment(LAST_FRIDAY))
    issuing.issue_approved(office.store, moment(date(2018, 12, 31), 23, 59))
    assert [(one.number, one.year) for one in office.reports()] == [(1, 2018)]


def test_the_week_over_new_year_is_reported_once_as_week_one_and_numbered_in_the_new_year(office: Office) -> None:
    office.sets(approval='"automatic"')
    friday = date(2019, 1, 4)
    heard(office, friday)
    (claim,) = issuing.due(office.store, moment(friday))
    assert (claim.start, claim.end, claim.issue_on) == (LAST_FRIDAY, date(2019, 1, 3), friday)
    issuing.draft_due(office.store, moment(friday))
    (draft,) = office.reports()
    assert (draft.draft or {})["figures"]["due.nd"]["t"] == "1/1", "the dossier due on 3/1"
    issuing.issue_approved(office.store, moment(friday))
    (one,) = office.reports()
    assert (one.number, one.year, one.issued_at) == (1, 2019, moment(friday))
    period = WEEKLY.containing(NEW_YEAR)
    assert (WEEKLY.code(period), WEEKLY.named(period)) == ("2019-W01", "tuần 1/2019"), "its Thursday is 3/1/2019"


def test_on_new_year_s_morning_the_week_that_ended_on_the_eve_is_due_and_the_new_one_is_not(office: Office) -> None:
    """31/12/2020 is a Thursday, and the Friday after it off: drafted on the eve at half past five, when it is still
    morning in UTC; it is week 53, the next one week 1 of 2021."""
    office.sets(approval='"automatic"')
    eve, friday = date(2020, 12, 31), date(2021, 1, 8)
    heard(office, eve, 17)
    assert issuing.due(office.store, moment(eve, 17, 29)) == []
    (claim,) = issuing.due(office.store, moment(eve, 17, 30))
    assert (claim.start, claim.end, claim.issue_on) == (date(2020, 12, 25), eve, eve)
    issuing.draft_due(office.store, moment(eve, 17, 30))
    issuing.issue_approved(office.store, moment(eve, 18))
    assert [(one.number, one.year) for one in office.reports()] == [(1, 2020)]
    assert issuing.due(office.store, moment(date(2021, 1, 1), 6, 30)) == []
    (claim,) = issuing.due(office.store, moment(friday))
    names = [WEEKLY.named(WEEKLY.containing(day)) for day in (eve, claim.end)]
    assert names == ["tuần 53/2020", "tuần 1/2021"]


def test_a_slip_of_new_year_s_morning_is_number_one_of_the_new_year(store: Store) -> None:
    put(store, due("2026-11-10", "A"), at("2026-11-19"))
    moments = (at("2026-12-31", "23:59"), at("2027-01-01", "00:00"), at("2027-01-01", "06:30"))
    assert {each.year for each in moments} == {2026}, "by UTC"
    for n, each in enumerate(moments):
        urgings.issue(
            store, "Sở Xây dựng", [("mot-cua", "A")], asked=f"Lần {n}", answer_by=date(2027, 1, 6), by=DIRECTOR,
            at=each, calendar=rulebook.load().calendar, zone=issuing.ZONE,
        )  # fmt: skip
    numbers = urgings.issued(store, PROVINCE).sort("seq").select("number", "year").rows()
    assert numbers == [(1, 2026), (1, 2027), (2, 2027)]


def test_the_office_s_clock_is_seven_hours_before_utc_on_every_day_of_ten_years() -> None:
    assert HOME_ZONE == TIME_ZONE
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(3653)]
    assert days[-1] == date(2029, 12, 31)
    offsets = {
        datetime.combine(day, each, ZoneInfo(HOME_ZONE)).utcoffset()
        for day in days
        for each in (time_of_day(0), time_of_day(12))
    }
    assert offsets == {timedelta(hours=7)}


@contextmanager
def clock_of(zone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine keep another clock; gives it back its own."""
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


def life(office: Office) -> dict[str, Any]:
    """Draft, issue and mail over Sunday 4/11/2018, on which New York sets its clocks back; gives what came of it."""
    readers(office.store)
    office.sets(approval='"automatic"')
    for day in (date(2018, 11, 2), date(2018, 11, 5), FRIDAY):
        office.hears(case("XD-NY", "Sở Xây dựng", date(2018, 11, 5), None), at=moment(day, 7, 10))
        rebuild(office.store)
        alerting.alert(office.store, moment(day, 7, 20))
        alerting.digest(office.store, moment(day, 7, 30))
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    drafts = [one.draft for one in office.reports()]
    issuing.issue_approved(office.store, moment(FRIDAY))
    stood = alerts.standing(office.store, PROVINCE).drop("id").to_dicts()
    return {"drafts": drafts, "issued": told(office.reports()), "mails": mails(office.store), "alerts": stood}


def test_a_machine_on_new_york_s_clock_drafts_issues_and_mails_the_same_over_its_change_of_clocks(
    office: Office, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = life(office)
    assert here["issued"] == [("08/11", "issued", 1)]
    assert [to for to, _ in here["mails"]].count("xaydung@example.vn") == 3
    home = tmp_path / "there"
    home.mkdir()
    url = databases.migrated(home)
    away = open_store(url, home=home)
    there = replace(office, store=away)
    there.hears(*week(), at=moment(FRIDAY, 7))
    try:
        with clock_of("America/New_York", monkeypatch):
            assert time.localtime(moment(FRIDAY).timestamp()).tm_hour == 20, "the evening before"
            assert life(there) == here
    finally:
        away.engine.dispose()
        databases.drop(url)
