"""The command ``dunghan risk backtest``: was the forecast of late dossiers any good on past evenings?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import typer
from rich.table import Table

from jobs.options import AsJson, StoreOption, err, opened, out, show_json

app = typer.Typer(help="Chances of pending dossiers to miss their due day.", no_args_is_help=True)


@app.callback()
def _risk() -> None:
    """Keep the name of the one command in the command line."""


@app.command()
def backtest(json_: AsJson = False, store: StoreOption = "") -> None:
    """Make the forecast again on past evenings from what was known on them, and hold it against what came.

    Brier scores: 0 is never wrong, smaller is better. The base is the share that had missed their day among all whose
    day had come by then. A source whose forecast is not better, or too little tried, is hidden on every page.
    """
    from jobs.answers import ready
    from jobs.insight_risk import of_world
    from jobs.insights import world_of

    place = opened(store)
    with err.status("trying on past evenings"):
        found = of_world(world_of(place, ready(place), datetime.now(UTC)))
    if json_:
        show_json([_told(one) for one in found])
    else:
        out.print(_table(found))


def _told(one: Any) -> dict[str, Any]:
    tried = one.tried
    return {
        "source": one.source, "n": tried.n, "brier": tried.brier, "brier_base": tried.brier_base,
        "calibration": tried.calibration.to_dicts(), "hidden": tried.hidden,
    }  # fmt: skip


def _table(found: list[Any]) -> Table:
    table = Table(
        "source", "evenings", "forecasts", "Brier", "base rate", "rate of the procedure", "intervals held", "shown",
        title="The forecast on past evenings (Brier: smaller is better)",
    )  # fmt: skip
    for one in found:
        tried = one.tried
        days = f"{tried.origins[0]} – {tried.origins[-1]}" if tried.origins else "none"
        scores = [_number(score) for score in (tried.brier, tried.brier_base, tried.brier_procedure)]
        held = f"{tried.held:.0%} of {tried.held_n}" if tried.held is not None else "—"
        why = {"": "yes", "few": "no: too few came due", "worse": "no: not better than the base rate"}[tried.why]
        table.add_row(one.source, days, f"{tried.n:,}", *scores, held, why)
    return table


def _number(score: float | None) -> str:
    return "—" if score is None else f"{score:.4f}"
