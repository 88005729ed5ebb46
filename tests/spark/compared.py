"""Derive and count by polars and by Spark, and name the first cell in which they differ."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import ours
from benchmarks.province import Province
from jobs import spark
from jobs.deriving import Given, Seen, part_of
from metrics.definitions import AGES, COUNTS, DURATIONS, RATES, rates
from metrics.evaluate import Map, figures
from metrics.portable import Frame
from metrics.scope import Filters, Period, Scope
from metrics.took import took
from store.snapshot import GROUPED, Part, Piece

GIVEN: Final = Given(dict(ours.TERMS), ours.book())
#: Every count, share and length of the catalogue.
CATALOGUE: Final = {*COUNTS, *AGES, *RATES, *DURATIONS}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the catalogue; the period lies inside the data, and was looked at before it was over."""

    period: Period
    as_of: date
    by: tuple[str, ...] = ()
    on_map: Map = "today"
    scope: Scope = field(default_factory=Scope.province)
    filters: Filters = field(default_factory=Filters)

    @property
    def words(self) -> str:
        return f"{' × '.join(self.by) or 'the whole'}, map {self.on_map}"


def questions(period: Period, as_of: date, department: str) -> tuple[Asked, ...]:
    """Ask everything of the whole, by department, field and week, of a unit as it was, and by months of the state."""
    return (
        Asked(period, as_of),
        Asked(period, as_of, ("field",), "then", Scope.of(department)),
        Asked(period, as_of, ("department", "field", "week")),
        Asked(period, as_of, ("level", "state_month"), filters=Filters(channel=("online", ""))),
    )


@dataclass(frozen=True, slots=True)
class Laid:
    """Parts in a folder: by month, and the seconds it took to derive them."""

    folder: spark.Folder
    parts: Mapping[str, Part]
    seconds: float


def observed(province: Province, folder: Path) -> Iterator[Seen]:
    """Give the observed parts of a province from Parquet files, which are laid out here unless they are."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {file.stem for file in folder.glob("*.parquet")}
    for month, part in province.parts(without=there):
        fresh = folder / f"{month}.new"
        part.write_parquet(fresh, compression="zstd", compression_level=3)
        fresh.replace(folder / f"{month}.parquet")
    return ((file.stem, pl.read_parquet(file)) for file in sorted(folder.glob("*.parquet")))


def by_polars(seen: Iterable[Seen], folder: Path) -> Laid:
    """Derive in this process, as a rebuild does."""
    place, begun = spark.Folder(folder), time.perf_counter()
    made = {month: part for month, rows in seen if (part := part_of(place, rows, month, GIVEN))}
    return Laid(place, made, time.perf_counter() - begun)


def by_spark(session: Any, seen: Iterable[Seen], folder: Path) -> Laid:
    """Derive on the workers, as a rebuild does."""
    place, begun = spark.Folder(folder), time.perf_counter()
    made = {month: part for month, part in spark.parts(session, place, seen, GIVEN) if part}
    return Laid(place, made, time.perf_counter() - begun)


def ours_of(laid: Laid, piece: Piece) -> pl.LazyFrame:
    """Give one piece as polars reads it for a page."""
    rows = pl.concat(
        [pl.scan_parquet(laid.folder.derived / getattr(part, piece)) for _, part in sorted(laid.parts.items())]
    )
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in GROUPED)


def theirs_of(session: Any, laid: Laid, piece: Piece) -> Any:
    """Give one piece as Spark reads it, from the same Parquet files."""
    return spark.frame(session, laid.folder, laid.parts.values(), piece)


def answered(cube: Frame, durations: Frame, asked: Asked) -> pl.DataFrame:
    """Answer a question whole: every count, numerator and denominator and value of every share, every length."""
    told = {
        "period": asked.period, "as_of": asked.as_of, "by": asked.by, "on_map": asked.on_map,
        "scope": asked.scope, "filters": asked.filters,
    }  # fmt: skip
    counts, lengths = rates(figures(cube, **told)), took(durations, **told)  # type: ignore[arg-type]
    if not asked.by:
        return counts.hstack(lengths)
    return counts.join(lengths, on=list(asked.by), how="left", nulls_equal=True, maintain_order="left")


def difference(here: pl.DataFrame, there: pl.DataFrame, asked: Asked) -> str:
    """Name the first cell in which two answers differ, or nothing."""
    if here.schema != there.schema or here.height != there.height:
        return f"{asked.words}: {here.height} rows of {here.width} columns, but {there.height} of {there.width}"
    for name in here.columns:
        apart = here.select(at=pl.Series(_apart(here[name], there[name]))).to_series().arg_true()
        if apart.len():
            row = apart[0]
            group = " · ".join(f"{here[by][row]}" for by in asked.by)
            return f"{asked.words}: {group}: {name} is {here[name][row]}, but {there[name][row]}"
    return ""


def _apart(one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.select(pl.lit(one).ne_missing(pl.lit(other))).to_series()
