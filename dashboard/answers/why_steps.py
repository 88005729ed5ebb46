"""Vì sao thay đổi: the way from the figure before to the figure now, and how far chance alone would carry it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.answers import signalled
from dashboard.answers.why import MIX, PERFORMANCE, VOLUME, Asked, moved
from dashboard.answers.why_links import is_rate
from dashboard.waterfall import Step
from dashboard.wording import number, percent
from metrics.decomposition import Change, Pair
from metrics.signals import Judged

BEFORE, NOW = "Trước", "Nay"
TODAYS_MAP: Final = "Tính theo đơn vị hiện nay, kể cả kỳ trước khi sắp xếp."
_NO_LIMITS: Final = "Không vẽ khoảng dao động thường: chưa đủ số liệu."


def of_change(change: Change, asked: Asked) -> Sequence[Step]:
    """Lay out a split: before, volume (of a count), mix, performance, now. Exact: it ends where the figure is."""
    rate = is_rate(asked.metric)
    scale = 100 if rate else 1
    factors = [(VOLUME, 2, change.volume), (MIX, 1, change.mix), (PERFORMANCE, 0, change.performance)]
    at = _level(change.before, rate=rate)
    steps = [_figure(BEFORE, at, scale, _told(change.before, rate=rate))]
    for name, factor, value in factors[rate:]:
        words = arrowed(value, moved(value, asked.metric))
        steps.append(Step(name, float(scale * at), float(scale * (at + value)), words, factor))
        at += value
    return [*steps, _figure(NOW, at, scale, _told(change.now, rate=rate))]


def of_stock(rows: pl.DataFrame) -> Sequence[Step]:
    """Lay out the overdue stock: before, what came, what left, now. ``rows``: values of answers.why_stock's table."""
    was, came, left = (int(rows[name].sum()) for name in (BEFORE, "Vào", "Ra"))
    high, now = was + came, was + came - left
    return [
        _figure(BEFORE, Fraction(was), 1, number(was)),
        Step("Vào", was, high, arrowed(Fraction(came), f"{wording.signed(came)} lượt"), 0),
        Step("Ra", high, now, arrowed(Fraction(-left), f"{wording.signed(-left)} lượt"), 1),
        _figure(NOW, Fraction(now), 1, number(now)),
    ]


def _level(pair: Pair, *, rate: bool) -> Fraction:
    return Fraction(*pair) if rate else Fraction(pair[0])


def _told(pair: Pair, *, rate: bool) -> str:
    return percent(*pair) if rate else number(pair[0])


def _figure(name: str, at: Fraction, scale: int, words: str) -> Step:
    return Step(name, float(scale * at), float(scale * at), words)


def arrowed(value: Fraction, words: str) -> str:
    """Put an arrow before a change: which way it goes is never said by colour or place alone."""
    return f"{'▲ ' if value > 0 else '▼ ' if value < 0 else ''}{words}"


def usual(found: Judged, metric: str) -> tuple[float, float] | None:
    """Give what ordinary variation would make of the figure now, in the unit of the chart; None where it is unknown."""
    scale = 100 if is_rate(metric) else 1
    return (scale * found.limits.lower, scale * found.limits.upper) if found.limits else None


def beneath(found: Judged, metric: str, now: Pair | None, noun: str) -> str:
    """Say what the band is, by which rule the change is a signal, and how far chance alone may carry a rate of few."""
    texts = [_limits(found, metric), signalled.why(found, noun)]
    between = wording.chance(*now) if now and is_rate(metric) else ""
    texts.append(f"khoảng 95\u00a0% của tỷ lệ nay: {between}\u00a0%" if between else "")
    return " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in texts if text)


def _limits(found: Judged, metric: str) -> str:
    between = usual(found, metric)
    if between is None:
        return _NO_LIMITS
    low, high = between
    if is_rate(metric):
        return f"Dải nền: dao động thường {number(low, 1)}–{number(high, 1)}\u00a0%"
    return f"Dải nền: dao động thường {number(low)}–{number(high)}"
