"""The forecast of the night: each pending dossier's chance, what is expected late, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from config.insight import Insight
from config.insight_risk import Risk
from jobs.insight_world import World
from jobs.mailing import ZONE
from metrics.calendar import WorkingCalendar
from metrics.dossier import KEY
from metrics.evenings import LIVED, Evenings, evenings, lives, newest, recent, sampled
from metrics.expected import by_department
from metrics.freshness import CLOSE
from metrics.risk import alike, chances, groups, learn
from metrics.risk_backtest import Backtest, backtest
from metrics.risk_tables import (
    BACKTEST,
    BACKTEST_ROWS,
    CALIBRATION,
    CALIBRATION_ROWS,
    EXPECTED,
    EXPECTED_ROWS,
    OPEN,
    OPEN_ROWS,
)  # fmt: skip
from metrics.steps_known import done, with_done, without_history
from store import insight, snapshot

Steps = Callable[[str], pl.DataFrame]


@dataclass(frozen=True)
class Forecast:
    """Of one source: its back-test, and the dossiers open on the evening with their chances (OPEN_ROWS)."""

    source: str
    tried: Backtest
    open: pl.DataFrame


def make(world: World) -> Mapping[str, pl.DataFrame]:
    """Give the four tables; what does not beat the obvious leaves no row in the first two."""
    settings = world.settings.risk
    evening = evening_of(world)
    found = of_world(world)
    shown = [one for one in found if not one.tried.hidden]
    since = _hidden_since(world)
    return {
        OPEN: pl.concat([OPEN_ROWS.to_frame(), *(one.open for one in shown)]),
        EXPECTED: pl.concat([EXPECTED_ROWS.to_frame(), *(_expected(one, settings) for one in shown)]),
        BACKTEST: pl.DataFrame([_told(one, evening, since) for one in found], schema=BACKTEST_ROWS, orient="row"),
        CALIBRATION: pl.concat([CALIBRATION_ROWS.to_frame(), *(_calibration(one) for one in found)]),
    }


def evening_of(world: World) -> date:
    """Give the last evening that is known whole: that of the newest observation, or the one before while its day
    lasts."""
    newest = world.state.newest_at.astimezone(ZONE) if world.state.newest_at else None
    if newest is None:
        return world.as_of
    return min(world.as_of, newest.date() if newest.time() >= CLOSE else newest.date() - timedelta(days=1))


def of_world(world: World) -> list[Forecast]:
    """Forecast each source of a world (``forecasts``)."""

    def steps(source: str) -> pl.DataFrame:
        ways = snapshot.read(world.store, world.state, "observed").filter(
            pl.col("source") == source, pl.col("way").is_not_null()
        )
        return done(ways.select(*KEY, "way").collect(), world.terms[source].zone)

    return forecasts(world.facts(), evening_of(world), world.book.calendar, world.settings, steps=steps)


def forecasts(
    facts: pl.LazyFrame, as_of: date, calendar: WorkingCalendar, by: Insight, *, steps: Steps | None = None
) -> list[Forecast]:
    """Forecast each source of ``facts`` by itself, in the order of their names. ``as_of``: the last evening known.
    ``steps``: gives of a source the steps that were done by when (metrics.steps_known.done); asked where facts hold no
    history of steps that begin.

    What has left since that evening is known to have, and is in no forecast.
    """
    sources, settings = newest(facts), by.risk
    told = recent(facts.select(LIVED), sources, as_of, settings.history).collect()
    lone = without_history(told) if steps else []
    if steps and lone:
        told = with_done(told, pl.concat(steps(source) for source in lone), lone)
    rows = lives(told, calendar)
    found = []
    for source in sources:
        own = rows.of(source)
        days = sampled(own.rows, calendar, as_of, history=settings.history, most=settings.rows)
        found.append(_forecast(source, evenings(own, [*days, as_of], farthest=settings.horizon), as_of, by))
    return found


def _forecast(source: str, seen: Evenings, as_of: date, by: Insight) -> Forecast:
    numbered, settings = groups(seen), by.risk
    tried = backtest(seen, numbered, as_of, settings)
    now = slice(seen.before(as_of), seen.rows.height)
    curves = learn(seen, numbered, as_of, settings)
    rows = seen.rows[now]
    chance = chances(curves, numbered, now, rows["left"].to_numpy())
    rests = alike(seen, numbered, curves, now, fewest=settings.fewest, others=by.alike.others)
    told = rows.hstack(rests).with_columns(chance=pl.Series(chance, dtype=pl.Float64), days_left="left")
    still = told.filter(pl.col("left_on").is_null())
    return Forecast(source, tried, still.select(pl.col(c).cast(kind) for c, kind in OPEN_ROWS.items()))


def _expected(one: Forecast, settings: Risk) -> pl.DataFrame:
    rows = one.open.rename({"days_left": "left"})
    found = by_department(
        rows,
        settings.ahead,
        apart=one.tried.apart,
        within=settings.within,
        keys=["source", "department"],
    )
    whole = one.tried.apart_whole
    told = found.with_columns(share_whole=pl.lit(whole.share), wider_whole=pl.lit(whole.wider))
    return told.select(pl.col(c).cast(kind) for c, kind in EXPECTED_ROWS.items())


def _told(one: Forecast, evening: date, since: Mapping[str, date]) -> dict[str, object]:
    tried = one.tried
    return {
        "source": one.source, "evening": evening, "n": tried.n, "evenings": len(tried.origins),
        "from_on": tried.origins[0] if tried.origins else None, "to_on": tried.origins[-1] if tried.origins else None,
        "brier": tried.brier, "brier_base": tried.brier_base, "brier_procedure": tried.brier_procedure,
        "held": tried.held, "held_n": tried.held_n, "hidden": tried.hidden, "why": tried.why,
        "hidden_since": since.get(one.source, evening) if tried.hidden else None,
    }  # fmt: skip


def _calibration(one: Forecast) -> pl.DataFrame:
    named = one.tried.calibration.with_columns(source=pl.lit(one.source))
    return named.select(CALIBRATION_ROWS.names()).cast(CALIBRATION_ROWS)


def _hidden_since(world: World) -> dict[str, date]:
    """Give since when each source that was hidden the night before has been so."""
    made = insight.read_made(world.store)
    before = insight.table(world.store, made, BACKTEST) if made else None
    if before is None:
        return {}
    rows = before.select("source", "hidden_since").drop_nulls().collect()
    return dict(rows.iter_rows())
