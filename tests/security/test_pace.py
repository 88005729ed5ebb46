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
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard import api, bearing, exposition, paced, routes, said, stored, strangers
from store import people, sessions, tokens
from store.database import Store
from store.tokens import Token
from tests.dashboard.loops import answered

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
    monkeypatch.setattr(stored, "store", lambda: store)
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
    monkeypatch.setattr(stored, "store", lambda: store)
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
    monkeypatch.setattr(strangers, "MOST_OPEN", 0)
    assert not opened("", "192.0.2.77")


class Line:
    """A socket by which so many messages have come; ``heard``: which of them were taken in, and at what second."""

    def __init__(self, clock: Clock, *messages: dict[str, Any]) -> None:
        self.clock, self.coming = clock, [*messages]
        self.heard: list[tuple[float, str]] = []

    async def receive(self) -> dict[str, Any]:
        return self.coming.pop(0) if self.coming else {"type": "websocket.disconnect"}

    async def page(self, scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append((self.clock.now, message["type"]))

    def stand(self, cookie: str, address: str = "203.0.113.7") -> list[float]:
        """Open it until it is hung up, and give at which seconds something was taken in."""
        headers = [(b"cookie", cookie.encode())]
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "client": (address, 50_000)}

        async def go() -> None:
            await strangers.opened(self.page, scope, self.receive, _unheard)

        answered(go)
        return [at for at, _ in self.heard]


async def _unheard(_: Any) -> None:
    """Take what the server says."""


@pytest.fixture
def by_clock(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let sockets be paced by the test's clock, which whoever waits moves on; gives a session's cookie."""
    monkeypatch.setattr(stored, "store", lambda: store)
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW)
    for name in ("PACE", "HEARD", "HEARD_OF_NOBODY"):
        monkeypatch.setattr(strangers, name, paced.Pace(clock))

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("anyio.sleep", sleep)
    person = people.add(store, "soxd", "bốn con trâu già", role="director", title="x")
    return f"dunghan_session={sessions.open_for(store, person, now=NOW)}"


def some(count: int, body: bytes = b"x") -> list[dict[str, Any]]:
    return [{"type": "websocket.receive", "bytes": body} for _ in range(count)]


def test_what_comes_by_a_socket_is_taken_in_no_faster_than_a_page_asks(by_clock: str, clock: Clock) -> None:
    taken = Line(clock, *some(strangers.TAKEN_IN_OF_NOBODY + 30)).stand("dunghan_session=made-up")
    assert taken[strangers.TAKEN_IN_OF_NOBODY - 1] == 0 and taken[-1] == pytest.approx(30, abs=0.1)
    assert Line(clock, *some(1)).stand("")[0] > taken[-1], "another socket is no way round"
    clock.now = 1000
    taken = Line(clock, *some(strangers.TAKEN_IN + 30)).stand(by_clock)
    assert taken[strangers.TAKEN_IN - 1] == 1000 and taken[-1] == pytest.approx(1003, abs=0.1)


def test_many_addresses_of_nobody_are_taken_in_no_faster_than_all_of_them_may(by_clock: str, clock: Clock) -> None:
    for n in range(10):
        last = Line(clock, *some(strangers.TAKEN_IN_OF_NOBODY)).stand("", f"203.0.113.{n}")[-1]
    assert last > 45


@pytest.mark.parametrize(
    "message", [{"text": "x"}, {"bytes": b"x" * (strangers.LONGEST + 1)}, {"bytes": b""}, {"bytes": None, "text": "x"}]
)
def test_nobody_says_by_a_socket_what_no_page_of_ours_does(
    by_clock: str, clock: Clock, message: dict[str, Any]
) -> None:
    assert Line(clock, *some(1), {"type": "websocket.receive"} | message, *some(1)).stand("") == [0]


def test_streamlit_hears_nothing_that_its_developers_alone_would_say() -> None:
    for name in ("clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime"):
        message = BackMsg()
        setattr(message, name, True)
        assert not said.may_be_said(message)
    many, one = BackMsg(), BackMsg()
    many.file_urls_request.file_names.extend(["a"] * (said.MOST_FILES + 1))
    one.file_urls_request.file_names.append("a")
    assert not said.may_be_said(many) and not said.may_be_said(BackMsg())
    assert said.may_be_said(one) and said.may_be_said(BackMsg(app_heartbeat=True))
