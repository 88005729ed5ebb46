"""Settle each dossier's status from the word of the source and the dates that are filled."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.mapping import STATUSES, Mapping
from connectors.words import STATUS_LISTS
from metrics.dossier import CLOSED, WITHOUT_RESULT, Status

_CLOSED: Final = [s.value for s in CLOSED]
_WITHOUT: Final = [s.value for s in WITHOUT_RESULT]
_FINISH: Final = pl.coalesce("resolved_at", "returned_at")


def word_table(mapping: Mapping) -> dict[str, str]:
    """Give word → status: the known lists that the mapping asks for (all, if it gives no words), then its own words."""
    usual: tuple[str, ...] = () if mapping.status.words else ("vietnamese", "national", "english")
    lists = usual if mapping.status.known is None else mapping.status.known
    table = {s: s for s in STATUSES} if not mapping.status.words else {}
    for name in reversed(lists):
        table |= STATUS_LISTS[name]
    own = mapping.constants.get("status", "")
    return table | ({own: own} if own in STATUSES else {}) | dict(mapping.status.words)


def settle(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, dict[str, int]]:
    """Give every row a status that agrees with its finish, by the mapping's ``closed_when``; count what was odd."""
    told = frame.with_columns(status=pl.col("status").fill_null(_instead(mapping)))
    finished = _FINISH.is_not_null()
    if mapping.closed_when == "finish_date":
        kept = pl.col("status").is_in([*_CLOSED, "not_accepted"])
        closed = pl.when(kept).then("status").otherwise(_by_finish())
        reopened = pl.when(pl.col("status").is_in(_CLOSED)).then(pl.lit(Status.PROCESSING.value)).otherwise("status")
        done = told.with_columns(status=pl.when(finished).then(closed).otherwise(reopened))
        flags = {"closed_word_without_finish": _count(told, pl.col("status").is_in(_CLOSED) & ~finished)}
    else:
        done, flags = _by_word(told)
    return _refusal_date(done), {k: n for k, n in flags.items() if n}


def _instead(mapping: Mapping) -> pl.Expr:
    wish = mapping.status.missing
    return by_dates() if wish in ("from_dates", "reject") else pl.lit(wish)


def by_dates() -> pl.Expr:
    """Derive a status from the dates that are filled: handed over, resolved, turned down, received, submitted."""
    return (
        pl.when(_FINISH.is_not_null()).then(_by_finish())
        .when(pl.col("received_at").is_null() & pl.col("rejected_at").is_not_null()).then(pl.lit("not_accepted"))
        .when(pl.col("received_at").is_not_null()).then(pl.lit("processing"))
        .otherwise(pl.lit("submitted"))
    )  # fmt: skip


def _by_finish() -> pl.Expr:
    return pl.when(pl.col("returned_at").is_not_null()).then(pl.lit("returned")).otherwise(pl.lit("resolved"))


def _by_word(told: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Trust the word: an open dossier has no finish, whatever date stands there; 8 without a date is a pause."""
    finished, stopped = _FINISH.is_not_null(), pl.col("status") == Status.STOPPED.value
    is_open = ~pl.col("status").is_in(_CLOSED)
    flags = {
        "open_with_finish": _count(told, is_open & finished),
        "stopped_without_date": _count(told, stopped & ~finished),
    }
    paused = told.with_columns(status=pl.when(stopped & ~finished).then(pl.lit("paused")).otherwise("status"))
    refused = (pl.col("status") == "not_accepted") & pl.col("rejected_at").is_null()
    dated = paused.with_columns(rejected_at=pl.when(refused).then(_FINISH).otherwise("rejected_at"))
    closed = pl.col("status").is_in(_CLOSED)
    return dated.with_columns(pl.when(closed).then(pl.col(c)) for c in ("resolved_at", "returned_at")), flags


def _refusal_date(frame: pl.DataFrame) -> pl.DataFrame:
    """Let a dossier closed without a result end on its refusal date where it has no other."""
    without = pl.col("status").is_in(_WITHOUT) & _FINISH.is_null()
    return frame.with_columns(resolved_at=pl.when(without).then("rejected_at").otherwise("resolved_at"))


def _count(frame: pl.DataFrame, condition: pl.Expr) -> int:
    return frame.select(condition.fill_null(False).sum()).item() or 0
