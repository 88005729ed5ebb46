"""People who may sign in: who they are, what they may see, and every change of that, with who made it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import units
from config.access import ROLES as ROLES
from config.access import Role as Role
from config.errors import ConfigError, nearest
from config.mail import is_address
from metrics.scope import Scope
from store import audit, failures, passwords
from store.database import Store, reading, writing
from store.tables import people, sessions

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. ``departments`` None: the whole province; ``below``: and what stands under them.

    ``must_change``: the password was given by somebody else, and opens nothing but the page that changes it.
    ``outside``: signs in at the office's provider, which says role and units at every sign-in.
    """

    name: str
    title: str
    role: Role
    departments: tuple[str, ...] | None
    below: bool = False
    must_change: bool = False
    outside: bool = False

    @property
    def scope(self) -> Scope:
        """What the person may see: ``departments``, and only where the account says so the units under them today."""
        if self.departments is None:
            return Scope.province()
        return Scope.of(*self.departments, *(_under(self.departments) if self.below else ()))

    @property
    def sees(self) -> str:
        """Say what the person may see, for logs and the command line."""
        if self.departments is None:
            return "the whole province"
        return ", ".join(self.departments) + (" and the units under them" if self.below else "")


@dataclass(frozen=True, slots=True)
class Account:
    """A person as administrators see one. ``disabled_at`` None: may sign in; ``signed_in_at``: the last time."""

    person: Person
    disabled_at: datetime | None
    signed_in_at: datetime | None


def _under(departments: tuple[str, ...]) -> frozenset[str]:
    try:
        register = units.load()
    except ConfigError:  # the doctor says what is wrong with it; until then nobody sees more than is certain
        return frozenset()
    return frozenset[str]().union(*(register.below(name) for name in departments))


def add(
    store: Store, name: str, password: str, *, role: Role, title: str, departments: tuple[str, ...] | None = None,
    below: bool = False, must_change: bool = False, by: str = "", at: datetime | None = None,
) -> Person:  # fmt: skip
    """Add a person with a password; ``passwords.accept`` says which are good enough.

    ``at`` None: nobody's doing, as in the demo: not in the audit log, and no password to change. Raises ConfigError
    when the name is taken or none, or a head is given no department.
    """
    since = at if must_change else None
    person = judged(Person(name.strip(), title.strip() or name.strip(), role, departments, below, since is not None))
    row = row_of(person) | {"password_hash": passwords.hashed(password), "must_change_since": since}
    with writing(store) as connection:
        if is_taken(connection, person.name):
            found, step = "the name is taken.", "Choose another, or change that person's role, units or password."
            raise ConfigError(f'person "{person.name}"', found, step)
        connection.execute(sa.insert(people).values(row))
        if at is not None:
            told_in(connection, person.name, f"added: {person.role}, {person.sees}", by=by, at=at)
    return person


def change(
    store: Store, name: str, *, role: Role, title: str, departments: tuple[str, ...] | None, below: bool = False,
    by: str, at: datetime,
) -> Person:  # fmt: skip
    """Give a person another role, title or units; whoever may see something else has to sign in again.

    Raises ConfigError for a name that is not known, a head without department, the last administrator, and somebody
    whose role the provider says.
    """
    with writing(store) as connection:
        before = _one(connection, name)
        if before.outside:
            found = "the provider of the sign-in says this person's role and units."
            raise ConfigError(f'person "{name}"', found, "Change them there, or the rules in access.toml.")
        title = title.strip() or name
        after = judged(replace(before, role=role, title=title, departments=departments, below=below))
        if role != "administrator" or departments is not None:
            _not_the_last(connection, name)
        connection.execute(sa.update(people).where(people.c.name == name).values(row_of(after)))
        was, now = f"{before.role}, {before.sees}", f"{after.role}, {after.sees}"
        if was != now:
            end_sessions_in(connection, name)
        told_in(connection, name, f"{was} → {now}; {after.title}", by=by, at=at)
    return after


def set_password(
    store: Store, name: str, password: str | None = None, *, must_change: bool = True, by: str, at: datetime
) -> str:
    """Give a person a password, None: a one-time one, and give it back. Every session ends, and a lock with them.

    Raises WeakPasswordError, and ConfigError for a name that is not known or belongs to the provider.
    """
    with reading(store) as connection:
        person = _one(connection, name)
        old = connection.scalar(sa.select(people.c.password_hash).where(people.c.name == name))
    if person.outside:
        found = "the provider of the sign-in keeps this person's password."
        raise ConfigError(f'person "{name}"', found, "Change it there.")
    chosen = passwords.one_time() if password is None else password
    passwords.accept(chosen, name=name, old_hash=old)
    new = {"password_hash": passwords.hashed(chosen), "must_change_since": at if must_change else None}
    with writing(store) as connection:
        connection.execute(sa.update(people).where(people.c.name == name).values(new))
        end_sessions_in(connection, name)
        failures.forget_in(connection, name)
        audit.keep_in(connection, person=by, act="change_password", at=at, what=f"person {name}")
    return chosen


def set_mail(store: Store, name: str, mail: str | None, *, by: str, at: datetime) -> None:
    """Say where a person gets digests and reports, None: nowhere. Raises ConfigError, also for what is no address."""
    told = (mail or "").strip() or None
    if told is not None and not is_address(told):
        raise ConfigError(f'person "{name}"', f'"{told}" is no mail address.', "Write name@domain.")
    with writing(store) as connection:
        _one(connection, name)
        connection.execute(sa.update(people).where(people.c.name == name).values(mail=told))
        told_in(connection, name, "mail set" if told else "mail taken out", by=by, at=at)


def with_mail(store: Store) -> tuple[tuple[Person, str], ...]:
    """Give everybody who may sign in and has an address, with it, by name; asks nothing of how they sign in."""
    told = (people.c.name, people.c.title, people.c.role, people.c.departments, people.c.mail)
    asked = sa.select(*told).where(people.c.disabled_at.is_(None), people.c.mail.is_not(None))
    with reading(store) as connection:
        rows = connection.execute(asked.order_by(people.c.name)).all()
    return tuple((_known(row), row.mail) for row in rows)


def disable(store: Store, name: str, *, by: str, at: datetime) -> None:
    """Let a person sign in no more and end every session. Raises ConfigError, also for the last administrator."""
    with writing(store) as connection:
        _one(connection, name)
        _not_the_last(connection, name)
        here = sa.and_(people.c.name == name, people.c.disabled_at.is_(None))
        connection.execute(sa.update(people).where(here).values(disabled_at=at))
        end_sessions_in(connection, name)
        told_in(connection, name, "disabled", by=by, at=at)


def enable(store: Store, name: str, *, by: str, at: datetime) -> None:
    """Let a person sign in again. Raises ConfigError for a name that is not known."""
    with writing(store) as connection:
        _one(connection, name)
        connection.execute(sa.update(people).where(people.c.name == name).values(disabled_at=None))
        told_in(connection, name, "enabled", by=by, at=at)


def names(store: Store) -> frozenset[str]:
    """Give the names of all people, also of those who may sign in no more."""
    with reading(store) as connection:
        return frozenset(connection.scalars(sa.select(people.c.name)))


def everyone(store: Store) -> tuple[Account, ...]:
    """Give every person by name."""
    with reading(store) as connection:
        rows = connection.execute(sa.select(people).order_by(people.c.name)).all()
    return tuple(Account(of_row(row), row.disabled_at, row.signed_in_at) for row in rows)


def by_name(store: Store, name: str) -> Person | None:
    """Give the person of a name, None where nobody has it."""
    with reading(store) as connection:
        row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    return of_row(row) if row else None


def named(store: Store, name: str) -> Person:
    """Give the person of a name. Raises ConfigError where nobody has it."""
    with reading(store) as connection:
        return _one(connection, name)


def check(store: Store, name: str, password: str) -> Person | None:
    """Give the person when the password fits. Unknown and disabled names take as long as a wrong password."""
    with reading(store) as connection:
        row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    fits = passwords.fits(password, row.password_hash if row else None)
    return of_row(row) if row and fits and row.disabled_at is None else None


def end_sessions_in(connection: Connection, name: str) -> int:
    """End every session of a person in the transaction of what makes them end; give how many."""
    return connection.execute(sa.delete(sessions).where(sessions.c.person == name)).rowcount


def of_row(row: Any) -> Person:
    """Read a person from a row of the table."""
    return replace(_known(row), must_change=row.must_change_since is not None, outside=row.issuer is not None)


def _known(row: Any) -> Person:
    """Read who a person is and what they may see."""
    told = json.loads(row.departments) if row.departments else None
    below = isinstance(told, dict) and told["below"] is True
    sees = None if told is None else tuple(told["departments"] if below else told)
    return Person(row.name, row.title, row.role, sees, below)


def row_of(person: Person) -> dict[str, Any]:
    """Give what the table holds of a person beside the ways to sign in.

    A list of units that reaches below them says so, and shows nothing to versions that do not know it.
    """
    listed = None if person.departments is None else list(person.departments)
    told: Any = {"departments": listed, "below": True} if person.below else listed
    written = None if told is None else json.dumps(told, ensure_ascii=False)
    return {"name": person.name, "title": person.title, "role": person.role, "departments": written}


def judged(person: Person) -> Person:
    """Give the person as one that can be. Raises ConfigError for a head without a department, and for no name."""
    if person.role == "head" and not person.departments:
        place = f'person "{person.name}"'
        raise ConfigError(place, "a department head without a department.", "Name at least one department.")
    if not person.name or len(person.name) > LONGEST_NAME or not person.name.isprintable():
        raise ConfigError("person", "that is no name to type at sign-in.", f"Give 1 to {LONGEST_NAME} characters.")
    return replace(person, below=person.below and person.departments is not None)


def told_in(connection: Connection, name: str, detail: str, *, by: str, at: datetime) -> None:
    """Keep in the audit log what was done to a person."""
    audit.keep_in(connection, person=by, act="change_person", at=at, what=f"person {name}", detail=detail)


def _one(connection: Connection, name: str) -> Person:
    row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    if row is None:
        known = connection.scalars(sa.select(people.c.name))
        raise ConfigError(f'person "{name}"', f"there is none.{nearest(name, known)}", "See dunghan person list.")
    return of_row(row)


def _not_the_last(connection: Connection, name: str) -> None:
    """Refuse to take away the last administrator; two that take each other away at once wait for one another.

    For one with a password here nobody from outside stands in: the provider takes their role away unasked.
    """
    of_all = sa.and_(people.c.role == "administrator", people.c.departments.is_(None))
    here = sa.and_(of_all, people.c.disabled_at.is_(None))
    question = sa.select(people.c.name, people.c.issuer).where(here).with_for_update()
    there = {row.name: row.issuer is not None for row in connection.execute(question)}
    if name in there and not any(there[name] or not outside for other, outside in there.items() if other != name):
        found = "nobody else is administrator with a password here and may sign in."
        raise ConfigError(f'person "{name}"', found, "Make another administrator first.")


def is_taken(connection: Connection, name: str) -> bool:
    """Say whether somebody is called so, however it is written: who differs in capitals alone would share one lock."""
    wanted = failures.same(name)
    return any(failures.same(one) == wanted for one in connection.scalars(sa.select(people.c.name)))
