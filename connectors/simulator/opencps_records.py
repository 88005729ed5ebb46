"""The province's dossiers as OpenCPS writes them: the same truth as the exchange (state.py), with OpenCPS's own ways.

``extendDate`` is stamped on an early release too; ``dossierOverdue``, ``timeOverdueText``, ``stepDuedate`` are wrong;
the list carries people. A dossier has no ``dossierNo`` before somebody received it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from connectors.simulator import lives
from connectors.simulator.days import NEVER
from connectors.simulator.flow.world import World
from connectors.simulator.province import Province
from connectors.simulator.services import DOSSIERS, STEPS, changed, written
from connectors.simulator.state import STAMP

#: dossierId of the dossier with number 0.
FIRST_ID: Final = 1_000_000
_EAST: Final = 7 * 3600  # the province's wall clock, as seconds before UTC's
_STATUSES: Final = {
    "1": "receiving", "2": "new", "3": "denied", "4": "processing", "5": "waiting", "6": "paying", "7": "cancelled",
    "8": "unresolved", "9": "releasing", "10": "done",
}  # fmt: skip


def records(province: Province | World, now: int) -> pl.DataFrame:
    """Give every dossier the site shows at wall second ``now``, the last changed first, as OpenCPS writes it.

    Beside the fields stand ``received_on``, ``released_on`` and ``finished_on``, days that its filters look at.
    """
    plans = changed(province, DOSSIERS, 0, now)
    told = written(DOSSIERS, plans, now).with_columns(plans["number"], plans["pause"], plans["extended"], plans["unit"])
    halted = (pl.col("TrangThaiHoSo") == "8") & (pl.col("NgayKetThucXuLy") == "") & (pl.col("pause") == lives.HALTED)
    frame = told.with_columns(halted=halted, **_ends(), **_extended(now))
    shown = frame.select(
        **_fields(), received_on=_day("NgayTiepNhan"), released_on=_day("released"), finished_on=_day("finished")
    )
    return shown.reverse()


def _ends() -> dict[str, pl.Expr]:
    """Give the two last dates: a result is released and handed over; whatever ends without one is only finished."""
    with_result = pl.col("TrangThaiHoSo").is_in(["9", "10", "4", "15"])
    finish = pl.col("NgayKetThucXuLy")
    return {
        "released": pl.when(with_result).then(finish).otherwise(pl.lit("")),
        "finished": pl.when(with_result).then("NgayTra")
        .when((pl.col("TrangThaiHoSo") == "3") & (pl.col("NgayTiepNhan") == "")).then("NgayTuChoi")
        .otherwise(finish),
    }  # fmt: skip


def _extended(now: int) -> dict[str, pl.Expr]:
    """Stamp extendDate on a re-appointment, and on every release before its day as well."""
    sent = pl.col("extended").is_between(0, now)
    early = (pl.col("NgayKetThucXuLy") != "") & (pl.col("NgayKetThucXuLy") < pl.col("NgayHenTra"))
    letter = pl.from_epoch(pl.col("extended"), time_unit="s").dt.strftime(STAMP)
    return {"extend": pl.when(sent).then(letter).when(early).then("NgayKetThucXuLy").otherwise(pl.lit(""))}


def _fields() -> dict[str, pl.Expr]:
    paused = (
        pl.when("halted").then(pl.lit("PAUSE")).when(pl.col("TrangThaiHoSo").is_in(["5", "6"])).then(pl.lit("PAUSE"))
    )
    number, person = pl.col("number") + FIRST_ID, pl.col("number").cast(pl.String).str.zfill(6)
    received = pl.col("NgayTiepNhan") != ""
    return {
        "dossierId": number,
        "dossierNo": pl.when(received).then("MaHoSo").otherwise(pl.lit("")),
        "dossierIdCTN": pl.col("MaHoSoKhac"),
        "referenceUid": pl.format("{}-0000-4000-8000-{}", number.cast(pl.String).str.zfill(8), person.str.zfill(12)),
        "serviceCode": pl.col("MaTTHC"), "serviceName": pl.col("TenTTHC"),
        "domainCode": pl.col("TenLinhVuc").str.slice(0, 3), "domainName": pl.col("TenLinhVuc"),
        "govAgencyCode": pl.format("H99.{}", pl.col("unit").cast(pl.String).str.zfill(2)),
        "govAgencyName": pl.col("DonViXuLy"),
        "originality": pl.lit(3),
        "online": pl.when(pl.col("KenhThucHien") == "2").then(pl.lit("true")).otherwise(pl.lit("false")),
        "systemId": pl.lit(1), "viaPostal": pl.when(pl.col("HinhThuc") == "1").then(2).otherwise(0),
        "submitDate": _wall("NgayNopHoSo"), "receiveDate": _wall("NgayTiepNhan"), "dueDate": _wall("NgayHenTra"),
        "extendDate": _wall("extend"), "releaseDate": _wall("released"), "finishDate": _wall("finished"),
        "durationCount": pl.lit(10.0), "durationUnit": pl.lit(0),
        "lockState": paused.otherwise(pl.lit("")),
        "dossierStatus": pl.when("halted").then(pl.lit("processing")).otherwise(
            pl.col("TrangThaiHoSo").replace_strict(_STATUSES, default="strange", return_dtype=pl.String)
        ),
        "stepCode": pl.format("{}00", pl.col("TrangThaiHoSo")),
        "feeAmount": pl.col("DanhSachLePhi").list.first().struct.field("Gia").cast(pl.Int64, strict=False).fill_null(0),
        "dossierOverdue": pl.lit(0), "timeOverdueText": pl.lit("Còn 3 ngày"),
        "stepDuedate": pl.lit("01/01/2001 00:00:00"),
        "applicantName": pl.col("ChuHoSo"), "applicantIdNo": pl.col("SoGiayToChuHoSo"), "address": pl.col("ChuHoSo"),
        "contactTelNo": pl.col("SoDienThoai"), "contactEmail": pl.col("Email"), "delegateName": pl.col("ChuHoSo"),
    }  # fmt: skip


def _wall(column: str) -> pl.Expr:
    """Write yyyyMMddHHmmss as dd/MM/yyyy HH:mm:ss, and what is no date as it stands."""
    text = pl.col(column)
    parts = [text.str.slice(at, n) for at, n in ((6, 2), (4, 2), (0, 4), (8, 2), (10, 2), (12, 2))]
    return pl.when(text.str.contains(r"^\d{14}$")).then(pl.format("{}/{}/{} {}:{}:{}", *parts)).otherwise(text)


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 8).str.to_date("%Y%m%d", strict=False)


def sequences(province: Province | World, number: int, now: int) -> list[dict[str, object]]:
    """Give the step time line of the dossier with this number: milliseconds since 1970 UTC, 0 for none."""
    steps = changed(_alone(province, number), STEPS, 0, now).sort("start", "step")
    words = written(STEPS, steps, now)
    moments = [
        np.where(steps[c].to_numpy() > NEVER, (steps[c].to_numpy() - _EAST) * 1000, 0)
        for c in ("start", "end", "limit_at")
    ]
    return [
        {
            "sequenceNo": str(at), "sequenceName": words["NoiDungXuLy"][at].split(" của ")[0],
            "sequenceRole": words["PhongBanXuLy"][at], "durationCount": 1.0, "statusText": words["TrangThai"][at],
            "startDate": int(moments[0][at]), "endDate": int(moments[1][at]), "dueDate": int(moments[2][at]),
            "assignUsers": [{"userId": at, "userName": words["NguoiXuLy"][at]}],
            "actions": [{"userName": words["NguoiXuLy"][at], "note": words["NoiDungXuLy"][at]}],
        }
        for at in range(steps.height)
    ]  # fmt: skip


def _alone(province: Province | World, number: int) -> Province | World:
    """Give the same place with one dossier in it."""
    mine = pl.col("number") == number
    if isinstance(province, World):
        return replace(province, truth=province.truth.filter(mine), steps=province.steps.filter(mine))
    return replace(province, plans=province.plans.filter(mine))
