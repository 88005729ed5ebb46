"""The outbox, delivered: once each, later when it must be later, and to the operator what nobody can know."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from jobs import mailing
from store import delivery, outbox
from store.backup import backup, opened
from store.database import Store, locked, open_store, writing
from store.delivery import Ended
from store.outgoing_tables import editions, papers
from store.restoring import restore
from tests.mailing.conftest import NOW, OPERATOR, Clock, letter_to, put_in
from tests.mailing.office_mail import Mailbox, server_at


def deliver(store: Store, box: Mailbox, clock: Clock | None = None, **more: Any) -> dict[str, int]:
    carrier = partial(mailing._by_mail, server_at(box, **more))
    return dict(mailing.deliver(store, {"mail": carrier}, clock=clock or Clock()))


def states(store: Store) -> dict[str, str]:
    return {row["key"]: row["state"] for row in outbox.listed(store)}


def row(store: Store, key: str) -> dict[str, Any]:
    return next(told for told in outbox.listed(store) if told["key"] == key)


def test_what_was_put_in_twice_is_sent_once(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    with writing(store) as connection:
        assert not outbox.put(connection, letter_to("chutich", subject="Khác"), at=NOW)
    assert deliver(store, box) == {"sent": 1}
    assert deliver(store, box) == {}
    told = row(store, "report/45/chutich")
    assert box.copies == {(told["message_id"], "chutich@minhson.example"): 1}
    assert (told["state"], told["attempts"], told["reply"]) == ("sent", 1, "250 OK queued")


def test_one_who_is_refused_holds_nobody_else_and_goes_to_the_operator(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("sai"), letter_to("chutich"))
    box.refused["sai@minhson.example"] = "550 no such user"
    assert deliver(store, box) == {"refused": 1, "sent": 2}  # the second one sent is the notice
    assert states(store)["report/45/sai"] == "refused"
    assert sorted(to for to, _ in box.came) == ["chutich@minhson.example", OPERATOR]
    (told,) = [told for to, told in box.came if to == OPERATOR]
    body = told.get_body(("plain",))
    assert body is not None
    assert "bị từ chối" in body.get_content()
    assert row(store, "report/45/sai")["message_id"] in body.get_content()
    assert "sai@minhson.example" not in body.get_content()
    assert deliver(store, box) == {}


def test_a_notice_that_is_refused_makes_no_notice(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("sai"))
    box.refused = {"sai@minhson.example": "550 no", OPERATOR: "550 no"}
    assert deliver(store, box) == {"refused": 2}
    assert outbox.standing(store).states == {"refused": 2}


def test_later_is_tried_again_when_it_is_time_and_given_up_in_the_end(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    box.refused["chutich@minhson.example"], clock = "450 busy", Clock()
    assert deliver(store, box, clock) == {"later": 1}
    assert row(store, "report/45/chutich")["next_at"] == NOW + timedelta(minutes=1)
    clock.passes(seconds=59)
    assert deliver(store, box, clock) == {}
    clock.passes(seconds=1)
    assert deliver(store, box, clock) == {"later": 1}
    clock.passes(minutes=5)
    assert deliver(store, box, clock) == {"later": 1, "sent": 1}  # the last attempt, and word of it
    assert row(store, "report/45/chutich")["state"] == "given_up"
    assert [to for to, _ in box.came] == [OPERATOR]


def test_a_letter_that_was_tried_by_a_clock_far_ahead_does_not_wait_for_that_day(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    box.refused["chutich@minhson.example"], clock = "450 busy", Clock()
    clock.passes(days=400)
    assert deliver(store, box, clock) == {"later": 1}
    box.refused.clear()
    assert deliver(store, box, Clock()) == {"sent": 1}


def test_a_server_that_is_away_costs_one_letter_an_attempt_and_the_others_wait(store: Store) -> None:
    put_in(store, letter_to("a"), letter_to("b"))
    assert deliver(store, Mailbox(port=1)) == {"later": 1}
    assert [row(store, f"report/45/{name}")["attempts"] for name in "ab"] == [1, 0]


def test_cut_after_data_is_unknown_and_only_a_person_sends_it_again(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    box.cut, clock = "kept", Clock()
    assert deliver(store, box, clock)["unknown"] >= 1
    box.cut = ""
    for _ in range(3):
        clock.passes(days=1)
        deliver(store, box, clock)
    told = row(store, "report/45/chutich")
    assert told["state"] == "unknown"
    assert box.copies[told["message_id"], "chutich@minhson.example"] == 1
    assert any(to == OPERATOR for to, _ in box.came)
    delivery.send_again(store, told["id"], by="quantri", at=clock())
    assert deliver(store, box, clock) == {"sent": 1}
    assert row(store, "report/45/chutich")["state"] == "sent"


def test_a_process_that_died_before_the_message_began_leaves_it_to_the_next(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    assert delivery.take(store, ["mail"], at=NOW) is not None
    assert deliver(store, box) == {"again": 1, "sent": 1}
    assert row(store, "report/45/chutich")["attempts"] == 2


def test_a_process_that_died_in_the_middle_leaves_it_unknown_with_one_notice(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    letter = delivery.take(store, ["mail"], at=NOW)
    assert letter is not None
    assert delivery.about_to_send(store, letter)
    assert deliver(store, box) == {"unknown": 1, "sent": 1}
    assert [to for to, _ in box.came] == [OPERATOR]
    assert deliver(store, box) == {}


def test_whoever_was_thought_dead_sends_nothing_and_changes_nothing(store: Store) -> None:
    put_in(store, letter_to("chutich"))
    old = delivery.take(store, ["mail"], at=NOW)
    assert old is not None
    quiet = mailing.notices_to([])
    assert delivery.cut_off(store, at=NOW, notices=quiet) == (1, 0)
    assert not delivery.about_to_send(store, old)
    new = delivery.take(store, ["mail"], at=NOW)
    assert new is not None
    assert not delivery.about_to_send(store, old)
    assert delivery.about_to_send(store, new)
    assert not delivery.ended(store, old, Ended("refused", "550"), at=NOW, notices=quiet)
    assert delivery.ended(store, new, Ended("sent", "250"), at=NOW, notices=quiet)
    assert row(store, "report/45/chutich")["state"] == "sent"


def test_a_certain_answer_that_comes_late_puts_right_what_was_unknown(store: Store) -> None:
    put_in(store, letter_to("a"), letter_to("b"))
    quiet = mailing.notices_to([])
    letters = [delivery.take(store, ["mail"], at=NOW) for _ in range(2)]
    assert all(letter is not None and delivery.about_to_send(store, letter) for letter in letters)
    assert delivery.cut_off(store, at=NOW, notices=quiet) == (0, 2)
    a, b = letters
    assert a is not None
    assert b is not None
    assert delivery.ended(store, a, Ended("sent", "250"), at=NOW, notices=quiet)
    assert not delivery.ended(store, b, Ended("waiting", "451"), at=NOW, notices=quiet)
    assert states(store) == {"report/45/a": "sent", "report/45/b": "unknown"}


def test_while_somebody_delivers_nobody_else_does(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    with locked(store, delivery.LOCK):
        assert deliver(store, box) == {}
    assert deliver(store, box) == {"sent": 1}


def test_what_is_for_a_channel_that_is_not_set_up_waits(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich", channel="zalo"))
    assert deliver(store, box) == {}
    assert states(store) == {"report/45/chutich": "waiting"}


def issued_report(store: Store, sha256: str) -> int:
    content = b"%PDF"
    with writing(store) as connection:
        told = {"kind": "friday", "department": "", "period_start": "2018-11-02", "period_end": "2018-11-08",
                "issue_on": "2018-11-09", "state": "issued", "claimed_at": NOW}  # fmt: skip
        (id_,) = connection.execute(sa.insert(editions).values(told).returning(editions.c.id)).one()
        paper = {"edition_id": id_, "form": "pdf", "name": "bao-cao.pdf", "sha256": sha256}
        connection.execute(sa.insert(papers).values(paper | {"content": base64.b64encode(content).decode()}))
    return int(id_)


def test_the_report_goes_with_the_letter_as_it_was_issued(store: Store, box: Mailbox) -> None:
    edition = issued_report(store, hashlib.sha256(b"%PDF").hexdigest())
    put_in(store, letter_to("chutich", edition_id=edition, attached=("pdf",)))
    assert deliver(store, box) == {"sent": 1}
    (part,) = box.came[0][1].iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("bao-cao.pdf", b"%PDF")


@pytest.mark.parametrize("attached", [("pdf",), ("xlsx",)])
def test_a_paper_that_is_missing_or_not_what_was_issued_is_not_sent(
    store: Store, box: Mailbox, attached: tuple[str, ...]
) -> None:
    edition = issued_report(store, "0" * 64)
    put_in(store, letter_to("chutich", edition_id=edition, attached=attached))
    assert deliver(store, box) == {"refused": 1, "sent": 1}
    assert [to for to, _ in box.came] == [OPERATOR]


def test_a_person_ends_what_waits_and_cannot_touch_what_was_sent(store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("a"), letter_to("b"))
    delivery.give_up(store, row(store, "report/45/a")["id"], by="quantri", at=NOW)
    assert deliver(store, box) == {"sent": 1}
    for decide in (delivery.give_up, delivery.send_again):
        with pytest.raises(StoreError, match="it is sent"):
            decide(store, row(store, "report/45/b")["id"], by="quantri", at=NOW)
        with pytest.raises(StoreError, match="none of this number"):
            decide(store, 999, by="quantri", at=NOW)
    assert states(store) == {"report/45/a": "given_up", "report/45/b": "sent"}


def test_what_waited_when_a_backup_was_made_may_have_gone_out_since(store: Store, box: Mailbox, tmp_path: Path) -> None:
    put_in(store, letter_to("a"), letter_to("b"))
    letter = delivery.take(store, ["mail"], at=NOW)
    assert letter is not None
    backup(store, tmp_path / "b.zip", made_at=NOW)
    assert deliver(store, box) == {"again": 1, "sent": 2}
    restore(open_store(f"sqlite:///{tmp_path / 'again.db'}"), opened(tmp_path / "b.zip"), replace=False, at=NOW)
    again = open_store(f"sqlite:///{tmp_path / 'again.db'}")
    assert deliver(again, box) == {}
    assert states(again) == {"report/45/a": "unknown", "report/45/b": "unknown"}
    assert set(box.copies.values()) == {1}
    again.engine.dispose()
