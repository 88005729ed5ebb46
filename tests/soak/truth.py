"""What the product says held against what the province knows of itself: every dossier, every figure of every unit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from connectors.simulator.days import DAY, NEVER, wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.state import code
from connectors.simulator.tables import tables
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store
from tests.demo import truth

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
#: More of what is wrong than this is not told one by one.
TOLD: Final = 5


def apart(store: Store, province: Province, at: datetime) -> tuple[list[str], int]:
    """Give what differs at ``at``, and how many dossiers and figures were compared."""
    state = snapshot.read_manifest(store)
    if state is None:
        return ["there are no figures"], 0
    wrong, dossiers = _dossiers(snapshot.facts(store, state), province, wall_seconds(at))
    today = at.astimezone(ZONE).date()
    week = today - timedelta(days=6)
    cube, count = snapshot.cube(store, state), 0
    for start in (week, date(2024, 1, 1)):
        found, compared = _figures(cube, province, wall_seconds(at), Period(start, today))
        wrong, count = wrong + found, count + compared
    return wrong, dossiers + count


def _dossiers(facts: pl.LazyFrame, province: Province, now: int) -> tuple[list[str], int]:
    """Hold each dossier that the source shows by ``now`` against the product's: its number, receipt, and closing."""
    units = tables().units.select(unit=pl.col("at").cast(pl.Int64), unit_code="code")
    plans = province.plans.filter(pl.col("entered") <= now, pl.col("defect") == 0).join(units, on="unit")
    true = plans.select(code=code(), received=_day("received", now), closed=_closed(now))
    told = facts.select(
        "code", received=pl.col("received_on").to_physical(), closed=pl.col("closed_on").to_physical()
    ).collect()
    both = true.join(told, on="code", how="full", suffix="_told", coalesce=False)
    same = pl.all_horizontal(
        pl.col("code").is_not_null(), pl.col("code_told").is_not_null(),
        pl.col("received").eq_missing(pl.col("received_told")), pl.col("closed").eq_missing(pl.col("closed_told")),
    )  # fmt: skip
    wrong = both.filter(~same)
    return [f"dossier {row}" for row in wrong.head(TOLD).rows()] + _more(wrong.height), true.height


def _day(moment: str, now: int) -> pl.Expr:
    happened = pl.col(moment).is_between(0, now)
    return pl.when(happened).then(pl.col(moment) // DAY).cast(pl.Int32)


def _closed(now: int) -> pl.Expr:
    """Give the day that the source says it was closed on, once it says that it was closed."""
    return pl.when((pl.col("closed") > NEVER) & (pl.col("closed") <= now)).then(pl.col("finish") // DAY).cast(pl.Int32)


def _figures(cube: pl.DataFrame, province: Province, now: int, period: Period) -> tuple[list[str], int]:
    """Hold the figures of every unit against the province's own."""
    true = truth.counts(province, now, period.start, period.end)
    names = [name for name in true.columns if name != "department"]
    found = figures(cube, period=period, as_of=period.end, by=["department"], scope=Scope.province())
    both = true.join(found.select("department", *names), on="department", how="left", suffix="_told")
    wrong = [
        f"{name} of {row['department']}, {period.start} to {period.end}: {row[f'{name}_told']}, true {row[name]}"
        for row in both.iter_rows(named=True)
        for name in names
        if row[name] != (row[f"{name}_told"] or 0)
    ]
    return wrong[:TOLD] + _more(len(wrong)), true.height * len(names)


def _more(count: int) -> list[str]:
    return [f"… and {count - TOLD} more"] if count > TOLD else []


def day_of(moment: datetime) -> date:
    """Give the day in the province."""
    return moment.astimezone(ZONE).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give an instant by the clock on the province's wall."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
