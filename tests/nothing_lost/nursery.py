"""Bring up child processes that read a source and are killed at a chosen point. Run as a process of its own.

Everything is imported once; each child is a fork of it, so that a kill costs a fraction of a second. Reads one order a
line (JSON) and answers each with one line: {"status": the child's, negative when killed, "points": what it passed}.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import httpx2
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from config.settings import settings
from config.sources import load
from jobs.sync import sync_source
from store.database import open_store
from tests.nothing_lost.kills import writers
from tests.nothing_lost.office import source_at

ROOT = Path(__file__).parents[2]
WRITERS = writers()


def points(told: Callable[[str], None]) -> None:
    """Call ``told`` with the name of every point at which this process can die with the store half done.

    "before STATEMENT in PLACE" within a transaction that writes, "before COMMIT in PLACE", "after COMMIT in PLACE".
    """
    commit = DefaultDialect.do_commit

    def statement(_: Any, __: Any, text: str, *___: Any) -> None:
        if where := place():
            told(f"before {' '.join(text.split()[:3])} in {where}")

    def commits(dialect: DefaultDialect, connection: Any) -> None:
        where = place()
        if where:
            told(f"before COMMIT in {where}")
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        if where:
            told(f"after COMMIT in {where}")

    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    DefaultDialect.do_commit = commits  # type: ignore[method-assign]


def place() -> str:
    """Name the function that opened the transaction under way, "" where it only reads."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        name = f"store.{path.stem}.{frame.f_code.co_qualname}"
        if name in WRITERS and path.is_relative_to(ROOT / "store"):
            return name
        frame = frame.f_back
    return ""


def child(order: dict[str, Any], answer: int) -> None:
    """Read the source, and die at the point that the order names."""
    os.environ["DUNGHAN_HOME"] = order["home"]
    settings.cache_clear()
    passed: Counter[str] = Counter()

    def tell(name: str) -> None:
        passed[name] += 1
        os.write(answer, f"{name}\n".encode())
        if name == order["point"] and passed[name] == order["nth"]:
            os.kill(os.getpid(), signal.SIGKILL)

    points(tell)
    store = open_store(order["store"], home=Path(order["home"]))
    seen_at = datetime.fromisoformat(order["seen_at"])
    source = load(Path(order["told"]) / "sources.toml")[0] if order["told"] else source_at(order["url"])
    sync_source(store, source, seen_at=seen_at, sweep=order["sweep"])
    store.engine.dispose()


def bear(order: dict[str, Any], do: Callable[[dict[str, Any], int], None] = child) -> dict[str, Any]:
    """Fork a child for one order and wait for its end. ``do``: what it does, given the order and where it answers."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        status = 1
        try:
            do(order, write)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as told:
        names = told.read().splitlines()
    _, ended = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(ended), "points": names}


def warm_up() -> None:
    """Import what is imported at first use, for all children at once; polars must not work before the fork."""
    httpx2.Client().close()
    for address in ("sqlite://", "postgresql+psycopg://"):
        sa.create_engine(address)
    importlib.import_module("alembic.command")


def serve(do: Callable[[dict[str, Any], int], None] = child) -> None:
    """Carry out orders until nobody gives any more."""
    warm_up()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(bear(json.loads(line), do)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
