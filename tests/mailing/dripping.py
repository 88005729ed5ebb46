"""A mail server on a bare socket that answers one command by drops, and never to the end."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

#: So long it drips, or sits on a message, before it gives up itself: a client that waits for all of it is found out.
DRIPS_SECONDS: Final = 3.0
EHLO: Final = b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
ANSWERS: Final = {b"EHLO": EHLO, b"AUTH": b"235 in\r\n", b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}


@dataclass
class Dripping:
    """Where it drips: a command, "banner", "body" (it reads the message by drops) or "end" (of the message); and how.

    ``pause``: seconds before every whole answer. ``heard``: the commands that came.
    """

    where: str
    drop: bytes = b"250-wait\r\n"
    pause: float = 0.0
    tls: ssl.SSLContext | None = None
    port: int = 0
    heard: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def talk(self, line: socket.socket) -> None:
        with suppress(OSError), self._wrapped(line) as peer, peer.makefile("rb") as words:
            self._answer(peer, "banner", b"220 here\r\n")
            for command in words:
                verb = command[:4].upper()
                self.heard.append(verb.decode())
                self._answer(peer, verb.decode(), ANSWERS.get(verb, b"250 ok\r\n"))
                if verb == b"DATA":
                    self._read(words)
                    self._answer(peer, "end", b"250 queued\r\n")

    def _read(self, words: Iterable[bytes]) -> None:
        end = time.monotonic() + DRIPS_SECONDS
        for at, part in enumerate(words):
            if part == b".\r\n":
                return
            if self.where == "body" and at % 100 == 0 and (self.over.wait(0.003) or time.monotonic() > end):
                raise ConnectionAbortedError

    def _wrapped(self, line: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(line, server_side=True) if self.tls else line

    def _answer(self, peer: socket.socket, at: str, whole: bytes) -> None:
        if at != self.where:
            self.over.wait(self.pause)
            peer.sendall(whole)
            return
        end = time.monotonic() + DRIPS_SECONDS
        while time.monotonic() < end and not self.over.wait(0.03):
            peer.sendall(self.drop)
        raise ConnectionAbortedError


@contextmanager
def dripping(where: str, **how: object) -> Iterator[Dripping]:
    """Run the server on a free port of this machine."""
    server = Dripping(where, **how)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.port = door.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    server.talk(door.accept()[0])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            door.shutdown(socket.SHUT_RDWR)
    thread.join(10)
