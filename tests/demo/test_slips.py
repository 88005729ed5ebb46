"""The demo's slips and stated figures: the same for a seed, loaded once, with a response of about one in ten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from connectors.simulator import slips as made
from jobs import demo_slips
from metrics import satisfaction
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
    assert entered.holding(store, ALL).height == 3 * 6 + 2 * 4
    assert set(entered.holding(store, ALL)["entered_by"]) == {"vanhanh"}
    assert not demo_slips.fill(store, tmp_path, NOW)
    assert surveys.read(store, ALL).height == slips.height
