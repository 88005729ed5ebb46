"""What the made-up province knows about itself: counts by plain arithmetic on its plans, without connector or store."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from connectors.simulator import lives
from connectors.simulator.days import DAY, Days, Ints, day_number
from connectors.simulator.province import Province
from connectors.simulator.tables import tables

NOT_YET = 10**9


def counts(province: Province, now: int, start: date, end: date) -> pl.DataFrame:
    """Count ``start`` to ``end`` as the province stands at wall second ``now``: department and the names of figures."""
    plans = province.plans.filter(pl.col("entered") <= now, pl.col("defect") == 0)
    first, last = day_number(start), day_number(end)
    days, p = province.days, {c: plans[c].to_numpy() for c in plans.columns}
    received, rejected = _day(p["received"], now), _day(p["rejected"], now)
    finished = np.where(_day(p["closed"], now) < NOT_YET, p["finish"] // DAY, NOT_YET)
    left = np.where(finished < NOT_YET, np.maximum(finished, received), NOT_YET)
    in_period = (left >= first) & (left <= last)
    due = _due(p, days, now, np.minimum(finished, last))
    closing_due = _due(p, days, now, finished)
    pending = (received <= last) & (left > last)
    suspended = pending & (_day(p["asked"], now) <= last) & (_day(p["answered"], now) > last)
    unknown = p["no_due"]
    overdue = pending & ~unknown & ~suspended & (due < last)
    flags = {
        "not_accepted": (rejected >= first) & (rejected <= last),
        "awaiting_acceptance": (p["submitted"] // DAY <= last) & (received > last) & (rejected > last),
        "received": (received >= first) & (received <= last),
        "carried_over": (received < first) & (left >= first),
        "resolved": in_period,
        "resolved_early": in_period & ~unknown & (finished < closing_due),
        "resolved_on_time": in_period & ~unknown & (finished == closing_due),
        "resolved_overdue": in_period & ~unknown & (finished > closing_due),
        "resolved_undetermined": in_period & unknown,
        "withdrawn": in_period & (p["end"] == lives.WITHDRAWN),
        "refused": in_period & (p["end"] == lives.REFUSED),
        "stopped": in_period & (p["end"] == lives.STOPPED),
        "pending": pending,
        "pending_suspended": suspended,
        "pending_overdue": overdue,
        "pending_undetermined": pending & unknown,
        "pending_in_term": pending & ~unknown & ~overdue,
        **_amounts(p, (received >= first) & (received <= last), in_period & (p["end"] == lives.RESULT)),
    }
    frame = pl.DataFrame({name: flag.astype(np.int64) for name, flag in flags.items()}).with_columns(plans["unit"])
    names = tables().units.select(unit=pl.col("at").cast(pl.Int64), department="name")
    return frame.join(names, on="unit").group_by("department").agg(pl.col(flags.keys()).sum()).sort("department")


def _amounts(p: dict[str, Ints], came: Any, done: Any) -> dict[str, Any]:
    """Count fees, papers and results of what came, and of what was done, in the period: the shares are the story's."""
    paid = _of_procedure()[p["procedure"]] == 1
    online = paid & (p["channel"] == 2) & (_drawn(p, 1) < 0.68)
    two = p["procedure"] % 2 == 1
    digitised = [_drawn(p, 10 + at) < 0.78 for at in (1, 2)]
    reused = [digitised[at - 1] & (_drawn(p, 20 + at) < 0.31) for at in (1, 2)]
    return {
        "fees": came * paid * (p["procedure"] % 7 + 1) * 15_000,
        "charged": came & paid,
        "paid_online": came & online,
        "components_known": came,
        "components": came * (1 + two),
        "components_digitised": came * (digitised[0] + two * digitised[1].astype(np.int64)),
        "components_reused": came * (reused[0] + two * reused[1].astype(np.int64)),
        "results_known": done,
        "results_digital": done & (_drawn(p, 3) < 0.85),
    }


def _of_procedure() -> Ints:
    """Say by the number of a procedure whether it costs something."""
    told = tables().procedures
    costs = np.zeros(int(told["at"].max()) + 1, np.int64)  # type: ignore[arg-type]
    costs[told["at"].to_numpy()] = told["paid"].to_numpy()
    return costs


def _drawn(p: dict[str, Ints], of: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Draw a share in [0, 1) from the number of each dossier, in whole numbers that never run over."""
    return np.array([(n * (2_654_435_761 + 15_838 * of) % 2**32 * (40_503 + 2 * of) % 2**32) / 2**32
                     for n in p["number"].tolist()])  # fmt: skip


def _day(moment: Ints, now: int) -> Ints:
    """Give the day of what has happened by ``now``, NOT_YET for the rest."""
    return np.where((moment >= 0) & (moment <= now), moment // DAY, NOT_YET)


def _due(p: dict[str, Ints], days: Days, now: int, on: Ints) -> Ints:
    """Give the promise in force on day ``on``: the first, until an answer, a letter in time, or a silent closing."""
    first = p["due"] // DAY
    answered, sent = _day(p["answered"], now), _day(p["extended"], now)
    in_time = days.count(first) - days.count(np.minimum(sent, first + 400)) >= 1
    due = np.where(answered <= on, p["answered_due"] // DAY, first)
    due = np.where((sent <= on) & in_time, p["extended_due"] // DAY, due)
    closed, asked = _day(p["closed"], now), _day(p["asked"], now)
    silent = (p["pause"] == lives.SUPPLEMENT) & (p["answered"] < 0) & (closed <= on)
    waited = days.count(np.minimum(closed, first + 400)) - days.count(np.minimum(asked, first + 400))
    return np.where(silent & (waited > 0), days.shift(first, waited), due)
