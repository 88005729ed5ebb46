"""Officers take dossiers first come, first served: every wait by one running maximum, no loop over days."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from connectors.simulator import scenes
from connectors.simulator.arrivals import PER_WORKING_DAY
from connectors.simulator.days import NEVER, WORKING_SECONDS, Days, Floats, Ints
from connectors.simulator.tables import Tables

#: A desk can do this many times its usual load, and a little more: small desks are not specialists.
HEADROOM: Final = 1.6
AT_LEAST_PER_DAY: Final = 1.5


def days_waited(unit: Ints, procedure: Ints, received: Ints, tables: Tables, days: Days, opened_on: int) -> Ints:
    """Give the working days each received dossier waits for a free officer of its unit and field.

    With capacity c, the n-th dossier of a desk leaves at max over k ≤ n of (arrival k + (n − k + 1)/c).
    """
    fields = tables.procedures["field"].cast(pl.Categorical).to_physical().to_numpy().astype(np.int64)
    desk = unit * 1000 + fields[procedure]
    capacity = _capacity(tables, fields)[desk]
    clock = days.desk_clock(received) / WORKING_SECONDS
    short = desk == _short_of_officers(tables, fields)
    clock = np.where(short, _slow(clock, days, opened_on), clock)
    frame = pl.DataFrame({"desk": desk, "at": clock * capacity, "in": received > NEVER}).with_row_index("row")
    queue = (
        frame.filter("in").sort("desk", "at", maintain_order=True).with_columns(n=pl.int_range(pl.len()).over("desk"))
    )
    left = (pl.col("at") - pl.col("n")).cum_max().over("desk") + pl.col("n") + 1
    done = frame.join(queue.select("row", left=left), on="row", how="left", maintain_order="left")["left"].to_numpy()
    leaves = np.where(short, _slow_back(done / capacity, days, opened_on), done / capacity)
    wait = leaves - days.desk_clock(received) / WORKING_SECONDS
    return np.nan_to_num(wait, nan=0.0).clip(0, 400).astype(np.int64)


def _capacity(tables: Tables, fields: Ints) -> Floats:
    """Give dossiers a working day for each desk (unit × 1000 + field), 1 where there is none."""
    desk = tables.pair_unit * 1000 + fields[tables.pair_procedure]
    load = np.bincount(desk, weights=tables.pair_weight * PER_WORKING_DAY, minlength=len(tables.units) * 1000)
    capacity: Floats = HEADROOM * load.astype(np.float64) + AT_LEAST_PER_DAY
    return capacity


def _short_of_officers(tables: Tables, fields: Ints) -> int:
    unit = tables.units["code"].to_list().index(scenes.WORSENING_UNIT)
    field = tables.procedures["field"].to_list().index(scenes.WORSENING_FIELD)
    return unit * 1000 + int(fields[field])


def _bends(days: Days, opened_on: int) -> tuple[Floats, Floats]:
    """Give the time line of the short desk: working days on the wall, and what its officers make of them."""
    start, end = (float(days.count(opened_on + d)) for d in scenes.WORSENING_DAYS)
    wall = np.array([0.0, start, end, end + 10_000])
    done = np.array([0.0, start, start + (end - start) * scenes.WORSENING_CAPACITY, 0.0])
    done[3] = done[2] + 10_000
    return wall, done


def _slow(clock: Floats, days: Days, opened_on: int) -> Floats:
    return np.interp(clock, *_bends(days, opened_on))


def _slow_back(clock: Floats, days: Days, opened_on: int) -> Floats:
    wall, done = _bends(days, opened_on)
    return np.interp(clock, done, wall)
