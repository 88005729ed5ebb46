"""What a source's answer, a redirect or a name server says leads no request of ours to another place, nor a secret."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.errors import ConfigError, SourceError
from config.provider import Provider
from config.settings import settings
from config.sources import Source
from connectors import oidc, outbound
from connectors.access import Access, Signer
from connectors.base import Reading
from connectors.json_api import pull
from connectors.json_api_window import Cursor
from connectors.manners import Manners
from connectors.outbound import OutsideError
from connectors.rest import Wire, connect, get
from tests.rest.conftest import MAPPING, source_at
from tests.rest.test_traps import answer, row

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "planted-bearer-0f31"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("API_KEY", SECRET)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    """Another server, which would answer anything."""
    with HTTPServer() as server:
        server.expect_request("").respond_with_json({})
        yield server


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    source = Source(name="service", kind="json_api", url=url)
    signer = Signer(source, Access(kind="bearer", token_secret="API_KEY"))
    told = Manners(attempts=1, timeout_seconds=2.0)
    with connect(url, place='source "service"', manners=told, signer=signer) as wire:
        yield wire


def refuse(monkeypatch: pytest.MonkeyPatch, networks: str) -> None:
    monkeypatch.setenv("DUNGHAN_REFUSED_NETWORKS", networks)
    settings.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data", "http://169.254.0.1", "http://2852039166", "http://0xa9fea9fe",
        "http://169.254.43518", "http://[fe80::1]", "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]", "http://[64:ff9b::a9fe:a9fe]", "http://[2002:a9fe:a9fe::1]", "http://[::]:80",
        "http://[fd00:ec2::254]", "http://[fd20:ce::254]", "http://0.0.0.0:8501", "http://100.100.100.200",
        "http://224.0.0.1", "http://[ff02::1]", "https://169.254.169.254",
    ],
)  # fmt: skip
def test_what_a_machine_tells_only_to_itself_is_not_asked_however_it_is_written(url: str) -> None:
    with wire_to(url) as wire, pytest.raises(OutsideError, match="where this product asks for nothing"):
        get(wire, "/x")


@pytest.mark.parametrize("url", ["http://0251.0376.0251.0376", "http://[x", "http://a\x00b"])
def test_what_is_no_address_is_said_in_words(url: str) -> None:
    with pytest.raises(SourceError), wire_to(url) as wire:
        get(wire, "/x")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://10.0.0.1/x", "gopher://10.0.0.1:25", "unix:///run/x"])
def test_only_http_is_a_way_to_ask(url: str) -> None:
    with wire_to(url) as wire, pytest.raises(OutsideError, match="is no way to ask a system"):
        get(wire, "/x")


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.9", "192.168.1.1", "127.0.0.1", "::1", "fd12::1", "8.8.8.8"])
def test_a_centres_own_networks_are_allowed(address: str) -> None:
    outbound._allowed(ip_address(address), "source")


def test_a_name_is_judged_by_the_peer_that_answers_for_it_before_a_word_is_said(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server says what it likes, and another thing a second later: the peer is what counts."""
    httpserver.expect_request("/x").respond_with_json({"a": 1})
    url = f"http://localhost:{httpserver.port}"
    with wire_to(url) as wire:
        assert get(wire, "/x").status == 200
    refuse(monkeypatch, "10.9.0.0/16, 127.0.0.0/8 ::1/128")
    with wire_to(url) as wire, pytest.raises(OutsideError, match="DUNGHAN_REFUSED_NETWORKS"):
        get(wire, "/x")
    assert len(httpserver.log) == 1


def test_networks_that_nobody_can_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "10.9.0.0/16, văn phòng")
    with wire_to("http://127.0.0.1:9") as wire, pytest.raises(ConfigError, match="DUNGHAN_REFUSED_NETWORKS"):
        get(wire, "/x")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_no_secret_leaves_the_host(
    httpserver: HTTPServer, elsewhere: HTTPServer, status: int
) -> None:
    there = elsewhere.url_for("/steal")
    httpserver.expect_request("/x").respond_with_data("", status=status, headers={"Location": there})
    with wire_to(httpserver.url_for("").rstrip("/")) as wire, pytest.raises(SourceError, match="sends us elsewhere"):
        get(wire, "/x")
    assert httpserver.log[0][0].headers["Authorization"] == f"Bearer {SECRET}"
    assert elsewhere.log == []


@pytest.mark.parametrize("way", ["body", "header"])
def test_a_next_page_is_read_from_the_same_server_or_not_at_all(
    httpserver: HTTPServer, elsewhere: HTTPServer, tmp_path: Path, way: str
) -> None:
    (tmp_path / "service.toml").write_text(MAPPING, encoding="utf-8")
    home = httpserver.url_for("").rstrip("/")
    evil = elsewhere.url_for("/api/link?page=2")
    access = {"kind": "bearer", "token_secret": "API_KEY"}
    own = {"next": "trang.sau" if way == "body" else "", "access": access, "total": "", "attempts": 1}
    source = source_at(home, tmp_path, "link", **own)
    for link in (
        evil, evil.replace("http://", "//"), home.replace("http://", "https://") + "/api/link?page=2",
        home.replace("http://", "http://user@") + "/x", f"{home}@{evil.removeprefix('http://')}",
        "http://169.254.169.254/latest", "file:///etc/passwd", f"\\\\{evil.removeprefix('http://')}",
        "http://[x", "http://a\x00b/",
    ):  # fmt: skip

        def told(_: Request, link: str = link) -> Response:
            body = answer([row(1), row(2)], None, **({"sau": link} if way == "body" else {}))
            return _json(body, {"Link": f'<{link}>; rel="next"'} if way == "header" else {})

        httpserver.clear()
        httpserver.expect_request("/api/link").respond_with_handler(told)
        with pytest.raises(SourceError):
            list(pull(source, Reading(NOW)))
    assert elsewhere.log == []


def _json(body: object, headers: dict[str, str]) -> Response:
    import json

    return Response(json.dumps(body), headers=headers, content_type="application/json")


def test_a_page_kept_from_a_server_that_was_is_not_asked_for_with_the_secret_of_the_one_that_is(
    httpserver: HTTPServer, elsewhere: HTTPServer, tmp_path: Path
) -> None:
    (tmp_path / "service.toml").write_text(MAPPING, encoding="utf-8")
    httpserver.expect_request("/api/link").respond_with_json(answer([row(1), row(2)]))
    own = {"access": {"kind": "bearer", "token_secret": "API_KEY"}, "next": "trang.sau", "total": "", "attempts": 1}
    source = source_at(httpserver.url_for("").rstrip("/"), tmp_path, "link", **own)
    kept = Cursor(upto=NOW.isoformat(), number=1, token=elsewhere.url_for("/api/link?page=2"))
    (batch,) = list(pull(source, Reading(NOW, kept.write())))
    assert batch.good.height == 2 and elsewhere.log == []


def test_a_provider_that_leads_elsewhere_is_not_asked_there(
    httpserver: HTTPServer, elsewhere: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = httpserver.url_for("").rstrip("/")
    provider = Provider(issuer, "dunghan", "https://dunghan.tinh.gov.vn", "planted-oidc-77")
    told = {
        "issuer": issuer, "authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t",
        "jwks_uri": "https://169.254.169.254/keys",
    }  # fmt: skip
    found = httpserver.expect_request("/.well-known/openid-configuration")
    oidc.forget()
    found.respond_with_json(told)
    with pytest.raises(oidc.ProviderError, match="asks for nothing"):
        oidc.begin(provider, scopes=(), now=NOW)
    found.respond_with_json(told | {"jwks_uri": "http://keys.example/keys"})
    with pytest.raises(oidc.ProviderError, match="it tells no jwks_uri with https"):
        oidc.begin(provider, scopes=(), now=NOW)
    found.respond_with_data("", status=302, headers={"Location": elsewhere.url_for("/openid")})
    with pytest.raises(oidc.ProviderError, match="302"):
        oidc.begin(provider, scopes=(), now=NOW)
    refuse(monkeypatch, "127.0.0.0/8, ::1")
    with pytest.raises(oidc.ProviderError, match="asks for nothing"):
        oidc.begin(provider, scopes=(), now=NOW)
    assert elsewhere.log == []


def test_an_answer_of_a_provider_that_does_not_end_is_cut(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def endless(part: bytes, most: int) -> Iterator[bytes]:
        for n in range(most):
            sent.append(n)
            yield part
            time.sleep(0.02 if len(part) == 1 else 0)

    issuer = httpserver.url_for("").rstrip("/")
    found = httpserver.expect_request("/.well-known/openid-configuration")
    provider = Provider(issuer, "dunghan", "https://dunghan.tinh.gov.vn")
    monkeypatch.setattr(oidc, "LONGEST", 0.3)
    for part, most in ((b"x" * 500_000, 400), (b" ", 400)):
        sent.clear()
        oidc.forget()

        def told(_: Request, part: bytes = part, most: int = most) -> Response:
            return Response(endless(part, most))

        found.respond_with_handler(told)
        with pytest.raises(oidc.ProviderError):
            oidc.begin(provider, scopes=(), now=NOW)
        assert len(sent) < most
