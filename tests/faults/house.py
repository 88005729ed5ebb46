"""A whole house to break: PostgreSQL, a made-up province behind HTTP, mail, workers and dashboards, and one clock.

The clock stands until it is moved, so that a house that was disturbed and one that was not are asked at the same times.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import polars as pl

from connectors.simulator.days import DAY, day_number
from connectors.simulator.province import build
from connectors.simulator.server import Desk, serve
from metrics.scope import Scope
from store import issued, outbox, people, runs, sessions, snapshot
from store.database import Store, open_store, reading
from tests.deploy.machine import Cluster, cluster, free_ports, wait_until
from tests.faults.children import Child, Nursery
from tests.furnished import furnish
from tests.mailing.office_mail import Mailbox, open_mailbox

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = "minh-son"
#: Monday 2 March 2026, 8:05 in the province.
OPENED: Final = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
OPERATOR: Final = "truc-ban@minhson.example"
PATIENCE: Final = 180.0


@dataclass(slots=True)
class House:
    """One store and all that works on it. ``home``: derived files and raw answers; ``speaks``: the server of the
    source, None while it is down."""

    folder: Path
    home: Path
    url: str
    nursery: Nursery
    box: Mailbox
    desk: Desk
    source_port: int
    every: int = 1
    analyses: bool = False
    speaks: ThreadingHTTPServer | None = None
    children: list[Child] = field(default_factory=list)
    serial: int = 0
    store: Store = field(init=False)

    @property
    def clock(self) -> Path:
        """The file in which the time stands."""
        return self.folder / "clock"

    @property
    def now(self) -> datetime:
        """What time it is in the house."""
        return datetime.fromisoformat(self.clock.read_text(encoding="ascii"))

    def set_clock(self, now: datetime) -> None:
        """Let it be ``now``, for all at once."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    def read_before(self, moment: datetime) -> None:
        """Let it be ``moment``, and the source be read an hour before, as in life it is all the time: a report that is
        due now is held back where its source was not heard since the offices closed."""
        self.set_clock(moment - timedelta(hours=1))
        self.settle()
        self.set_clock(moment)

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the house is told."""
        return {
            "DUNGHAN_CONFIG": str(self.folder / "config"), "DUNGHAN_HOME": str(self.home), "DUNGHAN_STORE": self.url,
            "DUNGHAN_SMTP_HOST": "127.0.0.1", "DUNGHAN_SMTP_PORT": str(self.box.port), "DUNGHAN_SMTP_SECURITY": "none",
            "DUNGHAN_SMTP_FROM": "baocao@minhson.example", "DUNGHAN_PSEUDONYM_KEY": "the same in every test",
            "DUNGHAN_LOG": "text", "POLARS_MAX_THREADS": "2",
        }  # fmt: skip

    def worker(self, **die: Any) -> Child:
        """Bring up a worker; ``die``: at which stage it kills itself, ``nth``: at which passing of it, ``after``: how
        many seconds later."""
        return self._bear("worker", **die)

    def dashboard(self, port: int = 0, **die: Any) -> Child:
        """Bring up a dashboard; ``answers`` says when it is there. ``die``: as of a worker."""
        return self._bear("dashboard", port=port or free_ports(1)[0], **die)

    def _bear(self, kind: str, *, die: str = "", nth: int = 1, after: float = 0.0, port: int = 0) -> Child:
        self.serial += 1
        log, stage = (self.folder / f"{kind}-{self.serial}.{ending}" for ending in ("log", "stage"))
        pid = self.nursery.ask(
            do="bear", kind=kind, log=str(log), stage=str(stage), env=self.environment, clock=str(self.clock),
            die=die, nth=nth, after=after, port=port, every=self.every, analyses=self.analyses,
        )  # fmt: skip
        child = Child(pid, log, stage, port)
        self.children.append(child)
        return child

    def end(self, child: Child, sign: int = signal.SIGKILL) -> int:
        """End a child, and wait until it is gone; gives its status."""
        self.children.remove(child)
        return int(self.nursery.ask(do="end", pid=child.pid, sign=int(sign)))

    def over(self, child: Child) -> bool:
        """Say whether a child has ended by itself."""
        ended = self.nursery.ask(do="over", pid=child.pid) is not None
        if ended:
            self.children.remove(child)
        return ended

    def tend(self) -> int:
        """Start workers again that ended by themselves, as systemd does; gives how many."""
        gone = [child for child in self.children[:] if not child.port and self.over(child)]
        for _ in gone:
            self.worker()
        return len(gone)

    def end_all(self, sign: int = signal.SIGKILL) -> None:
        """End everybody, those first who came last."""
        for child in reversed(self.children[:]):
            self.end(child, sign)

    def open_source(self) -> None:
        """Let the source answer, at the address where it always is."""
        listening = socket.create_server(("127.0.0.1", self.source_port), backlog=32)
        self.speaks = serve(self.desk, listening)
        self.speaks.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked was killed
        threading.Thread(target=self.speaks.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close_source(self) -> None:
        """Let the source refuse."""
        if self.speaks is not None:
            self.speaks.shutdown()
            self.speaks.server_close()
            self.speaks = None

    def sessions(self, count: int = 1) -> list[str]:
        """Sign the director in so many times; gives the tokens of the sessions."""
        person = people.check(self.store, "giamdoc", PASSWORD)
        assert person is not None
        return [sessions.open_for(self.store, person, now=self.now) for _ in range(count)]

    def quiet(self) -> bool:
        """Say whether everything that is due by the clock was done: read, counted, issued, sent."""
        from config.errors import StoreError

        try:
            known = runs.latest(self.store)
            if known.height != 1 or known["last_state"][0] != "ok":
                return False
            if known["last_run_at"][0] != self.now or known["last_ok_at"][0] < self.now:
                return False
            manifest = snapshot.read_manifest(self.store)
            with reading(self.store) as connection:
                if manifest is None or manifest.ledger_seq != snapshot.ledger_seq(connection):
                    return False
            return not self.owes() and not outbox.any_open(self.store)
        except StoreError:
            return False

    def owes(self) -> bool:
        """Say whether a report is due and not out."""
        from config import report
        from jobs import issuing

        with self.settings():
            report._load.cache_clear()
            if issuing.due(self.store, self.now):
                return True
        return bool(issued.editions_of(self.store, Scope.province(), states=("claimed", "draft", "approved")))

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Let this process read the settings of the house while the block runs."""
        before = os.environ.get("DUNGHAN_CONFIG")
        os.environ["DUNGHAN_CONFIG"] = str(self.folder / "config")
        try:
            yield
        finally:
            os.environ.pop("DUNGHAN_CONFIG")
            if before is not None:
                os.environ["DUNGHAN_CONFIG"] = before

    def settle(self, seconds: float = PATIENCE) -> float:
        """Wait until everything is done that is due; gives the seconds. Raises TimeoutError with what stands."""
        begun = time.monotonic()
        try:
            wait_until(self.quiet, seconds=seconds)
        except TimeoutError as error:
            last = runs.latest(self.store).select("last_run_at", "last_state", "last_error", "last_ok_at").to_dicts()
            raise TimeoutError(f"not quiet at {self.now}: {last}, {self._reports()}, {self._tail()}") from error
        return time.monotonic() - begun

    def _reports(self) -> list[tuple[str, str]]:
        return [(e.state, str(e.held)) for e in issued.editions_of(self.store, Scope.province())]

    def _tail(self) -> str:
        return "\n".join(child.said()[-1500:] for child in self.children)


PASSWORD: Final = "mot-mat-khau-dai-cua-nguoi-dung"


@dataclass(slots=True)
class Street:
    """What houses share: the server of PostgreSQL and the nursery. ``size``, ``past``: of the made-up province, and how
    many days before OPENED it began, None for eighteen months; ``only``: the one house for all who ask for one."""

    folder: Path
    cluster: Cluster
    nursery: Nursery
    size: float
    past: int | None = None
    serial: int = 0
    only: House | None = None

    @contextmanager
    def house(self, name: str, *, home: Path | None = None, tablespace: str = "", **how: Any) -> Iterator[House]:
        """Open a house; everything that it has begun ends with the block."""
        if self.only is not None:
            try:
                yield self.only
            finally:
                self.only.end_all()
            return
        self.serial += 1
        folder = self.folder / f"{self.serial}-{name}"
        folder.mkdir(mode=0o755)
        database = f"house_{self.serial}"
        within = f" TABLESPACE {tablespace}" if tablespace else ""
        self.cluster.say(f"CREATE DATABASE {database} OWNER dunghan_owner{within}")
        port = free_ports(1)[0]
        furnish(
            folder / "config", SOURCE, port, pulled={"overlap_minutes": 2, "keep_raw_days": 30},
            asked={"rows_a_page": 400, "timeout_seconds": 5},
            mail={"operators": [OPERATOR], "again_after_minutes": [1, 5, 15, 60, 240]},
        )  # fmt: skip
        province = build(7, OPENED.date(), date(2026, 4, 30), size=self.size)
        if self.past is not None:
            came = pl.col("submitted") >= (day_number(OPENED.date()) - self.past) * DAY
            province = replace(province, plans=province.plans.filter(came))
        with ExitStack() as undo:
            box = undo.enter_context(open_mailbox())
            desk = Desk(province, lambda: made.now)
            url = self.cluster.url("owner", database)
            made = House(folder, home or folder / "var", url, self.nursery, box, desk, port, **how)
            made.set_clock(OPENED)
            made.store = open_store(url, home=made.home)
            undo.callback(made.store.engine.dispose)
            people.add(made.store, "giamdoc", PASSWORD, role="director", title="Giám đốc")
            made.open_source()
            undo.callback(made.close_source)
            undo.callback(made.end_all)
            yield made


@contextmanager
def street(*, size: float = 0.01, past: int | None = None) -> Iterator[Street]:
    """Open a server of PostgreSQL and a nursery for as many houses as are wanted."""
    folder = Path(tempfile.mkdtemp(prefix="dunghan-faults-"))  # a socket's path must be short
    folder.chmod(0o755)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        nursery = undo.enter_context(closing(Nursery(folder / "nursery.log")))  # it imports meanwhile
        made = undo.enter_context(cluster(folder / "pg", free_ports(1)[0]))
        yield Street(folder, made, nursery, size, past)
