"""How often the rules of signal speak where nothing changed, and how soon where something did: ``python -m
benchmarks.evidence_signal``. Lines of markdown; the real sets lie in ../shared/data (README there)."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import real_sets
from config.insight import Rule, Signal
from jobs import flows
from jobs.rebuild import rebuild
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.signals import SIGNALS, Judged, Pair, Verdict, judge_rates, judge_stocks
from store import snapshot
from store.database import Store, open_store

RULES: Final = Signal()
ALONE: Final[tuple[Rule, ...]] = ("beyond", "near", "shift", "trend")
#: Real set → the day it is judged by.
AS_OF: Final = {"Boston": date(2016, 6, 30), "Houston": date(2018, 1, 10), "WABO": date(2012, 1, 20)}
#: Weeks of a made-up series before its shift, and after.
CALM, AFTER = 30, 13


@dataclass(frozen=True, slots=True)
class Told:
    """How many weeks were judged, and how many were a signal, by rule and as a whole."""

    weeks: int
    signals: int
    by_rule: Counter[Rule]

    def per_hundred(self) -> float:
        return 100 * self.signals / self.weeks if self.weeks else 0.0


def judged(pairs: Sequence[Pair | None], rules: Signal = RULES) -> Iterator[Judged]:
    """Judge every week of a series by those before it, from the first that has limits on."""
    for end in range(1, len(pairs) + 1):
        told = judge_rates(pairs[:end], rules)
        if told.verdict in (*SIGNALS, Verdict.NORMAL):
            yield told


def counted(several: Sequence[Sequence[Pair | None]], rules: Signal = RULES) -> Told:
    """Count the signals of several series."""
    found = [told for pairs in several for told in judged(pairs, rules)]
    spoken = Counter(told.spoken.rule for told in found if told.spoken)
    return Told(len(found), sum(spoken.values()), spoken)


def shuffled(pairs: Sequence[Pair | None], times: int, seed: int = 1) -> list[list[Pair | None]]:
    """Put the weeks of a series into other orders: what is a signal then is a false alarm."""
    random_of, known = random.Random(seed), [pair for pair in pairs if pair]
    return [random_of.sample(known, len(known)) for _ in range(times)]


def made(random_of: random.Random, share: float, due: int, weeks: int, spread: float = 0.0) -> list[Pair]:
    """Make weeks of about ``due`` dossiers kept with ``share``; ``spread``: of the share from week to week."""
    found = []
    for _ in range(weeks):
        n = max(1, round(random_of.gauss(due, due / 6)))
        p = min(1.0, max(0.0, random_of.gauss(share, spread)))
        found.append((sum(random_of.random() < p for _ in range(n)), n))
    return found


def delay(share: float, fall: float, due: int, times: int, rules: Signal = RULES, seed: int = 1) -> list[int | None]:
    """Give after how many weeks a lasting fall is told as worse, for so many series; None: not within AFTER."""
    random_of, found = random.Random(seed), []
    for _ in range(times):
        pairs = [*made(random_of, share, due, CALM), *made(random_of, share - fall, due, AFTER)]
        ends = range(CALM + 1, len(pairs) + 1)
        at = (end - CALM for end in ends if judge_rates(pairs[:end], rules).verdict is Verdict.WORSE)
        found.append(next(at, None))
    return found


def stocks_of(random_of: random.Random, weeks: int) -> list[int]:
    """Make a stock in balance: about 60 of about 300 pending are overdue, and each week some come and some go."""
    stock, found = 60, []
    for _ in range(weeks):
        gone = sum(random_of.random() < 0.5 for _ in range(stock))
        stock = stock - gone + sum(random_of.random() < 0.1 for _ in range(300))
        found.append(stock)
    return found


def false_stocks(times: int, rules: Signal, seed: int = 1) -> Told:
    """Count the signals of stocks in balance."""
    random_of, weeks, spoken = random.Random(seed), 0, Counter[Rule]()
    for _ in range(times):
        stocks = stocks_of(random_of, 60)
        for end in range(RULES.before + 1, len(stocks) + 1):
            told = judge_stocks(stocks[:end], rules)
            weeks += 1
            spoken.update([told.spoken.rule] if told.spoken else [])
    return Told(weeks, sum(spoken.values()), spoken)


Weekly = dict[str, tuple[list[Pair | None], list[int | None]]]


def weekly(store: Store, as_of: date, by: str | None) -> Weekly:
    """Read from a store, by unit ("": all), the weekly rates by due day and the overdue stocks, oldest week first."""
    cube = snapshot.cube(store, rebuild(store))
    first = cube["day"].min()
    start = first if isinstance(first, date) else as_of
    period = Period(start - timedelta(days=start.weekday()), as_of)
    told = figures(cube, period=period, as_of=as_of, by=[*([by] if by else []), "week"], scope=Scope.province())
    mondays = [period.start + timedelta(weeks=i) for i in range((as_of - period.start).days // 7)]
    rows = {(str(row[by]) if by else "", row["week"]): row for row in told.to_dicts()}
    names = sorted({name for name, _ in rows})
    return {name: _series([rows.get((name, monday)) for monday in mondays]) for name in names}


def _series(rows: Sequence[dict[str, object] | None]) -> tuple[list[Pair | None], list[int | None]]:
    pairs = [(int(str(row["due_met"])), int(str(row["due"]))) if row and row["due"] else None for row in rows]
    return pairs, [int(str(row["pending_overdue"])) if row else None for row in rows]


def real(shared: Path, name: str) -> Weekly:
    """Load a real set and read its weekly rates."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        real_sets.load(store, shared, name)
        return weekly(store, AS_OF[name], None)


def played(name: str, by: str | None, rows: int | None = None) -> Weekly:
    """Play a flow of the simulator and read its weekly rates."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        found = flows.play(store, flows.Flow(name, rows=rows))
        return weekly(store, found.as_of, by)


def main() -> None:
    """Print everything as markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="made-up series and shuffles of each kind")
    parser.add_argument("--rows", type=int, default=60_000, help="dossiers of the ten calm years")
    times, rows = (asked := parser.parse_args()).times, asked.rows
    shared = real_sets.folder()
    _say("| series | weeks judged | signals per 100 | beyond | near | shift | trend |", "|---|---|---|---|---|---|---|")
    random_of = random.Random(1)
    for share, due, spread in ((0.97, 100, 0), (0.97, 1000, 0), (0.97, 1000, 0.01), (0.9, 60, 0), (0.995, 200, 0)):
        many = [made(random_of, share, due, 60, spread) for _ in range(times)]
        wander = f", week to week ±{100 * spread:g} points" if spread else ""
        _row(f"made, calm: {100 * share:g} % of about {due}{wander}", counted(many))
    _row("made, stock in balance, rules for stocks", false_stocks(times, RULES))
    _row("made, stock in balance, all four rules", false_stocks(times, Signal(stocks=ALONE)))
    calm = played("muoi-nam", None, rows)
    _row(f"simulator, ten calm years of {rows} dossiers", counted([pairs for pairs, _ in calm.values()]))
    _row("the same weeks shuffled", counted(shuffled(calm[""][0], max(1, times // 30))))
    for name in AS_OF:
        pairs = real(shared, name)[""][0]
        _row(f"{name}, as it was", counted([pairs]))
        _row(f"{name}, weeks shuffled", counted(shuffled(pairs, times)))
    _say("", "| planted fall, 97 % of 300 | found within 13 weeks | median week | limits alone |", "|---|---|---|---|")
    for fall in (0.01, 0.02, 0.03, 0.05):
        found, alone = delay(0.97, fall, 300, times), delay(0.97, fall, 300, times, Signal(rates=("beyond",)))
        _say(f"| {100 * fall:g} points | {_within(found)} | {_median(found)} | {_within(alone)}, {_median(alone)} |")
    _overload()


def _overload() -> None:
    """Say when the ward that loses an appraiser is told, and when its twin is (flow qua-tai)."""
    _say("", "| flow qua-tai | first week told as worse | by which rule |", "|---|---|---|")
    for unit, (pairs, stocks) in played("qua-tai", "department").items():
        ends = range(1, len(pairs) + 1)
        for what, told in (
            ("rate", [judge_rates(pairs[:end], RULES) for end in ends]),
            ("stock", [judge_stocks(stocks[:end], RULES) for end in ends]),
        ):
            worse = (f"{n} of {len(told)} | {one.spoken.rule}" for n, one in enumerate(told, start=1)
                     if one.verdict is Verdict.WORSE and one.spoken)  # fmt: skip
            _say(f"| {unit}, {what} | {next(worse, 'never | –')} |")


def _row(name: str, told: Told) -> None:
    parts = " | ".join(f"{100 * told.by_rule[rule] / told.weeks:.2f}" if told.weeks else "–" for rule in ALONE)
    _say(f"| {name} | {told.weeks} | {told.per_hundred():.2f} | {parts} |")


def _within(found: Sequence[int | None]) -> str:
    return f"{100 * sum(each is not None for each in found) / len(found):.0f} %"


def _median(found: Sequence[int | None]) -> str:
    at = median(AFTER + 1 if each is None else each for each in found)
    return f"week {at:g}" if at <= AFTER else "later"


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
