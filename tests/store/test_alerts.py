"""Alerts over days as the calendar has them: raised once, held while nothing is heard, risen in working time, told
once a morning."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import polars as pl
import pytest

from config.errors import ConfigError
from jobs import alerting
from metrics import rulebook
from metrics.scope import Scope
from store import alerts, audit, people
from store.database import Store
from store.people import Person
from tests.store.alerted import ALL, OTHER, at, due, look, mails, put, readers, told
from tests.store.test_ingest import rejects, rows

HEAD = Person("xaydung", "Chánh Văn phòng", "head", ("Sở Xây dựng",))
XD, YT = "Sở Xây dựng", "Sở Y tế"
LINE = f"mot-cua||{XD}"
#: Thursday; what is due on it is overdue from Friday 20/11/2026 on.
DUE = "2026-11-19"


def watched(store: Store) -> None:
    """Let the source be watched since Thursday 19/11, with A due that day."""
    put(store, due(DUE, "A"), at(DUE, "07:00"))
    look(store, at(DUE, "09:00"))


def test_a_thousand_late_on_arrival_are_one_line_a_unit_and_who_is_late_after_stands_alone(store: Store) -> None:
    late = [due("2026-10-01", *(f"XD-{i}" for i in range(700))), due("2026-10-02", *(f"YT-{i}" for i in range(300)),
            department=YT)]  # fmt: skip
    put(store, pl.concat([*late, due(DUE, "A")]), at(DUE, "07:00"))
    assert look(store, at(DUE, "09:00")).raised == 4, "two lines, A that is due today, the calendar"
    found = alerts.standing(store, ALL).filter(rule="overdue")
    assert found.select("department", "detail").sort("department").rows() == [(XD, '{"n":700}'), (YT, '{"n":300}')]
    look(store, at("2026-11-20"))
    assert told(store, "overdue") == [
        ("mot-cua|A", XD, "open", 0), (LINE, XD, "open", 1), (f"mot-cua||{YT}", YT, "open", 1),
    ]  # fmt: skip


def test_what_arrives_late_later_or_from_a_new_source_is_in_a_line_too(store: Store) -> None:
    watched(store)
    put(store, due("2026-11-02", "B", "C"), at("2026-11-20", "08:00"))
    put(store, due("2026-11-02", "N"), at("2026-11-20", "08:00"), OTHER)
    look(store, at("2026-11-20", "09:00"))
    assert [subject for subject, *_ in told(store, "overdue")] == ["mot-cua|A", LINE, f"nguon-hai||{XD}"]


def test_a_silent_source_holds_its_alerts_as_unknown_and_nothing_is_raised_or_ended_meanwhile(store: Store) -> None:
    watched(store)
    put(store, due("2026-11-20", "B"), at("2026-11-20", "07:00"))
    look(store, at("2026-11-20", "08:00"))
    silent = at("2026-11-23", "08:00")  # Monday; nothing was heard since Friday
    look(store, silent, None)
    assert told(store, "overdue") == [("mot-cua|A", XD, "unknown", 0)], "B, overdue since, is not raised"
    assert [row[0] for row in told(store, "stale_source")] == ["mot-cua"]
    look(store, silent + timedelta(days=1), None)
    assert told(store, "overdue") == [("mot-cua|A", XD, "unknown", 0)], "no time runs for it"
    closed = due(DUE, "A", status="resolved", resolved_at=silent)
    back = silent + timedelta(days=1, hours=1)
    put(store, closed, back - timedelta(minutes=2))
    look(store, back)
    assert told(store, "overdue") == [("mot-cua|B", XD, "open", 0)]
    assert told(store, "stale_source") == []


def test_an_alert_rises_from_holder_to_head_to_director_in_working_hours(store: Store) -> None:
    put(store, due("2026-11-20", "A"), at("2026-11-20", "07:00"))
    look(store, at("2026-11-20", "09:00"))
    steps = {
        ("2026-11-21", "08:00"): 0,  # Saturday: overdue, with who holds it
        ("2026-11-23", "16:59"): 0,  # 7 h 59 of Monday were worked
        ("2026-11-23", "17:00"): 1,  # 8 h
        ("2026-11-30", "16:59"): 1,  # 24, 25, 26, 27 and 7 h 59 of Monday 30/11
        ("2026-11-30", "17:00"): 2,  # 40 h
        ("2026-12-04", "17:00"): 2,  # there is nobody above
    }
    for moment, level in steps.items():
        look(store, at(*moment))
        assert told(store, "overdue") == [("mot-cua|A", XD, "open", level)], moment


def test_over_tet_nothing_rises_and_nobody_is_written_to(store: Store) -> None:
    """Tết 2026: days off from Saturday 14/2 to Sunday 22/2. Due Thursday 12/2, overdue on Friday, with the head after
    eight hours of Friday; the director's forty begin on Monday 23/2."""
    readers(store)
    put(store, due("2026-02-12", "A"), at("2026-02-12", "07:00"))
    look(store, at("2026-02-12", "09:00"))
    look(store, at("2026-02-13", "07:30"))
    look(store, at("2026-02-13", "17:00"))
    assert told(store, "overdue") == [("mot-cua|A", XD, "open", 1)]
    calendar = rulebook.load().calendar
    for ahead in range(1, 10):
        moment = at("2026-02-13") + timedelta(days=ahead)
        assert not calendar.opens(moment.date())
        look(store, moment)
        assert alerting.digest(store, moment).held == "a day off"
    assert told(store, "overdue") == [("mot-cua|A", XD, "open", 1)]
    assert mails(store) == []
    look(store, at("2026-02-27", "16:59"))
    assert told(store, "overdue") == [("mot-cua|A", XD, "open", 1)], "23, 24, 25, 26 and 7 h 59 of Friday"
    look(store, at("2026-02-27", "17:00"))
    assert told(store, "overdue") == [("mot-cua|A", XD, "open", 2)]
    assert alerting.digest(store, at("2026-02-23", "07:30")).mailed > 0


def test_a_saturday_that_is_worked_for_a_friday_is_a_working_day_and_that_friday_is_none(store: Store) -> None:
    """2/1/2026 was off, and Saturday 10/1/2026 worked for it."""
    readers(store)
    put(store, due("2026-01-12", "A"), at("2026-01-01", "07:00"))
    look(store, at("2026-01-02", "07:30"))
    assert alerting.digest(store, at("2026-01-02", "07:30")).held == "a day off"
    found = alerts.standing(store, ALL).filter(rule="due_soon")["detail"].to_list()
    assert found == ['{"due_on":"2026-01-12","days":7,"n":1}'], "5, 6, 7, 8, 9, Saturday 10 and 12: seven days"
    look(store, at("2026-01-10", "07:30"))
    assert alerting.digest(store, at("2026-01-10", "07:30")).mailed > 0
    assert "trong 1 ngày làm việc: 1" in dict(mails(store))["xaydung@example.vn"]


def test_a_morning_brings_one_mail_a_reader_with_counts_alone(store: Store) -> None:
    readers(store)
    put(store, due("2026-11-02", *(f"OLD-{i}" for i in range(7)), handler="CB-9"), at(DUE, "07:00"))
    put(store, due(DUE, "A", handler="CB-9"), at(DUE, "07:00"))
    look(store, at(DUE, "09:00"))
    look(store, at("2026-11-20", "07:29"))
    assert alerting.digest(store, at("2026-11-20", "07:29")).held == "not at this hour"
    assert alerting.digest(store, at("2026-11-20", "00:00")).held == "not at this hour"
    for minute in (30, 31, 55):
        alerting.digest(store, at("2026-11-20", f"07:{minute}"))
    written = mails(store)
    assert sorted(to for to, _ in written) == ["vanhanh@example.vn", "xaydung@example.vn"]
    body = dict(written)["xaydung@example.vn"]
    assert "Hồ sơ quá hạn: 8; 1 mới; 7 có từ trước khi theo dõi." in body
    assert "OLD-" not in body
    assert "CB-9" not in body
    assert alerts.standing(store, ALL).filter(rule="overdue")["told"].to_list() == [1, 1]
    alerting.digest(store, at("2026-11-20", "18:30"))
    assert len(mails(store)) == len(written), "the evening is quiet"


def test_two_workers_at_once_raise_once_and_write_once(store: Store) -> None:
    readers(store)
    watched(store)
    put(store, due(DUE, *(f"B-{i}" for i in range(5))), at(DUE, "10:00"))
    moment = at("2026-11-20", "07:30")
    put(store, rows().clear(), moment - timedelta(minutes=1))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: alerting.alert(store, moment), range(4)))
        list(pool.map(lambda _: alerting.digest(store, moment), range(4)))
    assert len(told(store, "overdue")) == 6
    assert [to for to, _ in mails(store)].count("xaydung@example.vn") == 1
    assert set(alerts.standing(store, ALL).filter(rule="overdue")["told"]) == {1}


def test_a_clock_that_is_set_back_changes_nothing_and_writes_nothing_twice(store: Store) -> None:
    readers(store)
    watched(store)
    for day in ("2026-11-20", "2026-11-23"):
        look(store, at(day, "07:30"))
        alerting.digest(store, at(day, "07:30"))
    before, written = told(store), mails(store)
    assert alerting.alert(store, at("2026-11-19", "08:00")).held == "the clock was set back"
    for day in ("2026-11-20", "2026-11-23"):
        assert alerting.digest(store, at(day, "08:00")).mailed == 0
    assert told(store) == before
    assert mails(store) == written


def test_a_head_acknowledges_the_own_unit_s_and_it_is_told_no_more_while_that_holds(store: Store) -> None:
    readers(store)
    watched(store)
    put(store, due(DUE, "Y", department=YT), at(DUE, "10:00"))
    look(store, at("2026-11-20", "07:30"))
    number = {row["code"]: row["id"] for row in alerts.standing(store, ALL).filter(rule="overdue").to_dicts()}
    assert alerts.standing(store, HEAD.scope).filter(rule="overdue")["code"].to_list() == ["A"]
    refused = []
    for strange in (number["Y"], 10_000):
        with pytest.raises(alerts.AlertError) as error:
            alerts.acknowledge(store, strange, by=HEAD, note="", at=at("2026-11-20", "08:00"))
        refused.append(error.value.found)
    assert refused == ["no such alert stands."] * 2, "who may not see it is told what is told of one that is not"
    alerts.acknowledge(store, number["A"], by=HEAD, note="Đã họp", at=at("2026-11-20", "08:00"))
    assert audit.read(store, act="acknowledge").select("person", "what", "detail").rows() == [
        ("xaydung", "mot-cua A", "overdue: Đã họp")
    ]
    alerting.digest(store, at("2026-11-20", "08:00"))
    assert "xaydung@example.vn" not in dict(mails(store))
    look(store, at("2026-11-26", "08:00"))  # 23, 24, 25, 26: four working days, and nothing rose
    assert ("mot-cua|A", XD, "acknowledged", 0) in told(store, "overdue")
    look(store, at("2026-11-27", "08:00"))  # the fifth
    assert ("mot-cua|A", XD, "open", 0) in told(store, "overdue")
    with pytest.raises(alerts.AlertError):
        auditor = Person("kiemtra", "", "auditor", None)
        alerts.acknowledge(store, number["A"], by=auditor, note="", at=at("2026-11-27"))


def test_a_due_day_that_comes_nearer_is_told_again_though_somebody_saw_to_it(store: Store) -> None:
    put(store, due("2026-11-30", "A"), at(DUE, "07:00"))
    look(store, at(DUE, "09:00"))
    (line,) = alerts.standing(store, ALL).filter(rule="due_soon").to_dicts()
    assert line["detail"] == '{"due_on":"2026-11-30","days":7,"n":1}'
    alerts.acknowledge(store, line["id"], by=HEAD, note="", at=at("2026-11-24", "08:00"))
    look(store, at("2026-11-24", "09:00"))  # four working days are left
    assert [state for *_, state, _ in told(store, "due_soon")] == ["acknowledged"]
    look(store, at("2026-11-25", "09:00"))  # three
    assert [state for *_, state, _ in told(store, "due_soon")] == ["open"]
    look(store, at("2026-12-01", "09:00"))
    assert told(store, "due_soon") == []
    assert [subject for subject, *_ in told(store, "overdue")] == ["mot-cua|A"]


def test_a_unit_s_rate_and_stock_are_told_of_with_enough_dossiers_and_a_signal_alone(store: Store) -> None:
    """Due on Wednesdays of 13 weeks up to 11/11: Xây dựng 38 of 40 in time, then 25; Y tế 10 of 20; Tư pháp 38, 37."""
    weeks = [f"{at('2026-11-11') - timedelta(weeks=i):%Y-%m-%d}" for i in range(13)]
    frames = []
    for i, day in enumerate(weeks):
        for unit, of_all, met in ((XD, 40, 38 if i else 25), (YT, 20, 19 if i else 10), ("Sở Tư pháp", 40, 38 if i
                                  else 37)):  # fmt: skip
            codes = [f"{unit[-3:]}-{i}-{n}" for n in range(of_all)]
            done = {"status": "resolved", "department": unit}
            frames.append(due(day, *codes[:met], resolved_at=at(day, "10:00"), **done))
            late = done if i else {"department": unit}
            frames.append(due(day, *codes[met:], **late, resolved_at=at(day) + timedelta(days=2) if i else None))
    put(store, pl.concat(frames), at("2026-11-16", "07:00"))
    look(store, at("2026-11-16", "08:00"))
    found = alerts.standing(store, ALL).filter(pl.col("rule").is_in(["rate", "backlog"]))
    assert found.filter(rule="rate").select("department", "detail").rows() == [
        (XD, '{"metric":"on_time_due","week":"2026-11-09","met":25,"n":40,"below":0.98,"signal":"beyond","row":1}')
    ]
    assert found.filter(rule="backlog").select("department", "detail").sort("department").rows() == [
        (XD, '{"week":"2026-11-09","n":15,"more":15,"signal":"beyond","row":1}'),
        (YT, '{"week":"2026-11-09","n":10,"more":10,"signal":"beyond","row":1}'),
    ]


def test_what_feeds_the_figures_is_the_operator_s_and_does_not_wait_for_the_morning(store: Store) -> None:
    readers(store)
    watched(store)
    bad = rejects(*(f"dòng {i}" for i in range(20)))
    put_aside(store, bad)
    look(store, at("2026-11-20", "08:00"))
    assert [subject for subject, *_ in told(store, "quarantine")] == ["mot-cua"]
    look(store, at("2026-11-20", "20:00"), None)
    assert [subject for subject, *_ in told(store, "stale_source")] == ["mot-cua"]
    assert mails(store) == [], "the evening is quiet"
    look(store, at("2026-11-21", "09:00"), None)
    assert mails(store) == [], "Saturday"
    for minute in ("07:31", "07:36"):
        look(store, at("2026-11-23", minute), None)
    assert [to for to, _ in mails(store)] == ["vanhanh@example.vn"]
    assert "Lần cuối có dữ liệu: 07:59 20/11/2026." in mails(store)[0][1]
    assert told(store, "quarantine") == [], "no more came within a day"


def put_aside(store: Store, bad: pl.DataFrame) -> None:
    from store.ingest import begin_run
    from tests.store.alerted import LIVE

    with begin_run(store, LIVE, kind="sync", origin="test", seen_at=at("2026-11-20", "07:00")) as run:
        run.batch(rows().clear(), bad)


def test_the_holidays_run_out_sixty_days_before_and_no_sooner(store: Store) -> None:
    """The shipped calendar is confirmed to 31/12/2026: 61 days before is Saturday 31/10."""
    put(store, due("2026-10-30", "A"), at("2026-10-31", "07:00"))
    look(store, at("2026-10-31", "08:00"))
    assert told(store, "calendar") == []
    look(store, at("2026-11-01", "08:00"))
    assert told(store, "calendar") == [("calendar", None, "open", 1)]
    assert alerts.standing(store, Scope.of(XD)).filter(rule="calendar").is_empty(), "the province's alone"


def test_a_mail_address_is_one_and_is_told_in_the_audit_log_without_itself(store: Store) -> None:
    readers(store)
    with pytest.raises(ConfigError):
        people.set_mail(store, "giamdoc", "giamdoc@a, b@c", by="quantri", at=at(DUE))
    people.set_mail(store, "giamdoc", None, by="quantri", at=at(DUE))
    assert [mail for _, mail in people.with_mail(store)] == [
        "vanhanh@example.vn", "xaydung@example.vn", "yte@example.vn",
    ]  # fmt: skip
    newest = audit.read(store, what="person giamdoc").row(0, named=True)
    assert (newest["person"], newest["detail"]) == ("quantri", "mail taken out")
