"""The two services of the exchange, for the made-up province and for a played scenario alike."""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.simulator import state, steps
from connectors.simulator.flow import passed, shown
from connectors.simulator.flow.world import World
from connectors.simulator.province import Province

DOSSIERS: Final = "DongBoHoSoMC"
STEPS: Final = "CapNhatTienDoHoSoMC"
SERVICES: Final = (DOSSIERS, STEPS)
#: A column that only the records of a scenario have.
_OF_A_SCENARIO: Final = "unit_code"


def changed(place: Province | World, service: str, since: int, until: int) -> pl.DataFrame:
    """Give what changed in [since, until] (wall seconds), oldest first: records or steps, for ``written``."""
    if isinstance(place, World):
        played = passed.changed_steps if service == STEPS else shown.changed_between
        return played(place, since, until)
    drawn = steps.changed_steps if service == STEPS else state.changed_between
    return drawn(place, since, until)


def steps_of(place: Province | World, codes: list[str], since: int, until: int) -> pl.DataFrame:
    """Give the steps of the dossiers called ``codes`` that changed in [since, until], for ``written``."""
    if isinstance(place, World):
        return passed.of_dossiers(passed.changed_steps(place, since, until), codes)
    return steps.changed_steps(place, since, until, codes)


def written(service: str, rows: pl.DataFrame, now: int) -> pl.DataFrame:
    """Write rows of ``changed`` as the exchange does: texts, "" for null, lists of structs."""
    played = _OF_A_SCENARIO in rows.columns
    if service == STEPS:
        return passed.written(rows) if played else steps.written(rows)
    return shown.written(rows) if played else state.dossiers(rows, now)
