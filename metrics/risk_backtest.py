"""Was the forecast any good? Made again on past evenings from what was known on them, and held against what came.

Rolling origin: at each of some past evenings the curves are learnt from earlier evenings as they were known by then,
the chance of every dossier that was open is told, and later seen. Beside it stands the obvious: the share that had
missed their day among all earlier ones whose day had come by then. What is not better is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import polars as pl

from config.insight_risk import Risk
from metrics.evenings import Evenings
from metrics.expected import number, stretch
from metrics.risk import Groups, chances, learn
from metrics.survival import Bools, Floats

#: Of the evenings, the first are only learnt from.
_WARM_UP: Final = 5
_BINS: Final = 10
#: What the rate of a procedure leans on the common one by, where it stands as a stronger base.
_LEAN: Final = 20.0
Why = Literal["few", "worse", ""]
CALIBRATION: Final = pl.Schema({"predicted": pl.Float64(), "observed": pl.Float64(), "n": pl.Int64()})


@dataclass(frozen=True)
class Tried:
    """The forecasts of one evening whose outcome is known: row by row."""

    origin: date
    chance: Floats
    missed: Bools
    base: float
    by_procedure: Floats
    left: Floats
    department: pl.Series


@dataclass(frozen=True)
class Backtest:
    """``n`` forecasts of ``origins`` evenings; Brier scores (0 never wrong, smaller is better) of the forecast, of the
    training base rate, and of the rate of each procedure. ``hidden`` with ``why``: "few" came due, or it is "worse".

    ``stretch``: of the intervals of departments, and of the whole (metrics.expected), found on all evenings. ``held``:
    share of the departments' intervals on the later half of the evenings that held what came, stretched by what the
    earlier half taught; of ``held_n``.
    """

    n: int = 0
    brier: float | None = None
    brier_base: float | None = None
    brier_procedure: float | None = None
    calibration: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CALIBRATION))
    origins: tuple[date, ...] = ()
    why: Why = "few"
    stretch_department: float = 1.0
    stretch_whole: float = 1.0
    held: float | None = None
    held_n: int = 0

    @property
    def hidden(self) -> bool:
        """Say whether nothing of the forecast may be shown."""
        return self.why != ""


def backtest(evenings: Evenings, numbered: Groups, as_of: date, settings: Risk) -> Backtest:
    """Try the forecast on past evenings of one source. ``as_of``: the last evening that is known."""
    tried = list(_tried(evenings, numbered, as_of, settings))
    if not tried:
        return Backtest()
    chance, missed = np.concatenate([t.chance for t in tried]), np.concatenate([t.missed for t in tried])
    base = np.concatenate([np.full(len(t.chance), t.base) for t in tried])
    brier, brier_base = brier_of(chance, missed), brier_of(base, missed)
    enough = len(missed) >= settings.least_scored and len(tried) > 1
    parts, wholes = _numbers(tried, settings.ahead)
    held = _held(tried, settings)
    return Backtest(
        n=len(missed),
        brier=brier,
        brier_base=brier_base,
        brier_procedure=brier_of(np.concatenate([t.by_procedure for t in tried]), missed),
        calibration=calibration(chance, missed),
        origins=tuple(t.origin for t in tried),
        why="few" if not enough else "" if brier < brier_base else "worse",
        stretch_department=stretch(parts, settings.within),
        stretch_whole=stretch(wholes, settings.within),
        held=float(np.mean(held)) if held else None,
        held_n=len(held),
    )


def origins(days: Sequence[date], most: int) -> list[date]:
    """Choose up to ``most`` of the evenings to try on, at equal distances, the newest among them."""
    later = days[len(days) // _WARM_UP :] if len(days) > _WARM_UP else []
    return list(later[:: -max(1, -(-len(later) // most))][::-1])


def _tried(evenings: Evenings, numbered: Groups, as_of: date, settings: Risk) -> Iterator[Tried]:
    seen = evenings.rows["evening"].unique().sort()
    for origin in origins([day for day in seen.to_list() if day < as_of], settings.origins):
        rows = slice(evenings.before(origin), evenings.before(origin + timedelta(days=1)))
        missed, known = evenings.missed(rows, as_of)
        past = slice(0, rows.start)
        was_missed, was_known = evenings.missed(past, origin)
        if not known.any() or not was_known.any():
            continue
        part = evenings.rows[rows]
        curves = learn(evenings, numbered, origin, settings)
        chance = chances(curves, numbered, rows, part["left"].to_numpy())
        base = float(was_missed[was_known].mean())
        stronger = _procedure_rates(evenings.rows[past].filter(was_known), was_missed[was_known], part, base)
        yield Tried(
            origin, chance[known], missed[known], base, stronger[known], part["left"].to_numpy()[known],
            part["department"].filter(known),
        )  # fmt: skip


def _procedure_rates(past: pl.DataFrame, missed: Bools, rows: pl.DataFrame, base: float) -> Floats:
    keys = ["field", "procedure", "promised"]
    told = past.select(keys).with_columns(missed=pl.Series(missed)).group_by(keys)
    rates = told.agg(n=pl.len(), late=pl.col("missed").sum())
    found = rows.select(keys).join(rates, on=keys, how="left", nulls_equal=True, maintain_order="left")
    late, n = (found[c].fill_null(0).cast(pl.Float64).to_numpy() for c in ("late", "n"))
    rate: Floats = (late + _LEAN * base) / (n + _LEAN)
    return rate


def brier_of(chance: Floats, missed: Bools) -> float:
    """Give the mean squared distance between what was said and what came."""
    return float(np.mean((chance - missed.astype(np.float64)) ** 2))


def calibration(chance: Floats, missed: Bools) -> pl.DataFrame:
    """Cut forecasts into tenths by their size, equal chances never apart: predicted and observed share, n of each."""
    rows = pl.DataFrame({"chance": chance, "missed": missed}).sort("chance")
    place = pl.int_range(pl.len()) * _BINS // pl.len()
    tenth = rows.with_columns(tenth=place).with_columns(pl.col("tenth").min().over("chance"))
    told = tenth.group_by("tenth", maintain_order=True).agg(
        predicted=pl.col("chance").mean(), observed=pl.col("missed").mean(), n=pl.len().cast(pl.Int64)
    )
    return told.select(CALIBRATION.names()).cast(CALIBRATION)


_Told = tuple[Floats, int]


def _numbers(tried: Sequence[Tried], ahead: Sequence[int]) -> tuple[list[_Told], list[_Told]]:
    """Give (chances, number seen late) of every evening and horizon: by department, and of the whole."""
    parts: list[_Told] = []
    wholes: list[_Told] = []
    for one in tried:
        for days in ahead:
            due = one.left <= days
            rows = pl.DataFrame({"chance": one.chance, "missed": one.missed, "department": one.department}).filter(due)
            parts += [_told(part) for _, part in rows.group_by("department", maintain_order=True)]
            wholes += [_told(rows)] if rows.height else []
    return parts, wholes


def _told(rows: pl.DataFrame) -> _Told:
    return rows["chance"].to_numpy(), int(rows["missed"].sum())


def _held(tried: Sequence[Tried], settings: Risk) -> list[bool]:
    """Say of the later half of the evenings whether the interval of each department held what came."""
    half = len(tried) // 2
    earlier, _ = _numbers(tried[:half], settings.ahead)
    later, _ = _numbers(tried[half:], settings.ahead)
    wide = stretch(earlier, settings.within)
    told = ((number(chances, stretch=wide, within=settings.within), seen) for chances, seen in later)
    return [found.low <= seen <= found.high for found, seen in told]
