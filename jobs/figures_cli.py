"""The commands ``dunghan figures`` and ``dunghan overdue``: the counts of a period, the list behind one of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jobs.options import AsJson, AsOf, KnownAt, StoreOption, day_of, day_option, err, opened, out, show_json


def figures(
    start: Annotated[datetime | None, day_option("--from", "First day; without it, the first there is.")] = None,
    end: Annotated[datetime | None, day_option("--to", "Last day; without it, the day of --as-of.")] = None,
    as_of: AsOf = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="NAME",
            help="department, field, procedure, level, channel, receiving_unit, source, day, week, friday_week, month, "
            "state_month, quarter, year; may be repeated.",
            show_default=False,
        ),
    ] = None,
    compare: Annotated[
        str,
        typer.Option("--compare", metavar="previous|last_year", help="Put the same counts of that period beside."),
    ] = "",
    on_map: Annotated[
        str,
        typer.Option("--map", metavar="today|then", help="Units as they are today, or as they were then (units.toml)."),
    ] = "today",
    known_at: KnownAt = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Count a period: what came, what was resolved and how, what is pending, and every rate with its parts."""
    from jobs.answers import Asked, answer
    from jobs.figures_screen import table

    names = tuple(name.strip() for text in by or () for name in text.split(",") if name.strip())
    found = answer(
        opened(store),
        Asked(day_of(start), day_of(end), as_of, names, known_at=known_at, on_map=on_map, compare=compare),
    )
    show_json(found) if json_ else out.print(table(found))


def overdue(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json_: AsJson = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the list as a workbook.", show_default=False)
    ] = None,
    store: StoreOption = "",
) -> None:
    """List pending dossiers past their due day, the longest overdue first."""
    from jobs import answers
    from jobs.figures_screen import overdue_table

    day, version, rows = answers.overdue_on(opened(store), as_of, known_at)
    if xlsx:
        from reports.worklist_xlsx import write_overdue

        write_overdue(rows, xlsx, as_of=day, data_version=version)
        err.print(f"{rows.height} dossiers written to {xlsx}", highlight=False)
    if json_:
        show_json(
            {"as_of": day.isoformat(), "data_version": version, "count": rows.height, "dossiers": answers.told(rows)}
        )
    elif not xlsx:
        out.print(overdue_table(rows, day))
