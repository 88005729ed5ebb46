"""The real dashboard, as an office runs it behind https, over a store with one person."""

from __future__ import annotations

import http.client
import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from store import people, sessions
from store.database import open_store
from tests.browser.conftest import served
from tests.fresh import Databases

PUBLIC: Final = "https://dunghan.tinh.gov.vn"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: its status and headers by their names in lower case; of several with one name, all of them."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes

    def of(self, name: str) -> str:
        (value,) = self.headers[name]
        return value


@dataclass(frozen=True, slots=True)
class Site:
    """A running dashboard, and the cookie of somebody who is signed in."""

    host: str
    session: str
    log: Path

    def said(self) -> str:
        """Give what the dashboard wrote into its diary."""
        return self.log.read_text(encoding="utf-8")

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Ask with headers written as Python names: ``sec_fetch_site="cross-site"``."""
        line = http.client.HTTPConnection(self.host, timeout=20)
        try:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            return _read(line.getresponse())
        finally:
            line.close()

    def mine(self, path: str, **headers: str) -> Answer:
        return self.ask(path, "GET", b"", cookie=f"dunghan_session={self.session}", **headers)

    def socket(self, origin: str | None, cookie: str = "") -> Answer:
        """Ask for the socket of a page as a browser does whose page is from ``origin``."""
        host, _, port = self.host.partition(":")
        asked = {
            "Host": self.host, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": b64encode(b"sixteen bytes ok").decode(), "Cookie": cookie,
        } | ({"Origin": origin} if origin is not None else {})  # fmt: skip
        with socket.create_connection((host, int(port)), timeout=20) as line:
            lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
            line.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{lines}\r\n".encode())
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return _read(answer, whole=answer.status != 101)


def _read(answer: http.client.HTTPResponse, *, whole: bool = True) -> Answer:
    told: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        told.setdefault(name.lower(), []).append(value)
    return Answer(answer.status, told, answer.read() if whole else b"")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Site]:
    """A dashboard whose public address is https."""
    home = tmp_path_factory.mktemp("security")
    url = databases.migrated(home)
    store = open_store(url, home=home)
    person = people.add(store, "giamdoc", "bốn con trâu già", role="director", title="Giám đốc")
    token = sessions.open_for(store, person, now=datetime.now(UTC))
    store.engine.dispose()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DUNGHAN_PUBLIC_URL", PUBLIC)
        with served(url, home) as running:
            yield Site(urlsplit(running).netloc, token, home / "log")
