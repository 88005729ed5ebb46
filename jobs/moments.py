"""Days and instants as people type them, read in the zone of the sources."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import ConfigError

HOME_ZONE: Final = "Asia/Ho_Chi_Minh"
YEARS: Final = range(1990, 2101)


def zone_of(zones: Collection[str]) -> ZoneInfo:
    """Give the zone in which a day is cut that belongs to no one source: the sources' own, if they share one."""
    return ZoneInfo(next(iter(set(zones))) if len(set(zones)) == 1 else HOME_ZONE)


def day_in(text: str, zone: ZoneInfo, *, option: str) -> date:
    """Read a day; an instant with an offset is cut in ``zone``. Raises ConfigError naming the option."""
    stamp = _read(text, option)
    return (stamp.astimezone(zone) if stamp.tzinfo else stamp).date()


def moment_in(text: str, zone: ZoneInfo, *, option: str) -> datetime:
    """Read a moment (UTC): an instant, in ``zone`` where it has no offset; a day without an hour means its end.

    Raises ConfigError naming the option.
    """
    stamp = _read(text, option)
    if stamp.tzinfo is not None:
        return stamp.astimezone(UTC)
    whole_day = len(text.strip()) <= len("2026-11-20")
    return (datetime.combine(stamp, time.max) if whole_day else stamp).replace(tzinfo=zone).astimezone(UTC)


def sane(day: date, *, option: str) -> None:
    """Refuse a day of a year that nobody means (ConfigError): reckoning with it would leave the calendar."""
    if day.year not in YEARS:
        found = f"the year {day.year} cannot be meant."
        raise ConfigError(option, found, f"Write a year from {YEARS[0]} to {YEARS[-1]}.")


def _read(text: str, option: str) -> datetime:
    try:
        stamp = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigError(
            option, f'"{text}" is neither a day nor an instant.', "Write 2026-11-20 or 2026-11-20T16:30."
        ) from error
    sane(stamp, option=option)
    return stamp
