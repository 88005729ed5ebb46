"""Bring up workers and dashboards as forks of one process that has imported everything, and end them as told.

A process of its own: one order a line (JSON), one answer a line. Each child runs what a unit runs (``jobs.scheduler``,
``streamlit run``), with the clock of the test (a file), turns that come often, and a note of where it stands (a file of
one line), so that whoever kills it knows at what. An order may name a mark at which the child kills itself.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import smtplib
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import tests.nothing_lost.nursery as points_of
from tests.faults.marks import stage

_DIES_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
#: How often a worker looks at its duties here, in seconds.
OFTEN: Final = 0.5


def clock_of(file: str) -> Callable[[], datetime]:
    """Give the clock that stands in a file, as ISO writes it."""
    return lambda: datetime.fromisoformat(Path(file).read_text(encoding="ascii"))


class Marker:
    """Where a child stands. ``die``: a stage and for which passing of it: there, or ``after`` seconds, the child kills
    itself."""

    def __init__(self, file: str, die: tuple[str, int] | None, after: float) -> None:
        self._file, self._die, self._after = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), die, after
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._at: dict[int, str] = {}

    def __call__(self, mark: str) -> None:
        """Note a mark."""
        name = stage(mark)
        if not name:
            return
        with self._lock:
            self._passed[name] += 1
            self._at[threading.get_ident()] = name
            self._note()
            if self._die == (name, self._passed[name]):
                self._end()

    def _end(self) -> None:
        if not self._after:
            os.kill(os.getpid(), signal.SIGKILL)
        threading.Timer(self._after, os.kill, (os.getpid(), signal.SIGKILL)).start()

    def left(self) -> None:
        """Note that this thread is done with what it did."""
        with self._lock:
            self._at.pop(threading.get_ident(), None)
            self._note()

    def _note(self) -> None:
        told = json.dumps(sorted(set(self._at.values()))).encode()
        os.pwrite(self._file, told.ljust(400), 0)


def worker(order: dict[str, Any], tell: Marker) -> None:
    """Be a worker until somebody ends it."""
    names = ("jobs.scheduler", "jobs.outgoing", "jobs.making", "reports.finished", "store.snapshot")
    scheduler, outgoing, making, finished, snapshot = _modules(*names)
    now = clock_of(order["clock"])
    points_of.points(tell)
    _patch(scheduler, "sync_source", lambda do: lambda *a, **k: do(*a, **(k | {"seen_at": now()})), tell, "sync")
    for name in ("take_uploads", "take_replays", "is_due", "make"):
        _patch(scheduler, name, lambda do: lambda *a, **_: do(*a, now=now()))
    if not order["analyses"]:
        scheduler.is_due = lambda *_, **__: False
    scheduler.INSIGHT_EVERY_SECONDS = scheduler.VERIFY_EVERY_SECONDS = 2
    scheduler.LONGEST_REST, scheduler.LEADER_TURN_SECONDS, scheduler.HELD_EVERY_SECONDS = 1, 1.0, 1.0
    for name in ("UPLOADS_EVERY_SECONDS", "LETTERS_EVERY_SECONDS"):
        setattr(scheduler, name, 5)
    outgoing._now = now
    for name in ("MAIL", "TURNS", "SIGN"):
        setattr(outgoing, f"{name}_EVERY_SECONDS", OFTEN)
    _patch(scheduler, "rebuild", lambda do: do, tell, "figures")
    _patch(snapshot, "put", lambda do: do, tell, "figures", done=False)
    _patch(making, "make", lambda do: do, tell, "draft")
    _patch(finished, "pieces", lambda do: do, tell, "print")
    _wire(tell)
    told = [s.model_copy(update={"every_seconds": order["every"]}) for s in scheduler.sources.chosen(())]
    scheduler.sources.chosen = lambda _: tuple(told)
    around = scheduler.a_turn
    scheduler.a_turn = lambda name, work: around(name, _ending(work, tell))
    sys.exit(scheduler.main())


def _modules(*names: str) -> list[Any]:
    """Give modules of ours as something whose parts may be exchanged."""
    return [import_module(name) for name in names]


def dashboard(order: dict[str, Any], tell: Marker) -> None:
    """Be a dashboard until somebody ends it."""
    filters, frame = _modules("dashboard.filters", "dashboard.frame")
    filters.now = clock_of(order["clock"])
    _patch(frame, "draw", lambda do: do, tell, "page")
    sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.port", str(order["port"])]
    sys.argv += ["--server.address", "127.0.0.1"]
    from streamlit.web.cli import main

    main(prog_name="streamlit")


def _ending(work: Callable[[], None], tell: Marker) -> Callable[[], None]:
    """Note that a turn is over."""

    def turn() -> None:
        try:
            work()
        finally:
            tell.left()

    return turn


def _patch(
    module: Any, name: str, how: Callable[[Any], Any], tell: Marker | None = None, mark: str = "", *, done: bool = True
) -> None:
    """Put something around a function of ours, and note when it begins and (``done``) ends."""
    do = how(getattr(module, name))
    if tell is None:
        setattr(module, name, do)
        return

    @wraps(do)
    def marked(*args: Any, **kwargs: Any) -> Any:
        tell(f"before {mark}")
        try:
            return do(*args, **kwargs)
        finally:
            if done:
                tell.left()

    setattr(module, name, marked)


def _wire(tell: Marker) -> None:
    """Note what crosses the wire to the mail server."""
    docmd = smtplib.SMTP.docmd

    def command(connection: smtplib.SMTP, cmd: str, args: str = "") -> tuple[int, bytes]:
        tell("before MAIL" if cmd != "DATA" else "before DATA")
        return docmd(connection, cmd, args)

    smtplib.SMTP.docmd = command  # type: ignore[method-assign,assignment]


def bear(order: dict[str, Any]) -> int:
    """Fork a child, which leads a group of its own; gives its number."""
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.stdin = open(0)  # noqa: SIM115, PTH123  its own, not the pipe of orders
        os.environ.update(order["env"])
        from config.settings import settings

        settings.cache_clear()
        die = (order["die"], order["nth"]) if order["die"] else None
        {"worker": worker, "dashboard": dashboard}[order["kind"]](order, Marker(order["stage"], die, order["after"]))
        status = 0
    except SystemExit as told:
        status = int(told.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def end(pid: int, sign: int) -> int:
    """End a child with all that it started, and wait for it; gives its status, negative when killed."""
    with suppress(ProcessLookupError):
        os.killpg(pid, sign)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def over(pid: int) -> int | None:
    """Give the status of a child that has ended by itself, None while it lives."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def warm_up() -> None:
    """Import what children import; polars must not work before the fork."""
    for name in ("streamlit.web.cli", "dashboard.frame", "dashboard.routes", "jobs.scheduler", "reports.finished"):
        import_module(name)
    _modules("tests.nothing_lost.nursery")[0].warm_up()


def _done(told: dict[str, Any]) -> int | None:
    if told["do"] == "bear":
        return bear(told)
    return over(told["pid"]) if told["do"] == "over" else end(told["pid"], told["sign"])


def serve() -> None:
    """Carry out orders until nobody gives any more."""
    warm_up()
    sys.stdout.write(json.dumps({"ready": time.monotonic(), "at": datetime.now(UTC).isoformat()}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        told = json.loads(line)
        sys.stdout.write(json.dumps({"answer": _done(told)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
