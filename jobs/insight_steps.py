"""Where dossiers spend their time: every visit to a step of the last year, counted once in the night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from jobs.insight_world import World
from metrics.dossier import CLOSED, KEY, SUSPENDED
from metrics.halts import halts
from metrics.local import local
from metrics.standing import PENDING, Standing, standing
from metrics.step_figures import CHOSEN, KEPT, LATE, OPEN, OPEN_LATE, UNJUDGED, times
from metrics.step_losses import losses, usual
from metrics.step_tables import HANDS, KNOWN, LATE_KNOWN, LOST, OF_SOURCES, ROUTES, TIMES
from metrics.step_ways import WAYS, costs, counted
from metrics.visit_times import timed
from metrics.visits import visits, ways
from store import snapshot

_ENDINGS: Final = {
    Standing.RESOLVED_EARLY: KEPT, Standing.RESOLVED_ON_TIME: KEPT, Standing.RESOLVED_OVERDUE: LATE,
    Standing.RESOLVED_UNDETERMINED: UNJUDGED, Standing.IN_TERM: OPEN, Standing.UNDETERMINED: OPEN,
    Standing.OVERDUE: OPEN_LATE,
}  # fmt: skip
_OF_FACTS: Final = (*KEY, "department", "department_own", "field", "procedure", "ending", "recent", "days")
_KEPT_OF_VISITS: Final = (
    "step", "handler", "unit", "split", "named", "running", "inside", "waiting", "holding", "unsplit", "suspended",
    "again", "handed", "after",
)  # fmt: skip
#: Dossiers that are counted together, about: few enough for the memory, and not a question for each of many old months.
_AT_ONCE: Final = 60_000
#: Days by which an instant may lie apart from the day that it is at its place.
_ZONES: Final = 2
_CATEGORIES: Final = ("department", "field", "procedure", "step", "unit", "handler", "ending")


def make(world: World) -> Mapping[str, pl.DataFrame]:
    """Count the steps of the dossiers that are open, or were closed within the days of the settings: the tables of
    metrics.step_tables."""
    some: list[tuple[pl.DataFrame, pl.DataFrame]] = []
    for months in _at_once(world):
        part = _of_months(world, months, first=sum(before.height for before, _ in some))
        some += [part] if part else []
    if not some:
        return {}
    dossiers, rows = (pl.concat(frames) for frames in zip(*some, strict=True))
    mine = world.settings.steps
    lost, late = losses(rows, usual(rows, mine.least))
    closed = dossiers.filter(pl.col("way").is_not_null() | pl.col("told"))
    named = rows.filter("recent", pl.col("handler").is_not_null())
    found = {
        TIMES: times(rows), LOST: lost, LATE_KNOWN: late,
        ROUTES: counted(closed, mine.ways).select(WAYS), KNOWN: _known(dossiers),
        HANDS: times(named, ("department", "procedure", "handler"), ("whole",)),
    }  # fmt: skip
    return {name: table.with_columns(pl.col(pl.Categorical).cast(pl.String)) for name, table in found.items()}


def _at_once(world: World) -> list[list[str]]:
    """Put the months together that have few dossiers to count, in their order; those that have none are left out."""
    parts = [
        snapshot.read(world.store, world.state, "facts", [month]).filter(_asked_for(world)).select(n=pl.len())
        for month in world.state.parts
    ]
    groups: list[list[str]] = []
    held = _AT_ONCE
    for month, count in zip(world.state.parts, pl.collect_all(parts), strict=True):
        if (n := int(count.item())) == 0:
            continue
        if held + n > _AT_ONCE:
            groups.append([])
            held = 0
        groups[-1].append(month)
        held += n
    return groups


def _asked_for(world: World) -> pl.Expr:
    """Tell dossiers that are open, or were closed lately (facts)."""
    after = world.as_of - timedelta(days=world.settings.steps.days)
    lately = pl.col("closed_on").is_null() | (pl.col("closed_on") > after)
    return lately & pl.col("received_on").is_not_null()


def _maybe_asked_for(world: World) -> pl.Expr:
    """Tell observed dossiers among which are all that are asked for, by a few columns: the ways of the others, in a
    store of ten years most, need not be read."""
    after = datetime.combine(world.as_of - timedelta(days=world.settings.steps.days + _ZONES), time(), UTC)
    closed = pl.col("status").is_in(sorted(CLOSED)) & (pl.coalesce("resolved_at", "returned_at") < after)
    return ~closed.fill_null(False)


def _of_months(world: World, months: list[str], *, first: int) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Give the dossiers of some parts, numbered from ``first`` (CHOSEN, ending, days, told, seen, their ways and what
    these cost), and their visits with times; None where they have none of those asked for."""
    known = _dossiers(world, months)
    if known.is_empty():
        return None
    wanted = (*KEY, "received_at", "resolved_at", "returned_at", "status", "suspensions", "turns", "way", "steps")
    observed = snapshot.read(world.store, world.state, "observed", months).filter(_maybe_asked_for(world))
    told = observed.select(*wanted).join(known.lazy().select(KEY), on=KEY, how="semi").collect()
    # Every row has its match: a left join leaves the lists of steps where they lie.
    lives = _lives(world, told.join(known, on=KEY, how="left", maintain_order="left"), first)
    laid = _visits(world, lives)
    stood = _halts(world, observed, lives)
    clocked = timed(_with(laid, lives, first, "department_own"), stood, world.book.time)
    went = ways(laid).join(costs(clocked), on="id", how="left")
    of_dossiers = lives.select("id", *CHOSEN, "source", "ending", "days", told=pl.col("way").list.len() > 0,
                               seen=pl.col("steps").list.len() > 0)  # fmt: skip
    whole = of_dossiers.with_columns(pl.col("told", "seen").fill_null(False)).join(
        went.drop("told"), on="id", how="left", maintain_order="left"
    )
    return _light(whole), _with(_light(clocked.select("id", *_KEPT_OF_VISITS)), _light(lives), first, *CHOSEN, "ending")


def _with(rows: pl.DataFrame, lives: pl.DataFrame, first: int, *names: str) -> pl.DataFrame:
    """Add to rows of dossiers what ``lives`` (numbered from ``first``) tell of them."""
    return rows.with_columns(lives[name].gather(rows["id"] - first) for name in names)


def _light(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in _CATEGORIES if name in rows.columns)


def _dossiers(world: World, months: list[str]) -> pl.DataFrame:
    """Give _OF_FACTS of the dossiers of some parts that are open, or were closed lately."""
    mine, day = world.settings.steps, world.as_of
    facts = snapshot.read(world.store, world.state, "facts", months)
    judged = standing(facts.filter(_asked_for(world)), day, world.book.calendar)
    ending = pl.col("standing").replace_strict({k.value: v for k, v in _ENDINGS.items()}, default=None)
    still = pl.col("standing").is_in([s.value for s in PENDING])
    recent = still | (pl.col("closed_on") > day - timedelta(days=mine.recent_days))
    return (
        judged.with_columns(ending=ending, recent=recent, days=pl.when(~still).then("taken_days"))
        .filter(pl.col("ending").is_not_null())
        # Only a result says how long the timely ones take: who withdrew was quick to go.
        .with_columns(ending=pl.when((pl.col("ending") == KEPT) & ~pl.col("with_result")).then(pl.lit(UNJUDGED))
                      .otherwise("ending"))
        .select(pl.col(_OF_FACTS[:6]).cast(pl.String), *_OF_FACTS[6:])
        .collect()
    )  # fmt: skip


def _lives(world: World, rows: pl.DataFrame, first: int) -> pl.DataFrame:
    """Number dossiers from ``first`` and say from when to when each lived: begin_at, end_at, ended; what is open lives
    until now."""
    ended = ~pl.col("ending").is_in([OPEN, OPEN_LATE])
    closed = pl.coalesce("resolved_at", "returned_at")
    now = pl.lit(_now(world)).cast(pl.Datetime("us", "UTC"))
    end = pl.when(ended).then(closed).otherwise(now)
    lived = rows.with_columns(ended=ended, begin_at="received_at", end_at=pl.max_horizontal(end, "received_at"))
    ordered = lived if lived["source"].is_sorted() else lived.sort("source", maintain_order=True)
    return ordered.with_row_index("id", offset=first)


def _now(world: World) -> datetime:
    """Give the moment up to which open dossiers are followed: the newest that sources told of, not past ``as_of``."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    evening = datetime.combine(world.as_of + timedelta(days=1), time(), zone).astimezone(UTC)
    return min(evening, world.state.newest_at or evening)


def _visits(world: World, lives: pl.DataFrame) -> pl.DataFrame:
    named = {name: world.book.units.today(name) or name for name in sorted(world.book.units.names)}
    same = world.settings.steps.same
    names = lives["source"].unique(maintain_order=True)
    parts = [lives] if names.len() == 1 else lives.partition_by("source", maintain_order=True)
    zones = [world.terms[name].zone for name in names]
    return pl.concat(
        visits(rows, zone, units=named, same=same) for rows, zone in zip(parts, zones, strict=True)
    )  # fmt: skip


def _halts(world: World, observed: pl.LazyFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Give when the clocks of some dossiers stood: id, from_minute, to_minute (local minutes since 1970)."""
    stood = sorted(SUSPENDED)
    turned = pl.col("turns").list.eval(pl.element().struct.field("status").is_in(stood)).list.any().fill_null(False)
    maybe = pl.col("suspensions").is_not_null() | pl.col("status").is_in(stood) | turned
    few = lives.filter(maybe).select(*KEY, "id")
    rows = observed.drop("way").filter(maybe).join(few.lazy(), on=KEY, how="inner").collect()
    told = halts(local(rows, world.terms)) if rows.height else None
    if told is None:
        return pl.DataFrame(schema={"id": pl.UInt32, "from_minute": pl.Int32, "to_minute": pl.Int32})
    minute = {f"{n}_minute": (pl.col(f"{n}_local").cast(pl.Int64) // 60_000_000).cast(pl.Int32) for n in ("from", "to")}
    return told.select("id", **minute)


def _known(dossiers: pl.DataFrame) -> pl.DataFrame:
    counts = {"told": pl.col("told").sum(), "seen": (pl.col("seen") & ~pl.col("told")).sum()}
    return dossiers.group_by(OF_SOURCES[:5]).agg(
        dossiers=pl.len().cast(pl.Int64), **{k: v.cast(pl.Int64) for k, v in counts.items()}
    )
