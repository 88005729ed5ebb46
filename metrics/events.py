"""What the cube counts: the events of a dossier's life, each on the day it takes effect."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl


class Event(StrEnum):
    """What is counted. Flows are summed over a period; stocks (entered +1, left −1) up to a day."""

    SUBMITTED = "submitted"
    NOT_ACCEPTED = "not_accepted"
    RECEIVED = "received"
    EARLY = "resolved_early"
    ON_TIME = "resolved_on_time"
    LATE = "resolved_overdue"
    UNDETERMINED = "resolved_undetermined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    STOPPED = "stopped"
    GONE = "gone"
    DUE = "due"
    DUE_MET = "due_met"
    DUE_FIRST = "due_first"
    DUE_FIRST_MET = "due_first_met"
    EXTENDED_OUT = "extended_out"
    SUSPENDED_OUT = "suspended_out"
    # the acceptance clock, on the day its limit passes
    ACCEPTANCE_DUE = "acceptance_due"
    ACCEPTANCE_LATE = "acceptance_late"
    # supplements, on the day of the request
    SUPPLEMENTS = "supplements"
    SUPPLEMENTED = "supplemented"  # the first of a dossier
    SUPPLEMENTS_NOTICED = "supplements_noticed"
    SUPPLEMENTS_UNNOTICED = "supplements_unnoticed"
    # letters of apology and extensions, on the day of the letter; owed on the day it was needed
    LETTERS = "letters_issued"
    EXTENSIONS = "extensions"
    EXTENSIONS_REFUSED = "extensions_not_counted"
    LETTERS_OWED = "letters_owed"
    LETTERS_IN_TIME = "letters_in_time"
    # limits in working days, on the day of receipt; what was used of them, on the day of the result
    STATUTORY_DAYS = "statutory_days"
    COMMITTED_DAYS = "committed_days"
    USED_DAYS = "used_days"
    USABLE_DAYS = "usable_days"
    # the source's first promise beside our reckoning, on the day of receipt
    PROMISED_LATER = "promised_later"
    PROMISED_EARLIER = "promised_earlier"
    PROMISED_ALIKE = "promised_alike"
    # fees in đồng and papers, on the day of receipt; results in electronic form, on the day of the result
    FEES = "fees"
    CHARGED = "charged"
    CHARGED_UNKNOWN = "charged_unknown"  # the source does not say how it was paid
    PAID_ONLINE = "paid_online"
    COMPONENTS_KNOWN = "components_known"  # dossiers; those below are papers
    COMPONENTS = "components"
    COMPONENTS_DIGITISED = "components_digitised"
    COMPONENTS_REUSED = "components_reused"
    COMPONENTS_REUSE_UNKNOWN = "components_reuse_unknown"
    RESULTS_KNOWN = "results_known"
    RESULTS_DIGITAL = "results_digital"
    # between units, on the map "as it was" only
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    # stocks
    AWAITING = "awaiting_acceptance"
    ACCEPTANCE_OVERDUE = "acceptance_overdue"
    SUSPENDED = "pending_suspended"
    SUSPENDED_LATE = "suspended_overdue"
    UNLETTERED = "overdue_without_letter"
    OVERDUE_1_3 = "overdue_1_3"
    OVERDUE_4_10 = "overdue_4_10"
    OVERDUE_11_30 = "overdue_11_30"
    OVERDUE_OVER_30 = "overdue_over_30"


STOCKS: Final = frozenset(
    {
        Event.AWAITING, Event.ACCEPTANCE_OVERDUE, Event.SUSPENDED, Event.SUSPENDED_LATE, Event.UNLETTERED,
        Event.OVERDUE_1_3, Event.OVERDUE_4_10, Event.OVERDUE_11_30, Event.OVERDUE_OVER_30,
    }
)  # fmt: skip
FLOWS: Final = tuple(e for e in Event if e not in STOCKS)
#: Flows that can be judged up to the day before ``as_of``: on the day itself there is still time.
COHORTS: Final = (
    Event.DUE, Event.DUE_MET, Event.DUE_FIRST, Event.DUE_FIRST_MET, Event.EXTENDED_OUT, Event.SUSPENDED_OUT,
    Event.ACCEPTANCE_DUE, Event.ACCEPTANCE_LATE,
)  # fmt: skip
#: How a dossier leaves: exactly one of these, once.
CLOSINGS: Final = (Event.EARLY, Event.ON_TIME, Event.LATE, Event.UNDETERMINED)
#: Working days overdue at which a dossier enters each age band; a rest day right after the due day counts in the first.
AGES: Final = ((Event.OVERDUE_1_3, 0), (Event.OVERDUE_4_10, 4), (Event.OVERDUE_11_30, 11), (Event.OVERDUE_OVER_30, 31))
EVENT: Final = pl.Enum([e.value for e in Event])


def counted(rows: pl.DataFrame, day: str | pl.Expr, event: Event | pl.Expr, n: int | pl.Expr = 1) -> pl.DataFrame:
    """Count ``n`` of an event on ``day`` of each row: id, day, event, n; nothing where the day is not known."""
    name = pl.lit(event.value) if isinstance(event, Event) else event
    size = pl.lit(n) if isinstance(n, int) else n
    return rows.select("id", day=day, event=name.cast(EVENT), n=size.cast(pl.Int64)).drop_nulls()
