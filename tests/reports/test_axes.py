"""Axes of the printed figures: round ticks, nothing below 0, nothing above 100 %."""

from __future__ import annotations

import pytest

from reports.charts import count_axis, rate_axis


@pytest.mark.parametrize("lowest", [0.0, 0.001, 0.3, 0.391, 0.5, 0.77, 0.8999, 0.9, 0.95, 0.993, 0.9995, 1.0])
@pytest.mark.parametrize("most", [3, 4])
def test_a_rate_axis_holds_every_rate_in_few_ticks(lowest: float, most: int) -> None:
    values = [tick["v"] for tick in rate_axis(lowest, most)]
    assert 0 <= values[0] <= lowest or (lowest > 0.998 and values[0] <= 0.998)
    assert values[-1] == 1
    assert 2 <= len(values) <= most + 1
    assert values == sorted(values)


def test_ticks_are_worded_with_the_decimals_they_need() -> None:
    assert [t["t"] for t in rate_axis(0.88)] == ["88\u00a0%", "92\u00a0%", "96\u00a0%", "100\u00a0%"]
    assert rate_axis(0.994)[0]["t"] == "99,4\u00a0%"


@pytest.mark.parametrize("most", [0, 1, 3, 5, 17, 99, 100, 363, 500, 1234, 99_999])
def test_a_count_axis_starts_at_nothing_and_holds_the_most(most: int) -> None:
    values = [tick["v"] for tick in count_axis(most)]
    assert values[0] == 0
    assert values[-1] >= most
    assert 2 <= len(values) <= 6
    assert all(isinstance(v, int) for v in values)
