"""Our own engine on snapshot parts, as the product answers: from weekly and daily counts, from facts; the whole rebuild
from observed parts; and the mere reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks.questions import COUNTS, DIMENSIONS, DURATIONS, EVENTS, QUARTER, TOOK, Question

if TYPE_CHECKING:
    from metrics.scope import Period
    from metrics.weekly import Counts

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
_TOOK: Final = {"took_n": "n", "took_median": "p50", "took_p90": "p90"}
#: Rows of the map "as it was" count a dossier a second time.
_TODAY: Final = pl.col("map").is_null() | (pl.col("map").cast(pl.String) == "today")


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the parts lie, and the period that is asked about, in whole weeks: who asks knows it."""

    folder: Path
    period: Period | None


def open_(folder: Path, source: str) -> Opened:
    """Load rules and calendar beforehand; the parts are read at every question."""
    if source == "read":
        return Opened(folder, None)
    from benchmarks.ours import calendar
    from metrics.scope import Period

    calendar().between(calendar().days.confirmed_to, calendar().days.confirmed_to)
    week = pl.scan_parquet(_parts(folder, "weeks")).select(first=pl.col("week").min(), last=pl.col("week").max())
    first, last = week.collect().row(0)
    return Opened(folder, Period(first, last + timedelta(days=6)))


def ask(opened: Opened, question: Question, source: str) -> pl.DataFrame:
    """Answer from ``source``: read, weeks, days, figures (the whole catalogue from weeks), facts, cube (mere reading),
    or observed (derive everything again)."""
    folder, last = opened.folder, 3 if question is QUARTER else None
    if source == "read":
        return _read(folder, question, last)
    if source == "cube":
        return pl.read_parquet(_parts(folder, "cube", last))
    if source == "observed":
        return _recompute(folder, last)
    if source == "facts":
        return _durations(folder)
    return _took(opened, source) if question is TOOK else _counts(opened, source)


def told(answer: pl.DataFrame) -> pl.DataFrame:
    """Give an answer as the comparison reads it: of the cube, the events that peers can work out too."""
    if "event" not in answer.columns:
        return answer
    return answer.filter(_TODAY).with_columns(pl.col("event").cast(pl.String)).filter(pl.col("event").is_in(EVENTS))


def _parts(folder: Path, piece: str, last: int | None = None) -> list[Path]:
    files = sorted((folder / piece).glob("*.parquet"))
    return files[-last:] if last else files


def _read(folder: Path, question: Question, last: int | None) -> pl.DataFrame:
    """Read the columns of dossiers that the question needs, and do nothing with them."""
    if question.name in _NEEDED:
        return pl.scan_parquet(_parts(folder, "facts")).select(_NEEDED[question.name]).collect()
    for file in _parts(folder, "observed", last):
        part = pl.read_parquet(file)
    return part


def _pieces(folder: Path, days: str, weeks: str) -> Counts:
    """Open daily and weekly counts as store.snapshot does."""
    from metrics.weekly import Counts

    opened = []
    for piece in (days, weeks):
        rows = pl.scan_parquet(_parts(folder, piece))
        words = [name for name in DIMENSIONS if name in rows.collect_schema()]
        opened.append(rows.with_columns(pl.col(words).cast(pl.Categorical)))
    return Counts(*opened)


def _counts(opened: Opened, source: str) -> pl.DataFrame:
    """Ask for five counts; from ``figures`` for every count of the catalogue, the way a page does."""
    from benchmarks.ours import asked
    from metrics.evaluate import figures
    from metrics.events import Event
    from metrics.happened import happened

    counts, question = _pieces(opened.folder, "cube", "weeks"), asked(opened.period, _KEYS)
    if source == "figures":
        rows = counts.of(question)
        found = figures(rows, period=question.period, as_of=question.as_of, scope=question.scope, by=_KEYS)
    else:
        rows = counts.days if source == "days" else counts.of(question)
        found = happened(rows, question, [Event(name) for name in _FIVE])
    return found.rename(_FIVE).select(*_KEYS, *COUNTS.values)


def _took(opened: Opened, source: str) -> pl.DataFrame:
    """Ask for median and p90 of the days that results took, as they are published."""
    from benchmarks.ours import asked
    from metrics.took import took

    lengths, question = _pieces(opened.folder, "durations", "weeks_taken"), asked(opened.period, _KEYS)
    rows = lengths.days if source == "days" else lengths.of(question)
    found = took(rows, period=question.period, as_of=question.as_of, scope=question.scope, by=_KEYS)
    return found.rename(_TOOK)


def _durations(folder: Path) -> pl.DataFrame:
    """Work the days out for each dossier, halts or not: nobody keeps them, neither do we."""
    from benchmarks.ours import calendar
    from metrics.quantiles import quantiles

    came, closed = pl.col("received_on"), pl.col("closed_on")
    worked = calendar().working_days_between(came, closed)
    days = pl.when(closed > came).then(worked).otherwise(0)
    done = pl.scan_parquet(_parts(folder, "facts")).filter("with_result")
    words = (pl.col(name).cast(pl.Categorical) for name in ("department", "field"))
    # A whole number is quicker to group by than a day cut to its Monday. 1970 began on a Thursday.
    week = (closed.cast(pl.Int32) + 3) // 7
    rows = done.select(*words, week=week, days=days, n=pl.lit(1, pl.Int8)).collect()
    monday = (pl.col("week") * 7 - 3).cast(pl.Date)
    return quantiles(rows, _KEYS).with_columns(week=monday).rename(_TOOK)


def _recompute(folder: Path, last: int | None) -> pl.DataFrame:
    """Derive facts and all counts again, part by part; keep the daily ones."""
    from benchmarks.ours import derive

    return pl.concat([derive(pl.read_parquet(file))["cube"] for file in _parts(folder, "observed", last)])
