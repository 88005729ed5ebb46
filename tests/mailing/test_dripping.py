"""A server that answers without end is given up in time, and what was certain before stays certain."""

from __future__ import annotations

import smtplib
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from connectors import smtp, smtp_clock
from connectors.smtp import Answer
from tests.mailing.dripping import DRIPS_SECONDS, Dripping, dripping
from tests.mailing.office_mail import Mailbox, certified, server_at

TO = "chutich@minhson.example"
LINES, LETTERS = b"250-wait\r\n", b"2"


def posted(server: Dripping, body: str = "Kính gửi", **more: Any) -> tuple[Answer, float]:
    """Send a letter; gives the answer and the seconds it took."""
    message = EmailMessage(policy=SMTP)
    message.set_content(body, charset="utf-8", cte="8bit")
    told = server_at(Mailbox(port=server.port), **({"timeout_seconds": 0.4, "answer_seconds": 0.4} | more))
    begun = time.monotonic()
    return smtp.post(told, message, TO, about_to_send=lambda: True), time.monotonic() - begun


@pytest.mark.parametrize("drop", [LINES, LETTERS])
@pytest.mark.parametrize(
    ("where", "what"),
    [*((where, "later") for where in ("banner", "EHLO", "MAIL", "RCPT", "DATA")), ("end", "unknown")],
)
def test_an_answer_that_drips_ends_with_its_time(where: str, what: str, drop: bytes) -> None:
    with dripping(where, drop=drop) as server:
        answer, took = posted(server)
    assert (answer.what, answer.everybody) == (what, what == "later")
    assert "timed out" in answer.reply
    assert took < DRIPS_SECONDS / 2


def test_signing_in_and_the_change_to_tls_have_their_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_SMTP_PASSWORD", "mat-khau")
    for where, more in (("AUTH", {"user": "baocao"}), ("STAR", {"security": "starttls"})):
        with dripping(where) as server:
            answer, took = posted(server, **more)
        assert (server.heard[-1], answer.what, answer.everybody) == (where, "later", True)
        assert took < DRIPS_SECONDS / 2


@pytest.mark.parametrize("drop", [LINES, LETTERS])
def test_the_goodbye_keeps_nobody_from_writing_down_what_was_sent(drop: bytes) -> None:
    with dripping("QUIT", drop=drop) as server:
        answer, took = posted(server, timeout_seconds=30, answer_seconds=30)
        until = time.monotonic() + 5
        while "QUIT" not in server.heard and time.monotonic() < until:
            time.sleep(0.01)
    assert answer == Answer("sent", "250 queued")
    assert took < 1
    assert server.heard == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_each_exchange_has_its_time_and_not_all_of_them_together() -> None:
    with dripping("nowhere", pause=0.15) as server:
        answer, took = posted(server)
    assert answer.what == "sent"
    assert took > 0.75  # five answers before the last, each well within 0.4


def test_the_answer_to_a_message_has_a_time_of_its_own() -> None:
    with dripping("end") as server:
        answer, took = posted(server, answer_seconds=1)
    assert answer.what == "unknown"
    assert 0.9 < took < 2


def test_a_message_that_is_read_by_drops_is_given_up_under_tls_too(tmp_path: Path) -> None:
    context, ca = certified(tmp_path)
    trusting = ssl.create_default_context(cafile=str(ca))
    with dripping("body", tls=context) as server:
        line = smtp_clock.TimedTLS("127.0.0.1", server.port, local_hostname="here", timeout=5, context=trusting)
        assert line.docmd("DATA") == (354, b"go")
        line.allow(1)
        begun = time.monotonic()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            line.send((b"x" * 70 + b"\r\n") * 300_000)
    assert time.monotonic() - begun < 2


def test_an_answer_that_floods_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_clock, "LONGEST_ANSWER", 1000)
    with dripping("RCPT", drop=LINES * 30) as server:
        answer, _ = posted(server, timeout_seconds=30)
    assert answer.what == "later"
    assert "too long" in answer.reply
