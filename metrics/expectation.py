"""Our own due day beside the source's promise: the limit in force at the receipt, the law, the suspensions."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from config.rules import Rules
from metrics.deadlines import with_deadlines
from metrics.limits import HOURS_A_DAY, Unit
from metrics.rulebook import Rulebook
from metrics.worktime import WorkTime

_LONG_AGO: Final = date(1900, 1, 1)
_NO_HALTS: Final = pl.lit(None, pl.List(pl.Struct({"from_at": pl.Datetime("us"), "to_at": pl.Datetime("us")})))


def with_law(rows: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Add what law and register say of each dossier on its day of receipt.

    Columns: letter_notice_days, letters_at_most, acceptance_hours (of the day of submission; null: no such clock);
    statutory and committed (struct size, unit), cutoff, restart; statutory_days and committed_days (working days, null
    for limits in another unit).
    """
    known = limits_of(rows, book.limits)
    received, submitted = pl.col("received_on").fill_null(pl.col("submitted_on")), pl.col("submitted_on")
    both = rows.with_columns(known.drop("id")).with_columns(
        letter_notice_days=_by_day(book.rules, received, "letter_notice_days"),
        letters_at_most=_by_day(book.rules, received, "letters_at_most"),
        acceptance_hours=_by_day(book.rules, submitted, "acceptance_hours"),
        restart=pl.coalesce("on_return", _by_day(book.rules, received, "on_return")) == "restart",
    )
    return both.with_columns(
        _working_days("statutory").alias("statutory_days"), _working_days("committed").alias("committed_days")
    ).drop("on_return")


def _by_day(rules: tuple[Rules, ...], day: pl.Expr, name: str) -> pl.Expr:
    """Give one value of the rules in force on ``day``; the first entry's for any day before it."""
    found = pl.lit(getattr(rules[0], name))
    for later in rules[1:]:
        found = pl.when(day >= later.from_).then(pl.lit(getattr(later, name))).otherwise(found)
    return found


def _working_days(limit: str) -> pl.Expr:
    of = pl.col(limit).struct
    return pl.when(of.field("unit") == Unit.WORKING_DAYS, of.field("size") > 0).then(of.field("size"))


def limits_of(rows: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Find the limit of each dossier: its source's own line, else the common one, the latest by the receipt.

    Reads id, source, procedure, received_on. Columns: id, statutory, committed, cutoff, on_return; in the order of
    ``rows``.
    """
    asked = rows.select("id", "source", "procedure", day=pl.col("received_on").fill_null(_LONG_AGO)).sort("day")
    told = ["statutory", "committed", "cutoff", "on_return"]
    own = limits.filter(pl.col("source").is_not_null())
    common = limits.filter(pl.col("source").is_null()).drop("source")
    found = asked.join_asof(
        own, left_on="day", right_on="from_on", by=["source", "procedure"], check_sortedness=False
    ).join_asof(
        common, left_on="day", right_on="from_on", by="procedure", suffix="_common", check_sortedness=False
    )  # backward: the last line begun by the day
    first = pl.col("statutory").is_null()
    picked = [pl.when(first).then(f"{name}_common").otherwise(name).alias(name) for name in told]
    return found.select("id", *picked).sort("id")


def expected(rows: pl.DataFrame, halts: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Give id, expected_first_on (no suspension), expected_on (after every ended one), expected_local (the minute, for
    limits in hours): by the committed limit. Null where no limit is known. Extensions are no part of it."""
    known = rows.filter(pl.col("committed").struct.field("size").is_not_null(), pl.col("received_on").is_not_null())
    plain = _reckoned(known.with_columns(halts=_NO_HALTS), time)
    ended = halts.filter("ended")
    listed = ended.group_by("id", maintain_order=True).agg(halts=_as_struct())
    some = _reckoned(known.drop("halts").join(listed, on="id", how="inner", maintain_order="left"), time)
    after = some.select("id", later_on="due_on", later_local="due_at")
    both = plain.join(after, on="id", how="left", maintain_order="left")
    return both.select(
        "id",
        expected_first_on="due_on",
        expected_on=pl.coalesce("later_on", "due_on"),
        expected_local=pl.coalesce("later_local", "due_at"),
    )


def with_returns(rows: pl.DataFrame, halts: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Add to ``halts`` what is reckoned at each return; null where the promise in force moves by the days waited.

    ``begun_on``: where the limit begins anew, its end counted from the return. ``reckoned_on``: where the office
    reckons for the source, its own due day after this and every earlier suspension.
    """
    known = rows.filter(pl.col("committed").struct.field("size").is_not_null())
    ended = halts.filter("ended")
    anew = ended.join(known.filter("restart").drop("halts"), on="id", how="inner", maintain_order="left")
    begun = anew.with_columns(received_local="to_local", cutoff=pl.lit(None, pl.Time), halts=_NO_HALTS)
    due = _reckoned(begun, time).group_by("id", "to_on", maintain_order=True).agg(begun_on=pl.col("due_on").last())
    ours = known.filter(pl.col("reckoned") & ~pl.col("restart"))
    return halts.join(due, on=["id", "to_on"], how="left", maintain_order="left").join(
        _so_far(ended, ours, time), on=["id", "to_on"], how="left", maintain_order="left"
    )


def _so_far(ended: pl.DataFrame, rows: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Give id, to_on, reckoned_on: our own due day after each suspension and every earlier one."""
    turn = ended.join(rows.select("id"), on="id", how="semi", maintain_order="left")
    turn = turn.with_columns(turn=pl.col("id").cum_count().over("id"))
    both = turn.join(turn.select("id", "from_local", "to_local", before="turn"), on="id", suffix="_then")
    both = both.filter(pl.col("before") <= pl.col("turn")).sort("id", "turn", "before")
    listed = both.group_by("id", "turn", "to_on", maintain_order=True).agg(halts=_as_struct("_then"))
    asked = listed.join(rows.drop("halts"), on="id", how="left", maintain_order="left")
    found = _reckoned(asked, time)
    return found.group_by("id", "to_on", maintain_order=True).agg(reckoned_on=pl.col("due_on").last())


def _as_struct(suffix: str = "") -> pl.Expr:
    return pl.struct(from_at=f"from_local{suffix}", to_at=f"to_local{suffix}")


def _reckoned(rows: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Work out due_on and due_at; a source that counts by the minute takes a working day for 8 hours."""
    limit = pl.col("committed").struct
    hours = pl.col("by_minutes") & (limit.field("unit") == Unit.WORKING_DAYS) & (limit.field("size") > 0)
    asked = rows.with_columns(
        received_at="received_local",
        size=pl.when(hours).then(limit.field("size") * HOURS_A_DAY).otherwise(limit.field("size")).cast(pl.Int32),
        unit=pl.when(hours).then(pl.lit(Unit.WORKING_HOURS.value)).otherwise(limit.field("unit")),
    )
    taken = asked.select(*(["id", "to_on"] if "to_on" in rows.columns else ["id"]), "received_at", "size", "unit",
                         "cutoff", "restart", "halts")  # fmt: skip
    return with_deadlines(taken, time=time)
