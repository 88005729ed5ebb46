"""Asked often: made once, kept by others by its mark, and answered so many times a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio
import httpx2
import pytest
from starlette.applications import Starlette

from dashboard import data, paced, public, publishing
from tests.dashboard.conftest import NOW
from tests.dashboard.loops import answered
from tests.dashboard.public.conftest import Get


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [public.PATH, public.MACHINES])
def test_a_copy_is_kept_and_asked_for_by_its_mark(get: Get, path: str) -> None:
    first = get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    again = get(path, if_none_match=f'"other", W/{first.headers["etag"]}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get(path, if_none_match='"other"').status_code == 200
    head = get(path, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert (head.headers["content-length"], head.headers["etag"]) == (str(len(first.content)), first.headers["etag"])
    assert get(path, method="POST").status_code == 405


def test_another_day_another_setting_another_mark(
    get: Get, opened: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {get().headers["etag"]}
    opened(smallest=9)
    marks.add(get().headers["etag"])
    opened()
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW + timedelta(days=7))
    marks.add(get().headers["etag"])
    assert len(marks) == 3


def test_it_is_made_once_however_many_ask_while_it_is_made(
    get: Get, opened: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    made, real = [], publishing.content

    def slowly(*given: Any) -> Any:
        made.append(given)
        time.sleep(0.3)
        return real(*given)

    monkeypatch.setattr(publishing, "content", slowly)
    app = Starlette(routes=list(public.ROUTES))

    async def many() -> list[int]:
        transport = httpx2.ASGITransport(app=app, client=("10.0.0.8", 1))
        found: list[int] = []
        async with (
            httpx2.AsyncClient(transport=transport, base_url="http://here") as client,
            anyio.create_task_group() as all_,
        ):

            async def one() -> None:
                found.append((await client.get(public.PATH)).status_code)

            for _ in range(20):
                all_.start_soon(one)
        return found

    assert answered(many) == [200] * 20
    assert len(made) == 1
    get()
    assert len(made) == 1


def test_who_asks_too_often_waits_and_others_do_not(get: Get, opened: Callable[..., None]) -> None:
    opened(per_minute=3)
    clock = [0.0]
    public.PACE.clock = lambda: clock[0]
    assert [get().status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = get(public.MACHINES)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
    assert refused.headers["cache-control"] == "no-store"
    assert get(who="10.0.0.8").status_code == 200
    clock[0] += 20
    assert [get().status_code for _ in range(2)] == [200, 429]


def test_a_header_that_nobody_vouches_for_makes_no_other_asker(get: Get, opened: Callable[..., None]) -> None:
    opened(per_minute=1)
    assert [get(x_forwarded_for=f"1.2.3.{i}").status_code for i in range(3)] == [200, 429, 429]


def test_all_together_are_held_too_while_there_is_nothing_made(
    get: Get, opened: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(per_minute_all=2)
    public.PACE.clock = lambda: 0.0
    monkeypatch.setattr(data, "manifest", lambda: None)
    assert [get(who=f"10.0.0.{i}").status_code for i in range(3)] == [503, 503, 429]


def test_many_who_get_what_stands_made_take_nothing_from_the_next(get: Get, opened: Callable[..., None]) -> None:
    opened(per_minute=2, per_minute_all=3)
    public.PACE.clock = public.SHELF.clock = lambda: 0.0
    mark = get().headers["etag"]
    many = [get(who=f"10.0.1.{i}", **told).status_code for i in range(6) for told in ({}, {"if_none_match": mark})]
    assert many == [200, 304] * 6
    assert get(who="10.0.1.0").status_code == 429
    assert get(who="10.0.2.0").status_code == 200


def test_everybody_behind_a_proxy_of_this_machine_is_held_by_what_all_have(
    get: Get, opened: Callable[..., None]
) -> None:
    opened(per_minute=1, per_minute_all=3)
    public.PACE.clock = public.SHELF.clock = lambda: 0.0
    assert [get(who="127.0.0.1").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert get(who="10.0.0.8").status_code == 200


def test_no_more_askers_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "MOST", 10)
    pace = paced.Pace(clock=lambda: 0.0)
    assert all(pace.wait(f"{i}", each=1, together=10_000) == 0 for i in range(500))
    assert len(pace.known) == 10


def test_who_is_refused_costs_the_others_nothing() -> None:
    pace = paced.Pace(clock=lambda: 0.0)
    assert sum(pace.wait("one", each=2, together=5) == 0 for _ in range(100)) == 2
    assert sum(pace.wait(f"{i}", each=2, together=5) == 0 for i in range(100)) == 3


def test_many_threads_take_no_more_than_there_are() -> None:
    pace = paced.Pace(clock=lambda: 0.0)
    with ThreadPoolExecutor(8) as many:
        taken = list(many.map(lambda _: pace.wait("one", each=50, together=1000) == 0, range(400)))
    assert sum(taken) == 50


@pytest.mark.usefixtures("opened")
def test_without_figures_it_says_so_and_is_not_kept(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "manifest", lambda: None)
    found = get()
    assert (found.status_code, found.headers["cache-control"]) == (503, "no-store")
    assert "retry-after" in found.headers
