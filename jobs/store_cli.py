"""The command ``dunghan store``: back the store up, put a backup back, and say whether either is sound."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.errors import ConfigError, StoreError
from jobs.nightly import examined, nightly, signed
from jobs.options import AsJson, StoreOption, err, opened, out, show_json

if TYPE_CHECKING:
    from store.verifying import Examined

app = typer.Typer(
    help="Care for the store: backup FILE, nightly FOLDER, restore FILE, verify [FILE], roles.", no_args_is_help=True
)
ATTENTION = 1


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file; it is written whole or not at all.")],
    store: StoreOption = "",
) -> None:
    """Write all that the store holds to one file, while syncs go on. It holds password hashes: keep it as such."""
    from store.backup import backup as write

    with err.status("backing up"):
        place, now = opened(store), datetime.now(UTC)
        manifest = write(place, file, made_at=now)
        signed(place, now)
    rows = manifest.rows()
    out.print(f"{file}: {rows['dossiers']:,} dossiers, {rows['ledger']:,} ledger entries, {sum(rows.values()):,} rows.")
    out.print("Keep beside it: the key of the pseudonyms (docs/privacy.md), your config files, DUNGHAN_HOME/raw.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, of SQLite or of PostgreSQL.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put a store that holds rows aside.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = "",
) -> None:
    """Put a backup into an empty store. Stop the app and the worker first; figures are built again."""
    from jobs.rebuild import rebuild
    from jobs.scheduler import LEADER
    from store.backup import opened as opened_backup
    from store.restoring import restore as put_back

    whole, place = opened_backup(file), opened(store)
    if replace and not yes and not _agreed(place.name):
        raise typer.Exit(ATTENTION)
    with err.status("restoring"):
        done = put_back(place, whole, replace=replace, at=datetime.now(UTC), workers=(LEADER,))
        place.engine.dispose()
        version = rebuild(opened(store), verify=True).data_version
    if done.kept:
        out.print(f"The store that was there is kept as {done.kept}.")
    out.print(f"{sum(done.rows.values()):,} rows of {whole.manifest.made_at[:16]} are back; data version {version}.")


def _agreed(name: str) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("--replace", "nobody is there to be asked.", "Say --yes as well.")
    return typer.confirm(f"Put the store {name} aside and the backup in its place?")


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="A backup; without it, the store itself.")] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Load the backup into a store of its own and verify that.")
    ] = False,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Say what is wrong with the store, or with a backup; exit code 1 when anything is."""
    from store.verifying import Examined

    try:
        found = examined(file, deep=deep) if file else _of_store(store)
    except StoreError as error:
        found = Examined((str(error),), {})
    if json_:
        show_json(list(found.wrong))
    else:
        _show(found)
    if found.wrong:
        raise typer.Exit(ATTENTION)


def _show(found: Examined) -> None:
    said = [f"✗ {sentence}" for sentence in found.wrong] or ["✓ nothing is wrong."]
    said += [found.told] if found.counts else []
    said += [f"Seal of all that cannot be taken back: {found.seal}"] if found.seal else []
    for sentence in said:
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _of_store(url: str) -> Examined:
    from store.verifying import examine

    return examine(opened(url))


app.command()(nightly)


@app.command()
def roles(
    app_role: Annotated[str, typer.Option("--app", metavar="ROLE", help="Login role of the dashboard.")] = "",
    worker_role: Annotated[str, typer.Option("--worker", metavar="ROLE", help="Login role of the worker.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Say it to the database; else it is only shown.")] = False,
    store: StoreOption = "",
) -> None:
    """Grant two login roles of PostgreSQL what they need, and no more; as the owner of the tables."""
    from store import roles as granted

    if not app_role and not worker_role:
        raise ConfigError(
            "dunghan store roles", "no role is named.", "Name one with --app, one with --worker, or both."
        )
    place, named = opened(store), granted.Roles(app_role, worker_role)
    for statement in granted.statements(place, named):
        out.print(f"{statement};", highlight=False, markup=False, soft_wrap=True)
    if apply:
        granted.apply(place, named)
        out.print("Granted. Say it again after every upgrade.")
