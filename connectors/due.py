"""Reckon a due date that the file does not give: so many days or hours after the receipt."""

from __future__ import annotations

import polars as pl

from config.errors import MappingError
from config.mapping import Due, Mapping
from connectors.base import Shift

_LONGEST = 3650  # days: more is a reading error


def reckon_due(frame: pl.DataFrame, mapping: Mapping, shift: Shift | None) -> tuple[pl.DataFrame, dict[str, int]]:
    """Fill empty due dates by the mapping's ``due`` and count the lengths that are no number.

    ``shift`` moves a day by working days. Raises ``MappingError`` when working days are asked for and it is absent.
    """
    rule = mapping.due
    if rule is None:
        return frame, {}
    if rule.unit == "working_days" and shift is None:
        raise MappingError("due.unit", "working days cannot be counted here.", "Use the command line for this file.")
    written = pl.col("due_days").str.extract(r"(\d+(?:[.,]\d+)?)").str.replace(",", ".").cast(pl.Float64, strict=False)
    sized = frame.with_columns(size=pl.coalesce(written, pl.lit(rule.days, pl.Float64)).clip(0, _LONGEST))
    local = pl.col("received_at").dt.convert_time_zone(mapping.time_zone).dt.replace_time_zone(None)
    moved = _moved(local, rule, shift)
    due = moved.dt.replace_time_zone(mapping.time_zone, ambiguous="earliest", non_existent="null")
    unread = frame.select((pl.col("due_days").is_not_null() & written.is_null()).sum()).item()
    done = sized.with_columns(due_at=pl.coalesce("due_at", due.dt.convert_time_zone("UTC"))).drop("size")
    return done, {"due_days_unreadable": unread} if unread else {}


def _moved(local: pl.Expr, rule: Due, shift: Shift | None) -> pl.Expr:
    """Give the local time ``size`` units after ``local``; working days end with their day, so the hour is dropped."""
    if rule.unit == "working_days" and shift is not None:
        days = pl.col("size").ceil().cast(pl.Int32).fill_null(0)
        day = shift(local.dt.date().fill_null(pl.date(2000, 1, 1)), days)
        return pl.when(local.is_not_null() & pl.col("size").is_not_null()).then(day.cast(pl.Datetime("us")))
    unit = 3_600_000_000 if rule.unit == "hours" else 86_400_000_000
    return local + pl.duration(microseconds=(pl.col("size") * unit).cast(pl.Int64))
