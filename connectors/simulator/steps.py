"""The way of every dossier through its unit, as the step service of the exchange tells it (CapNhatTienDoHoSoMC).

One row a step: intake, assignment, appraisal (twice where the applicant was asked for something in between), approval,
handing out. A step that is done has ThoiDiemXuLy; the one that holds the dossier now has NgayBatDau and no
ThoiDiemXuLy. A third of the units run a system that tells only what the format demands, when a step is done: no
title, no room, no beginning, no limit. Officers' names and free text are made up, and nobody here may keep them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from connectors.simulator import lives
from connectors.simulator.attached import drawn, named
from connectors.simulator.days import DAY, NEVER, Days
from connectors.simulator.province import Province
from connectors.simulator.state import code, stamp
from connectors.simulator.tables import tables

FIELDS: Final = (
    "MaHoSo", "NguoiXuLy", "ChucDanh", "ThoiDiemXuLy", "PhongBanXuLy", "NoiDungXuLy", "TrangThai", "NgayBatDau",
    "NgayKetThucTheoQuyDinh",
)  # fmt: skip
#: Of the working time that is left: appraisal, then approval.
_APPRAISAL: Final = 0.7
_HOUR: Final = 3600
#: Officers of one unit who appraise.
_OFFICERS: Final = 6
#: Units whose system tells only what must be told: every third.
_TERSE: Final = 3
INTAKE, ASSIGNMENT, APPRAISAL, WAITING, SECOND_APPRAISAL, APPROVAL, HANDING_OUT = range(7)
_TITLES: Final = (
    "Cán bộ tiếp nhận", "Trưởng phòng", "Chuyên viên", "Chuyên viên", "Chuyên viên", "Lãnh đạo", "Cán bộ trả kết quả",
)  # fmt: skip
_ROOMS: Final = (
    "Bộ phận Một cửa", "Phòng chuyên môn", "Phòng chuyên môn", "Phòng chuyên môn", "Phòng chuyên môn", "Ban lãnh đạo",
    "Bộ phận Một cửa",
)  # fmt: skip
_WORDS: Final = (
    "Tiếp nhận hồ sơ", "Phân công xử lý hồ sơ", "Thẩm định hồ sơ", "Chờ bổ sung hồ sơ", "Thẩm định lại hồ sơ",
    "Phê duyệt kết quả hồ sơ", "Trả kết quả hồ sơ",
)  # fmt: skip


def changed_steps(province: Province, since: int, until: int, codes: list[str] | None = None) -> pl.DataFrame:
    """Give the steps that began or were done in [since, until], oldest first; ``written`` makes rows of them.

    ``codes``: only those of these dossiers.
    Columns: those of the plans, ``step``, ``start``, ``end`` (NEVER: still running), ``limit_at``, ``changed``.
    """
    plans = province.plans.filter(pl.col("entered") <= until, pl.col("submitted") <= until)
    plans = plans if codes is None else _called(plans, codes)
    laid = pl.concat(_one(plans, step, *moments) for step, moments in enumerate(_moments(plans, province.days)))
    begun = laid.filter(pl.col("start").is_between(0, until)).with_columns(
        end=pl.when(pl.col("end") <= until).then("end").otherwise(NEVER)
    )
    changed = begun.with_columns(changed=pl.max_horizontal("start", "end", "entered"))
    told = pl.col("end").gt(NEVER) | (pl.col("unit") % _TERSE != 0)
    return changed.filter(pl.col("changed") >= since, told).sort("changed", "number", "step")


def _called(plans: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    """Keep the plans of the dossiers called ``codes``."""
    units = tables().units.select(unit=pl.col("at").cast(pl.Int64), unit_code="code")
    return plans.join(units, on="unit", maintain_order="left").filter(code().is_in(codes)).drop("unit_code")


def written(steps: pl.DataFrame) -> pl.DataFrame:
    """Write steps as rows of the exchange: texts only, "" for null."""
    units = tables().units.select(unit=pl.col("at").cast(pl.Int64), unit_code="code", unit_name="name")
    rows = steps.join(units, on="unit", maintain_order="left")
    told = pl.col("unit") % _TERSE != 0
    spoken = rows.select(
        MaHoSo=pl.when(pl.col("defect") == 3).then(pl.lit("")).otherwise(code()),
        NguoiXuLy=_officer(),
        ChucDanh=_text(told, _word(_TITLES)),
        ThoiDiemXuLy=stamp("end"),
        PhongBanXuLy=_text(told, pl.format("{} - {}", _word(_ROOMS), "unit_name")),
        NoiDungXuLy=_spoken(),
        TrangThai=_status(),
        NgayBatDau=_text(told, stamp("start")),
        NgayKetThucTheoQuyDinh=_text(told, stamp("limit_at")),
    )
    return spoken.select(FIELDS)


def _one(plans: pl.DataFrame, step: int, start: np.ndarray, end: np.ndarray, limit: np.ndarray) -> pl.DataFrame:
    return plans.rename({"end": "end_kind"}).with_columns(
        step=pl.lit(step, pl.Int64), start=pl.Series(start), end=pl.Series(end), limit_at=pl.Series(limit)
    )


def _moments(plans: pl.DataFrame, days: Days) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Give beginning, end and limit of every step, NEVER where there is none."""
    p = {c: plans[c].to_numpy() for c in ("submitted", "received", "rejected", "started", "asked", "answered")}
    closed, due = plans["closed"].to_numpy(), plans["due"].to_numpy()
    received, started = p["received"], np.maximum(p["started"], p["received"])
    result = plans["end"].to_numpy() == lives.RESULT
    asked = p["asked"] > NEVER
    again = np.where(asked, p["answered"], NEVER)
    work_from = np.where(asked, again, started)
    review = _between(work_from, np.where(closed > NEVER, closed, NEVER), days)
    first_end = np.where(asked, np.maximum(p["asked"], started), review)
    never = np.full(len(received), NEVER)
    desk = days.desk_clock(received)
    appraised_by = np.where(received > NEVER, days.wall_clock(desk + _share(days.desk_clock(due) - desk)), NEVER)
    assigned_by = np.where(received > NEVER, days.wall_clock(desk + 4 * _HOUR), NEVER)
    taken_by = days.wall_clock(days.desk_clock(p["submitted"]) + 8 * _HOUR)
    out = np.where(result, closed, NEVER)
    returned = plans["returned"].to_numpy()
    return [
        (p["submitted"], np.maximum(received, p["rejected"]), taken_by),
        (received, started, assigned_by),
        (started, first_end, appraised_by),
        # Who never answers is waited for until the dossier is closed.
        (np.where(asked, first_end, NEVER), np.where(again > NEVER, again, closed), never),
        (again, np.where(again > NEVER, review, NEVER), appraised_by),
        (review, np.where(review > NEVER, closed, NEVER), due),
        (out, np.where(out > NEVER, returned, NEVER), never),
    ]


def _between(start: np.ndarray, end: np.ndarray, days: Days) -> np.ndarray:
    """Give the moment at which the first share of the work is done, in office hours."""
    both = (start > NEVER) & (end > start)
    first, last = days.desk_clock(start), days.desk_clock(end)
    moment = days.wall_clock(first + _share(last - first))
    return np.where(both, np.clip(moment, start, end), NEVER)


def _share(seconds: np.ndarray) -> np.ndarray:
    return (seconds * _APPRAISAL).astype(np.int64)


def _word(words: tuple[str, ...]) -> pl.Expr:
    return pl.lit(pl.Series(words)).gather(pl.col("step"))


def _text(told: pl.Expr, text: pl.Expr) -> pl.Expr:
    return pl.when(told).then(text).otherwise(pl.lit(""))


def _officer() -> pl.Expr:
    """Name who has the step: one intake desk for the whole unit by weekday, an appraiser by dossier, one who signs."""
    appraiser = (drawn(5) * _OFFICERS).cast(pl.Int64) + 10
    desk = pl.col("start") // DAY % 3
    person = pl.when(pl.col("step").is_in([INTAKE, HANDING_OUT])).then(desk).otherwise(appraiser)
    person = pl.when(pl.col("step") == ASSIGNMENT).then(5).when(pl.col("step") == APPROVAL).then(6).otherwise(person)
    return pl.format("Cán Bộ Giả Định {}.{}", "unit_code", person.cast(pl.String).str.zfill(2))


def _spoken() -> pl.Expr:
    """Write what officers write: what was done, for whom, and how to reach the person."""
    spoken = pl.lit("")
    for step, words in enumerate(_WORDS):
        spoken = pl.when(pl.col("step") == step).then(named(words)).otherwise(spoken)
    return spoken


def _status() -> pl.Expr:
    """Number the state (TrangThaiHoSo) that the dossier had in this step, or that the step left it in."""
    done = pl.col("end") > NEVER
    closed_as = pl.col("end_kind").replace_strict(
        {lives.RESULT: "9", lives.WITHDRAWN: "7", lives.REFUSED: "3", lives.STOPPED: "8"}, default="4"
    )
    waits = pl.col("pause").replace_strict(
        {lives.SUPPLEMENT: "5", lives.PAYMENT: "6", lives.HALTED: "8"}, default="4", return_dtype=pl.String
    )
    step = pl.col("step")
    return (
        pl.when(step == INTAKE)
        .then(
            pl.when(~done).then(pl.lit("1")).when(pl.col("received") > NEVER).then(pl.lit("2")).otherwise(pl.lit("3"))
        )
        .when(step == WAITING)
        .then(pl.when(~done).then(waits).when(pl.col("answered") > NEVER).then(pl.lit("4")).otherwise(closed_as))
        .when((step == APPRAISAL) & done & (pl.col("asked") > NEVER))
        .then(waits)
        .when((step == APPROVAL) & done)
        .then(closed_as)
        .when(step == HANDING_OUT)
        .then(pl.when(done).then(pl.lit("10")).otherwise(pl.lit("9")))
        .otherwise(pl.lit("4"))
    )
