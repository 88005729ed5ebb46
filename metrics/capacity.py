"""Season and pace: when more comes than usual, and how long the backlog lasts as work goes on now.

What comes in is counted per working day, so that a month with holidays is not a weak month. Around Tết and the end of
the year stretches of five working days are laid beside each other by their distance from it: Tết moves by weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final

import polars as pl

from config.insight_risk import Capacity
from metrics.calendar import WorkingCalendar
from metrics.dispersion import student

#: Columns of ``season``: index 1 is an ordinary working day of its year; low and high over the years.
SEASON: Final = pl.Schema(
    {"place": pl.Int64(), "index": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "years": pl.Int64(),
     "received": pl.Int64()}
)  # fmt: skip
TET: Final = "Tết Nguyên Đán"
_STRETCH: Final = 5  # working days
_MONTHS: Final = 12
_DAY: Final = timedelta(days=1)
#: Half of the intervals: 90 % lie inside (normal quantile, widened for few weeks).
_Z: Final = 1.6449


@dataclass(frozen=True, slots=True)
class Clearance:
    """How long ``pending`` dossiers last. Per working day ``received`` came and ``resolved`` left over ``weeks`` weeks.

    ``work``: working days of work at hand, if nothing came. ``days``: until nothing is pending as now more leaves than
    comes; None: it does not fall. ``soonest``, ``latest``: the interval, ``latest`` None: perhaps never.
    """

    pending: int
    weeks: int
    received: float
    resolved: float
    work: float | None
    days: float | None
    soonest: float | None
    latest: float | None

    @property
    def falls(self) -> bool:
        """Say whether more leaves than comes."""
        return self.resolved > self.received


# ---------- season ----------


def by_month(received: pl.DataFrame, calendar: WorkingCalendar, last: date) -> pl.DataFrame:
    """Give SEASON by month (place 1 … 12). ``received``: day, n (dossiers that came; days without any may be missing).

    Whole years only, each of twelve whole months, the newest ending before the month of ``last``: what a month had per
    working day beside what its year had.
    """
    months = _months(received, calendar, last)
    years = months.height // _MONTHS
    whole = months.tail(years * _MONTHS).with_columns(year=pl.int_range(pl.len()) // _MONTHS)
    level = pl.col("n").sum().over("year") / pl.col("worked").sum().over("year")
    index = pl.when(pl.col("worked") > 0).then(pl.col("n") / pl.col("worked") / level)
    return _folded(whole.with_columns(index=index, place=pl.col("month").dt.month()))


def around(
    received: pl.DataFrame, calendar: WorkingCalendar, last: date, anchors: Sequence[date], stretches: int
) -> pl.DataFrame:
    """Give SEASON by stretches of five working days before (place −1, −2 …) and from (1, 2 …) days of the years.

    ``anchors``: the first day off of each Tết, or each 1 January. Of each only what is known whole; an ordinary working
    day is one of the year around it.
    """
    days = _worked_days(received, calendar, last)
    parts = [_around_one(days, anchor, stretches) for anchor in anchors]
    return _folded(pl.concat([pl.DataFrame(schema=_PLACED), *parts]))


def tets(calendar: WorkingCalendar) -> list[date]:
    """Give the first day off of each Tết that the calendar knows."""
    off = sorted(day for day, why in calendar.days.off.items() if TET in why)
    return [day for day in off if not any(day - n * _DAY in off for n in range(1, 20))]


def new_years(received: pl.DataFrame) -> list[date]:
    """Give each 1 January within the days of ``received``."""
    if received.is_empty():
        return []
    first, last = received.select(pl.col("day").min()).item(), received.select(pl.col("day").max()).item()
    return [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]


_PLACED: Final = {"place": pl.Int64(), "n": pl.Int64(), "index": pl.Float64(), "year": pl.Int64()}


def _around_one(days: pl.DataFrame, anchor: date, stretches: int) -> pl.DataFrame:
    """Cut the working days around one anchor into stretches; nothing where they are not all known."""
    before, after = days.filter(pl.col("day") < anchor), days.filter(pl.col("day") >= anchor)
    reach = stretches * _STRETCH
    if before.height < reach or after.height < reach:
        return pl.DataFrame(schema=_PLACED)
    year = days.filter(pl.col("day").is_between(anchor - 182 * _DAY, anchor + 182 * _DAY))
    level = year["n"].mean()
    back = before.tail(reach).with_columns(place=(pl.int_range(pl.len()) // _STRETCH) - stretches)
    on = after.head(reach).with_columns(place=(pl.int_range(pl.len()) // _STRETCH) + 1)
    told = pl.concat([back, on]).group_by("place").agg(n=pl.col("n").sum())
    index = pl.col("n") / _STRETCH / level if level else pl.lit(None, pl.Float64)
    return told.with_columns(index=index, year=pl.lit(anchor.year)).select(
        pl.col(c).cast(k) for c, k in _PLACED.items()
    )


def _worked_days(received: pl.DataFrame, calendar: WorkingCalendar, last: date) -> pl.DataFrame:
    """Give day and n of every working day from the first receipt to ``last``; what came on a day off is the next
    one's."""
    known = received.filter(pl.col("day") <= last)
    if known.is_empty():
        return pl.DataFrame(schema={"day": pl.Date(), "n": pl.Int64()})
    first = known.select(pl.col("day").min()).item()
    every = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    worked = every.filter(pl.Series([calendar.is_working(day) for day in every["day"]]))
    # ``day`` itself where it is worked, else the next working day.
    on = calendar.shift(pl.col("day").dt.offset_by("-1d"), 1)
    counted = known.group_by(day=on).agg(n=pl.col("n").sum().cast(pl.Int64))
    return worked.join(counted, on="day", how="left").with_columns(pl.col("n").fill_null(0)).sort("day")


def _months(received: pl.DataFrame, calendar: WorkingCalendar, last: date) -> pl.DataFrame:
    """Give month, n and worked (days) of every whole month that is known, the first of the receipts left out if it
    began within."""
    days = _worked_days(received, calendar, last)
    if days.is_empty():
        return pl.DataFrame(schema={"month": pl.Date(), "n": pl.Int64(), "worked": pl.Int64()})
    month = pl.col("day").dt.truncate("1mo")
    told = days.group_by(month=month).agg(n=pl.col("n").sum(), worked=pl.len().cast(pl.Int64)).sort("month")
    first = received.select(pl.col("day").min()).item()
    begun = calendar.between(first.replace(day=1) - _DAY, first - _DAY)  # working days of its month before it
    whole = told.filter(pl.col("month") < last.replace(day=1) if not _ends(last) else pl.lit(True))
    return whole.filter(pl.col("month") > first) if begun else whole


def _ends(day: date) -> bool:
    return (day + _DAY).day == 1


def _folded(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.drop_nulls("index").group_by("place").agg(
        index=pl.col("index").mean(), low=pl.col("index").min(), high=pl.col("index").max(), years=pl.len(),
        received=pl.col("n").sum(),
    )  # fmt: skip
    return told.select(pl.col(c).cast(kind) for c, kind in SEASON.items()).sort("place")


# ---------- pace ----------


def clearance(weeks: pl.DataFrame, pending: int, settings: Capacity) -> Clearance | None:
    """Give how long ``pending`` dossiers last at the pace of the last weeks; None where too few are known.

    ``weeks``: received, resolved, worked (working days) of whole weeks, oldest first; those without a working day are
    left out. The interval is that of the weekly net per working day.
    """
    known = weeks.filter(pl.col("worked") > 0).tail(settings.pace_weeks)
    if known.height < settings.fewest_weeks:
        return None
    worked = int(known["worked"].sum())
    received, resolved = (int(known[c].sum()) / worked for c in ("received", "resolved"))
    net = resolved - received
    each = (known["resolved"] - known["received"]) / known["worked"]
    weight = known["worked"] / worked
    spread = sqrt(float((weight * (each - net) ** 2).sum()) / (known.height - 1))
    reach = student(_Z, known.height - 1) * spread
    return Clearance(
        pending, known.height, received, resolved,
        work=pending / resolved if resolved else None, days=_lasts(pending, net),
        soonest=_lasts(pending, net + reach), latest=_lasts(pending, net - reach),
    )  # fmt: skip


def _lasts(pending: int, net: float) -> float | None:
    return pending / net if net > 1e-9 else None
