"""Which report it is: how long its periods are, what they are called, and on which day one is issued.

Weeks run Friday to Thursday (or Monday to Sunday); month, quarter and year are the state's, 15th to 14th. A
department's own sheet is any of them with ``unit``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from config import insight
from config.report import Friday
from metrics import state_year
from metrics.calendar import WorkingCalendar
from metrics.compare import beside
from metrics.scope import Period, Scope
from reports import formats

Id = Literal["friday", "month", "quarter", "year"]
IDS: Final[tuple[Id, ...]] = ("friday", "month", "quarter", "year")
_NOUNS: Final[dict[Id, str]] = {"friday": "tuần", "month": "tháng", "quarter": "quý", "year": "năm"}
_MONTHS: Final[dict[Id, int]] = {"month": 1, "quarter": 3, "year": 12}
_ROMAN: Final = ("I", "II", "III", "IV")
_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Edition:
    """One kind of report. ``unit``: the department whose own sheet it is; None: the whole province."""

    id: Id = "friday"
    unit: str | None = None
    week_starts: Literal["friday", "monday"] = "friday"

    @property
    def key(self) -> str:
        """Tell this edition apart from all others: ``friday``, ``month``, ``friday:Sở Xây dựng``."""
        return f"{self.id}:{self.unit}" if self.unit else self.id

    @property
    def scope(self) -> Scope:
        """The dossiers that it reports."""
        return Scope.of(self.unit) if self.unit else Scope.province()

    @property
    def noun(self) -> str:
        """What its period is called: tuần, tháng, quý, năm."""
        return _NOUNS[self.id]

    @property
    def this(self) -> str:
        """The period reported: tuần này; a year is reported when it is over, and is not the present one."""
        return "năm báo cáo" if self.id == "year" else f"{self.noun} này"

    @property
    def stretch(self) -> str | None:
        """The stretch of metrics.evaluate that cuts time into its periods; None: there is none, ask one by one."""
        if self.id == "friday":
            return "friday_week" if self.week_starts == "friday" else "week"
        return "state_month" if self.id == "month" else None

    def containing(self, day: date) -> Period:
        """Give the period in which ``day`` lies."""
        if self.id != "friday":
            return state_year.containing(day, _MONTHS[self.id])
        start = day - timedelta(days=(day.weekday() - (_FRIDAY if self.week_starts == "friday" else 0)) % 7)
        return Period(start, start + timedelta(days=6))

    def before(self, period: Period) -> Period:
        """Give the period before: what this one is compared with."""
        return beside(period, period.end, "previous").period

    def charted(self, period: Period) -> list[Period]:
        """Give the periods that limits are taken from, oldest first, then ``period`` itself."""
        found, before = [period], insight.load().signal.before
        while len(found) <= before:
            found.append(self.before(found[-1]))
        return found[::-1]

    def issue_day(self, period: Period, calendar: WorkingCalendar) -> date:
        """Give the day on which the report of ``period`` is issued.

        The day after its end, for Monday weeks the Friday after; when that is off, the working day before it. Then no
        day of the period is worked after the day of issue, and the figures are whole when its offices have closed.
        Where the working day before is the day of the report before it (Tết), the first working day after instead.
        """
        regular = self._regular(period)
        moved = calendar.last_working_day(regular)
        if moved > self._regular(self.before(period)):
            return moved
        return calendar.add(regular, 1)

    def covered(self, issued_on: date, calendar: WorkingCalendar) -> Period:
        """Give the period that a report issued on ``issued_on`` covers.

        The last one that ended before it: on Friday 9/11/2018, the days 2/11 to 8/11/2018. Where days off moved the
        day of issue into the running period, the running one from that day on.
        """
        running = self.containing(issued_on)
        last = self.before(running)
        return running if self._moved(running, calendar) <= issued_on else last

    def code(self, period: Period) -> str:
        """Name a period in an address and in a name of a file: 2026-W47, 2026-K11, 2026-Q4, 2026.

        A week belongs to the year that its Thursday lies in (ISO 8601): 25/12/2026–31/12/2026 is week 53 of 2026.
        """
        if self.id == "friday":
            year, week, _ = period.end.isocalendar()
            return f"{year}-W{week:02d}"
        year, month = state_year.month_of(period.end)
        return {"month": f"{year}-K{month:02d}", "quarter": f"{year}-Q{month // 3}", "year": f"{year}"}[self.id]

    def title(self, period: Period) -> str:
        """Write the line of the title that says which period is reported."""
        since, until = formats.day(period.start), formats.day(period.end)
        if self.id == "friday":
            return f"tuần từ ngày {since} đến ngày {until}"
        return f"{self.named(period)} (từ {since} đến {until})"

    def named(self, period: Period) -> str:
        """Name a period in a word or two: tuần 45/2018, tháng 11/2026, quý IV/2026, năm 2026."""
        year, month = state_year.month_of(period.end)
        if self.id == "friday":
            iso_year, week, _ = period.end.isocalendar()
            return f"tuần {week}/{iso_year}"
        return f"{self.noun} {_within(self.id, year, month)}"

    def tick(self, period: Period) -> str:
        """Name a period under an axis: 08/11 (the last day of a week), 11/26, IV/26, 2026."""
        if self.id == "friday":
            return formats.short_day(period.end)
        year, month = state_year.month_of(period.end)
        named = _within(self.id, year, month)
        return named if self.id == "year" else f"{named[: -len(str(year))]}{year % 100:02d}"

    def file_stem(self, period: Period) -> str:
        """Name the files after the period and its last day: BaoCao_45_2018-11-08, BaoCao_2026-Q4_2026-12-14."""
        code = self.code(period)
        part = code.partition("-W")[2] if self.id == "friday" else code
        return f"BaoCao_{part}_{period.end.isoformat()}{_file_part(self.unit)}"

    def _regular(self, period: Period) -> date:
        return period.end + (_DAY if self.id != "friday" or self.week_starts == "friday" else 5 * _DAY)

    def _moved(self, period: Period, calendar: WorkingCalendar) -> date:
        """Give the day of issue where it lies within its period, else the day after."""
        return min(self.issue_day(period, calendar), period.end + _DAY)


#: The Friday report of the province.
WEEKLY: Final = Edition()


def of(settings: Friday, id: Id = "friday", unit: str | None = None) -> Edition:
    """Give an edition as the office has set its weeks."""
    return Edition(id, unit, settings.week_starts)


def for_unit(edition: Edition, unit: str) -> Edition:
    """Give the own sheet of a department, of the same periods."""
    return replace(edition, unit=unit)


def judged_on(period: Period) -> date:
    """Give the day on which the whole period can be judged: a dossier due on its last day is late from the next."""
    return period.end + _DAY


def known_before(period: Period, issued_on: date, calendar: WorkingCalendar) -> date:
    """Give the day before whose first minute everything that people recorded counts.

    The day of issue; where that was moved into the period, the day after its last working day.
    """
    return max(issued_on, calendar.last_working_day(period.end) + _DAY)


def _within(id: Id, year: int, month: int) -> str:
    return {"month": f"{month}/{year}", "quarter": f"{_ROMAN[(month - 1) // 3]}/{year}", "year": f"{year}"}[id]


def _file_part(unit: str | None) -> str:
    """Write a department's name so that any file system keeps it: _So-Xay-dung."""
    if unit is None:
        return ""
    plain = unicodedata.normalize("NFKD", unit.replace("đ", "d").replace("Đ", "D"))
    return "_" + re.sub(r"[^A-Za-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
