"""Signing in: with a name and a password of ours, or as somebody whom the office's provider vouches for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import audit, browsers, failures, people
from store.database import Store, writing
from store.people import Person
from store.tables import people as table


@dataclass(frozen=True, slots=True)
class Turned:
    """Nobody was let in. ``waits``: how long the name, or the address, has to wait before it may try again."""

    waits: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider ``issuer`` calls ``subject``, as the claims and the rules of access.toml describe them."""

    issuer: str
    subject: str
    person: Person


#: Why somebody who was vouched for is not let in: switched off here, or the name is another person's.
Refusal = Literal["disabled", "taken"]


def with_password(
    store: Store, name: str, password: str, *, address: str, at: datetime, may: Callable[[str], bool], mark: str = ""
) -> Person | Turned:
    """Judge a name and a password, and keep in the audit log what came of it.

    ``may`` says whose password counts at all; ``mark`` is what the browser brings (store/browsers.py). Nothing in words
    or time tells whether a name is known.
    """
    name = name.strip()[: people.LONGEST_NAME]
    browser = browsers.known(store, name, mark)
    if waits := failures.begin(store, name, address, at=at, browser=browser):
        return Turned(waits)
    person = people.check(store, name, password)
    if person is None or not may(name):
        failures.was_wrong(store, name, at=at, browser=browser)
        return Turned()
    failures.was_right(store, name, address, at=at, browser=browser)
    audit.keep(store, person=person.name, act="sign_in", at=at)
    return person


def own_password(store: Store, name: str, old: str, new: str, *, address: str, at: datetime) -> Person | Turned:
    """Change one's own password, by the old one; it is tried as a sign-in is. Every session of before ends.

    Raises WeakPasswordError, and ConfigError for somebody who has no password here.
    """
    if waits := failures.begin(store, name, address, at=at):
        return Turned(waits)
    if people.check(store, name, old) is None:
        failures.was_wrong(store, name, at=at, detail="changing the password")
        return Turned()
    failures.was_right(store, name, address, at=at)
    people.set_password(store, name, new, must_change=False, by=name, at=at)
    return people.named(store, name)


def vouched(store: Store, who: Vouched, *, at: datetime) -> Person | Refusal:
    """Take over what the provider says today, a new person or another role, and keep the sign-in in the audit log.

    Somebody whose role or units changed is signed out everywhere else. A name that another account has is refused:
    nobody gets a person's records by being called so elsewhere.
    """
    here = sa.and_(table.c.issuer == who.issuer, table.c.subject == who.subject)
    with writing(store) as connection:
        row = connection.execute(sa.select(table).where(here).with_for_update()).one_or_none()
        refusal: Refusal | None = "disabled" if row is not None and row.disabled_at is not None else None
        if row is None and people.is_taken(connection, who.person.name):
            refusal = "taken"
        if refusal:
            told = f"{who.issuer}: {refusal}"
            audit.keep_in(connection, person=who.person.name, act="sign_in_failed", at=at, detail=told)
            return refusal
        person = _new(connection, who, at) if row is None else _again(connection, people.of_row(row), who, at)
        audit.keep_in(connection, person=person.name, act="sign_in", at=at, detail=who.issuer)
    return person


def _new(connection: Connection, who: Vouched, at: datetime) -> Person:
    person = replace(people.judged(who.person), outside=True)
    row = people.row_of(person) | {"issuer": who.issuer, "subject": who.subject}
    connection.execute(sa.insert(table).values(row))
    people.told_in(connection, person.name, f"added: {person.role}, {person.sees}", by=who.issuer, at=at)
    return person


def _again(connection: Connection, before: Person, who: Vouched, at: datetime) -> Person:
    """Keep the name of the first time: what was recorded and logged under it stays one person's."""
    after = replace(people.judged(who.person), name=before.name, outside=True)
    if after == before:
        return after
    connection.execute(sa.update(table).where(table.c.name == before.name).values(people.row_of(after)))
    was, now = f"{before.role}, {before.sees}", f"{after.role}, {after.sees}"
    if was != now:
        people.end_sessions_in(connection, before.name)
        people.told_in(connection, before.name, f"{was} → {now}", by=who.issuer, at=at)
    return after
