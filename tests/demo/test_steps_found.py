"""What the simulator planted is found again: a desk with too few officers, and dossiers that went back."""

from __future__ import annotations

import pytest

from benchmarks.steps_cost import cost
from benchmarks.steps_found import gone_back, overloaded
from metrics.step_tables import HANDS, KNOWN, LATE_KNOWN, LOST, ROUTES, TIMES
from store.database import Store


def test_the_slow_desk_is_where_late_dossiers_lost_their_time_and_waiting_is_what_the_simulator_knows(
    store: Store,
) -> None:
    """What waits for the appraiser has left the assignment, and no source says of a step before it begins."""
    found = overloaded(store)
    assert (found.unit, found.step, found.after) == ("UBND phường Thiếu Người", "Phân công", True)
    assert found.share > 0.8
    assert found.second < 0.1
    assert len(found.waited) == 8  # with the survey, which goes by its own name
    for true, seen in found.waited.values():
        assert seen == pytest.approx(true, abs=1)
    assert found.waited["Thẩm định", "UBND phường Thiếu Người"][0] > 5000


def test_every_dossier_that_went_back_is_counted_once(store: Store) -> None:
    known, loops, dossiers = gone_back(store)
    assert known == loops == dossiers
    assert known > 100


def test_a_made_up_year_of_which_the_cost_is_measured_has_something_in_every_table(store: Store) -> None:
    _, _, visits, heights = cost(store, 2400)
    assert visits > 9000
    assert set(heights) == {TIMES, LOST, LATE_KNOWN, ROUTES, KNOWN, HANDS}
    assert all(heights.values())
