"""A whole production on this machine: PostgreSQL, two dashboards, two workers, nginx; each can be killed and started.

By hand, until Ctrl-C: ``python -m tests.deploy.production FOLDER`` (as root). Every process runs the line of its unit,
shut in as the unit says (shut_in.py).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from store import people, roles
from store.database import Store, open_store
from tests.architecture.tracked import ROOT
from tests.deploy.machine import HOST, ROLES, Cluster, Machine, answers, certificate, cluster, free_ports, needed
from tests.deploy.machine import wait_until as wait_until
from tests.deploy.units import DEPLOY, shut, unit

PASSWORD: Final = "mot-mat-khau-dai-cua-nguoi-dung"
READERS: Final[dict[str, people.Role]] = {"quantri": "administrator", "vanhanh": "operator"}
#: Where Debian has it, users who are not root do not look.
NGINX: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
WRITTEN: Final = ["/var/lib/dunghan", "/var/lib/dunghan-owner", "/var/backups/dunghan"]
PARTS: Final = ("dashboard a", "dashboard b", "worker a", "worker b", "nginx")


class Guard:
    """Ends what is still watched when this process is gone, however it went (jobs/guard.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jobs.guard"], cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True
        )

    def watch(self, group: int) -> None:
        """End a process group with us."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Let go of one that is gone: its number may be somebody else's."""
        self._tell(f"-{group}\n")

    def end(self) -> None:
        """End what is left, and wait for that."""
        self._process.communicate()

    def _tell(self, line: str) -> None:
        if self._process.stdin:
            self._process.stdin.write(line)
            self._process.stdin.flush()


@dataclass(slots=True)
class Production:
    """What runs, by its name in PARTS; ``https``: the port of nginx."""

    machine: Machine
    https: int
    http: int
    guard: Guard
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def cluster(self) -> Cluster:
        """Its PostgreSQL."""
        return self.machine.cluster

    @property
    def root(self) -> Path:
        """The folder under which its machine lies."""
        return self.machine.root

    @property
    def address(self) -> str:
        """What a reader types; the name is the machine's own business (``--host-resolver-rules``)."""
        return self.machine.address

    def start(self, part: str) -> None:
        """Start a part; ``wait_until(lambda: production.up(part))`` where it matters."""
        if part == "nginx":
            command = [NGINX, "-e", "stderr", "-c", str(self.root / "etc/nginx/nginx.conf")]
        else:
            command = self._shut(part)
        with self.log(part).open("ab") as log:
            self.running[part] = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.guard.watch(self.running[part].pid)

    def kill(self, part: str, sign: int = signal.SIGKILL) -> None:
        """End a part as it is told, and wait until it is gone."""
        process = self.running.pop(part)
        process.send_signal(sign)
        process.wait(150)
        self.guard.forget(process.pid)

    def restart_database(self, mode: str = "immediate") -> None:
        """Stop PostgreSQL under whoever works with it, and start it again."""
        self.guard.forget(self.cluster.process)
        self.cluster.stop(mode)
        self.cluster.start()
        self.guard.watch(self.cluster.process)

    def up(self, part: str) -> bool:
        """Say whether a part does its work: a dashboard answers with its store, of the workers one leads."""
        if part == "nginx":
            return answers(self.https)
        if part.startswith("worker"):
            return "leading" in self.said(part) or "waiting" in self.said(part)
        return b'"ok"' in self.answer(part)

    def port(self, part: str) -> int:
        """Give the port of a dashboard."""
        return self.machine.ports[0 if part.endswith("a") else 1]

    def answer(self, part: str) -> bytes:
        """Ask a dashboard how it is, past nginx; nothing when nobody answers, or it says that it cannot work."""
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port(part)}/healthz", timeout=5) as told,
        ):
            return bytes(told.read())
        return b""

    def log(self, part: str) -> Path:
        """Give the file with what a part says."""
        return self.root / f"{part.replace(' ', '-')}.log"

    def said(self, part: str) -> str:
        """Give what a part said so far."""
        return self.log(part).read_text(encoding="utf-8", errors="replace") if self.log(part).exists() else ""

    def opened(self, role: str) -> Store:
        """Open the store as a role: dashboard, worker or owner. The caller closes it."""
        home = self.root / ("var/lib/dunghan-owner" if role == "owner" else "var/lib/dunghan")
        return open_store(self.cluster.url(role), home=home)

    def run(self, unit_name: str) -> tuple[int, str]:
        """Run a unit's line to its end, shut in as the unit says; gives its exit code and what it said."""
        return _ended(self._shut(unit_name))

    def as_role(self, role: str, *words: str) -> tuple[int, str]:
        """Run ``dunghan-as ROLE WORDS…`` as root of this machine, as docs/deploy.md says it."""
        told = shut(unit("dunghan-backup.service"), self.root, release=ROOT, needed=needed())
        told["command"] = ["/bin/sh", "/opt/dunghan/current/deploy/bin/dunghan-as", role, *words]
        told |= {"root_s": True, "writable": WRITTEN, "inaccessible": [], "environment": {"PATH": os.environ["PATH"]}}
        return _ended(self._in(told, f"as-{role}"))

    def stop(self) -> None:
        """End everything that still runs, nginx first: readers see it gone and not its parts."""
        for part in [p for p in reversed(PARTS) if p in self.running]:
            process = self.running.pop(part)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.guard.forget(process.pid)

    def _shut(self, part: str) -> list[str]:
        name, _, which = part.partition(" ")
        if name == "dashboard":
            which = str(self.machine.ports[0 if which == "a" else 1])
        file = f"dunghan-{name}@.service" if which else f"dunghan-{name}.service"
        told = shut(unit(file, which), self.root, release=ROOT, needed=needed())
        return self._in(told, part)

    def _in(self, told: dict[str, Any], part: str) -> list[str]:
        written = self.root / f"{part.replace(' ', '-')}.json"
        written.write_text(json.dumps(told), encoding="utf-8")
        script = str(Path(__file__).with_name("shut_in.py"))
        return ["unshare", "--mount", "--propagation", "private", sys.executable, script, str(written)]


def _ended(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


@contextmanager
def production(folder: Path, *, fill: Callable[[Store], Any] | None = None) -> Iterator[Production]:
    """Raise a production in ``folder`` until the block ends; ``fill`` puts data in as the owner, before all else."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL and the users of the machine go through it
    ports, guard = free_ports(5), Guard()
    with cluster(folder / "postgres", ports[4]) as database:
        guard.watch(database.process)
        machine = Machine(folder / "machine", database, (ports[0], ports[1]), f"https://{HOST}:{ports[2]}")
        machine.install()
        made = Production(machine, https=ports[2], http=ports[3], guard=guard)
        proxied(made)
        _filled(made, fill)
        try:
            for part in PARTS:
                made.start(part)
            for part in PARTS:
                wait_until(partial(made.up, part), seconds=120)
            yield made
        finally:
            made.stop()
            guard.forget(database.process)
    guard.end()


def proxied(made: Production) -> None:
    """Write nginx's own file around ours, with this machine's ports and folders in place of the real ones."""
    root, (a, b) = made.root, made.machine.ports
    certificate(root / "etc/ssl/dunghan")
    (root / "etc/nginx/conf.d").mkdir(parents=True)
    (root / "var/log/nginx").mkdir(parents=True)
    ours = (DEPLOY / "nginx/dunghan.conf").read_text(encoding="utf-8")
    ours = re.sub(r"\b8501\b", str(a), re.sub(r"\b8502\b", str(b), ours))
    ours = re.sub(r"listen 443\b", f"listen 127.0.0.1:{made.https}", ours)
    ours = re.sub(r"listen 80\b", f"listen 127.0.0.1:{made.http}", ours)
    for place in ("/etc/ssl/dunghan", "/var/log/nginx"):
        ours = ours.replace(place, f"{root}{place}")
    (root / "etc/nginx/conf.d/dunghan.conf").write_text(ours, encoding="utf-8")
    folders = "".join(
        f"{kind}_temp_path {root}/var/lib/nginx-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"user root; daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/nginx.log;"
    around += f"events {{}} http {{ {folders} include {root}/etc/nginx/conf.d/*.conf; }}\n"
    (root / "etc/nginx/nginx.conf").write_text(around, encoding="utf-8")


def _filled(made: Production, fill: Callable[[Store], Any] | None) -> None:
    owner = made.opened("owner")
    try:
        for name, role in READERS.items():
            people.add(owner, name, PASSWORD, role=role, title=name)
        if fill:
            fill(owner)
        roles.apply(owner, roles.Roles(ROLES["dashboard"], ROLES["worker"]))
    finally:
        owner.engine.dispose()


def main() -> None:
    """Raise one by hand, say where it is, and wait for Ctrl-C."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="dunghan-production-"))
    with production(folder) as made:
        print(made.address, f"(--host-resolver-rules=MAP {HOST} 127.0.0.1)", ", ".join(READERS), PASSWORD)  # noqa: T201
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)


if __name__ == "__main__":
    main()
