"""The province as its one-stop system would show it at one moment, in the national exchange format.

A pure function of (province, moment): ask twice, get the same; ask later, and dossiers have moved.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.simulator import attached, lives
from connectors.simulator.days import NEVER
from connectors.simulator.province import DEFECTS, Province
from connectors.simulator.tables import tables

STAMP: Final = "%Y%m%d%H%M%S"
#: Every moment at which a dossier's record changes.
EVENTS: Final = (
    "entered", "received", "rejected", "started", "asked", "answered", "extended", "closed", "returned",
)  # fmt: skip
SUPPLEMENT = pl.Struct(dict.fromkeys(
    (
        "HoSoBoSungId", "NoiDungBoSung", "NgayBoSung", "NgayTiepNhanBoSung", "TrangThaiBoSung",
        "NgayHenTraTruoc", "NgayHenTraMoi",
    ),
    pl.String,
))  # fmt: skip


def changed_between(province: Province, since: int, until: int) -> pl.DataFrame:
    """Give the plans of dossiers whose record last changed in [since, until], by ``changed``, oldest first."""
    # A record entered late shows at once all that had happened by then.
    moments = [pl.when(pl.col(e).is_between(0, until)).then(pl.max_horizontal(e, "entered")) for e in EVENTS]
    seen = province.plans.filter(pl.col("entered") <= until).with_columns(changed=pl.max_horizontal(moments))
    return seen.filter(pl.col("changed") >= since).sort("changed", "number")


def dossiers(plans: pl.DataFrame, now: int) -> pl.DataFrame:
    """Write ``plans`` as dossiers of the exchange at ``now``: every column text, "" for null, lists of structs."""
    known = tables()
    units = known.units.select(unit=pl.col("at").cast(pl.Int64), unit_code="code", unit_name="name")
    procedures = known.procedures.select(
        procedure=pl.col("at").cast(pl.Int64), procedure_code="code", procedure_name="name", field="field", paid="paid"
    )
    shown = plans.join(units, on="unit", maintain_order="left").join(procedures, on="procedure", maintain_order="left")
    shown = shown.with_columns(_happened(c, now) for c in (*EVENTS, "finish")).with_columns(
        finish=pl.when(pl.col("closed") > NEVER).then("finish").otherwise(NEVER), status=_status(), due_now=_due()
    )
    return shown.select(**_columns()).with_columns(**_defects(shown))


def _happened(column: str, now: int) -> pl.Expr:
    return pl.when(pl.col(column) <= now).then(pl.col(column)).otherwise(NEVER).alias(column)


def _is(column: str) -> pl.Expr:
    return pl.col(column) > NEVER


def _status() -> pl.Expr:
    """Number the state (TrangThaiHoSo) from the moments that have happened."""
    closed_as = pl.col("end").replace_strict(
        {lives.RESULT: 9, lives.WITHDRAWN: 7, lives.REFUSED: 3, lives.STOPPED: 8}, default=4, return_dtype=pl.Int64
    )
    waiting_as = pl.col("pause").replace_strict(
        {lives.SUPPLEMENT: 5, lives.PAYMENT: 6, lives.HALTED: 8}, default=4, return_dtype=pl.Int64
    )
    return (
        pl.when(_is("returned")).then(10)
        .when(_is("closed")).then(closed_as)
        .when(_is("rejected")).then(3)
        .when(_is("asked") & ~_is("answered")).then(waiting_as)
        .when(_is("started")).then(4)
        .when(_is("received")).then(2)
        .otherwise(1)
    )  # fmt: skip


def _due() -> pl.Expr:
    """Give the promise as the source shows it now: it overwrites the former one."""
    moved = pl.when(_is("answered")).then("answered_due").when(_is("extended")).then("extended_due").otherwise("due")
    return pl.when(_is("received") & ~pl.col("no_due")).then(moved).otherwise(NEVER)


def code() -> pl.Expr:
    """Give a dossier's code; wants unit_code, submitted, serial."""
    day = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%y%m%d")
    return pl.format("{}-{}-{}", "unit_code", day, pl.col("serial").cast(pl.String).str.zfill(4))


def stamp(column: str) -> pl.Expr:
    """Write wall seconds as yyyyMMddHHmmss, "" where there are none."""
    text = pl.from_epoch(pl.col(column), time_unit="s").dt.strftime(STAMP)
    return pl.when(_is(column)).then(text).otherwise(pl.lit(""))


def _columns() -> dict[str, pl.Expr]:
    number = pl.col("number").cast(pl.String).str.zfill(6)
    day = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%y%m%d")
    serial = pl.col("serial").cast(pl.String).str.zfill(4)
    return {
        "MaHoSo": code(),
        "MaHoSoKhac": pl.when(pl.col("number") % 40 == 0)
        .then(pl.format("000.00.00.H99-{}-{}", day, serial))
        .otherwise(pl.lit("")),
        "MaTTHC": pl.col("procedure_code"),
        "TenTTHC": pl.col("procedure_name"),
        "TenLinhVuc": pl.col("field"),
        "KenhThucHien": pl.col("channel").cast(pl.String),
        "LoaiDoiTuong": pl.when("business").then(pl.lit("2")).otherwise(pl.lit("1")),
        "NgayNopHoSo": stamp("submitted"),
        "NgayTiepNhan": stamp("received"),
        "NgayHenTra": stamp("due_now"),
        "TrangThaiHoSo": pl.col("status").cast(pl.String),
        "NgayKetThucXuLy": stamp("finish"),
        "NgayTra": stamp("returned"),
        "NgayTuChoi": pl.when(pl.col("status") == 3)
        .then(pl.coalesce(_or_none("rejected"), stamp("closed")))
        .otherwise(pl.lit("")),
        "HinhThuc": pl.when(pl.col("channel") == 3).then(pl.lit("1")).otherwise(pl.lit("0")),
        "DonViXuLy": pl.col("unit_name"),
        "NoiNopHoSo": pl.when(pl.col("channel") == 2).then(pl.lit("Cổng Dịch vụ công quốc gia")).otherwise(
            pl.lit("Trung tâm Phục vụ hành chính công tỉnh Minh Sơn")
        ),
        "NgayCapNhat": stamp("changed"),
        **attached.attached(),
        "DanhSachHoSoBoSung": _supplements(number),
        **attached.personal(),
    }  # fmt: skip


def _or_none(column: str) -> pl.Expr:
    return pl.when(_is(column)).then(stamp(column))


def _supplements(number: pl.Expr) -> pl.Expr:
    """List the one pause or the one extension: the only trace of a moved promise in the exchange."""
    paused, extended = _is("asked") & (pl.col("pause") != lives.HALTED), _is("extended")
    moved = (_is("answered") | extended) & ~pl.col("no_due")
    words = {
        lives.SUPPLEMENT: "Yêu cầu bổ sung, hoàn thiện hồ sơ",
        lives.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
    }
    person = pl.format(" gửi Người Giả Định {}, điện thoại 0000{}", number, number)
    letter = pl.format("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết số {}/VB-XL", number)
    told = pl.col("pause").replace_strict(words, default=None, return_dtype=pl.String)
    entry = pl.struct(
        HoSoBoSungId=pl.format("BS-{}", number),
        NoiDungBoSung=pl.when(paused).then(told).otherwise(letter) + person,
        NgayBoSung=pl.when(paused).then(stamp("asked")).otherwise(stamp("extended")),
        NgayTiepNhanBoSung=stamp("answered"),
        TrangThaiBoSung=pl.when(paused & ~_is("answered")).then(pl.lit("0")).otherwise(pl.lit("1")),
        NgayHenTraTruoc=pl.when(moved).then(stamp("due")).otherwise(pl.lit("")),
        NgayHenTraMoi=pl.when(moved).then(stamp("due_now")).otherwise(pl.lit("")),
    )  # fmt: skip
    return pl.when(paused | extended).then(pl.concat_list(entry)).otherwise(pl.lit([], pl.List(SUPPLEMENT)))


def _defects(shown: pl.DataFrame) -> dict[str, pl.Expr]:
    """Spoil the few rows that a real export always has: unknown status, unreadable date, no code, year 0226."""
    kind = {name: pl.Series(shown["defect"] == at) for at, name in enumerate(DEFECTS, start=1)}
    received = pl.col("NgayTiepNhan")
    late_year = (
        pl.when(pl.lit(kind["year"]) & (received != "")).then("0226" + received.str.slice(4)).otherwise(received)
    )
    return {
        "TrangThaiHoSo": pl.when(pl.lit(kind["status"])).then(pl.lit("15")).otherwise(pl.col("TrangThaiHoSo")),
        "NgayNopHoSo": pl.when(pl.lit(kind["date"])).then(pl.lit("31/02 sáng")).otherwise(pl.col("NgayNopHoSo")),
        "MaHoSo": pl.when(pl.lit(kind["code"])).then(pl.lit("")).otherwise(pl.col("MaHoSo")),
        "NgayTiepNhan": late_year,
    }
