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
    """Start the dashboard, and the demo where one is wanted; wait until the page answers, give the demo's accounts.

    The slow beginnings overlap; only a new store is made before anybody else may open it. Raises DunghanError.
    """
    python = sys.executable
    if place.demo_port is not None:
        family.start("demo", [*YIELDING, python, "-m", "jobs.demo", "--port", str(place.demo_port)])
    if place.is_new:
        _make_store(place)
    address = ["--server.port", str(place.port), "--server.address", "127.0.0.1"]
    family.start("dashboard", [python, "-m", "streamlit", "run", "streamlit_app.py", *address])
    accounts = _make_accounts(place) if place.demo_port is not None else ()
    wait_for(lambda: _is_healthy(place), "dashboard", place, watch=watch)
    return accounts


def must_be_own(place: Place) -> None:
    """Refuse a store that holds the made-up province, or into which nobody could sign in. Raises ConfigError."""
    from config.provider import provider
    from store import people, runs
    from store.database import open_store

    store = open_store(place.store, home=place.home)
    try:
        made_up = (runs.latest(store)["kind"] == "demo").any()
        nobody = not people.names(store) and provider() is None
    finally:
        store.engine.dispose()
    if made_up:
        found = "this store holds the made-up province."
        raise ConfigError(store.name, found, "Name your own: DUNGHAN_STORE=sqlite:///var/own.sqlite make serve")
    if nobody:
        step = "Add a person with the same DUNGHAN_STORE: .venv/bin/dunghan person add NAME --role director"
        raise ConfigError(store.name, "nobody can sign in yet.", step)


def start_worker(place: Place, family: Family, *, watch: Callable[[], None]) -> None:
    """Start the worker, as soon as the demo can be asked where one runs."""
    port = place.demo_port
    if port is not None:
        wait_for(lambda: _answers(port), "demo", place, watch=watch)
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
