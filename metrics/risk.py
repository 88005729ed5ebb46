"""The chance of each pending dossier to miss its due day: what became of the like of it on past evenings.

A dossier's like: those of its procedure and department that were promised in like time, at its step, and as near to
their due day (so as long in process). From those evenings on runs a Kaplan–Meier curve of the working days in process
until they left; its value when the days left are over is the chance. Where few were, the curve leans on that of the
same step in any department, of the procedure at any step, of the field, of the source (metrics.survival.hazards). A
department that was lately faster or slower than the like of its dossiers bends it, the more the more was seen of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from config.insight_risk import Risk
from metrics.evenings import Evenings
from metrics.survival import Floats, Ints, Seen, hazards, seen, survival

#: The groups, from the largest: each but the first leans on the one before.
LEVELS: Final = (
    ("source", "near"),
    ("source", "near", "promised"),
    ("source", "near", "promised", "field"),
    ("source", "near", "promised", "field", "procedure"),
    ("source", "near", "promised", "field", "procedure", "step"),
    ("source", "near", "promised", "field", "procedure", "step", "department"),
)
#: What a reader is told the like of a dossier are, and which of LEVELS that is; a single department is not told.
NAMES: Final = (("source", 1), ("field", 2), ("procedure", 3), ("step", 4))
_OWN: Final = len(LEVELS) - 1
#: A department is never taken to be so many times faster or slower than the like of its dossiers.
_FURTHEST: Final = 8.0


@dataclass(frozen=True)
class Groups:
    """Rows of evenings numbered into the groups of LEVELS, the larger group of each, and into departments."""

    of: tuple[Ints, ...]  # level → row → group
    larger: tuple[Ints, ...]  # level → group → group of the level before
    department: Ints
    departments: int


@dataclass(frozen=True)
class Curves:
    """What past evenings teach: level → group → day → chance to be still open; ``pace``: of each department, 1 as its
    like, 2 twice as many results a day. ``own``: the same curves without leaning; ``alike``: rows behind each group.
    Of a try ``stays`` holds the last level alone, ``own`` nothing."""

    stays: tuple[Floats, ...]
    own: tuple[Floats, ...]
    alike: tuple[Ints, ...]
    pace: Floats


def groups(evenings: Evenings) -> Groups:
    """Number the groups of all rows, so that every origin of a back-test may use the same numbers."""
    rows = evenings.rows.select(LEVELS[_OWN])
    of: list[Ints] = []
    larger: list[Ints] = []
    for level, names in enumerate(LEVELS):
        number = _numbers(rows, names)
        before = of[level - 1] if level else np.zeros(rows.height, dtype=np.int64)
        up = np.zeros(int(number.max()) + 1 if len(number) else 0, dtype=np.int64)
        up[number] = before
        of.append(number)
        larger.append(up)
    department = _numbers(rows, ("source", "department"))
    return Groups(tuple(of), tuple(larger), department, int(department.max()) + 1 if len(department) else 0)


def _numbers(rows: pl.DataFrame, names: tuple[str, ...]) -> Ints:
    known = rows.select(names).unique(maintain_order=True).with_row_index("n")
    found = rows.select(names).join(known, on=names, how="left", nulls_equal=True, maintain_order="left")["n"]
    return found.cast(pl.Int64).to_numpy()


def learn(evenings: Evenings, numbered: Groups, at: date, weights: Risk, *, whole: bool = True) -> Curves:
    """Learn from the evenings before ``at`` what was known of them by the evening of ``at``, and from nothing else.
    Without ``whole`` only what ``chances`` needs: the leant curves of the smallest groups."""
    past = slice(0, evenings.before(at))
    days, left = evenings.followed(past, at)
    stays: list[Floats] = []
    own: list[Floats] = []
    alike: list[Ints] = []
    prior: Floats | None = None
    leant = np.zeros((0, weights.horizon + 1))
    for level, number in enumerate(numbered.of):
        found = seen(number[past], days, left, groups=len(numbered.larger[level]), horizon=weights.horizon)
        leant = hazards(found, None if prior is None else prior[numbered.larger[level]], weights.lean)
        if whole:
            own.append(survival(hazards(found)))
            stays.append(survival(leant))
        alike.append(_first(found))
        prior = leant
    stays = stays if whole else [survival(leant)]
    pace = _pace(evenings, numbered, past, at, weights, (days, left, leant))
    return Curves(tuple(stays), tuple(own), tuple(alike), pace)


def _first(found: Seen) -> Ints:
    """Count who could leave on the first day: the rows of the group that were followed at all."""
    return found.at_risk[:, 1].astype(np.int64)


def _pace(
    evenings: Evenings, numbered: Groups, past: slice, at: date, weights: Risk, told: tuple[Ints, np.ndarray, Floats]
) -> Floats:
    """Give for each department its results beside those its like would have had, leant on 1."""
    days, left, hazard = told
    known = evenings.at[past]
    recent = known >= (known[-1] if len(known) else 0) - weights.lately
    within = np.minimum(days, weights.horizon)
    # Nelson–Aalen: of those who could leave each day, as many as do leave; so the like of everybody are as fast as all.
    total = np.cumsum(hazard, axis=1)[numbered.of[_OWN][past], within]
    results = (left & (days <= weights.horizon) & recent).astype(np.float64)
    place, count = numbered.department[past], numbered.departments
    had = np.bincount(place, weights=results, minlength=count)
    due = np.bincount(place, weights=np.where(recent, total, 0.0), minlength=count)
    pace = (had + weights.lean_department) / (due + weights.lean_department)
    return np.clip(pace, 1 / _FURTHEST, _FURTHEST)


def chances(curves: Curves, numbered: Groups, rows: slice, left: Ints) -> Floats:
    """Give the chance of each row to be still open when its ``left`` working days are over."""
    horizon = curves.stays[-1].shape[1] - 1
    stays = curves.stays[-1][numbered.of[_OWN][rows], np.clip(left, 0, horizon)]
    found: Floats = np.clip(stays, 0.0, 1.0) ** curves.pace[numbered.department[rows]]
    return found


def alike(
    evenings: Evenings, numbered: Groups, curves: Curves, rows: slice, *, fewest: int, others: int
) -> pl.DataFrame:  # fmt: skip
    """Say of each row what the sentence beside it rests on: ``alike`` (of NAMES: the smallest group of which at least
    ``fewest`` dossiers were seen, of no other department or of at least ``others``), ``n_alike`` (dossiers, each once),
    ``n_others`` (departments beside the row's own) and ``missed_alike`` (share of them still open when as many working
    days had passed, from their own curve; null where too few were seen anywhere)."""
    left = np.clip(evenings.rows["left"][rows].to_numpy(), 0, curves.own[0].shape[1] - 1)
    ids = evenings.rows["id"][: rows.start]
    name = np.full(len(left), "", dtype=object)
    count = np.zeros(len(left), dtype=np.int64)
    beside = np.zeros(len(left), dtype=np.int64)
    share = np.full(len(left), np.nan)
    for told, level in NAMES:
        group = numbered.of[level]
        past = pl.DataFrame({"group": group[: rows.start], "id": ids}).group_by("group").agg(n=pl.col("id").n_unique())
        each = np.zeros(len(numbered.larger[level]), dtype=np.int64)
        each[past["group"].to_numpy()] = past["n"].to_numpy()
        mine, foreign = group[rows], _others(numbered, level, rows)
        enough = (each[mine] >= fewest) & ((foreign == 0) | (foreign >= others))
        name[enough], count[enough], beside[enough] = told, each[mine][enough], foreign[enough]
        share[enough] = curves.own[level][mine, left][enough]
    named = pl.Series("alike", name.tolist(), pl.String).replace("", None)
    told_of = {"alike": named, "n_alike": count, "n_others": beside}
    return pl.DataFrame(told_of | {"missed_alike": pl.Series(share).fill_nan(None)})


def _others(numbered: Groups, level: int, rows: slice) -> Ints:
    """Count the departments that each row's group of a level was seen with, its own left out."""
    pair = numbered.of[level] * (numbered.departments + 1) + numbered.department
    seen = np.unique(pair[: rows.start])
    each = np.bincount(seen // (numbered.departments + 1), minlength=len(numbered.larger[level]))
    found: Ints = each[numbered.of[level][rows]] - np.isin(pair[rows], seen)
    return found
