"""How entered figures are written: units, values and the stretches that they are of; alike on paper and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from config.indicators import Indicator, Unit
from metrics.indicators import stretch_of
from metrics.scope import Period
from reports import formats

UNITS: Final[Mapping[Unit, str]] = {
    "times": "lượt", "documents": "văn bản", "points": "điểm", "rank": "hạng", "percent": "%",
}  # fmt: skip
_ROMAN: Final = ("I", "II", "III", "IV")


def value(told: Decimal, one: Indicator) -> str:
    """Write a value with its unit: 1.204 lượt, 88,50 điểm, hạng 12, 91,2 %."""
    text = formats.number(told, one.decimals)
    return f"hạng {text}" if one.unit == "rank" else f"{text} {UNITS[one.unit]}"


def period(told: Period) -> str:
    """Name the stretch of a value: Tháng 10/2026, Quý III/2026, Năm 2026."""
    start = told.start
    match stretch_of(told):
        case "month":
            return f"Tháng {start:%m/%Y}"
        case "quarter":
            return f"Quý {_ROMAN[(start.month - 1) // 3]}/{start.year}"
    return f"Năm {start.year}"
