"""Secrets are planted wherever the product holds one; everything goes wrong; then all that it wrote is searched."""

from __future__ import annotations

import logging
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
import stamina
from pytest_httpserver import HTTPServer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug import Request as Asked
from werkzeug import Response as Told

from config import diary
from config.settings import settings
from connectors import oidc
from dashboard import api, doors, exposition, routes, stored
from dashboard.scope import COOKIE
from dashboard.watching import Watched
from jobs import cli
from store import passwords, people, sessions, tokens
from store.database import Store, open_store
from tests.identity.conftest import FAST
from tests.rest.conftest import MAPPING
from tests.rest.test_traps import answer, row

NOW: Final = datetime(2026, 11, 20, 3, tzinfo=UTC)
#: Each by the name under which the product is given it; none looks like another.
GIVEN: Final = {
    "SRC_TOKEN": "plant-source-token-5a1", "SRC_USER": "oauthuser", "SRC_PASSWORD": "plant-source-password-b72",
    "DUNGHAN_SMTP_PASSWORD": "plant-smtp-password-c93", "DUNGHAN_OIDC_CLIENT_SECRET": "plant-oidc-secret-d04",
    "DUNGHAN_PSEUDONYM_KEY": "e1" * 32,
}  # fmt: skip
DATABASE: Final = "plant-database-password-f15"
TYPED: Final = "plant-typed-password-a26"
FETCHED: Final = "plant-fetched-token-9c8"


def ways(secret: str) -> tuple[bytes, ...]:
    """Give a secret as it may be written: plain, in an address, in Basic."""
    return tuple({secret.encode(), quote(secret, safe="").encode(), b64encode(secret.encode()).rstrip(b"=")})


def sources(url: str) -> str:
    def one(name: str, access: str, path: str) -> str:
        return (
            f'[[source]]\nname = "{name}"\nkind = "json_api"\nurl = "{url}"\nmapping = "service.toml"\n'
            f'user_secret = "SRC_USER"\npassword_secret = "SRC_PASSWORD"\n[source.json_api]\npath = "{path}"\n'
            f'rows = "ketQua.hoSo"\npaging = "none"\ntotal = ""\nattempts = 2\ntimeout_seconds = 2.0\n'
            f"[source.json_api.access]\n{access}\n\n"
        )

    bearer = 'kind = "bearer"\ntoken_secret = "SRC_TOKEN"'
    return (
        one("echo", bearer, "/echo") + one("broken", bearer, "/broken") + one("refuses", 'kind = "basic"', "/refuses")
        + one("good", bearer, "/good") + one("leads", bearer, "/leads")
        + one("oauth", 'kind = "oauth"\ntoken_path = "/token"', "/oauth")
        + one("key", 'kind = "key"\nheader = "X-Key"\ntoken_secret = "SRC_TOKEN"', "/echo")
    )  # fmt: skip


@pytest.fixture
def office(httpserver: HTTPServer, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An office whose systems fail, and say back what they were told."""

    def echo(asked: Asked) -> Told:
        return Told(f"<html>{asked.headers} {asked.get_data(as_text=True)} {asked.url}", status=500)

    def refuse(asked: Asked) -> Told:
        return Told(f'{{"error": "{asked.headers.get("Authorization")}"}}', 401)

    config = tmp_path / "config"
    config.mkdir()
    (config / "service.toml").write_text(MAPPING, encoding="utf-8")
    (config / "sources.toml").write_text(sources(httpserver.url_for("").rstrip("/")), encoding="utf-8")
    for path in ("/echo", "/broken", "/.well-known/openid-configuration"):
        httpserver.expect_request(path).respond_with_handler(echo)
    for path in ("/refuses", "/oauth"):
        httpserver.expect_request(path).respond_with_handler(refuse)
    httpserver.expect_request("/token").respond_with_json({"access_token": FETCHED, "expires_in": 60})
    httpserver.expect_request("/good").respond_with_json(answer([row(1), row(2)]))
    httpserver.expect_request("/leads").respond_with_data("", 302, {"Location": f"/x?token={GIVEN['SRC_TOKEN']}"})
    told = GIVEN | {
        "DUNGHAN_SOURCES": str(config / "sources.toml"), "DUNGHAN_LOG": "json", "DUNGHAN_STORE": store.url,
        "DUNGHAN_HOME": str(tmp_path / "home"), "DUNGHAN_SMTP_HOST": "127.0.0.1", "DUNGHAN_SMTP_PORT": "9",
        "DUNGHAN_SMTP_USER": "guithu", "DUNGHAN_SMTP_FROM": "dunghan@tinh.gov.vn", "DUNGHAN_SMTP_SECURITY": "none",
        "DUNGHAN_OIDC_ISSUER": httpserver.url_for("").rstrip("/"), "DUNGHAN_OIDC_CLIENT_ID": "dunghan",
        "DUNGHAN_PUBLIC_URL": "http://127.0.0.1:8501",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    oidc.forget()
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", lambda: FAST)
    stamina.set_testing(True, attempts=2)
    yield store
    passwords._nobody.cache_clear()
    logging.getLogger().removeHandler(diary._OTHERS)
    logging.captureWarnings(False)
    stamina.set_testing(False)
    settings.cache_clear()
    oidc.forget()


@pytest.fixture
def dunghan(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["dunghan", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        return int(ended.value.code or 0)

    return run


async def _broken(request: Request) -> Response:
    secret = request.headers["authorization"]
    raise RuntimeError(f"cannot go on with {secret} and {request.cookies} of {settings().public_url}")


def visited(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Come in by every door, rightly and wrongly; give the secrets that were issued, and what was answered."""
    monkeypatch.setattr(stored, "store", lambda: store)
    person = people.add(store, "lan.nt", TYPED, role="director", title="x")
    session = sessions.open_for(store, person, now=datetime.now(UTC))
    _, token = tokens.issue(store, "giam-sat", kind="api", departments=None, by="quantri", at=NOW)
    _, wall = tokens.issue(store, "tuong", kind="wall", departments=None, by="quantri", at=NOW)
    site = Starlette(
        routes=[*routes.ROUTES, *api.ROUTES, *exposition.ROUTES, Route("/api/broken", _broken)],
        middleware=[Middleware(Watched), Middleware(routes.Gate)],
    )
    said = []
    with TestClient(site, follow_redirects=False, raise_server_exceptions=False) as client:
        client.get(doors.SIGN_IN)
        form = {"mat_khau": TYPED, "khoa": client.cookies[doors.CSRF_COOKIE], "tiep": "/"}
        for name in ("lan.nt", TYPED, "ai-do"):  # people type their password into the wrong field
            said.append(client.post(doors.SIGN_IN, data=form | {"ten": name}).text)
        said.append(client.get("/dang-nhap/tinh").text)
        said.append(client.get(f"/man-hinh?khoa={wall}").text)
        bearer = {"Authorization": f"Bearer {token}", "Cookie": f"{COOKIE}={session}"}
        said += [client.get(p, headers=bearer).text for p in ("/metrics", "/api/overdue", "/api/broken", "/healthz")]
        said += [
            client.get(p, headers={"Authorization": f"Bearer {token}x"}).text for p in ("/metrics", "/api/overdue")
        ]
    return [session, token, wall], said


def test_no_secret_stands_in_what_was_said_or_kept(
    office: Store, dunghan: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)  # all that any library has to say, through the diary of the product
    diary.take_over()
    for name in ("echo", "broken", "refuses", "good", "leads", "oauth", "key"):
        assert dunghan("sync", name) == (0 if name == "good" else 3), name
    unreachable = f"postgresql+psycopg://dunghan:{DATABASE}@127.0.0.1:9/dunghan"
    for words in (("doctor",), ("sources",), ("outbox", "list"), ("doctor", "--store", unreachable),
                  ("figures", "--store", unreachable), ("sync", "good", "--store", unreachable)):  # fmt: skip
        dunghan(*words)
    with pytest.raises(Exception) as refused:  # noqa: PT011, B017 - whatever it is, it is searched
        open_store(unreachable, home=tmp_path)
    issued, said = visited(office, monkeypatch)
    told = capfd.readouterr()
    kept = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.parent.name != "config"}
    office.engine.dispose()
    everything = {
        "out": told.out.encode(), "err": told.err.encode(), "answers": "\n".join(said).encode(),
        "error": str(refused.value).encode(),
        **{str(path): content for path, content in kept.items()},
    }  # fmt: skip
    assert "RuntimeError" in told.err and "send_request_headers.started" in told.err  # it was heard
    assert len(everything) > 6 and any(name.endswith(".db") for name in everything)
    secrets = [*GIVEN.values(), DATABASE, TYPED, FETCHED, *issued]
    secrets.remove("oauthuser")
    found = {
        (where, secret[:18])
        for where, text in everything.items()
        for secret in secrets
        for way in ways(secret)
        if way in text
    }
    assert found == set()
