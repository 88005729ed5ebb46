"""Is a figure a signal, or ordinary variation? The four rules of NHS England's "Making Data Count", for every page,
report and alert: beyond a limit, near a limit, a shift, a trend.

The rules are read on one chart: the periods that give the limits (metrics/charts_of_control.py) and the judged one, the
last. As in NHSRplotthedots, a point beyond the limits does not count as near one, all points of a rule lie on one side,
and a row of rising or falling points is as long as one of points on one side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from math import sqrt
from typing import Final, Literal

from config.insight import Rule, Signal
from metrics import charts_of_control as control
from metrics.charts_of_control import Limits, RateChart

Better = Literal["higher", "lower"]
Pair = tuple[int, int]
#: By so many dossiers a period differs from the usual before it counts as on one side of it: 100 % is not better than
#: 99,9 % of 40.
ASIDE: Final = 1.0
_ROUNDING: Final = 1e-9


class Verdict(StrEnum):
    """The only words a change may be given; everything else would be an adjective the numbers do not carry."""

    WORSE = "worse"  # a signal, on the bad side
    BETTER = "better"  # a signal, on the good side
    NORMAL = "normal"  # ordinary variation
    SMALL = "small"  # denominator below rules.small
    UNKNOWN = "unknown"  # no history, no figure, or a source is silent


SIGNALS: Final = (Verdict.WORSE, Verdict.BETTER)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on its chart. ``side`` of the centre, ``beyond`` and ``near`` a limit: −1 below, 1 above, 0 neither;
    ``near``: in the outer third of the way to a limit it is not beyond."""

    value: float
    side: int
    beyond: int
    near: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """Which rule speaks of the last point: ``way`` is 1 up, −1 down; ``row``: how many points it rests on."""

    rule: Rule
    way: int
    row: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What the periods before say of a figure. ``spoken``: by which rule it is a signal; ``rests_on``: how many of
    them have figures; ``trial``: too few for more than trial limits ("giới hạn tạm")."""

    verdict: Verdict
    limits: Limits | None = None
    spoken: Spoken | None = None
    rests_on: int = 0
    trial: bool = False

    @property
    def above(self) -> bool:
        """Whether a signal lies above the usual, or rises."""
        return self.spoken is not None and self.spoken.way > 0


def judge_rates(pairs: Sequence[Pair | None], rules: Signal, *, better: Better = "higher") -> Judged:
    """Judge the last of (numerator, denominator) by those before it, oldest first; all since the last break.

    Unrounded counts are judged: what is printed is only their wording.
    """
    pairs = pairs[-rules.before - 1 :]
    told, chart = len(control.known_rates(pairs[:-1], rules)), control.rate_chart(pairs[:-1], rules)
    met, due = pairs[-1] or (0, 0) if pairs else (0, 0)
    limits = chart.at(due) if chart and due else None
    trial = told + 1 < rules.full
    if not due:
        return Judged(Verdict.UNKNOWN, limits, rests_on=told, trial=trial)
    if due < rules.small:
        return Judged(Verdict.SMALL, limits, rests_on=told, trial=trial)
    if chart is None:
        return Judged(Verdict.UNKNOWN, rests_on=told, trial=trial)
    points = [_of_rate(pair, chart, rules) for pair in pairs]
    return _judged(points, limits, rules.rates, rules, better, told)


def judge_stocks(stocks: Sequence[int | None], rules: Signal, *, better: Better = "lower") -> Judged:
    """Judge the last stock by those before it, oldest first; all since the last break, unknown ones None."""
    stocks = stocks[-rules.before - 1 :]
    told, limits = sum(s is not None for s in stocks[:-1]), control.stock_limits(stocks[:-1], rules)
    if not stocks or stocks[-1] is None or limits is None:
        return Judged(Verdict.UNKNOWN, limits, rests_on=told, trial=told + 1 < rules.full)
    reach = limits.upper - limits.center  # the lower limit may be cut off at nothing
    points = [None if s is None else point(float(s), limits.center, reach, aside=ASIDE) for s in stocks]
    return _judged(points, limits, rules.stocks, rules, better, told)


def _of_rate(pair: Pair | None, chart: RateChart, rules: Signal) -> Point | None:
    """Place a period on the chart; one of few dossiers is a gap, as it is on every page."""
    met, due = pair or (0, 0)
    if due < rules.small:
        return None
    reach = 3 * chart.sigma_z * chart.spread / sqrt(due)
    return point(met / due, chart.center, reach, aside=ASIDE / due)


def point(value: float, center: float, reach: float, *, aside: float = 0.0) -> Point:
    """Place a figure on a chart whose limits lie ``reach`` from its centre; nearer to it than ``aside`` is no side."""
    off = value - center
    way, outside = _sign(off), abs(off) > reach + _ROUNDING
    close = not outside and abs(off) > 2 * reach / 3 + _ROUNDING
    return Point(value, way if abs(off) > aside - _ROUNDING else 0, way if outside else 0, way if close else 0)


def _judged(
    points: Sequence[Point | None], limits: Limits | None, which: Sequence[Rule], rules: Signal, better: Better,
    told: int,
) -> Judged:  # fmt: skip
    found, trial = spoken(points, which, rules), told + 1 < rules.full
    if found is None:
        return Judged(Verdict.NORMAL, limits, rests_on=told, trial=trial)
    good = (found.way > 0) == (better == "higher")
    return Judged(Verdict.BETTER if good else Verdict.WORSE, limits, found, told, trial)


def spoken(points: Sequence[Point | None], which: Sequence[Rule], rules: Signal) -> Spoken | None:
    """Give the first of the rules ``which``, as ranked in RULES, that speaks of the last point; None of ordinary
    variation. A period without a figure (None) breaks every row: "liền" is meant."""
    if not points or points[-1] is None:
        return None
    row = list(takewhile(lambda each: each is not None, reversed(points)))
    told = [each for each in reversed(row) if each is not None]
    found = (Spoken(name, *ways) for name, rule in RULES.items() if name in which and (ways := rule(told, rules)))
    return next(found, None)


_Ways = tuple[int, int] | None


def _beyond(points: Sequence[Point], _rules: Signal) -> _Ways:
    return (points[-1].beyond, 1) if points[-1].beyond else None


def _near(points: Sequence[Point], rules: Signal) -> _Ways:
    last, way = points[-rules.near_of :], points[-1].near
    close = sum(each.near == way for each in last)
    one_side = len(last) == rules.near_of and all(each.side == way for each in last)
    return (way, close) if way and one_side and close >= rules.near else None


def _shift(points: Sequence[Point], rules: Signal) -> _Ways:
    way = points[-1].side
    row = sum(1 for _ in takewhile(lambda each: each.side == way, reversed(points)))
    return (way, row) if way and row >= rules.shift else None


def _trend(points: Sequence[Point], rules: Signal) -> _Ways:
    steps = [_sign(b.value - a.value) for a, b in zip(points, points[1:], strict=False)]
    way = steps[-1] if steps else 0
    row = 1 + sum(1 for _ in takewhile(lambda step: step == way, reversed(steps)))
    return (way, row) if way and row >= rules.trend else None


def _sign(value: float) -> int:
    return 0 if abs(value) < _ROUNDING else 1 if value > 0 else -1


#: In the order in which they are named where several speak.
RULES: Final[Mapping[Rule, Callable[[Sequence[Point], Signal], _Ways]]] = {
    "beyond": _beyond, "near": _near, "shift": _shift, "trend": _trend,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grown:
    """A stock that stands worse than usual and grew: by ``more``, in the period ``ago`` before the last."""

    more: int
    ago: int
    judged: Judged


def grown_by(stocks: Sequence[int | None], rules: Signal, *, ago: int = 0) -> Grown | None:
    """Say by how many the last of these stocks grew; None where that is usual, or too few to speak of."""
    now, before = stocks[-1], stocks[-2] if len(stocks) > 1 else None
    judged = judge_stocks(stocks, rules)
    if now is None or before is None or judged.verdict is not Verdict.WORSE or now - before < rules.more:
        return None
    return Grown(now - before, ago, judged)


def growing(stocks: Sequence[int | None], rules: Signal) -> Grown | None:
    """Say by how many a stock grew beyond the usual, and how many periods ago; None where it did not.

    The last period still runs and is short, so what grew in the one before is said until it falls.
    """
    if found := grown_by(stocks, rules):
        return found
    now, before = stocks[-1], stocks[-2] if len(stocks) > 1 else None
    stays = now is not None and before is not None and now >= before
    return grown_by(stocks[:-1], rules, ago=1) if stays else None
