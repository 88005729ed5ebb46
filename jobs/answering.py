"""Who of a production is there, for the doctor: its dashboards, its workers, its database's clock (docs/deploy.md)."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from jobs.deployed import Found, listening
from jobs.scheduler import LEADER, STANDBY
from store import server_clock, snapshot
from store.database import HEAD, Store
from store.leading import holder

#: Clocks that part by more than this (seconds) put things into another order than they happened in.
NOTED: Final = 2.0
GRAVE: Final = 60.0
#: One that waits lets go for an instant every few seconds.
LOOKS: Final = 5


def on_server(store: Store) -> bool:
    """Say whether a store is one of a production: on a server, not a file beside the program."""
    return store.engine.dialect.name == "postgresql"


def tables(store: Store) -> Iterator[Found]:
    """Say of which version the tables are; an open store has the newest that this release knows."""
    yield "tables", "ok", f"of version {HEAD}, the newest that this release knows", ""


def workers(store: Store) -> Iterator[Found]:
    """Look whether a worker leads, and whether another would follow it. Raises StoreError."""
    if not on_server(store):
        return
    if not _held(store, LEADER):
        found = "none leads: nothing is read, no report is drafted, no mail goes out"
        yield "worker", "wrong", found, "systemctl start dunghan-worker@a; or dunghan worker"
    elif not _held(store, STANDBY):
        found = "one leads and none waits: when it ends, nobody follows at once"
        yield "worker", "look", found, "systemctl enable --now dunghan-worker@b"
    else:
        yield "worker", "ok", "one leads, another waits to follow", ""


def _held(store: Store, name: str) -> bool:
    for look in range(LOOKS):
        if look:
            time.sleep(0.1)
        if holder(store, name) is not None:  # to try the lock would keep a worker from it
            return True
    return False


def clocks(store: Store) -> Iterator[Found]:
    """Compare the database's clock with this machine's. Raises StoreError."""
    before = datetime.now(UTC)
    there = server_clock.told(store)
    if there is None:
        return
    here = before + (datetime.now(UTC) - before) / 2
    apart = (there - here).total_seconds()
    if abs(apart) < NOTED:
        yield "clock", "ok", f"this machine and the database agree to {abs(apart):.1f} s", ""
    else:
        found = f"the database is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} this machine"
        yield "clock", "wrong" if abs(apart) > GRAVE else "look", found, "Let both keep time by NTP: timedatectl status"


def dashboards(store: Store) -> Iterator[Found]:
    """Ask the dashboards of DUNGHAN_DASHBOARDS, ports of this machine, how they are. Raises StoreError."""
    told = os.environ.get("DUNGHAN_DASHBOARDS", "").replace(",", " ").split()
    for word in told:
        if not word.isdecimal():
            yield "DUNGHAN_DASHBOARDS", "wrong", f'"{word}" is no port', "Write ports with commas between: 8501,8502"
    ports = [int(word) for word in told if word.isdecimal()]
    state = snapshot.read_manifest(store)
    for port in ports:
        yield _dashboard(port, state.data_version if state and state.parts else None)
    yield from listening(ports)


def _dashboard(port: int, version: str | None) -> Found:
    what, answer = f"dashboard {port}", _health(port)
    if answer is None:
        return what, "wrong", "nobody answers", f"systemctl status dunghan-dashboard@{port}"
    if answer.get("status") != "ok":
        return what, "wrong", f"it says: {answer.get('status')}", f"journalctl -u dunghan-dashboard@{port}"
    if answer.get("data_version") != version:
        found = f"it shows figures {answer.get('data_version')}, and here stand {version}"
        return what, "look", found, "Do both have the same DUNGHAN_HOME and DUNGHAN_STORE?"
    return what, "ok", "it answers, and shows the newest figures", ""


def _health(port: int) -> dict[str, Any] | None:
    url = f"http://127.0.0.1:{port}/healthz"
    with suppress(OSError, ValueError):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # nosec B310  # our own address, on this machine
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            return dict(json.loads(error.read()))
    return None
