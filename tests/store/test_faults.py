"""The log of faults: each reported once, answered and mended by days, waiting in working days, never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics import rulebook
from store import audit, faults
from store.database import Store, writing
from store.faults import FaultError
from store.people import Person
from store.tables import fault_acts, software_faults
from tests.store.alerted import ZONE, at, due, put

CALENDAR = rulebook.load().calendar
OPERATOR = Person("vanhanh", "Vận hành", "operator", None)
AUDITOR = Person("kiemtra", "Kiểm tra", "auditor", None)
HEAD = Person("xaydung", "Thủ trưởng", "head", ("Sở Xây dựng",))
FRIDAY = at("2026-11-20")


@pytest.fixture
def heard(store: Store) -> Store:
    put(store, due("2026-11-10", "A"), at("2026-11-19"))
    return store


def report(store: Store, *, on: str = "2026-11-13", by: Person = OPERATOR, at: datetime = FRIDAY, **more: Any) -> int:
    told = {"vendor": "VNPT", "kind": "data", "title": "Mất ngày hẹn trả", "text": ""} | more
    source = told.pop("source", "mot-cua")
    return faults.report(store, source, reported_on=date.fromisoformat(on), by=by, at=at, zone=ZONE, **told)


def act(store: Store, number: int, what: str, on: str, text: str = "", by: Person = OPERATOR) -> None:
    faults.act(store, number, what, on=date.fromisoformat(on), text=text, by=by, at=at("2026-11-27"), zone=ZONE)


def standing(store: Store, today: str = "2026-11-20", by: Person = OPERATOR) -> list[tuple[Any, ...]]:
    rows = faults.listed(store, by, today=date.fromisoformat(today), calendar=CALENDAR)
    return rows.select("seq", "state", "answer_days", "mend_days").rows()


def test_a_fault_waits_in_working_days(heard: Store) -> None:
    number = report(heard)  # Friday 13/11/2026
    assert standing(heard) == [(number, "waits", 5, 5)]
    act(heard, number, "answered", "2026-11-16")
    assert standing(heard) == [(number, "answered", 1, 5)]
    act(heard, number, "mended", "2026-11-18")
    assert standing(heard, "2026-12-31") == [(number, "mended", 1, 3)]


def test_a_fault_that_is_there_again_waits_anew(heard: Store) -> None:
    number = report(heard)
    act(heard, number, "mended", "2026-11-16")
    act(heard, number, "reopened", "2026-11-18")
    assert standing(heard) == [(number, "waits", 2, 2)]
    act(heard, number, "answered", "2026-11-19")
    assert standing(heard) == [(number, "answered", 1, 2)]
    assert faults.history(heard, OPERATOR)["act"].to_list() == ["mended", "reopened", "answered"]


def test_what_does_not_fit_is_refused(heard: Store) -> None:
    number = report(heard)
    for what, on, said in (
        ("reopened", "2026-11-16", "not mended"), ("answered", "2026-11-12", "before 2026-11-13"),
        ("mended", "2026-11-28", "still to come"), ("note", "2026-11-16", "0 characters"),
        ("answerd", "2026-11-16", 'Did you mean "answered"'),
    ):  # fmt: skip
        with pytest.raises(FaultError, match=said):
            act(heard, number, what, on)
    act(heard, number, "mended", "2026-11-16", "Bản vá 3")
    with pytest.raises(FaultError, match="kept before"):
        act(heard, number, "mended", "2026-11-16", "Bản vá 3")
    with pytest.raises(FaultError, match="mended already"):
        act(heard, number, "answered", "2026-11-17")
    with pytest.raises(FaultError, match="there is none"):
        act(heard, number + 1, "note", "2026-11-17", "?")
    assert len(faults.history(heard, OPERATOR)) == 1


def test_what_is_mended_twice_on_a_day_is_kept_twice_and_a_button_pressed_twice_is_not(heard: Store) -> None:
    number = report(heard)
    for what in ("mended", "reopened", "mended"):
        act(heard, number, what, "2026-11-16")
        with pytest.raises(FaultError, match="kept before"):
            act(heard, number, what, "2026-11-16")
    assert faults.history(heard, OPERATOR)["act"].to_list() == ["mended", "reopened", "mended"]
    other = report(heard, title="Lỗi khác")
    act(heard, other, "mended", "2026-11-16")  # the same of another fault is no repeat
    with pytest.raises(FaultError, match="kept before"):
        act(heard, number, "mended", "2026-11-16")


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**20])
def test_a_number_that_no_database_holds_is_no_fault(heard: Store, number: int) -> None:
    with pytest.raises(FaultError, match="there is none"):
        act(heard, number, "note", "2026-11-16", "?")


@pytest.mark.parametrize("name", ["title", "vendor", "text"])
def test_nul_is_in_no_text(heard: Store, name: str) -> None:
    with pytest.raises(FaultError, match=f"the {name} holds a sign") as refused:
        report(heard, **{name: "Mất\x00 ngày"})  # type: ignore[arg-type]
    assert (refused.value.wrong, standing(heard)) == ("text", [])


def test_a_wrong_report_is_refused_and_leaves_nothing(heard: Store) -> None:
    for more, said in (
        ({"source": "mot-cu"}, 'Did you mean "mot-cua"'), ({"kind": "dat"}, 'Did you mean "data"'),
        ({"title": "  "}, "0 characters"), ({"vendor": ""}, "the vendor has 0"),
        ({"on": "2026-11-21"}, "still to come"),
        ({"text": "x" * (faults.LONGEST + 1)}, "2001 characters"),
    ):  # fmt: skip
        with pytest.raises(FaultError, match=said):
            report(heard, **more)  # type: ignore[arg-type]
    assert standing(heard) == []
    report(heard)
    with pytest.raises(FaultError, match="kept before") as again:
        report(heard)
    assert again.value.wrong == "again"


def test_the_same_reported_at_once_is_kept_once(heard: Store) -> None:
    def tried(_: int) -> str:
        try:
            return str(report(heard))
        except FaultError as refused:
            return refused.wrong

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(tried, range(4)))
    assert sorted(told)[1:] == ["again"] * 3
    assert len(standing(heard)) == 1


def test_who_may_not_keep_or_read_the_log_does_not(heard: Store) -> None:
    number = report(heard)
    partly = Person("vanhanh-2", "Vận hành", "operator", ("Sở Xây dựng",))
    for who in (AUDITOR, HEAD, partly, Person("ct", "", "chairman", None), Person("qt", "", "administrator", None)):
        with pytest.raises(FaultError, match="may not keep"):
            report(heard, by=who, title=who.name)
        with pytest.raises(FaultError, match="may not keep"):
            act(heard, number, "mended", "2026-11-16", by=who)
        assert len(standing(heard, by=who)) == (who is AUDITOR)
        assert faults.history(heard, who).is_empty()


def test_people_are_left_out_of_what_goes_to_the_vendor(heard: Store) -> None:
    report(heard, vendor="VNPT, anh Bình 0987654321", title="Hồ sơ của Nguyễn Văn An mất ngày", text="Gọi 0912 345 678")
    (row,) = faults.listed(heard, OPERATOR, today=FRIDAY.date(), calendar=CALENDAR).to_dicts()
    assert "Nguyễn" not in row["title"]
    assert "0912" not in row["text"]
    assert row["vendor"].startswith("VNPT, ") and "0987" not in row["vendor"]


def test_the_log_is_kept_with_who_did_it_and_cannot_be_changed(heard: Store) -> None:
    act(heard, number := report(heard), "answered", "2026-11-16")
    assert audit.read(heard, act="fault").select("person", "what", "detail").rows() == [
        ("vanhanh", f"{number} mot-cua", "answered"), ("vanhanh", f"{number} mot-cua", "reported"),
    ]  # fmt: skip
    for change in (
        sa.update(software_faults).values(title="x"), sa.delete(fault_acts), sa.update(fault_acts).values(act="mended")
    ):  # fmt: skip
        with pytest.raises(StoreError, match="append-only"), writing(heard) as connection:
            connection.execute(change)
