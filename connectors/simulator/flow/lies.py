"""What the source makes of the truth: its own moments and stamps, and when each record is first seen from outside.

The added columns: lie (kind, one at most), shown_asked, shown_replied, shown_due (the last promise written),
shown_closed (when the record says closed), shown_end (as what), finish (the stamp it carries), shown_returned,
done_while_waiting, delay (seconds from any event until it is synchronised), deleted (when the record vanishes).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from connectors.simulator.days import DAY, EVENING, NEVER, Ints, day_number
from connectors.simulator.flow.fate import FAR
from connectors.simulator.flow.plan import Plan
from connectors.simulator.lives import NO_PAUSE, RESULT, WITHDRAWN

HONEST, REDATED, CLOSED_ON_DUE_DAY, PAUSED_BEFORE_DUE, SHOWN_OPEN, SENT_AS_DONE, SYNCED_LATE, DELETED = range(8)
WITHDRAWN_BEFORE_DUE, WITHDRAWN_IN_PEAK, CLOSED_AT_NIGHT = range(8, 11)
LIES: Final = (
    "honest", "redated", "closed_on_due_day", "paused_before_due", "shown_open", "sent_as_done", "synced_late",
    "deleted", "withdrawn_before_due", "withdrawn_in_peak", "closed_at_night",
)  # fmt: skip
#: Bulk closing and writing back happen in the last minutes of the day.
_LAST_MINUTES: Final = 1500
#: A night's closings are entered within so many seconds from ten o'clock on; in a peak so many results are withdrawn.
_IN_A_ROW: Final = 600
_IN_PEAK: Final = 0.25
#: Weeks since 1970 begin on a Thursday.
_TO_MONDAY: Final = 3


def with_lies(plan: Plan, true: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Add to the truth what the source shows of it."""
    p = {c: true[c].to_numpy() for c in true.columns}
    due = _last_due(p)
    late = (p["received"] > NEVER) & ~p["no_due"] & (_or_far(p["closed"]) // DAY > due // DAY)
    lie = _by_units(plan, p, _chosen(plan, p, late, due, rng), late, due, rng)
    in_the_evening = due - EVENING + 17 * 3600 - rng.integers(0, _LAST_MINUTES, len(due))
    bulk, fake = lie == CLOSED_ON_DUE_DAY, lie == PAUSED_BEFORE_DUE
    day_before = plan.days.shift(due // DAY, -1)
    fake_from = day_before * DAY + 16 * 3600
    fake_to = p["closed"] - 1200
    waited = np.maximum(plan.days.count(fake_to // DAY) - plan.days.count(day_before), 1)
    closed = np.where(bulk, in_the_evening, p["closed"])
    gap = plan.told.lies.shown_open_days * DAY
    hidden = np.where(gap > 0, p["closed"] + gap, NEVER)
    closed = np.where(lie == SHOWN_OPEN, hidden, closed)
    entered = _entered(lie, p["closed"], day_before, rng)
    closed = np.where(entered > NEVER, entered, closed)
    gone_back = (lie == WITHDRAWN_BEFORE_DUE) | (lie == WITHDRAWN_IN_PEAK)
    handed = (closed > NEVER) & (p["returned"] > NEVER) & ~gone_back
    returned = np.where(handed, np.maximum(p["returned"], closed), NEVER)
    gone = p["submitted"] + rng.integers(2 * DAY, 40 * DAY, len(due))
    told = {
        "lie": lie,
        "shown_asked": np.where(fake, fake_from, p["asked"]),
        "shown_replied": np.where(fake, fake_to, p["replied"]),
        "shown_due": np.where(fake, plan.days.shift(due // DAY, waited) * DAY + EVENING, due),
        "shown_closed": closed,
        "shown_end": np.where(gone_back, WITHDRAWN, p["end"]),
        "finish": np.where((lie == REDATED) | bulk, in_the_evening, np.where(entered > NEVER, entered, p["closed"])),
        "shown_returned": returned,
        "done_while_waiting": lie == SENT_AS_DONE,
        "delay": np.where(lie == SYNCED_LATE, plan.told.lies.synced_late_days * DAY, 0),
        "deleted": np.where(lie == DELETED, gone, NEVER),
    }
    return true.with_columns(**{name: pl.Series(values) for name, values in told.items()})


def synced(plan: Plan, unit: Ints, at: Ints, delay: Ints) -> Ints:
    """Give when something that happened at ``at`` is seen from outside: after its delay, and after every outage."""
    seen = np.where(at > NEVER, at + delay, NEVER)
    names = [u.name for u in plan.told.unit]
    for outage in sorted(plan.told.outage, key=lambda o: o.from_on):
        first, behind = day_number(outage.from_on) * DAY, (day_number(outage.to_on) + 1) * DAY
        here = np.isin(unit, [names.index(n) for n in outage.units]) if outage.units else np.ones(len(unit), dtype=bool)
        seen = np.where(here & (seen >= first) & (seen < behind), behind, seen)
    return seen


def _last_due(p: dict[str, np.ndarray]) -> Ints:
    """Give the promise that stands in the record in the end."""
    due = np.where(p["moved"] > NEVER, p["moved"], p["due"])
    due = np.where(p["extended"] > NEVER, p["extended_due"], due)
    return np.where(p["again"] > NEVER, p["again_due"], due)


def _chosen(plan: Plan, p: dict[str, np.ndarray], late: np.ndarray, due: Ints, rng: np.random.Generator) -> Ints:
    """Draw one lie at most for each dossier, where it can be told."""
    told, count = plan.told.lies, len(late)
    draw, other = rng.random(count), rng.random(count)
    closed, calm = p["closed"] > NEVER, (p["pause"] == NO_PAUSE) & (p["extended"] == NEVER)
    begun = np.maximum(p["started"], p["received"])
    edges = np.cumsum([told.redated, told.closed_on_due_day, told.paused_before_due])
    before = np.maximum(p["received"], np.maximum(p["replied"], p["asked"]))
    fits = late & (begun < plan.days.shift(due // DAY, -1) * DAY) & (p["end"] == RESULT)
    lie = np.select(
        [
            late & closed & (p["end"] == RESULT) & (draw < edges[0]) & (before < due - DAY),
            fits & (before < due - DAY) & (draw >= edges[0]) & (draw < edges[1]),
            fits & closed & calm & (draw >= edges[1]) & (draw < edges[2]),
        ],
        [REDATED, CLOSED_ON_DUE_DAY, PAUSED_BEFORE_DUE],
        HONEST,
    )
    edges = np.cumsum([told.shown_open, told.synced_late, told.deleted])
    free = lie == HONEST
    lie = np.where(free & closed & (other < edges[0]), SHOWN_OPEN, lie)
    lie = np.where(free & (other >= edges[0]) & (other < edges[1]), SYNCED_LATE, lie)
    lie = np.where(free & (other >= edges[1]) & (other < edges[2]), DELETED, lie)
    suspended = (p["asked"] > NEVER) & (p["replied"] > NEVER)
    return np.where((lie == HONEST) & suspended & (draw < told.sent_as_done), SENT_AS_DONE, lie)


def _by_units(
    plan: Plan, p: dict[str, np.ndarray], lie: Ints, late: np.ndarray, due: Ints, rng: np.random.Generator
) -> Ints:
    """Add what is done by the unit and day to what is done dossier by dossier; then keep what the named units do."""
    told, count = plan.told.lies, len(lie)
    before = np.maximum(np.maximum(p["received"], p["started"]), np.maximum(p["replied"], p["asked"]))
    calm = late & (before < plan.days.shift(due // DAY, -1) * DAY) & (p["extended"] == NEVER) & (p["end"] == RESULT)
    draw = rng.random(count)
    lie = np.where((lie == HONEST) & calm & (draw < told.withdrawn_before_due), WITHDRAWN_BEFORE_DUE, lie)
    done = (p["closed"] > NEVER) & (p["end"] == RESULT)
    day = p["closed"] // DAY
    night = _drawn_together(p["unit"], day, told.closed_at_night, rng)
    lie = np.where((lie == HONEST) & done & night, CLOSED_AT_NIGHT, lie)
    peak = _drawn_together(p["unit"], (day + _TO_MONDAY) // 7, told.withdrawn_in_peak, rng)
    lie = np.where((lie == HONEST) & done & peak & (draw > 1 - _IN_PEAK), WITHDRAWN_IN_PEAK, lie)
    if not told.units:
        return lie
    names = [u.name for u in plan.told.unit]
    return np.where(np.isin(p["unit"], [names.index(n) for n in told.units]), lie, HONEST)


def _drawn_together(unit: Ints, when: Ints, share: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the pairs of unit and day (or week) at which something is done to all alike."""
    pairs, of = np.unique(np.stack([unit, when]), axis=1, return_inverse=True)
    drawn: np.ndarray = np.less(rng.random(pairs.shape[1]), share)[of]
    return drawn


def _entered(lie: Ints, closed: Ints, day_before: Ints, rng: np.random.Generator) -> Ints:
    """Give when a closing is entered that is not entered when it was done, NEVER for all others."""
    count = len(lie)
    night = closed // DAY * DAY + 22 * 3600 + rng.integers(0, _IN_A_ROW, count)
    withdrawn = day_before * DAY + 14 * 3600 + rng.integers(0, 9000, count)
    return np.select([lie == CLOSED_AT_NIGHT, lie == WITHDRAWN_BEFORE_DUE], [night, withdrawn], NEVER)


def _or_far(moment: Ints) -> Ints:
    return np.where(moment > NEVER, moment, FAR)
