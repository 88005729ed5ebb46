"""The first minute of ``make run``: start the children, wait for the page, show how the demo fills."""

from __future__ import annotations

import json
import shlex
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from config.errors import ConfigError
from jobs import demo
from jobs.place import Place
from jobs.processes import Family
from store import runs
from store.database import open_store

if TYPE_CHECKING:
    from jobs.demo import Account
    from store.database import Store

PATIENCE_SECONDS: Final = 90.0
TURN_SECONDS: Final = 0.2
#: The dashboard is an ASGI app; its own routes (health, sign-in) come with it.
DASHBOARD: Final = "streamlit run streamlit_app.py --server.port {port} --server.address 127.0.0.1"


def start_children(place: Place, family: Family) -> None:
    """Start the demo, migrate the store while it comes up, then start who needs the store."""
    family.start("demo", [sys.executable, "-m", "jobs.demo", "--port", str(place.demo_port)])
    _opened(place).engine.dispose()
    family.start("dashboard", [sys.executable, "-m", *shlex.split(DASHBOARD.format(port=place.port))])
    family.start("worker", [sys.executable, "-m", "jobs.scheduler"])


def make_accounts(place: Place) -> Sequence[Account]:
    """Make the demo's accounts where they are not there yet."""
    store = _opened(place)
    try:
        return demo.accounts(store)
    finally:
        store.engine.dispose()


def accounts_table(accounts: Sequence[Account]) -> Table:
    """Show who may sign in; the demo's passwords are no secret."""
    table = Table("name", "password", "sees", title="Demo accounts", title_justify="left", box=None, pad_edge=False)
    for account in accounts:
        table.add_row(account.name, account.password, account.title)
    return table


def wait_until_healthy(place: Place, *, watch: Callable[[], None]) -> None:
    """Wait until the dashboard says it is well. Raises ConfigError when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _health(place) is None:
        watch()
        if time.monotonic() > deadline:
            found = f"does not answer on {place.url} after {PATIENCE_SECONDS:.0f} s."
            raise ConfigError("dashboard", found, f"Read {place.logs / 'dashboard.log'}.")
        time.sleep(TURN_SECONDS)


def show_filling(place: Place, out: Console, *, watch: Callable[[], None]) -> None:
    """Show how many dossiers are in until the first synchronisation is whole; at once when it already is."""
    store, begun = _opened(place), time.monotonic()
    figures = False
    try:
        with _bar(out) as bar:
            task = bar.add_task("Filling with the demo province", total=demo.EXPECTED)
            while not (figures and _filled(store)):
                watch()
                bar.update(task, completed=_held(store))
                if not figures and (figures := bool((_health(place) or {}).get("data_version"))):
                    out.print(f"First figures on the page, {time.monotonic() - begun:.0f} s after it opened.")
                time.sleep(TURN_SECONDS)
        out.print(f"All {_held(store):,} dossiers are in, {time.monotonic() - begun:.0f} s after the page opened.")
    finally:
        store.engine.dispose()


def _bar(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _held(store: Store) -> int:
    return int(runs.latest(store)["dossiers"].sum())


def _filled(store: Store) -> bool:
    sources = runs.latest(store)
    return sources.height > 0 and sources["last_ok_at"].null_count() == 0


def _health(place: Place) -> dict[str, str | None] | None:
    try:
        with urllib.request.urlopen(f"{place.url}/healthz", timeout=2) as answer:  # nosec B310  our own http address
            return dict(json.load(answer))
    except OSError:
        return None


def _opened(place: Place) -> Store:
    return open_store(place.store, home=place.home)
