"""Formulas in words, read off the very expressions that the figures are worked out with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from metrics.definitions import AGES
from metrics.events import CLOSINGS

_SIGNS: Final = {"Plus": "+", "Minus": "−"}
_N = pl.col


def formula(expr: pl.Expr, word: Callable[[str], str]) -> str:
    """Write an expression of sums and differences, every count by ``word``. Raises ValueError for any other kind."""
    return _worded(json.loads(expr.meta.serialize(format="json")), word)


def _worded(node: Mapping[str, Any], word: Callable[[str], str]) -> str:
    match node:
        case {"Column": str(name)}:
            return word(name)
        case {"BinaryExpr": {"left": left, "op": op, "right": right}} if op in _SIGNS:
            after = _worded(right, word)
            if op == "Minus" and "BinaryExpr" in right:
                after = f"({after})"
            return f"{_worded(left, word)} {_SIGNS[op]} {after}"
    raise ValueError(f"the handbook has no words for {node}")


def share(numerator: pl.Expr, denominator: pl.Expr, word: Callable[[str], str]) -> str:
    """Write a share; a part of several counts stands in brackets."""
    parts = (formula(numerator, word), formula(denominator, word))
    over, under = (f"({p})" if f" {_SIGNS['Plus']} " in p or f" {_SIGNS['Minus']} " in p else p for p in parts)
    return f"{over} ÷ {under}"


#: Counts that are sums of other counts. A test holds each against random dossiers.
SUMS: Final[dict[str, pl.Expr]] = {
    "received": _N("received_online") + _N("received_counter") + _N("received_post") + _N("received_unknown"),
    "resolved": sum((_N(e.value) for e in CLOSINGS[1:]), start=_N(CLOSINGS[0].value)),
    "pending": _N("pending_in_term") + _N("pending_overdue") + _N("pending_undetermined"),
    "pending_overdue": sum((_N(age) for age in AGES[1:]), start=_N(AGES[0])),
}
#: What comes in, and what becomes of it.
CAME: Final = _N("carried_over") + _N("received") + _N("transferred_in")
BECAME: Final = _N("resolved") + _N("pending") + _N("transferred_out")
