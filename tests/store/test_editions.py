"""The life of a report on both engines: claimed once, approved by who may, issued once under one number."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.scope import Scope
from store import audit, editions, issued
from store.database import Store, reading
from store.editions import Claim, Draft, EditionError, Paper, Printed
from store.outbox import Message
from store.people import Person
from store.tables import edition_acts, papers
from store.tables import outbox as letters
from tests.store.test_ingest import NOON

DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
OPERATOR = Person("vanhanh", "Vận hành", "operator", None)
HEAD = Person("truong", "Trưởng", "head", ("Sở Y tế",))
PROVINCE = Scope.province()
WEEK = Claim("friday", "", date(2026, 11, 13), date(2026, 11, 19), date(2026, 11, 20))
SHEET = Claim("friday", "Sở Y tế", WEEK.start, WEEK.end, WEEK.issue_on)
NOTE = {"code": "report_unbalanced", "values": {}}
BROKEN = {"code": "report_seal", "values": {}}


def content(sha: str = "a" * 64) -> dict[str, Any]:
    return {"edition": {"issued_on": "2026-11-20"}, "seal": {"content_sha256": sha}}


def drafted(store: Store, wanted: Claim = WEEK, *, held: bool = False) -> int:
    mine = editions.claim(store, wanted, at=NOON)
    assert mine is not None
    assert editions.drafted(store, mine, Draft(content(), "v1", 7), [NOTE] if held else [], at=NOON)
    return mine


def pages(word: str = "bản in") -> list[Paper]:
    return [Paper("json", "a.json", json.dumps(content()).encode()), Paper("pdf", "a.pdf", word.encode())]


def issue(store: Store, edition: int, printed: Printed, word: str = "bản in") -> bool:
    told = Message(f"report:{edition}:a@b.vn", "report", "mail", "a@b.vn", "Báo cáo", "…", edition_id=edition)
    return editions.issue(store, edition, printed, pages(word), at=NOON, mail=[told])


def mark(store: Store, edition: int) -> str:
    found = issued.edition(store, edition, PROVINCE)
    assert found is not None
    return found.mark


def acts(store: Store, edition: int) -> list[str]:
    return issued.acts(store, edition, PROVINCE)["act"].to_list()


def test_a_report_is_claimed_once_and_goes_its_way(store: Store) -> None:
    mine = drafted(store)
    assert editions.claim(store, WEEK, at=NOON) is None
    editions.remark(store, mine, " Đã rà soát. ", by=DIRECTOR, at=NOON)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert issue(store, mine, Printed(1, 2026, remark="Đã rà soát."))
    found = issued.edition(store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.number, found.year, found.draft) == ("issued", 1, 2026, None)
    assert acts(store, mine) == ["claimed", "drafted", "remarked", "approved", "issued"]
    kept = issued.paper(store, mine, "pdf", PROVINCE)
    assert kept is not None
    assert kept.content == "bản in".encode()
    assert issued.hashes(store, mine, PROVINCE)["pdf"] == kept.sha256
    assert audit.read(store, person="giamdoc")["detail"].to_list() == ["approved", "remarked Đã rà soát."]


def test_issued_twice_is_issued_once(store: Store) -> None:
    mine = drafted(store)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert issue(store, mine, Printed(1, 2026))
    assert not issue(store, mine, Printed(2, 2026), "một bản khác")
    with reading(store) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(papers)) == 2
        assert connection.scalar(sa.select(sa.func.count()).select_from(letters)) == 1


def test_two_workers_at_once_make_one_report_one_number_and_one_mail(store: Store) -> None:
    with ThreadPoolExecutor(8) as workers:
        claims = list(workers.map(lambda _: editions.claim(store, WEEK, at=NOON), range(8)))
        (mine,) = [found for found in claims if found is not None]
        draft = Draft(content(), "v1", 7)
        drafts = list(workers.map(lambda _: editions.drafted(store, mine, draft, [], at=NOON), range(8)))
        editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
        ended = list(workers.map(lambda _: issue(store, mine, Printed(1, 2026)), range(8)))
    assert (sum(drafts), sum(ended)) == (1, 1)
    with reading(store) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(letters)) == 1
        issuing = sa.select(sa.func.count()).where(edition_acts.c.act == "issued")
        assert connection.scalar(issuing) == 1


def test_reports_are_numbered_one_after_the_other_whatever_their_kind(store: Store) -> None:
    kinds = [Claim(kind, "", WEEK.start, WEEK.end, WEEK.issue_on) for kind in ("friday", "month", "quarter", "year")]
    mine = [drafted(store, wanted) for wanted in kinds]
    for each in mine:
        editions.approve(store, each, by=DIRECTOR, at=NOON, read=mark(store, each))

    def printing(each: int) -> int:
        for _ in range(50):
            number = editions.next_number(store, 2026)
            if issue(store, each, Printed(number, 2026)):
                return number
        raise AssertionError("never issued")

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(printing, mine)) == [1, 2, 3, 4]
    assert editions.next_number(store, 2027) == 1


def test_what_was_written_after_it_was_printed_is_not_lost(store: Store) -> None:
    mine = drafted(store)
    editions.remark(store, mine, "Thêm một ý.", by=DIRECTOR, at=NOON)
    assert not issue(store, mine, Printed(1, 2026, alone=True))
    assert issue(store, mine, Printed(1, 2026, remark="Thêm một ý.", alone=True))


def test_a_draft_that_nobody_approved_stays_where_a_director_is_asked(store: Store) -> None:
    mine = drafted(store)
    assert not issue(store, mine, Printed(1, 2026))
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    editions.remark(store, mine, "Khoan.", by=DIRECTOR, at=NOON)  # whoever remarks has not approved what is new
    assert not issue(store, mine, Printed(1, 2026, remark="Khoan."))


def test_only_a_director_approves_and_only_what_was_read(store: Store) -> None:
    mine = drafted(store)
    for stranger in (HEAD, OPERATOR, Person("lanhdao", "", "chairman", None)):
        with pytest.raises(EditionError, match="may not do that"):
            editions.approve(store, mine, by=stranger, at=NOON, read=mark(store, mine))
        with pytest.raises(EditionError, match="may not do that"):
            editions.remark(store, mine, "x", by=stranger, at=NOON)
    with pytest.raises(EditionError, match="drafted anew"):
        editions.approve(store, mine, by=DIRECTOR, at=NOON, read="0" * 12)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert acts(store, mine) == ["claimed", "drafted", "approved"]


def test_a_held_report_is_sent_only_with_a_caveat(store: Store) -> None:
    mine = drafted(store, held=True)
    with pytest.raises(EditionError, match="no longer in that state"):
        editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    with pytest.raises(EditionError, match="Write the caveat"):
        editions.force(store, mine, "  ", by=OPERATOR, at=NOON, read=mark(store, mine))
    with pytest.raises(EditionError, match="may not do that"):
        editions.force(store, mine, "x", by=HEAD, at=NOON, read=mark(store, mine))
    editions.force(store, mine, "Lãnh đạo yêu cầu gửi.", by=OPERATOR, at=NOON, read=mark(store, mine))
    assert not issue(store, mine, Printed(1, 2026))
    assert issue(store, mine, Printed(1, 2026, caveat="Lãnh đạo yêu cầu gửi."))
    assert acts(store, mine) == ["claimed", "held", "forced", "issued"]


def test_a_remark_takes_back_that_a_report_is_sent_by_force(store: Store) -> None:
    mine = drafted(store, held=True)
    editions.force(store, mine, "Nguồn A chậm.", by=OPERATOR, at=NOON, read=mark(store, mine))
    editions.remark(store, mine, "Khoan.", by=DIRECTOR, at=NOON)
    with pytest.raises(EditionError, match="no longer in that state"):
        editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert not issue(store, mine, Printed(1, 2026, remark="Khoan.", alone=True))
    one = issued.edition(store, mine, Scope.province())
    assert one is not None
    assert (one.state, one.caveat) == ("held", None)


@pytest.mark.parametrize(
    ("sha", "notes"), [("b" * 64, [NOTE]), ("a" * 64, [BROKEN]), ("a" * 64, [NOTE, BROKEN])]
)  # fmt: skip
def test_of_a_held_report_only_the_draft_and_the_reasons_that_were_read_are_sent(
    store: Store, sha: str, notes: list[dict[str, Any]]
) -> None:
    mine = drafted(store, held=True)
    read = mark(store, mine)
    assert editions.drafted(store, mine, Draft(content(sha), "v2", 9), notes, at=NOON)
    for stale in (read, ""):
        with pytest.raises(EditionError, match="not what was read"):
            editions.force(store, mine, "Gửi.", by=DIRECTOR, at=NOON, read=stale)
    editions.force(store, mine, "Gửi.", by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert acts(store, mine)[-1] == "forced"


def test_a_caveat_goes_with_the_reasons_it_was_written_for(store: Store) -> None:
    mine = drafted(store, held=True)
    editions.force(store, mine, "Nguồn A chậm.", by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert editions.hold(store, mine, [BROKEN], at=NOON)
    for draft, notes in ((None, [BROKEN]), (Draft(content(), "v2", 9), [])):
        found = issued.edition(store, mine, PROVINCE)
        assert found is not None
        assert (found.state, found.caveat) == ("held", None)
        assert editions.drafted(store, mine, draft, notes, at=NOON)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert issue(store, mine, Printed(1, 2026))  # without any caveat


def test_a_caveat_of_a_time_before_it_went_by_itself_goes_when_it_is_drafted_anew(store: Store) -> None:
    mine = drafted(store, held=True)
    with store.engine.begin() as bare:
        bare.execute(sa.text("UPDATE editions SET caveat = 'Nguồn A chậm.'"))
    assert editions.drafted(store, mine, Draft(content(), "v2", 9), [], at=NOON)
    found = issued.edition(store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.caveat) == ("draft", None)


def test_a_held_report_is_looked_at_again_without_saying_the_same_twice(store: Store) -> None:
    mine = drafted(store, held=True)
    later = NOON + timedelta(hours=1)
    assert editions.drafted(store, mine, None, [NOTE], at=later)
    with pytest.raises(EditionError, match=r"form II\.06 does not balance; there is nothing to send"):
        editions.force(store, mine, "", by=DIRECTOR, at=later, read=mark(store, mine))
    assert editions.drafted(store, mine, Draft(content(), "v2", 9), [], at=later)
    assert not editions.drafted(store, mine, Draft(content(), "v3", 9), [], at=later)  # it may have been read by now
    assert acts(store, mine) == ["claimed", "held", "drafted"]
    found = issued.edition(store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.data_version, found.held) == ("draft", "v2", ())


def test_a_head_reads_the_own_sheet_and_no_other_report(store: Store) -> None:
    whole, own = drafted(store), drafted(store, SHEET)
    for each, number in ((whole, 1), (own, 2)):
        editions.approve(store, each, by=DIRECTOR, at=NOON, read=mark(store, each))
        assert issue(store, each, Printed(number, 2026))
    for scope, seen in ((HEAD.scope, [own]), (Scope.of("Sở Tư pháp"), []), (Scope.of(), []), (PROVINCE, [whole, own])):
        assert sorted(each.id for each in issued.editions_of(store, scope)) == seen
        for each, number in ((whole, 1), (own, 2)):
            told = [
                issued.edition(store, each, scope), issued.numbered(store, number, 2026, scope),
                issued.paper(store, each, "pdf", scope), issued.hashes(store, each, scope),
                issued.acts(store, each, scope).height,
            ]  # fmt: skip
            assert [bool(found) for found in told] == [each in seen] * 5


def test_papers_and_acts_of_a_report_never_change(store: Store) -> None:
    mine = drafted(store)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert issue(store, mine, Printed(1, 2026))
    for table in ("papers", "edition_acts"):
        for change in (f"UPDATE {table} SET edition_id = edition_id", f"DELETE FROM {table}"):
            with pytest.raises((sa.exc.DatabaseError, StoreError), match="append-only"), store.engine.begin() as bare:
                bare.execute(sa.text(change))


CHANGES = (
    "UPDATE editions SET number = 99", "UPDATE editions SET state = 'held', issued_at = NULL", "DELETE FROM editions",
    "UPDATE editions SET remark = remark WHERE state = 'issued'",
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_row_of_an_issued_report_never_changes_and_others_go_on(store: Store, change: str) -> None:
    mine, other = drafted(store), drafted(store, SHEET)
    editions.approve(store, mine, by=DIRECTOR, at=NOON, read=mark(store, mine))
    assert issue(store, mine, Printed(1, 2026))
    before = issued.edition(store, mine, PROVINCE)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), store.engine.begin() as bare:
        bare.execute(sa.text(change))
    assert issued.edition(store, mine, PROVINCE) == before
    editions.approve(store, other, by=DIRECTOR, at=NOON, read=mark(store, other))
