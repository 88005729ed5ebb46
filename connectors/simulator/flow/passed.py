"""The steps of a played world as the step service of the exchange tells them: who had a dossier, from when to when.

What was done has ThoiDiemXuLy; the step that has the dossier now has NgayBatDau only. Names and texts are made up.
"""

from __future__ import annotations

import polars as pl

from connectors.simulator.attached import named
from connectors.simulator.days import NEVER
from connectors.simulator.flow.lies import synced
from connectors.simulator.flow.scenario import HANDING_OUT
from connectors.simulator.flow.world import World
from connectors.simulator.state import code, stamp

_SIGNED = "Phê duyệt"


def changed_steps(world: World, since: int, until: int) -> pl.DataFrame:
    """Give the steps that began or were done, as seen in [since, until], oldest first; columns for ``written``."""
    true = world.truth.select("number", "submitted", "serial", "procedure", "delay", "closed", own="unit")
    rows = world.steps.filter(pl.col("began").is_between(0, until)).join(true, on="number", maintain_order="left")
    begun, ended = (synced(world.plan, rows["own"].to_numpy(), rows[c].to_numpy(), rows["delay"].to_numpy())
                    for c in ("began", "ended"))  # fmt: skip
    seen = rows.with_columns(begun=pl.Series(begun), done=pl.Series(ended)).with_columns(
        done=pl.when(pl.col("done") <= until).then("done").otherwise(NEVER),
        end=pl.when(pl.col("done") <= until).then("ended").otherwise(NEVER),
    )
    changed = seen.filter(pl.col("begun") <= until).with_columns(changed=pl.max_horizontal("begun", "done"))
    told = changed.filter(pl.col("changed") >= since).with_columns(start="began", limit_at=pl.lit(NEVER, pl.Int64))
    return _named(world, told).sort("changed", "number", "place")


def of_dossiers(steps: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    """Keep the steps of the dossiers called ``codes``."""
    return steps.filter(code().is_in(codes))


def written(steps: pl.DataFrame) -> pl.DataFrame:
    """Write steps as rows of CapNhatTienDoHoSoMC: texts only, "" for null."""
    return steps.select(
        MaHoSo=code(),
        NguoiXuLy=officer(),
        ChucDanh=pl.when(pl.col("step").str.contains(_SIGNED))
        .then(pl.lit("Lãnh đạo"))
        .otherwise(pl.lit("Chuyên viên")),
        ThoiDiemXuLy=stamp("end"),
        PhongBanXuLy=pl.format("{} - {}", "step", "unit_name"),
        NoiDungXuLy=pl.col("step") + named(" hồ sơ"),
        TrangThai=state(),
        NgayBatDau=stamp("began"),
        NgayKetThucTheoQuyDinh=pl.lit(""),
    )


def officer() -> pl.Expr:
    """Give the made-up name of who has a step."""
    return pl.format("Cán Bộ Giả Định {}", pl.col("officer").cast(pl.String).str.zfill(4))


def state() -> pl.Expr:
    """Say in the exchange's numbers whether a step was the last of its dossier."""
    last = (pl.col("end") > NEVER) & (pl.col("end") == pl.col("closed"))
    return pl.when(last).then(pl.lit("9")).otherwise(pl.lit("4"))


def _named(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the code of the unit that received the dossier, the name of the one that has it, and the step's own name."""
    told, route = world.plan.told, world.plan.route[rows["procedure"].to_numpy()]
    steps = [[s.name for s in r.step if s.desk != HANDING_OUT] for r in told.route]
    most = max(map(len, steps))
    flat = pl.Series([name for one in steps for name in (*one, *[""] * (most - len(one)))])
    return rows.with_columns(
        unit_code=pl.Series([u.code for u in told.unit]).gather(rows["own"]),
        unit_name=pl.Series([u.name for u in told.unit]).gather(rows["unit"]),
        step=flat.gather(pl.Series(route * most) + rows["place"]),
    )
