"""One office for weeks: store, made-up province, worker and dashboard, each a process of its own, under one clock."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from config.settings import settings
from connectors.simulator.province import Province, build
from jobs.processes import Child, Family
from store import people, sessions, tokens
from store.database import Store, open_store
from tests.architecture.tracked import ROOT
from tests.deploy.machine import answers, cluster, free_ports, wait_until
from tests.furnished import furnish
from tests.mailing.office_mail import Mailbox, open_mailbox
from tests.soak.clock import Clock

SOURCE: Final = "minh-son"
SEED: Final = 7
#: The day that the province is opened on: a Monday. Fridays until 24 April are working days.
OPENED_ON: Final = date(2026, 3, 2)
#: What is drawn of its future; the office would draw more by itself, and so would nobody notice.
WEEKS: Final = 13
PASSWORD: Final = "mot-mat-khau-dai-cua-nguoi-dung"
#: Who is there: name, role, mail, department.
PEOPLE: Final[tuple[tuple[str, people.Role, str, tuple[str, ...] | None], ...]] = (
    ("giamdoc", "director", "giamdoc@minhson.example", None),
    ("vanhanh", "operator", "vanhanh@minhson.example", None),
    ("soyte", "head", "soyte@minhson.example", ("Sở Y tế",)),
    ("quantri", "administrator", "", None),
)
PATIENCE: Final = 180.0


def province(seed: int, opened_on: date, size: float) -> Province:
    """Draw the province with all weeks that a soak may last: the same for who serves it and who judges."""
    return build(seed, opened_on, opened_on + timedelta(weeks=WEEKS), size=size)


@dataclass(slots=True)
class House:
    """What runs. ``office`` None: the source is away."""

    folder: Path
    url: str
    size: float
    clock: Clock
    family: Family
    box: Mailbox
    store: Store
    ports: tuple[int, int]
    office: Child | None = None
    worker: Child = field(init=False)
    dashboard: Child = field(init=False)

    @property
    def address(self) -> str:
        """Where the dashboard is."""
        return f"http://127.0.0.1:{self.ports[1]}"

    def open_office(self) -> None:
        """Let the source answer."""
        told = [str(self.ports[0]), str(SEED), OPENED_ON.isoformat(), str(self.size)]
        self.office = self.family.start("office", [sys.executable, "-m", "tests.soak.office", *told])
        wait_until(lambda: answers(self.ports[0]), seconds=PATIENCE)

    def close_office(self) -> None:
        """Take the source away, as a cut power line does."""
        assert self.office is not None
        os.killpg(self.office.process.pid, signal.SIGKILL)
        self.office.process.wait()
        self.family.forget([self.office])
        self.office = None

    def sign_in(self, name: str) -> str:
        """Open a session as a sign-in does, a day ahead: two idle hours pass in five seconds."""
        person = people.check(self.store, name, PASSWORD)
        assert person is not None
        return sessions.open_for(self.store, person, now=self.clock.now + timedelta(days=1))

    def wall_secret(self) -> str:
        """Issue the token of a wall screen."""
        return tokens.issue(self.store, "sanh", kind="wall", departments=None, by="quantri", at=self.clock.now)[1]

    def api_secret(self) -> str:
        """Issue a token for /metrics."""
        return tokens.issue(self.store, "giam-sat", kind="api", departments=None, by="quantri", at=self.clock.now)[1]


@contextmanager
def house(folder: Path, *, size: float, opened: datetime, port: int = 0, every: int = 900) -> Iterator[House]:
    """Open a house with its clock standing at ``opened``; everything ends with the block.

    ``every``: cadence of the source in seconds. DUNGHAN_TEST_ENGINE=postgresql keeps the store in PostgreSQL.
    """
    with ExitStack() as undo:
        ports = (free_ports(1)[0], port or free_ports(1)[0])
        box = undo.enter_context(open_mailbox())
        furnish(
            folder / "config", SOURCE, ports[0], asked={"rows_a_page": 2000, "timeout_seconds": 20},
            pulled={"every_seconds": every, "cadence_minutes": max(every // 60, 60), "overlap_minutes": 2,
                    "keep_raw_days": 2},
            mail={"operators": ["vanhanh@minhson.example"]},
        )  # fmt: skip
        url = undo.enter_context(_database(folder))
        clock = Clock(folder, opened)
        ours = {
            "DUNGHAN_CONFIG": str(folder / "config"), "DUNGHAN_HOME": str(folder / "var"), "DUNGHAN_STORE": url,
            "DUNGHAN_SMTP_HOST": "127.0.0.1", "DUNGHAN_SMTP_PORT": str(box.port), "DUNGHAN_SMTP_SECURITY": "none",
            "DUNGHAN_SMTP_FROM": "baocao@minhson.example", "DUNGHAN_PSEUDONYM_KEY": "the same in every soak",
            "DUNGHAN_LOG": "text",
        }  # fmt: skip
        undo.enter_context(_as_the_house(ours))
        store = open_store(url, home=folder / "var")
        undo.callback(store.engine.dispose)
        _people(store, opened)
        (folder / "logs").mkdir()
        environment = os.environ | ours | clock.environment
        family = undo.enter_context(Family(logs=folder / "logs", environment=environment))
        made = House(folder, url, size, clock, family, box, store, ports)
        made.open_office()
        address = ["--server.port", str(ports[1]), "--server.address", "127.0.0.1"]
        python = sys.executable
        made.dashboard = family.start("dashboard", [python, "-m", "streamlit", "run", "streamlit_app.py", *address])
        made.worker = family.start("worker", [python, "-m", "jobs.scheduler"])
        wait_until(lambda: answers(ports[1]), seconds=PATIENCE)
        yield made


@contextmanager
def _as_the_house(ours: dict[str, str]) -> Iterator[None]:
    """Let this process read the settings of the house while the block runs, and children find the code."""
    before = {name: os.environ.get(name) for name in ours}
    here = Path.cwd()
    os.environ.update(ours)
    os.chdir(ROOT)
    settings.cache_clear()
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        settings.cache_clear()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    if os.environ.get("DUNGHAN_TEST_ENGINE", "sqlite") != "postgresql":
        yield f"sqlite:///{folder}/dunghan.sqlite"
        return
    with cluster(folder / "pg", free_ports(1)[0]) as made:
        made.say("CREATE DATABASE soak OWNER dunghan_owner")
        yield made.url("owner", "soak")


def _people(store: Store, at: datetime) -> None:
    for name, role, mail, departments in PEOPLE:
        people.add(store, name, PASSWORD, role=role, title=name, departments=departments)
        if mail:
            people.set_mail(store, name, mail, by="quantri", at=at)
