"""Values of entered indicators: which stretch of time and which number a text means; never a guess."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import polars as pl

from config.indicators import Indicator, Stretch
from metrics.scope import Period

YEARS: Final = range(1990, 2101)
_MONTHS: Final[dict[Stretch, int]] = {"month": 1, "quarter": 3, "year": 12}
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_PATTERNS: Final[dict[Stretch, tuple[str, ...]]] = {
    "month": (r"(?P<y>\d{4})-t?(?P<n>\d{1,2})", r"(?:tháng )?(?P<n>\d{1,2})[/-](?P<y>\d{4})"),
    "quarter": (r"(?P<y>\d{4})-q(?P<n>[1-4])", r"(?:quý |q)(?P<n>[1-4]|i|ii|iii|iv)[/-](?P<y>\d{4})"),
    "year": (r"(?:năm )?(?P<y>\d{4})",),
}
_GROUPED: Final = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+|(?: \d{3})+)")
_LONGEST: Final = 12  # digits of a value


#: What one value is of; its newest word holds.
KEY: Final = ("indicator", "from_on", "to_on", "department")


def holding(words: pl.DataFrame) -> pl.DataFrame:
    """Keep of every word, newest first (KEY, value), the values that hold: what was taken back (null) is left out."""
    return words.unique(KEY, keep="first", maintain_order=True).filter(pl.col("value").is_not_null())


def period_of(text: str, stretch: Stretch) -> Period | None:
    """Give the stretch that a text names: 2026-10, 10/2026, tháng 10/2026 · 2026-Q3, quý III/2026 · 2026; else None."""
    folded = " ".join(text.lower().split())
    for pattern in _PATTERNS[stretch]:
        if told := re.fullmatch(pattern, folded):
            number = told.groupdict().get("n") or "1"
            return _stretch(int(told["y"]), _ROMAN.get(number) or int(number), stretch)
    return None


def _stretch(year: int, number: int, stretch: Stretch) -> Period | None:
    months = _MONTHS[stretch]
    if year not in YEARS or not 1 <= number <= 12 // months:
        return None
    first = months * (number - 1) + 1
    next_year, next_month = divmod(12 * year + first - 1 + months, 12)
    return Period(date(year, first, 1), date(next_year, next_month + 1, 1) - timedelta(days=1))


def stretch_of(period: Period) -> Stretch:
    """Say which kind of stretch a period is."""
    days = (period.end - period.start).days
    return "month" if days < 31 else "quarter" if days < 93 else "year"


def code_of(period: Period) -> str:
    """Name a stretch as a file and a command do: 2026-10, 2026-Q3, 2026."""
    start = period.start
    codes = {"month": f"{start:%Y-%m}", "quarter": f"{start.year}-Q{(start.month + 2) // 3}", "year": f"{start.year}"}
    return codes[stretch_of(period)]


def before(period: Period) -> Period:
    """Give the stretch of the same kind that ends the day before."""
    last = period.start - timedelta(days=1)
    year, month = divmod(12 * last.year + last.month - _MONTHS[stretch_of(period)], 12)
    return Period(date(year, month + 1, 1), last)


def value_of(text: str, indicator: Indicator) -> Decimal | None:
    """Give the number that a text means for ``indicator``, None where it means none.

    Without decimals a sign before three digits parts thousands (1.234 is 1234). With decimals the one sign is the
    decimal one, and nothing parts thousands: so no text can mean two numbers.
    """
    bare = " ".join(text.split()).removesuffix("%").strip()
    if not indicator.decimals:
        grouped = re.sub(r"[., ]", "", bare) if _GROUPED.fullmatch(bare) else bare
        found = Decimal(grouped) if re.fullmatch(rf"[0-9]{{1,{_LONGEST}}}", grouped) else None
    else:
        exact = rf"[0-9]{{1,{_LONGEST}}}(?:[.,][0-9]{{1,{indicator.decimals}}})?"
        found = Decimal(bare.replace(",", ".")) if re.fullmatch(exact, bare) else None
    return found if found is not None and _possible(found, indicator) else None


def _possible(value: Decimal, indicator: Indicator) -> bool:
    lowest = 1 if indicator.unit == "rank" else 0
    return value >= lowest and (indicator.highest is None or value <= indicator.highest)
