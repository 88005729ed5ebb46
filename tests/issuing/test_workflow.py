"""A report's life by the clock of the office: drafted, approved or held, issued once, taken up where it was cut off."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from io import BytesIO

import polars as pl
import pytest
from pypdf import PdfReader

from config import mail
from config.notes import note
from jobs import issuing
from store import editions, issued
from store.database import reading
from store.editions import Claim
from store.frames import select
from store.tables import outbox as letters
from tests.issuing.conftest import DIRECTOR, FRIDAY, PROVINCE, Office, moment, told
from tests.reports.province import THURSDAY, case

#: What a report asks a unit to finish within a week.
LONG_LATE = case("XD-LAU", "Sở Xây dựng", date(2018, 8, 1), None)
WEEK = Claim("friday", "", date(2018, 11, 2), THURSDAY, FRIDAY)


def text_of(office: Office, id: int) -> str:
    paper = issued.paper(office.store, id, "pdf", PROVINCE)
    assert paper is not None
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages))


def mails(office: Office) -> pl.DataFrame:
    import sqlalchemy as sa

    with reading(office.store) as connection:
        return select(connection, sa.select(letters).order_by(letters.c.id))


def test_a_report_is_drafted_approved_and_sent_at_its_hours(office: Office) -> None:
    office.sends_to("chutich@example.vn", "vanthu@example.vn")
    issuing.draft_due(office.store, moment(FRIDAY, 7, 29))
    assert office.reports() == []
    assert issuing.draft_due(office.store, moment(FRIDAY, 7, 30)) == "done"
    (one,) = office.reports()
    assert told([one]) == [("08/11", "draft", None)]
    assert one.draft is not None
    assert one.draft["figures"]["due.nd"]["t"] == "15/20"
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    assert told(office.reports()) == [("08/11", "draft", None)]  # nobody has approved it
    editions.remark(office.store, one.id, "Đã đôn đốc Sở Xây dựng.", by=DIRECTOR, at=moment(FRIDAY, 7, 40))
    office.approve(one.id)
    issuing.issue_approved(office.store, moment(FRIDAY, 7, 59))
    assert told(office.reports()) == [("08/11", "approved", None)]
    for minute in (0, 5):
        assert issuing.issue_approved(office.store, moment(FRIDAY, 8, minute)) == "done"
        assert told(office.reports()) == [("08/11", "issued", 1)]
    text = text_of(office, one.id)
    assert "01/BC-TTPVHCC" in text
    assert "Đã đôn đốc Sở Xây dựng." in text
    assert "Dự thảo" not in text
    sent = mails(office)
    assert sent["recipient"].to_list() == ["chutich@example.vn", "vanthu@example.vn"]
    assert sent["edition_id"].unique().to_list() == [one.id]
    assert "01/BC-TTPVHCC: đúng hạn 75,0 %, quá hạn" in sent["subject"][0]
    assert "XD-" not in "".join(sent["subject"].to_list() + sent["body"].to_list())  # mail names no dossier


def test_an_office_may_send_without_asking(office: Office) -> None:
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    issuing.issue_approved(office.store, moment(FRIDAY, 7, 59))
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    assert told(office.reports()) == [("08/11", "issued", 1)]


def test_a_claim_whose_worker_was_killed_is_taken_up_again(office: Office) -> None:
    assert editions.claim(office.store, WEEK, at=moment(FRIDAY, 7, 30)) is not None
    issuing.draft_due(office.store, moment(FRIDAY, 7, 31))
    assert told(office.reports()) == [("08/11", "draft", None)]


def test_a_report_held_by_a_clock_far_ahead_is_looked_at_again_by_the_right_one(office: Office) -> None:
    held = editions.claim(office.store, WEEK, at=moment(FRIDAY, 7, 30))
    assert held is not None
    why = [note("report_not_made", why="x").kept()]
    assert editions.drafted(office.store, held, None, why, at=moment(FRIDAY + timedelta(days=400)))
    issuing.draft_due(office.store, moment(FRIDAY, 7, 31))
    assert told(office.reports()) == [("08/11", "draft", None)]


def test_two_missed_fridays_are_two_reports_in_their_order(office: Office) -> None:
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    later = FRIDAY + timedelta(days=14)
    office.hears(case("XD-MOI", "Sở Xây dựng", later, None), at=moment(later, 7))
    assert [c.end for c in issuing.due(office.store, moment(later, 9))] == [date(2018, 11, 15), date(2018, 11, 22)]
    issuing.draft_due(office.store, moment(later, 9))
    issuing.issue_approved(office.store, moment(later, 9))
    assert told(office.reports()) == [("08/11", "issued", 1), ("15/11", "issued", 2), ("22/11", "issued", 3)]
    assert "ngày 23 tháng 11 năm 2018" in text_of(office, office.reports()[1].id)  # the day it really carries
    assert issuing.due(office.store, moment(later, 10)) == []


def test_what_is_asked_for_is_due_after_the_day_on_which_a_late_report_is_made(office: Office) -> None:
    office.hears(LONG_LATE, at=moment(FRIDAY, 6))
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    later = FRIDAY + timedelta(days=14)
    issuing.draft_due(office.store, moment(later, 9))
    asked = [(one.draft or {})["figures"]["limit.date"]["v"] for one in office.reports()]
    assert [date.fromisoformat(day) - FRIDAY for day in asked] == [timedelta(days=7), timedelta(21), timedelta(21)]


def test_a_report_approved_when_its_own_deadlines_have_come_is_made_anew(office: Office) -> None:
    office.hears(LONG_LATE, at=moment(FRIDAY, 6))
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    (one,) = office.reports()
    office.approve(one.id)
    late = FRIDAY + timedelta(days=28)
    assert issuing.issue_approved(office.store, moment(late, 6)) == "held"
    (held,) = office.reports()
    assert [reason["code"] for reason in held.held] == ["report_too_late"]
    issuing.draft_due(office.store, moment(late, 6, 30))
    fresh = {each.id: each for each in office.reports()}[one.id]
    assert (fresh.state, (fresh.draft or {})["figures"]["limit.date"]["v"]) == ("draft", "2018-12-14")


def test_a_clock_that_is_set_back_makes_no_second_report(office: Office) -> None:
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    issuing.draft_due(office.store, moment(FRIDAY - timedelta(days=7), 9))
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    assert told(office.reports()) == [("08/11", "draft", None)]


def test_a_friday_off_is_drafted_on_the_working_day_before_when_its_offices_have_closed(office: Office) -> None:
    eve = date(2018, 2, 13)  # Tết: 14/2 to 20/2 are off
    assert issuing.due(office.store, moment(eve, 9)) == []
    assert issuing.due(office.store, moment(eve, 17, 29)) == []
    (claim,) = issuing.due(office.store, moment(eve, 17, 30))
    assert (claim.end, claim.issue_on) == (date(2018, 2, 15), eve)


def test_a_department_that_gets_mail_gets_its_own_sheet(office: Office) -> None:
    office.sends_to("sxd@example.vn", department="Sở Xây dựng")
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 9))
    issuing.issue_approved(office.store, moment(FRIDAY, 9))
    assert sorted((one.department, one.number) for one in office.reports()) == [("", 1), ("Sở Xây dựng", 2)]
    assert mails(office)["recipient"].to_list() == ["sxd@example.vn"]
    assert mails(office)["department"].to_list() == ["Sở Xây dựng"]


@pytest.fixture
def operator(office: Office) -> str:
    """Name an operator who gets word."""
    (office.config / "mail.toml").write_text('operators = ["vanhanh@example.vn"]\n', encoding="utf-8")
    mail._load.cache_clear()
    return "vanhanh@example.vn"


def test_a_silent_source_holds_the_report_back_until_it_is_heard(office: Office, operator: str) -> None:
    stale = [case(f"DD-{n}", "Sở Tư pháp", date(2018, 11, 6), date(2018, 11, 1)) for n in range(5)]
    office.hears(*stale, at=moment(date(2018, 11, 1), 18), kind="file", name="dat_dai")
    assert issuing.draft_due(office.store, moment(FRIDAY, 7, 30)) == "held"
    (one,) = office.reports()
    assert [note["code"] for note in one.held] == ["report_silent"]  # 5 of 26 dossiers, 19 %, more than 10 %
    assert one.held[0]["values"]["percent"] == 19
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    issuing.draft_due(office.store, moment(FRIDAY, 8, 0))
    assert told(office.reports()) == [("08/11", "held", None)]
    sent = mails(office)
    assert sent["recipient"].to_list() == [operator]  # told once
    assert "vì:\n- nguồn không gửi số liệu giữ 19 % số hồ sơ" in sent["body"][0]
    fresh = case("DD-9", "Sở Tư pháp", date(2018, 11, 30), None, received=THURSDAY)
    office.hears(fresh, at=moment(FRIDAY, 8, 1), kind="file", name="dat_dai")
    issuing.draft_due(office.store, moment(FRIDAY, 8, 2))
    assert told(office.reports()) == [("08/11", "held", None)]  # it is looked at again every half hour
    assert issuing.draft_due(office.store, moment(FRIDAY, 8, 31)) == "done"
    assert told(office.reports()) == [("08/11", "draft", None)]


def test_what_is_sent_by_force_says_so_on_page_one(office: Office) -> None:
    office.hears(
        case("DD-1", "Sở Tư pháp", date(2018, 11, 6), None), at=moment(date(2018, 11, 1)), kind="file", name="x"
    )
    office.sets(silent_share="0.0")
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    assert one.state == "held"
    editions.force(office.store, one.id, "Nguồn x chưa nối lại.", by=DIRECTOR, at=moment(FRIDAY, 7, 50), read=one.mark)
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    assert told(office.reports()) == [("08/11", "issued", 1)]
    assert "Nguồn x chưa nối lại”." in text_of(office, one.id)
    kept = issued.paper(office.store, one.id, "json", PROVINCE)
    assert kept is not None
    assert "Nguồn x chưa nối lại" in json.dumps(json.loads(kept.content)["figures"], ensure_ascii=False)


def test_an_empty_store_holds_the_report_back_in_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.sets(week_starts='"monday"')  # the report of Monday weeks is of another period on the same day
    editions.claim(office.store, WEEK, at=moment(FRIDAY, 7, 30))
    assert issuing.draft_due(office.store, moment(FRIDAY, 7, 30)) == "held"
    held = {one.start: one for one in office.reports()}[WEEK.start]
    assert [note["code"] for note in held.held] == ["report_not_made"]
    assert held.draft is None
