"""How a source is asked: signed by named secrets that never come out again, patiently, and never too much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.errors import ConfigError, SourceError
from config.sources import Source
from connectors import rest
from connectors.access import Access, Signer
from connectors.json_rows import read_json
from connectors.manners import Manners, Pace
from connectors.rest import RefusedError, Wire, connect, get, post
from connectors.simulator.faults import Faults
from connectors.simulator.rest_server import KEY, Service, serve
from tests.opencps.conftest import running

ASKED = {"soLuong": "1", "viTri": "0"}


@contextmanager
def wire_to(url: str, *, access: Access | None = None, **manners: Any) -> Iterator[Wire]:
    source = Source(name="service", kind="json_api", url=url, user_secret="API_USER", password_secret="API_PASSWORD")
    told = Manners(**{"attempts": 4, "timeout_seconds": 2.0} | manners)
    with connect(url, place='source "service"', manners=told, signer=Signer(source, access or Access())) as wire:
        yield wire


@pytest.fixture
def url(service: Service) -> Iterator[str]:
    with running(serve(service)) as address:
        yield address


@pytest.mark.parametrize(
    "asked",
    [{"tu": "2026-03-02T00:00:00"}, {"den": "hôm qua"}, {"soLuong": "many"}, {"viTri": "9" * 5000}],
    ids=lambda asked: next(iter(asked)),
)
def test_a_demo_service_says_in_words_what_it_cannot_read(url: str, asked: dict[str, str]) -> None:
    answer = httpx2.get(f"{url}/api/offset", params=asked)
    assert answer.status_code == 400
    assert "seconds since 1970" in answer.json()["message"]
    assert httpx2.post(f"{url}/api/offset", content=b"[1").status_code == 400


@pytest.mark.parametrize(
    "access",
    [
        Access(kind="none"), Access(kind="basic"), Access(kind="bearer", token_secret="API_KEY"),
        Access(kind="key", token_secret="API_KEY"), Access(kind="oauth", token_path="/oauth/token"),
        Access(kind="oauth", token_path="/oauth/token", client_in="body", scope="ho-so"),
    ],
    ids=lambda a: f"{a.kind} {a.client_in if a.kind == 'oauth' else ''}",
)  # fmt: skip
def test_a_request_is_signed_as_the_service_wants(service: Service, url: str, access: Access) -> None:
    service.auth = access.kind
    with wire_to(url, access=access) as wire:
        assert get(wire, "/api/offset", ASKED).status == 200
        assert b"ketQua" in post(wire, "/api/offset", ASKED)


def test_a_token_is_fetched_once_and_anew_shortly_before_it_ends(service: Service, url: str) -> None:
    service.auth, service.token_seconds = "oauth", 600.0
    with wire_to(url, access=Access(kind="oauth", token_path="/oauth/token")) as wire:
        assert wire.signer is not None
        clock = [1000.0]
        wire.signer.clock = lambda: clock[0]
        for at, fetched in [(1000.0, 1), (1500.0, 1), (1541.0, 2), (1600.0, 2)]:  # 600 s, less the minute before
            clock[0] = at
            get(wire, "/api/offset", ASKED)
            assert service.asked["token"] == fetched


def test_a_token_that_the_service_forgot_is_fetched_anew(service: Service, url: str) -> None:
    service.auth = "oauth"
    with wire_to(url, access=Access(kind="oauth", token_path="/oauth/token")) as wire:
        get(wire, "/api/offset", ASKED)
        service.tokens.clear()
        get(wire, "/api/offset", ASKED)
    assert service.asked["token"] == 2


def test_a_refused_sign_in_is_said_once_and_without_the_secret(
    service: Service, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "planted-secret-1")
    service.auth, service.echoes = "key", True
    with (
        wire_to(url, access=Access(kind="key", token_secret="API_KEY")) as wire,
        pytest.raises(SourceError, match="/api/offset answered 401: it does not take our sign-in") as caught,
    ):
        get(wire, "/api/offset", ASKED)
    assert "planted-secret-1" not in str(caught.value)


def test_oauth_that_is_refused_says_where(service: Service, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PASSWORD", "planted-secret-2")
    with (
        wire_to(url, access=Access(kind="oauth", token_path="/oauth/token")) as wire,
        pytest.raises(SourceError, match="/oauth/token answered 401") as caught,
    ):
        get(wire, "/api/offset", ASKED)
    assert "planted-secret-2" not in str(caught.value)


def test_a_secret_that_a_server_says_back_is_covered_in_whatever_form(httpserver: HTTPServer) -> None:
    def echo(request: Request) -> Response:
        return Response(f"<html>{request.headers['Authorization'].partition(' ')[2]}", content_type="text/html")

    httpserver.expect_request("/echo").respond_with_handler(echo)
    for access in (Access(kind="bearer", token_secret="API_KEY"), Access(kind="basic")):
        with wire_to(httpserver.url_for(""), access=access) as wire:
            body = get(wire, "/echo").body
            with pytest.raises(SourceError) as caught:
                read_json(body, place="x", status=200)
            assert caught.value.found == f"what came is a page of HTML, or XML ({len(body)} bytes, status 200)."


def test_no_address_with_its_query_and_no_secret_gets_into_the_log(
    httpserver: HTTPServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    httpserver.expect_request("/list").respond_with_data("{}", status=500)
    with (
        wire_to(httpserver.url_for(""), access=Access(kind="bearer", token_secret="API_KEY")) as wire,
        pytest.raises(SourceError) as caught,
    ):
        get(wire, f"/list?token={KEY}", {"apikey": "planted-secret-3"})
    said = capsys.readouterr()
    everything = said.out + said.err + str(caught.value) + repr(wire)
    everything += "".join(r.getMessage() for r in caplog.records if r.name.startswith("stamina"))
    assert "planted-secret-3" not in everything
    assert KEY not in everything
    assert "retry_scheduled" in everything, "retries are logged, without what was asked"


def test_a_secret_that_is_not_set_names_itself() -> None:
    source = Source(name="service", kind="json_api", url="http://one-stop.invalid")
    with pytest.raises(ConfigError, match='the secret "NOT_SET_ANYWHERE" is not set'):
        Signer(source, Access(kind="key", token_secret="NOT_SET_ANYWHERE")).headers()


def test_requests_keep_their_distance_by_a_clock_that_nobody_sets() -> None:
    now, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(30, clock=lambda: now[0], sleep=sleep)  # one in two seconds
    for spent in (0.0, 0.5, 5.0, 0.0):
        now[0] += spent
        pace.wait()
    assert slept == [1.5, 2.0]


def test_failures_in_a_row_end_the_pull_and_leave_the_system_in_peace(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/list").respond_with_data("{}", status=503)
    with (
        wire_to(httpserver.url_for(""), stops_after=3) as wire,
        pytest.raises(SourceError, match="3 requests in a row failed, so this pull ends here"),
    ):
        get(wire, "/list")
    assert len(httpserver.log) == 3


def test_a_success_closes_the_circuit_again(httpserver: HTTPServer) -> None:
    answers = iter([503, 503, 200, 503, 503, 200])
    httpserver.expect_request("/list").respond_with_handler(lambda _: Response("{}", status=next(answers)))
    with wire_to(httpserver.url_for(""), stops_after=3) as wire:
        assert get(wire, "/list").status == get(wire, "/list").status == 200


def test_an_answer_that_is_too_large_is_not_read_to_its_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/list").respond_with_data(b"x" * 50_000)
    with (
        wire_to(httpserver.url_for(""), largest_megabytes=0.01) as wire,
        pytest.raises(SourceError, match=r"/list answers with more than 0.01 MB"),
    ):
        get(wire, "/list")


class _Drip(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            try:
                self.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.02)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def test_an_answer_that_never_ends_is_given_up() -> None:
    """Every byte comes in time, the whole in twenty seconds: ten timeouts are enough."""
    with (
        running(ThreadingHTTPServer(("127.0.0.1", 0), _Drip)) as address,
        wire_to(address, timeout_seconds=0.05, attempts=1) as wire,
        pytest.raises(SourceError, match="did not answer in time"),
    ):
        get(wire, "/list")


def test_an_answer_that_is_cut_off_is_asked_for_again(service: Service, url: str) -> None:
    service.mishaps = Faults(1, {"cut": 0.6})
    with wire_to(url) as wire:
        assert b"ketQua" in get(wire, "/api/offset", ASKED).body
    assert service.mishaps.drawn["cut"] > 0


def test_an_answer_that_does_not_come_is_asked_for_again(service: Service, url: str) -> None:
    service.mishaps = Faults(1, {"timeout": 0.6}, held_seconds=1.5)
    with wire_to(url, timeout_seconds=1.0) as wire:
        assert b"ketQua" in get(wire, "/api/offset", ASKED).body
    assert service.mishaps.drawn["timeout"] > 0


def test_a_way_to_somewhere_else_is_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/list").respond_with_data("", status=302, headers={"Location": "/login"})
    with (
        wire_to(httpserver.url_for("")) as wire,
        pytest.raises(SourceError, match="/list answered 302: it sends us elsewhere, often to a page to sign in"),
    ):
        get(wire, "/list")
    assert [request.path for request, _ in httpserver.log] == ["/list"]


def test_what_is_not_handed_out_is_told_apart_from_what_is_broken(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/one").respond_with_data("", status=404)
    with wire_to(httpserver.url_for("")) as wire, pytest.raises(RefusedError) as caught:
        get(wire, "/one")
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("told", "date", "wait"),
    [
        ("Mon, 02 Mar 2026 03:15:30 GMT", "Mon, 02 Mar 2026 03:15:00 GMT", timedelta(seconds=30)),
        ("Mon, 02 Mar 2026 03:15:00 GMT", "Mon, 02 Mar 2026 03:16:00 GMT", timedelta(0)),
        ("soon", "Mon, 02 Mar 2026 03:16:00 GMT", True),
    ],
)
def test_a_date_to_come_again_is_reckoned_from_the_source_s_own(told: str, date: str, wait: object) -> None:
    asked = httpx2.Request("GET", "http://one-stop.invalid/list")
    answer = httpx2.Response(503, headers={"Retry-After": told, "Date": date}, request=asked)
    assert rest._worth_another_try(httpx2.HTTPStatusError("", request=asked, response=answer)) == wait
