"""Groups of figures as plain values, and beside themselves in another period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from metrics.definitions import AGES, COUNTS, DURATIONS, RATES
from metrics.evaluate import STRETCHES

#: Each group by what it is told by.
Groups = dict[tuple[Any, ...], dict[str, Any]]


def of(rows: pl.DataFrame, by: Sequence[str]) -> Groups:
    """Give each row of figures, its rates and lengths among them (metrics.heard), as one group."""
    told = [_group(row, by) for row in rows.iter_rows(named=True)]
    return {tuple(group["by"].values()): group for group in told}


def beside(now: Groups, before: Groups) -> list[dict[str, Any]]:
    """Give every group of either period, with what it counted before and by how much that changed."""
    return [_with_before(key, now, before) for key in dict.fromkeys([*now, *before])]


def _with_before(key: tuple[Any, ...], now: Groups, before: Groups) -> dict[str, Any]:
    """Put a group beside itself in the other period; one that was not there then, or is no more, counts zero."""
    group = now.get(key) or _nothing(before[key]["by"])
    then = before.get(key) or _nothing(group["by"])
    change = {c: n - then["counts"][c] for c, n in group["counts"].items()}
    return group | {"before": {k: v for k, v in then.items() if k != "by"}, "change": change}


def _nothing(by: dict[str, Any]) -> dict[str, Any]:
    counts = {name: 0 for name in (*COUNTS, *AGES, "extended_out", "suspended_out", "took_n")}
    share = {"numerator": 0, "denominator": 0, "value": None}
    empty = counts | dict.fromkeys(RATES, share) | dict.fromkeys(DURATIONS[1:]) | by
    return _group(empty, ()) | {"by": by}


def _group(row: dict[str, Any], by: Sequence[str]) -> dict[str, Any]:
    return {
        "by": {b: _bucket(b, row[b]) for b in by},
        "counts": {c: row[c] for c in COUNTS},
        "rates": {r: row[r] for r in RATES},
        "ages": {a.removeprefix("overdue_"): row[a] for a in AGES},
        "cohort": {c: row[c] for c in ("extended_out", "suspended_out")},
        "took": {d.removeprefix("took_"): row[d] or (0 if d == "took_n" else row[d]) for d in DURATIONS},
    }


def _bucket(name: str, value: Any) -> Any:
    """Write a stretch of time by what people call it: 2026-11, 2026-Q4, 2026; others by their first day."""
    if name not in STRETCHES or value is None:
        return value
    day: date = value
    words = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "year": str(day.year)}
    return words.get(name, day.isoformat())
