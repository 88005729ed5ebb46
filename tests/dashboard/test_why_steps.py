"""The way from the figure before to the figure now: it ends exactly there, says which way without a colour, and shows
what would be usual."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from dashboard import asked_why, shapes, why
from dashboard.answers import why_steps
from dashboard.answers.why import BYS, METRICS, Asked
from dashboard.filters import Choice
from dashboard.waterfall import Step, waterfall
from metrics.charts_of_control import Limits
from metrics.decomposition import Cell, of_count, of_rate
from metrics.definitions import RATES
from metrics.signals import Judged, Verdict
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_pages import texts
from tests.dashboard.test_why import MONDAY, asked

CELLS = (Cell("Sở Dễ", (54, 60), (80, 80)), Cell("Sở Khó", (24, 40), (10, 20)))


def question(metric: str) -> Asked:
    return Asked(Choice(TODAY, MONDAY), metric, "don-vi", "tuần 45", {}, 20, {})


def test_a_rate_goes_by_mix_and_performance_worked_by_hand() -> None:
    """90 of 100 before, 78 of 100 now: mix −8 points, performance −4 (tests/metrics/test_decomposition.py)."""
    change = of_rate(CELLS)
    assert change is not None
    assert (change.mix, change.performance) == (Fraction(-8, 100), Fraction(-4, 100))
    steps = why_steps.of_change(change, question("on_time_due"))
    assert [(step.name, step.start, step.end, step.label) for step in steps] == [
        ("Trước", 90.0, 90.0, "90,0\xa0%"), ("Cơ cấu", 90.0, 82.0, "▼ −8,00 điểm"),
        ("Thực hiện", 82.0, 78.0, "▼ −4,00 điểm"), ("Nay", 78.0, 78.0, "78,0\xa0%"),
    ]  # fmt: skip


def test_a_count_goes_by_volume_too() -> None:
    steps = why_steps.of_change(of_count([Cell("Sở Dễ", (6, 60), (4, 40))]), question("due_missed"))
    assert [(step.name, step.label) for step in steps] == [
        ("Trước", "4"), ("Khối lượng", "▲ +2 hồ sơ"), ("Cơ cấu", "0 hồ sơ"), ("Thực hiện", "0 hồ sơ"), ("Nay", "6"),
    ]  # fmt: skip


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("metric", METRICS)
def test_every_step_begins_where_the_last_ended_and_the_last_is_the_figure(
    in_use: Store, metric: str, by: str
) -> None:  # fmt: skip
    told = why._told(asked(), metric, by)
    if told is None:
        return
    *moved, now = told.steps
    assert all(after.start == step.end for step, after in zip(moved, told.steps[1:], strict=True))
    assert (now.start, moved[0].start) == (now.end, moved[0].end)
    if metric in RATES:
        pair = of_rate(asked_why.cells(asked(), metric, BYS[by][0])).now  # type: ignore[union-attr]
        assert now.end == float(100 * Fraction(*pair))
    spec = waterfall(told.steps, theme="light", usual=told.usual)
    bars, points = spec["data"]
    assert [base + x for base, x in zip(bars["base"], bars["x"], strict=True)] == pytest.approx(
        [step.end for step in told.steps if step.factor is not None]
    )
    assert points["x"] == [moved[0].end, now.end]


def test_which_way_is_an_arrow_and_what_is_usual_a_band() -> None:
    steps = (Step("Trước", 4, 4, "4"), Step("Vào", 4, 9, why_steps.arrowed(Fraction(5), "+5 lượt"), 0))
    spec = waterfall(steps, theme="dark", usual=(2.0, 6.0))
    assert [each["text"] for each in spec["layout"]["annotations"]] == ["<b>4</b>", "<b>▲ +5 lượt</b>"]
    band, *_ = spec["layout"]["shapes"]
    assert (band["type"], band["x0"], band["x1"]) == ("rect", 2.0, 6.0)
    low, high = spec["layout"]["xaxis"]["range"]
    assert low < 2.0 and high > 9
    assert all(each["type"] == "line" for each in waterfall(steps, theme="dark")["layout"]["shapes"])


def test_beneath_is_said_what_is_usual_and_how_sure_the_rate_is() -> None:
    found = Judged(Verdict.NORMAL, Limits(0.9, 0.95, 0.991), rests_on=12, trial=False)
    assert why_steps.beneath(found, "on_time_due", (95, 100), "tuần") == (
        "Dải nền: dao động thường 90,0–99,1\xa0%. Khoảng 95\xa0% của tỷ lệ nay: 88,8–97,8\xa0%."
    )
    trial = replace(found, rests_on=8, trial=True)
    assert why_steps.beneath(trial, "on_time_due", (950, 1000), "tuần") == (
        "Dải nền: dao động thường 90,0–99,1\xa0%. Giới hạn tạm, từ 8 tuần."
    )
    assert "chưa đủ số liệu" in why_steps.beneath(Judged(Verdict.UNKNOWN), "due_missed", (1, 2), "tuần")


def test_the_page_says_whose_map_it_is_and_draws_both_charts(visit: Visit) -> None:
    app = visit(shapes.WHY, ky="2026-W46")
    assert why_steps.TODAYS_MAP in texts(app)
    assert len(app.get("plotly_chart")) == 2


def test_too_few_to_explain_is_said_in_one_box(visit: Visit) -> None:
    app = visit(shapes.WHY, ky="2026-W46", chi_so="late_acceptance", kenh="post")
    found = boxes_round(app.main, "Quá ít hồ sơ để giải thích")
    assert found == [1]


def boxes_round(block: Any, words: str, boxes: int = 0) -> list[int]:
    """Count the frames round each text that has ``words`` in it."""
    found = []
    for child in block.children.values():
        if hasattr(child, "children"):
            framed = getattr(child.proto, "flex_container", None) and child.proto.flex_container.border
            found += boxes_round(child, words, boxes + bool(framed))
        elif words in str(getattr(child, "value", "")):
            found.append(boxes)
    return found
