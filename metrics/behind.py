"""The dossiers behind the numbers of a period: those of form II.06, and those of any counted event.

Events are taken from the very functions that fill the cube, so that a list is as long as its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from metrics import amounts, flows
from metrics.events import COHORTS, Event
from metrics.letters import letters
from metrics.scope import Period
from metrics.stretches import numbered, spans_of

_Told = Callable[[pl.DataFrame], list[pl.DataFrame]]


def _letters(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return letters(rows, spans_of(rows))


#: Which part of the cube counts an event of one dossier.
_COUNTED_BY: Final[Mapping[Event, _Told]] = {
    **dict.fromkeys((Event.NOT_ACCEPTED, Event.WITHDRAWN, Event.REFUSED, Event.STOPPED, Event.GONE), flows.flows),
    **dict.fromkeys((Event.ACCEPTANCE_DUE, Event.ACCEPTANCE_LATE), flows.acceptance),
    **dict.fromkeys(
        (Event.SUPPLEMENTS, Event.SUPPLEMENTED, Event.SUPPLEMENTS_NOTICED, Event.SUPPLEMENTS_UNNOTICED),
        flows.supplements,
    ),
    **dict.fromkeys(
        (Event.LETTERS, Event.EXTENSIONS, Event.EXTENSIONS_REFUSED, Event.LETTERS_OWED, Event.LETTERS_IN_TIME),
        _letters,
    ),
    **dict.fromkeys((Event.FEES, Event.CHARGED, Event.CHARGED_UNKNOWN, Event.PAID_ONLINE), amounts.fees),
    **dict.fromkeys((Event.COMPONENTS_KNOWN, Event.RESULTS_KNOWN, Event.RESULTS_DIGITAL), amounts.papers),
}
EVENTS: Final = tuple(_COUNTED_BY)


def behind(
    facts: pl.DataFrame, event: Event, period: Period, as_of: date, *, less: Event | None = None
) -> pl.DataFrame:
    """Give the dossiers of an event in ``period`` up to ``as_of``: columns of ``facts`` and ``event_on``.

    One row each time it is counted: two letters of a dossier are two rows. Row count = that flow of metrics.evaluate
    (of fees, which are counted in đồng: the dossiers that cost something);
    with ``less`` (an event counted beside it, on the same day): less that flow.
    """
    rows = numbered(facts)
    told = pl.concat(_COUNTED_BY[event](rows))
    last = min(period.end, as_of - timedelta(days=event in COHORTS))
    mine = told.filter(pl.col("event") == event.value, pl.col("day").is_between(period.start, last))
    if less is not None:
        mine = mine.join(told.filter(pl.col("event") == less.value), on=["id", "day"], how="anti")
    found = rows.join(mine.select("id", event_on="day"), on="id", how="inner", maintain_order="left")
    return found.drop("id", "left_on", "has_due")


def of_form(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers that form II.06 of ``period`` is about, at the end of its last day or of ``as_of``.

    Columns: those of ``facts`` and ``usable`` (has a due date: in the columns, else in the notes alone), ``came``
    (received in the period, else carried over) and ``left`` (closed in it, else pending at its end).
    """
    end = min(period.end, as_of)
    rows = numbered(facts).filter(pl.col("received_on") <= end, pl.col("left_on").fill_null(end) >= period.start)
    told = rows.with_columns(
        usable="has_due", came=pl.col("received_on") >= period.start, left=(pl.col("left_on") <= end).fill_null(False)
    )
    return told.drop("id", "left_on", "has_due")


def unlettered(day: date) -> pl.Expr:
    """Tell the dossiers for which no letter of apology was sent up to ``day``."""
    first = pl.col("letters").list.eval(pl.element().struct.field("on")).list.min()
    return (first > day).fill_null(True)
