"""Daily counts: every event counted +1 or −1 on the day it takes effect, so that any stock is a running sum.

A pending dossier becomes overdue without any row changing: the passing of its due day is an event dated the day
after, in the future if need be. One cube part is a function of one facts part and the rulebook, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from metrics import amounts, flows, packing
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
#: What no count reads. Rows are cut a dozen times over, and a column less is a column not copied.
_UNREAD: Final = (
    "code", "other_code", "procedure_name", "department_told", "holding_unit", "applicant_kind", "step", "handler",
    "submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at", "changed_at", "suspensions",
    "extensions", "returned_by", "first_seen_at", "seen_at", "steps", "committed", "expected_on", "moves",
    "step_since_on",
)  # fmt: skip
#: Columns of a part of durations.
DURATIONS: Final = ("day", *DIMENSIONS, "map", "days", "n")


def cube(facts: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Count the events of one facts part (metrics.clocks.facts): columns COLUMNS, ``n`` not zero."""
    rows = numbered(facts.drop(_UNREAD, strict=False))
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
    rows = numbered(facts.drop(_UNREAD, strict=False))
    done = rows.filter(pl.col("taken_days").is_not_null(), pl.col("left_on").is_not_null())
    events = on_both_maps(counted(done, "left_on", Event.USED_DAYS), rows)
    days = events.join(rows.select("id", days="taken_days"), on="id", how="left")
    return _summed(days, rows, DURATIONS, pl.len())


def _summed(events: pl.DataFrame, rows: pl.DataFrame, columns: Sequence[str], n: pl.Expr) -> pl.DataFrame:
    """Count the events of each cell: what a dossier counts under becomes the number of its cell once, not per event."""
    return of_cells(*_placed(events, _words(rows)), columns, n)


def of_cells(rows: pl.DataFrame, cells: pl.DataFrame, columns: Sequence[str], n: pl.Expr) -> pl.DataFrame:
    """Count rows by day, ``cell`` (a row number of ``cells``, which holds DIMENSIONS in order) and the rest of
    ``columns``, sorted by them; what cancels out is left out."""
    order = ["day", "cell", *(name for name in columns if name not in ("day", *DIMENSIONS, "n"))]
    told = packing.summed(rows, order, n)
    return told.with_columns(cells.select(pl.col(d).cast(pl.String).gather(told["cell"]) for d in DIMENSIONS)).select(
        columns
    )


def _placed(events: pl.DataFrame, words: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add ``cell`` and ``has_due`` to the events, and give the cells: DIMENSIONS in order, the row number the cell."""
    then = pl.col("map") == "then"
    few = events.filter(then).join(words, on="id", how="left", maintain_order="left")
    few = few.with_columns(department=pl.col("then").cast(words.schema["department"]))
    cells = pl.concat([words.select(DIMENSIONS), few.select(DIMENSIONS)]).unique().sort(DIMENSIONS)
    numbers = cells.with_row_index("cell")
    of_row, of_few = (
        each.join(numbers, on=DIMENSIONS, how="left", nulls_equal=True, maintain_order="left") for each in (words, few)
    )
    many = events.filter(then.ne_missing(True)).with_columns(
        cell=pl.lit(of_row["cell"]).gather("id"), has_due=pl.lit(of_row["has_due"]).gather("id")
    )
    return pl.concat([many, of_few.select(many.columns)]), cells


def _words(rows: pl.DataFrame) -> pl.DataFrame:
    """Give id, has_due and the dimensions as small integers that sort like their words: text is slow to group."""
    words = {d: rows[d].cast(pl.String).unique().drop_nulls().sort() for d in DIMENSIONS}
    then = rows["places"].explode(empty_as_null=False, keep_nulls=False).struct.field("department").cast(pl.String)
    words["department"] = pl.concat([words["department"], then.drop_nulls()]).unique().sort()
    return rows.select("id", "has_due", *(pl.col(d).cast(pl.String).cast(pl.Enum(w)) for d, w in words.items()))
