"""Daily counts: every event counted +1 or −1 on the day it takes effect, so that any stock is a running sum.

A pending dossier becomes overdue without any row changing: the passing of its due day is an event dated the day
after, in the future if need be. One cube part is a function of one facts part and the rulebook, nothing else.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics import amounts, flows
from metrics.cohorts import cohorts
from metrics.events import Event, counted
from metrics.letters import letters
from metrics.maps import on_both_maps
from metrics.rulebook import Rulebook
from metrics.stretches import numbered, spans_of

DIMENSIONS: Final = ("source", "department", "field", "procedure", "level", "channel", "receiving_unit")
#: Columns of a cube part. ``has_due`` False: no usable due date was ever seen (undetermined, never "on time").
#: ``map``: metrics.maps.MAP. ``n`` (Int64: fees are counted in đồng) is never zero.
COLUMNS: Final = ("day", *DIMENSIONS, "map", "has_due", "event", "n")
#: Columns of a part of durations.
DURATIONS: Final = ("day", *DIMENSIONS, "map", "days", "n")


def cube(facts: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Count the events of one facts part (metrics.clocks.facts): columns COLUMNS, ``n`` not zero."""
    rows = numbered(facts)
    spans = spans_of(rows)
    # A unit's closures age its own overdue dossiers: cut by units that share their days.
    late = [flows.overdue(spans_of(own), work.calendar) for work, own in book.time.groups(rows, "department_own")]
    events = pl.concat(
        [
            *flows.flows(rows),
            *flows.acceptance(rows),
            *flows.supplements(rows),
            *flows.limits(rows),
            *amounts.fees(rows),
            *amounts.papers(rows),
            *cohorts(rows, spans),
            *letters(rows, spans),
            flows.halted(spans),
            *late,
        ]
    )
    return _summed(on_both_maps(events, rows), rows, COLUMNS, pl.col("n").sum())


def durations(facts: pl.DataFrame) -> pl.DataFrame:
    """Count results by the working days they took: columns DURATIONS, ``day`` that of the result.

    The days are those from receipt to result less those suspended; dossiers closed without a result are not in it.
    """
    rows = numbered(facts)
    done = rows.filter(pl.col("taken_days").is_not_null(), pl.col("left_on").is_not_null())
    events = on_both_maps(counted(done, "left_on", Event.USED_DAYS), rows)
    days = events.join(rows.select("id", days="taken_days"), on="id", how="left")
    return _summed(days, rows, DURATIONS, pl.len())


def _summed(events: pl.DataFrame, rows: pl.DataFrame, columns: tuple[str, ...], n: pl.Expr) -> pl.DataFrame:
    """Count the events of each cell; those that cancel out are left out."""
    told = events.join(_words(rows), on="id", how="left")
    then = pl.col("then").cast(told.schema["department"])
    placed = told.with_columns(department=pl.when(pl.col("map") == "then").then(then).otherwise("department"))
    summed = placed.group_by(columns[:-1]).agg(n.cast(pl.Int64).alias("n")).filter(pl.col("n") != 0)
    return summed.sort(columns[:-1]).select(columns).with_columns(pl.col(d).cast(pl.String) for d in DIMENSIONS)


def _words(rows: pl.DataFrame) -> pl.DataFrame:
    """Give id, has_due and the dimensions as small integers that sort like their words: text is slow to group."""
    words = {d: rows[d].cast(pl.String).unique().drop_nulls().sort() for d in DIMENSIONS}
    then = rows["places"].explode(empty_as_null=False, keep_nulls=False).struct.field("department").cast(pl.String)
    words["department"] = pl.concat([words["department"], then.drop_nulls()]).unique().sort()
    return rows.select("id", "has_due", *(pl.col(d).cast(pl.String).cast(pl.Enum(w)) for d, w in words.items()))
