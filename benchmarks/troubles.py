"""What goes wrong with one dossier in twenty-five: halts, letters of extension, and promises moved in silence."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from benchmarks.ours import calendar

#: Shares of all dossiers: asked to add papers, asked to pay, put off by letter, moved without a word.
SUPPLEMENT, PAYMENT, EXTENSION, MOVE = 0.037, 0.008, 0.010, 0.010
_CLOSE_OF_DAY: Final = 17 * 60
_PROMISES: Final = pl.List(pl.Struct({name: pl.Datetime("us", "UTC") for name in ("due_at", "happened_at", "seen_at")}))


def troubled(rows: pl.DataFrame, rng: np.random.Generator, as_of: date) -> pl.DataFrame:
    """Add the columns halted_now, halt_word, due_told, suspensions, extensions, promises_told; move closed_on."""
    u, n = rng.random(rows.height), rows.height
    edges = np.cumsum([SUPPLEMENT, PAYMENT, EXTENSION, MOVE])
    drawn = rows.with_columns(
        trouble=pl.Series(np.searchsorted(edges, u, side="right")),
        after=pl.Series(rng.integers(1, 6, n).astype(np.int32)),
        waited=pl.Series(rng.integers(1, 16, n).astype(np.int32)),
        coin=pl.Series(rng.random(n)),
    )
    parts = [_halted, _halted, _extended, _moved]
    told = [parts[k](drawn.filter(_is(k)), as_of) for k in range(4)]
    return pl.concat([_calm(drawn.filter(~_is(0, 1, 2, 3))), *told], how="diagonal_relaxed").sort("row")


def _is(*troubles: int) -> pl.Expr:
    return pl.col("trouble").is_in(troubles) & pl.col("due_on").is_not_null() & ~pl.col("turned_down")


def _calm(rows: pl.DataFrame) -> pl.DataFrame:
    instant = pl.Datetime("us", "UTC")
    return rows.with_columns(
        halted_now=pl.lit(False),
        halt_word=pl.lit(None, pl.String),
        due_told=pl.lit(None, instant),
        suspensions=pl.lit(None, pl.String),
        extensions=pl.lit(None, pl.String),
        promises_told=pl.lit(None, _PROMISES),
    )


def _instant(day: str, minute: int) -> pl.Expr:
    return (pl.col(day).cast(pl.Datetime("us")) + pl.duration(minutes=minute - 7 * 60)).dt.replace_time_zone("UTC")


def _micro(day: str, minute: int) -> pl.Expr:
    return _instant(day, minute).dt.epoch("us")


def _json(**fields: pl.Expr) -> pl.Expr:
    told = pl.struct(expr.alias(name) for name, expr in fields.items())
    return pl.format("[{}]", told.struct.json_encode())


def _seen(new_due: str, on: str) -> pl.Expr:
    """Give two promises seen: the first at the receipt, the new one on its day."""
    first = pl.struct(due_at=_instant("due_on", _CLOSE_OF_DAY), happened_at="received_at_", seen_at="received_at_")
    second = pl.struct(
        due_at=_instant(new_due, _CLOSE_OF_DAY), happened_at=_instant(on, 600), seen_at=_instant(on, 660)
    )
    return pl.concat_list(first, second).cast(_PROMISES)


def _halted(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Halt the clock for ``waited`` working days; one in three sources does not write the new due day beside it."""
    days, col = calendar(), pl.col
    word = pl.when(col("trouble") == 0).then(pl.lit("supplement")).otherwise(pl.lit("payment"))
    laid = rows.with_columns(from_on=days.shift(col("received_on"), col("after"))).with_columns(
        to_on=days.shift(col("from_on"), col("waited")),
        new_due=days.shift(col("due_on"), col("waited")),
        moved_close=days.shift(col("closed_on"), col("waited")),
        begun=(col("from_on") <= as_of) & (col("closed_on") > col("from_on")).fill_null(True),
        halt_word=word,
    )
    back = col("to_on") <= as_of
    laid = laid.with_columns(halted_now=col("begun") & ~back, noted=(col("coin") < 0.67) & back & col("begun"))
    told = _json(
        kind=word,
        from_at=_micro("from_on", 605),
        to_at=pl.when(back).then(_micro("to_on", 590)),
        due_before=pl.when("noted").then(_micro("due_on", _CLOSE_OF_DAY)),
        due_after=pl.when("noted").then(_micro("new_due", _CLOSE_OF_DAY)),
        notice=col("coin") < 0.4,
    )
    return _with_promises(laid, "noted", "to_on").with_columns(
        suspensions=pl.when("begun").then(told),
        closed_on=pl.when(~col("begun")).then("closed_on").otherwise("moved_close"),
    )


def _extended(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Put the promise off by letter; some letters come on the last day or after it, and do not count."""
    days, col = calendar(), pl.col
    laid = rows.with_columns(on=_not_before_receipt(2 - col("after"))).with_columns(
        new_due=days.shift(col("due_on"), col("waited")),
        moved_close=days.shift(col("closed_on"), col("waited")),
        begun=col("on") <= as_of,
        halted_now=pl.lit(False),
    )
    told = _json(
        at=_micro("on", 615),
        due_before=_micro("due_on", _CLOSE_OF_DAY),
        due_after=_micro("new_due", _CLOSE_OF_DAY),
        letter=pl.format("{}/XL", "row"),
        reason=pl.lit("hồ sơ phức tạp"),
    )
    return _with_promises(laid, "begun", "on").with_columns(
        extensions=pl.when("begun").then(told),
        closed_on=pl.when("begun").then("moved_close").otherwise("closed_on"),
    )


def _moved(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Move the promise without a word, before its day or after it."""
    days, col = calendar(), pl.col
    laid = rows.with_columns(on=_not_before_receipt(col("after") - 4)).with_columns(
        new_due=days.shift(col("due_on"), col("waited")),
        begun=col("on") <= as_of,
        halted_now=pl.lit(False),
    )
    return _with_promises(laid, "begun", "on")


def _not_before_receipt(days_from_due: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(calendar().shift(pl.col("due_on"), days_from_due), "received_on")


def _with_promises(laid: pl.DataFrame, moved: str, on: str) -> pl.DataFrame:
    """Add what was seen of the promises where ``moved`` says that there is a new one."""
    told = laid.with_columns(received_at_=_instant("received_on", 480))
    return told.with_columns(
        due_told=pl.when(moved).then(_instant("new_due", _CLOSE_OF_DAY)),
        promises_told=pl.when(moved).then(_seen("new_due", on)),
    )
