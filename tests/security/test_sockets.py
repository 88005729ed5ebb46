"""What the running dashboard takes in by the socket of a page, from somebody who is not signed in."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

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
