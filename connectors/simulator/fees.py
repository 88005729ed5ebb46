"""Fees of a set: which dossiers cost something, how much, and which were paid online; spread evenly over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from config.errors import ConfigError
from connectors.simulator.attached import FEES, empty
from connectors.simulator.given import Given

#: What a dossier costs where nobody said, in đồng.
USUAL: Final = 100_000


@dataclass(frozen=True, slots=True)
class Hung:
    """The numbers of HANGING; what was asked and holds; what gave way."""

    numbers: Mapping[str, int]
    asked: tuple[Given, ...]
    dropped: tuple[Given, ...]


def fitting(given: Sequence[Given], received: int) -> Hung:
    """Settle fees, charged and paid_online: paid_online ≤ charged ≤ received, and what is charged costs something.

    ``given``: those that must hold first. Numbers of a scenario that do not fit give way, those that are firm do not.
    Raises ConfigError naming the key and what would fit.
    """
    firm, others = [g for g in given if g.firm], [g for g in given if not g.firm]
    named = {g.key: g for g in [*others, *firm]}
    if wrong := _wrong(_settled(named, received), received):
        named = {g.key: g for g in firm}
        still = _wrong(_settled(named, received), received)
        if still and firm:
            raise ConfigError(firm[0].where, (wrong if not others else still), "Mend one of them, or leave one out.")
        return Hung(_settled(named, received), tuple(firm), tuple(others))
    return Hung(_settled(named, received), tuple(named.values()), ())


def _settled(named: Mapping[str, Given], received: int) -> dict[str, int]:
    fees, charged, online = (named[key].value if key in named else None for key in ("fees", "charged", "paid_online"))
    if charged is None:
        charged = online or 0 if fees is None else max(min(received, fees), online or 0)
    return {"fees": charged * USUAL if fees is None else fees, "charged": charged, "paid_online": online or 0}


def _wrong(told: Mapping[str, int], received: int) -> str:
    fees, charged, online = told["fees"], told["charged"], told["paid_online"]
    if charged > received:
        return f"charged = {charged:,}: more than received {received:,}."
    if online > charged:
        return f"paid_online = {online:,}: more than charged {charged:,}."
    if fees < charged or (fees and not charged):
        return f"fees = {fees:,}: {charged:,} charged dossiers cost that much together, each at least 1 đồng."
    return ""


def hang(rows: pl.DataFrame, numbers: Mapping[str, int], came: pl.Expr) -> pl.DataFrame:
    """Add ``fee`` (0 for free ones) and ``online``. ``came``: which rows were received in the period, all of them."""
    charged, fees, online = numbers["charged"], numbers["fees"], numbers["paid_online"]
    at, of = pl.col("_at"), max(int(rows.select(came.sum()).item()), 1)
    nth = (at + 1) * charged // of - 1  # of those charged
    pays = came & ((at + 1) * charged // of > at * charged // of)
    told = rows.with_columns(_at=came.cast(pl.Int64).cum_sum() - 1)
    each, rest = divmod(fees, max(charged, 1))
    return told.with_columns(
        fee=pl.when(pays).then(each + (nth < rest).cast(pl.Int64)).otherwise(0),
        online=pays & ((nth + 1) * online // max(charged, 1) > nth * online // max(charged, 1)),
    ).drop("_at")


def columns() -> dict[str, pl.Expr]:
    """Write fees and how they were paid as the exchange does; wants ``fee``, ``online``."""
    fee = pl.struct(
        TenPhiLePhi=pl.lit("Phí, lệ phí"), MaPhiLePhi=pl.lit("LP01"), HinhThucThu=pl.lit(""),
        Gia=pl.col("fee").cast(pl.String), LoaiPhiLePhi=pl.lit("1"),
    )  # fmt: skip
    return {
        "DanhSachLePhi": pl.when(pl.col("fee") > 0).then(pl.concat_list(fee)).otherwise(empty(FEES)),
        "DuocThanhToanTrucTuyen": pl.when("online").then(pl.lit("1")).otherwise(pl.lit("0")),
    }
