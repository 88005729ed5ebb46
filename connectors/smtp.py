"""Hand one message to a mail server, and say for certain what became of it, or that nobody knows."""

from __future__ import annotations

import re
import smtplib
import ssl
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, Final, Literal

from config import mail, media
from config.errors import ConfigError
from connectors.smtp_clock import Timed, TimedTLS
from store.delivery import Letter
from store.editions import Paper

LONGEST_SUBJECT: Final = 200
GOODBYE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message. ``later``: it was not taken, try again; ``unknown``: it may have arrived.

    ``everybody``: the trouble is the server's or ours and not this recipient's; whoever comes next would meet it too.
    """

    what: Literal["sent", "refused", "later", "unknown", "withdrawn"]
    reply: str
    everybody: bool = False


class _Subject(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # the stubs tell max_count twice
    """A subject that arrives word for word.

    The library's own folding breaks encoded words at spaces, and loses those: between two encoded words white space
    is not text (RFC 2047 §6.2). Here every space stands within an encoded word.
    """

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the text as it is, even where it looks like an encoded word."""
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """Write the header in lines of at most 76 characters."""
        words = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
#: How our mail is written.
_WRITING: Final = SMTP.clone(header_factory=_HEADERS)


class _Told(Exception):  # noqa: N818  no error: the conversation ended with an answer
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reply)
        self.answer = answer


def written(letter: Letter, papers: Sequence[Paper], server: mail.Server, zone: tzinfo) -> EmailMessage:
    """Write a letter as mail: plain text, UTF-8, papers attached; the same bytes whenever it is written."""
    message = EmailMessage(policy=_WRITING)
    message["From"] = Address(_line(server.name), addr_spec=server.sender)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = _line(letter.subject)[:LONGEST_SUBJECT].rstrip()
    message["Date"] = format_datetime(letter.put_at.astimezone(zone))
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(unicodedata.normalize("NFC", letter.body), charset="utf-8", cte="base64")
    for paper in papers:
        main, sub = media.TYPES[paper.form].split("/")
        message.add_attachment(paper.content, maintype=main, subtype=sub, filename=_line(paper.name))
    if papers:
        message.set_boundary(f"=_{letter.message_id.strip('<>').partition('@')[0]}")
    return message


def _line(text: str) -> str:
    """Keep a text on one line: what breaks it would begin a header of somebody else's choice."""
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def post(server: mail.Server, message: EmailMessage, recipient: str, *, about_to_send: Callable[[], bool]) -> Answer:
    """Hand ``message`` to ``server`` for ``recipient``; never raises for what a server does.

    ``about_to_send`` is called once the server would take it and before any of it goes out; when it says no, nothing
    goes out. Raises what ``about_to_send`` raises, then too with nothing sent.
    """
    if not mail.is_address(recipient):
        return Answer("refused", "it is no mail address that a server takes")
    try:
        connection = _reached(server)
    except _Told as told:
        return told.answer
    try:
        _ready(connection, server, recipient)
        if not about_to_send():
            return Answer("withdrawn", "it was not this attempt's any more")
        return _sent(connection, message, server.answer_seconds)
    except _Told as told:
        return told.answer
    finally:
        _hang_up(connection)


def reachable(server: mail.Server) -> Answer:
    """Say whether the server lets us in, without sending anything."""
    try:
        connection = _reached(server)
    except _Told as told:
        return told.answer
    _hang_up(connection)
    return Answer("sent", f"{server.host}:{server.at_port} lets us in")


def _reached(server: mail.Server) -> Timed:
    """Connect, in a channel that nobody else reads, and sign in. Raises ConfigError for a bad file of certificates."""
    context = _context(server) if server.security != "none" else None
    try:
        connection = _connected(server, context)
    except (OSError, smtplib.SMTPException) as error:
        raise _Told(_trouble(error)) from error
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=context)
            connection.ehlo()
        if server.user:
            connection.login(server.user, mail.password() or "")
    except (OSError, smtplib.SMTPException) as error:
        _hang_up(connection)
        raise _Told(_trouble(error)) from error
    return connection


def _connected(server: mail.Server, context: ssl.SSLContext | None) -> Timed:
    port, name, seconds = server.at_port, server.own_domain, server.timeout_seconds
    if server.security == "tls":
        return TimedTLS(server.host, port, local_hostname=name, timeout=seconds, context=context)
    return Timed(server.host, port, local_hostname=name, timeout=seconds)


def _context(server: mail.Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
    except (OSError, ssl.SSLError) as error:
        found = f"{server.ca_file} is no file of certificates."
        raise ConfigError("DUNGHAN_SMTP_CA_FILE", found, "Name a PEM file.") from error


def _trouble(error: Exception) -> Answer:
    if isinstance(error, smtplib.SMTPResponseException):
        return Answer("later", _said(error.smtp_code, error.smtp_error), everybody=True)
    return Answer("later", f"{type(error).__name__}: {error}", everybody=True)


def _ready(connection: Timed, server: mail.Server, recipient: str) -> None:
    """Name sender and recipient. Only what the server says to the recipient's own address is about the recipient."""
    try:
        code, words = connection.mail(server.sender)
        if code != 250:
            raise _Told(Answer("later", _said(code, words), everybody=True))
        code, words = connection.rcpt(recipient)
    except (OSError, smtplib.SMTPException) as error:
        raise _Told(_trouble(error)) from error
    if code not in (250, 251):
        raise _Told(Answer("refused" if 500 <= code < 600 else "later", _said(code, words), everybody=code == 421))


def _sent(connection: Timed, message: EmailMessage, patience: float) -> Answer:
    """Send the message. Until the server asks for it nothing of it went out; without its last answer nobody knows."""
    body = _stuffed(message.as_bytes())
    try:
        code, words = connection.docmd("DATA")
    except (OSError, smtplib.SMTPException) as error:
        return _trouble(error)
    if code != 354:
        return Answer("refused" if 500 <= code < 600 else "later", _said(code, words))
    try:
        connection.allow(patience)
        connection.send(body)
        connection.allow(patience)
        code, words = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Answer("unknown", f"{type(error).__name__}: {error}")
    if 200 <= code < 300:
        return Answer("sent", _said(code, words))
    if code == 421 or not 400 <= code < 600:
        return Answer("unknown", _said(code, words))
    return Answer("refused" if code >= 500 else "later", _said(code, words))


def _stuffed(message: bytes) -> bytes:
    """End every line as mail does, double the dots that begin one, and say that it ends (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return re.sub(rb"(?m)^\.", b"..", lines).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _line(f"{code} {text}")


def _hang_up(connection: Timed) -> None:
    """Say goodbye and go, without the answer: what was said to the message stands, and is written down at once."""
    with suppress(OSError, smtplib.SMTPException):
        connection.allow(GOODBYE_SECONDS)
        connection.send("QUIT\r\n")
    with suppress(OSError):
        connection.close()
