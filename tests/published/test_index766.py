"""The estimate of Index 766 over published sets and a real one: to the digit, and what nobody told stays unknown."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from benchmarks.evidence_index766 import of_store, real
from config.settings import settings
from metrics.scope import Period
from tests.published.conftest import Read


def test_thai_nguyen_earns_what_it_published_of_payment_and_progress(published: Read) -> None:
    """157,000 in time and 19,781 pending in term of 177,206; 12,368 of 80,000 paid online (15.46 %)."""
    loaded = published("thai-nguyen-2023")
    assert loaded.outcome.from_on and loaded.outcome.to_on
    found = of_store("x", loaded.store, Period(loaded.outcome.from_on, loaded.outcome.to_on)).estimate
    told = {each.item.id: each for each in found.items if each.points is not None}
    n = loaded.counts()
    paid, on_time = told["paid_online"], told["on_time"]
    assert paid.points == Fraction(10 * n["paid_online"], n["charged"])
    assert round(float(paid.points), 3) == 1.546
    assert on_time.missing == n["resolved_overdue"] + n["pending_overdue"]
    assert on_time.points == 20 * (1 - Fraction(on_time.missing, n["resolved"] + n["pending"]))
    assert on_time.lost == on_time.missing * (on_time.per_hundred or 0) / 100
    assert found.whole.known + found.whole.unknown == 100
    assert {"satisfied", "feedback_on_time", "procedures_online", "results_digital"}.isdisjoint(told)


def test_what_a_real_log_does_not_tell_stays_without_points(tmp_path: Path, shared_data: Path) -> None:
    found = real("WABO", tmp_path, shared_data).estimate
    for each in found.items:
        assert (each.points is None) == (each.parts is None or each.few), each.item.id
    assert found.whole.unknown >= 74, "papers, fees, slips, the register and the portal are in no such log"
    settings.cache_clear()
