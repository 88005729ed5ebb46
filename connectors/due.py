"""Reckon a due date that the file does not give: so many days or hours after the receipt."""

from __future__ import annotations

import polars as pl

from config.errors import MappingError
from config.mapping import Due, Mapping
from connectors.base import Shift

_LONGEST = 3650  # days: more is a reading error
_WORKING = r"(?:ngày làm việc|ngày lv|nlv|(?:working|business) days?)"
_HOURS = r"(?:giờ|h|hours?)"
_DAYS = r"(?:ngày|days?)"


def reckon_due(frame: pl.DataFrame, mapping: Mapping, shift: Shift | None) -> tuple[pl.DataFrame, dict[str, int]]:
    """Fill empty due dates by the mapping's ``due`` and count the lengths that cannot be read. A unit in the cell wins.

    ``shift`` moves a day by working days. Raises ``MappingError`` when working days are asked for and it is absent.
    """
    rule = mapping.due
    if rule is None:
        return frame, {}
    if rule.unit == "working_days" and shift is None:
        raise MappingError("due.unit", "working days cannot be counted here.", "Use the command line for this file.")
    written, unit = _length(), _unit(rule)
    sized = frame.with_columns(
        size=pl.when(pl.col("due_days").is_null())
        .then(pl.lit(rule.days, pl.Float64))
        .otherwise(written)
        .clip(0, _LONGEST),
        unit=pl.when(written.is_not_null()).then(unit).otherwise(pl.lit(rule.unit)),
    )
    local = pl.col("received_at").dt.convert_time_zone(mapping.time_zone).dt.replace_time_zone(None)
    due = _in_zone(_moved(local, shift), mapping.time_zone)
    unread = frame.select((pl.col("due_days").is_not_null() & written.is_null()).sum()).item()
    done = sized.with_columns(due_at=pl.coalesce("due_at", due.dt.convert_time_zone("UTC"))).drop("size", "unit")
    return done, {"due_days_unreadable": unread} if unread else {}


def _in_zone(local: pl.Expr, zone: str) -> pl.Expr:
    """Place a local time on the clock; in the hour that the clock skips, an hour later: the day stays the same."""
    given, later = (
        t.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        for t in (local, local + pl.duration(hours=1))
    )
    return pl.coalesce(given, later)


def _length() -> pl.Expr:
    """Give the number of a cell that is one number with a unit, or without; null for months, ranges and remarks."""
    text = pl.col("due_days").str.to_lowercase()
    number = text.str.extract(rf"^(\d+(?:[.,]\d+)?)\s?(?:{_WORKING}|{_HOURS}|{_DAYS})?\.?(?:\s?\(.*\))?$")
    return number.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _unit(rule: Due) -> pl.Expr:
    """Give the unit that the cell names, else the declared one; plain days are days of the declared kind."""
    text = pl.col("due_days").str.to_lowercase().str.replace(r"\(.*", "")
    plain = "working_days" if rule.unit == "working_days" else "calendar_days"
    return (
        pl.when(text.str.contains(_WORKING)).then(pl.lit("working_days"))
        .when(text.str.contains(_HOURS)).then(pl.lit("hours"))
        .when(text.str.contains(_DAYS)).then(pl.lit(plain))
        .otherwise(pl.lit(rule.unit))
    )  # fmt: skip


def _moved(local: pl.Expr, shift: Shift | None) -> pl.Expr:
    """Give the local time ``size`` units after ``local``; working days end with their day, so the hour is dropped."""
    hour = 3_600_000_000
    long = pl.when(pl.col("unit") == "hours").then(hour).otherwise(24 * hour)
    plain = local + pl.duration(microseconds=(pl.col("size") * long).cast(pl.Int64))
    counted = pl.lit(None, pl.Datetime("us"))
    if shift is not None:
        days = pl.col("size").ceil().cast(pl.Int32).fill_null(0)
        day = shift(local.dt.date().fill_null(pl.date(2000, 1, 1)), days)
        known = local.is_not_null() & pl.col("size").is_not_null()
        counted = pl.when(known).then(day.cast(pl.Datetime("us")))
    return pl.when(pl.col("unit") == "working_days").then(counted).otherwise(plain)
