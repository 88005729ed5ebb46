"""The command line ``dunghan``: one command a task, errors in words, exit codes that scripts can read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from config.errors import ConfigError, DunghanError
from config.personal import hide
from config.settings import settings
from jobs import commands
from jobs.alerts_cli import app as alerts_app
from jobs.correct_cli import correct
from jobs.due_cli import due
from jobs.explain_cli import explain
from jobs.fault_cli import app as fault_app
from jobs.figures_cli import figures, overdue
from jobs.form_cli import form
from jobs.handbook_cli import handbook
from jobs.indicator_cli import app as indicator_app
from jobs.insight_cli import insight
from jobs.known_cli import difference
from jobs.options import AsJson, StoreOption, close, err, opened, out, show_json
from jobs.outbox_cli import app as outbox_app
from jobs.people_cli import app as people_app
from jobs.procedures_cli import app as procedures_app
from jobs.quarantine_cli import app as quarantine_app
from jobs.reconcile_cli import reconcile
from jobs.record_cli import record
from jobs.report_cli import app as report_app
from jobs.risk_cli import app as risk_app
from jobs.simulate_cli import simulate
from jobs.sources_cli import sources as sources_command
from jobs.store_cli import app as store_app
from jobs.survey_cli import app as survey_app
from jobs.token_cli import app as token_app
from jobs.units_cli import app as units_app
from jobs.urging_cli import app as urging_app
from store.database import Store

EPILOG = """Exit codes: 0 done · 1 done, but look (doctor found something wrong; load --strict refused rows) ·
2 the command line was wrong · 3 it could not be done; the message names the place and the next step."""
ATTENTION, FAILED = 1, 3

app = typer.Typer(
    name="dunghan",
    help="Đúng Hạn: is every dossier of the one-stop centre resolved on time, and why not?",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(report_app, name="report")
app.add_typer(people_app, name="person")
app.add_typer(token_app, name="token")
app.add_typer(store_app, name="store")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(units_app, name="units")
app.add_typer(procedures_app, name="procedures")
app.add_typer(urging_app, name="urging")
app.add_typer(alerts_app, name="alerts")
app.add_typer(fault_app, name="fault")
app.add_typer(outbox_app, name="outbox")
app.add_typer(survey_app, name="survey")
app.add_typer(risk_app, name="risk")
app.add_typer(indicator_app, name="indicator")
app.command()(due)
app.command()(insight)
app.command()(explain)
app.command()(simulate)
app.command()(handbook)
app.command()(correct)
app.command()(record)
app.command()(form)
app.command()(reconcile)
app.command("sources")(sources_command)


def main() -> None:
    """Run the command line; what is wrong is said in one sentence, never as a traceback."""
    groups = {group.name or "" for group in app.registered_groups}
    try:
        with commands.told(commands.named(sys.argv[1:], groups)):
            app()
    except DunghanError as error:
        err.print(f"[bold red]✗[/] {escape(error.place)}: {escape(error.found)}", highlight=False)
        err.print(f"  → {escape(error.next_step)}", highlight=False)
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.exit(FAILED)
    finally:
        close()


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX, JSON (lines), Parquet, XES, also in .zip or .gz; or a .json payload.")
    ],
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where the file comes from.")] = "",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="TOML that says what each column is (docs/mapping.md).")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show how the file would be read; store nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a row was refused (for scripts).")] = False,
    store: StoreOption = "",
) -> None:
    """Load one file through a mapping. The same file twice changes nothing.

    A .json payload of the national exchange needs --source and no mapping.
    """
    from jobs import load as loading
    from jobs import load_screen

    if mapping is None and loading.is_payload(file):
        refused = _load_payload(file, source, preview, opened(store))
        raise typer.Exit(ATTENTION if strict and refused else 0)
    if preview:
        out.print(load_screen.render(loading.preview_file(file, mapping, source=source or None)))
        return
    place = opened(store)
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(escape(file.name), total=1.0)
        report = loading.load_file(
            place,
            file,
            source=source or None,
            mapping=mapping,
            seen_at=datetime.now(UTC),
            progress=lambda step, share: bar.update(task, completed=share, description=f"{escape(file.name)}: {step}"),
        )
        bar.update(task, description="figures", completed=0.0)
        rebuild_figures(place, progress=lambda done, total: bar.update(task, completed=done / total))
    out.print(load_screen.render_report(report))
    if strict and report.counts.quarantined:
        raise typer.Exit(ATTENTION)


def _load_payload(file: Path, source: str, preview: bool, store: Store) -> int:
    """Load a file of the national exchange format under the name ``source``; give how many rows were refused."""
    from jobs.sync import load_payload, said

    if preview or not source:
        found = "a payload has one fixed form and no preview." if preview else "a payload does not name its source."
        raise ConfigError(str(file), found, "Load it with --source NAME." if not source else "Leave --preview out.")
    counts = load_payload(store, file, source, seen_at=datetime.now(UTC))
    rebuild_figures(store)
    out.print(f"{hide(file.name)} → {source}: {said(counts)}", highlight=False)
    return counts.quarantined


def rebuild_figures(store: Store, *, progress: Callable[[int, int], None] | None = None) -> str:
    """Bring the figures up to what was read; give the data version."""
    from jobs.rebuild import rebuild

    return rebuild(store, verify=True, progress=progress).data_version


@app.command()
def sync(
    sources: Annotated[list[str] | None, typer.Argument(help="Names from config/sources.toml; none: all.")] = None,
    sweep: Annotated[bool, typer.Option("--sweep", help="Read all again; say what is shown no more.")] = False,
    accept_missing: Annotated[
        bool,
        typer.Option("--accept-missing", help="Read all again, and believe it this once however much is missing."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what failed.")] = False,
    store: StoreOption = "",
) -> None:
    """Pull what is new from the sources that config/sources.toml names."""
    from jobs.sync import sync_all

    if accept_missing and not sources:
        raise typer.BadParameter("it is said of one source: dunghan sync SOURCE --sweep --accept-missing")
    place, sweep = opened(store), sweep or accept_missing
    failed = sync_all(place, tuple(sources or ()), console=err, sweep=sweep, accept_missing=accept_missing, quiet=quiet)
    rebuild_figures(place)
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def rebuild(store: StoreOption = "") -> None:
    """Derive snapshot, facts and cube from the ledger where they are behind; they may be deleted at any time."""
    with err.status("deriving"):
        version = rebuild_figures(opened(store))
    out.print(f"data version {version}", highlight=False)


app.command()(figures)
app.command()(difference)
app.command()(overdue)


@app.command()
def doctor(json_: AsJson = False, store: StoreOption = "") -> None:
    """Say what is configured, reachable, stale or wrong, and what to do next."""
    from dataclasses import asdict

    from jobs.doctor import examine
    from jobs.figures_screen import findings_table

    found = examine(store or settings().store_url)
    show_json([asdict(f) for f in found]) if json_ else out.print(findings_table(found))
    if any(f.verdict == "wrong" for f in found):
        raise typer.Exit(ATTENTION)


@app.command()
def worker(store: StoreOption = "") -> None:
    """Sync at each source's cadence and keep the figures fresh, until stopped. One worker leads; others wait."""
    from config.diary import begin
    from jobs.scheduler import serve

    begin("worker")
    serve(opened(store))


if __name__ == "__main__":
    main()
