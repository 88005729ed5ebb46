"""A first visit is told only of a page that shows the right figures, with every byte that came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks import dashboard_browser, first_sight
from benchmarks.first_sight import SIDES, House, Visit, told, visits


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> House:
    return first_sight.house(3_000, tmp_path_factory.mktemp("first"), flow="mot-cua")


def test_both_sides_are_visited_twice_and_weighed(here: House, chromium: Any) -> None:
    found = {side: visits(here, chromium, side, None) for side in SIDES}
    for first, again in found.values():
        assert first.requests > 20 and first.weight > 200_000
        assert again.requests < first.requests and again.weight < first.weight / 3  # the browser has the rest
    ours = found["ours"][0]
    assert any("PlotlyChart" in path for path in ours.files)
    lines, _ = told({(side, line): [pair] for side, pair in found.items() for line in ("here", "office")})
    assert f"| bytes of the first visit | {ours.weight:,} | {found['empty'][0].weight:,} |" in "\n".join(lines)


def test_wrong_figures_on_the_screen_are_no_first_sight(
    here: House, chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_browser, "PATIENCE", 4_000)
    (unit, (due, met, late)), *_ = here.laid.counts.items()
    wrong = replace(here, laid=replace(here.laid, counts=here.laid.counts | {unit: (due, met, late + 1)}))
    with pytest.raises(dashboard_browser.WrongNumbersError, match="not"):
        visits(wrong, chromium, "ours", None)


def test_a_figure_that_falls_short_is_said() -> None:
    light, heavy = Visit(1.0, 10, 0, {"/a.js": 100}), Visit(1.0, 10, 0, {"/a.js": 101})
    pairs = {(side, line): [(light, light)] for side in SIDES for line in ("here", "office")}
    assert told(pairs)[1]
    lines, kept = told(pairs | {("ours", "here"): [(heavy, light)]})
    assert not kept
    assert [line for line in lines if "not yet" in line] == [
        "| bytes of the first visit | 101 | 100 | 1.01 | ≤ 1: **not yet** |"
    ]
