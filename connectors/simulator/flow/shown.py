"""What a source shows of the dossiers at one moment: the record as its last synchronised event left it.

A pure function of (world, moment), as for the made-up province; the rows are those of the national exchange.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from connectors.simulator import attached, lives
from connectors.simulator.days import DAY, NEVER
from connectors.simulator.flow.fate import LETTER, LETTER_TOO_LATE
from connectors.simulator.flow.lies import synced
from connectors.simulator.flow.world import World
from connectors.simulator.state import SUPPLEMENT, code, stamp

#: Every moment at which a dossier's record changes in its source.
EVENTS: Final = (
    "submitted", "received", "rejected", "started", "shown_asked", "shown_replied", "extended", "again", "handed",
    "shown_closed", "shown_returned", "deleted",
)  # fmt: skip
_UPTO: Final = (*EVENTS, "finish")
_COUNTER: Final = "Bộ phận Một cửa"


def events(world: World) -> pl.DataFrame:
    """Give every change of every record: number, event, at, and seen: when it is first seen from outside."""
    laid = [world.truth.select("number", "unit", "delay", event=pl.lit(e), at=e) for e in EVENTS]
    happened = pl.concat(laid).filter(pl.col("at") > NEVER)
    unit, at, delay = (happened[c].to_numpy() for c in ("unit", "at", "delay"))
    return happened.select("number", "event", "at", seen=pl.Series(synced(world.plan, unit, at, delay)))


def changed_between(world: World, since: int, until: int) -> pl.DataFrame:
    """Give the records whose last change that is seen by ``until`` is stamped in [since, until], oldest first.

    Columns: those of the truth; ``upto``: up to when the source knows; ``changed``: its own stamp of the last change;
    holder (place in the scenario); names and codes of unit, holder and procedure.
    """
    told = events(world).filter(pl.col("seen") <= until)
    last = told.group_by("number").agg(
        upto=pl.col("at").max(), seen=pl.col("seen").max(), gone=(pl.col("event") == "deleted").any()
    )
    stamped = last.with_columns(changed=pl.col("seen" if world.plan.told.lies.stamp == "synced" else "upto"))
    there = stamped.filter(~pl.col("gone"), pl.col("changed") >= since).drop("seen", "gone")
    return _named(world, world.truth.join(there, on="number").sort("changed", "number"))


def as_shown(world: World, at: int) -> pl.DataFrame:
    """Give every record that the source shows at a moment, as rows of the exchange."""
    return written(changed_between(world, 0, at))


def written(rows: pl.DataFrame) -> pl.DataFrame:
    """Write records (changed_between) as rows of the exchange: texts, "" for null, lists of structs."""
    return settled(rows).select(**_columns())


def settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Forget what has not happened yet (NEVER), and add what the record says: status, due_now, before, finish."""
    masked = [pl.when(pl.col(c) <= pl.col("upto")).then(c).otherwise(NEVER).alias(c) for c in _UPTO]
    seen = rows.with_columns(masked).with_columns(closed="shown_closed", returned="shown_returned", end="shown_end")
    waiting = (pl.col("shown_asked") > NEVER) & (pl.col("shown_replied") == NEVER) & (pl.col("closed") == NEVER)
    finish = pl.when(pl.col("closed") > NEVER).then("finish").otherwise(NEVER)
    lied = waiting & pl.col("done_while_waiting")
    return seen.with_columns(
        status=_status(waiting, lied), before=_before(), due_now=_due(),
        finish=pl.when(lied).then("shown_asked").otherwise(finish),
    )  # fmt: skip


def _named(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """Add names and codes: of the unit that received the dossier, and of the one that holds it by now."""
    told, unit = world.plan.told, rows["unit"].to_numpy()
    day = np.where(rows["handed"].to_numpy() > NEVER, rows["upto"].to_numpy() // DAY, NEVER)
    holder = np.where(rows["handed"].to_numpy() <= rows["upto"].to_numpy(), world.plan.holder(unit, day), unit)
    codes, names = (pl.Series([getattr(u, name) for u in told.unit]) for name in ("code", "name"))
    procedure = rows["procedure"].to_numpy()
    of = {name: pl.Series([getattr(p, name) for p in told.procedure]) for name in ("code", "name", "field", "paid")}
    return rows.with_columns(
        unit_code=codes.gather(unit),
        holder=pl.Series(holder),
        holder_code=codes.gather(holder),
        unit_name=names.gather(holder),
        procedure_code=of["code"].gather(procedure),
        procedure_name=of["name"].gather(procedure),
        field=of["field"].gather(procedure),
        paid=of["paid"].cast(pl.Int64).gather(procedure),
    )


def _is(column: str) -> pl.Expr:
    return pl.col(column) > NEVER


def _status(waiting: pl.Expr, lied: pl.Expr) -> pl.Expr:
    closed_as = pl.col("end").replace_strict(
        {lives.RESULT: 9, lives.WITHDRAWN: 7, lives.REFUSED: 3, lives.STOPPED: 8}, default=4, return_dtype=pl.Int64
    )
    return (
        pl.when(_is("returned")).then(10)
        .when(_is("closed")).then(closed_as)
        .when(_is("rejected")).then(3)
        .when(lied).then(9)
        .when(waiting & (pl.col("pause") == lives.PAYMENT)).then(6)
        .when(waiting).then(5)
        .when(_is("started")).then(4)
        .when(_is("received")).then(2)
        .otherwise(1)
    )  # fmt: skip


def _before() -> pl.Expr:
    """Give the promise before any letter."""
    fake = _is("shown_replied") & ~(pl.col("replied") > NEVER)
    moved = pl.when(fake).then("shown_due").when(_is("shown_replied")).then("moved").otherwise("due")
    return pl.when(_is("received") & ~pl.col("no_due")).then(moved).otherwise(NEVER)


def _due() -> pl.Expr:
    """Give the promise as the source shows it: each one overwrites the former."""
    moved = pl.when(_is("again")).then("again_due").when(_is("extended")).then("extended_due").otherwise(_before())
    return pl.when(_is("received") & ~pl.col("no_due")).then(moved).otherwise(NEVER)


def _columns() -> dict[str, pl.Expr]:
    day = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%y%m%d")
    second = pl.format("{}-{}-{}", "holder_code", day, pl.col("serial").cast(pl.String).str.zfill(5))
    online = pl.col("channel") == 2
    turned = pl.coalesce(pl.when(_is("rejected")).then(stamp("rejected")), stamp("closed"))
    return {
        "MaHoSo": code(),
        "MaHoSoKhac": pl.when(_is("handed")).then(second).otherwise(pl.lit("")),
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
        "NgayTuChoi": pl.when(pl.col("status") == 3).then(turned).otherwise(pl.lit("")),
        "HinhThuc": pl.when(pl.col("channel") == 3).then(pl.lit("1")).otherwise(pl.lit("0")),
        "DonViXuLy": pl.col("unit_name"),
        "NoiNopHoSo": pl.when(online).then(pl.lit("Cổng Dịch vụ công quốc gia")).otherwise(pl.lit(_COUNTER)),
        "NgayCapNhat": stamp("changed"),
        **attached.attached(),
        "DanhSachHoSoBoSung": _supplements(),
        **attached.personal(),
    }


def _supplements() -> pl.Expr:
    """List the pause and the letters: the only trace of a moved promise in the exchange. A silent move has none."""
    words = {lives.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính"}
    asked = pl.col("pause").replace_strict(words, default="Yêu cầu bổ sung, hoàn thiện hồ sơ", return_dtype=pl.String)
    letter = pl.format("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết số {}/VB-XL", attached.number())
    person = pl.format(" gửi Người Giả Định {}, điện thoại 0000{}", attached.number(), attached.number())
    none = pl.lit("")
    replied = _is("shown_replied") & ~pl.col("no_due")
    entries = [
        (_is("shown_asked"), "BS", asked, "shown_asked", stamp("shown_replied"), (replied, stamp("due")),
         (replied, stamp("before"))),
        (_is("extended") & pl.col("letter").is_in([LETTER, LETTER_TOO_LATE]), "GH", letter, "extended", none,
         (~pl.col("no_due"), stamp("before")), (~pl.col("no_due"), stamp("extended_due"))),
        (_is("again"), "GH2", letter, "again", none, (~pl.col("no_due"), stamp("extended_due")),
         (~pl.col("no_due"), stamp("again_due"))),
    ]  # fmt: skip
    listed = [
        pl.when(there).then(
            pl.struct(
                HoSoBoSungId=pl.format("{}-{}", pl.lit(name), attached.number()),
                NoiDungBoSung=said + person,
                NgayBoSung=stamp(moment),
                NgayTiepNhanBoSung=end,
                TrangThaiBoSung=pl.when((end == "") & (pl.lit(name) == "BS")).then(pl.lit("0")).otherwise(pl.lit("1")),
                NgayHenTraTruoc=pl.when(was[0]).then(was[1]).otherwise(none),
                NgayHenTraMoi=pl.when(new[0]).then(new[1]).otherwise(none),
            )
        )
        for there, name, said, moment, end, was, new in entries
    ]  # fmt: skip
    return pl.concat_list(listed).list.drop_nulls().cast(pl.List(SUPPLEMENT))
