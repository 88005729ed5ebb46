"""The command ``dunghan person``: who may sign in to this store, what they may see, and who changed that."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from config import units
from config.errors import ConfigError, nearest
from jobs.options import AsJson, StoreOption, opened, out, show_json
from store import failures, passwords, people, sessions
from store.database import Store
from store.people import Account, Person

app = typer.Typer(help="Who may sign in: dunghan person add NAME --role director.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What is typed at sign-in.")]
Title = Annotated[str, typer.Option("--title", help="What stands on the screen, such as a position.")]
RoleOption = Annotated[str, typer.Option("--role", metavar="ROLE", help=", ".join(people.ROLES) + ".")]
Departments = Annotated[
    list[str] | None, typer.Option("--department", metavar="NAME", help="Only this unit; may be repeated.")
]
Below = Annotated[bool, typer.Option("--below", help="And the units that stand under them in the register of units.")]
OneTime = Annotated[bool, typer.Option("--one-time", help="Make a password and print it, this once.")]
Mail = Annotated[str, typer.Option("--mail", metavar="ADDRESS", help="Where the morning mail and reports go.")]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who does it. Without it: the name of this system's user.")
]


@app.command()
def add(
    name: Name, role: RoleOption, title: Title = "", department: Departments = None, below: Below = False,
    one_time: OneTime = False, mail: Mail = "", by: By = "", store: StoreOption = "",
) -> None:  # fmt: skip
    """Add a person with a first password, which has to be changed at the first sign-in.

    It is asked for, read as a line from a pipe, or made.
    """
    chosen, place = _role(role), opened(store)
    password = passwords.one_time() if one_time else _password()
    passwords.accept(password, name=name)
    added = people.add(
        place, name, password, role=chosen, title=title, departments=_units(department), below=below, must_change=True,
        by=_who(by), at=datetime.now(UTC),
    )  # fmt: skip
    _say(f"{added.name} ({added.role}) sees {added.sees}. The password has to be changed at the first sign-in.")
    _doubt(department)
    if mail:
        _mail(place, added.name, mail, by)
    if one_time:
        typer.echo(password)


@app.command()
def role(
    name: Name, role: RoleOption = "", title: Title = "", department: Departments = None,
    province: Annotated[bool, typer.Option("--province", help="The whole province, no unit in particular.")] = False,
    below: Below = False, by: By = "", store: StoreOption = "",
) -> None:  # fmt: skip
    """Give a person another role, title or units; what is not named stays. Every session ends where sight changes."""
    place = opened(store)
    now = people.named(place, name)
    units = None if province else _units(department) or now.departments
    changed = people.change(
        place, name, role=_role(role or now.role), title=title or now.title, departments=units,
        below=below if department or province else below or now.below, by=_who(by), at=datetime.now(UTC),
    )  # fmt: skip
    _say(f"{changed.name} ({changed.role}) sees {changed.sees}.")
    _doubt(department)


@app.command()
def password(name: Name, one_time: OneTime = False, by: By = "", store: StoreOption = "") -> None:
    """Give a person another password, to be changed at the next sign-in; every session ends, and a lock."""
    place = opened(store)
    given = None if one_time else _password()
    made = people.set_password(place, name, given, by=_who(by), at=datetime.now(UTC))
    _say(f"{name} has another password, to be changed at the next sign-in.")
    if one_time:
        typer.echo(made)


@app.command()
def mail(
    name: Name,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Without it: none any more.")] = "",
    by: By = "", store: StoreOption = "",
) -> None:  # fmt: skip
    """Say where a person gets the morning mail and reports."""
    _mail(opened(store), name, address, by)


@app.command()
def disable(name: Name, by: By = "", store: StoreOption = "") -> None:
    """Let a person sign in no more, and end every session."""
    people.disable(opened(store), name, by=_who(by), at=datetime.now(UTC))
    _say(f"{name} may sign in no more.")


@app.command()
def enable(name: Name, by: By = "", store: StoreOption = "") -> None:
    """Let a person sign in again."""
    people.enable(opened(store), name, by=_who(by), at=datetime.now(UTC))
    _say(f"{name} may sign in again.")


@app.command("sign-out")
def sign_out(name: Name, by: By = "", store: StoreOption = "") -> None:
    """End every session of a person."""
    place = opened(store)
    people.named(place, name)
    ended = sessions.close_all(place, name, by=_who(by), at=datetime.now(UTC))
    _say(f"{ended} sessions of {name} are ended.")


@app.command()
def unlock(name: Name, by: By = "", store: StoreOption = "") -> None:
    """Let somebody try again at once who failed too often."""
    place = opened(store)
    people.named(place, name)
    failures.unlock(place, name, by=_who(by), at=datetime.now(UTC))
    _say(f"{name} may try again.")


@app.command("list")
def list_(json_: AsJson = False, store: StoreOption = "") -> None:
    """List everybody, with role, what they see, and when they signed in last."""
    place, now = opened(store), datetime.now(UTC)
    found = people.everyone(place)
    waits = failures.waiting(place, [one.person.name for one in found], at=now)
    if json_:
        show_json([_told(place, one, waits.get(one.person.name), now) for one in found])
        return
    table = Table("name", "role", "title", "sees", "signs in", "last signed in")
    for one in found:
        person, last = one.person, f"{one.signed_in_at:%Y-%m-%d %H:%M}" if one.signed_in_at else ""
        table.add_row(person.name, person.role, person.title, person.sees, _how(one, waits), last)
    out.print(table)


def _how(one: Account, waits: dict[str, datetime]) -> str:
    """Say how a person signs in, or why not now."""
    if one.disabled_at:
        return f"no more, since {one.disabled_at:%Y-%m-%d}"
    if until := waits.get(one.person.name):
        return f"failed too often, again at {until:%H:%M} UTC"
    if one.person.outside:
        return "at the provider"
    return "with a password to change" if one.person.must_change else "with a password"


def _told(place: Store, one: Account, waits: datetime | None, now: datetime) -> dict[str, object]:
    person: Person = one.person
    return {
        "name": person.name, "role": person.role, "title": person.title, "departments": person.departments,
        "below": person.below, "must_change": person.must_change, "outside": person.outside,
        "disabled_at": one.disabled_at and one.disabled_at.isoformat(),
        "signed_in_at": one.signed_in_at and one.signed_in_at.isoformat(),
        "waits_until": waits and waits.isoformat(), "sessions": len(sessions.of(place, person.name, now=now)),
    }  # fmt: skip


def _role(word: str) -> people.Role:
    if word not in people.ROLES:
        found = f"there is no such role.{nearest(word, people.ROLES)}"
        raise ConfigError(f"--role {word}", found, f"Known: {', '.join(people.ROLES)}.")
    return word


def _mail(place: Store, name: str, address: str, by: str) -> None:
    people.set_mail(place, name, address, by=_who(by), at=datetime.now(UTC))
    _say(f"{name} gets mail at {address}." if address else f"{name} gets no mail.")


def _units(told: list[str] | None) -> tuple[str, ...] | None:
    return tuple(told) if told else None


def _doubt(told: list[str] | None) -> None:
    """Name the units that the register does not know; a source may write one all the same, so none is refused."""
    register = units.load()
    for name in (one for one in told or () if not register.knows(one)):
        near = nearest(name, register.names)
        _say(
            f'! the register of units knows no "{name}".{near} Unless a source writes just this, nothing is seen of it.'
        )


def _who(by: str) -> str:
    """Give who does it: as told, else whoever is signed in to this machine."""
    return by.strip() or getpass.getuser()


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _say(words: str) -> None:
    out.print(words, highlight=False, markup=False, soft_wrap=True)
