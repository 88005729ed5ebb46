"""Derive a large part a slice at a time: dossiers know nothing of each other, and counts of slices are added up.

A month of a country holds as many dossiers as ten years of an office; whole, it would want more memory than a server
has for it. Slices give the same rows in the same order as the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from metrics.clocks import facts
from metrics.cube import COLUMNS, DIMENSIONS, DURATIONS, cube, durations
from metrics.packing import Packing
from metrics.rulebook import Rulebook
from metrics.terms import Terms

#: Dossiers derived at once: about 1 GiB while it lasts.
AT_ONCE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from one observed part: facts that figures count and those that only stand beside them, and the
    daily counts (metrics.cube) of the former."""

    facts: pl.DataFrame
    beside: pl.DataFrame
    cube: pl.DataFrame
    durations: pl.DataFrame


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
    if len(done) == 1:
        return done[0]
    return Derived(
        facts=pl.concat([each.facts for each in done], rechunk=True),
        beside=pl.concat([each.beside for each in done], rechunk=True),
        cube=added([each.cube for each in done], COLUMNS),
        durations=added([each.durations for each in done], DURATIONS),
    )


def _of(rows: pl.DataFrame, terms: Mapping[str, Terms], book: Rulebook, aside: Collection[str]) -> Derived:
    # When we saw a dossier stands in its history; two stores that say the same of it have the same figures.
    every = facts(rows, terms, book).drop("first_seen_at", "seen_at")
    beside = pl.col("source").is_in(list(aside))
    counted = every.filter(~beside)
    return Derived(counted, every.filter(beside), cube(counted, book), durations(counted))


def added(parts: Sequence[pl.DataFrame], columns: tuple[str, ...]) -> pl.DataFrame:
    """Add up daily counts of slices, in the order of metrics.cube; what cancels out between slices is left out."""
    rows = pl.concat(parts, rechunk=True)
    words = {name: rows[name].unique().drop_nulls().sort() for name in DIMENSIONS}
    coded = rows.with_columns(pl.col(name).cast(pl.Enum(told)) for name, told in words.items())
    cells = coded.select(DIMENSIONS).unique().sort(DIMENSIONS)
    numbered = coded.join(
        cells.with_row_index("cell"), on=DIMENSIONS, how="left", nulls_equal=True, maintain_order="left"
    )
    packing = Packing.of(numbered, ["day", "cell", *(name for name in columns[1:-1] if name not in DIMENSIONS)])
    summed = numbered.group_by(key=packing.key).agg(pl.col("n").sum()).filter(pl.col("n") != 0).sort("key")
    told = packing.unpacked(summed["key"]).with_columns(n=summed["n"])
    return told.with_columns(cells.select(pl.col(d).cast(pl.String).gather(told["cell"]) for d in DIMENSIONS)).select(
        columns
    )
