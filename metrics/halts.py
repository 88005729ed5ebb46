"""When a clock stood: every suspension of every dossier, told by the source or seen in its statuses."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.dossier import SUSPENDED, Status, Suspension
from metrics.verdicts import EVER

_STOOD: Final = pl.col("status").is_in(sorted(SUSPENDED))
_KINDS: Final = {Status.SUPPLEMENT: Suspension.SUPPLEMENT, Status.PAYMENT: Suspension.PAYMENT}
_END: Final = pl.lit(EVER).cast(pl.Datetime("us"))
#: Columns of ``halts``. ``live``: the dossier was in sight before the clock stopped, so its promise was seen then.
#: ``wait``: number of the wait within its dossier; suspensions that touch or overlap are one wait.
COLUMNS: Final = (
    "id", "kind", "notice", "from_on", "to_on", "from_local", "to_local", "due_before", "due_after", "live", "ended",
    "wait",
)  # fmt: skip


def halts(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every interval in which a clock stood (COLUMNS), ordered; ``to_on`` EVER while it still stands.

    A source that lists its suspensions is believed; of any other, the statuses seen one after the other tell. An open
    interval of a dossier that runs again ended then; closing ends any (``ended`` False: closed while suspended). One
    that began and ended on one day is among them: it was asked for, and no day was waited.
    """
    listed = _listed(rows)
    seen = _seen(rows.filter(~pl.col("id").is_in(listed["id"].unique().implode())))
    now = _now(rows, pl.concat([listed, seen]))
    every = pl.concat([listed, seen, now]).with_columns(pl.col("to_local").fill_null(_END))
    return (
        every.with_columns(from_on=pl.col("from_local").dt.date(), to_on=pl.col("to_local").dt.date())
        .filter(pl.col("from_on") <= pl.col("to_on"))
        .join(rows.select("id", "first_seen_on"), on="id", how="left", maintain_order="left")
        .with_columns(live=pl.col("live") | (pl.col("first_seen_on") <= pl.col("from_on")).fill_null(False))
        .sort("id", "from_local", "to_local")
        .with_columns(wait=_apart().cum_sum().over("id"))
        .select(COLUMNS)
    )


def _apart() -> pl.Expr:
    """Tell the suspensions that began after every earlier one had ended."""
    return (pl.col("from_on") > pl.col("to_on").cum_max().shift().over("id")).fill_null(True)


_RAW: Final = ("id", "kind", "notice", "from_local", "to_local", "due_before", "due_after", "ended", "live")


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    told = (
        rows.select("id", "closed_local", "status", "status_since_local", "halts")
        .explode("halts", empty_as_null=False, keep_nulls=False)
        .unnest("halts")
    )
    runs_again = pl.col("to_at").is_null() & ~_STOOD & pl.col("closed_local").is_null()
    begun = told.with_columns(to_at=pl.when(runs_again).then("status_since_local").otherwise("to_at"))
    return _closed_first(begun.rename({"from_at": "from_local", "to_at": "to_local"}).with_columns(live=pl.lit(False)))


def _closed_first(told: pl.DataFrame) -> pl.DataFrame:
    """End at the closing what had not ended the day before; a return after the closing moves nothing."""
    first = (pl.col("closed_local").dt.date() < pl.col("to_local").dt.date()).fill_null(
        pl.col("closed_local").is_not_null() & pl.col("to_local").is_null()
    )
    return told.with_columns(
        to_local=pl.when(first).then("closed_local").otherwise("to_local"),
        due_after=pl.when(~first).then("due_after"),
        ended=~first & pl.col("to_local").is_not_null(),
    ).select(_RAW)


def _seen(rows: pl.DataFrame) -> pl.DataFrame:
    """Read suspensions off the statuses: from a suspended one to the next that is not."""
    line = (
        rows.select("id", "closed_local", "turns")
        .explode("turns", empty_as_null=False, keep_nulls=False)
        .unnest("turns")
        .with_columns(stood=_STOOD)
        .filter(pl.col("stood").ne_missing(pl.col("stood").shift().over("id")))
        # Seen before the clock stopped, by the source's own stamps, be the file loaded years later.
        .with_columns(to_local=pl.col("at").shift(-1).over("id"), live=pl.col("id").cum_count().over("id") > 1)
        .filter("stood")
    )
    none = pl.lit(None, pl.Datetime("us"))
    told = line.with_columns(
        kind=_kind(), notice=pl.lit(None, pl.Boolean), from_local="at", due_before=none, due_after=none
    )
    return _closed_first(told)


def _now(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A suspended status without an open interval opened one when the status was taken."""
    open_now = known.filter(pl.col("to_local").is_null())["id"]
    none = pl.lit(None, pl.Datetime("us"))
    return (
        rows.filter(_STOOD & ~pl.col("id").is_in(open_now.implode()))
        .with_columns(
            kind=_kind(),
            notice=pl.lit(None, pl.Boolean),
            from_local="status_since_local",
            to_local=none,
            due_before=none,
            due_after=none,
            ended=pl.lit(False),
            live=pl.lit(False),
        )
        .select(_RAW)
    )


def _kind() -> pl.Expr:
    return pl.col("status").replace_strict(
        {str(k): v.value for k, v in _KINDS.items()}, default=Suspension.OTHER.value, return_dtype=pl.String
    )
