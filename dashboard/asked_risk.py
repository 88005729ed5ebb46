"""What the page "Dự báo" asks: tables of the night within scope and choice, arrivals and the pace of the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from config import insight
from config.insight_risk import Capacity
from dashboard import cached, counts, data, insights
from dashboard.answers import risk, season
from dashboard.data import Ask
from dashboard.keys import HASH
from metrics import capacity, heard
from metrics.alike import hides, unseen
from metrics.capacity import Clearance
from metrics.evaluate import Map, figures
from metrics.events import Event
from metrics.freshness import Silent
from metrics.risk_tables import BACKTEST, CALIBRATION, EXPECTED, OPEN
from metrics.scope import Filters, Period, Scope
from metrics.standing import Standing


def expected(ask: Ask) -> pl.DataFrame | None:
    """Give what is expected late within scope and the chosen unit; None where no night was yet."""
    rows = insights.table(EXPECTED, ask.scope)
    return None if rows is None else rows.filter(Filters(department=ask.choice.filters.department).expr())


def dossiers(ask: Ask) -> pl.DataFrame:
    """Give the open dossiers with their chance, within scope and choice, the likeliest first: OPEN_ROWS and
    procedure_name. Whoever has since left, fallen late or stands still is in it no more."""
    rows = _open(ask.scope)
    if rows is None:
        return pl.DataFrame()
    now = data.open_dossiers(ask).filter(pl.col("standing") == Standing.IN_TERM.value, ~pl.col("suspended"))
    still = now.select(pl.col("source", "code").cast(pl.String), pl.col("procedure_name").cast(pl.String))
    found = rows.join(still, on=["source", "code"], how="inner")
    return found.sort("chance", "due_on", "code", descending=[True, False, False])


def _open(scope: Scope) -> pl.DataFrame | None:
    """Give the open dossiers within scope. What a sentence rests on is left out where it could be one neighbour or two:
    of the units beside the dossier's own, the reader may see all the others in scope."""
    rows = insights.table(OPEN, scope)
    if rows is None or scope.departments is None:
        return rows
    unseen = pl.col("n_others") - (len(scope.departments) - 1)
    safe = (pl.col("n_others") == 0) | (unseen >= insight.load().alike.others)
    rests = {"alike": None, "n_alike": 0, "missed_alike": None}
    return rows.with_columns(pl.when(safe).then(pl.col(name)).otherwise(pl.lit(to)).alias(name)
                             for name, to in rests.items())  # fmt: skip


def tried() -> pl.DataFrame | None:
    """Give how the forecast of each source did; of which of them a reader is told: ``readable``."""
    return insights.table(BACKTEST, Scope.province())


def readable(ask: Ask, tried: pl.DataFrame) -> pl.DataFrame:
    """Keep the sources that tell of no unit out of scope: theirs are all of the reader's, or at least alike.others
    others beside those. How often forecasts of the one neighbour came true is how often that one was late."""
    seen = ask.scope.departments
    if seen is None:
        return tried
    units = _units(ask.version).group_by("source").agg(unseen=unseen(seen), mine=pl.col("department").is_in(seen).any())
    told = units.filter("mine", hides("unseen", insight.load().alike.others))["source"].implode()
    return tried.filter(pl.col("source").is_in(told))


@cached.resource(max_entries=2)
def _units(version: str) -> pl.DataFrame:
    """Give the units of each source, of those that name one; whoever asks of it tells no names."""
    return counts.names(version).select("source", "department").unique().drop_nulls()


def tenths(source: str) -> pl.DataFrame:
    """Give the forecasts of a source by tenths beside what came."""
    rows = insights.table(CALIBRATION, Scope.province())
    return pl.DataFrame() if rows is None else rows.filter(pl.col("source") == source)


def chance_of(row: dict[str, Any], scope: Scope) -> dict[str, Any] | None:
    """Give what the night said of one dossier that is still in term, within scope; None where it said nothing."""
    if row["standing"] != Standing.IN_TERM.value or row["suspended"]:
        return None
    rows = _open(scope)
    if rows is None:
        return None
    found = rows.filter(pl.col("source") == str(row["source"]), pl.col("code") == row["code"])
    told = found.row(0, named=True) if found.height else None
    return told if told and told["due_on"] == row["due_on"] else None


def quiet(row: dict[str, Any], scope: Scope) -> str:
    """Give the one sentence about its chance that a dossier's own page has; "" where there is none."""
    told = chance_of(row, scope)
    return risk.quiet(told, insight.load().risk) if told else ""


# ---------- season and pace ----------


def by_month(ask: Ask) -> pl.DataFrame:
    """Give arrivals by month: metrics.capacity.SEASON."""
    return capacity.by_month(_received(ask), data.calendar(), _last(ask))


def around_tet(ask: Ask, settings: Capacity) -> pl.DataFrame:
    """Give arrivals around Tết: metrics.capacity.SEASON."""
    starts = capacity.tets(data.calendar())
    return capacity.around(_received(ask), data.calendar(), _last(ask), starts, settings.around_tet)


def around_new_year(ask: Ask, settings: Capacity) -> pl.DataFrame:
    """Give arrivals around 1 January: metrics.capacity.SEASON."""
    rows = _received(ask)
    starts = capacity.new_years(rows)
    return capacity.around(rows, data.calendar(), _last(ask), starts, settings.around_tet)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the pending last, and who is in neither they nor the weeks: ``quiet``, who hold ``held`` of them."""

    found: Clearance | None
    quiet: tuple[Silent, ...] = ()
    held: int = 0


def pace(ask: Ask, settings: Capacity) -> Pace:
    """Give how long the pending of the chosen unit last at the pace of the last whole weeks. Who was not heard to their
    end told of nothing that came or left: what they hold is not counted either."""
    mondays = season.whole_weeks(ask.choice.today - timedelta(days=1), settings.pace_weeks)
    first = data.options(ask.version, ask.scope, ask.choice.today).first_day
    mondays = [monday for monday in mondays if monday >= first]
    if not mondays:
        return Pace(None)
    period = Period(mondays[0], mondays[-1] + timedelta(days=6))
    choice, pending = ask.choice, data.open_dossiers(ask).filter(pl.col("standing") != Standing.AWAITING.value)
    quiet = tuple(each for each in data.gone(ask, period) if pending.filter(each.expr()).height)
    silent = heard.left_expr(quiet)
    told = figures(
        counts.mine(ask.version, ask.scope, choice.filters, choice.on_map, period.start).filter(~silent), period=period,
        as_of=choice.today, scope=ask.scope, by=["week"], filters=choice.filters, on_map=choice.on_map,
    ).select("week", "received", "resolved")  # fmt: skip
    calendar = data.calendar()
    worked = [calendar.between(monday - timedelta(days=1), monday + timedelta(days=6)) for monday in mondays]
    weeks = pl.DataFrame({"week": mondays, "worked": worked}).join(told, on="week", how="left").fill_null(0)
    held = pending.filter(silent).height
    return Pace(capacity.clearance(weeks.sort("week"), pending.height - held, settings), quiet, held)


def _last(ask: Ask) -> date:
    return ask.choice.today - timedelta(days=1)


def _received(ask: Ask) -> pl.DataFrame:
    return _came(ask.version, ask.scope, ask.choice.filters, ask.choice.on_map)


@cached.resource(max_entries=16, hash_funcs=HASH)
def _came(version: str, scope: Scope, chosen: Filters, on_map: Map) -> pl.DataFrame:
    rows = counts.every(version, Event.RECEIVED, scope, chosen, on_map)
    return rows.group_by("day").agg(pl.col("n").cast(pl.Int64).sum()).sort("day").collect()
