"""Phiếu đôn đốc: numbered within the year, about dossiers of one unit, answered by it, counted per dossier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest

from config import units
from jobs import alerting
from metrics import rulebook
from metrics.scope import Scope
from store import audit, urgings
from store.database import Store
from store.people import Person
from store.urgings import UrgingError
from tests.store.alerted import ZONE, at, due, mails, put, readers

CALENDAR = rulebook.load().calendar
DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
HEAD = Person("xaydung", "Thủ trưởng", "head", ("Sở Xây dựng",))
OTHER = Person("yte", "Thủ trưởng", "head", ("Sở Y tế",))
FRIDAY, TUESDAY = at("2026-11-20"), date(2026, 11, 24)


@pytest.fixture
def late(store: Store) -> Store:
    put(store, due("2026-11-10", "A", "B"), at("2026-11-19"))
    put(store, due("2026-11-10", "Y", department="Sở Y tế"), at("2026-11-19"))
    return store


def urge(
    store: Store, *codes: str, by: Person = DIRECTOR, moment: datetime = FRIDAY, until: date = TUESDAY,
    asked: str = "Đề nghị giải quyết dứt điểm",
) -> int:  # fmt: skip
    about = [("mot-cua", code) for code in codes]
    return urgings.issue(
        store, "Sở Xây dựng", about, asked=asked, answer_by=until, by=by, at=moment,
        calendar=CALENDAR, zone=ZONE,
    )  # fmt: skip


def test_slips_are_numbered_within_the_year_and_each_dossier_knows_how_often_it_was_urged(late: Store) -> None:
    assert [urge(late, "A", "B"), urge(late, "A")] == [1, 2]
    assert urge(late, "A", moment=at("2027-01-04"), until=date(2027, 1, 6)) == 1
    assert urgings.counts(late, Scope.province()).rows() == [("mot-cua", "A", 3), ("mot-cua", "B", 1)]
    assert urgings.counts(late, OTHER.scope).is_empty()


def test_two_slips_at_once_have_two_numbers(late: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda n: urge(late, "A", asked=f"Lần {n}"), range(4)))
    assert sorted(numbers) == [1, 2, 3, 4]


def test_the_unit_answers_and_the_last_answer_holds(late: Store) -> None:
    urge(late, "A")
    urgings.answer(late, 1, 2026, text="Chờ ý kiến", by=HEAD, at=at("2026-11-23"))
    urgings.answer(late, 1, 2026, text="Đã trả kết quả", by=HEAD, at=at("2026-11-24"))
    (row,) = urgings.issued(late, HEAD.scope).to_dicts()
    assert (row["answer"], row["answered_by"], row["answer_by"]) == ("Đã trả kết quả", "xaydung", "2026-11-24")
    assert urgings.issued(late, OTHER.scope).is_empty()
    assert audit.read(late, act="urge")["detail"].to_list() == ["answered", "answered", "1 dossiers"]


def test_who_takes_a_unit_over_has_its_slips(late: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    urge(late, "A")
    register = units.load()
    merged = replace(register, handed={**register.handed, "Sở Xây dựng": (date(2026, 11, 21), "Sở Mới")})
    monkeypatch.setattr(units, "load", lambda *_: merged)
    new = Person("moi", "Thủ trưởng", "head", ("Sở Mới",))
    assert urgings.issued(late, new.scope)["department"].to_list() == ["Sở Mới"]
    assert urgings.counts(late, new.scope).rows() == [("mot-cua", "A", 1)]
    urgings.answer(late, 1, 2026, text="Đã trả kết quả", by=new, at=at("2026-11-23"))
    assert urgings.issued(late, HEAD.scope).is_empty()


def test_the_count_goes_with_a_dossier_to_another_unit_and_the_words_do_not(late: Store) -> None:
    urge(late, "A")
    urgings.answer(late, 1, 2026, text="Chờ ý kiến", by=HEAD, at=at("2026-11-20"))
    assert urgings.of_dossier(late, "mot-cua", "A", OTHER.scope).is_empty()  # not in sight
    put(late, due("2026-11-10", "A", department="Sở Y tế"), at("2026-11-21"))
    (slip,) = urgings.of_dossier(late, "mot-cua", "A", OTHER.scope).to_dicts()
    assert (slip["number"], slip["asked"], slip["answer"], slip["answered_by"]) == (1, None, None, None)
    assert urgings.state(slip, TUESDAY) == "answered", "that there is an answer is no secret"
    assert urgings.of_dossier(late, "mot-cua", "A", Scope.province())["answer"].to_list() == ["Chờ ý kiến"]


def test_a_slip_is_issued_once(late: Store) -> None:
    urge(late, "A", "B")
    with pytest.raises(UrgingError, match="issued before") as refused:
        urge(late, "B", "A")
    assert refused.value.fault == "again"
    assert urge(late, "A", "B", until=date(2026, 11, 25)) == 2


def test_a_dossier_that_only_lies_with_a_unit_is_not_for_it_to_answer(late: Store) -> None:
    put(late, due("2026-11-10", "G", department="Sở Y tế", holding_unit="Sở Xây dựng"), at("2026-11-19"))
    with pytest.raises(UrgingError, match="does not resolve"):
        urge(late, "G")


@pytest.mark.parametrize("role", ["auditor", "chairman", "administrator"])
def test_who_only_looks_answers_nothing(late: Store, role: str) -> None:
    urge(late, "A")
    with pytest.raises(UrgingError, match="may not answer"):
        urgings.answer(late, 1, 2026, text="…", by=Person("ai", "", role, None), at=FRIDAY)  # type: ignore[arg-type]


def test_what_may_not_be_is_refused(late: Store) -> None:
    with pytest.raises(UrgingError, match="does not resolve"):
        urge(late, "A", "Y")
    with pytest.raises(UrgingError, match="may not urge"):
        urge(late, "A", by=HEAD)
    with pytest.raises(UrgingError, match="may not urge"):
        urge(late, "A", by=Person("vanhanh", "", "operator", ("Sở Xây dựng",)))
    for asked in (" ", "x" * (urgings.LONGEST + 1)):
        with pytest.raises(UrgingError, match="characters"):
            urge(late, "A", asked=asked)
    for day in (FRIDAY.date(), date(2026, 11, 19)):
        with pytest.raises(UrgingError, match="no working day"):
            urge(late, "A", until=day)
    with pytest.raises(UrgingError, match="one twice"):
        urge(late, "A", "A")
    with pytest.raises(UrgingError, match="no working day"):
        urge(late, "A", until=date(2026, 11, 22))
    urge(late, "A")
    for number, by in ((1, OTHER), (9, HEAD)):
        with pytest.raises(UrgingError, match="there is none"):
            urgings.answer(late, number, 2026, text="…", by=by, at=FRIDAY)
    assert urgings.issued(late, Scope.province())["number"].to_list() == [1]


def test_a_morning_reminds_a_head_of_slips_and_the_director_of_those_past_their_day(store: Store) -> None:
    readers(store)
    put(store, due("2027-01-29", "A"), at("2026-11-19"))
    urge(store, "A", moment=at("2026-11-20", "07:00"), until=date(2026, 11, 23))
    waits = "Phiếu đôn đốc chờ đơn vị trả lời: 1"
    late = {
        "xaydung@example.vn": f"{waits}, 1 đã quá hạn trả lời; hạn sớm nhất 23/11/2026.",
        "giamdoc@example.vn": "Phiếu đôn đốc quá hạn trả lời: 1.",
    }
    for day, said in (
        ("2026-11-20", {"xaydung@example.vn": f"{waits}; hạn sớm nhất 23/11/2026."}),
        ("2026-11-24", late),
    ):
        before = len(mails(store))
        alerting.digest(store, at(day, "07:30"))
        fresh = mails(store)[before:]
        assert {to: line for to, body in fresh for line in body.splitlines() if "đôn đốc" in line} == said
