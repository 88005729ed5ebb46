"""A conversation with a mail server in which each question has its time, however the answer is drawn out.

A socket's own timeout holds for each read: a server that says ``250-…`` once a second would be listened to for ever.
"""

from __future__ import annotations

import io
import smtplib
from time import monotonic
from typing import Any, Final

#: Bytes of one answer; who says more says nothing that is wanted.
LONGEST_ANSWER: Final = 64 * 1024
_PIECE: Final = 16 * 1024


class Timed(smtplib.SMTP):
    """SMTP in which ``timeout`` is for a whole exchange: from the command to the end of its answer."""

    _until: float | None = None
    _heard = 0

    def allow(self, seconds: float) -> None:
        """Let what comes next, until the next command, take ``seconds`` in all."""
        self._until, self._heard = monotonic() + seconds, 0

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command; its time begins. Raises SMTPServerDisconnected when that is over."""
        self.allow(self.timeout)
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """Hear an answer to its end. Raises SMTPServerDisconnected when the time is over, or it is too long."""
        if self._until is None:  # the greeting, which nobody asks for
            self.allow(self.timeout)
        if self.file is None:
            self.file = io.BufferedReader(_Ear(self))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send text or bytes piece by piece: TLS has a timeout of its own for each piece, and none for all."""
        told = s.encode(self.command_encoding) if isinstance(s, str) else s
        for at in range(0, len(told), _PIECE):
            try:
                self._hurry()
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"Server not connected: {error}") from error
            super().send(told[at : at + _PIECE])

    def hear(self, buffer: Any) -> int:
        """Read what came. Raises OSError when the time is over, or the answer is too long."""
        self._hurry()
        if self.sock is None:
            return 0
        came = self.sock.recv_into(buffer)
        self._heard += came
        if self._heard > LONGEST_ANSWER:
            raise OSError("the answer is too long")
        return came

    def _hurry(self) -> None:
        left = 0.0 if self._until is None else self._until - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if self.sock is not None:
            self.sock.settimeout(left)


class TimedTLS(Timed, smtplib.SMTP_SSL):
    """The same where TLS comes before the first word."""


class _Ear(io.RawIOBase):
    """What a connection hears, as a file."""

    def __init__(self, connection: Timed) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._connection.hear(buffer)
