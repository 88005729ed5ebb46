"""Waits and moved due dates that a file tells in columns: when papers were asked for and came, what a letter moved."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.mapping import Mapping
from config.mapping_parts import Extended, Suspended

_SUSPENSION: Final = ("from_at", "to_at", "due_before", "due_after")
_EXTENSION: Final = ("at", "due_before", "due_after")


def columns(mapping: Mapping) -> dict[str, str]:
    """Give our name → column of the file, for every column that tells of a wait or of a letter."""
    return _dated(mapping) | {
        f"extension {n} letter": part.letter for n, part in enumerate(mapping.extensions, 1) if part.letter
    }


def dates(mapping: Mapping) -> tuple[str, ...]:
    """Give the names of those that are dates."""
    return tuple(_dated(mapping))


def _dated(mapping: Mapping) -> dict[str, str]:
    halts = {f"suspension {n}": (part, _SUSPENSION) for n, part in enumerate(mapping.suspensions, 1)}
    letters = {f"extension {n}": (part, _EXTENSION) for n, part in enumerate(mapping.extensions, 1)}
    return {
        f"{name} {key}": column
        for name, (part, keys) in {**halts, **letters}.items()
        for key in keys
        if (column := getattr(part, key))
    }


def written(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, dict[str, int]]:
    """Add ``suspensions`` and ``extensions`` (JSON texts of metrics.dossier), and count what cannot be."""
    halts = [_halt(f"suspension {n}", part) for n, part in enumerate(mapping.suspensions, 1)]
    letters = [_letter(f"extension {n}", part) for n, part in enumerate(mapping.extensions, 1)]
    listed = _listed(halts, "from_at")
    halted = (
        pl.coalesce("suspensions", listed) if "suspensions" in frame.columns else listed
    )  # an event log tells its own
    done = frame.with_columns(suspensions=halted, extensions=_listed(letters, "at"))
    pairs = [
        (f"suspension {n} from_at", f"suspension {n} to_at") for n, p in enumerate(mapping.suspensions, 1) if p.to_at
    ]
    backwards = [(pl.col(end) < pl.col(begin)).fill_null(False) for begin, end in pairs]
    answered = [pl.col(end).is_not_null() & pl.col(begin).is_null() for begin, end in pairs]
    flags = {
        "wait_ends_before_it_begins": frame.select(pl.any_horizontal(backwards).sum()).item() if pairs else 0,
        "answer_without_request": frame.select(pl.any_horizontal(answered).sum()).item() if pairs else 0,
    }
    return done, {name: int(n) for name, n in flags.items() if n}


def _halt(name: str, part: Suspended) -> pl.Expr:
    stamps = [_micros(f"{name} {key}", getattr(part, key)).alias(key) for key in _SUSPENSION]
    kind, notice = pl.lit(part.kind).alias("kind"), pl.lit(None, pl.Boolean).alias("notice")
    return pl.when(pl.col(f"{name} from_at").is_not_null()).then(pl.struct(kind, *stamps, notice))


def _letter(name: str, part: Extended) -> pl.Expr:
    stamps = [_micros(f"{name} {key}", getattr(part, key)).alias(key) for key in _EXTENSION]
    letter = pl.col(f"{name} letter") if part.letter else pl.lit(None, pl.String)
    reason = pl.lit(None, pl.String).alias("reason")
    return pl.when(pl.col(f"{name} at").is_not_null()).then(pl.struct(*stamps, letter.alias("letter"), reason))


def _micros(name: str, column: str | None) -> pl.Expr:
    return pl.col(name).dt.epoch("us") if column else pl.lit(None, pl.Int64)


def _listed(entries: list[pl.Expr], order: str) -> pl.Expr:
    """Write the entries that are there as one JSON list, the earliest first; null where there is none."""
    if not entries:
        return pl.lit(None, pl.String)
    told = pl.concat_list(entries).list.drop_nulls()
    ordered = told.list.eval(pl.element().sort_by(pl.element().struct.field(order)))
    texts = ordered.list.eval(pl.element().struct.json_encode()).list.join(",")
    return pl.when(told.list.len() > 0).then(pl.format("[{}]", texts))
