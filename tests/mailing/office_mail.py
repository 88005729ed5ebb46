"""A real mail server of the office (aiosmtpd), which does what mail servers do: take, refuse, dawdle, hang up."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.mail import Server


@dataclass
class Mailbox:
    """What came, and how the server behaves. ``refused``: recipient → its reply; ``after``: reply to the whole message.

    ``cut``: hang up once the message is here, before ("lost": it is thrown away) or after it was kept ("kept").
    """

    port: int = 0
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    after: str = "250 OK queued"
    cut: str = ""
    slow_seconds: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.cut != "lost" and self.after.startswith("2"):
            told = message_from_bytes(cast(bytes, envelope.content), policy=POLICY)
            self.came += [(to, told) for to in envelope.rcpt_tos]
        if self.cut:
            assert server.transport is not None
            server.transport.close()
        return self.after

    @property
    def copies(self) -> Counter[tuple[str, str]]:
        """How often each Message-ID came to each recipient."""
        return Counter((str(told["Message-ID"]), to) for to, told in self.came)


class _Anywhere(Controller):
    """A server on whichever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def open_mailbox(**how: Any) -> Iterator[Mailbox]:
    """Run the server on a free port of this machine; ``how``: as aiosmtpd's Controller takes it."""
    box = Mailbox()
    controller = _Anywhere(box, hostname="127.0.0.1", port=0, ready_timeout=20, **how)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


def server_at(box: Mailbox, **more: Any) -> Server:
    """Say where the office's server is, and how patient we are with it."""
    told: dict[str, Any] = {
        "host": "127.0.0.1", "port": box.port, "security": "none", "DUNGHAN_SMTP_FROM": "baocao@minhson.example",
        "timeout_seconds": 5, "answer_seconds": 5,
    }  # fmt: skip
    return Server(**(told | more))


def lets_in(server: Any, session: Any, envelope: Any, mechanism: str, auth: Any) -> AuthResult:
    """Let in who has the password."""
    told = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (b"baocao", b"mat-khau")
    return AuthResult(success=told, handled=told)


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for 127.0.0.1 that vouches for itself; gives the server's side of it and the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "ca.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file
