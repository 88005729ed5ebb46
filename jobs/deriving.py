"""Derive months from what was observed of them: in this process, or on Apache Spark (docs/scale.md).

The settings name the engine. Either runs the same function on whole months and writes the same files, to the byte, so
that a state of the figures has one name wherever it was worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import polars as pl

from config.errors import ConfigError, nearest
from config.settings import Settings, settings
from metrics.rulebook import Rulebook
from metrics.slices import derived
from metrics.terms import Terms
from store import snapshot
from store.snapshot import Keeper, Part

ENGINES: Final = ("polars", "spark")
#: A month and what was observed of it.
Seen = tuple[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Given:
    """What every month is derived with."""

    terms: dict[str, Terms]
    book: Rulebook


def parts(store: Keeper, seen: Iterable[Seen], given: Given) -> Iterator[tuple[str, Part | None]]:
    """Give each month with its part, in any order; None for one without a dossier.

    Raises ConfigError for an engine that is not known or not there, StoreError where a file cannot be written or the
    engine gives up.
    """
    chosen = settings()
    if engine(chosen) == "spark":
        yield from _on_spark(store, seen, given, chosen)
    else:
        yield from ((month, part_of(store, observed, month, given)) for month, observed in seen)


def engine(chosen: Settings) -> str:
    """Give the engine that the settings name. Raises ConfigError for one that is not known."""
    if chosen.engine not in ENGINES:
        found = f'"{chosen.engine}" is no engine.{nearest(chosen.engine, ENGINES)}'
        raise ConfigError("DUNGHAN_ENGINE", found, f"Write {' or '.join(ENGINES)}.")
    return chosen.engine


def in_reach() -> str:
    """Say where figures are derived, nothing if that is here; raises ConfigError where it cannot be. Starts nothing."""
    chosen = settings()
    if engine(chosen) == "polars":
        return ""
    from jobs import spark

    spark.in_reach(chosen.spark_master)
    return f"{chosen.spark_master} answers; it derives what is beyond {chosen.spark_above:,} dossiers"


def _on_spark(store: Keeper, seen: Iterable[Seen], given: Given, chosen: Settings) -> Iterator[tuple[str, Part | None]]:
    """Derive here what takes less time than Spark does to start, and everything beyond it there."""
    from jobs import spark  # whoever stays on one machine has no Spark

    left, rest = chosen.spark_above, iter(seen)
    for month, observed in rest:
        left -= observed.height
        if left < 0:
            with spark.session(chosen.spark_master) as session:
                yield from spark.parts(session, store, chain([(month, observed)], rest), given)
        else:
            yield month, part_of(store, observed, month, given)


def part_of(store: Keeper, observed: pl.DataFrame, month: str, given: Given) -> Part | None:
    """Keep what was observed of a month and everything that follows from it; None where that is no dossier."""
    return completed(store, observed, kept(store, observed, month), month, given) if observed.height else None


def kept(store: Keeper, observed: pl.DataFrame, month: str) -> str:
    """Write what was observed of a month, and give the name of the file."""
    return snapshot.put(store, "observed", month, observed)


def completed(store: Keeper, observed: pl.DataFrame, name: str, month: str, given: Given) -> Part:
    """Derive a month whose observed dossiers lie in the file ``name``, and write what follows beside it."""
    aside = [source for source, said in given.terms.items() if said.figures == "beside"]
    made = derived(observed, given.terms, given.book, aside=aside)
    return Part(
        observed=name,
        facts=snapshot.put(store, "facts", month, made.facts),
        beside=snapshot.put(store, "beside", month, made.beside),
        cube=snapshot.put(store, "cube", month, made.cube),
        durations=snapshot.put(store, "durations", month, made.durations),
        weeks=snapshot.put(store, "weeks", month, made.weeks),
        weeks_taken=snapshot.put(store, "weeks_taken", month, made.weeks_taken),
        newest_at=snapshot.newest(observed),
    )
