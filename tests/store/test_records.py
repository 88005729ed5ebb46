"""What people record beside a dossier: kept for ever with who and when, the last holds, and only those who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
import sqlalchemy as sa

from config import causes
from config.errors import StoreError
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.scope import Scope
from store import audit, recorded, records, snapshot, tables
from store.database import Store, writing
from store.people import Person
from store.records import Cause, Kind, Letter, RecordError, Why, Words
from store.verifying import verify
from tests.store.test_ingest import HCM, NOON, load, rows

CALENDAR = rulebook.load().calendar
EVERYTHING = Scope.province()
HEAD = Person("truongphong", "Chánh Văn phòng", "head", ("Sở Xây dựng",))
DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
LETTER = Letter("12/XL-SXD", FRIDAY, MONDAY)
LONG = "đ" * records.LONGEST_TEXT


def keep(store: Store, entry: records.Entry, *, by: Person = HEAD, code: str = "A", at: datetime = NOON) -> None:
    records.record(store, HCM.name, code, entry, by=by, at=at, calendar=CALENDAR)


@pytest.fixture
def filled(store: Store) -> Store:
    """A of the Sở Xây dựng, due the same Friday; B of the Sở Y tế; C of nobody; D of the Sở Xây dựng, closed."""
    load(store, rows("A", due_at=NOON))
    load(store, rows("B", department="Sở Y tế"))
    load(store, rows("C", department=None))
    load(store, rows("D", status="resolved", resolved_at=NOON - timedelta(hours=1)))
    return store


def why(store: Store, entry: records.Entry, *, by: Person = HEAD, code: str = "A") -> Why:
    with pytest.raises(RecordError) as refused:
        keep(store, entry, by=by, code=code)
    return refused.value.why


def test_everything_recorded_is_kept_and_read_newest_first(filled: Store) -> None:
    keep(filled, Cause("T02"))
    keep(filled, Cause("T99", "  Chờ họp liên ngành  "), by=DIRECTOR, at=NOON + timedelta(minutes=1))
    keep(filled, Words(Kind.ANSWER, "Đã trả lời qua điện thoại"), at=NOON + timedelta(minutes=2))
    keep(filled, LETTER, at=NOON + timedelta(minutes=3))
    told = recorded.of_dossier(filled, HCM.name, "A", HEAD.scope)
    assert told.select("kind", "cause", "text", "number", "recorded_by").rows() == [
        ("letter", None, None, "12/XL-SXD", "truongphong"),
        ("answer", None, "Đã trả lời qua điện thoại", None, "truongphong"),
        ("cause", "T99", "Chờ họp liên ngành", None, "giamdoc"),
        ("cause", "T02", None, None, "truongphong"),
    ]
    midnight = datetime(2026, 11, 22, 17, tzinfo=NOON.tzinfo)  # of Monday 23/11 at the source, in UTC
    assert told["due_at"][0] == midnight
    assert told["recorded_at"].to_list()[-1] == NOON
    assert verify(filled) == ()


def test_the_last_of_each_kind_stands_beside_a_list_also_as_known_before(filled: Store) -> None:
    keep(filled, Cause("T02"))
    keep(filled, Cause("T05", "Nghỉ thai sản"), at=NOON + timedelta(hours=1))
    keep(filled, Words(Kind.NOTE, "Gọi lại thứ Hai"), at=NOON + timedelta(hours=2))
    keep(filled, LETTER, at=NOON + timedelta(hours=3))
    listed = pl.DataFrame({"source": [HCM.name] * 2, "code": ["B", "A"]})
    told = (
        recorded.beside(listed, recorded.last(filled, Scope.province()))
        .select("code", "cause", "cause_note", "answer", "letter_number")
        .rows()
    )
    assert told == [("B", None, None, None, None), ("A", "T05", "Nghỉ thai sản", None, "12/XL-SXD")]
    then = recorded.beside(listed, recorded.last(filled, Scope.province(), NOON))
    assert then.select("cause", "letter_number").rows() == [(None, None), ("T02", None)]


def test_nothing_recorded_is_changed_or_taken_back(filled: Store) -> None:
    keep(filled, Cause("T02"))
    table = tables.records
    for change in (sa.delete(table), sa.update(table).values(cause="T01")):
        with pytest.raises(StoreError, match="what was recorded is append-only"), writing(filled) as connection:
            connection.execute(change)


def test_a_record_written_past_the_seals_is_told(filled: Store) -> None:
    keep(filled, Cause("T02"))
    forged = {"source": HCM.name, "code": "A", "kind": "cause", "cause": "T01", "recorded_by": "x", "recorded_at": NOON}
    with writing(filled) as connection:
        connection.execute(sa.insert(tables.records).values(forged))
    assert [found for found in verify(filled) if "records: 1 entries at its end are of no seal" in found]


def test_a_head_records_for_the_own_unit_alone_and_learns_nothing_of_others(filled: Store) -> None:
    missing = why(filled, Cause("T02"), code="B"), why(filled, Cause("T02"), code="C"), why(filled, LETTER, code="Z")
    assert missing == (Why.NOBODY,) * 3
    said = []
    for code in ("B", "Z"):
        with pytest.raises(RecordError) as refused:
            keep(filled, Cause("T02"), code=code)
        said.append(str(refused.value).replace(code, "?"))
    assert said[0] == said[1]
    keep(filled, Cause("T02"), by=DIRECTOR, code="B")
    keep(filled, Cause("T02"), by=DIRECTOR, code="C")
    assert recorded.of_dossier(filled, HCM.name, "B", HEAD.scope).is_empty()
    assert recorded.of_dossier(filled, HCM.name, "B", EVERYTHING).height == 1


@pytest.mark.parametrize("role", ["chairman", "auditor", "administrator"])
def test_who_only_reads_records_nothing(filled: Store, role: str) -> None:
    reader = replace(DIRECTOR, role=role)  # type: ignore[arg-type]
    for entry in (Cause("T02"), Words(Kind.NOTE, "x"), LETTER):
        assert why(filled, entry, by=reader) is Why.NOBODY
    assert recorded.newest(filled, Scope.province()) == 0
    assert audit.read(filled).is_empty()


def test_the_rules_of_each_kind(filled: Store) -> None:
    assert why(filled, Cause("")) is Why.NO_CAUSE
    assert why(filled, Cause("N02")) is Why.NO_CAUSE  # of the other list
    assert why(filled, Cause("T99", " ")) is Why.NEEDS_NOTE
    assert why(filled, Words(Kind.ANSWER, " \n ")) is Why.NO_TEXT
    assert why(filled, Words(Kind.NOTE, LONG + "đ")) is Why.TOO_LONG
    assert why(filled, replace(LETTER, number="  ")) is Why.NO_NUMBER
    assert why(filled, replace(LETTER, number="1" * 61)) is Why.TOO_LONG
    assert why(filled, replace(LETTER, issued_on=FRIDAY + timedelta(days=1))) is Why.ISSUED_LATER
    assert why(filled, replace(LETTER, issued_on=date(2026, 1, 1))) is Why.ISSUED_EARLY
    for day in (FRIDAY, date(2026, 11, 21), date(2026, 11, 22), date(2027, 1, 1), date(2205, 11, 23)):
        assert why(filled, replace(LETTER, due_on=day)) is Why.DUE, day
    assert why(filled, LETTER, code="D") is Why.CLOSED
    assert recorded.newest(filled, Scope.province()) == 0
    keep(filled, Cause("T02"), code="D")  # why a closed one was late may still be said


def test_the_longest_and_the_strangest_text_is_kept_as_it_was_written(filled: Store) -> None:
    hostile = "<script>alert(1)</script> =cmd|' /C calc'!A0 [x](javascript:1) \N{RIGHT-TO-LEFT OVERRIDE}abc\x00\x1b[31m"
    keep(filled, Words(Kind.NOTE, LONG))
    keep(filled, Words(Kind.ANSWER, hostile))
    kept = recorded.of_dossier(filled, HCM.name, "A", EVERYTHING)["text"].to_list()
    assert kept == ["<script>alert(1)</script> =cmd|' /C calc'!A0 [x](javascript:1) abc[31m", LONG]


def test_a_record_and_its_entry_in_the_log_stand_together(filled: Store) -> None:
    keep(filled, Cause("T02"))
    keep(filled, LETTER, by=DIRECTOR)
    assert audit.read(filled).select("person", "act", "what", "detail").rows() == [
        ("giamdoc", "record", f"{HCM.name} A", "letter 12/XL-SXD"),
        ("truongphong", "record", f"{HCM.name} A", "cause T02"),
    ]


def test_a_letter_moves_the_figures_of_its_month_and_nothing_else_recorded_does(filled: Store) -> None:
    before = rebuild(filled)
    keep(filled, Cause("T02"))
    keep(filled, Words(Kind.NOTE, "x"))
    assert rebuild(filled).data_version == before.data_version
    keep(filled, LETTER)
    after = rebuild(filled)
    assert after.data_version != before.data_version
    (letters,) = snapshot.facts(filled, after).filter(pl.col("code") == "A").collect()["letters"].to_list()
    assert letters == [{"on": FRIDAY, "due_on": MONDAY, "letter": "12/XL-SXD", "valid": False}]  # on its due day: late
    assert rebuild(filled) == after


def test_every_cause_of_the_list_has_a_code_of_its_own_list() -> None:
    assert {code[0] for code in causes.lateness()} == {"T"}
    assert not causes.lateness().keys() & causes.load().keys()
