"""What a dashboard sends is sent at once, whoever made the socket that it listens at."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from dashboard import spared


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_what_is_taken_in_holds_nothing_back(family: socket.AddressFamily) -> None:
    with socket.socket(family) as listening:  # as Streamlit makes it: no word of TCP
        try:
            listening.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 of its own")
        held: list[int] = []
        thread = threading.Thread(target=lambda: held.append(asyncio.run(_taken_in(listening))))
        thread.start()
        thread.join()
    assert held == [1]


async def _taken_in(listening: socket.socket) -> int:
    """Serve one visitor, and say whether what is sent to it goes at once."""
    loop = asyncio.get_running_loop()
    spared.at_once(loop)
    found: asyncio.Future[int] = loop.create_future()

    class Told(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            taken: socket.socket = transport.get_extra_info("socket")
            found.set_result(int(bool(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))))

    server = await loop.create_server(Told, sock=listening)
    async with server:
        _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        answer = await asyncio.wait_for(found, 10)
        writer.close()
    return answer
