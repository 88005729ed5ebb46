"""Due days of whole columns by prefix sums over working days and minutes; metrics.reckoning explains a single one."""

from __future__ import annotations

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.limits import Unit
from metrics.worktime import WorkTime

_SIZE = pl.col("size")
_BY_DAY = pl.col("unit") == Unit.WORKING_DAYS.value
_BY_CALENDAR = pl.col("unit") == Unit.CALENDAR_DAYS.value
_BY_MONTH = pl.col("unit") == Unit.MONTHS.value
_BY_HOUR = pl.col("unit") == Unit.WORKING_HOURS.value


def with_deadlines(frame: pl.DataFrame, *, time: WorkTime) -> pl.DataFrame:
    """Add ``due_on`` (Date) and ``due_at`` (Datetime, local; null unless the limit is in hours).

    Columns: ``received_at`` (Datetime, local, without zone), ``size`` (Int32), ``unit`` (wd, d, m, wh: limits.Unit),
    ``cutoff`` (Time or null), ``restart`` (Boolean: the limit begins anew at every return), ``halts`` (list of
    ``from_at``, ``to_at``, both Datetime, local; only ended ones, in any order, overlapping or not, or null).
    Rules as in ``metrics.reckoning.deadline``. Null where something is missing.
    """
    rows = frame.with_row_index("_row").with_columns(_start=_start(time.calendar))
    halts = _merged(rows)
    found = _begun(rows, time)
    if not halts.is_empty():
        halted = pl.col("_row").is_in(halts["_row"].unique().implode())
        moved = _moved(found.filter(halted), halts, time)
        found = pl.concat([found.filter(~halted), moved]).sort("_row")
    return (
        found.with_columns(due_at=time.at(pl.col("_end")))
        .with_columns(due_on=pl.coalesce("_due", pl.col("due_at").dt.date()))
        .select(*frame.columns, "due_on", "due_at")
    )


def _start(calendar: WorkingCalendar) -> pl.Expr:
    """Give the moment from which to count: the receipt, or after the cut-off the next working day."""
    received = pl.col("received_at").dt.truncate("1m")
    following = calendar.shift(received.dt.date(), 1).cast(pl.Datetime("us"))
    return pl.when(received.dt.time() > pl.col("cutoff")).then(following).otherwise(received).cast(pl.Datetime("us"))


def _begun(rows: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Add where a limit that begins at ``_start`` ends if nothing halts it: ``_last``, ``_due``, ``_end``.

    ``_last``: the day that uses up a limit in calendar days or months. ``_end``: the working minute that uses up one
    in hours.
    """
    zero, shift = pl.col("_start").dt.date(), time.calendar.shift
    worked = pl.when(_SIZE > 0).then(shift(zero, _SIZE)).when(_SIZE == 0).then(zero)
    return rows.with_columns(
        _last=pl.when(_BY_CALENDAR).then(_after(zero, _SIZE)).when(_BY_MONTH).then(_months_later(zero, _SIZE)),
        _end=pl.when(_BY_HOUR).then(time.minutes_before(pl.col("_start")) + _SIZE * 60),
    ).with_columns(_due=pl.when(_BY_DAY).then(worked).otherwise(shift(_after(pl.col("_last"), -1), 1)))


def _after(day: pl.Expr, days: pl.Expr | int) -> pl.Expr:
    return (day.cast(pl.Int32) + days).cast(pl.Date)


def _months_later(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Give the day of the same number so many months on, the last of a month that has none (điều 148)."""
    since = day.dt.year() * 12 + day.dt.month() - 1 + pl.when(_BY_MONTH).then(months)
    first = pl.date(since // 12, since % 12 + 1, 1)
    return pl.min_horizontal(_after(first, day.dt.day().cast(pl.Int32) - 1), first.dt.month_end())


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    """List the halts, those that overlap or touch joined: _row, turn (0 for the first of its row), from_at, to_at."""
    told = rows.select("_row", "halts").drop_nulls().filter(pl.col("halts").list.len() > 0).explode("halts")
    spans = told.select("_row", pl.col("halts").struct.unnest().cast(pl.Datetime("us")).dt.truncate("1m")).drop_nulls()
    spans = spans.filter(pl.col("from_at") <= pl.col("to_at")).sort("_row", "from_at", "to_at")
    # Rows are far apart on one line, so that one running maximum serves them all.
    reached = _on_line("to_at").cum_max().shift(1)
    joined = (
        spans.with_columns(wait=(_on_line("from_at") > reached).fill_null(True).cum_sum())
        .group_by("_row", "wait", maintain_order=True)
        .agg(pl.col("from_at").min(), pl.col("to_at").max())
    )
    first = pl.when(pl.col("_row").ne_missing(pl.col("_row").shift(1))).then("wait").forward_fill()
    return joined.with_columns(turn=pl.col("wait") - first).drop("wait")


def _on_line(moment: str) -> pl.Expr:
    minute = pl.col(moment).cast(pl.Int64) // 60_000_000
    return pl.col("_row").cast(pl.Int64) * 2**32 + minute


def _moved(rows: pl.DataFrame, halts: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Move the ends by one halt after the other, the k-th of all rows at once."""
    columns = rows.columns
    for _, now in halts.partition_by("turn", as_dict=True, maintain_order=True).items():
        turn = rows.join(now.drop("turn"), on="_row", how="left", maintain_order="left")
        turn = turn.with_columns(
            pl.max_horizontal("_start", "from_at").alias("asked"), pl.max_horizontal("_start", "to_at").alias("back")
        )
        rows = _one_halt(turn, time).select(columns)
    return rows


def _one_halt(turn: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    asked, back = pl.col("asked").dt.date(), pl.col("back").dt.date()
    before = time.minutes_before(pl.col("asked"))
    counts = pl.when(_BY_HOUR).then(before < pl.col("_end")).otherwise(asked <= pl.col("_due"))
    turn = turn.with_columns(_counts=(counts & pl.col("from_at").is_not_null()).fill_null(False))
    anew = turn.filter("_counts", pl.col("restart").fill_null(False)).with_columns(_start=pl.col("back"))
    moved = turn.filter("_counts", ~pl.col("restart").fill_null(False)).with_columns(
        _end=pl.col("_end") + time.minutes_between(pl.col("asked"), pl.col("back")),
        _due=pl.when(_BY_DAY).then(_later(asked, back, time.calendar)).otherwise(_closing(asked, back, time.calendar)),
        _last=_used_up(asked, back),
    )
    return pl.concat([turn.filter(~pl.col("_counts")), moved, _begun(anew, time)])


def _later(asked: pl.Expr, back: pl.Expr, calendar: WorkingCalendar) -> pl.Expr:
    """Move a due day by the working days d waited, request day < d ≤ day of the return; by none it stays."""
    waited = calendar.working_days_between(asked, back)
    return pl.when(waited > 0).then(calendar.shift(pl.col("_due"), waited)).otherwise("_due")


def _used_up(asked: pl.Expr, back: pl.Expr) -> pl.Expr:
    """Move the day that uses up a limit in calendar days, every day of the wait left out."""
    waited = back.cast(pl.Int32) - asked.cast(pl.Int32)
    running, closing = asked < pl.col("_last"), asked == pl.col("_due")
    return pl.when(running).then(_after(pl.col("_last"), waited)).when(closing).then(back).otherwise("_last")


def _closing(asked: pl.Expr, back: pl.Expr, calendar: WorkingCalendar) -> pl.Expr:
    """Close a limit in calendar days at the end of a working day (điều 148).

    Asked for between a last day that is off and the working day on which it would close: that one is still owed, so it
    closes on the first working day after the return.
    """
    owed = (asked >= pl.col("_last")) & (asked < pl.col("_due"))
    return pl.when(owed).then(calendar.shift(back, 1)).otherwise(calendar.shift(_after(_used_up(asked, back), -1), 1))
