"""Read what hangs on a dossier of the exchange: fees and how they were paid, papers, results."""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.payload import FEES, LINK, PAPERS, RESULTS

_HANDED_OVER: Final = {"0": "counter", "1": "post"}  # HinhThuc
_NOT_ONLINE: Final = "0"
#: A price: three digits after a point may be thousands, so nobody knows what they are.
_PRICE: Final = r"^\s*\d+(?:\.\d{1,2})?\s*$"
_MOST: Final = 10**12  # đồng, as of a whole dossier
_PAID_ONLINE: Final = ("1", "2")  # DuocThanhToanTrucTuyen: on the national portal, on the province's own gateway


def papers_and_fees() -> dict[str, pl.Expr]:
    """Give the columns of Dossier: fee (đồng), payment, components, components_digitised, components_reused, results,
    returned_by. A list that the source does not have tells nothing: null, not 0; nor does it say how a fee was paid
    where it does not say that it was not online."""
    prices = pl.col(FEES).list.eval(price(pl.element().struct.field("Gia").cast(pl.String)))
    readable = prices.list.eval(pl.element().is_not_null()).list.all()
    fee = pl.when(readable).then(prices.list.sum())
    said = pl.col("DuocThanhToanTrucTuyen")
    given = pl.col(RESULTS).list.eval(pl.element().struct.field(LINK).fill_null("") != "")
    return {
        "fee": fee,
        "payment": pl.when(said.is_in(_PAID_ONLINE))
        .then(pl.lit("online"))
        .when(fee > 0, said == _NOT_ONLINE)
        .then(pl.lit("direct")),
        "components": pl.col(PAPERS).list.len().cast(pl.Int64),
        "components_digitised": _flagged("DuocSoHoa"),
        "components_reused": _flagged("DuocTaiSuDung"),
        "results": given.list.sum().cast(pl.Int64),
        "returned_by": pl.col("HinhThuc").replace_strict(_HANDED_OVER, default=None, return_dtype=pl.String),
    }


def price(told: pl.Expr) -> pl.Expr:
    """Read prices written as text, in đồng: a negative or impossible one is none, and so is one with a point before
    three digits, which may part thousands."""
    read = told.str.strip_chars().cast(pl.Float64, strict=False).round(0).cast(pl.Int64, strict=False)
    return pl.when(told.str.contains(_PRICE), read.is_between(0, _MOST)).then(read)


def _flagged(name: str) -> pl.Expr:
    return pl.col(PAPERS).list.eval(pl.element().struct.field(name) == "1").list.sum().cast(pl.Int64)
