"""Why real figures changed, and planted ones: every month of real sets sums; a ward that fell behind is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import evidence_why


@pytest.mark.parametrize("name", ["Boston", "Houston", "WABO"])
def test_every_month_of_a_real_set_sums_exactly(shared_data: Path, name: str) -> None:
    told = list(evidence_why.real(shared_data, name))
    assert "**0** do not sum exactly" in told[0]
    assert any("performance" in line and "mix" in line for line in told)


def test_the_ward_that_lost_an_appraiser_is_the_performance_part() -> None:
    behind, twin, rate = list(evidence_why.planted())[1:]
    assert "UBND phường Thiếu Người: late 0 of" in behind and behind.endswith("performance +563.1.")
    assert "UBND phường Đủ Người" in twin and twin.endswith("volume +0.0, mix +0.0, performance +0.0.")
    assert "performance -25.4, mix -0.6 points; most: UBND phường Thiếu Người" in rate
