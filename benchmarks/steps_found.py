"""What the night finds of steps, beside what is known: a real log counted by itself, and what a simulator planted."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from config import insight, sources
from config.insight import Steps
from connectors.base import Batch
from connectors.exchange_steps import DEFAULT_STEPS, READ, StepPage, steps_batch
from connectors.payload_file import batch_of_file
from connectors.simulator import province as made_up
from connectors.simulator import state as of_province
from connectors.simulator import steps as of_way
from connectors.simulator.days import NEVER, wall_seconds
from connectors.simulator.flow import passed, scenario, world
from jobs import insight_steps
from jobs.flows import Flow, play
from jobs.insight_world import World
from jobs.load import load_file
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.step_tables import LOST, ROUTES, TIMES
from metrics.terms import Terms
from metrics.visits import ARROW
from store import snapshot
from store.database import Store, reading
from store.ingest import Source, begin_run
from store.snapshot import Manifest

ZONE: Final = "Asia/Ho_Chi_Minh"
#: Working minutes of the day in which times are told.
A_DAY: Final = 480


def world_of(store: Store, state: Manifest, as_of: date, settings: Steps | None = None) -> World:
    """Give what the night is given, of the time in which the dossiers lie."""
    told = insight.load()
    mine = told.model_copy(update={"steps": settings or told.steps})
    with reading(store) as connection:
        terms = snapshot.terms(connection)
    return World(store, state, as_of, rulebook.load(), terms or {name: Terms() for name in state.terms}, mine)


@dataclass(frozen=True, slots=True)
class Real:
    """A real log as the night tells it, and as a few lines that know nothing of it count it."""

    tables: dict[str, pl.DataFrame]
    ways: dict[str, int]
    counted: dict[str, int]
    loops: int
    loops_counted: int
    hands: int
    hands_counted: int


def real(store: Store, folder: Path, mapping: Path, file: str = "receipt_events.csv") -> Real:
    """Load the log through its mapping, make what the night makes, and count the events of the file by themselves."""
    load_file(store, folder / file, mapping=mapping, seen_at=datetime(2026, 11, 22, 3, tzinfo=UTC))
    state = rebuild(store)
    newest = state.newest_at.date() if state.newest_at else date(2012, 1, 20)
    ever = Steps(days=3660, recent_days=3660, least=10, ways=200, same={})
    tables = dict(insight_steps.make(world_of(store, state, newest, ever)))
    ways = tables[ROUTES].group_by("way").agg(pl.col("n").sum())
    found = {str(way): int(n) for way, n in ways.drop_nulls("way").iter_rows()}
    counted, loops, hands = _by_itself(folder / "receipt_events.csv")
    rows = tables[ROUTES]
    return Real(tables, found, counted, int(rows["loops_sum"].sum()), loops, int(rows["hands_sum"].sum()), hands)


def _by_itself(file: Path) -> tuple[dict[str, int], int, int]:
    """Count ways, loops and hand-overs of the events of a file, case by case, with lists and sets."""
    cases: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            at = datetime.fromisoformat(row["time:timestamp"])
            who = row["org:resource"].casefold()  # TEST and test are one, as everywhere
            cases[row["case:concept:name"]].append((at, row["concept:name"], who))
    ways: dict[str, int] = defaultdict(int)
    loops = hands = 0
    for events in cases.values():
        events.sort(key=lambda event: event[0])
        way = [name for n, (_, name, _) in enumerate(events) if n == 0 or events[n - 1][1] != name]
        ways[ARROW.join(way)] += 1
        loops += len(way) - len(set(way))
        hands += sum(a[2] != b[2] for a, b in zip(events, events[1:], strict=False))
    return dict(ways), loops, hands


@dataclass(frozen=True, slots=True)
class Planted:
    """A desk with too few officers, as the night finds it. ``waited``: working days at each step of each unit that the
    simulator knows and that were found."""

    step: str
    after: bool
    unit: str
    share: float
    second: float
    waited: dict[tuple[str, str], tuple[float, float]]


def overloaded(store: Store, last: date = date(2026, 6, 30)) -> Planted:
    """Play the flow of a ward with one appraiser for the work of two, load what its source shows and tells of steps,
    and say where the late dossiers lost most."""
    play(store, Flow("qua-tai", as_of=last))
    played, evening = world.play(scenario.load("qua-tai")), datetime.combine(last, clock(23, 59, 59))
    until = wall_seconds(evening.replace(tzinfo=ZoneInfo(ZONE)))
    state = rebuild(store)
    tables = insight_steps.make(world_of(store, state, last, Steps(days=3660, recent_days=3660)))
    lost = tables[LOST].group_by("step", "after", "unit").agg(pl.col("lost").sum()).sort("lost", descending=True)
    total, top = float(lost["lost"].sum()), lost.row(0, named=True)
    rest = lost.slice(1)["lost"][0] if lost.height > 1 else 0.0
    waited = tables[TIMES].filter(kind="waiting").group_by("step", "unit").agg(pl.col("minutes").sum() / A_DAY)
    found = {(step, unit): days for step, unit, days in waited.iter_rows()}
    true = _queued(played, until)
    both = {key: (true[key], found.get(key, 0.0)) for key in true}
    return Planted(top["step"], top["after"], top["unit"], top["lost"] / total, rest / total, both)


def _queued(played: world.World, until: int) -> dict[tuple[str, str], float]:
    """Give the working days that dossiers stood in the queue of each step of each unit, as the simulator knows: those
    of the steps after the receipt that have ended."""
    rows = passed.changed_steps(played, 0, until).filter(pl.col("end") > NEVER)
    ways = rows.sort("number", "began").with_columns(before=pl.col("end").shift().over("number"))
    # A second look waits from the applicant's answer on: before it the clock stood.
    since = pl.when("again").then("queued").otherwise("before").alias("since")
    some = ways.with_columns(since).filter(pl.col("since").is_not_null())
    days = played.plan.days
    queued = days.desk_clock(some["began"].to_numpy()) - days.desk_clock(some["since"].to_numpy())
    told = some.with_columns(queued=pl.Series(queued)).group_by("step", "unit_name").agg(pl.col("queued").sum())
    return {(step, unit): seconds / 3600 / 8 for step, unit, seconds in told.iter_rows()}


def _tell(store: Store, source: Source, written: pl.DataFrame) -> None:
    """Let a source tell steps, through the border of the exchange."""
    page = StepPage({}, written.select(pl.col(READ).cast(pl.String)))
    done = steps_batch(page, DEFAULT_STEPS, source=source.name, time_zone=ZONE, origin="evidence")
    _keep(store, source, done)


def _keep(store: Store, source: Source, done: Batch) -> None:
    seen = datetime(2026, 7, 1, 3, tzinfo=UTC)
    with begin_run(store, source, kind="sync", origin="evidence", seen_at=seen) as run:
        run.batch(done.good, done.rejects, merged=done.merged, told_steps=done.steps)


def gone_back(store: Store) -> tuple[int, int, int]:
    """Load a made-up province in which some dossiers are appraised anew after their applicant answered; give how many
    the province knows, how many loops the night counts, and in how many dossiers."""
    opened = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    lives = made_up.build(7, date(2026, 3, 2), date(2026, 3, 30), size=0.025)
    until, source = wall_seconds(opened), Source("mot-cua", ZONE)
    rows = of_province.dossiers(of_province.changed_between(lives, 0, until), until)
    answer = rows.write_json().encode()
    done = batch_of_file(answer, sources.Exchange(), source=source.name, time_zone=ZONE, name="evidence")
    _keep(store, source, done)
    told = of_way.changed_steps(lives, 0, until)
    written = of_way.written(told)
    _tell(store, source, written)
    ever = Steps(days=3660, recent_days=3660, same={"Thẩm định lại": "Thẩm định"})
    tables = insight_steps.make(world_of(store, rebuild(store), date(2026, 3, 2), ever))
    known = set(done.good.filter(pl.col("received_at").is_not_null())["code"])
    both = told.with_columns(code=written["MaHoSo"]).filter(pl.col("code").is_in(known))
    planted = both.filter(step=of_way.SECOND_APPRAISAL).join(both.filter(step=of_way.APPRAISAL), on="code", how="semi")
    counted = tables[ROUTES]
    return (
        planted["code"].n_unique(),
        int(counted["loops_sum"].sum()),
        int(counted.filter(pl.col("loops") > 0)["n"].sum()),
    )
