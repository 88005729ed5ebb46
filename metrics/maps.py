"""Two maps of units: as it is today, and as it was. A dossier that changed hands counts on each in its own way."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.events import CLOSINGS, EVENT, STOCKS, Event
from metrics.verdicts import BEFORE

#: On which map of units a row counts: null on both. ``today``: a unit's past is its successor's, a dossier's past its
#: present holder's; ``then``: as it was, day by day.
MAP: Final = pl.Enum(["today", "then"])


def on_both_maps(events: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``map`` and ``then`` (the department as it was, for rows of that map)."""
    moved = rows.filter(pl.col("places").is_not_null()).select("id", "places")
    plain = events.join(moved, on="id", how="anti", maintain_order="left")
    few = events.join(moved.select("id"), on="id", how="semi", maintain_order="left")
    none = pl.lit(None, pl.String)
    both = [
        plain.with_columns(map=pl.lit(None, MAP), then=none),
        few.with_columns(map=pl.lit("today", MAP), then=none),
        _as_it_was(few, moved),
    ]
    return pl.concat(both)


def _as_it_was(events: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Count each event with whom the dossier was on its day, and hand every stock over on the day of a handover."""
    line = moved.explode("places", empty_as_null=False, keep_nulls=False).unnest("places")
    line = line.rename({"department": "then"}).sort("id", "from_on")
    placed = events.sort("day").join_asof(
        line.sort("from_on"), left_on="day", right_on="from_on", by="id", strategy="backward", check_sortedness=False
    )
    handed = line.with_columns(out_of=pl.col("then").shift().over("id")).filter(pl.col("from_on") > BEFORE)
    held = handed.join(_held(events), on="id").filter(pl.col("day") < pl.col("from_on"))
    level = held.group_by("id", "from_on", "then", "out_of", "event", maintain_order=True).agg(pl.col("n").sum())
    level = level.filter(pl.col("n") != 0)
    into = level.select("id", "event", "then", "n", day="from_on", out=pl.lit(False))
    out = level.select("id", "event", then="out_of", n=-pl.col("n"), day="from_on", out=pl.lit(True))
    both = _as_transfers(pl.concat([into, out.select(into.columns)]))
    columns = ["id", "day", "event", "n", "map", "then"]
    return pl.concat([placed, both], how="diagonal_relaxed").with_columns(map=pl.lit("then", MAP)).select(columns)


_PENDING: Final = Event.RECEIVED  # stands for "pending" while stocks are handed over


def _held(events: pl.DataFrame) -> pl.DataFrame:
    """Give what adds up to stocks: the stocks themselves, and receipts less closings (under the name of receipts)."""
    stocks = events.filter(pl.col("event").is_in([e.value for e in STOCKS]))
    came = events.filter(pl.col("event") == Event.RECEIVED)
    left = events.filter(pl.col("event").is_in([e.value for e in CLOSINGS]))
    left = left.with_columns(event=pl.lit(_PENDING.value, EVENT), n=-pl.col("n"))
    return pl.concat([stocks, came, left]).select("id", "day", "event", "n")


def _as_transfers(told: pl.DataFrame) -> pl.DataFrame:
    pending = pl.col("event") == _PENDING
    into, out = pl.lit(Event.TRANSFERRED_IN.value, EVENT), pl.lit(Event.TRANSFERRED_OUT.value, EVENT)
    name = pl.when(pending & pl.col("out")).then(out).when(pending).then(into).otherwise("event")
    return told.with_columns(event=name, n=pl.when(pending).then(pl.col("n").abs()).otherwise("n"))
