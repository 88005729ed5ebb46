"""Write the dossiers of a set as a payload of the national exchange: texts only, "" for null, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from connectors.simulator import fees, lots, trade
from connectors.simulator.days import DAY, EVENING, NEVER, Days, Floats, Ints, day_number
from connectors.simulator.scenario import HANGING
from connectors.simulator.sets import NO_DAY, Set
from connectors.simulator.state import STAMP

HEAD: Final = b'{"service":"DongBoHoSoMC","isUpdating":"False","data":'
TAIL: Final = b"}"
ROWS: Final = 50_000
_NOON: Final = 0.45  # of the working hours: what is closed on the day of its receipt came before and left after
_STATUS: Final = {
    lots.WITHDRAWN: 7, lots.REFUSED: 3, lots.STOPPED: 8, lots.SUSPENDED: 5, lots.NOT_ACCEPTED: 3, lots.AWAITING: 1,
}  # fmt: skip
_SUPPLEMENT: Final = pl.Struct(dict.fromkeys(("NgayBoSung", "NgayTiepNhanBoSung", "TrangThaiBoSung"), pl.String))


def payloads(drawn: Set, *, seed: int, rows: int = ROWS) -> Iterator[pl.DataFrame]:
    """Give the dossiers, ``rows`` at a time, with the columns of the exchange."""
    timed = _moments(drawn, np.random.default_rng([seed, 1]))
    numbers = {key: drawn.amounts.of(key) for key in HANGING}
    came = pl.col("received") >= day_number(drawn.amounts.layout.from_on) * DAY
    timed = fees.hang(timed, numbers, came)
    hanging = fees.columns() if numbers["charged"] else {}
    coded = timed.with_columns(serial=pl.int_range(1, pl.len() + 1).over("department", pl.col("submitted") // DAY))
    names = pl.DataFrame({"department": range(len(drawn.departments)), "unit": drawn.departments})
    known = trade.procedures().select(pl.col("at").cast(pl.Int64), "code", "name", usual="field")
    for part in coded.iter_slices(rows):
        told = part.join(names, on="department", how="left", maintain_order="left")
        told = told.join(known, left_on="procedure", right_on="at", how="left", maintain_order="left")
        yield told.select(**_columns(drawn.amounts.told.code or "H99", drawn.amounts.told.title), **hanging)


def _moments(drawn: Set, rng: np.random.Generator) -> pl.DataFrame:
    """Turn days into moments in office hours, in the order of things."""
    frame, worked, share = drawn.drawn, drawn.days.working, rng.random((4, drawn.drawn.height))
    number = {c: frame[c].to_numpy() for c in ("received", "closed", "due", "asked", "end", "channel")}
    taken, closed, asked = _at_desks(number, drawn.days, share)
    home = np.maximum(taken - (share[3] * 9000).astype(np.int64), taken // DAY * DAY + 6 * 3600)
    result = (closed > NEVER) & (number["end"] == lots.NOTHING) & (share[3] < 0.9)
    # Who was never received was turned down, or sent it, at the moment the others were received.
    rejected = np.where(number["end"] == lots.NOT_ACCEPTED, taken, NEVER)
    moments = {
        "submitted": np.where(number["channel"] == lots.ONLINE, home, taken),
        "received": np.where(number["end"] >= lots.NOT_ACCEPTED, NEVER, taken),
        "closed": closed,
        "asked": asked,
        "returned": np.where(result, closed + 600 + (share[2] * 3000).astype(np.int64), NEVER),
        "rejected": np.where(number["end"] == lots.REFUSED, closed, rejected),
    }
    changed = np.max(np.stack(list(moments.values())), 0)
    due = _where(number["due"], worked[number["due"]] * DAY + EVENING)
    told = {name: pl.Series(values) for name, values in (moments | {"due": due, "changed": changed}).items()}
    return frame.with_columns(**told).sort("submitted", maintain_order=True)


def _at_desks(number: dict[str, Ints], days: Days, share: Floats) -> tuple[Ints, Ints, Ints]:
    """Give the moments of intake, closing and asking; what is done in one day comes in before noon and leaves after."""
    one_day = number["received"] == number["closed"]
    taken = days.at_desk(days.working[number["received"]], share[0] * np.where(one_day, _NOON, 0.9))
    after = np.where(one_day, _NOON + share[1] * 0.4, share[1] * 0.9)
    closed = _where(number["closed"], days.at_desk(days.working[number["closed"]], after))
    asked = np.maximum(taken + 1200, days.at_desk(days.working[number["asked"]], share[2] * 0.9))
    return taken, closed, _where(number["asked"], asked)


def _where(number: Ints, moment: Ints) -> Ints:
    return np.where(number > NO_DAY, moment, NEVER)


def _stamp(column: str) -> pl.Expr:
    text = pl.from_epoch(pl.col(column), time_unit="s").dt.strftime(STAMP)
    return pl.when(pl.col(column) > NEVER).then(text).otherwise(pl.lit(""))


def _columns(root: str, centre: str) -> dict[str, pl.Expr]:
    day = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%y%m%d")
    unit = (pl.col("department") + 1).cast(pl.String).str.zfill(2)
    serial = pl.col("serial").cast(pl.String).str.zfill(4)
    online = pl.col("channel") == lots.ONLINE
    status = pl.col("end").replace_strict(_STATUS, default=None, return_dtype=pl.Int64)
    running = pl.when(pl.col("returned") > NEVER).then(10).when(pl.col("closed") > NEVER).then(9).otherwise(4)
    waiting = pl.struct(NgayBoSung=_stamp("asked"), NgayTiepNhanBoSung=pl.lit(""), TrangThaiBoSung=pl.lit("0")).cast(
        _SUPPLEMENT
    )
    return {
        "MaHoSo": pl.format("{}.{}-{}-{}", pl.lit(root), unit, day, serial),
        "MaTTHC": pl.col("code"),
        "TenTTHC": pl.col("name"),
        "TenLinhVuc": pl.coalesce("field", "usual"),
        "KenhThucHien": pl.col("channel").cast(pl.String),
        "NgayNopHoSo": _stamp("submitted"),
        "NgayTiepNhan": _stamp("received"),
        "NgayHenTra": _stamp("due"),
        "TrangThaiHoSo": pl.coalesce(status, running).cast(pl.String),
        "NgayKetThucXuLy": _stamp("closed"),
        "NgayTra": _stamp("returned"),
        "NgayTuChoi": _stamp("rejected"),
        "DonViXuLy": pl.col("unit"),
        "NoiNopHoSo": pl.when(online).then(pl.lit("Cổng Dịch vụ công")).otherwise(pl.lit(centre)),
        "NgayCapNhat": _stamp("changed"),
        "DanhSachHoSoBoSung": pl.when(pl.col("asked") > NEVER)
        .then(pl.concat_list(waiting))
        .otherwise(pl.lit([], pl.List(_SUPPLEMENT))),
    }
