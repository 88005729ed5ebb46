"""Marks of what was seen: a finish earlier than a time at which the dossier stood open, and done ones that came back.

A reading of a source shows what changed since the one before; what was open then and did not come was open still. So a
closing that came with a reading was not there at the last good reading before it. Files tell only what is in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

import polars as pl

from config.insight import Integrity
from metrics.dossier import CLOSED, UNFINISHED, Status
from metrics.integrity import Flag, looked, marks, since
from metrics.integrity_promises import Found

KEY: Final = ("source", "code")
_DONE: Final = sorted(s.value for s in CLOSED - {Status.GONE})
_OPEN: Final = sorted(s.value for s in UNFINISHED)
#: A reading with fewer dossiers that were closed before their day says nothing of its own delay.
_FEW_TOGETHER: Final = 10
_MOST_TOGETHER: Final = 0.9


def turns(observed: pl.DataFrame) -> pl.DataFrame:
    """Give every status of every dossier in which more than one was seen: i (its row), status, at, before (the status
    before), oldest first. ``observed``: columns ``turns`` of store.observed, and those of its row number ``i``."""
    told = observed.select("i", "turns").drop_nulls("turns").explode("turns").unnest("turns")
    return told.with_columns(before=pl.col("status").shift().over("i"))


def back(observed: pl.DataFrame, told: pl.DataFrame, first: date, zones: Mapping[str, str]) -> Found:
    """Mark dossiers that were closed and stood open again later.

    ``observed``: WHO, i, status, closed_on, closed_at. ``told``: of ``turns``. ``day``: when it was seen open again;
    ``from_on``: when it had been closed; ``to_on``: when it was closed at last, null while it is open; ``days``: days
    between done and open; ``n``: how often; ``kind``: the status it came back in.
    """
    pair = pl.col("before").is_in(_DONE) & pl.col("status").is_in(_OPEN)
    line = told.with_columns(was_at=pl.col("at").shift().over("i")).filter(pair)
    line = line.rename({"status": "kind"}).join(observed.drop("turns", strict=False), on="i", maintain_order="left")
    line = line.with_columns(day=local_day("at", zones), from_on=local_day("was_at", zones), n=pl.len().over("i"))
    line = line.filter(since("day", first)).with_columns(
        to_on=pl.when(pl.col("closed_on") >= pl.col("day")).then("closed_on"),
        days=(pl.col("day") - pl.col("from_on")).dt.total_days(), at=local("at", zones),
    )  # fmt: skip
    ever = observed.filter(since("closed_on", first) | pl.col("i").is_in(line["i"].implode()))
    return {"marks": marks(line, Flag.BACK), "looked": looked(ever, Flag.BACK)}


def asked_of(observed: pl.DataFrame, told: pl.DataFrame, first: date, by: Integrity) -> pl.DataFrame:
    """Give those closed dossiers whose closing came later than their finish allows: only of them is the ledger read.

    The rows of ``observed`` (columns as in ``back``), those closed on ``first`` or later.
    """
    closing = told.filter(pl.col("status").is_in(_DONE), ~pl.col("before").is_in(_DONE).fill_null(False))
    last = closing.filter(pl.col("before").is_not_null()).group_by("i").agg(came_at=pl.col("at").max())
    line = observed.filter(since("closed_on", first)).join(last, on="i", how="inner")
    late = pl.col("came_at") > pl.col("closed_at") + timedelta(hours=by.seen_open_hours)
    return line.filter(late).drop("came_at")


def last_open(entries: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Give source, code, open_at (the last time at which its source showed it open before it showed it closed) and
    came_at (the reading that closed it); without those never seen open.

    ``entries``: seq, run_id, source, code, status, seen_at of the ledger. ``readings``: good ones that asked the source
    for all that had changed: id, source, started_at.
    """
    line = entries.sort("seq").with_columns(
        opened=pl.col("status").is_in(_OPEN).cum_sum().over(KEY), is_done=pl.col("status").is_in(_DONE)
    )
    stood = line.filter(pl.col("status").is_in(_OPEN)).group_by(KEY).agg(
        seen_open=pl.col("seen_at").max(), last_seq=pl.col("seq").max()
    )  # fmt: skip
    closed = line.join(stood, on=KEY).filter("is_done", pl.col("seq") > pl.col("last_seq"))
    first = closed.group_by(*KEY, "seen_open").agg(run_id=pl.col("run_id").min(), came_at=pl.col("seen_at").min())
    before = first.with_columns(earlier=pl.col("run_id") - 1).sort("earlier").join_asof(
        readings.select("source", earlier="id", read_at="started_at").sort("earlier"),
        on="earlier", by="source", strategy="backward", check_sortedness=False,
    )  # fmt: skip
    read = pl.when(pl.col("read_at") > pl.col("seen_open")).then("read_at")
    return before.select(*KEY, open_at=pl.coalesce(read, "seen_open"), came_at="came_at")


def seen_open(observed: pl.DataFrame, stood: pl.DataFrame, first: date, zones: Mapping[str, str],
              by: Integrity) -> Found:  # fmt: skip
    """Mark a finish that lies before a time at which its source showed the dossier open.

    ``observed``: as in ``back``, and due_on; ``stood``: of ``last_open``. How late a source's closings come by
    themselves is learned from those closed before their due day, whom a later finish would not have helped: all but
    usual_delay of them came sooner, and nine in ten of those that the same reading brought (an outage that ends).
    ``day``: of the finish; ``from_on``: the due day; ``days``: whole days it stood open after its finish; ``at``: when
    it was seen open last; ``kind``: "in_time" where it was seen open past the due day that its finish keeps, else "".
    """
    closed = observed.filter(since("closed_on", first))
    line = closed.join(stood, on=KEY, how="left", maintain_order="left").with_columns(
        over=(pl.col("open_at") - _end("closed_at", zones)).dt.total_seconds().clip(0).fill_null(0)
    )
    others = line.filter(pl.col("closed_on") < pl.col("due_on"))
    usual = others.group_by("source").agg(usual=_within(by.usual_delay))
    burst = others.filter(pl.col("came_at").is_not_null()).group_by("source", "came_at").agg(
        together=_within(_MOST_TOGETHER), n_together=pl.len()
    ).filter(pl.col("n_together") >= _FEW_TOGETHER)  # fmt: skip
    line = line.join(usual, on="source", how="left").join(burst, on=["source", "came_at"], how="left")
    most = pl.max_horizontal(pl.lit(by.seen_open_hours * 3600), "usual", "together")
    found = line.filter(pl.col("over") > most).with_columns(open_on=local_day("open_at", zones))
    helps = (pl.col("closed_on") <= pl.col("due_on")) & (pl.col("open_on") > pl.col("due_on"))
    found = found.with_columns(
        day="closed_on", from_on="due_on", days=pl.col("over") // 86_400, at=local("open_at", zones),
        kind=pl.when(helps.fill_null(False)).then(pl.lit("in_time")).otherwise(pl.lit("")),
    )  # fmt: skip
    return {"marks": marks(found, Flag.SEEN_OPEN), "looked": looked(closed, Flag.SEEN_OPEN)}


def _end(column: str, zones: Mapping[str, str]) -> pl.Expr:
    """Give the end of the day where a source writes a day only: midnight stands for no time."""
    day_only = local(column, zones).dt.time() == time(0)
    return pl.when(day_only).then(pl.col(column).dt.offset_by("1d")).otherwise(column)


def _within(share: float) -> pl.Expr:
    """Give the seconds within which ``share`` of a group came."""
    return pl.col("over").quantile(share, "higher")


def local(column: str, zones: Mapping[str, str]) -> pl.Expr:
    """Give an instant as the time of its source's place."""
    found = pl.lit(None, pl.Datetime("us"))
    for source, zone in zones.items():
        here = pl.col(column).dt.convert_time_zone(zone).dt.replace_time_zone(None)
        found = pl.when(pl.col("source") == source).then(here).otherwise(found)
    return found


def local_day(column: str, zones: Mapping[str, str]) -> pl.Expr:
    """Give the day of an instant at its source's place."""
    return local(column, zones).dt.date()
