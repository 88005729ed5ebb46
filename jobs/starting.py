"""The parts of the running product: their command lines, the order they start in, and when each is ready.

Imports nothing heavy: while this process would load the database's libraries, the page is already coming up.
"""

from __future__ import annotations

import json
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from config.errors import ConfigError
from jobs.place import Place
from jobs.processes import Family

if TYPE_CHECKING:
    from jobs.demo import Account

PATIENCE_SECONDS: Final = 90.0
TURN_SECONDS: Final = 0.2
#: The province is built while the page comes up: it leaves the processor to the page.
YIELDING: Final = ("nice", "-n", "5")


def start_page(place: Place, family: Family, *, watch: Callable[[], None]) -> Sequence[Account]:
    """Start the demo and the dashboard, wait until the page answers, and give the demo's accounts.

    The slow beginnings overlap; only a new store is made before anybody else may open it. Raises DunghanError.
    """
    python = sys.executable
    family.start("demo", [*YIELDING, python, "-m", "jobs.demo", "--port", str(place.demo_port)])
    if place.is_new:
        _make_store(place)
    address = ["--server.port", str(place.port), "--server.address", "127.0.0.1"]
    family.start("dashboard", [python, "-m", "streamlit", "run", "streamlit_app.py", *address])
    accounts = _make_accounts(place)
    wait_for(lambda: _is_healthy(place), "dashboard", place, watch=watch)
    return accounts


def start_worker(place: Place, family: Family, *, watch: Callable[[], None]) -> None:
    """Start the worker as soon as the demo can be asked."""
    wait_for(lambda: _answers(place.demo_port), "demo", place, watch=watch)
    family.start("worker", [sys.executable, "-m", "jobs.scheduler"])


def wait_for(ready: Callable[[], bool], name: str, place: Place, *, watch: Callable[[], None]) -> None:
    """Wait until a part is ready, looking after the others meanwhile. Raises ConfigError when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        watch()
        if time.monotonic() > deadline:
            raise ConfigError(name, f"no answer after {PATIENCE_SECONDS:.0f} s.", f"Read {place.logs / name}.log.")
        time.sleep(TURN_SECONDS)


def _make_store(place: Place) -> None:
    from store.database import open_store

    open_store(place.store, home=place.home).engine.dispose()


def _make_accounts(place: Place) -> Sequence[Account]:
    from jobs import demo
    from store.database import open_store

    store = open_store(place.store, home=place.home)
    try:
        return demo.accounts(store)
    finally:
        store.engine.dispose()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _is_healthy(place: Place) -> bool:
    try:
        with urllib.request.urlopen(f"{place.url}/healthz", timeout=2) as answer:  # nosec B310  # our own http address
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError, KeyError):
        return False
