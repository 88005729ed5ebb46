"""Each thing that holds a report back, on a draft that nothing stands against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from config import report
from jobs import issue_checks, making, restating
from jobs.making import Made
from metrics import rulebook
from metrics.events import Event
from reports import finished, friday
from reports.editions import WEEKLY
from store.editions import Claim
from store.ingest import Source, begin_run
from tests.issuing.conftest import FRIDAY, Office, moment
from tests.reports.province import THURSDAY, case

WEEK = Claim("friday", "", date(2018, 11, 2), THURSDAY, FRIDAY)


def made(office: Office) -> Made:
    from metrics.scope import Period

    return making.make(office.store, WEEKLY, making.Issue(Period(WEEK.start, WEEK.end), FRIDAY))


def against(found: Made) -> list[str]:
    calendar = rulebook.load().calendar
    return [note.code for note in issue_checks.against(found, WEEKLY, report.load().friday, calendar)]


def altered(found: Made, **told: Any) -> Made:
    return replace(found, content={**found.content, **told})


def test_each_balance_and_headline_holds_the_report_back(office: Office) -> None:
    whole = made(office)
    assert against(whole) == []
    form: Mapping[str, Any] = {**whole.content["form"], "balanced": False}
    assert against(altered(whole, form=form)) == ["report_unbalanced"]
    first, second = whole.content["headlines"]
    gone = {**second, "figure": None}
    assert against(altered(whole, headlines=[first, gone])) == ["report_no_headline"]
    nothing_due = {**first, "figure": None, "change": {"rule": "H07", "text": ""}}
    assert against(altered(whole, headlines=[nothing_due, second])) == []  # that is known, not missing
    lost = whole.cube.filter(pl.col("event") != Event.RECEIVED.value)
    assert against(replace(whole, cube=lost)) == ["report_stock"]


def test_a_source_that_was_never_read_to_its_end_holds_the_report_back_however_little_it_holds(office: Office) -> None:
    office.sets(silent_share="1.0")
    source = Source("dat_dai", "Asia/Ho_Chi_Minh", title="Đất đai", kind="national_portal", cadence_minutes=10)
    rows = pl.DataFrame([case("DD-1", "Sở Tư pháp", FRIDAY, None) | {"source": "dat_dai"}])
    from metrics.dossier import PLAIN, Dossier

    told = Dossier.cast(pl.DataFrame(rows.to_dicts(), schema=PLAIN))
    with (
        pytest.raises(RuntimeError),
        begin_run(office.store, source, kind="sync", origin="test", seen_at=moment(FRIDAY, 7)) as run,
    ):
        run.batch(told)
        raise RuntimeError("the line broke")
    assert against(made(office)) == ["report_part"]


def test_pages_that_lack_a_figure_and_a_broken_seal_hold_the_report_back(office: Office) -> None:
    content = made(office).content
    printed = finished.pieces(finished.finished(content, number=7, issued_on=FRIDAY))
    assert issue_checks.of_printing(printed) == []
    name, written = printed["json"]
    other = json.loads(written)
    other["figures"]["due.rate"]["t"] = "99,9 %"
    sealed = friday.sealed({k: v for k, v in other.items() if k != "seal"}, other["seal"]["data_version"])
    lacking = issue_checks.of_printing({**printed, "json": (name, json.dumps(sealed).encode())})
    line = "Đúng hạn theo ngày hẹn trả 99,9 % 15/20 hồ sơ có ngày hẹn trả trong tuần"
    line += "; khoảng 95\u00a0%: 53,1–88,8\u00a0%"
    assert [str(note) for note in lacking] == [
        f"the printed pages lack figures of the content: {line} (docx), {line} (pdf)."
    ]
    broken = issue_checks.of_printing({**printed, "json": (name, json.dumps(other).encode())})
    assert [note.code for note in broken] == ["report_seal"]


def test_a_restated_report_is_compared_on_its_planned_day(office: Office) -> None:
    from jobs import issuing
    from store import editions

    assert editions.claim(office.store, WEEK, at=moment(FRIDAY, 7, 30)) is not None
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    late = FRIDAY.replace(day=19)
    issuing.issue_approved(office.store, moment(late))  # ten days late, in a week of its own
    (one,) = office.reports()
    assert (one.issue_on, restating.planned(one).on) == (late, FRIDAY)
    assert restating.restate(office.store, one, moment(late, 9)) is None
