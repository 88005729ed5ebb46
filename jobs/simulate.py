"""Build a set of dossiers with given totals, load it through the border of the national format, read the figures back.

What came out is asked of the store, as ``dunghan figures`` would; what the generator meant is only what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from config import sources
from config.errors import ConfigError, nearest
from config.mapping import TIME_ZONE
from config.settings import settings
from connectors import exchange
from connectors.payload import FREE_TEXT, KEPT, SUPPLEMENTS, parse
from connectors.simulator import papers, scenario, sets
from connectors.simulator.amounts import Amounts, settle
from connectors.simulator.flow import scenario as flow_scenario
from connectors.simulator.given import Given
from connectors.simulator.parts import ALL, Part
from jobs import demo
from jobs.answers import Asked, answer
from metrics.scope import Filters
from store.database import Store
from store.ingest import Counts, begin_run
from store.ingest import Source as Stored

DEMO: Final = "demo"
SEED: Final = 2018
Told = Callable[[int, int], None]
"""Told after every stored batch: dossiers written so far, dossiers of the set."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be simulated: a scenario, laid over by a totals file, under the name of a source."""

    name: str
    totals: Path | None = None
    source: str = ""
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Line:
    """One number: where it stands, what was asked (None: it was derived to ``expected``), what the store says."""

    where: str
    key: str
    asked: int | None
    expected: int
    came_out: int

    @property
    def holds(self) -> bool:
        return self.expected == self.came_out


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one simulation did. ``dropped``: numbers of the scenario that gave way to those of the totals file."""

    source: str
    counts: Counts
    from_on: date | None
    to_on: date | None
    lines: tuple[Line, ...]
    dropped: tuple[Given, ...]

    @property
    def holds(self) -> bool:
        return all(line.holds for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Batches:
    """The dossiers of a set, some at a time, with the columns of the exchange."""

    parts: Iterator[pl.DataFrame]
    n_expected: int
    source: Stored


def simulate(store: Store, wanted: Wanted, *, out: Path | None = None, progress: Told | None = None) -> Outcome:
    """Build the set, load it into ``store`` and read its totals back; ``out`` also gets it as one payload.

    Raises ConfigError for totals that contradict each other, SourceError, StoreError.
    """
    now = datetime.now(UTC)
    if wanted.name == DEMO and wanted.totals is None:
        batches = _province(wanted, now)
        return Outcome(batches.source.name, _load(store, batches, out, now, progress), None, None, (), ())
    amounts = amounts_of(wanted)
    drawn = sets.draw(amounts, seed=wanted.seed)
    name = wanted.source or amounts.told.name or wanted.name
    source = Stored(name, TIME_ZONE, amounts.told.title)
    batches = _Batches(papers.payloads(drawn, seed=wanted.seed), drawn.drawn.height, source)
    counts = _load(store, batches, out, now, progress)
    lines = tuple(read_back(store, name, amounts))
    return Outcome(name, counts, amounts.layout.from_on, amounts.layout.to_on, lines, amounts.dropped)


def amounts_of(wanted: Wanted) -> Amounts:
    """Settle the numbers of a scenario and a totals file. Raises ConfigError."""
    own = scenario.load(wanted.totals) if wanted.totals else None
    place = str(wanted.totals) if wanted.totals else f"scenario {wanted.name}"
    return settle(_base(wanted.name), own, place=place)


def _base(name: str) -> scenario.TotalsFile:
    if name == DEMO:  # its units under totals of another's own
        from connectors.simulator.tables import PROVINCE, tables

        return scenario.TotalsFile(name=DEMO, title=PROVINCE, departments=tuple(tables().units["name"]))
    known = (DEMO, *scenario.names(), *flow_scenario.names())
    if name not in known:
        found = f"there is no such scenario.{nearest(name, known)}"
        raise ConfigError(f"simulate {name}", found, f"Known: {', '.join(known)}.")
    return scenario.scenario(name)


def _province(wanted: Wanted, now: datetime) -> _Batches:
    """Give the made-up province as it would serve itself now: the one of ``make run`` where it was opened before."""
    from connectors.simulator.days import wall_seconds
    from connectors.simulator.province import build
    from connectors.simulator.state import changed_between, dossiers

    today = now.astimezone(demo.ZONE).date()
    second = wall_seconds(now)
    province = build(demo.SEED, demo.opening_day(settings().home, demo.SEED, today), today + timedelta(days=28))
    plans = changed_between(province, 0, second)
    kept = [*KEPT, SUPPLEMENTS, sources.Exchange().changed]
    written = (dossiers(part, second) for part in plans.iter_slices(papers.ROWS))
    known = next((s for s in sources.load() if s.kind == "demo"), None)
    name, title = (known.name, known.title) if known else (DEMO, "")
    source = Stored(wanted.source or name, TIME_ZONE, title)
    told = (rows.select(c for c in kept if c in rows.columns).with_columns(_nobody()) for rows in written)
    return _Batches(told, plans.height, source)


def _nobody() -> pl.Expr:
    """Leave the applicants out of the free text: a set names nobody."""
    said = pl.field(FREE_TEXT).str.replace(r" gửi .*$", "")
    return pl.col(SUPPLEMENTS).list.eval(pl.element().struct.with_fields(said))


def _load(store: Store, batches: _Batches, out: Path | None, now: datetime, progress: Told | None) -> Counts:
    """Pass every batch over the border and store it; write it to ``out`` as it came."""
    source = batches.source
    named = {s.name: s for s in sources.load()}.get(source.name)
    told, done = named.exchange if named else sources.Exchange(), 0
    with (
        out.open("wb") if out else nullcontext() as file,
        begin_run(store, source, kind="load", origin="dunghan simulate", seen_at=now) as run,
    ):
        for rows in batches.parts:
            text = rows.write_json().encode()
            _write(file, text, first=done == 0)
            payload = parse(papers.HEAD + text + papers.TAIL, place=source.name, changed=told.changed)
            read = exchange.translate(
                payload.dossiers, told, source=source.name, time_zone=source.time_zone, origin=source.name
            )
            run.batch(read.good, read.rejects, merged=read.merged)
            done += rows.height
            if progress:
                progress(done, batches.n_expected)
        _end(file, empty=done == 0)
    return run.counts


def _write(file: BinaryIO | None, rows: bytes, *, first: bool) -> None:
    """Append a list of dossiers to the list in the file."""
    if file:
        file.write(papers.HEAD + b"[" if first else b",\n")
        file.write(rows[1:-1])


def _end(file: BinaryIO | None, *, empty: bool) -> None:
    if file:
        file.write((papers.HEAD + b"[" if empty else b"") + b"]" + papers.TAIL + b"\n")


def read_back(store: Store, source: str, amounts: Amounts) -> Iterator[Line]:
    """Ask the store for every number of the whole and for every other one that was asked."""
    asked = {(g.place, g.key): g for g in amounts.asked}
    whole = {((amounts.whole), key): None for key in scenario.KEYS}
    groups = {span: _groups(store, source, amounts, span) for span in {place[1:] for place, _ in [*asked, *whole]}}
    for place, key in [*whole, *(name for name in asked if name not in whole)]:
        part = None if place[0] == ALL else amounts.layout.parts[place[0]]
        found = sum(_count(group, key) for group in groups[place[1:]] if part is None or _belongs(group["by"], part))
        given = asked.get((place, key))
        expected = amounts.numbers[place, key]
        yield Line(given.where if given else "derived", key, given.value if given else None, expected, found)


def _groups(store: Store, source: str, amounts: Amounts, span: tuple[int, int]) -> list[dict[str, Any]]:
    """Ask for one stretch of days as of its end, by everything that a part may name."""
    start, end = amounts.layout.stretches[span[0]][0], amounts.layout.stretches[span[1]][1]
    by = ("department", "field", "channel")
    asked = Asked(start, end, end.isoformat(), by, Filters(source=(source,)))
    groups: list[dict[str, Any]] = answer(store, asked)["groups"]
    return groups


def _belongs(by: dict[str, Any], part: Part) -> bool:
    return (
        by["department"] in part.departments
        and (not part.field or by["field"] == part.field)
        and by["channel"] in part.channels
        and by["field"] not in part.without
    )


def _count(group: dict[str, Any], key: str) -> int:
    counts: dict[str, int] = group["counts"]
    if key == "resolved_in_time":
        return counts["resolved_early"] + counts["resolved_on_time"]
    return counts[key]
