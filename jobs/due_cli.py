"""The command ``dunghan due``: when is an answer due, and which days count? A question without a dossier."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Final
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from config import calendar as days_file
from config import hours as hours_file
from config.errors import ConfigError, nearest

if TYPE_CHECKING:  # polars is loaded when the question is asked, not at every start of the command line
    from metrics.limits import Suspension
    from metrics.reckoning import Deadline
    from metrics.worktime import WorkTime

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_YEAR, LAST_YEAR = 1980, 2079
_HOW: Final = "Write 2026-04-29T09:00."


def due(
    received: Annotated[str, typer.Option("--received", metavar="INSTANT", help="Local time, as 2026-04-29T09:00.")],
    limit: Annotated[
        str,
        typer.Option(
            "--limit",
            help="10wd working days, 10d calendar days, 6m months, 16wh working hours, 0wd within the day.",
        ),
    ],
    suspend: Annotated[
        list[str] | None,
        typer.Option("--suspend", metavar="FROM..TO", help="Waiting for the applicant; may be repeated."),
    ] = None,
    cutoff: Annotated[
        str, typer.Option("--cutoff", metavar="HH:MM", help="Received later counts as the next working day.")
    ] = "",
    restart: Annotated[
        bool,
        typer.Option("--restart", help="The limit begins anew at each return, instead of being longer by the wait."),
    ] = False,
    unit: Annotated[
        str, typer.Option("--unit", metavar="NAME", help="Whose hours (hours.toml) and closures (calendar.toml).")
    ] = "",
    json_: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say when an answer is due, and for every day between why it counts or does not."""
    from metrics.calendar import WorkingCalendar
    from metrics.limits import parse_limit
    from metrics.reckoning import deadline
    from metrics.worktime import WorkTime

    asked = parse_limit(limit, cutoff=_hour(cutoff) if cutoff else None, place="--limit")
    came, days = _moment("--received", received), days_file.load()
    everybody = WorkTime(WorkingCalendar(days), hours_file.load())
    notes = _own(unit, everybody) if unit else []
    office = everybody.of(unit)
    halts = [_suspension(text, came.date()) for text in suspend or ()]
    found = deadline(came, asked, time=office, suspensions=halts, restart=restart)
    if found.due_on > days.confirmed_to:
        notes.append(f"no confirmed holidays after {days.confirmed_to}: later days are a forecast (calendar.toml)")
    for note in notes:
        Console(stderr=True).print(f"! {note}", highlight=False, markup=False, soft_wrap=True)
    if json_:
        sys.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(found, f"{came:%H:%M %d/%m/%Y} + {asked.size}{asked.unit}", office)


def _own(unit: str, office: WorkTime) -> list[str]:
    """Say so when ``unit`` has no days or hours of its own. Raises ConfigError where only its spelling differs."""
    if unit in office.own:
        return []
    meant = next((name for name in office.own if _plain(name) == _plain(unit)), None)
    if meant:
        found = f'no unit is written so in hours.toml or calendar.toml. Did you mean "{meant}"?'
        raise ConfigError(f"--unit {unit}", found, "Write its name as it stands there.")
    return [f'"{unit}" has no hours or closures of its own: the common ones are used.{nearest(unit, office.own)}']


def _plain(name: str) -> str:
    """Take away what is easily mistyped: capitals, marks, doubled spaces."""
    letters = normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not combining(letter)).split())


def as_json(found: Deadline) -> dict[str, Any]:
    """Give due_on, due_at (with its offset), counted days, and skipped days with reason and decision."""
    return {
        "due_on": found.due_on.isoformat(),
        "due_at": found.due_at.replace(tzinfo=ZONE).isoformat() if found.due_at else None,
        "counted": [c.day.isoformat() for c in found.counted],
        "skipped": [{"day": s.day.isoformat(), "reason": s.reason, "decision": s.decision} for s in found.skipped],
    }


def _show(found: Deadline, question: str, office: WorkTime) -> None:
    """Print the days in order, each with its number, its hours or why it does not count, then the rules that say so."""
    ends = f"{found.due_at:%H:%M %d/%m/%Y}" if found.due_at else f"{found.due_on:%d/%m/%Y}"
    shown = Table(title=f"{question} → {ends}", box=SIMPLE_HEAD, title_justify="left")
    for title in ("day", "counts", "why", "decision"):
        shown.add_column(title)
    numbered = [(c.day, _count(n, c.minutes), c.note, c.decision or "") for n, c in enumerate(found.counted, start=1)]
    left_out = [(s.day, "–", s.reason, s.decision or "") for s in found.skipped]
    closing = [found.closing] if found.closing else []
    ended = [(s.day, "due", s.reason, "") for s in closing]
    for day, *why in sorted(chain(numbered, left_out, ended)):
        shown.add_row(f"{day:%a %d/%m/%Y}", *why)
    screen = Console()
    screen.print(shown)
    for rule in (*_hours(found, office), *dict.fromkeys(s.rule for s in (*found.skipped, *closing))):
        screen.print(f"· {rule}", highlight=False, markup=False, soft_wrap=True)


def _hours(found: Deadline, office: WorkTime) -> list[str]:
    """Tell the hours of the whole days that count, once more where the season changes them."""
    if not found.due_at:
        return []
    ways = {way: c.day for c in reversed(found.counted) for way in (office.hours.default.on(c.day),)}
    since = sorted((day, way.sessions) for way, day in ways.items())
    return [
        f"giờ làm việc từ {day:%d/%m/%Y}: "
        + ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in sessions)
        for day, sessions in since
    ]


def _count(number: int, minutes: int | None) -> str:
    return str(number) if minutes is None else f"{minutes // 60} h {minutes % 60:02d}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError as wrong:
        raise ConfigError(f"--cutoff {text}", "not an hour.", "Write 15:00.") from wrong


def _moment(place: str, text: str) -> datetime:
    """Read a local time; one with an offset is moved to the office's clock."""
    try:
        stamp = datetime.fromisoformat(text.strip())
    except ValueError as wrong:
        raise ConfigError(f"{place} {text}", "not a day or an instant.", _HOW) from wrong
    if not FIRST_YEAR <= stamp.year <= LAST_YEAR:
        raise ConfigError(f"{place} {text}", f"outside {FIRST_YEAR}–{LAST_YEAR}.", "Check the year.")
    return stamp.astimezone(ZONE).replace(tzinfo=None) if stamp.tzinfo else stamp


def _suspension(text: str, received_on: date) -> Suspension:
    """Read FROM..TO, each a day or an instant; days run to their end, so that the first new day counts in full."""
    from metrics.limits import Suspension

    place, ends = f"--suspend {text}", text.split("..")
    if len(ends) != 2 or not all(ends):
        raise ConfigError(place, "not a span of days.", "Write 2026-03-05..2026-03-10: asked for, and handed in.")
    asked, back = (_moment("--suspend", end) for end in ends)
    if back < asked:
        raise ConfigError(place, "it ends before it begins.", "Write the day of the request first.")
    if asked.date() < received_on:
        raise ConfigError(place, f"it begins before the receipt on {received_on}.", "Check both days.")
    whole = Suspension.of_days(asked.date(), back.date())
    instants = (len(end.strip()) > len("2026-03-05") for end in ends)
    return Suspension(*(at if exact else day for at, exact, day in zip(
        (asked, back), instants, (whole.from_at, whole.to_at), strict=True
    )))  # fmt: skip
