"""A store with people, passwords that are hashed fast, and the doors of the dashboard as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pytest_httpserver import HTTPServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config import access, units
from config import settings as settings_of
from config.units import Known, Units
from connectors import oidc
from dashboard import entering, routes, stored
from dashboard.entering import person_of
from store import passwords, people
from store.database import Store
from tests.identity.made_provider import CLIENT, SECRET, Made

NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)  # thứ Sáu 20/11/2026, 10:32 at the centre
Open = Callable[..., Any]
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
    monkeypatch.setattr(stored, "store", lambda: store)
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


PUBLIC: Final = "http://127.0.0.1:8501"
RULES: Final = """
[[rule]]
claim = "groups"
contains = "ttpvhcc-giamdoc"
role = "director"

[[rule]]
claim = "realm_access.roles"
contains = "thutruong"
role = "head"
units_from = "don_vi"
below = true
"""
REGISTER: Final = Units(
    own_name={"H01.02": "Sở Y tế", "H01.03": "Sở Xây dựng"}, handed={},
    known=(Known("Sở Y tế"), Known("Bệnh viện", parent="Sở Y tế"), Known("Sở Xây dựng")),
)  # fmt: skip
HEAD: Final = {"realm_access": {"roles": ["offline_access", "thutruong"]}, "don_vi": ["H01.02"]}
DIRECTOR: Final = {"groups": ["ttpvhcc-giamdoc"]}
WHO: Final = {"preferred_username": "lan.nt", "name": "Nguyễn Thị Lan"}


@pytest.fixture
def made(httpserver: HTTPServer, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A provider, the rules of the office, and its register."""
    made = Made(httpserver, NOW, claims=WHO | DIRECTOR)
    (tmp_path / "access.toml").write_text(RULES, encoding="utf-8")
    for name, value in (
        ("DUNGHAN_CONFIG", str(tmp_path)), ("DUNGHAN_OIDC_ISSUER", made.issuer), ("DUNGHAN_OIDC_CLIENT_ID", CLIENT),
        ("DUNGHAN_OIDC_CLIENT_SECRET", SECRET), ("DUNGHAN_PUBLIC_URL", PUBLIC),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    access._load.cache_clear()
    monkeypatch.setattr(units, "load", lambda: REGISTER)
    return made


@pytest.fixture
def through(browser: Open, made: Made) -> Callable[..., Any]:
    """Go to the provider and back: gives the browser and the answer of our page. ``brought`` replaces what came."""

    def go(after: str = "/linh-vuc", *, client: Any = None, **brought: str) -> tuple[Any, Any]:
        client = client or browser(base=PUBLIC)
        away = client.get(entering.OUTSIDE, params={"tiep": after})
        assert away.status_code == 303, away.text
        if not away.headers["location"].startswith(made.issuer):
            return client, away
        back = made.sign_in(away.headers["location"]) | brought
        return client, client.get("/dang-nhap/tinh/ve", params=back)

    return go


Through = Callable[..., tuple[Any, Any]]


def trouble(answer: Any) -> str:
    """Give the words that the sign-in page says after an answer."""
    where: str = answer.headers["location"]
    assert where.startswith("/dang-nhap?loi=")
    return where.split("loi=")[1].split("&")[0]
