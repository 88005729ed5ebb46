"""The made-up province as a process of its own, under whatever clock it is started with: python -m tests.soak.office.

Takes the port, the seed, the day of opening and the size. It is killed to be away, and started to be back: the same
words give the same province.
"""

from __future__ import annotations

import socket
import sys
from datetime import UTC, date, datetime

from connectors.simulator.server import Desk, serve
from tests.soak.house import province


def main(port: str, seed: str, opened_on: str, size: str) -> None:
    """Serve until killed."""
    listening = socket.create_server(("127.0.0.1", int(port)), backlog=32)
    drawn = province(int(seed), date.fromisoformat(opened_on), float(size))
    serve(Desk(drawn, lambda: datetime.now(UTC)), listening).serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
