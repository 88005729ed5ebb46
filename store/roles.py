"""What two login roles of PostgreSQL may do with the tables, which neither of them owns: the app's, and the worker's.

The app is held to its readers' scopes by row-level security (store.database.see); the worker sees all rows and may read
no password. What a later version adds is granted by saying it again. docs/postgresql-roles.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from config.errors import StoreError
from store.database import Store, owns, reading, writing
from store.guards import GUARDS
from store.tables import (
    alerts,
    audit,
    edition_acts,
    editions,
    entered,
    failures,
    fault_acts,
    metadata,
    outbox,
    people,
    reconciliations,
    records,
    seals,
    sessions,
    software_faults,
    tokens,
    urging_answers,
    urgings,
)

_READ, _APPEND, _CHANGE = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"
#: Sign-in: the app compares passwords, so it reads their hashes; nobody else does.
_OF_PEOPLE: Final = {people.name, sessions.name, failures.name, tokens.name}
_RECORDED: Final = {
    records.name, reconciliations.name, seals.name, audit.name, edition_acts.name, urgings.name, urging_answers.name,
    entered.name, software_faults.name, fault_acts.name,
}  # fmt: skip
#: What people remark, approve, acknowledge and send again; the worker makes it. The columns that they write.
_ANSWERED: Final = {
    editions.name: "state, remark, caveat, approved_by, approved_at",
    alerts.name: "state, acknowledged_by, acknowledged_at, note",
    outbox.name: "state, next_at, ended_at",
}
_BYPASS: Final = " BYPASSRLS"
_KNOWN: Final = "name, title, role, departments, disabled_at, mail"
_APPEND_ONLY: Final = frozenset(guard.table for guard in GUARDS if not guard.state)


@dataclass(frozen=True, slots=True)
class Roles:
    """Two login roles, by their names; "" for one that is not wanted."""

    app: str = ""
    worker: str = ""


def app_may(table: str) -> str:
    """Say what the app may do with a table: read, keep what people record, and sign people in."""
    if table in _ANSWERED:
        return f"SELECT, UPDATE ({_ANSWERED[table]})"
    return _CHANGE if table in _OF_PEOPLE else _APPEND if table in _RECORDED else _READ


def worker_may(table: str) -> str:
    """Say what the worker may do with a table: everything but change what is append-only; nothing with sign-ins."""
    return "" if table in _OF_PEOPLE else _APPEND if table in _APPEND_ONLY else _CHANGE


def statements(store: Store, roles: Roles) -> tuple[str, ...]:
    """Give what the owner of the tables has to say to the database. Raises StoreError for a store on SQLite, a role
    that is not there, or one that would be held by nothing: the owner, a superuser."""
    if store.engine.dialect.name != "postgresql":
        raise StoreError(f"store {store.name}", "SQLite knows no roles.", "Guard the file: docs/postgresql-roles.md.")
    with reading(store) as connection:
        for name in filter(None, (roles.app, roles.worker)):
            _usable(connection, name)
        if roles.app and _sees_all(connection, roles.app):
            found = "it bypasses row-level security: nothing would hold it."
            raise StoreError(f"role {roles.app}", found, f"ALTER ROLE {_quoted(connection, roles.app)} NOBYPASSRLS.")
        schema = str(connection.scalar(sa.text("SELECT quote_ident(current_schema())")))
        quoted = {name: _quoted(connection, name) for name in (roles.app, roles.worker) if name}
        bypass = [_bypass(quoted[roles.worker])] if roles.worker and not _sees_all(connection, roles.worker) else []
    told = [*_of_app(schema, quoted[roles.app])] if roles.app else []
    return (*told, *bypass, *(_of_worker(schema, quoted[roles.worker]) if roles.worker else ()))


def apply(store: Store, roles: Roles) -> None:
    """Say ``statements`` in one transaction. Raises StoreError, also where only a superuser may say one of them.

    Who does not own the tables is refused: PostgreSQL itself would warn, and grant nothing.
    """
    told = statements(store, roles)
    with writing(store) as connection:
        if not owns(connection):
            found = "this role does not own the tables: it has nothing to grant."
            raise StoreError(f"store {store.name}", found, "Say it as their owner (docs/postgresql-roles.md).")
        for statement in told:
            if statement.endswith(_BYPASS):
                _give_bypass(connection, statement, roles.worker)
            else:
                connection.exec_driver_sql(statement)


def _give_bypass(connection: Connection, statement: str, worker: str) -> None:
    try:
        connection.exec_driver_sql(statement)
    except ProgrammingError as error:
        found = f"it lacks{_BYPASS}, which the owner of the tables may not give. Nothing was granted."
        raise StoreError(f"role {worker}", found, f"As a superuser: {statement}; then say this again.") from error


def _of_app(schema: str, role: str) -> Iterator[str]:
    yield from _entering(schema, role)
    yield from (f"GRANT {app_may(name)} ON {schema}.{name} TO {role}" for name in metadata.tables)


def _of_worker(schema: str, role: str) -> Iterator[str]:
    yield from _entering(schema, role)
    told = ((name, worker_may(name)) for name in metadata.tables)
    yield from (f"GRANT {verbs} ON {schema}.{name} TO {role}" for name, verbs in told if verbs)
    yield f"GRANT SELECT ({_KNOWN}) ON {schema}.{people.name} TO {role}"  # who records must be somebody; who gets mail


def _bypass(role: str) -> str:
    """Let the worker write by COPY, which PostgreSQL gives to nobody under policies; only a superuser may say it."""
    return f"ALTER ROLE {role}{_BYPASS}"


def _entering(schema: str, role: str) -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON {schema}.alembic_version TO {role}"


def _sees_all(connection: Connection, name: str) -> bool:
    question = sa.text("SELECT rolbypassrls FROM pg_roles WHERE rolname = :name")
    return bool(connection.scalar(question, {"name": name}))


def _usable(connection: Connection, name: str) -> None:
    found = connection.execute(_ASKED, {"name": name}).one_or_none()
    if found is None:
        step = f"Make it first: CREATE ROLE {_quoted(connection, name)} LOGIN PASSWORD '…'."
        raise StoreError(f"role {name}", "there is none.", step)
    if found.rolsuper or found.owner:
        why = "is a superuser" if found.rolsuper else "owns the tables, or is a member of who does"
        raise StoreError(f"role {name}", f"it {why}: nothing would hold it.", "Make a role of its own for it.")


_ASKED: Final = sa.text(
    "SELECT rolsuper, pg_has_role(rolname, relowner, 'MEMBER') AS owner FROM pg_roles, pg_class "
    "WHERE rolname = :name AND pg_class.oid = to_regclass('dossiers')"
)


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
