"""The periods that reports are written for: named, in the address, chosen in Vietnamese.

The state's periods run from the 15th to the 14th: month, quarter, 6 and 9 months, year (Thông tư 01/2020/TT-VPCP). Week
(Monday to Sunday) and calendar month stand beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from dashboard import wording
from metrics import state_year
from metrics.scope import Period

Kind = Literal["tuan", "thang", "ky", "quy", "6t", "9t", "nam"]
KINDS: Final[dict[Kind, str]] = {
    "tuan": "Tuần", "thang": "Tháng", "ky": "Kỳ 15–14", "quy": "Quý", "6t": "6 tháng", "9t": "9 tháng", "nam": "Năm",
}  # fmt: skip
#: The stretch of metrics.evaluate that cuts time into periods of a kind; a quarter of the state is none of them.
STRETCHES: Final[dict[str, str]] = {"tuan": "week", "thang": "month", "ky": "state_month"}
MOST: Final[dict[Kind, int]] = {"tuan": 80, "thang": 36, "ky": 36, "quy": 16, "6t": 5, "9t": 5, "nam": 5}
_DAY: Final = timedelta(days=1)
_ROMAN: Final = ("I", "II", "III", "IV")
_CODE: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<sign>W|T|K|Q)(?P<number>\d{1,2})|-(?P<long>[69]T))?")
_SIGNS: Final[dict[str, Kind]] = {"W": "tuan", "T": "thang", "K": "ky", "Q": "quy", "6T": "6t", "9T": "9t"}
_COUNTS: Final[dict[Kind, int]] = {"tuan": 53, "thang": 12, "ky": 12, "quy": 4, "6t": 1, "9t": 1, "nam": 1}
#: Months of a state period of each kind.
_LONG: Final[dict[Kind, int]] = {"ky": 1, "quy": 3, "6t": 6, "9t": 9, "nam": 12}


@dataclass(frozen=True, slots=True)
class Named:
    """A period with its kind, its code in the address, and its name."""

    kind: Kind
    code: str
    name: str
    period: Period


def of_code(code: str) -> Named | None:
    """Read a period as the address writes it: 2026-W47, 2026-T11, 2026-K11, 2026-Q4, 2026-6T, 2026-9T, 2026."""
    told = _CODE.fullmatch(code)
    if told is None or not 1990 <= int(told["year"]) <= 2100:
        return None
    kind = _SIGNS[told["sign"] or told["long"]] if told["sign"] or told["long"] else "nam"
    number = int(told["number"] or 1)
    year = int(told["year"])
    return _named(kind, year, number) if 1 <= number <= _last_number(kind, year) else None


def containing(kind: Kind, day: date) -> Named:
    """Give the period of a kind that ``day`` lies in; of 6 and 9 months the one of its (state) year."""
    if kind == "tuan":
        year, week, _ = day.isocalendar()
        return _named(kind, year, week)
    if kind == "thang":
        return _named(kind, day.year, day.month)
    year, month = state_year.month_of(day)
    number = {"ky": month, "quy": (month + 2) // 3}.get(kind, 1)
    return _named(kind, year, number)


def before(named: Named) -> Named:
    """Give the period of the same kind before this one."""
    kind, year, number = named.kind, int(named.code[:4]), _number(named.code)
    if number > 1:
        return _named(kind, year, number - 1)
    return _named(kind, year - 1, _last_number(kind, year - 1))


def recent(kind: Kind, first_day: date, today: date) -> list[Named]:
    """List the periods of a kind that the data reach, the running one first."""
    found = [containing(kind, today)]
    while len(found) < MOST[kind] and found[-1].period.start > first_day:
        found.append(before(found[-1]))
    return found


def _named(kind: Kind, year: int, number: int) -> Named:
    period = _days(kind, year, number)
    return Named(kind, _code(kind, year, number), _words(kind, year, number), period)


def _last_number(kind: Kind, year: int) -> int:
    return date(year, 12, 28).isocalendar().week if kind == "tuan" else _COUNTS[kind]


def _number(code: str) -> int:
    told = _CODE.fullmatch(code)
    return int(told["number"] or 1) if told else 1


def _days(kind: Kind, year: int, number: int) -> Period:
    if kind == "tuan":
        monday = date.fromisocalendar(year, number, 1)
        return Period(monday, monday + timedelta(days=6))
    if kind == "thang":
        return Period(date(year, number, 1), date(year + number // 12, number % 12 + 1, 1) - _DAY)
    months = _LONG[kind]
    return state_year.period(year, number * months, months)


def _code(kind: Kind, year: int, number: int) -> str:
    signs = {found: sign for sign, found in _SIGNS.items()}
    if kind == "nam":
        return f"{year}"
    if kind in ("6t", "9t"):
        return f"{year}-{signs[kind]}"
    return f"{year}-{signs[kind]}{number}" if kind == "quy" else f"{year}-{signs[kind]}{number:02d}"


def _words(kind: Kind, year: int, number: int) -> str:
    named = {
        "tuan": f"Tuần {number}/{year}",
        "thang": f"Tháng {number}/{year}",
        "ky": f"Kỳ tháng {number}/{year}",
        "quy": f"Quý {_ROMAN[(number - 1) % 4]}/{year}",
        "6t": f"6 tháng đầu năm {year}",
        "9t": f"9 tháng năm {year}",
        "nam": f"Năm {year}",
    }
    return named[kind]


def words(named: Named) -> str:
    """Name a period with its days: Quý IV/2026 · 15/09–14/12/2026."""
    return f"{named.name} · {wording.days_between(named.period.start, named.period.end)}"
