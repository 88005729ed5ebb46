"""What a mail server answers, and what we make of it: taken, refused, later, or nobody knows."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.errors import ConfigError
from connectors import smtp
from connectors.smtp import Answer
from store.delivery import Letter
from store.editions import Paper
from tests.mailing.office_mail import Mailbox, certified, lets_in, open_mailbox, server_at

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LETTER = Letter(
    1, "k", "<0123@minhson.example>", "report", None, "mail", "chutich@minhson.example", "Báo cáo tuần 45",
    "Kính gửi Chủ tịch,\n.\nTỷ lệ đúng hạn: 95,4 %.", (), 1, datetime(2018, 11, 9, 1, 30, tzinfo=UTC),
)  # fmt: skip
PAPERS = (Paper("pdf", "Báo cáo 45.pdf", b"%PDF-\r\n.\r\n..\n"), Paper("xlsx", "bang.xlsx", b"PK"))


def posted(box: Mailbox, letter: Letter = LETTER, papers: tuple[Paper, ...] = (), *, may: bool = True, **more: object):  # type: ignore[no-untyped-def]
    server = server_at(box, **more)
    told = smtp.written(letter, papers, server, ZONE)
    return smtp.post(server, told, letter.recipient, about_to_send=lambda: may)


def test_a_letter_arrives_as_it_was_written_with_its_papers_byte_for_byte() -> None:
    with open_mailbox() as box:
        assert posted(box, papers=PAPERS) == Answer("sent", "250 OK queued")
    ((to, told),) = box.came
    assert to == "chutich@minhson.example"
    assert (told["Message-ID"], told["Subject"]) == ("<0123@minhson.example>", "Báo cáo tuần 45")
    assert str(told["From"]) == "Đúng Hạn <baocao@minhson.example>"
    assert str(told["Date"]) == "Fri, 09 Nov 2018 08:30:00 +0700"
    assert told["Auto-Submitted"] == "auto-generated"
    body = told.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == LETTER.body.splitlines()
    names = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in told.iter_attachments()]
    assert names[0] == ("Báo cáo 45.pdf", "application/pdf", PAPERS[0].content)
    assert names[1][2] == b"PK"


def test_a_line_of_one_dot_ends_nothing() -> None:
    told = EmailMessage(policy=SMTP)
    told["Message-ID"] = "<dots@minhson.example>"
    told.set_content("một\n.\n..\n.hai\n", charset="utf-8", cte="8bit")
    with open_mailbox() as box:
        assert smtp.post(server_at(box), told, "a@minhson.example", about_to_send=lambda: True).what == "sent"
    assert box.came[0][1].get_content().splitlines() == ["một", ".", "..", ".hai"]


def test_the_same_letter_is_the_same_bytes_at_every_attempt() -> None:
    box = Mailbox(port=25)
    once, again = (smtp.written(LETTER, PAPERS, server_at(box), ZONE).as_bytes() for _ in range(2))
    assert once == again


WORDS = st.sampled_from(
    ("ngày", "phát", "hành,", "Sở", "Tài nguyên", "trường:", "26/11/2026,", "“Hạn”", "(tuần", "=?x?=")
)
HELD = (
    "[Đúng Hạn] Chưa gửi báo cáo tuần từ ngày 20/11/2026 đến ngày 26/11/2026, ngày phát hành 27/11/2026, Sở Tài chính"
)


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join))
@example(HELD)
@example("=?utf-8?q?kh=C3=B4ng?=")
@example("Ờ" * smtp.LONGEST_SUBJECT)
def test_a_subject_arrives_word_for_word_however_long(subject: str) -> None:
    told = smtp.written(replace(LETTER, subject=subject), (), server_at(Mailbox(port=25)), ZONE).as_bytes()
    wanted = subject[: smtp.LONGEST_SUBJECT].rstrip()
    assert str(message_from_bytes(told, policy=default)["Subject"]) == wanted
    assert str(make_header(decode_header(message_from_bytes(told)["Subject"]))) == wanted
    head = told.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head)) <= 78
    assert not [line for line in head if line.startswith(b"  ")]


@pytest.mark.parametrize(
    "subject",
    ["Tuần 45\nBcc: ai@khac.example", "Tuần 45\r\n\r\nxin chào", "Tuần 45\u2028Bcc: ai@khac.example", "a\x00b"],
)
def test_a_subject_with_line_breaks_begins_no_header(subject: str) -> None:
    with open_mailbox() as box:
        assert posted(box, replace(LETTER, subject=subject)).what == "sent"
    ((_, told),) = box.came
    assert told["Bcc"] is None
    assert str(told["Subject"]) == " ".join(subject.replace("\x00", " ").replace("\u2028", " ").split())
    assert box.asked == {"chutich@minhson.example": 1}


@pytest.mark.parametrize(
    "recipient", ["a@b.vn\nRCPT TO:<c@d.vn>", "a@b.vn, c@d.vn", "<a@b.vn>", "không@phải.vn", "a", ""]
)
def test_what_is_no_single_address_is_refused_before_anybody_is_asked(recipient: str) -> None:
    with open_mailbox() as box:
        message = smtp.written(LETTER, (), server_at(box), ZONE)
        assert smtp.post(server_at(box), message, recipient, about_to_send=lambda: True).what == "refused"
    assert not box.asked


@pytest.mark.parametrize(
    ("reply", "what"),
    [("550 5.1.1 no such user", "refused"), ("450 4.2.1 mailbox busy", "later"), ("451 greylisted", "later")],
)
def test_what_the_server_says_to_a_recipient_is_about_that_one_alone(reply: str, what: str) -> None:
    with open_mailbox() as box:
        box.refused["chutich@minhson.example"] = reply
        assert posted(box) == Answer(what, reply)  # type: ignore[arg-type]
        assert posted(box, replace(LETTER, recipient="giamdoc@minhson.example")).what == "sent"
    assert [to for to, _ in box.came] == ["giamdoc@minhson.example"]


@pytest.mark.parametrize(("reply", "what"), [("554 5.7.1 looks like spam", "refused"), ("452 disk full", "later")])
def test_an_answer_to_the_whole_message_is_certain(reply: str, what: str) -> None:
    with open_mailbox() as box:
        box.after = reply
        assert posted(box) == Answer(what, reply)  # type: ignore[arg-type]
    assert not box.came


@pytest.mark.parametrize("cut", ["kept", "lost"])
def test_a_line_cut_after_data_leaves_nobody_knowing(cut: str) -> None:
    with open_mailbox() as box:
        box.cut = cut
        answer = posted(box)
    assert answer.what == "unknown"
    assert len(box.came) == (cut == "kept")


def test_a_server_that_takes_longer_than_we_wait_leaves_nobody_knowing() -> None:
    with open_mailbox() as box:
        box.slow_seconds = 0.6
        assert posted(box, answer_seconds=0.1).what == "unknown"
        assert posted(box, answer_seconds=5).what == "sent"


def test_nothing_goes_out_for_an_attempt_that_is_over() -> None:
    with open_mailbox() as box:
        assert posted(box, may=False).what == "withdrawn"
    assert not box.came


def test_a_server_that_is_away_is_everybodys_trouble() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(port=free.getsockname()[1])
        answer = posted(box)
    assert (answer.what, answer.everybody) == ("later", True)
    assert "refused" in answer.reply.lower()


def test_a_server_that_is_deaf_is_later_and_nothing_was_sent() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        answer = posted(Mailbox(port=deaf.getsockname()[1]), timeout_seconds=0.1)
    assert (answer.what, answer.everybody) == ("later", True)


def test_where_tls_is_wanted_nothing_goes_in_the_clear(tmp_path: Path) -> None:
    context, ca = certified(tmp_path)
    with open_mailbox() as plain:
        answer = posted(plain, security="starttls")
        assert (answer.what, answer.everybody) == ("later", True)
        assert not plain.asked
    with open_mailbox(tls_context=context, require_starttls=True) as box:
        assert posted(box).what == "later"  # the server wants it, and we are set to none
        assert posted(box, security="starttls").what == "later"  # nobody we know vouches for it
        assert not box.asked
        assert posted(box, security="starttls", ca_file=ca).what == "sent"
        elsewhere = posted(box, security="starttls", ca_file=ca, host="localhost")
        assert elsewhere.what == "later"  # it vouches for 127.0.0.1 alone
    assert len(box.came) == 1


def test_implicit_tls_verifies_too(tmp_path: Path) -> None:
    context, ca = certified(tmp_path)
    with open_mailbox(ssl_context=context) as box:
        assert posted(box, security="tls").what == "later"
        assert posted(box, security="tls", ca_file=ca).what == "sent"


def test_a_file_of_certificates_that_is_none_is_named(tmp_path: Path) -> None:
    with open_mailbox() as box, pytest.raises(ConfigError, match="DUNGHAN_SMTP_CA_FILE"):
        posted(box, security="starttls", ca_file=tmp_path / "none.pem")


def test_who_signs_in_with_the_wrong_password_tries_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context, ca = certified(tmp_path)
    with open_mailbox(tls_context=context, authenticator=lets_in, auth_required=True) as box:
        monkeypatch.setenv("DUNGHAN_SMTP_PASSWORD", "sai")
        answer = posted(box, security="starttls", ca_file=ca, user="baocao")
        assert (answer.what, answer.everybody) == ("later", True)
        assert "sai" not in answer.reply
        monkeypatch.setenv("DUNGHAN_SMTP_PASSWORD", "mat-khau")
        assert posted(box, security="starttls", ca_file=ca, user="baocao").what == "sent"
    assert len(box.came) == 1


def test_the_doctor_asks_for_nothing_but_the_way_in() -> None:
    with open_mailbox() as box:
        assert smtp.reachable(server_at(box)).what == "sent"
    assert not box.asked
