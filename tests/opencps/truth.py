"""What the province knows of each of its dossiers, read off its plans without any server, format or connector."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from connectors.simulator import lives
from connectors.simulator.days import wall_seconds
from connectors.simulator.opencps_records import FIRST_ID
from connectors.simulator.province import DEFECTS, Province
from connectors.simulator.tables import tables

COMPARED = ("status", "received_at", "due_at", "resolved_at", "returned_at", "department", "fee")
_EAST = 7 * 3_600_000_000


def usable(province: Province, now: datetime) -> pl.DataFrame:
    """Give the plans that can be read: OpenCPS knows them, and nothing in them is spoilt but the printed number."""
    spoilt = [DEFECTS.index(name) + 1 for name in ("status", "date", "year")]
    second = wall_seconds(now)
    year = (pl.col("defect") == DEFECTS.index("year") + 1) & ~pl.col("received").is_between(0, second)
    return province.plans.filter(pl.col("entered") <= second, ~pl.col("defect").is_in(spoilt) | year)


def told(province: Province, now: datetime) -> pl.DataFrame:
    """Give code and COMPARED of every readable dossier as it stands at ``now``, sorted by code."""
    second = wall_seconds(now)
    plans = usable(province, now)
    names = tables().units.select(unit=pl.col("at").cast(pl.Int64), department="name")
    paid = tables().procedures.select(procedure=pl.col("at").cast(pl.Int64), paid="paid")
    by_now = {
        c: pl.when(pl.col(c).is_between(0, second)).then(pl.col(c))
        for c in ("received", "rejected", "started", "asked", "answered", "extended", "closed", "returned")
    }
    p = plans.join(names, on="unit").join(paid, on="procedure").with_columns(**by_now)
    due = pl.coalesce(
        pl.when(pl.col("answered").is_not_null()).then("answered_due"),
        pl.when(pl.col("extended").is_not_null()).then("extended_due"),
        "due",
    )
    ended = pl.col("closed").is_not_null()
    with_result = ended & (pl.col("end") == lives.RESULT)
    moments = {
        "received_at": pl.col("received"),
        "due_at": pl.when(pl.col("received").is_not_null() & ~pl.col("no_due")).then(due),
        "resolved_at": pl.when(ended).then("finish"),
        "returned_at": pl.when(with_result).then("returned"),
    }
    fee = pl.when(pl.col("paid") == 1).then((pl.col("procedure") % 7 + 1) * 15000).otherwise(0)
    done = p.select(
        code=(pl.col("number") + FIRST_ID).cast(pl.String),
        status=_status(ended),
        **{
            n: pl.from_epoch(m * 1_000_000 - _EAST, time_unit="us").dt.replace_time_zone("UTC")
            for n, m in moments.items()
        },
        department=pl.col("department"),
        fee=fee.cast(pl.Int64),
    )
    return done.select("code", *COMPARED).sort("code")


def _status(ended: pl.Expr) -> pl.Expr:
    endings = {
        lives.RESULT: "resolved",
        lives.WITHDRAWN: "withdrawn",
        lives.REFUSED: "refused",
        lives.STOPPED: "stopped",
    }
    waits = {lives.SUPPLEMENT: "supplement", lives.PAYMENT: "payment", lives.HALTED: "paused"}
    return (
        pl.when(pl.col("returned").is_not_null()).then(pl.lit("returned"))
        .when(ended).then(pl.col("end").replace_strict(endings, default=None, return_dtype=pl.String))
        .when(pl.col("rejected").is_not_null()).then(pl.lit("not_accepted"))
        .when(pl.col("asked").is_not_null() & pl.col("answered").is_null())
        .then(pl.col("pause").replace_strict(waits, default=None, return_dtype=pl.String))
        .when(pl.col("started").is_not_null()).then(pl.lit("processing"))
        .when(pl.col("received").is_not_null()).then(pl.lit("accepted"))
        .otherwise(pl.lit("submitted"))
    )  # fmt: skip
