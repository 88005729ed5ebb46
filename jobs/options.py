"""What the commands of ``dunghan`` share: the options that mean the same everywhere, and where they print."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from config.settings import settings
from store.database import Store, open_store

NARROW = 140  # columns of what is piped into a file: tables there need not wrap at 80
out = Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=NARROW)
err = Console(stderr=True)

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="URL",
        help="Database: sqlite:///FILE or postgresql://… Without it: DUNGHAN_STORE, else var/dunghan.sqlite.",
        show_default=False,
    ),
]


def day_option(name: str, told: str) -> Any:
    """Give an option that takes a day written 2018-11-09."""
    return typer.Option(name, formats=["%Y-%m-%d"], metavar="DAY", help=told, show_default=False)


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY|INSTANT",
        help="Judge open dossiers by this day (or the day of this instant). Without it: the newest observation.",
        show_default=False,
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="DAY|INSTANT",
        help="As it was known then: nothing learned later counts. A day without an hour is its end.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


_OPENED: Final[list[Store]] = []


def opened(url: str) -> Store:
    """Open the store that the command names, else that of the settings; ``close`` ends its connections."""
    store = open_store(url or settings().store_url, home=settings().home)
    _OPENED.append(store)
    return store


def close() -> None:
    """Leave no connection behind: a server has only so many."""
    while _OPENED:
        _OPENED.pop().engine.dispose()


def show_json(value: Any) -> None:
    """Print JSON to standard output, Vietnamese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def day_of(stamp: datetime | None) -> date | None:
    """Give the day of an option that takes one."""
    return stamp.date() if stamp else None
