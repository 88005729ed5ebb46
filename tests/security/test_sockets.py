"""What the running dashboard takes in by the socket of a page, from somebody who is not signed in."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboard import watched
from dashboard.watching import Watched
from tests.dashboard.loops import answered
from tests.security.conftest import Site


def test_nobody_tells_the_dashboard_to_forget_what_it_keeps_made(site: Site) -> None:
    with connect(f"ws://{site.host}/_stcore/stream", subprotocols=[Subprotocol("streamlit")]) as line:
        for said in (BackMsg(set_run_on_save=True), BackMsg(clear_cache=True), BackMsg(app_heartbeat=True)):
            line.send(said.SerializeToString())
        told: list[str] = []
        while "heartbeat_ack" not in told:
            answer = line.recv(30)
            assert isinstance(answer, bytes)
            told.append(str(ForwardMsg.FromString(answer).WhichOneof("type")))
    assert told == ["heartbeat_ack"]


def test_a_text_from_somebody_who_is_signed_in_ends_the_socket_and_is_no_incident(site: Site) -> None:
    """No page of ours says a text; Streamlit would break on it."""
    cookie = {"Cookie": f"dunghan_session={site.session}"}
    with connect(
        f"ws://{site.host}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], additional_headers=cookie
    ) as line:
        line.send("a text")
        with pytest.raises(ConnectionClosed) as ended:
            while True:
                line.recv(30)
    assert ended.value.rcvd is None or ended.value.rcvd.code != 1011  # that something broke
    assert "incident" not in site.said()


def test_an_address_of_the_api_that_is_none_is_answered_to_a_program(site: Site) -> None:
    for path in ("/api/", "/api/x", "/api/figures/on_time_due/more"):
        answer = site.ask(path)
        assert (answer.status, answer.of("content-type")) == (404, "application/json")
        assert "docs/api.md" in answer.body.decode()


def test_a_page_that_was_left_while_it_was_told_something_is_no_incident() -> None:
    async def listens_on(page: WebSocket) -> None:
        await page.accept()
        try:
            await page.send_text("x")
        except WebSocketDisconnect:
            await page.receive_bytes()

    async def gone(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise OSError

    async def go() -> None:
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "query_string": b"", "subprotocols": []}
        app = Watched(Starlette(routes=[WebSocketRoute("/_stcore/stream", listens_on)]))
        await app(scope, coming, gone)

    async def coming() -> dict[str, str]:
        return {"type": "websocket.connect"}

    before = watched.incidents.total()
    answered(go)
    assert watched.incidents.total() == before
