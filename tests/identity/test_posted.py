"""What anybody may post: too much of it is cut, and many at once hold up nobody but themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import httpx2
import pytest
from starlette.applications import Starlette

from dashboard import account, doors, entering, posted
from store import passwords, people
from tests.dashboard.loops import answered
from tests.identity.test_doors import alert, enter

FORM = {"content-type": "application/x-www-form-urlencoded"}


def asking(site: Starlette) -> httpx2.AsyncClient:
    """Give a browser that asks many things at once, with the key of our form."""
    key = {"cookie": f"{doors.CSRF_COOKIE}=k"}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://here", headers=key, timeout=60)


def test_sixty_who_sign_in_at_once_stop_no_page_and_beyond_those_who_may_wait_it_is_said_at_once(
    site: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "WAITING", 50)
    answers: list[httpx2.Response] = []

    async def tried(client: httpx2.AsyncClient, n: int) -> None:
        form = {"ten": f"ai-{n}", "mat_khau": "sai", "khoa": "k"}
        answers.append(await client.post(doors.SIGN_IN, data=form))

    async def at_once() -> None:
        async with asking(site) as client, anyio.create_task_group() as those:
            for _ in range(2):  # as if two hashes took for ever
                passwords._ONE_AT_A_TIME.acquire()
            try:
                for n in range(60):
                    those.start_soon(tried, client, n)
                with anyio.fail_after(10):
                    while len(answers) < 6:  # 4 are tried, 50 wait
                        await anyio.sleep(0.01)
                    assert (await client.get("/healthz")).status_code == 200
            finally:
                passwords._ONE_AT_A_TIME.release(2)

    answered(at_once)
    assert Counter(one.status_code for one in answers) == {401: 54, 503: 6}
    assert {(alert(one), one.headers["retry-after"]) for one in answers[:6]} == {(entering.BUSY, "5")}


@pytest.mark.parametrize("path", [doors.SIGN_IN, doors.ACCOUNT, account.EVERYWHERE])
def test_a_form_longer_than_any_of_ours_is_not_read(
    browser: Callable[..., Any], head: people.Person, path: str
) -> None:
    client = browser()
    enter(client, "soxd")
    just, beyond = b"x=" + b"a" * (posted.MOST - 2), b"x=" + b"a" * (posted.MOST - 1)
    assert client.post(path, content=beyond, headers=FORM).status_code == 413
    assert client.post(path, content=just, headers=FORM).status_code in (303, 403)


@pytest.mark.parametrize("path", [doors.SIGN_IN, doors.ACCOUNT, account.EVERYWHERE])
@pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "utf-8"])
def test_a_form_that_names_its_own_decoder_is_not_read(
    browser: Callable[..., Any], head: people.Person, path: str, charset: str
) -> None:
    client = browser()
    enter(client, "soxd")
    body = b'--x\r\nContent-Disposition: form-data; name="ten"\r\n\r\n\\ud800\r\n--x--\r\n'
    told = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    assert client.post(path, content=body, headers=told).status_code == 415


def test_a_form_that_never_ends_is_cut(site: Starlette) -> None:
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while len(sent) < 1000:
            sent.append(1)
            yield b"a" * 1024

    async def post() -> int:
        async with asking(site) as client:
            return (await client.post(doors.SIGN_IN, content=endless(), headers=FORM)).status_code

    assert answered(post) == 413
    assert len(sent) == 65
