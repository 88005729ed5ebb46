"""Where one running product lives: its folder, its store, its ports. One at a time in a folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from config.errors import ConfigError, StoreError

FIRST_PORT = 8501


@dataclass(frozen=True, slots=True)
class Place:
    """A home folder, the address of a store, the port of the dashboard and that of the demo's one-stop system.

    ``demo_port`` None: no made-up province runs here."""

    home: Path
    store: str
    port: int
    demo_port: int | None
    is_new: bool = False  # nothing has ever run here

    @property
    def url(self) -> str:
        """What a reader types."""
        return f"http://localhost:{self.port}"

    @property
    def logs(self) -> Path:
        """Folder of the logs, one a child."""
        return self.home / "logs"

    def environment(self) -> dict[str, str]:
        """What every child process is told."""
        demo = {} if self.demo_port is None else {"DUNGHAN_DEMO_URL": f"http://127.0.0.1:{self.demo_port}"}
        return (
            os.environ
            | demo
            | {
                "DUNGHAN_HOME": str(self.home),
                "DUNGHAN_STORE": self.store,
                # People read these logs, unless they want them otherwise (config/diary.py).
                "DUNGHAN_LOG": os.environ.get("DUNGHAN_LOG") or "text",
                "PYTHONUNBUFFERED": "1",
                "PYTHONUTF8": "1",
            }
        )


def choose_place(*, home: Path, store: str, demo: bool = True) -> Place:
    """Choose free ports for a run in ``home``: DUNGHAN_PORT, else 8501, else any. Raises ConfigError."""
    wanted = os.environ.get("DUNGHAN_PORT", "")
    if wanted and not wanted.isdecimal():
        raise ConfigError("DUNGHAN_PORT", f'"{wanted}" is no port.', "Give a number such as 8501.")
    if wanted and not _is_free(int(wanted)):
        raise ConfigError("DUNGHAN_PORT", f"port {wanted} is busy.", "Name another one, or none to have one chosen.")
    port = int(wanted) if wanted else _free_port(FIRST_PORT)
    demo_port = _free_port(0) if demo else None
    return Place(home=home, store=store, port=port, demo_port=demo_port, is_new=not home.exists())


@contextmanager
def alone_in(place: Place) -> Iterator[None]:
    """Hold the folder for this run. Raises StoreError naming the address of the one that holds it already."""
    with (place.home / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise _already_running(place.home, lock.read()) from None
        lock.seek(0)
        lock.truncate()
        json.dump({"url": place.url, "pid": os.getpid(), **asdict(place)}, lock, default=str)
        lock.flush()
        yield


def still_there(place: Place) -> None:
    """Raise StoreError when the folder was deleted under the run: its open files go on, and are lost at the end."""
    if not (place.home / "run.lock").exists():
        found = "the folder was deleted while Đúng Hạn was running in it; what was read since is lost."
        raise StoreError(str(place.home), found, "Start it again: it fills a new folder, or put the folder back first.")


def _already_running(home: Path, note: str) -> StoreError:
    other = json.loads(note) if note else {"url": "an unknown address", "pid": "unknown"}
    found = f"Đúng Hạn already runs here, on {other['url']} (process {other['pid']})."
    return StoreError(str(home), found, "Open that page, or stop it first, or run with another DUNGHAN_HOME.")


def _free_port(wanted: int) -> int:
    """Give ``wanted`` when it is free, else one that the system picks."""
    if wanted and _is_free(wanted):
        return wanted
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def _is_free(port: int) -> bool:
    """Bind where a server would, and ask whether somebody answers on the other loopback address."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    try:
        socket.create_connection(("localhost", port), timeout=0.5).close()
    except OSError:
        return True
    return False
