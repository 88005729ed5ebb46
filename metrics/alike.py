"""Like with like: one unit beside all others on the procedures that both handle, weighed as this unit works.

A unit that does hard work is not behind one that does easy work: only the same procedures are put side by side, and the
others are told as if they had this unit's mix (direct standardisation). Nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.events import Event
from metrics.freshness import Silent
from metrics.heard import Question, told

#: Columns of ``Alike.procedures``: what fell due and what of it was kept, here and with all others; how many others.
COLUMNS: Final = ("procedure", "own_due", "own_met", "other_due", "other_met", "units")
_EVENTS: Final = (Event.DUE.value, Event.DUE_MET.value)


@dataclass(frozen=True, slots=True)
class Alike:
    """A unit beside the others. ``others_share``: the share that the others kept, by this unit's weights; None where
    nothing can be compared. ``left_*``: what this unit does and too few others do."""

    procedures: pl.DataFrame  # COLUMNS, the most dossiers of this unit first
    units: tuple[str, ...]  # who the others are
    due: int
    met: int
    other_due: int
    others_share: float | None
    left_procedures: int
    left_due: int


def asked(
    cube: pl.DataFrame, question: Question, silent: tuple[Silent, ...], calendar: WorkingCalendar
) -> pl.DataFrame:
    """Count what fell due and was kept by unit and procedure (metrics.heard): department, procedure, due, due_met.

    Of ``question`` what may be seen is the province: its answer is for ``beside`` alone, which adds the others up.
    """
    few = cube.filter(pl.col("event").is_in(_EVENTS))
    both = Question(
        question.period, question.as_of, question.scope, ("department", "procedure"), question.filters, question.on_map
    )
    return told(few, both, silent, calendar).select("department", "procedure", "due", "due_met")


def unseen(seen: Collection[str]) -> pl.Expr:
    """Count the units of a group that are not among those that a reader sees."""
    return (~pl.col("department").is_in(sorted(seen))).sum()


def hides(unseen: str, others: int) -> pl.Expr:
    """Say whether a sum hides each of ``unseen`` units: there are none, or at least ``others``."""
    return (pl.col(unseen) == 0) | (pl.col(unseen) >= others)


def beside(
    counts: pl.DataFrame, unit: str, *, fewest: int, others: int, seen: Collection[str] = ()
) -> Alike:  # fmt: skip
    """Put ``unit`` beside the others on the procedures of which it had any due, and at least ``others`` other units at
    least ``fewest`` together: fewer would be chance, and one neighbour could be reckoned. ``counts``: of ``asked``;
    ``seen``: the units that the reader sees, who could be taken away from the sum."""
    known = counts.drop_nulls(["department", "procedure"]).filter(pl.col("due") > 0)
    mine = pl.col("department") == unit
    own = known.filter(mine).select("procedure", own_due="due", own_met="due_met")
    rest = known.filter(~mine)
    told = rest.group_by("procedure").agg(
        other_due=pl.col("due").sum(), other_met=pl.col("due_met").sum(), units=pl.len(), unseen=unseen(seen)
    )
    enough = (pl.col("other_due") >= fewest) & (pl.col("units") >= others) & hides("unseen", others)
    shared = own.join(told.filter(enough), on="procedure").select(COLUMNS)
    shared = shared.sort("own_due", "procedure", descending=[True, False])
    names = rest.filter(pl.col("procedure").is_in(shared["procedure"].implode()))["department"].unique().sort()
    due = int(shared["own_due"].sum())
    share = (pl.col("own_due") * pl.col("other_met") / pl.col("other_due")).sum()
    return Alike(
        procedures=shared,
        units=tuple(names.to_list()),
        due=due,
        met=int(shared["own_met"].sum()),
        other_due=int(shared["other_due"].sum()),
        others_share=float(shared.select(share).item()) / due if due else None,
        left_procedures=own.height - shared.height,
        left_due=int(own["own_due"].sum()) - due,
    )
