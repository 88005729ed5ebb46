"""Bring up workers that draft, issue and send a report, some of them killed at a chosen point. A process of its own."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from datetime import time as time_of_day
from functools import wraps
from pathlib import Path
from typing import Any

from config.settings import settings
from jobs import making, outgoing, timetable
from jobs.turns import Job, daily
from metrics.scope import Scope
from reports import finished
from store import issued, outbox
from store.database import Store, open_store
from tests.nothing_lost.nursery import points, serve

#: Jobs beside the report: one whose turn was cut off and whose hour was changed since, and one that is new.
CUT_OFF, NEW = "cut off", "new"
SEVEN = daily(time_of_day(7))
#: A worker that has not done its work after so long never will.
PATIENCE_SECONDS = 40


def _nothing(store: Store, now: datetime) -> None:
    """Be done at once."""


def work(order: dict[str, Any], answer: int) -> None:
    """Do what the worker does until the report is out, and die at the point that the order names."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # its log is not the nursery's answer
    os.environ.update(order["env"])
    settings.cache_clear()
    passed: Counter[str] = Counter()

    def tell(name: str) -> None:
        passed[name] += 1
        os.write(answer, f"{name}\n".encode())
        if name == order["point"] and passed[name] == order["nth"]:
            Path(order["stuck"]).touch()  # the other worker begins
            time.sleep(order["linger"])
            os.kill(os.getpid(), signal.SIGKILL)

    points(tell)
    _marks(tell)
    now = datetime.fromisoformat(order["now"])
    outgoing._now = lambda: now
    reports = next(job for job in timetable.jobs() if job.name == "reports")  # alerts are another story
    timetable.jobs = lambda: (reports, Job(CUT_OFF, SEVEN, _nothing, each=True), Job(NEW, SEVEN, _nothing))
    store = open_store(order["store"], home=Path(order["home"]))
    _rounds(store)
    store.engine.dispose()


def _rounds(store: Store) -> None:
    duties = {name: duty for name, _, duty in outgoing.duties(store, threading.Event())}
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        duties["turns"]()
        duties["mail"]()
        if issued.editions_of(store, Scope.province(), states=("issued",)) and not outbox.any_open(store):
            return
        assert time.monotonic() < end, "the report is not out"
        time.sleep(0.02)


def _marks(tell: Callable[[str], None]) -> None:
    """Tell of what stands in no database: pages that are made, and what crosses the wire."""
    making.make = _told("draft", making.make, tell)
    finished.pieces = _told("render", finished.pieces, tell)
    docmd, getreply = smtplib.SMTP.docmd, smtplib.SMTP.getreply
    sending = False

    def command(connection: smtplib.SMTP, cmd: str, args: str = "") -> tuple[int, bytes]:
        nonlocal sending
        if cmd != "DATA":
            return docmd(connection, cmd, args)
        tell("before DATA")
        answered = docmd(connection, cmd, args)
        tell("after 354")
        sending = True
        return answered

    def reply(connection: smtplib.SMTP) -> tuple[int, bytes]:
        nonlocal sending
        if not sending:
            return getreply(connection)
        sending = False
        tell("message sent")
        answered = getreply(connection)
        tell("message answered")
        return answered

    smtplib.SMTP.docmd, smtplib.SMTP.getreply = command, reply  # type: ignore[method-assign,assignment]


def _told(stage: str, do: Callable[..., Any], tell: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(do)
    def marked(*args: Any, **kwargs: Any) -> Any:
        tell(f"before {stage}")
        made = do(*args, **kwargs)
        tell(f"after {stage}")
        return made

    return marked


if __name__ == "__main__":
    serve(work)
