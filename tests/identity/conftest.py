"""A store with people, passwords that are hashed fast, and the doors of the dashboard as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config import access
from config import settings as settings_of
from connectors import oidc
from dashboard import data, routes
from dashboard.entering import person_of
from store import passwords, people
from store.database import Store

NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)  # thứ Sáu 20/11/2026, 10:32 at the centre
PASSWORD: Final = "bốn con trâu già"
FAST: Final = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
BOTH: Final = ["sqlite", "postgresql"]


class Clock:
    """What time it is in the dashboard."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with argon2 that takes no time: how many hashes there are is tested, not how dear each one is."""
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", lambda: FAST)


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read the settings, and the provider, for every test anew."""
    for name in ("DUNGHAN_OIDC_ISSUER", "DUNGHAN_OIDC_CLIENT_ID", "DUNGHAN_PUBLIC_URL", "DUNGHAN_OIDC_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    settings_of.settings.cache_clear()
    oidc.forget()
    yield
    settings_of.settings.cache_clear()
    access._load.cache_clear()
    oidc.forget()
    passwords._nobody.cache_clear()


@pytest.fixture
def head(store: Store) -> people.Person:
    """The head of one department."""
    return people.add(store, "soxd", PASSWORD, role="head", title="Giám đốc Sở Xây dựng", departments=("Sở Xây dựng",))


@pytest.fixture
def admin(store: Store) -> people.Person:
    """The only administrator."""
    return people.add(store, "quantri", PASSWORD, role="administrator", title="Quản trị")


@pytest.fixture
def clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The store as the one that the dashboard reads, at an hour that a test sets."""
    clock = Clock()
    monkeypatch.setattr(data, "store", lambda: store)
    monkeypatch.setattr("dashboard.filters.now", clock)
    return clock


async def _inside(request: Request) -> Response:
    """Say who came through the gate."""
    person = await person_of(request)
    return PlainTextResponse(f"{request.url.path}: {person.name if person else 'nobody'}")


Browser = Callable[..., httpx2.Client]


@pytest.fixture
def site(clock: Clock) -> Starlette:
    """The doors and the gate of the dashboard, with one page behind them."""
    pages = [Route(path, _inside) for path in routes.PAGES]
    return Starlette(routes=[*routes.ROUTES, *pages], middleware=[Middleware(routes.Gate)])


@pytest.fixture
def browser(site: Starlette) -> Iterator[Callable[..., Any]]:
    """Open a browser: it keeps cookies, and follows nothing by itself. ``address``: where it calls from."""
    from starlette.testclient import TestClient

    opened = []

    def make(address: str = "127.0.0.1", base: str = "http://here") -> TestClient:
        client = TestClient(site, base_url=base, follow_redirects=False, client=(address, 50_000))
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
