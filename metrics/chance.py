"""How likely chance alone would bring so many: tails of the normal and the binomial law, and what stands of many tests.

Source: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, sqrt


def normal_tail(z: float) -> float:
    """Give the chance that a standard normal value is ``z`` or more."""
    return 0.5 * erfc(z / sqrt(2))


def binomial_tail(n: int, whole: int, share: float) -> float:
    """Give the chance of ``n`` or more hits among ``whole`` when each is one with chance ``share``."""
    if n <= 0 or share >= 1:
        return 1.0
    if share <= 0 or n > whole:
        return 0.0
    if n <= whole * share:  # below the mean terms grow before they fall, past every number that a float holds
        return max(0.0, 1.0 - binomial_tail(whole - n + 1, whole, 1 - share))
    odds = log(share) - log(1 - share)
    first = lgamma(whole + 1) - lgamma(n + 1) - lgamma(whole - n + 1) + n * log(share) + (whole - n) * log(1 - share)
    total, term = 0.0, 0.0  # of the terms beside the first
    for k in range(n, whole + 1):
        total += exp(term)
        if term < -40:  # what follows is smaller still
            break
        if k < whole:
            term += log(whole - k) - log(k + 1) + odds
    return min(1.0, exp(first) * total)


def tail_after(n: int, whole: int, hits: int, before: int) -> float:
    """Give the chance of ``n`` or more hits among ``whole`` where ``hits`` among ``before`` are all that is known of
    how often one is (beta-binomial, Jeffreys' prior): rare events seen seldom prove no small share."""
    a, b = hits + 0.5, before - hits + 0.5

    def term(k: int) -> float:
        ways = lgamma(whole + 1) - lgamma(k + 1) - lgamma(whole - k + 1)
        return exp(ways + _beta(k + a, whole - k + b) - _beta(a, b))

    return 1.0 if n <= 0 else min(1.0, sum(map(term, range(n, whole + 1))))


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def found(p: Sequence[float], share: float) -> list[bool]:
    """Say which of many tests stand when at most ``share`` of those that stand may be chance finds.

    The k smallest stand, where k is the last place at which p ≤ share · k / tests.
    """
    tests = len(p)
    ranked = sorted(p)
    last = max((k for k, value in enumerate(ranked, start=1) if value <= share * k / tests), default=0)
    limit = ranked[last - 1] if last else -1.0
    return [value <= limit for value in p]
