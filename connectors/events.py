"""Fold an event log into dossiers: one row per event, the last state wins, case columns repeat."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.mapping import Events, Mapping
from connectors.base import EVENT_TIME, ROW, Words
from connectors.check import Cases
from connectors.texts import fold
from metrics.dossier import INSTANT
from store.steps import STEPS

_STARTS: Final = ("submitted", "received")
_RESULTS: Final = ("resolved", "returned")
_WITHOUT: Final = ("withdrawn", "refused", "stopped", "not_accepted")
_WAITS: Final = ("suspended", "resumed")
_STANDS: Final = "stands:mark"  # false for an event that a later reopening took back


def fold_events(frame: pl.DataFrame, mapping: Mapping) -> Cases:
    """Give one row per case; rows with ``reasons`` are set aside. ``mapping.events`` must be there.

    Order is by event time, then by row. Case columns keep their last filled cell, except the finish dates
    (``last_row_only``), which are those of the last event: a reopened dossier is open. An ending before an activity
    of ``reopened`` never counts.
    """
    log = mapping.events
    if log is None:
        raise ValueError("no event log")
    sound = _with_standing(frame.filter(pl.col("reasons").list.len() == 0).sort(EVENT_TIME, ROW), log)
    kept = [c for c in sound.columns if c not in (ROW, "code", "reasons", "found", EVENT_TIME) and ":" not in c]
    last = [_last(c, log) for c in kept if c != "changed_at"]
    own = [pl.col(ROW, "found", "reasons").last(), _changed()]
    marks = [_mark(sound, kind, log) for kind in (*_STARTS, *_RESULTS, *_WITHOUT)]
    cases = sound.group_by("code", maintain_order=True).agg(*last, *own, *marks)
    folded = _apply(cases, log).select(*[c for c in frame.columns if c in cases.columns])
    if log.suspended:
        folded = folded.join(_waits(sound, log), on="code", how="left", maintain_order="left")
    return Cases(folded, frame.filter(pl.col("reasons").list.len() > 0), sound.height - folded.height)


def steps_of(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame | None:
    """Give the activities of a log as steps that were done (STEPS of store.steps): it tells when each ended, not when
    it began. None where the log names no activity."""
    if mapping.events is None or mapping.events.activity is None:
        return None
    sound = frame.filter(pl.col("reasons").list.len() == 0, pl.col("step").is_not_null()).sort(EVENT_TIME, ROW)
    none = {name: pl.lit(None, kind) for name, kind in STEPS.items() if name not in ("code", "step", "handler")}
    told = sound.select(pl.col("code", "step", "handler").cast(pl.String), **none | {"ended_at": pl.col(EVENT_TIME)})
    return told.match_to_schema(STEPS)


def moved_promises(frame: pl.DataFrame) -> int:
    """Count cases whose events give different due dates: only the last of them is kept."""
    sound = frame.filter(pl.col("reasons").list.len() == 0)
    promises = sound.group_by("code").agg(pl.col("due_at").drop_nulls().n_unique().alias("promises"))
    return int((promises["promises"] > 1).sum())


def activities(steps: pl.Series, log: Events) -> dict[str, Words]:
    """Tell what each activity of the log means to the mapping; a named one that never occurs has 0 rows."""
    kinds = {fold(w): (w, k) for k in (*_STARTS, *_RESULTS, *_WITHOUT, "reopened", *_WAITS) for w in getattr(log, k)}
    counts = steps.drop_nulls().value_counts(sort=True)
    found = tuple((str(w), kinds.get(fold(str(w)), ("", "a step"))[1], int(n)) for w, n in counts.iter_rows())
    seen = {fold(w) for w, _, _ in found} | {"first", "last"}
    absent = tuple((w, kind, 0) for key, (w, kind) in kinds.items() if key not in seen)
    return {"activity": (*absent, *found)} if found else {}


def _changed() -> pl.Expr:
    return pl.coalesce(pl.col("changed_at").last(), pl.col(EVENT_TIME).last()).alias("changed_at")


def _last(column: str, log: Events) -> pl.Expr:
    return pl.col(column).last() if column in log.last_row_only else pl.col(column).drop_nulls().last()


def _with_standing(events: pl.DataFrame, log: Events) -> pl.DataFrame:
    """Tell of each event, in the order given, whether no later event of its case reopens the case."""
    reopens = _is_activity({fold(w) for w in log.reopened}) if log.reopened else pl.lit(False)
    later = reopens.fill_null(False).cast(pl.UInt32).cum_sum(reverse=True).over("code")
    return events.with_columns((later == 0).alias(_STANDS))


def _is_activity(names: set[str]) -> pl.Expr:
    return pl.col("step").str.to_lowercase().is_in(sorted(names))


def _waits(events: pl.DataFrame, log: Events) -> pl.DataFrame:
    """Give ``suspensions`` per case: from the first request to the next answer; asked again meanwhile is one wait."""
    asks, answers = (_is_activity({fold(w) for w in getattr(log, kind)}) for kind in _WAITS)
    told = events.filter(asks | answers).select("code", EVENT_TIME, asks=asks, before=asks.shift().over("code"))
    turns = told.filter(pl.col("asks") != pl.col("before").fill_null(False))  # an answer that nobody asked for is none
    until = pl.col(EVENT_TIME).shift(-1).over("code").dt.epoch("us").alias("to_at")
    none = pl.lit(None, pl.Int64)
    wait = pl.struct(
        pl.lit("supplement").alias("kind"), pl.col(EVENT_TIME).dt.epoch("us").alias("from_at"), until,
        none.alias("due_before"), none.alias("due_after"), pl.lit(None, pl.Boolean).alias("notice"),
    )  # fmt: skip
    begun = turns.select("code", "asks", wait=wait.struct.json_encode()).filter("asks")
    return begun.group_by("code", maintain_order=True).agg(suspensions=pl.format("[{}]", pl.col("wait").str.join(",")))


def _mark(frame: pl.DataFrame, kind: str, log: Events) -> pl.Expr:
    """Give the instant of the activities that mean ``kind``: the first one for a start, the last one for an end."""
    wanted: tuple[str, ...] = getattr(log, kind)
    name = f"{kind}:mark"
    if not wanted:
        return pl.lit(None, INSTANT).first().alias(name)
    names = {fold(w) for w in wanted}
    whole = pl.lit(bool(names & {"first", "last"}) and log.activity is None) | pl.lit(names <= {"first", "last"})
    stands = pl.lit(True) if kind in _STARTS else pl.col(_STANDS)
    hit = pl.col(EVENT_TIME).filter(stands & (whole | _is_activity(names)))
    return (hit.min() if kind in _STARTS and names != {"last"} else hit.max()).alias(name)


def _apply(cases: pl.DataFrame, log: Events) -> pl.DataFrame:
    """Fill dates that the file does not give, and the status of the last ending where the file has no status."""
    ends = [k for k in (*_RESULTS, *_WITHOUT) if getattr(log, k)]
    latest = pl.max_horizontal([f"{k}:mark" for k in ends]) if ends else pl.lit(None, INSTANT)
    ended = pl.lit(None, pl.String)
    for kind in ends:
        ended = pl.when(pl.col(f"{kind}:mark") == latest).then(pl.lit(kind)).otherwise(ended)
    without = pl.max_horizontal([f"{k}:mark" for k in ("withdrawn", "refused", "stopped")])
    closed = pl.when(without == latest).then(without).otherwise(pl.coalesce("resolved:mark", without))
    return cases.with_columns(
        status=pl.coalesce("status", ended),
        submitted_at=pl.coalesce("submitted_at", "submitted:mark"),
        received_at=pl.coalesce("received_at", "received:mark"),
        resolved_at=pl.coalesce("resolved_at", closed),
        returned_at=pl.coalesce("returned_at", "returned:mark"),
        rejected_at=pl.coalesce("rejected_at", "not_accepted:mark"),
    )
