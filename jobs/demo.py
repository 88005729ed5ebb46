"""The demo: the made-up province as a process of its own, and the people who may look at it.

``python -m jobs.demo --port N`` serves until stopped. DUNGHAN_DEMO_SEED picks another province; DUNGHAN_DEMO_SPEED
above 1 starts its clock DUNGHAN_DEMO_HOURS_BEHIND hours ago and lets it run that much faster until it meets the time
of day, so that a demo at night or on a Sunday moves as in office hours. DUNGHAN_DEMO_FAULTS makes it fail on purpose
(500=0.1,cut=0.05: docs/simulate.md); DUNGHAN_DEMO_SCENARIO serves a flow of docs/simulate.md in place of the province,
as it stands at the end of its days. ``--shape opencps`` or ``rest`` serves the same dossiers as another system would.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from config.errors import ConfigError
from config.settings import settings

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from connectors.simulator.faults import Faults
    from connectors.simulator.server import Desk
    from store import people
    from store.database import Store

SEED: Final = 20_251_122
#: Dossiers of a fresh province, about: what a progress bar counts towards.
EXPECTED: Final = 151_000
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
#: Whose format the province speaks: the national exchange, OpenCPS, or some vendor's own JSON.
SHAPES: Final = ("national", "opencps", "rest")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the demo. The password is no secret: the demo prints it."""

    name: str
    password: str
    title: str
    role: people.Role
    departments: tuple[str, ...] | None = None


ACCOUNTS: Final = (
    Account("giamdoc", "demo-giamdoc", "Giám đốc Trung tâm Phục vụ hành chính công", "director"),
    Account("chutich", "demo-chutich", "Chủ tịch UBND tỉnh", "chairman"),
    Account("soyte", "demo-soyte", "Giám đốc Sở Y tế", "head", ("Sở Y tế",)),
    Account("tanvan", "demo-tanvan", "Chủ tịch UBND phường Tân Vân", "head", ("UBND phường Tân Vân",)),
    Account("vanhanh", "demo-vanhanh", "Người vận hành hệ thống", "operator"),
    Account("kiemtra", "demo-kiemtra", "Kiểm tra, giám sát", "auditor"),
    Account("quantri", "demo-quantri", "Quản trị hệ thống", "administrator"),
)  # fmt: skip


def accounts(store: Store) -> tuple[Account, ...]:
    """Make the demo's people where they are not there yet: a password that was changed stays changed."""
    from store import people  # the process that serves the province needs no database

    there = people.names(store)
    for who in (a for a in ACCOUNTS if a.name not in there):
        people.add(store, who.name, who.password, role=who.role, title=who.title, departments=who.departments)
    return ACCOUNTS


def opening_day(home: Path, seed: int, today: date) -> date:
    """Give the day the province was opened, noted in ``home`` at the first start: it stays the same province."""
    note = home / "demo.json"
    if note.exists():
        told = json.loads(note.read_text(encoding="utf-8"))
        if told["seed"] == seed:
            return date.fromisoformat(told["opened_on"])
    home.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"seed": seed, "opened_on": today.isoformat()}), encoding="utf-8")
    return today


def clock(speed: float, hours_behind: float, started: datetime) -> Callable[[], datetime]:
    """Give the province's clock: the time of day, or a faster one that catches up with it and never passes it."""

    def now() -> datetime:
        real = datetime.now(UTC)
        fast = started - timedelta(hours=hours_behind) + (real - started) * speed
        return min(real, fast)

    return (lambda: datetime.now(UTC)) if speed <= 1 else now


def main(arguments: list[str] | None = None) -> int:
    """Serve the province on loopback until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the made-up province in the national exchange format.")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--shape", choices=SHAPES, default=SHAPES[0], help="whose format is spoken")
    asked = parser.parse_args(arguments)
    # Whoever calls while the province is still being drawn waits for it instead of being turned away.
    listening = socket.create_server(("127.0.0.1", asked.port), backlog=32)
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    server = _serving(asked.shape, _desk(), listening)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


def _serving(shape: str, desk: Desk, listening: socket.socket) -> ThreadingHTTPServer:
    """Serve what the desk has in one of SHAPES; its sign-in is printed in docs/simulate.md."""
    from connectors.simulator import opencps_server, rest_server, server

    if shape == "opencps":
        return opencps_server.serve(opencps_server.Site(desk.province, desk.now, mishaps=desk.mishaps), listening)
    if shape == "rest":
        return rest_server.serve(rest_server.Service(desk.province, desk.now, mishaps=desk.mishaps), listening)
    return server.serve(desk, listening)


def _desk() -> Desk:
    """Draw the province, or play the scenario, that the environment tells."""
    from connectors.simulator.mishaps import faults_of
    from connectors.simulator.province import build
    from connectors.simulator.server import Desk

    seed, speed = int(_number("DUNGHAN_DEMO_SEED", SEED)), _number("DUNGHAN_DEMO_SPEED", 1.0)
    mishaps = faults_of(os.environ.get("DUNGHAN_DEMO_FAULTS", ""), place="DUNGHAN_DEMO_FAULTS", seed=seed)
    started = datetime.now(UTC)
    if name := os.environ.get("DUNGHAN_DEMO_SCENARIO", ""):
        return _played(name, mishaps)
    today = started.astimezone(ZONE).date()
    opened_on = opening_day(settings().home, seed, today)
    province = build(seed, opened_on, today + timedelta(days=28))
    return Desk(province, clock(speed, _number("DUNGHAN_DEMO_HOURS_BEHIND", 60.0), started), mishaps=mishaps)


def _played(name: str, mishaps: Faults | None) -> Desk:
    """Play a flow and let its clock stand at the end of its last day."""
    from connectors.simulator.flow import scenario, world
    from connectors.simulator.server import Desk

    told = scenario.load(name)
    end = datetime.combine(told.to_on, time(23, 59), ZONE).astimezone(UTC)
    return Desk(world.play(told), lambda: end, mishaps=mishaps)


def _number(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    try:
        return float(text) if text else default
    except ValueError as error:
        raise ConfigError(name, f'"{text}" is no number.', "Give a number, or leave it out.") from error


if __name__ == "__main__":
    sys.exit(main())
