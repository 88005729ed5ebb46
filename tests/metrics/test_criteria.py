"""A criterion is put to the numbers of its own stretch, and says nothing where they are too few."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from config.officers import Criterion, Figure
from metrics import criteria

PLAIN: dict[str, Any] = {
    "department": "Sở Y tế", "handler": "cb-1", "handled": 4, "judged": 4, "late": 1, "held": 2, "held_past_due": 1,
    "days_lost": 3, "compared": 3, "compared_late": 1, "expected": 0.5,
}  # fmt: skip


def criterion(figure: Figure, at_most: float, *, days: int = 1, least_n: int = 1) -> Criterion:
    return Criterion(
        id="x1", from_=date(2026, 1, 1), figure=figure, days=days, at_most=at_most, least_n=least_n, title="T",
        basis="B",
    )  # fmt: skip


def answered(one: Criterion, **row: Any) -> tuple[Any, ...]:
    told = {1: pl.DataFrame([PLAIN]), 30: pl.DataFrame([PLAIN | row])}
    found: tuple[Any, ...] = criteria.put([one], told).select("value", "n", "met").row(0)
    return found


@pytest.mark.parametrize(
    ("figure", "value", "n"),
    [("late_share", 0.25, 4), ("late_beyond", 0.5, 3), ("held", 2, 6), ("held_past_due", 1, 6), ("days_lost", 3, 6)],
)
def test_each_figure_is_told_of_its_own_steps(figure: Figure, value: float, n: int) -> None:
    assert answered(criterion(figure, value)) == (value, n, True)
    assert answered(criterion(figure, value - 0.01)) == (value, n, False)
    assert answered(criterion(figure, value, least_n=n + 1)) == (value, n, None)


def test_a_share_of_nothing_is_not_kept_to() -> None:
    assert answered(criterion("late_share", 0.05, days=30), judged=0, late=0) == (None, 0, None)
    assert answered(criterion("late_beyond", 0.05, days=30), compared=0, expected=None) == (None, 0, None)


def test_a_criterion_of_thirty_days_is_put_to_thirty_days() -> None:
    assert answered(criterion("late_share", 0.5, days=30), judged=2, late=2) == (1.0, 2, False)
