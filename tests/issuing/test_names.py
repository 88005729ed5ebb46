"""The files of an issued report carry its number in the year: what a mail carries and what the page offers."""

from __future__ import annotations

from jobs import issuing
from store import issued
from tests.issuing.conftest import FRIDAY, PROVINCE, Office, moment


def test_the_first_report_of_a_year_is_attached_as_number_one_not_as_week_45(office: Office) -> None:
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    (one,) = office.reports()
    names = {paper.form: paper.name for paper in issued.papers_of(office.store, one.id, PROVINCE)}
    assert names == {form: f"bao-cao-1-2018.{form}" for form in ("pdf", "docx", "xlsx", "json")}
