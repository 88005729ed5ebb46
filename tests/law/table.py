"""How a deadline worked out by hand is written down, and how it is asked of the slow and of the quick reckoning.

A row: received | limit | options | due | counted days. Options are a cut-off hour, suspensions, @Unit, and "restart".
Days are written 3 4 5/3/2026, groups parted by ";"; in limits by the hour each day carries its minutes, 2:390.
A line with + goes on with the row before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from config import calendar as days_file
from config import hours as hours_file
from config.place import SHIPPED
from metrics.calendar import WorkingCalendar
from metrics.deadlines import with_deadlines
from metrics.limits import Suspension, parse_limit
from metrics.reckoning import Deadline, deadline
from metrics.worktime import WorkTime

#: Days and hours as shipped, whatever folder of settings this machine names.
OFFICE = WorkTime(WorkingCalendar(days_file.load(SHIPPED / "calendar.toml")), hours_file.load(SHIPPED / "hours.toml"))
MOMENT = pl.Datetime("us")
COLUMNS = pl.Schema(
    {
        "received_at": MOMENT, "size": pl.Int32(), "unit": pl.String(), "cutoff": pl.Time(), "restart": pl.Boolean(),
        "halts": pl.List(pl.Struct({"from_at": MOMENT, "to_at": MOMENT})), "department": pl.String(),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    received: datetime
    limit: str
    due: str
    counted: tuple[tuple[date, int | None], ...]
    cutoff: time | None = None
    suspensions: tuple[Suspension, ...] = ()
    unit: str | None = None
    restart: bool = False


def lines(table: str) -> list[str]:
    """Cut a table into its rows; # begins a remark."""
    return [line for line in table.replace("\n+", "").splitlines() if line and not line.startswith("#")]


def name(line: str) -> str:
    """Name a row by its question."""
    return " ".join("".join(line.split("|")[:3]).split())


def read(line: str) -> Row:
    """Read one row."""
    received, limit, options, due, counted = (part.strip() for part in f"{line} ".split("|"))
    words = options.split()
    return Row(
        datetime.fromisoformat(received),
        limit,
        due,
        _days(counted),
        cutoff=next((time.fromisoformat(w) for w in words if ":" in w and ".." not in w), None),
        suspensions=tuple(suspension(w) for w in words if ".." in w),
        unit=next((w[1:] for w in words if w.startswith("@")), None),
        restart="restart" in words,
    )


def suspension(text: str) -> Suspension:
    """Read FROM..TO, both days or both instants."""
    asked, back = text.split("..")
    if "T" in text:
        return Suspension(datetime.fromisoformat(asked), datetime.fromisoformat(back))
    return Suspension.of_days(date.fromisoformat(asked), date.fromisoformat(back))


def _days(text: str) -> tuple[tuple[date, int | None], ...]:
    found: list[tuple[date, int | None]] = []
    for group in text.split(";"):
        days, _, rest = group.strip().partition("/")
        month, year = rest.split("/") if rest else ("", "")
        for day, _, minutes in (word.partition(":") for word in days.split()):
            found.append((date(int(year), int(month), int(day)), int(minutes) if minutes else None))
    return tuple(found)


def written(due_on: date, due_at: datetime | None) -> str:
    """Write a due day, or a due minute, as the tables do."""
    day = f"{due_on.day}/{due_on.month}/{due_on.year}"
    return f"{due_at:%H:%M} {day}" if due_at else day


def slow(row: Row, office: WorkTime) -> Deadline:
    """Ask the reckoning that explains."""
    limit = parse_limit(row.limit, cutoff=row.cutoff)
    time = office.of(row.unit)
    return deadline(row.received, limit, time=time, suspensions=row.suspensions, restart=row.restart)


def quick(rows: Sequence[Row], office: WorkTime) -> list[str]:
    """Ask whole columns; the answers in the order of the rows."""
    frame = pl.DataFrame([_asked(row) for row in rows], schema=COLUMNS, orient="row").with_row_index()
    answered = [with_deadlines(cut, time=time) for time, cut in office.groups(frame)]
    found = pl.concat(answered).sort("index").select("due_on", "due_at")
    return [written(due_on, due_at) for due_on, due_at in found.rows()]


def _asked(row: Row) -> tuple[object, ...]:
    limit = parse_limit(row.limit)
    halts = [{"from_at": halt.from_at, "to_at": halt.to_at} for halt in row.suspensions]
    return row.received, limit.size, limit.unit.value, row.cutoff, row.restart, halts or None, row.unit
