"""What fell due, and the dossiers behind the flows of a period: one rule for the counts and for the lists."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from metrics.events import Event, counted
from metrics.scope import Period
from metrics.stretches import numbered, spans_of
from metrics.verdicts import BEFORE, EVER

_CLOSED_BY_THEN = pl.col("closed_on") <= pl.col("due_on")
_GONE = (pl.col("without_result") & _CLOSED_BY_THEN).fill_null(False)
#: Closed with a result on or before the due day; where the source promises a minute, not after that minute.
_MET = (
    pl.col("with_result")
    & _CLOSED_BY_THEN
    & ~((pl.col("closed_on") == pl.col("due_on")) & pl.col("past_the_minute"))
).fill_null(False)  # fmt: skip


def cohorts(rows: pl.DataFrame, spans: pl.DataFrame) -> list[pl.DataFrame]:
    """Count the due cohorts (events of metrics.events): by the promise in force on its day, and by the first one."""
    on_its_day = _on_its_day(spans)
    judged = _judged(on_its_day)
    halted = on_its_day.filter(pl.col("suspended"), ~_GONE)
    first = rows.filter(pl.col("received_on").is_not_null()).select(
        "id",
        "closed_on",
        "with_result",
        "without_result",
        past_the_minute="past_the_first_minute",
        due_on="first_due_on",
    )
    stood = spans.filter("suspended").join(first.select("id", first="due_on"), on="id")
    stood = stood.filter(pl.col("from_on") <= pl.col("first"), pl.col("first") < pl.col("to_on"))
    first = first.join(stood, on="id", how="anti").filter(~_GONE)
    return [
        counted(judged, "due_on", Event.DUE),
        counted(judged.filter(_MET), "due_on", Event.DUE_MET),
        counted(first, "due_on", Event.DUE_FIRST),
        counted(first.filter(_MET), "due_on", Event.DUE_FIRST_MET),
        counted(halted, "due_on", Event.SUSPENDED_OUT),
        counted(_extended(spans), "was_due_on", Event.EXTENDED_OUT),
    ]


def _on_its_day(spans: pl.DataFrame) -> pl.DataFrame:
    return spans.filter(pl.col("from_on") <= pl.col("due_on"), pl.col("due_on") < pl.col("to_on"))


def _judged(on_its_day: pl.DataFrame) -> pl.DataFrame:
    """Keep the first day that was a dossier's own due day, when it then was neither suspended nor closed without a
    result (domain: one rate, many denominators)."""
    running = on_its_day.filter(~pl.col("suspended"), ~_GONE)
    once = running.filter(_undisturbed())
    return pl.concat([once, running.filter(~_undisturbed()).sort("due_on").unique("id", keep="first")])


def _undisturbed() -> pl.Expr:
    """Tell the spans of dossiers with one promise and no halt."""
    return (pl.col("from_on") == BEFORE) & (pl.col("to_on") == EVER)


def _extended(spans: pl.DataFrame) -> pl.DataFrame:
    """Give dossiers whose clock ran on and whose promise was put off on or before its day: id, was_due_on."""
    line = (
        spans.filter(~_undisturbed())
        .sort("id", "from_on")
        .with_columns(
            was_due_on=pl.col("due_on").shift(1).over("id"),
            was_suspended=pl.col("suspended").shift(1).over("id"),
        )
    )
    put_off = ~pl.col("was_suspended") & ~pl.col("suspended") & (pl.col("due_on") > pl.col("was_due_on"))
    return line.filter(put_off, pl.col("from_on") <= pl.col("was_due_on")).unique(["id", "was_due_on"])


# ---------- lists ----------


def due(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers whose promise fell due in ``period`` and can be judged: due up to the day before ``as_of``.

    Columns: those of ``facts``, ``cohort_on`` and ``met`` (closed with a result by then). Row count = ``due`` of
    metrics.evaluate, with ``met`` = ``due_met``.
    """
    rows = numbered(facts)
    judged = (
        _judged(_on_its_day(spans_of(rows)))
        .filter(pl.col("due_on").is_between(period.start, min(period.end, as_of - timedelta(days=1))))
        .select("id", cohort_on="due_on", met=_MET)
    )
    return rows.join(judged, on="id", maintain_order="left").drop("id", "left_on", "has_due")


def received(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers received in ``period`` up to ``as_of``; row count = ``received`` of metrics.evaluate."""
    return facts.filter(pl.col("received_on").is_between(period.start, min(period.end, as_of)))


def resolved(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers closed in ``period`` up to ``as_of``, with a result or without; row count = ``resolved``."""
    left = pl.col("left_on").is_between(period.start, min(period.end, as_of))
    return numbered(facts).filter(pl.col("received_on").is_not_null(), left).drop("id", "left_on", "has_due")
