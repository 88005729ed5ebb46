"""The command ``dunghan person``: who may sign in to this store, and what they may see."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from config.errors import ConfigError
from jobs.options import StoreOption, opened
from store import people

SHORTEST = 10
app = typer.Typer(help="Who may sign in: dunghan person add NAME --role director.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What is typed at sign-in.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help=", ".join(people.ROLES) + ".")],
    title: Annotated[str, typer.Option("--title", help="What stands on the screen, such as a position.")] = "",
    department: Annotated[
        list[str] | None, typer.Option("--department", metavar="NAME", help="What a head sees; may be repeated.")
    ] = None,
    below: Annotated[
        bool, typer.Option("--below", help="And the units that stand under them in the register of units.")
    ] = False,
    store: StoreOption = "",
) -> None:
    """Add a person, or give one a new password; it is asked for, or read as a line from a pipe."""
    chosen = next((r for r in people.ROLES if r == role), None)
    if chosen is None:
        raise ConfigError(f"--role {role}", "no such role.", f"Known: {', '.join(people.ROLES)}.")
    place = opened(store)
    departments = tuple(department) if department else None
    added = people.add(place, name, _password(), role=chosen, title=title or name, departments=departments, below=below)
    sees = "the whole province" if added.departments is None else ", ".join(added.departments)
    sees += " and the units under them" if added.below else ""
    Console().print(f"{added.name} ({added.role}) sees {sees}.", highlight=False, markup=False)


def _password() -> str:
    if sys.stdin.isatty():
        given = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\n")
    if len(given) < SHORTEST:
        raise ConfigError("password", f"it has {len(given)} characters.", f"Choose one of at least {SHORTEST}.")
    return given


@app.command("list")
def list_(store: StoreOption = "") -> None:
    """List who may sign in."""
    place = opened(store)
    for name in sorted(people.names(place)):
        Console().print(name, highlight=False, markup=False)
