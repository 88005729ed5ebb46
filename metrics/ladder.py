"""What becomes of alerts when it is known what there is to tell: raised, ended, held as unknown, risen a level.

What nothing is heard of is neither raised nor ended: its alerts are unknown until it is heard again, and no time runs
for them. Levels rise in the working time of the unit that has to act.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from config.alerts import DIRECTOR, HEAD, HOLDER, Alerts
from metrics.alerts import TOLD as TOLD
from metrics.dossier import INSTANT
from metrics.freshness import Silent
from metrics.worktime import WorkTime

OPEN, ACKNOWLEDGED, UNKNOWN, ENDED = "open", "acknowledged", "unknown", "ended"
#: What a pass may change of an alert that stands.
CHANGING: Final = ("state", "level", "level_at", "detail", "department", "told_at", "acknowledged_at", "ended_at")
_OF_FEEDS: Final = ("stale_source", "calendar", "quarantine")
_KEY: Final = ["rule", "subject"]


@dataclass(frozen=True, slots=True)
class Pass:
    """One look at everything: the moment, who is silent, the units that these feed, and the office's time and rules."""

    at: datetime
    silent: Sequence[Silent]
    unheard: Collection[str]
    time: WorkTime
    zone: ZoneInfo
    rules: Alerts


@dataclass(frozen=True, slots=True)
class Changes:
    """``raised``: TOLD and level, to be opened; ``changed``: id and CHANGING of those that stand."""

    raised: pl.DataFrame
    changed: pl.DataFrame


def changes(standing: pl.DataFrame, told: pl.DataFrame, now: Pass) -> Changes:
    """Compare the alerts that stand (store.alerts: id, TOLD, CHANGING) with what there is to tell (metrics.alerts)."""
    heard = told.filter(~_unheard(now))
    raised = heard.join(standing, on=_KEY, how="anti").with_columns(level=_first_level(now.rules))
    found = told.select(*_KEY, detail_now="detail", department_now="department", there=pl.lit(True))
    both = standing.join(found, on=_KEY, how="left", maintain_order="left").with_columns(
        pl.col("there").fill_null(False), silent=_unheard(now)
    )
    after = _risen(_settled(both, now), now)
    unlike = pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_was")) for c in CHANGING)
    return Changes(raised, after.filter(unlike).select("id", *CHANGING))


def _unheard(now: Pass) -> pl.Expr:
    """Keep what cannot be known: of who is silent, and figures of the units that these feed; never what feeds us."""
    of_silent = pl.any_horizontal(pl.lit(False), *(s.expr() for s in now.silent))
    fed = pl.col("source").is_null() & pl.col("department").is_in(sorted(now.unheard)).fill_null(False)
    return (of_silent | fed) & ~pl.col("rule").is_in(_OF_FEEDS)


def _first_level(rules: Alerts) -> pl.Expr:
    """Begin with who holds it where the rule has a ladder and speaks of one dossier; lines are the head's."""
    single = pl.col("rule").is_in(sorted(rules.ladders)) & pl.col("code").is_not_null()
    return pl.when(single).then(HOLDER).otherwise(HEAD).cast(pl.Int64)


def _settled(both: pl.DataFrame, now: Pass) -> pl.DataFrame:
    """End what is no more, hold what is silent, open again what comes back, what goes on too long, and what has come
    nearer (a due day that reached the next of the listed days)."""
    at, was = pl.lit(now.at, INSTANT), pl.col("state")
    on = {name for name, rule in now.rules.rules.items() if rule.on}
    gone = ~pl.col("silent") & ~pl.col("there") | ~pl.col("rule").is_in(sorted(on))
    back = (was == UNKNOWN) & pl.col("there")
    held_on = pl.col("acknowledged_at").is_not_null()
    over = (was == ACKNOWLEDGED) & (_days(pl.col("acknowledged_at"), now) >= now.rules.acknowledged.holds_days)
    nearer = (was == ACKNOWLEDGED) & (_step("detail_now") < _step("detail")).fill_null(False)
    state = (
        pl.when(gone).then(pl.lit(ENDED))
        .when("silent").then(pl.lit(UNKNOWN))
        .when(over | nearer).then(pl.lit(OPEN))
        .when(back & held_on).then(pl.lit(ACKNOWLEDGED))
        .when(back).then(pl.lit(OPEN))
        .otherwise(was)
    )  # fmt: skip
    kept = both.with_columns(pl.col(CHANGING).name.suffix("_was"))
    anew = pl.col("state").eq(OPEN) & pl.col("state_was").ne(OPEN)
    here = pl.col("there") & (pl.col("state") != UNKNOWN)
    return kept.with_columns(state=state).with_columns(
        level_at=pl.when(anew).then(at).otherwise("level_at"),
        acknowledged_at=pl.when(anew).then(None).otherwise("acknowledged_at"),
        detail=pl.when(here).then("detail_now").otherwise("detail"),
        department=pl.when(here).then("department_now").otherwise("department"),
        ended_at=pl.when(pl.col("state") == ENDED).then(at).otherwise("ended_at"),
    )


def _step(column: str) -> pl.Expr:
    """Read the working days left that a line of due dossiers was told for; null for every other alert."""
    return pl.col(column).str.json_path_match("$.days").cast(pl.Int64, strict=False)


def _days(since: pl.Expr, now: Pass) -> pl.Expr:
    day = since.dt.convert_time_zone(now.zone.key).dt.date()
    return now.time.calendar.working_days_between(day, pl.lit(now.at.astimezone(now.zone).date()))


def _risen(rows: pl.DataFrame, now: Pass) -> pl.DataFrame:
    """Let open alerts rise whose working hours on their level have passed, one level a look."""
    if rows.is_empty():
        return rows
    parts = [_in_time(part, time, now) for time, part in now.time.groups(rows)]
    return pl.concat(parts).sort("id")


def _in_time(rows: pl.DataFrame, time: WorkTime, now: Pass) -> pl.DataFrame:
    local = pl.col("level_at").dt.convert_time_zone(now.zone.key).dt.replace_time_zone(None)
    moment = pl.lit(now.at.astimezone(now.zone).replace(tzinfo=None), pl.Datetime("us"))
    passed = time.minutes_between(local, moment)
    ladders = now.rules.ladders
    hours = {
        level: {name: int(getattr(rule, f"{word}_after_hours")) * 60 for name, rule in ladders.items()}
        for level, word in ((HOLDER, "head"), (HEAD, "director"))
    }
    wait = pl.when(pl.col("level") == HOLDER).then(_of_rule(hours[HOLDER])).otherwise(_of_rule(hours[HEAD]))
    climbs = pl.col("code").is_not_null() & (pl.col("state") == OPEN) & (pl.col("level") < DIRECTOR)
    rises = (climbs & (passed >= wait)).fill_null(False)
    return rows.with_columns(
        level=pl.when(rises).then(pl.col("level") + 1).otherwise("level"),
        level_at=pl.when(rises).then(pl.lit(now.at, INSTANT)).otherwise("level_at"),
    )


def _of_rule(minutes: dict[str, int]) -> pl.Expr:
    return pl.col("rule").replace_strict(minutes, default=None, return_dtype=pl.Int64)
