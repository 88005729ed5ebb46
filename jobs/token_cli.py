"""The command ``dunghan token``: what other systems and wall screens may read, without a person signing in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from config.errors import ConfigError
from config.settings import settings
from jobs.options import AsJson, StoreOption, opened, out, show_json
from store import tokens

app = typer.Typer(help="Tokens for other systems: dunghan token issue NAME --kind api.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it.")]


@app.command()
def issue(
    name: Annotated[str, typer.Argument(help="The system or the screen that is to read with it.")],
    by: By,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help=", ".join(tokens.KINDS) + ".")] = "api",
    department: Annotated[
        list[str] | None, typer.Option("--department", metavar="NAME", help="Only this unit; may be repeated.")
    ] = None,
    store: StoreOption = "",
) -> None:
    """Issue a token and show its secret, this once: the store keeps only a hash."""
    chosen = next((k for k in tokens.KINDS if k == kind), None)
    if chosen is None:
        raise ConfigError(f"--kind {kind}", "there is no such kind.", f"Known: {', '.join(tokens.KINDS)}.")
    departments = tuple(department) if department else None
    token, secret = tokens.issue(opened(store), name, kind=chosen, departments=departments, by=by, at=datetime.now(UTC))
    sees = "the whole province" if departments is None else ", ".join(departments)
    out.print(f"{token.name} ({token.kind}) reads {sees}. Its secret, shown this once:", highlight=False, markup=False)
    typer.echo(secret)
    if token.kind == "wall":
        here = settings().public_url.rstrip("/")
        where = "Open once on the screen" + ("" if here else ", behind the address of the dashboard")
        out.print(f"{where}:", highlight=False)
        typer.echo(f"{here}{tokens.address(secret)}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The token's name.")], by: By, store: StoreOption = "") -> None:
    """End a token: whoever holds it reads nothing any more."""
    tokens.revoke(opened(store), name, by=by, at=datetime.now(UTC))
    out.print(f"{name} is revoked.", highlight=False, markup=False)


@app.command("list")
def list_(json_: AsJson = False, store: StoreOption = "") -> None:
    """List every token that was ever issued."""
    found = tokens.issued(opened(store))
    if json_:
        show_json([_told(token) for token in found])
        return
    table = Table("name", "kind", "reads", "issued by", "issued", "revoked")
    for token in found:
        reads = ", ".join(token.departments or ("the whole province",))
        ended = f"{token.revoked_at:%Y-%m-%d %H:%M}" if token.revoked_at else ""
        table.add_row(token.name, token.kind, reads, token.issued_by, f"{token.issued_at:%Y-%m-%d %H:%M}", ended)
    out.print(table)


def _told(token: tokens.Token) -> dict[str, object]:
    return {
        "name": token.name,
        "kind": token.kind,
        "departments": token.departments,
        "issued_by": token.issued_by,
        "issued_at": token.issued_at.isoformat(),
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
