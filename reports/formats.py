"""Vietnamese wording of numbers, days and clock times: the one formatter of page, paper, workbook and mail.

``1.234,5`` · ``97,5 %`` (no-break space) · ``09/11/2018`` · ``17 giờ 00``. A missing value is never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
MISSING: Final = "không có số liệu"
#: In a table cell; every table that prints it carries a key.
MISSING_CELL: Final = "…"

_SWAP: Final = str.maketrans(",.", ".,")


def number(value: float | Decimal, places: int = 0) -> str:
    """Write ``1.234,5``, halves away from zero, with a real minus sign."""
    exact = _rounded(Decimal(str(value)), places)
    return f"{abs(exact):,.{places}f}".translate(_SWAP) if exact >= 0 else MINUS + number(-exact, places)


def signed(value: float | Decimal, places: int = 0) -> str:
    """Write ``+1,2``, ``−13,6`` or ``0,0``: a change in a table, where its direction is no word."""
    text = number(value, places)
    return f"+{text}" if _rounded(Decimal(str(value)), places) > 0 else text


def share(numerator: int, denominator: int, places: int = 1) -> Decimal | None:
    """Give the percentage as printed, or None over nothing.

    Rounded half up, but a share that is not whole never prints as 100, and one that is not nothing never as 0.
    """
    if denominator == 0:
        return None
    exact = Decimal(100) * numerator / denominator
    step = Decimal(1).scaleb(-places)
    if 0 < numerator < denominator:
        return min(max(_rounded(exact, places), step), 100 - step)
    return _rounded(exact, places)


def percent(numerator: int, denominator: int, places: int = 1) -> str:
    """Write ``97,5 %``, or say that there is no figure when nothing is shared."""
    value = share(numerator, denominator, places)
    return MISSING if value is None else percent_of(value, places)


def percent_of(value: Decimal, places: int = 1) -> str:
    """Write a percentage that ``share`` gave."""
    return f"{number(value, places)}{NBSP}%"


def places_for(shares: Iterable[tuple[int, int]]) -> int:
    """Say how many decimals a set of rates needs: two when all of them lie above 99 %, else one."""
    known = [n / d for n, d in shares if d]
    return 2 if known and min(known) > 0.99 else 1


#: From so many đồng on an amount is written in thousands of millions.
_BILLION: Final = 1_000_000_000


def money(value: int) -> str:
    """Write ``12.345.000 đồng``, and from a thousand million on ``10,327 tỷ đồng``."""
    return f"{number(Decimal(value) / _BILLION, 3)} tỷ đồng" if value >= _BILLION else f"{number(value)} đồng"


def day(value: date) -> str:
    """Write ``09/11/2018``."""
    return f"{value:%d/%m/%Y}"


def short_day(value: date) -> str:
    """Write ``08/11``, for an axis."""
    return f"{value:%d/%m}"


def long_day(value: date) -> str:
    """Write the day as the head of a document does: days below 10 and months 1–2 get a zero (NĐ 30/2020)."""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def clock(value: datetime) -> str:
    """Write ``09 giờ 40``; the caller has put the instant into local time."""
    return f"{value:%H} giờ {value:%M}"


def moment(value: datetime) -> str:
    """Write ``17/11/2026 09:40`` for a table."""
    return f"{value:%d/%m/%Y %H:%M}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def lowered(name: str) -> str:
    """Write a name inside a sentence: ``Đất đai`` → ``đất đai``, ``PCCC`` stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
