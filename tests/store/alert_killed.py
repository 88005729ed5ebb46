"""Look, write the morning mail, and die at a point if one is named: a process of its own, run by test_alerts_killed.

Arguments: address of the store, home, moment, point ("" to live). Says every point that it passes.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from jobs import alerting
from store.database import open_store
from tests.nothing_lost.nursery import points


def main(url: str, home: str, moment: str, wanted: str) -> None:
    """Do the worker's morning."""

    def passed(name: str) -> None:
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        if name == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    points(passed)
    store, now = open_store(url, home=Path(home)), datetime.fromisoformat(moment)
    alerting.alert(store, now)
    alerting.digest(store, now)


if __name__ == "__main__":
    main(*sys.argv[1:5])
