"""What the software of each source does, week by week: does it answer, how late does it speak, what is wrong in it.

Every share keeps its numerator and its denominator. All of it is seen from our side of the line: a network that was
down, and how often we ask, are in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl

#: What a dossier may lack, and what may be wrong in it (store.evidence.received).
MISSING: Final = ("due_at", "procedure", "field", "department", "channel")
WRONG: Final = ("due_before_receipt", "finished_before_receipt")
#: Columns of ``weeks`` after source and week (its Monday).
COLUMNS: Final = (
    "runs", "ok", "failed", "gap_minutes", "stamped", "delay_median", "delay_p90", "read", "refused", "received",
    *MISSING, *WRONG,
)  # fmt: skip
_MINUTE: Final = 60.0


def week_of(column: str, zones: Mapping[str, str]) -> pl.Expr:
    """Give the Monday of the week in which an instant lies, where its source is."""
    found = pl.lit(None, pl.Date)
    for name, zone in zones.items():
        day = pl.col(column).dt.convert_time_zone(zone).dt.date()
        found = pl.when(pl.col("source") == name).then(day).otherwise(found)
    return found.dt.truncate("1w")


def weeks(
    runs: pl.DataFrame, delays: pl.DataFrame, refused: pl.DataFrame, received: pl.DataFrame, *,
    zones: Mapping[str, str], now: datetime,
) -> pl.DataFrame:  # fmt: skip
    """Count by source and week, the newest first: source, week, COLUMNS; a part of which nothing is known is null.

    ``gap_minutes``: the longest time that ended in the week without a good run, up to ``now`` in the running one.
    ``delay_median``, ``delay_p90``: minutes from the source's stamp until we saw it, within which half, or nine tenths,
    came. ``refused``: rows that were refused, of ``read``. The frames are those of store.evidence.
    """
    parts = [_ran(runs, zones), _gaps(runs, zones, now), _late(delays, zones), _refused(refused, zones)]
    parts.append(_received(received, zones))
    keys = pl.concat([part.select("source", "week") for part in parts]).drop_nulls().unique()
    for part in parts:
        keys = keys.join(part, on=["source", "week"], how="left")
    read = pl.col("runs").is_not_null()
    told = keys.with_columns(refused=pl.when(read).then(pl.col("refused").fill_null(0)).otherwise("refused"))
    return told.select("source", "week", *COLUMNS).sort("source", "week", descending=[False, True])


def _ran(runs: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    over = runs.filter(pl.col("state") != "running").with_columns(week=week_of("started_at", zones))
    ok = pl.col("state") == "ok"
    return over.group_by("source", "week").agg(
        runs=_n(pl.len()), ok=_n(ok.sum()), failed=_n((~ok).sum()), read=_n(pl.col("read").sum())
    )


def _gaps(runs: pl.DataFrame, zones: Mapping[str, str], now: datetime) -> pl.DataFrame:
    """Measure from the end of one good run to that of the next; the last reaches up to now.

    Where the first known run failed the gap is known from its beginning on: it lasted at least as long."""
    good = runs.filter(pl.col("state") == "ok", pl.col("finished_at").is_not_null())
    ends = good.select("source", at="finished_at").sort("source", "at")
    over = runs.filter(pl.col("state") != "running")
    first = over.sort("started_at").group_by("source", maintain_order=True).first()
    begun = first.filter(pl.col("state") != "ok").select("source", at="started_at")
    last = over.select("source").unique().with_columns(pl.lit(now).cast(ends.schema["at"]).alias("at"))
    line = pl.concat([begun, ends, last]).sort("source", "at").with_columns(before=pl.col("at").shift().over("source"))
    gaps = line.drop_nulls("before").with_columns(week=week_of("at", zones))
    minutes = (pl.col("at") - pl.col("before")).dt.total_seconds() / _MINUTE
    return gaps.group_by("source", "week").agg(gap_minutes=minutes.max())


def _late(delays: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    minutes = (pl.col("seen_at") - pl.col("happened_at")).dt.total_seconds() / _MINUTE
    told = delays.with_columns(week=week_of("seen_at", zones), minutes=minutes.clip(0)).sort("minutes")
    return told.group_by("source", "week", maintain_order=True).agg(
        stamped=_n(pl.len()), delay_median=_within(0.5), delay_p90=_within(0.9)
    )


def _within(share: float) -> pl.Expr:
    """Give the smallest of the sorted minutes within which ``share`` of them lie."""
    at = (pl.len() * share).ceil().cast(pl.Int64) - 1
    return pl.col("minutes").get(at.clip(0))


def _refused(refused: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    told = refused.with_columns(week=week_of("seen_at", zones))
    return told.group_by("source", "week").agg(refused=_n(pl.len()))


def _received(received: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    told = received.with_columns(week=week_of("received_at", zones))
    flags = [_n(pl.col(name).sum()).alias(name) for name in (*MISSING, *WRONG)]
    return told.group_by("source", "week").agg(_n(pl.len()).alias("received"), *flags)


def _n(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.Int64)


def errors(runs: pl.DataFrame) -> pl.DataFrame:
    """Count the failed runs by what they say: source, error, n, first_at, last_at; the most first."""
    failed = runs.filter(pl.col("state") == "failed")
    told = failed.group_by("source", "error").agg(
        n=_n(pl.len()), first_at=pl.col("started_at").min(), last_at=pl.col("started_at").max()
    )
    return told.sort("n", "source", "error", descending=[True, False, False], nulls_last=True)


def reasons(refused: pl.DataFrame) -> pl.DataFrame:
    """Count refused rows by reason: source, reason, n, last_at; a row with two reasons is in both."""
    each = refused.explode("reasons", empty_as_null=False, keep_nulls=False).rename({"reasons": "reason"})
    told = each.group_by("source", "reason").agg(n=_n(pl.len()), last_at=pl.col("seen_at").max())
    return told.sort("n", "source", "reason", descending=[True, False, False])
