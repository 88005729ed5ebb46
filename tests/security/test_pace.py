"""Who asks too often is told when to ask again, costs the others nothing, and fills no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import api, bearing, data, exposition, paced, routes, strangers
from store import people, sessions, tokens
from store.database import Store
from store.tokens import Token

NOW = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)
Ask = Callable[..., Any]


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for name in ("RIGHT", "WRONG"):
        monkeypatch.setattr(bearing, name, paced.Pace(clock))
    return clock


@pytest.fixture
def secrets(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(data, "store", lambda: store)
    return [
        tokens.issue(store, name, kind="api", departments=None, by="quantri", at=NOW)[1] for name in ("a", "b", "c")
    ]


@pytest.fixture
def ask(clock: Clock, secrets: list[str]) -> Iterator[Ask]:
    """Ask with a token, from an address; gives the answer."""

    def who(_: Request, token: Token) -> dict[str, Any]:
        return {"name": token.name}

    app = Starlette(routes=[Route("/api/who", api.answered(who)), *exposition.ROUTES])
    opened: dict[str, TestClient] = {}

    def go(secret: str, address: str = "203.0.113.7", path: str = "/api/who") -> Any:
        client = opened.setdefault(address, TestClient(app, client=(address, 50_000)))
        return client.get(path, headers={"Authorization": f"Bearer {secret}"})

    yield go


def test_a_token_is_answered_so_often_a_minute_and_no_other_waits_for_it(
    ask: Ask, secrets: list[str], clock: Clock
) -> None:
    assert {ask(secrets[0]).status_code for _ in range(bearing.PER_MINUTE)} == {200}
    for path in ("/api/who", "/metrics"):
        late = ask(secrets[0], path=path)
        assert (late.status_code, late.headers["retry-after"]) == (429, "1")
    assert ask(secrets[0], "198.51.100.9").status_code == 429  # wherever it asks from
    assert ask(secrets[1]).json() == {"name": "b"}
    clock.now += 0.26
    assert [ask(secrets[0]).status_code for _ in range(2)] == [200, 429]


def test_an_address_tries_few_wrong_tokens_and_the_store_is_not_asked_for_more(
    ask: Ask, secrets: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(secrets[0]).status_code == 200
    looked: list[str] = []
    by_secret = tokens.by_secret

    def looking(*asked: Any) -> Token | None:
        looked.append(asked[1])
        return by_secret(*asked)

    monkeypatch.setattr(tokens, "by_secret", looking)
    told = [ask(f"wrong-{n}").status_code for n in range(bearing.WRONG_PER_MINUTE + 30)]
    assert told == [401] * bearing.WRONG_PER_MINUTE + [429] * 30 and len(looked) == bearing.WRONG_PER_MINUTE
    assert ask("wrong", path="/metrics").headers["retry-after"] == "3"
    assert ask(secrets[1]).status_code == 429  # it was not heard here before, and may be one more guess
    assert ask(secrets[0]).status_code == 200  # a neighbour's tries shut nobody out who was right before
    assert ask(secrets[1], "198.51.100.9").status_code == 200
    clock.now += 60
    assert [ask(secrets[2]).status_code for _ in range(bearing.WRONG_PER_MINUTE + 5)] == [
        200
    ] * 25  # right ones count not


def test_a_token_that_is_revoked_is_a_wrong_one_from_then_on(ask: Ask, secrets: list[str], store: Store) -> None:
    assert ask(secrets[0]).status_code == 200
    tokens.revoke(store, "a", by="quantri", at=NOW)
    told = [ask(secrets[0]).status_code for _ in range(bearing.WRONG_PER_MINUTE + 2)]
    assert told == [401] * (bearing.WRONG_PER_MINUTE + 1) + [429]


def test_what_is_remembered_of_askers_has_an_end(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "MOST", 50)
    pace = paced.Pace(clock)
    for n in range(500):
        pace.wait(f"address:{n}", each=5, together=None)
    assert len(pace.known) == 50 and pace.knows("address:499") and not pace.knows("address:0")


def test_without_a_token_nothing_is_looked_up(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "by_secret", lambda *_: pytest.fail("the store was asked"))
    assert {ask("").status_code for _ in range(300)} == {401}


def test_sockets_of_nobody_are_few_and_those_who_are_signed_in_do_not_wait(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "store", lambda: store)
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW)
    monkeypatch.setattr(strangers, "PACE", paced.Pace(clock))
    person = people.add(store, "soxd", "bốn con trâu già", role="director", title="x")
    session = sessions.open_for(store, person, now=NOW)
    wall = tokens.issue(store, "tuong", kind="wall", departments=None, by="quantri", at=NOW)[1]

    async def page(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", page)], middleware=[Middleware(routes.Gate)])

    def opened(cookie: str, address: str = "203.0.113.7") -> bool:
        client = TestClient(app, client=(address, 50_000))
        try:
            with client.websocket_connect("/_stcore/stream", headers={"cookie": cookie}):
                return True
        except WebSocketDisconnect:
            return False

    for cookie in ("", "dunghan_session=made-up", "dunghan_wall=made-up"):
        assert opened(cookie)
    assert [opened("dunghan_session=made-up") for _ in range(strangers.PER_MINUTE)].count(
        True
    ) == strangers.PER_MINUTE - 3
    assert opened(f"dunghan_session={session}") and opened(f"dunghan_wall={wall}") and opened("", "198.51.100.9")
    sessions.close(store, session)
    assert not opened(f"dunghan_session={session}")
    clock.now += 4
    assert opened(f"dunghan_session={session}")
