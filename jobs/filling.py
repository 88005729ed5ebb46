"""What a terminal shows once the page is up: who may sign in, and how the demo fills."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jobs import demo, demo_slips
from jobs.place import Place
from store import runs, snapshot
from store.database import open_store, reading

if TYPE_CHECKING:
    from jobs.demo import Account
    from store.database import Store

TURN_SECONDS: Final = 0.2


def accounts_table(accounts: Sequence[Account]) -> Table:
    """Show who may sign in; the demo's passwords are no secret."""
    table = Table("name", "password", "sees", title="Demo accounts", title_justify="left", box=None, pad_edge=False)
    for account in accounts:
        table.add_row(account.name, account.password, account.title)
    return table


def show_filling(place: Place, out: Console, *, watch: Callable[[], None]) -> None:
    """Show how many dossiers are in until the first synchronisation is whole; at once when it already is."""
    store, begun = _opened(place), time.monotonic()
    figures = False
    try:
        with _bar(out) as bar:
            task = bar.add_task("Filling with the demo province", total=demo.EXPECTED)
            while not _whole(store):
                watch()
                bar.update(task, completed=_held(store))
                if not figures and (figures := _newest_at(store) is not None):
                    out.print(f"First figures on the page, {time.monotonic() - begun:.0f} s after it opened.")
                time.sleep(TURN_SECONDS)
        out.print(f"All {_held(store):,} dossiers are in, {time.monotonic() - begun:.0f} s after the page opened.")
        demo_slips.fill(store, place.home, datetime.now(UTC))
    finally:
        store.engine.dispose()


def _bar(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _held(store: Store) -> int:
    return int(runs.latest(store)["dossiers"].sum())


def _newest_at(store: Store) -> datetime | None:
    manifest = snapshot.read_manifest(store)
    return manifest.newest_at if manifest else None


def _whole(store: Store) -> bool:
    """Whether every source has been read to its end once, and the figures have caught up with it."""
    sources, manifest = runs.latest(store), snapshot.read_manifest(store)
    if manifest is None or sources.is_empty() or sources["last_ok_at"].null_count():
        return False
    with reading(store) as connection:
        return manifest.ledger_seq == snapshot.ledger_seq(connection)


def _opened(place: Place) -> Store:
    return open_store(place.store, home=place.home)
