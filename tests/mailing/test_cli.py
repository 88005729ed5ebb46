"""``dunghan outbox``, and what the doctor says of mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import mail
from config.errors import ConfigError
from jobs import mail_found
from store import audit, delivery, turns
from store.database import Store
from tests.jobs.shell import Shell
from tests.mailing.conftest import NOW, Clock, letter_to, put_in
from tests.mailing.office_mail import Mailbox
from tests.mailing.test_delivery import deliver, row


@pytest.fixture
def shell(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, store.url, monkeypatch, capsys)


def test_the_list_shows_each_message_and_show_tells_all_of_one(shell: Shell, store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("sai"), letter_to("chutich"))
    box.refused["sai@minhson.example"] = "550 no such user"
    deliver(store, box)
    _, said, _ = shell("outbox", "list", "--json")
    assert [(one["about"], one["state"]) for one in json.loads(said)] == [
        ("notice", "sent"), ("report", "sent"), ("report", "refused"),
    ]  # fmt: skip
    _, said, _ = shell("outbox", "list", "--state", "refused")
    assert "sai@minhson.example" in said
    assert "chutich" not in said
    refused = row(store, "report/45/sai")
    _, said, _ = shell("outbox", "show", str(refused["id"]))
    assert f"message_id: {refused['message_id']}" in said
    assert "reply: 550 no such user" in said


def test_a_person_sends_again_and_it_is_kept_who(shell: Shell, store: Store, box: Mailbox) -> None:
    put_in(store, letter_to("chutich"))
    letter = delivery.take(store, ["mail"], at=NOW)
    assert letter is not None
    assert delivery.about_to_send(store, letter)
    deliver(store, box)
    status, said, _ = shell("outbox", "retry", str(letter.id), "--by", "lan.nt")
    assert (status, "waits to be sent again" in said) == (0, True)
    assert deliver(store, box) == {"sent": 1}
    (kept,) = audit.read(store, what=f"outbox {letter.id}").to_dicts()
    assert (kept["person"], kept["detail"]) == ("lan.nt", "send again; was unknown")
    status, _, said = shell("outbox", "give-up", str(letter.id), "--by", "lan.nt")
    assert (status, "it is sent" in said) == (3, True)


def test_a_message_that_waits_for_its_next_attempt_goes_at_once_when_a_person_says_so(
    shell: Shell, store: Store, box: Mailbox
) -> None:
    put_in(store, letter_to("chutich"))
    box.refused["chutich@minhson.example"] = "451 later"
    assert deliver(store, box, Clock()) == {"later": 1}
    box.refused.clear()
    assert deliver(store, box, Clock()) == {}  # its time has not come
    waits = row(store, "report/45/chutich")
    _, said, _ = shell("outbox", "list")
    assert f"{waits['next_at']:%Y-%m-%d %H:%M}" in said
    assert shell("outbox", "retry", str(waits["id"]), "--by", "lan.nt")[0] == 0
    assert deliver(store, box, Clock()) == {"sent": 1}
    assert len(box.came) == 1


def test_a_state_that_is_none_is_named_with_the_nearest(shell: Shell) -> None:
    status, _, said = shell("outbox", "list", "--state", "sen")
    assert status == 3
    assert 'Did you mean "sent"?' in " ".join(said.split())


def found(store: Store, now: datetime = NOW) -> list[tuple[str, str, str]]:
    return [(what, verdict, said) for what, verdict, said, _ in mail_found.looked_at(store, now)]


def set_up(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    told = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "FROM": "baocao@minhson.example"}
    for name, value in told.items():
        monkeypatch.setenv(f"DUNGHAN_SMTP_{name}", value)


def test_the_doctor_says_whether_the_server_lets_us_in(
    store: Store, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, box.port)
    assert found(store) == [("mail", "ok", f"127.0.0.1:{box.port} lets us in")]
    set_up(monkeypatch, 1)
    ((what, verdict, said),) = found(store)
    assert (what, verdict) == ("mail", "wrong")
    assert "refused" in said.lower()


def test_the_doctor_names_what_waits_and_what_a_person_has_to_decide(
    store: Store, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUNGHAN_SMTP_FROM")
    assert found(store) == [("mail", "ok", "not set up: reports and alerts stay on the pages")]
    put_in(store, letter_to("a"), letter_to("b"))
    assert found(store) == [("mail", "look", "not set up; 2 messages wait")]
    box.cut = "kept"
    set_up(monkeypatch, box.port)
    deliver(store, box, Clock())
    box.cut = ""
    said = found(store, NOW + timedelta(hours=2))
    assert ("outbox", "wrong", "4 unknown") in said  # the two, and the notices of them


def test_the_doctor_names_a_turn_that_failed_and_a_clock_that_was_set_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUNGHAN_SMTP_FROM")
    turns.plan(store, "reports", NOW)
    assert turns.claim(store, "reports", NOW, NOW, then=NOW + timedelta(days=1), at=NOW)
    turns.ended(store, "reports", "failed", "locked.", at=NOW)
    assert ('turn "reports"', "wrong", "locked.") in found(store, NOW)
    ((_, verdict, said),) = [one for one in found(store, NOW - timedelta(days=1)) if "still to come" in one[2]]
    assert verdict == "wrong"
    assert str(datetime(2018, 11, 9, tzinfo=UTC).date()) in said


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"HOST": "mail.example"}, "DUNGHAN_SMTP_FROM"),
        ({"FROM": "a@b.example"}, "DUNGHAN_SMTP_HOST"),
        ({"HOST": "mail.example", "FROM": "no address"}, "DUNGHAN_SMTP_FROM"),
        ({"HOST": "mail.example", "FROM": "a@b.example", "PORT": "x"}, "DUNGHAN_SMTP_PORT"),
        ({"HOST": "mail.example", "FROM": "a@b.example", "SECURITY": "ssl"}, "DUNGHAN_SMTP_SECURITY"),
        ({"HOST": "mail.example", "FROM": "a@b.example", "USER": "a"}, "DUNGHAN_SMTP_PASSWORD"),
        ({"HOST": "mail.example", "FROM": "a@b.example", "USER": "a", "PASSWORD": "b", "SECURITY": "none"},
         "DUNGHAN_SMTP_SECURITY"),
    ],
)  # fmt: skip
def test_half_a_server_and_a_password_in_the_clear_are_refused(
    told: dict[str, str], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUNGHAN_SMTP_FROM")
    for name, value in told.items():
        monkeypatch.setenv(f"DUNGHAN_SMTP_{name}", value)
    with pytest.raises(ConfigError) as wrong:
        mail.server()
    assert wrong.value.place == place
