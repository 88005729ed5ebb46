"""Our own engine on snapshot parts: daily counts, the whole rebuild from observed parts; and the mere reading."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.questions import COUNTS, DIMENSIONS, DURATIONS, EVENTS, QUARTER, TOOK, Question

_KEYS: Final = ("department", "field", "week")
_NEEDED: Final = {
    COUNTS.name: ("department", "field", "received_on", "closed_on", "due_on"),
    DURATIONS.name: ("department", "field", "received_on", "closed_on", "with_result"),
    TOOK.name: ("department", "field", "received_on", "closed_on", "taken_days"),
}
_FIVE: Final = {
    "received": "received",
    "resolved_early": "early",
    "resolved_on_time": "on_time",
    "resolved_overdue": "overdue",
    "resolved_undetermined": "undetermined",
}
#: Rows of the map "as it was" count a dossier a second time.
_TODAY: Final = pl.col("map").is_null() | (pl.col("map").cast(pl.String) == "today")


def open_(folder: Path, source: str) -> Path:
    """Load rules and calendar beforehand; the parts are read at every question."""
    if source != "read":
        from benchmarks.ours import calendar

        calendar().between(calendar().days.confirmed_to, calendar().days.confirmed_to)
    return folder


def ask(folder: Path, question: Question, source: str) -> pl.DataFrame:
    """Answer from ``source``: read, facts, cube, figures, durations, or observed (derive everything again)."""
    last = 3 if question is QUARTER else None
    if source == "read":
        return _read(folder, question, last)
    if source == "facts":
        return _counts_of_facts(folder) if question is COUNTS else _days_of_facts(folder, question)
    if source == "figures":
        return _figures(folder)
    if source == "durations":
        return _took(folder)
    if source == "cube":
        return _counts(folder) if question is COUNTS else pl.read_parquet(_parts(folder, "cube", last))
    return _recompute(folder, last)


def told(answer: pl.DataFrame) -> pl.DataFrame:
    """Give an answer as the comparison reads it: of the cube, the events that peers can work out too."""
    if "event" not in answer.columns:
        return answer
    return answer.filter(_TODAY).with_columns(pl.col("event").cast(pl.String)).filter(pl.col("event").is_in(EVENTS))


def _parts(folder: Path, piece: str, last: int | None = None) -> list[Path]:
    files = sorted((folder / piece).glob("*.parquet"))
    return files[-last:] if last else files


def _read(folder: Path, question: Question, last: int | None) -> pl.DataFrame:
    """Read the columns that the question needs, and do nothing with them."""
    if question.name in _NEEDED:
        return pl.scan_parquet(_parts(folder, "facts")).select(_NEEDED[question.name]).collect()
    for file in _parts(folder, "observed", last):
        part = pl.read_parquet(file)
    return part


def _week(day: pl.Expr) -> pl.Expr:
    """Number the week of a day: a whole number is quicker to group by than a day cut to its Monday. 1970 began on a
    Thursday."""
    return (day.cast(pl.Int32) + 3) // 7


_MONDAY: Final = (pl.col("week") * 7 - 3).cast(pl.Date).alias("week")


def _counts_of_facts(folder: Path) -> pl.DataFrame:
    """Count dossiers by the week they came in, and by the week they left and how."""
    due, closed, came = pl.col("due_on"), pl.col("closed_on"), pl.col("received_on")
    taken = pl.scan_parquet(_parts(folder, "facts")).filter(came.is_not_null())
    into = taken.group_by("department", "field", week=_week(came)).agg(received=pl.len().cast(pl.Int64))
    left = taken.filter(closed.is_not_null()).group_by(
        "department", "field", week=_week(pl.max_horizontal(closed, came))
    )
    how = {"early": closed < due, "on_time": closed == due, "overdue": closed > due, "undetermined": due.is_null()}
    out = left.agg(sums.sum().cast(pl.Int64).alias(name) for name, sums in how.items())
    both = into.join(out, on=_KEYS, how="full", coalesce=True, nulls_equal=True)
    return both.with_columns(_MONDAY, pl.col(COUNTS.values).fill_null(0)).collect()


def _days_of_facts(folder: Path, question: Question) -> pl.DataFrame:
    """Give the quantiles of the working days that results took; of TOOK those that are published."""
    from benchmarks.ours import calendar

    came, closed = pl.col("received_on"), pl.col("closed_on")
    rows = pl.scan_parquet(_parts(folder, "facts"))
    if question is TOOK:
        done = rows.filter(pl.col("taken_days").is_not_null())
        told = done.select("department", "field", week=_week(pl.max_horizontal(closed, came)), days="taken_days")
    else:
        worked = calendar().working_days_between(came, closed)
        days = pl.when(closed > came).then(worked).otherwise(0)
        told = rows.filter("with_result").select("department", "field", week=_week(closed), days=days)
    p50, p90 = (pl.col("days").quantile(p, "equiprobable") for p in (0.5, 0.9))
    return told.group_by(_KEYS).agg(n=pl.len(), p50=p50, p90=p90).with_columns(_MONDAY).collect()


def _counts(folder: Path) -> pl.DataFrame:
    event = pl.col("event").cast(pl.String)
    rows = pl.scan_parquet(_parts(folder, "cube")).filter(event.is_in(list(_FIVE)), _TODAY)
    sums = [pl.col("n").filter(event == e).sum().alias(name) for e, name in _FIVE.items()]
    return rows.group_by("department", "field", week=pl.col("day").dt.truncate("1w")).agg(sums).collect()


def _categories(folder: Path, piece: str) -> pl.DataFrame:
    """Read daily counts the way store.snapshot does for a page."""
    rows = pl.scan_parquet(_parts(folder, piece))
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in DIMENSIONS).collect()


def _figures(folder: Path) -> pl.DataFrame:
    """Ask for every count of the catalogue, the way a page asks, of a cube that is read anew each time."""
    from benchmarks.ours import figures

    return figures(_categories(folder, "cube"), by=_KEYS).rename(_FIVE).select(*_KEYS, *COUNTS.values)


def _took(folder: Path) -> pl.DataFrame:
    from benchmarks.ours import quantiles

    asked = quantiles(_categories(folder, "durations"), by=_KEYS)
    return asked.rename({"took_n": "n", "took_median": "p50", "took_p90": "p90"})


def _recompute(folder: Path, last: int | None) -> pl.DataFrame:
    """Derive facts and all daily counts again, part by part; keep the counts."""
    from benchmarks.ours import derive

    return pl.concat([derive(pl.read_parquet(file))["cube"] for file in _parts(folder, "observed", last)])
