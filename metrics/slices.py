"""Derive a large part a slice at a time: dossiers know nothing of each other, and counts of slices are added up.

A month of a country holds as many dossiers as ten years of an office; whole, it would want more memory than a server
has for it. Slices give the same rows in the same order as the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from metrics import packing
from metrics.clocks import facts
from metrics.cube import COLUMNS, DIMENSIONS, DURATIONS, cube, durations, of_cells
from metrics.rulebook import Rulebook
from metrics.terms import Terms
from metrics.weekly import weeks, weeks_of_durations

#: Dossiers derived at once: about 1 GiB while it lasts.
AT_ONCE: Final = 200_000
#: What one slice gives: the first four of Derived.
_Four = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from one observed part: facts that figures count and those that only stand beside them, and the
    daily (metrics.cube) and weekly counts (metrics.weekly) of the former."""

    facts: pl.DataFrame
    beside: pl.DataFrame
    cube: pl.DataFrame
    durations: pl.DataFrame
    weeks: pl.DataFrame
    weeks_taken: pl.DataFrame


def derived(
    observed: pl.DataFrame,
    terms: Mapping[str, Terms],
    book: Rulebook,
    *,
    aside: Collection[str] = (),
    at_once: int | None = None,
) -> Derived:
    """Derive everything from one observed part (store.observed.observe); ``aside``: sources that no figure counts."""
    done = [_of(rows, terms, book, aside) for rows in observed.iter_slices(at_once or AT_ONCE)] or [
        _of(observed, terms, book, aside)
    ]
    counted, beside, days, taken = done[0]
    if len(done) > 1:
        of_all = [[each[place] for each in done] for place in range(4)]
        counted, beside = (pl.concat(each, rechunk=True) for each in of_all[:2])
        days, taken = added(of_all[2], COLUMNS), added(of_all[3], DURATIONS)
    return Derived(counted, beside, days, taken, weeks(days), weeks_of_durations(taken))


def _of(rows: pl.DataFrame, terms: Mapping[str, Terms], book: Rulebook, aside: Collection[str]) -> _Four:
    # When we saw a dossier stands in its history; two stores that say the same of it have the same figures.
    every = facts(rows, terms, book).drop("first_seen_at", "seen_at")
    beside = pl.col("source").is_in(list(aside))
    counted = every.filter(~beside)
    return counted, every.filter(beside), cube(counted, book), durations(counted)


def added(parts: Sequence[pl.DataFrame], columns: tuple[str, ...]) -> pl.DataFrame:
    """Add up daily counts of slices, in the order of metrics.cube; what cancels out between slices is left out."""
    rows = packing.coded(pl.concat(parts, rechunk=True), DIMENSIONS)
    cells = rows.select(DIMENSIONS).unique().sort(DIMENSIONS)
    numbers = cells.with_row_index("cell")
    numbered = rows.join(numbers, on=DIMENSIONS, how="left", nulls_equal=True, maintain_order="left")
    return of_cells(numbered, cells, columns, pl.col("n").sum())
