"""How long each visit to a step took in working time: waited for, held, not known which, and suspended apart."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.worktime import WorkTime

#: Working minutes of a visit. They add up to the working minutes of the dossier's whole life.
KINDS: Final = ("waiting", "holding", "unsplit", "suspended")
_MINUTE: Final = 60_000_000


def timed(visits: pl.DataFrame, halts: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Add KINDS (Int32) to visits (metrics.visits.VISITS and ``department_own``, whose days and hours count).

    ``halts``: id, from_minute, to_minute (minutes since 1970 of local time; null while it lasts) of the dossiers whose
    clock stood. ``waiting``: from the end of the visit before to the beginning of this one, and all of one that names
    nobody; ``holding``: somebody had it; ``unsplit``: it is not known when the visit began, so either.
    """
    numbered = visits.with_row_index("visit")
    stood = _merged(halts)
    done = [_timed(rows, stood, work) for work, rows in time.groups(numbered, "department_own")]
    return pl.concat(done).sort("visit").drop("visit") if len(done) > 1 else done[0].drop("visit")


def _timed(rows: pl.DataFrame, stood: pl.DataFrame, work: WorkTime) -> pl.DataFrame:
    marks = {f"_{name}": work.minutes_before(_moment(pl.col(name))).cast(pl.Int32) for name in _MARKS}
    clocked = rows.with_columns(**marks)
    stops = _stopped(clocked.filter(pl.col("id").is_in(stood["id"].unique().implode())), stood, work)
    whole = clocked.join(stops, on="visit", how="left", maintain_order="left") if stops.height else (
        clocked.with_columns(stood_before=pl.lit(0, pl.Int32), stood_then=pl.lit(0, pl.Int32)))  # fmt: skip
    before, then = pl.col("stood_before").fill_null(0), pl.col("stood_then").fill_null(0)
    gap, body = pl.col("_start") - pl.col("_cut") - before, pl.col("_stop") - pl.col("_start") - then
    held = pl.col("named") & pl.col("split")
    return (
        whole.with_columns(
            waiting=pl.when(pl.col("split") & ~pl.col("named")).then(gap + body).otherwise(gap),
            holding=pl.when(held).then(body).otherwise(0),
            unsplit=pl.when("split").then(0).otherwise(body),
            suspended=before + then,
        )
        .with_columns(pl.col(KINDS).cast(pl.Int32))
        .drop("_cut", "_start", "_stop", "stood_before", "stood_then")
    )


_MARKS: Final = ("cut", "start", "stop")


def _moment(minute: pl.Expr) -> pl.Expr:
    return (minute.cast(pl.Int64) * _MINUTE).cast(pl.Datetime("us"))


def _merged(halts: pl.DataFrame) -> pl.DataFrame:
    """Give the stretches in which a clock stood, those that touch or overlap as one: id, from_minute, to_minute."""
    end = pl.col("to_minute").fill_null(pl.Int32.max())
    line = halts.with_columns(to_minute=end).sort("id", "from_minute", "to_minute")
    so_far = pl.col("to_minute").cum_max().shift().over("id")
    apart = (pl.col("from_minute") > so_far).fill_null(True)
    return (
        line.with_columns(stretch=apart.cum_sum().over("id"))
        .group_by("id", "stretch", maintain_order=True)
        .agg(pl.col("from_minute").min(), pl.col("to_minute").max())
        .select("id", "from_minute", "to_minute")
    )


def _stopped(rows: pl.DataFrame, stood: pl.DataFrame, work: WorkTime) -> pl.DataFrame:
    """Count for each visit the working minutes in which the clock stood: visit, stood_before, stood_then."""
    both = rows.select("visit", "id", *_MARKS).join(stood, on="id", how="inner")

    def overlap(first: str, last: str) -> pl.Expr:
        begin = pl.max_horizontal(first, "from_minute")
        end = pl.max_horizontal(pl.min_horizontal(last, "to_minute"), begin)
        return (work.minutes_before(_moment(end)) - work.minutes_before(_moment(begin))).cast(pl.Int32)

    counted = both.select("visit", stood_before=overlap("cut", "start"), stood_then=overlap("start", "stop"))
    return counted.group_by("visit").sum()
