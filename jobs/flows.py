"""Play a flow: load what its source shows, day by day or at once, and say how far the figures are from the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config.errors import ConfigError
from config.mapping import TIME_ZONE
from connectors.simulator.days import NEVER, day_number, wall_seconds
from connectors.simulator.exports import files
from connectors.simulator.flow import columns, lies, passed, scenario, shown, verdict, world
from connectors.simulator.flow.scenario import Scenario
from connectors.simulator.flow.world import World
from jobs.answers import Asked, answer
from metrics.dossier import PLAIN, REJECTS
from metrics.scope import Filters
from store.database import Store
from store.ingest import Counts, Kind, Source, begin_run

ROWS: Final = 50_000
Told = Callable[[int, int], None]
"""Told as it goes: how far it is, of how much."""
#: Name of figures → how the truth calls it.
_NAMES: Final = {
    "resolved_early": verdict.EARLY, "resolved_on_time": verdict.ON_TIME, "resolved_overdue": verdict.OVERDUE,
    "resolved_undetermined": verdict.UNDETERMINED, "pending_in_term": verdict.IN_TERM,
    "pending_overdue": verdict.PENDING_OVERDUE, "pending_undetermined": verdict.PENDING_UNDETERMINED,
    "not_accepted": verdict.NOT_ACCEPTED, "awaiting_acceptance": verdict.AWAITING,
}  # fmt: skip
_ENDS: Final = ("withdrawn", "refused", "stopped")


@dataclass(frozen=True, slots=True)
class Flow:
    """What is to be played: a flow or a file of one, how many rows, which seed, and the day up to which it is shown."""

    name: str
    rows: int | None = None
    seed: int | None = None
    as_of: date | None = None
    source: str = ""
    every: int = 0  # days between two loads; 0: one load on the last day


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: the truth, and what the store says."""

    key: str
    truth: int
    said: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a flow that was loaded. ``lies``: dossiers that each lie was told of, up to the day."""

    source: str
    from_on: date
    as_of: date
    dossiers: int
    counts: Counts
    lines: tuple[Line, ...]
    lies: dict[str, int]


def is_flow(name: str) -> bool:
    """Say whether ``name`` is a flow that comes along, or a scenario file of that kind."""
    if name in scenario.names():
        return True
    file = Path(name)
    return name.endswith(scenario.SUFFIX) and file.is_file() and 'kind = "flow"' in file.read_text(encoding="utf-8-sig")


def play(store: Store, flow: Flow, *, progress: Told | None = None) -> Outcome:
    """Play a flow and load what its source shows. Raises ConfigError, StoreError."""
    told = scenario.load(flow.name)
    played = world.play(told, seed=flow.seed, rows=flow.rows)
    last = _last_day(told, flow)
    source = flow.source or told.name
    counts = _load(store, played, source, _days(told, last, flow.every), progress)
    lied = played.truth.filter(pl.col("lie") > 0, pl.col("submitted") <= _evening(last))
    found = {lies.LIES[kind]: n for kind, n in lied.group_by("lie").len().sort("lie").iter_rows()}
    lines = tuple(_compared(store, played, source, last))
    return Outcome(source, told.from_on, last, played.truth.height, counts, lines, found)


def export(flow: Flow, *, out: Path | None, into: str, progress: Told | None = None) -> list[files.Exported]:
    """Play a flow and write what its source shows on the day, to a file, a database, or both. Raises ConfigError."""
    told = scenario.load(flow.name)
    source, evening = flow.source or told.name, _evening(_last_day(told, flow))

    def parts() -> Iterator[pl.DataFrame]:
        done = 0
        for played in _worlds(told, flow):
            for some in shown.changed_between(played, 0, evening).iter_slices(ROWS):
                yield shown.written(some)
                done += some.height
                if progress:
                    progress(done, flow.rows or done)

    written = [files.export(parts(), out, source=source, title=told.title)] if out else []
    return written + ([files.into(parts(), into, source=source, title=told.title)] if into else [])


def to_parquet(flow: Flow, folder: Path, *, progress: Told | None = None) -> int:
    """Write a flow as Parquet, a part per month of submission, more where it is large: observed/ as a connector
    hands dossiers on, truth/.

    Memory holds one part where nobody queues. Gives the number of dossiers. Raises ConfigError.
    """
    told, done = scenario.load(flow.name), 0
    source, evening = flow.source or told.name, _evening(_last_day(told, flow))
    try:
        for name in ("observed", "truth"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for month, played in _months(told, flow):
            seen = columns.dossiers(played, shown.changed_between(played, 0, evening), source)
            seen.write_parquet(folder / "observed" / f"{month}.parquet")
            played.truth.write_parquet(folder / "truth" / f"{month}.parquet")
            done += played.truth.height
            if progress:
                progress(done, flow.rows or done)
    except OSError as error:
        raise ConfigError(
            str(folder), f"it cannot be written: {error.strerror}.", "Check folder, rights, room."
        ) from error
    return done


def _worlds(told: Scenario, flow: Flow) -> Iterator[World]:
    return (played for _, played in _months(told, flow))


def _months(told: Scenario, flow: Flow) -> Iterator[tuple[str, World]]:
    """Give the flow month by month; one with queues is played as a whole, and cut."""
    if not told.work.queues:
        yield from world.by_month(told, seed=flow.seed, rows=flow.rows)
        return
    whole = world.play(told, seed=flow.seed, rows=flow.rows)
    month = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%Y-%m")
    for (name,), part in whole.truth.group_by(month, maintain_order=True):
        yield str(name), World(whole.plan, part, whole.steps)


def _last_day(told: Scenario, flow: Flow) -> date:
    last = flow.as_of or told.to_on
    if last < told.from_on:
        raise ConfigError(
            f"flow {told.name}", f"as of {last}, before its first day {told.from_on}.", "Name a later day."
        )
    return last


def _evening(day: date) -> int:
    return wall_seconds(datetime.combine(day, time(23, 59, 59), ZoneInfo(TIME_ZONE)))


def _days(told: Scenario, last: date, every: int) -> list[date]:
    """Give the days on whose evenings the source is read."""
    if every <= 0:
        return [last]
    days = [told.from_on + timedelta(days=n) for n in range(every - 1, (last - told.from_on).days + 1, every)]
    return days if days and days[-1] == last else [*days, last]


def _load(store: Store, played: World, source: str, days: list[date], progress: Told | None) -> Counts:
    """Read the source on each of the evenings: what changed since the one before, dossiers and then their steps, a
    batch of rows at a time."""
    # Read once it is a file; read again and again it tells of all that changed, as a source that is asked does.
    kind: Kind = "sync" if len(days) > 1 else "load"
    known, total, before = Source(source, TIME_ZONE, played.plan.told.title), None, 0
    for number, day in enumerate(days, start=1):
        evening = _evening(day)
        seen = datetime.combine(day, time(23, 59, 59), ZoneInfo(TIME_ZONE)).astimezone(UTC)
        since = 0 if played.plan.told.lies.stamp == "happened" else before
        rows = columns.dossiers(played, shown.changed_between(played, since, evening), source)
        steps = columns.steps(passed.changed_steps(played, before, evening), source)
        with begin_run(store, known, kind=kind, origin="dunghan simulate", seen_at=seen) as run:
            for some in rows.iter_slices(ROWS) if rows.height else [rows]:
                run.batch(some, pl.DataFrame(schema=REJECTS), merged=0)
            for told in steps.iter_slices(ROWS):
                run.batch(pl.DataFrame(schema=PLAIN), told_steps=told)
        total = run.counts if total is None else total + run.counts
        before = evening
        if progress:
            progress(number, len(days))
    return total or Counts()


def _compared(store: Store, played: World, source: str, last: date) -> Iterator[Line]:
    """Give every figure of the day beside the truth."""
    judged = verdict.verdicts(played, day_number(last))
    standing = dict(judged["standing"].value_counts().iter_rows())
    true = {key: int(standing.get(name, 0)) for key, name in _NAMES.items()}
    true |= {end: judged.filter(pl.col("end") == end).height for end in _ENDS}
    true["pending_suspended"] = judged.filter("suspended").height
    true["received"] = judged.filter(pl.col("received_day") > NEVER).height
    asked = Asked(played.plan.told.from_on, last, last.isoformat(), (), Filters(source=(source,)))
    (group,) = answer(store, asked)["groups"]
    counts: dict[str, Any] = group["counts"]
    for key in ("received", *(k for k in true if k != "received")):
        yield Line(key, true[key], int(counts[key]))
