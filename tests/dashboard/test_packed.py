"""Streamlit's own files come packed to whoever takes them so, and are the same files afterwards."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from dashboard.packed import Packed, files
from tests.dashboard.loops import answered

LARGEST = max(files(), key=lambda address: files()[address].stat().st_size)
Asked = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def ask() -> Asked:
    app = Starlette(routes=create_streamlit_static_assets_routes(None), middleware=[Middleware(Packed)])

    def asked(path: str, takes: str = "gzip, br", method: str = "GET", **headers: str) -> httpx2.Response:
        async def go() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
                return await client.request(method, path, headers={"accept-encoding": takes, **headers})

        return answered(go)

    return asked


def test_every_file_is_the_same_when_it_is_unpacked(ask: Asked) -> None:
    whole = sum(file.stat().st_size for file in files().values())
    sent = 0
    for address, file in files().items():
        answer = ask(address)
        assert answer.headers["content-encoding"] == "gzip" and answer.headers["vary"] == "Accept-Encoding"
        assert answer.content == file.read_bytes(), address
        sent += int(answer.headers["content-length"])
    assert whole > 15e6 and sent < 0.4 * whole


@pytest.mark.parametrize("address", [LARGEST, next(each for each in files() if each.endswith(".css"))])
def test_what_streamlit_says_of_a_file_is_still_said(ask: Asked, address: str) -> None:
    packed, plain = ask(address), ask(address, takes="identity")
    for name in ("cache-control", "content-type"):
        assert packed.headers[name] == plain.headers[name], name
    assert "immutable" in packed.headers["cache-control"]


@pytest.mark.parametrize("takes", ["", "identity", "br", "gzip;q=0", "br, gzip; q=0.000", "xgzip"])
def test_who_does_not_take_it_packed_gets_it_as_it_lies(ask: Asked, takes: str) -> None:
    answer = ask(LARGEST, takes=takes)
    assert "content-encoding" not in answer.headers
    assert answer.content == files()[LARGEST].read_bytes()


@pytest.mark.parametrize("takes", ["gzip", "GZIP", "br;q=1.0, gzip;q=0.5", "gzip;q=1"])
def test_who_takes_it_packed_gets_it_packed(ask: Asked, takes: str) -> None:
    assert ask(LARGEST, takes=takes).headers["content-encoding"] == "gzip"


def test_a_part_of_a_file_is_a_part_of_what_lies_there(ask: Asked) -> None:
    answer = ask(LARGEST, range="bytes=0-9")
    assert answer.status_code == 206
    assert answer.content == files()[LARGEST].read_bytes()[:10]


@pytest.mark.parametrize("path", ["/", "/static/js/none.js", "/static/../index.html", "/static/js/%2e%2e/x.js"])
def test_nothing_else_is_touched(ask: Asked, path: str) -> None:
    assert "content-encoding" not in ask(path).headers


def test_packing_is_done_once() -> None:
    from dashboard.packed import packed

    assert packed(LARGEST) is packed(LARGEST)
    assert gzip.decompress(packed(LARGEST)) == files()[LARGEST].read_bytes()
    assert str(files()[LARGEST]).startswith(get_static_dir())
