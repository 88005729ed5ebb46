"""Faults on purpose: what real systems and lines do wrong, drawn per request by seed and rates, the same every time.

A server asks ``Faults.next`` once a request, and answers as the name says. Names and what a server does:

- ``500``, ``429`` (with Retry-After), ``timeout`` (holds its answer back), ``cut`` (breaks off in the middle),
- ``duplicate_page`` (another page once more), ``missing_page`` (the page is short, the total is not),
- ``skew`` (its clock is off), ``schema`` (a column is called otherwise), ``encoding`` (windows-1258 or UTF-16 where
  UTF-8 was announced), ``expire`` (every session and token ends at once).
"""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

import numpy as np

from config.errors import ConfigError, nearest

KINDS: Final = (
    "500", "429", "timeout", "cut", "duplicate_page", "missing_page", "skew", "schema", "encoding", "expire",
)  # fmt: skip
#: Those that come in place of an answer; ``schema`` and ``encoding`` spoil one; the others change what is answered.
INSTEAD: Final = frozenset({"500", "429", "timeout", "cut"})
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")  # the signs that windows-1258 writes after the letter


@dataclass(slots=True)
class Faults:
    """A queue of faults without end. ``rates``: name → share of the requests; all together at most 1.

    ``held_seconds``: how long a ``timeout`` is held back. ``drawn`` counts what was given. Raises ConfigError.
    """

    seed: int
    rates: Mapping[str, float] = field(default_factory=dict)
    held_seconds: float = 1.5
    retry_after: int = 1
    skew_seconds: int = 1200
    drawn: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _rng: np.random.Generator = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in self.rates:
            if name not in KINDS:
                raise ConfigError(
                    "faults", f'"{name}" is no fault.{nearest(name, KINDS)}', f"Known: {', '.join(KINDS)}."
                )
        if any(rate < 0 for rate in self.rates.values()) or sum(self.rates.values()) > 1 + 1e-9:
            raise ConfigError("faults", "the rates are no shares of the requests.", "Give shares of 1, all together.")
        self._rng = np.random.default_rng([self.seed, 404])

    def next(self) -> str:
        """Draw for one request: the name of a fault, "" for none."""
        with self._lock:
            at, kind = float(self._rng.random()), ""
            for name in KINDS:  # in their own order: the same draw whatever order the rates were written in
                at -= self.rates.get(name, 0.0)
                if at < 0:
                    kind = name
                    break
            self.drawn[kind] += 1
            return kind

    def skewed(self) -> int:
        """Give by how many seconds the clock is off this time, ahead or behind."""
        with self._lock:
            return self.skew_seconds if self._rng.random() < 0.5 else -self.skew_seconds

    def spoiled(self, kind: str, body: bytes, column: str) -> bytes:
        """Spoil an answer where ``kind`` asks for it: ``column`` gets another name, or the text another encoding."""
        if kind == "schema":
            return body.replace(f'"{column}":'.encode(), f'"{column}Moi":'.encode())
        if kind == "encoding":
            with self._lock:
                return in_windows_1258(body.decode()) if self._rng.random() < 0.5 else body.decode().encode("utf-16")
        return body


class Answering(BaseHTTPRequestHandler):
    """A handler that can answer, and fail as ``Faults`` says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Answer in JSON; ``Retry_After`` becomes the header Retry-After."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up waiting
            self.end_headers()
            self.wfile.write(body)

    def fail(self, kind: str, faults: Faults) -> None:
        """Answer as one of INSTEAD does."""
        fail_instead(self, kind, faults)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Stay silent: a request line may carry what must not be in a log."""


def fail_instead(handler: BaseHTTPRequestHandler, kind: str, faults: Faults) -> None:
    """Do one of INSTEAD on ``handler``: an error, a wait, half an answer."""
    if kind == "timeout":
        time.sleep(faults.held_seconds)
        handler.close_connection = True
        return
    status = {"500": 500, "429": 429}.get(kind, 200)
    body = b'{"total":' if kind == "cut" else b"<html>Error</html>"
    handler.send_response(status)
    handler.send_header("Content-Length", "100000" if kind == "cut" else str(len(body)))
    if kind == "429":
        handler.send_header("Retry-After", str(faults.retry_after))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


def in_windows_1258(text: str) -> bytes:
    """Write a text as the code page of Vietnamese Windows does: letter, then tone; a question mark for the rest."""
    written = []
    for sign in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", sign)
        letter = unicodedata.normalize("NFC", "".join(c for c in apart if c not in _TONES))
        written.append(letter + "".join(c for c in apart if c in _TONES))
    return "".join(written).encode("cp1258", errors="replace")
