"""polars by hand: from the facts of our snapshot, and from plain columns as the others do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.questions import COUNTS, DIMENSIONS, DURATIONS, TOOK, Question

_KEYS: Final = ["department", "field", "week"]
_CLOSED: Final = ["resolved", "returned", "withdrawn", "refused", "stopped"]
_ZERO_DAYS: Final = pl.lit(0, pl.Int32)


def open_(folder: Path, source: str) -> Path:
    """Nothing to open: every question reads the files."""
    return folder


def ask(folder: Path, question: Question, source: str) -> pl.DataFrame:
    """Answer from ``source``: plain or snapshot."""
    rows = _plain(folder) if source == "plain" else pl.scan_parquet(sorted((folder / "facts").glob("*.parquet")))
    if question is COUNTS:
        return _counts(rows).collect()
    if question is TOOK:
        left = pl.max_horizontal("closed_on", "received_on")
        return _percentiles(rows.filter(pl.col("taken_days").is_not_null()), left, pl.col("taken_days")).collect()
    return _durations(rows, folder).collect() if question is DURATIONS else _recompute(rows).collect()


def told(answer: pl.DataFrame) -> pl.DataFrame:
    """Give an answer as the comparison reads it."""
    return answer


def _plain(folder: Path) -> pl.LazyFrame:
    """Cut the days out of stamps and status."""
    turned_down = pl.col("status") == "not_accepted"
    first_known = pl.coalesce("rejected_at", "returned_at", "resolved_at", "submitted_at", "received_at")
    return pl.scan_parquet(sorted((folder / "plain").glob("*.parquet"))).select(
        *DIMENSIONS,
        "status",
        with_result=pl.col("status").is_in(["resolved", "returned"]),
        submitted_on=pl.col("submitted_at").dt.date(),
        rejected_on=pl.when(turned_down).then(first_known).dt.date(),
        received_on=pl.when(~turned_down).then("received_at").dt.date(),
        closed_on=pl.when(pl.col("status").is_in(_CLOSED)).then(pl.coalesce("resolved_at", "returned_at")).dt.date(),
        due_on=pl.col("due_at").dt.date(),
    )


def _left(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Give the closed dossiers with the day they left: never before they came."""
    closed = rows.filter(pl.col("received_on").is_not_null(), pl.col("closed_on").is_not_null())
    return closed.with_columns(left_on=pl.max_horizontal("closed_on", "received_on"))


def _counts(rows: pl.LazyFrame) -> pl.LazyFrame:
    due, closed = pl.col("due_on"), pl.col("closed_on")
    came = rows.filter(pl.col("received_on").is_not_null()).group_by(
        "department", "field", week=pl.col("received_on").dt.truncate("1w")
    )
    left = _left(rows).group_by("department", "field", week=pl.col("left_on").dt.truncate("1w"))
    outcomes = left.agg(
        early=(closed < due).sum(),
        on_time=(closed == due).sum(),
        overdue=(closed > due).sum(),
        undetermined=due.is_null().sum(),
    )
    both = came.agg(received=pl.len()).join(outcomes, on=_KEYS, how="full", coalesce=True, nulls_equal=True)
    return both.with_columns(pl.col(COUNTS.values).fill_null(0))


def _durations(rows: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """Count working days by looking two days up in the table of days: its rows follow each other without a gap."""
    table = pl.read_parquet(folder / "working_days.parquet")
    worked, first = pl.lit(table["worked"]), table["day"].cast(pl.Int32)[0]
    since, upto = (worked.gather(pl.col(day).cast(pl.Int32) - first) for day in ("received_on", "closed_on"))
    days = pl.when(pl.col("closed_on") > pl.col("received_on")).then(upto - since).otherwise(_ZERO_DAYS)
    return _percentiles(rows.filter("with_result"), pl.col("closed_on"), days)


def _percentiles(rows: pl.LazyFrame, day: pl.Expr, days: pl.Expr) -> pl.LazyFrame:
    taken = rows.select("department", "field", week=day.dt.truncate("1w"), days=days)
    p50, p90 = (pl.col("days").quantile(p, "equiprobable") for p in (0.5, 0.9))
    return taken.group_by(_KEYS).agg(n=pl.len(), p50=p50, p90=p90)


def _recompute(rows: pl.LazyFrame) -> pl.LazyFrame:
    due, closed = pl.col("due_on"), pl.col("closed_on")
    left = _left(rows)
    standing = (
        pl.when(due.is_null()).then(pl.lit("resolved_undetermined"))
        .when(closed < due).then(pl.lit("resolved_early"))
        .when(closed == due).then(pl.lit("resolved_on_time"))
        .otherwise(pl.lit("resolved_overdue"))
    )  # fmt: skip
    answered = pl.coalesce("received_on", "rejected_on", "closed_on")
    done = pl.when(answered.is_not_null()).then(pl.max_horizontal(answered, "submitted_on"))
    asked = rows.filter(pl.col("submitted_on").is_not_null())
    events = [
        _events(rows, pl.col("submitted_on"), pl.lit("submitted")),
        _events(rows, pl.col("rejected_on"), pl.lit("not_accepted")),
        _events(rows, pl.col("received_on"), pl.lit("received")),
        _events(left, pl.col("left_on"), standing),
        _events(left.filter(~pl.col("with_result")), pl.col("left_on"), pl.col("status")),
        _events(asked, pl.col("submitted_on"), pl.lit("awaiting_acceptance")),
        _events(asked, done, pl.lit("awaiting_acceptance"), -1),
    ]
    summed = pl.concat(events).group_by("day", *DIMENSIONS, "event").agg(pl.col("n").sum())
    return summed.filter(pl.col("n") != 0)


def _events(rows: pl.LazyFrame, day: pl.Expr, event: pl.Expr, n: int = 1) -> pl.LazyFrame:
    told = rows.select(*DIMENSIONS, day=day, event=event, n=pl.lit(n, pl.Int32))
    return told.filter(pl.col("day").is_not_null())
