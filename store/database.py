"""Open the store: SQLite (WAL) embedded, PostgreSQL in production, from one code and one schema history."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from config import units, withheld
from config.errors import StoreError
from metrics.scope import Scope

#: The newest step in store/migrations/versions; a test keeps the two together.
HEAD: Final = "0014"
BUSY_SECONDS: Final = 30
#: How long a server that hangs may say nothing, unless the address says otherwise: the driver would wait two minutes.
CONNECT_SECONDS: Final = 10
#: Said to SQLite on every connection. ``recursive_triggers``: else what INSERT OR REPLACE deletes meets no guard.
PRAGMAS: Final = (
    "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536", "recursive_triggers=ON",
)  # fmt: skip
#: What a transaction may see on PostgreSQL, asked by the policies of the tables: a JSON list of units, or null.
SETTING: Final = "dunghan.departments"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. ``derived`` holds what can be made again from it at any time: snapshot, cube, locks."""

    url: str
    engine: Engine
    derived: Path

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return self.engine.url.render_as_string(hide_password=True)


def open_store(url: str, *, home: Path | None = None) -> Store:
    """Open ``url``, creating or migrating its tables.

    ``home`` is where the derived files of a server database go (default ``var``); those of an SQLite file
    stand beside it. Raises StoreError when the address is unusable, the file is locked or of a newer version.
    """
    address = _address(url)
    engine = _engine(address)
    store = Store(url=url, engine=engine, derived=_derived(address, home or Path("var")))
    try:
        store.derived.mkdir(parents=True, exist_ok=True)
        _migrate(store)
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise broken(store, error) from error
    except StoreError:
        engine.dispose()
        raise
    return store


def broken(store: Store, error: Exception) -> StoreError:
    """Say a database error in the user's words: what is wrong with the store and what to do."""
    text = str(getattr(error, "orig", None) or error).splitlines()[0]
    low = text.lower()
    steps = {
        "locked": "Another program is writing; wait for it to end, or stop it, then run the command again.",
        "lock timeout": "Another program is writing; wait for it to end, or stop it, then run the command again.",
        "full": "Free some space on the disk, then run the command again: nothing of the failed batch was stored.",
        "no space left": "Free some space, then run the command again: nothing of the failed batch was stored.",
        "unable to open": "Check that the folder exists and may be written.",
        "permission denied for": "Let the owner of the tables run: dunghan store roles (docs/postgresql-roles.md).",
        "permission denied to": "This user of the database may not: let a superuser do it (docs/postgresql-roles.md).",
        "must be superuser": "This user of the database may not: let a superuser do it (docs/postgresql-roles.md).",
        "must be owner": "Let the owner of the tables do it (docs/postgresql-roles.md).",
        "[errno 13]": "Check the rights on the folder.",
        "readonly": "The file may only be read; give write access to it and to its folder.",
        "not a database": "The file is something else; name another file with --store.",
        "malformed": "The file is damaged; restore it from a backup.",
    }
    step = next(
        (s for word, s in steps.items() if word in low), "Check that the database runs and the address is right."
    )
    return StoreError(f"store {store.name}", f"{text}.", step)


def _address(url: str) -> URL:
    try:
        address = make_url(url if "://" in url else f"sqlite:///{url}")
    except SQLAlchemyError as error:
        raise StoreError(
            "store", f'"{url}" is no database address.', "Write sqlite:///FILE or postgresql://…"
        ) from error
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError("store", f'"{address.drivername}" is not supported.', "Use sqlite or postgresql.")
    return address


def _engine(address: URL) -> Engine:
    """Open the database; what a statement was given stands in no error (``hide_parameters``): it may be a name."""
    withheld.keep(str(address.password or ""))
    if address.get_backend_name() == "postgresql":
        options = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s"  # whoever waits for a lock ends, as on SQLite
        told = {"options": options, "connect_timeout": address.query.get("connect_timeout", CONNECT_SECONDS)}
        return sa.create_engine(address, connect_args=told, pool_pre_ping=True, hide_parameters=True)
    if not address.database or address.database == ":memory:":
        raise StoreError("store", "a store in memory would be lost.", "Name a file: sqlite:///FILE.")
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see _begin
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _derived(address: URL, home: Path) -> Path:
    if address.get_backend_name() == "sqlite":
        return Path(str(address.database)).with_suffix(".derived")
    # Whoever connects, whatever the driver: the same figures.
    where = URL.create("postgresql", None, None, address.host, address.port, address.database, address.query)
    return home / f"derived-{hashlib.sha256(where.render_as_string().encode()).hexdigest()[:8]}"


def writing(store: Store) -> AbstractContextManager[Connection]:
    """Open one transaction that writes; raises StoreError when the database refuses, with nothing stored."""
    return _transaction(store, store.engine.execution_options(writing=True))


def reading(store: Store) -> AbstractContextManager[Connection]:
    """Open one transaction that only reads: all its questions see the same state. Raises StoreError."""
    if store.engine.dialect.name == "postgresql":  # whose default shows each question the newest state
        return _transaction(store, store.engine.execution_options(isolation_level="REPEATABLE READ"))
    return _transaction(store, store.engine)


@contextmanager
def seeing(store: Store, scope: Scope) -> Iterator[Connection]:
    """Open one transaction that reads what ``scope`` may see, and on PostgreSQL nothing else. Raises StoreError."""
    with reading(store) as connection:
        see(connection, scope)
        yield connection


def see(connection: Connection, scope: Scope) -> None:
    """Hold a transaction to the dossiers that ``scope`` may see, where the database can: PostgreSQL, for a role that
    does not own the tables (row-level security, docs/postgresql-roles.md). It ends with the transaction.

    Rows carry the names that sources write; a unit's rows are those under every name it has in the register.
    """
    if connection.dialect.name == "postgresql":
        told = json.dumps(_written(scope), ensure_ascii=False)
        connection.execute(sa.select(sa.func.set_config(SETTING, told, True)))


def is_held(connection: Connection) -> bool:
    """Say whether the policies hold this role to its readers' scopes."""
    held = sa.text("SELECT row_security_active('dossiers')")
    return connection.dialect.name == "postgresql" and bool(connection.scalar(held))


def must_see_all(store: Store, connection: Connection) -> None:
    """Raise StoreError for a role that the policies hold: what it worked out of no row would pass for everything."""
    if is_held(connection):
        found = "this role is held to its readers' scopes: here it sees no dossier, whatever the store holds."
        step = "Run it as the worker's role, or the owner's (docs/postgresql-roles.md)."
        raise StoreError(f"store {store.name}", found, step)


def _written(scope: Scope) -> list[str] | None:
    if scope.departments is None:
        return None
    register = units.load()
    return sorted(name for name in register.names | scope.departments if register.today(name) in scope.departments)


@contextmanager
def _transaction(store: Store, engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise broken(store, error) from error


@contextmanager
def locked(store: Store, name: str) -> Iterator[bool]:
    """Hold the lock ``name`` while the block runs; gives False at once when another process holds it.

    A file lock beside an SQLite store, an advisory lock of the session in PostgreSQL; both end with the process.
    """
    if store.engine.dialect.name == "postgresql":
        with _advisory(store, name) as free:
            yield free
        return
    # Not among the derived files: those may be deleted at any time, and a lock on a file that is gone holds nobody.
    folder = store.derived.with_suffix(".locks")
    folder.mkdir(parents=True, exist_ok=True)
    file_name = hashlib.sha256(name.encode()).hexdigest()[:16]
    with (folder / file_name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def lock_key(name: str) -> int:
    """Give the number of the advisory lock ``name``."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@contextmanager
def _advisory(store: Store, name: str) -> Iterator[bool]:
    """Hold an advisory lock in a session of its own; a session that was lost has let go already."""
    key = {"key": lock_key(name)}
    try:
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        free = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key))
    except SQLAlchemyError as error:
        raise broken(store, error) from error
    try:
        yield free
    finally:
        with suppress(SQLAlchemyError):
            if free:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)
        with suppress(SQLAlchemyError):
            connection.close()


def _version(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _migrate(store: Store) -> None:
    """Bring the schema to ``HEAD``; the common case, nothing to do, does not load alembic."""
    with store.engine.begin() as connection:
        if _version(connection) == HEAD:
            return
    with writing(store) as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(
                sa.text("SELECT pg_advisory_xact_lock(20260115)")
            )  # any fixed number: one migration at a time
        if (version := _version(connection)) != HEAD:
            _must_own(store, connection, version)
            _upgrade(connection)


def owns(connection: Connection) -> bool:
    """Say whether this role of PostgreSQL owns the tables, or is a member of who does."""
    asked = "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('alembic_version')"
    return bool(connection.scalar(sa.text(asked)))


def _must_own(store: Store, connection: Connection, version: str | None) -> None:
    """Raise StoreError where somebody else has to bring older tables up: a role that does not own them."""
    if version is None or version > HEAD or store.engine.dialect.name != "postgresql":
        return
    if not owns(connection):
        found = f"its tables are of version {version}, and this Đúng Hạn needs {HEAD}."
        step = "Let their owner upgrade them: any command as the owner does, then dunghan store roles (docs/deploy.md)."
        raise StoreError(f"store {store.name}", found, step)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        found = f"its tables are of version {_version(connection)}, and this Đúng Hạn knows none beyond {HEAD}."
        raise StoreError("store", found, "A newer Đúng Hạn wrote it: upgrade this one.") from error
