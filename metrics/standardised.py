"""Like with like over the whole province: each unit's rate as if it had the province's mix of procedures; and where the
parts say the opposite of the whole.

Direct standardisation: the unit's rate of each procedure, weighed by what fell due of it in all the province. Interval:
Wilson's of each procedure, put together (MOVER: Zou and Donner, Statistics in Medicine 27, 2008). Nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl

from metrics.alike import hides, unseen
from metrics.decomposition import Cell, Pair
from metrics.intervals import wilson


@dataclass(frozen=True, slots=True)
class Stratum:
    """One procedure, or several small ones together: what a unit kept of what fell due, and that of the province."""

    own: Pair
    province: Pair


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rate by the province's weights (0–1), its 95 % interval, and the province's own rate on the same procedures."""

    share: float
    low: float
    high: float
    province: float


@dataclass(frozen=True, slots=True)
class Standardised:
    """A unit's rate as it is (``met`` of ``due``) and by the province's mix. ``told``: None where too little of its
    work is done by enough others. ``covered``: the share of the province's mix that it has data for; ``few``: of how
    many procedures with few dossiers, and with how many, one was made; ``left_*``: what stands beside nobody."""

    department: str
    due: int
    met: int
    told: Weighed | None
    covered: float
    few_procedures: int
    few_due: int
    left_procedures: int
    left_due: int


def weighed(strata: Sequence[Stratum]) -> Weighed | None:
    """Weigh a unit's rates by the province's dossiers; None of nothing. Of the province itself this is its raw rate."""
    known = [each for each in strata if each.own[1] and each.province[1]]
    whole = sum(each.province[1] for each in known)
    if not whole:
        return None
    rates = [(each.province[1] / whole, each.own[0] / each.own[1], wilson(*each.own)) for each in known]
    share = sum(weight * rate for weight, rate, _ in rates)
    below = sqrt(sum((weight * (rate - low)) ** 2 for weight, rate, (low, _) in rates))
    above = sqrt(sum((weight * (high - rate)) ** 2 for weight, rate, (_, high) in rates))
    province = sum(each.province[0] for each in known) / whole
    return Weighed(share, max(0.0, share - below), min(1.0, share + above), province)


def standardised(
    counts: pl.DataFrame, *, fewest: int, others: int, covered: float, seen: Collection[str] = ()
) -> list[Standardised]:  # fmt: skip
    """Standardise every unit to the mix of all of ``counts`` (metrics.alike.asked: department, procedure, due,
    due_met), by name.

    A procedure counts where at least ``others`` other units had any of it due, ``fewest`` together: fewer could be
    reckoned out; so could fewer than ``others`` beside those that the reader sees (``seen``). Those of which the unit
    itself had fewer than ``fewest`` are told as one, if that has as many. Below ``covered`` of the province's mix
    nothing is told.
    """
    rows = _beside(counts.filter(pl.col("due") > 0), fewest, others, seen)
    whole = int(rows["due"].sum())
    named = rows.drop_nulls("department").partition_by("department", as_dict=True)
    found = [_unit(str(name), mine, whole, fewest, covered) for (name,), mine in named.items()]
    return sorted(found, key=lambda each: each.department)


def _beside(rows: pl.DataFrame, fewest: int, others: int, seen: Collection[str]) -> pl.DataFrame:
    """Lay beside each unit's procedure that of the whole, and say whether enough others do it (``shared``)."""
    named = pl.col("procedure").is_not_null() & pl.col("department").is_not_null()
    told = rows.with_columns(
        all_due=pl.col("due").sum().over("procedure"), all_met=pl.col("due_met").sum().over("procedure"),
        units=pl.col("department").drop_nulls().n_unique().over("procedure") - 1,
        unseen=unseen(seen).over("procedure"),
    )  # fmt: skip
    enough = (pl.col("units") >= others) & hides("unseen", others) & (pl.col("all_due") - pl.col("due") >= fewest)
    return told.with_columns(shared=named & enough)


def _unit(name: str, rows: pl.DataFrame, whole: int, fewest: int, covered: float) -> Standardised:
    shared = rows.filter("shared")
    large, small = shared.filter(pl.col("due") >= fewest), shared.filter(pl.col("due") < fewest)
    pooled = int(small["due"].sum()) >= fewest
    strata = [
        Stratum((met, due), (all_met, all_due))
        for met, due, all_met, all_due in large.select("due_met", "due", "all_met", "all_due").rows()
    ]
    if pooled:
        met, due, all_met, all_due = small.select(pl.col("due_met", "due", "all_met", "all_due").sum()).row(0)
        strata.append(Stratum((met, due), (all_met, all_due)))
    share = sum(each.province[1] for each in strata) / whole if whole else 0.0
    used = large.height + (small.height if pooled else 0)
    used_due = int(large["due"].sum()) + (int(small["due"].sum()) if pooled else 0)
    due = int(rows["due"].sum())
    return Standardised(
        department=name, due=due, met=int(rows["due_met"].sum()),
        told=weighed(strata) if share >= covered else None, covered=share,
        few_procedures=small.height if pooled else 0, few_due=int(small["due"].sum()) if pooled else 0,
        left_procedures=rows.height - used, left_due=due - used_due,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reversal:
    """Better in (nearly) every part and worse in the whole, or the reverse (Simpson's paradox): it is the mix.

    ``better``: the parts are; ``parts`` of ``of``; ``own`` and ``other``: the wholes over the same parts.
    """

    better: bool
    parts: int
    of: int
    own: Pair
    other: Pair


def reversal(cells: Sequence[Cell], *, fewest: int, nearly: float, gap: float) -> Reversal | None:
    """Say whether the parts say the opposite of the whole. ``cells``: (met, due) of one side as ``now``, of the other
    (all other units, or the time before) as ``before``; those with fewer than ``fewest`` on a side are not compared.

    ``nearly``: in so large a share of two parts or more; ``gap``: by so much at least the wholes differ (0–1).
    """
    known = [cell for cell in cells if min(cell.now[1], cell.before[1]) >= max(1, fewest)]
    if len(known) < 2:
        return None
    own, other = (tuple(sum(pair[i] for pair in side) for i in (0, 1)) for side in zip(*(
        (cell.now, cell.before) for cell in known), strict=True))  # fmt: skip
    moved = own[0] / own[1] - other[0] / other[1]
    ways = [cell.now[0] * cell.before[1] - cell.before[0] * cell.now[1] for cell in known]
    better, worse = sum(way > 0 for way in ways), sum(way < 0 for way in ways)
    if better >= nearly * len(known) and moved <= -gap:
        return Reversal(True, better, len(known), (own[0], own[1]), (other[0], other[1]))
    if worse >= nearly * len(known) and moved >= gap:
        return Reversal(False, worse, len(known), (own[0], own[1]), (other[0], other[1]))
    return None
