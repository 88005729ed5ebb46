"""How often the rules speak where nothing changed, how soon where something did: benchmarks/evidence_signal, small."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import evidence_signal as evidence
from config.insight import Signal

RULES = Signal()


@pytest.mark.parametrize(
    ("share", "due", "spread", "most"), [(0.97, 100, 0.0, 1.5), (0.97, 1000, 0.01, 5.0), (0.995, 200, 0.0, 3.0)]
)
def test_calm_weeks_are_seldom_a_signal(share: float, due: int, spread: float, most: float) -> None:
    """Of a hundred calm weeks; where the share itself wanders more than counting allows, twelve weeks know less."""
    random_of = random.Random(2)
    told = evidence.counted([evidence.made(random_of, share, due, 60, spread) for _ in range(40)])
    assert told.weeks > 2000
    assert told.per_hundred() < most


def test_a_stock_in_balance_is_seldom_a_signal_and_the_rules_of_rates_would_be_so_twice_as_often() -> None:
    told, all_four = evidence.false_stocks(40, RULES), evidence.false_stocks(40, Signal(stocks=evidence.ALONE))
    assert told.per_hundred() < 5 < 1.5 * all_four.per_hundred()
    assert all_four.per_hundred() > 1.5 * told.per_hundred()


def test_a_lasting_fall_is_found_and_sooner_with_all_four_rules() -> None:
    assert all(at is not None and at <= 3 for at in evidence.delay(0.97, 0.06, 300, 30))
    whole, alone = (
        sum(at is not None for at in evidence.delay(0.97, 0.02, 300, 60, rules))
        for rules in (RULES, Signal(rates=("beyond",)))
    )
    assert whole > alone


@pytest.mark.real
def test_the_weeks_of_a_real_set_are_judged(shared_data: Path) -> None:
    pairs, _ = evidence.real(shared_data, "Boston")[""]
    assert 2900 < sum(pair[1] for pair in pairs if pair) <= 2396 + 65 + 90 + 502  # all that have a due date
    as_it_was, shuffled = evidence.counted([pairs]), evidence.counted(evidence.shuffled(pairs, 20))
    assert as_it_was.weeks > 30
    assert as_it_was.per_hundred() > shuffled.per_hundred()
