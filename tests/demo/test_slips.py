"""The demo's slips and stated figures: the same for a seed, loaded once, with a response of about one in ten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from connectors.simulator import slips as made
from jobs import demo_slips
from metrics import index766, satisfaction
from metrics.scope import Period, Scope
from store import entered, surveys
from store.database import Store

NOW, TODAY = datetime(2026, 11, 20, 3, tzinfo=UTC), date(2026, 11, 20)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
ALL = Scope.province()


def test_a_later_day_adds_slips_and_changes_none() -> None:
    before, after = made.slips(7, TODAY), made.slips(7, date(2026, 11, 24))
    earlier = set(before.text.splitlines())
    assert earlier < set(after.text.splitlines())
    assert made.slips(7, TODAY) == before != made.slips(8, TODAY)


def test_the_demo_is_filled_once_through_the_loaders(store: Store, tmp_path: Path) -> None:
    assert demo_slips.fill(store, tmp_path, NOW)
    slips = surveys.read(store, ALL)
    whole = satisfaction.counts(slips, OCTOBER, ALL).row(0, named=True)
    assert whole["n"] > 200 and 0.7 < whole["satisfied"] / whole["n"] < 0.98
    told = satisfaction.response(slips, surveys.asked(store, ALL), OCTOBER)
    assert told is not None and told.answered == whole["n"] and told.rate is not None and 0.06 < told.rate < 0.14
    units = satisfaction.counts(slips, OCTOBER, ALL, ["department"])
    shares = {name: satisfied / n for name, n, satisfied in units.select("department", "n", "satisfied").iter_rows()}
    assert len(set(shares.values())) > 5
    assert entered.holding(store, ALL).height == 3 * 6 + 2 * 5 + 2 * 4
    assert set(entered.holding(store, ALL)["entered_by"]) == {"vanhanh"}
    assert not demo_slips.fill(store, tmp_path, NOW)
    assert surveys.read(store, ALL).height == slips.height


def test_the_estimate_of_index_766_is_told_what_the_portal_says_and_misses_one_item(
    store: Store, tmp_path: Path
) -> None:
    demo_slips.fill(store, tmp_path, NOW)
    found = index766.entered_in(entered.holding(store, ALL).to_dicts(), OCTOBER, None)
    quarter = {name: row for name, row in found.items() if row["from_on"] == date(2026, 7, 1)}
    assert set(quarter) == {"published_on_time", "feedback_on_time"}  # nobody states how complete publication is
    assert all(84 <= float(row["value"]) <= 98 for row in quarter.values())
    assert {row["stated_by"] for row in quarter.values()} == {"Cổng Dịch vụ công quốc gia (minh họa)"}
    assert {row["stated_on"] for row in quarter.values()} == {date(2026, 10, 6)}
    year_ago = Period(date(2025, 10, 1), date(2025, 10, 31))
    assert {"published_on_time", "feedback_on_time"} <= set(
        index766.entered_in(entered.holding(store, ALL).to_dicts(), year_ago, None)
    )
