"""What a change is made of, on sets that nobody made for it: ``python -m benchmarks.evidence_why``. Lines of markdown.

Every pair of neighbouring months is split by unit, field and procedure, and held to the change; the largest is told.
The overdue stock is held, month by month, to what came in and what left. Then Simpson's cases, a ward that is planted
to fall behind, and what a question costs. The real sets lie in ../shared/data (README there).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks import real_sets
from benchmarks.evidence_signal import AS_OF
from config import insight
from jobs import flows
from jobs.rebuild import rebuild
from metrics.alike import beside
from metrics.decomposition import Cell, Change, asked, merged, of_count, of_rate
from metrics.evaluate import figures
from metrics.heard import Question
from metrics.scope import Period, Scope
from metrics.standardised import reversal, standardised
from metrics.stock_moves import CAME, NEEDED, maybe, moves
from store import snapshot
from store.database import Store, open_store
from store.snapshot import Manifest

BYS: Final = ("department", "field", "procedure")
SMALL: Final = 20
ALL: Final = Scope.province()


@dataclass(frozen=True, slots=True)
class Held:
    """What was held to its sum: how many splits of rates and of counts, and of how many months the stock."""

    rates: int
    counts: int
    months: int
    wrong: int


def loaded(shared: Path, name: str, folder: str) -> Store:
    """Load a real set into a store of its own."""
    store = open_store(f"sqlite:///{folder}/{name}.sqlite")
    real_sets.load(store, shared, name)
    return store


def months(cube: pl.DataFrame, as_of: date) -> list[Period]:
    """Give the calendar months that have anything due, up to ``as_of``."""
    told = figures(cube, period=Period(date(2005, 1, 1), as_of), as_of=as_of, scope=ALL, by=["month"])
    days = told.filter(pl.col("due") > 0)["month"].to_list()
    return [Period(day, _last(day)) for day in days if _last(day) <= as_of]


def _last(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def split(cube: pl.DataFrame, now: Period, before: Period, as_of: date, by: str, metric: str) -> list[Cell]:
    """Lay two periods side by side."""
    return asked(cube, Question(now, as_of, ALL), Question(before, as_of, ALL), by, metric)


def held(cube: pl.DataFrame, facts: pl.DataFrame, as_of: date) -> tuple[Held, tuple[Period, Period] | None]:
    """Hold every pair of neighbouring months to its change, and give the pair whose rate moved most (both of 50 or
    more)."""
    found, several, rates, counts, wrong = None, months(cube, as_of), 0, 0, 0
    largest = 0.0
    for before, now in zip(several, several[1:], strict=False):
        for by in BYS:
            cells = split(cube, now, before, as_of, by, "on_time_due")
            rate, count = of_rate(cells), of_count(split(cube, now, before, as_of, by, "due_missed"))
            counts += 1
            wrong += sum(part.total for part in count.parts) != count.change
            if rate is not None:
                rates += 1
                wrong += sum(part.total for part in rate.parts) != rate.change
                if min(rate.now[1], rate.before[1]) >= 50 and abs(rate.change) > largest:
                    largest, found = abs(float(rate.change)), (now, before)
    for month in several:
        wrong += not _stock_is_held(cube, facts, month, as_of)
    return Held(rates, counts, len(several), wrong), found


def _stock_is_held(cube: pl.DataFrame, facts: pl.DataFrame, month: Period, as_of: date) -> bool:
    told = moves(facts, month.start, month.end)["way"].is_in([way.value for way in CAME])
    ends = (Period(day, day) for day in (month.end, month.start - timedelta(days=1)))
    now, before = (figures(cube, period=day, as_of=as_of, scope=ALL)["pending_overdue"][0] for day in ends)
    return bool(2 * int(told.sum()) - told.len() == now - before)


def real(shared: Path, name: str) -> Iterator[str]:
    """Tell of one real set: what was held, its largest change by each dimension, and cases of Simpson."""
    as_of = AS_OF[name]
    with tempfile.TemporaryDirectory() as folder:
        store = loaded(shared, name, folder)
        state = rebuild(store)
        cube, facts = snapshot.cube(store, state), snapshot.facts(store, state).collect()
        store.engine.dispose()
    sums, pair = held(cube, facts, as_of)
    yield (
        f"- {name}: {sums.rates} splits of the on-time rate and {sums.counts} of the number late (each month against "
        f"the one before, by unit, field and procedure), the overdue stock of {sums.months} months: "
        f"**{sums.wrong}** do not sum exactly."
    )
    if pair is not None:
        now, before = pair
        yield f"  - the largest change, {before.start:%m/%Y} → {now.start:%m/%Y}:"
        for by in BYS:
            change = of_rate(merged(split(cube, now, before, as_of, by, "on_time_due"), SMALL))
            count = of_count(split(cube, now, before, as_of, by, "due_missed"))
            if change is not None:
                yield f"    - by {by}: {_rate(change)}; late {_count(count)}."
    yield from (f"  - {line}" for line in _simpson(cube, as_of))


def _rate(change: Change) -> str:
    (met, due), (met0, due0) = change.now, change.before
    top = max(change.parts, key=lambda part: abs(part.total))
    return (
        f"{met0 / due0:.1%} of {due0} → {met / due:.1%} of {due}: performance {100 * float(change.performance):+.1f}, "
        f"mix {100 * float(change.mix):+.1f} points; most: {_named(top.cell)} {100 * float(top.total):+.1f}"
    )


def _count(change: Change) -> str:
    return (
        f"{change.before[0]} → {change.now[0]}: volume {float(change.volume):+.1f}, mix {float(change.mix):+.1f}, "
        f"performance {float(change.performance):+.1f}"
    )


def _named(cell: Cell) -> str:
    return f"the {cell.several} small ones together" if cell.several > 1 else (cell.name or "without a name")


def _simpson(cube: pl.DataFrame, as_of: date) -> Iterator[str]:
    """Look for Simpson's cases: month against month by each dimension, and each unit beside all others."""
    rules, several, seen = insight.load().alike, months(cube, as_of), 0
    found = []
    for before, now in zip(several, several[1:], strict=False):
        for by in BYS:
            cells = split(cube, now, before, as_of, by, "on_time_due")
            seen += 1
            case = reversal(cells, fewest=SMALL, nearly=rules.nearly, gap=rules.gap)
            if case is not None:
                ways = f"{case.parts} of {case.of} {'better' if case.better else 'worse'}"
                wholes = " → ".join(f"{met / due:.1%}" for met, due in (case.other, case.own))
                found.append(f"{now.start:%m/%Y} by {by}, {ways}, whole {wholes}")
    yield f"Simpson's cases, month against month: {len(found)} of {seen}{': ' if found else ''}{'; '.join(found[:4])}."
    counts = _counts(cube, Period(several[0].start, as_of), as_of)
    units = counts["department"].drop_nulls().unique().sort().to_list()
    pairs = [beside(counts, unit, fewest=SMALL, others=1).procedures for unit in units]
    cases = [
        unit for unit, rows in zip(units, pairs, strict=True)
        if reversal([Cell(p, (m, d), (om, od)) for p, d, m, od, om, _ in rows.rows()], fewest=SMALL,
                    nearly=rules.nearly, gap=rules.gap)
    ]  # fmt: skip
    named = f": {', '.join(cases)}" if cases else ""
    yield f"units beside all others: {len(cases)} of {len(units)} are such cases{named}."
    yield _standardised(counts)


def _counts(cube: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    told = figures(cube, period=period, as_of=as_of, scope=ALL, by=["department", "procedure"])
    return told.select("department", "procedure", "due", "due_met")


def _standardised(counts: pl.DataFrame) -> str:
    """Say of how many units the mix can be taken out, and whom it moves most."""
    rules = insight.load().alike
    rows = standardised(counts, fewest=SMALL, others=rules.others, covered=rules.covered)
    stood = [(abs(each.told.share - each.met / each.due), each, each.told) for each in rows if each.told]
    if not stood:
        return (
            f"standardised to the mix of all: none of {len(rows)} units shares procedures with {rules.others} others."
        )
    by, far, told = max(stood, key=lambda each: each[0])
    return (
        f"standardised to the mix of all: {len(stood)} of {len(rows)} units; the mix moves {far.department} most "
        f"({100 * by:.1f} points): raw {far.met / far.due:.1%} of {far.due}, standardised {told.share:.1%} "
        f"({told.low:.1%}–{told.high:.1%}), all on the same procedures {told.province:.1%}; {far.covered:.0%} of all."
    )


def planted() -> Iterator[str]:
    """Split eight weeks after a ward lost an appraiser (March 2026, flow qua-tai) against eight weeks before."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        played = flows.play(store, flows.Flow("qua-tai"))
        cube = snapshot.cube(store, rebuild(store))
        store.engine.dispose()
    before, now = Period(date(2026, 1, 5), date(2026, 3, 1)), Period(date(2026, 4, 6), date(2026, 5, 31))
    count, rate = (split(cube, now, before, played.as_of, "department", name) for name in ("due_missed", "on_time_due"))
    told, change = of_count(count), of_rate(rate)
    yield f"- planted (flow qua-tai, {before.start:%d/%m}–{before.end:%d/%m} → {now.start:%d/%m}–{now.end:%d/%m}):"
    for part in told.parts:
        yield (
            f"  - {part.cell.name}: late {part.cell.before[0]} of {part.cell.before[1]} → {part.cell.now[0]} of "
            f"{part.cell.now[1]}: volume {float(part.volume):+.1f}, mix {float(part.mix):+.1f}, performance "
            f"{float(part.performance):+.1f}."
        )
    if change is not None:
        yield f"  - the rate: {_rate(change)}."


def cost(rows: int, times: int = 20) -> Iterator[str]:
    """Time a question of a cube of so many dossiers of a simulated province."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        played = flows.play(store, flows.Flow("mot-cua", rows=rows))
        state = rebuild(store)
        yield from asked_live(store, state, rows, played.as_of, times)
        store.engine.dispose()


def asked_live(store: Store, state: Manifest, rows: int, as_of: date, times: int = 20) -> Iterator[str]:
    """Time what pages ask of the figures of a store as a reader waits."""
    cube, facts = snapshot.cube(store, state), snapshot.facts(store, state)
    now = Period(as_of - timedelta(days=7), as_of - timedelta(days=1))
    before = Period(now.start - timedelta(days=7), now.start - timedelta(days=1))
    units = cube["department"].n_unique()
    yield f"- cost, {rows:,} dossiers, cube of {cube.height:,} rows, {units} units, median of {times}:"
    for by in BYS:
        took = _times(times, lambda by=by: of_rate(split(cube, now, before, as_of, by, "on_time_due")))
        yield f"  - why, by {by}: {took:.0f} ms."
    counts = _counts(cube, Period(now.end - timedelta(weeks=13), now.end), as_of)
    took = _times(times, lambda: standardised(counts, fewest=SMALL, others=3, covered=0.1))
    yield f"  - all units standardised ({counts.height:,} lines): {took:.0f} ms."
    yield f"  - {_standardised(counts)}"
    asked_for = ("department", "field", "procedure", "source", *NEEDED)
    few = facts.filter(maybe(now.start, now.end)).select(asked_for)
    took = _times(times, lambda: moves(few.collect(), now.start, now.end))
    yield f"  - what came into the overdue stock and left it: {took:.0f} ms, with reading the facts."


def _times(times: int, ask: object) -> float:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()  # type: ignore[operator]
        took.append(1000 * (time.perf_counter() - begun))
    return sorted(took)[times // 2]


def main(words: Sequence[str] | None = None) -> int:
    """Print everything as markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence_why", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="dossiers of the province whose cost is measured")
    told = parser.parse_args(words)
    shared = real_sets.folder()
    for name in AS_OF:
        for line in real(shared, name) if real_sets.is_here(shared, name) else (f"- {name}: not here.",):
            sys.stdout.write(f"{line}\n")
    for line in (*planted(), *cost(told.rows)):
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
