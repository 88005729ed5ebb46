"""Start everything behind ``make run`` and stop it again: store, demo province, worker, dashboard.

One process watches three: the demo's one-stop system (jobs/demo.py), the worker (jobs/scheduler.py), the dashboard.
With ``--own`` (``make serve``) there is no made-up province: the store is the office's own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.markup import escape

from config.errors import ConfigError, DunghanError
from jobs.place import Place, alone_in, choose_place, still_there
from jobs.processes import Child, Family, last_lines
from jobs.starting import must_be_own, start_page, start_worker

ROOT = Path(__file__).resolve().parent.parent
YOUNG_SECONDS = 60.0  # a child that dies younger is broken, and starting it again would only hide it
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_asked = threading.Event()


class AskedToStop(Exception):  # noqa: N818  no error: Ctrl-C, SIGTERM or a closed terminal
    """The user has seen enough."""


def main() -> int:
    """Run until asked to stop. Exit code: 0 when asked, 1 when something could not be done."""
    for number in STOP_SIGNALS:
        if not (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN):  # nohup means it
            signal.signal(number, _ask_to_stop)
    os.chdir(ROOT)
    try:
        run(Console(highlight=False), own="--own" in sys.argv[1:])
    except AskedToStop:
        return 0
    except DunghanError as error:
        says = f"[bold red]Đúng Hạn stopped.[/] {escape(error.place)}: {escape(error.found)}\n{escape(error.next_step)}"
        Console(stderr=True, highlight=False, soft_wrap=True).print(says)
        return 1
    return 0


def run(out: Console, *, own: bool) -> None:
    """Start everything, say where it is, show how it fills, look after it. Raises DunghanError, AskedToStop."""
    from config.settings import settings  # the light parts first: a busy folder should be said at once

    chosen = settings().model_copy(update={"home": settings().home.resolve()})
    place = choose_place(home=chosen.home, store=chosen.store_url, demo=not own)
    place.logs.mkdir(parents=True, exist_ok=True)
    if own:
        must_be_own(place)
    with alone_in(place), Family(logs=place.logs, environment=place.environment()) as family:
        try:
            _open(place, family, out)
            while True:
                time.sleep(0.5)
                still_there(place)
                look_after(family, out)
        except AskedToStop:
            out.print("Stopping …")
            raise


def look_after(family: Family, out: Console) -> None:
    """Report a child that died, and start it again unless it died young.

    Raises ConfigError when it did, AskedToStop when a signal came. Every wait of this program looks here.
    """
    if _asked.is_set():
        raise AskedToStop
    with suppress(OSError):  # a disk that is full stops nothing here
        family.turn_over()
    for child in [c for c in family.children if c.died]:
        if child.age < YOUNG_SECONDS:
            raise _died(child)
        out.print(f"[yellow]{child.name} ended ({child.process.returncode}) and is started again: {child.log}[/]")
        family.restart(child)


def _open(place: Place, family: Family, out: Console) -> None:
    def watch() -> None:
        look_after(family, out)

    accounts = start_page(place, family, watch=watch)
    from jobs.filling import accounts_table, show_filling  # by now its libraries are loaded

    out.print(f"Đúng Hạn: {place.url}", soft_wrap=True)
    if accounts:
        out.print(accounts_table(accounts))
    logs = place.logs.relative_to(ROOT) if place.logs.is_relative_to(ROOT) else place.logs
    out.print(f"[dim]Logs: {logs}/*.log. Ctrl-C stops everything.[/]", soft_wrap=True)
    start_worker(place, family, watch=watch)
    if place.demo_port is not None:
        show_filling(place, out, watch=watch)


def _died(child: Child) -> ConfigError:
    found = f"ended by itself after {child.age:.0f} s with code {child.process.returncode}. Its last words:"
    return ConfigError(child.name, f"{found}\n\n{last_lines(child.log)}\n", f"The whole log: {child.log}")


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    # Only noted here, and raised by the next look: an exception out of a handler is lost when a destructor happens
    # to run. A second Ctrl-C changes nothing, so that stopping, which takes seconds, leaves no orphans.
    _asked.set()


if __name__ == "__main__":
    sys.exit(main())
