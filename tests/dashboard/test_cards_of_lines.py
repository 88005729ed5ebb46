"""A line of a table as a card, as a phone shows it: whatever stands on top without a name of its own is named."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard import tables


@pytest.mark.parametrize(
    "figure",
    ["0", "1.234", "−3", "+20", "100,0\u00a0%", "98,4 %", "97,5\u00a0% (91,3–99,3)", "97,5\u00a0% (91–99,3)", "n = 18"],
)
def test_a_bare_figure_has_its_heading_before_it(figure: str) -> None:
    assert tables._named("Trước", figure).startswith("Trước: ")


@pytest.mark.parametrize(
    "name", ["Sở Y tế", "25/11/2026", "0 giờ", "H24.9 - 1", "1.2345", "cao · 82\u00a0%", "12 hồ sơ"]
)
def test_what_says_itself_what_it_is_has_none(name: str) -> None:
    assert not tables._named("Đơn vị", name).startswith("Đơn vị")


def test_what_a_count_alone_means_is_said_where_one_stands() -> None:
    rows = pl.DataFrame({"Đơn vị": ["Sở Y tế", "Sở Tư pháp"], "Trước": ["98,0\u00a0%", "n = 18"]})
    assert tables.counts_alone(rows, 20) == "n = …: dưới 20 hồ sơ, chỉ ghi mẫu số, không ghi tỷ lệ."
    assert tables.counts_alone(rows.head(1), 20) == ""
