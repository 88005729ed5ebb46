"""Every answer of the dashboard carries the same locks, Streamlit's own answers and refusals too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from config.settings import settings
from dashboard.guarded import Guarded, policy
from dashboard.watching import Watched
from tests.security.conftest import PUBLIC, Site

#: Streamlit's pages and parts, ours, what is not there, what is refused.
ASKED = (
    "/", "/ho-so-can-xu-ly", "/man-hinh?embed=true", "/khong-co", "/static/js/khong-co.js", "/_stcore/health",
    "/_stcore/host-config", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/app/static/signin.css", "/media/x",
    "/favicon.png", "/component/x/y", "/dang-nhap", "/tai-khoan", "/cong-khai", "/healthz", "/metrics", "/api/overdue",
)  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("signed_in", [True, False], ids=["in", "out"])
def test_every_answer_carries_the_locks(site: Site, path: str, signed_in: bool) -> None:
    answer = site.mine(path) if signed_in else site.ask(path)
    frame = "'self'" if path.startswith("/man-hinh") and signed_in else "'none'"
    assert answer.of("x-content-type-options") == "nosniff"
    assert answer.of("referrer-policy") in ("same-origin", "no-referrer")
    assert "camera=()" in answer.of("permissions-policy")
    assert answer.of("strict-transport-security") == "max-age=31536000"
    assert answer.of("cross-origin-opener-policy") == "same-origin"
    assert answer.of("cross-origin-resource-policy") == "same-origin"
    assert f"frame-ancestors {frame}" in answer.of("content-security-policy") or path.startswith("/man-hinh")
    assert answer.of("x-frame-options") in ("DENY", "SAMEORIGIN")
    assert "server" not in answer.headers and "access-control-allow-origin" not in answer.headers
    assert all("secure" in cookie.lower() and "samesite=" in cookie.lower() for cookie in cookies(answer))


def cookies(answer: Any) -> list[str]:
    found: list[str] = answer.headers.get("set-cookie", [])
    return found


def test_no_script_runs_that_is_not_this_servers(site: Site) -> None:
    told = dict(part.split(" ", 1) for part in site.mine("/").of("content-security-policy").split("; "))
    assert told["default-src"] == told["object-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"].startswith("'self' 'sha256-") and "unsafe" not in told["script-src"]
    assert told["connect-src"] == "'self'" and "*" not in str(told) and "http" not in str(told)


def test_streamlits_cookie_for_forms_is_for_https_alone(site: Site) -> None:
    (cookie,) = cookies(site.ask("/_stcore/health"))
    assert cookie.startswith("_streamlit_xsrf=") and cookie.endswith("; Secure") and "SameSite=Lax" in cookie


def test_the_socket_opens_for_a_page_of_this_site_and_for_no_other(site: Site) -> None:
    mine = f"dunghan_session={site.session}"
    taken = {origin: site.socket(origin, mine).status for origin in (f"http://{site.host}", PUBLIC, None)}
    assert set(taken.values()) == {101}, taken
    foreign = (
        "https://evil.example", "http://localhost:9999", "http://127.0.0.1:9999", "http://0.0.0.0", "null", "",
        PUBLIC.replace("https", "http"), f"{PUBLIC}.evil.example", f"https://evil.example/{PUBLIC}",
    )  # fmt: skip
    for origin in foreign:
        answer = site.socket(origin, mine)
        assert answer.status == 403, origin
        assert answer.of("x-content-type-options") == "nosniff" and "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/_stcore/upload_file/a/b"), ("POST", "/dang-nhap"), ("DELETE", "/media/x")]
)
def test_a_page_of_another_site_changes_nothing(site: Site, method: str, path: str) -> None:
    answer = site.ask(path, method, origin="https://evil.example", cookie=f"dunghan_session={site.session}")
    assert (answer.status, answer.body) == (403, b"This page may not ask here.\n")
    assert site.ask(path, method, origin=PUBLIC).body != answer.body


def test_what_streamlit_offers_to_machines_is_shut(site: Site) -> None:
    for path in ("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/metrics"):
        assert site.ask(path).status == site.mine(path).status == 403, path


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Two pages over plain http: one that fails, one that says of itself what it wants."""

    async def fail(_: Request) -> Response:
        raise RuntimeError("a secret word")

    async def own(_: Request) -> Response:
        answer = PlainTextResponse("x", headers={"Content-Security-Policy": "default-src 'none'"})
        answer.set_cookie("a", "b", samesite="strict")
        return answer

    monkeypatch.delenv("DUNGHAN_PUBLIC_URL", raising=False)
    settings.cache_clear()
    app = Starlette(
        routes=[Route("/fail", fail), Route("/own", own)], middleware=[Middleware(Guarded), Middleware(Watched)]
    )
    yield TestClient(app, raise_server_exceptions=False)
    settings.cache_clear()


def test_a_page_that_fails_says_so_with_the_locks_and_tells_nothing(http: TestClient) -> None:
    answer = http.get("/fail")
    assert answer.status_code == 500 and "secret" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers[
        "content-security-policy"
    ] == policy("'none'")


def test_what_an_answer_says_itself_stays_and_http_is_not_told_of_https(http: TestClient) -> None:
    answer = http.get("/own")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'none'"]
    assert answer.headers["set-cookie"] == "a=b; Path=/; SameSite=strict"
    assert "strict-transport-security" not in answer.headers and "cross-origin-opener-policy" not in answer.headers
