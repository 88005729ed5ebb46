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
from metrics.dispersion import Apart, Outcome, learned
from metrics.evenings import Evenings
from metrics.expected import Counted, counted, reach
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
    due: pl.Series  # the day on which the outcome was known


@dataclass(frozen=True)
class Backtest:
    """``n`` forecasts of ``origins`` evenings; Brier scores (0 never wrong, smaller is better) of the forecast, of the
    training base rate, and of the rate of each procedure. ``hidden`` with ``why``: "few" came due, or it is "worse".

    ``apart``: of departments, and of the whole (metrics.dispersion), learnt from all evenings. ``held``: share of the
    departments' intervals on the later half of the evenings that held what came, each as wide as was known on its
    evening; of ``held_n``.
    """

    n: int = 0
    brier: float | None = None
    brier_base: float | None = None
    brier_procedure: float | None = None
    calibration: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CALIBRATION))
    origins: tuple[date, ...] = ()
    why: Why = "few"
    apart: Apart = Apart()
    apart_whole: Apart = Apart()
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
    parts, wholes = _numbers(tried, settings)
    z = reach(settings.within)
    held = _held(parts, len(tried) // 2, z)
    return Backtest(
        n=len(missed),
        brier=brier,
        brier_base=brier_base,
        brier_procedure=brier_of(np.concatenate([t.by_procedure for t in tried]), missed),
        calibration=calibration(chance, missed),
        origins=tuple(t.origin for t in tried),
        why="few" if not enough else "" if brier < brier_base else "worse",
        apart=learned([one.outcome for one in parts], z),
        apart_whole=learned([one.outcome for one in wholes], z),
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
        judged = evenings.judged(rows, as_of)
        missed, known = (judged[c].to_numpy().astype(np.bool_) for c in ("late", "settled"))
        past = slice(0, rows.start)
        was_missed, was_known = evenings.missed(past, origin)
        if not known.any() or not was_known.any():
            continue
        part = evenings.rows[rows]
        curves = learn(evenings, numbered, origin, settings, whole=False)
        chance = chances(curves, numbered, rows, part["left"].to_numpy())
        base = float(was_missed[was_known].mean())
        stronger = _procedure_rates(evenings.rows[past].filter(was_known), was_missed[was_known], part, base)
        yield Tried(
            origin, chance[known], missed[known], base, stronger[known], part["left"].to_numpy()[known],
            part["department"].filter(known), judged["due"].filter(known),
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


@dataclass(frozen=True, slots=True)
class _Number:
    """Of a department, or of all, on one evening and for one horizon: expected, come true, and known since when."""

    origin: date
    known_on: date
    counted: Counted
    outcome: Outcome


def _numbers(tried: Sequence[Tried], settings: Risk) -> tuple[list[_Number], list[_Number]]:
    """Count on every evening, for each horizon: by department, and of the whole."""
    parts: list[_Number] = []
    wholes: list[_Number] = []
    for evening, one in enumerate(tried):
        rows = pl.DataFrame({"chance": one.chance, "missed": one.missed, "department": one.department, "due": one.due})
        for days in settings.ahead:
            due = rows.filter(one.left <= days)
            for _, part in due.group_by("department", maintain_order=True):
                parts.append(_number(part, evening, one.origin, settings.within))
            wholes += [_number(due, evening, one.origin, settings.within)] if due.height else []
    return parts, wholes


def _number(rows: pl.DataFrame, evening: int, origin: date, within: float) -> _Number:
    told = counted(rows["chance"].to_numpy(), within)
    outcome = Outcome(evening, told.expected, told.variance, told.root, int(rows["missed"].sum()))
    return _Number(origin, rows.select(pl.col("due").max()).item(), told, outcome)


def _held(numbers: Sequence[_Number], first: int, z: float) -> list[bool]:
    """Say of the evenings from the number ``first`` on whether each interval, as wide as what was known on its evening
    makes it, held what came."""
    found: list[bool] = []
    apart: dict[date, Apart] = {}
    for one in numbers:
        if one.outcome.evening < first:
            continue
        if one.origin not in apart:
            apart[one.origin] = learned([past.outcome for past in numbers if past.known_on <= one.origin], z)
        low, high = one.counted.ends(apart[one.origin])
        found.append(low <= one.outcome.late <= high)
    return found
