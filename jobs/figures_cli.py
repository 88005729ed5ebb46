"""The commands ``dunghan figures`` and ``dunghan overdue``: the counts of a period, the list behind one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigError, nearest
from jobs.options import AsJson, AsOf, KnownAt, StoreOption, day_of, day_option, err, opened, out, show_json
from metrics.scope import Filters
from store import runs
from store.database import Store

SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only dossiers of this source; may be repeated.", show_default=False),
]


def _known(store: Store, names: Sequence[str] | None) -> tuple[str, ...]:
    """Give the sources that were asked for. Raises ConfigError for one that was never read."""
    known = runs.latest(store)["name"].to_list() if names else []
    for name in names or ():
        if name not in known:
            found = f"nothing was ever read from a source of that name.{nearest(name, known)}"
            raise ConfigError(f"--source {name}", found, "Names: dunghan sources.")
    return tuple(dict.fromkeys(names or ()))


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
    source: SourceOption = None,
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
    place = opened(store)
    of = _known(place, source)
    found = answer(
        place,
        Asked(
            day_of(start), day_of(end), as_of, names, Filters(source=of), known_at=known_at, on_map=on_map,
            compare=compare,
        ),
    )  # fmt: skip
    found |= {"of_sources": list(of)} if of else {}
    show_json(found) if json_ else out.print(table(found))


def overdue(
    as_of: AsOf = None,
    source: SourceOption = None,
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

    place = opened(store)
    of = _known(place, source)
    day, version, rows, said = answers.overdue_on(place, as_of, known_at)
    rows = rows.filter(Filters(source=of).expr())
    if xlsx:
        from reports.worklist_xlsx import write_overdue

        write_overdue(rows, xlsx, as_of=day, data_version=version, recorded=said)
        err.print(f"{rows.height} dossiers written to {xlsx}", highlight=False)
    if json_:
        show_json(
            {"as_of": day.isoformat(), "data_version": version, "count": rows.height, "dossiers": answers.told(rows)}
        )
    elif not xlsx:
        out.print(overdue_table(rows, day))
