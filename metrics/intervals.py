"""How far chance alone may carry a rate of few dossiers: Wilson's 95 % interval, for every page and report.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
"""

from __future__ import annotations

from math import sqrt
from typing import Final

_Z: Final = 1.959964  # 95 %


def interval(part: int, whole: int, *, below: int) -> tuple[float, float] | None:
    """Give the interval of a share, 0–1; None of nothing, and of ``below`` or more: there chance moves it little.

    None too of what is no part of its whole: those asked for papers in a week may be more than those received in it.
    """
    return wilson(part, whole) if 0 <= part <= whole and 0 < whole < below else None


def bounds(part: int, whole: int, *, below: int) -> dict[str, float | None]:
    """Give the interval as values for machines, ``low`` and ``high``; null where ``interval`` gives none."""
    low, high = interval(part, whole, below=below) or (None, None)
    return {"low": low, "high": high}


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Give the interval of a share of something, 0–1."""
    share, spread = part / whole, _Z * _Z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return (max(0.0, middle - reach) if part else 0.0), (min(1.0, middle + reach) if part < whole else 1.0)
