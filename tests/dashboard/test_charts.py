"""Figures as data: what a chart says, without a browser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard import charts, dots, strips
from dashboard.charts import Cell, WeekRate
from dashboard.strips import Stretch
from dashboard.template import PALETTES

LIGHT = PALETTES["light"]
MONDAY = date(2026, 9, 7)


def week(i: int, rate: float | None, limits: tuple[float, float] | None = (0.9, 0.99), **more: bool) -> WeekRate:
    lower, upper = limits or (None, None)
    told = {"signal": False, "running": False} | more
    return WeekRate(MONDAY + timedelta(weeks=i), rate, lower, upper, label=f"{i}", hover=f"tuần {i}", **told)


def test_only_a_signal_is_coloured() -> None:
    spec = charts.control_chart([week(0, 0.95), week(1, 0.8, signal=True), week(2, 0.96)], target=0.98, theme="light")
    marker = spec["data"][0]["marker"]
    assert marker["color"] == [LIGHT.early, LIGHT.overdue, LIGHT.early]
    assert marker["symbol"] == ["circle", "triangle-down", "circle"]


def test_the_running_week_is_a_hollow_point() -> None:
    spec = charts.control_chart([week(0, 0.95), week(1, 0.96, running=True)], target=0.98, theme="light")
    marker = spec["data"][0]["marker"]
    assert marker["color"][-1] == LIGHT.paper
    assert marker["line"]["width"] == [0, 2]


def test_limits_are_not_drawn_through_weeks_that_have_none() -> None:
    weeks = [week(0, 0.95), week(1, 0.95), week(2, 0.95, None), week(3, 0.95)]
    shapes = charts.control_chart(weeks, target=None, theme="light")["layout"]["shapes"]
    paths = [s["path"] for s in shapes if s["type"] == "path"]
    assert len(paths) == 2
    assert "2026-09-21" not in "".join(paths)  # the week without limits


def test_a_week_without_a_rate_is_a_gap_and_not_a_zero() -> None:
    spec = charts.control_chart([week(0, 0.95), week(1, None, None), week(2, 0.9)], target=None, theme="light")
    assert spec["data"][0]["y"] == [95.0, None, 90.0]
    assert spec["data"][0]["connectgaps"] is False


def heat(cell: Cell) -> tuple[str, str]:
    spec = charts.heat_table(["A"], ["B"], [[cell]], small=20, steps=(0.98, 0.95, 0.90, 0.80), theme="light")
    bar = spec["data"][0]
    return bar["text"][0], bar["marker"]["color"][0]


def test_few_dossiers_are_a_grey_count_and_never_a_rate() -> None:
    assert heat(Cell(met=0, due=7)) == ("n = 7", "rgba(0,0,0,0)")


def test_nothing_due_is_a_dot() -> None:
    assert heat(Cell(met=0, due=0)) == ("·", "rgba(0,0,0,0)")


def test_ink_deepens_with_broken_promises_and_a_sign_says_the_same() -> None:
    assert heat(Cell(met=100, due=100)) == ("100,0", LIGHT.heat[0])
    assert heat(Cell(met=97, due=100)) == ("97,0", LIGHT.heat[1])
    assert heat(Cell(met=89, due=100)) == ("▲ 89,0", LIGHT.heat[3])
    assert heat(Cell(met=77, due=100)) == ("▲ 77,0", LIGHT.heat[4])


def test_names_beside_the_heat_table_are_text_and_leave_it_room() -> None:
    names = ["<a href='http://a'>Sở</a>", "Đơn vị " + "dài " * 100]
    cells = [[Cell(met=9, due=10)], [Cell(met=9, due=10)]]
    spec = charts.heat_table(names, ["<b>x</b>"], cells, small=20, steps=(0.98, 0.95, 0.90, 0.80), theme="light")
    linked, long = spec["layout"]["yaxis"]["ticktext"]
    assert linked == "&lt;a href='http://a'&gt;Sở&lt;/a&gt;"
    assert len(long) <= charts.LONGEST_ROW
    assert spec["layout"]["xaxis"]["ticktext"] == ["&lt;b&gt;x&lt;/b&gt;"]
    assert "<a" not in spec["data"][0]["customdata"][0]


def test_two_long_field_names_do_not_become_one() -> None:
    long = ["Thành lập và hoạt động của doanh nghiệp", "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)"]
    cells = [[Cell(30, 30), Cell(30, 30)]]
    spec = charts.heat_table(["A"], long, cells, small=20, steps=(0.98, 0.95, 0.9, 0.8), theme="light")
    ticks = spec["layout"]["xaxis"]["ticktext"]
    assert ticks[0] != ticks[1]


def test_an_age_too_narrow_for_its_number_keeps_it_in_the_hover_text() -> None:
    spec = charts.age_strip([1, 99, 0, 0], ["1–3", "4–10", "11–30", "> 30"], theme="light")
    assert spec["data"][0]["text"] == ""
    assert spec["data"][0]["hovertemplate"] == "1–3 ngày làm việc: 1 hồ sơ<extra></extra>"


def test_a_growing_backlog_stands_above_the_line_with_its_sign() -> None:
    spec = charts.net_bars(["T46", "T47"], [-8, 30], ["", ""], theme="light")
    assert spec["data"][0]["text"] == ["−8", "+30"]
    assert spec["data"][0]["marker"]["color"] == [LIGHT.early, LIGHT.due_soon]


def test_a_week_that_is_not_over_has_no_colour() -> None:
    spec = charts.net_bars(["T46", "T47"], [30, 137], ["", ""], theme="light", running=True)
    assert spec["data"][0]["text"] == ["+30", "+137"]
    assert spec["data"][0]["marker"]["color"] == [LIGHT.due_soon, LIGHT.line]


def test_time_past_the_promise_has_the_overdue_ink() -> None:
    step = Stretch("Thẩm định", "2026-11-02T09:00", "2026-11-12T09:00", False)
    wait = Stretch("Chờ bổ sung", "2026-11-12T09:00", "2026-11-13T09:00", True)
    spec = strips.clock_strip(
        [step, wait], first_due=None, due="2026-11-10T00:00", now="2026-11-13T09:00", ended=False, theme="light"
    )
    lines = [(d["y"][0], d["x"], d["line"]["color"], d["line"]["dash"]) for d in spec["data"]]
    assert lines == [
        ("Thẩm định", ["2026-11-02T09:00", "2026-11-10T00:00"], LIGHT.on_time, "solid"),
        ("Thẩm định", ["2026-11-10T00:00", "2026-11-12T09:00"], LIGHT.overdue, "solid"),
        ("Chờ bổ sung", ["2026-11-12T09:00", "2026-11-13T09:00"], LIGHT.undetermined, "4px,3px"),
    ]


@pytest.mark.parametrize(
    ("first_due", "due", "sides"),
    [
        ("2026-05-18T23:59", "2026-06-01T23:59", {"hẹn đầu": "right", "hẹn trả": "left", "nay": "center"}),
        ("2026-05-18T23:59", "2026-11-10T23:59", {"hẹn đầu": "center", "hẹn trả": "right", "nay": "center"}),
        ("2026-11-10T23:59", "2026-11-10T23:59", {"hẹn trả": "right", "nay": "center"}),
        (None, None, {"nay": "center"}),
    ],
)
def test_labels_of_marks_close_together_part(first_due: str | None, due: str | None, sides: dict[str, str]) -> None:
    step = Stretch("Thẩm định", "2026-05-02T09:00", "2026-11-22T09:00", False)
    spec = strips.clock_strip([step], first_due=first_due, due=due, now="2026-11-22T09:00", ended=False, theme="light")
    assert {note["text"]: note["xanchor"] for note in spec["layout"]["annotations"]} == sides


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_number_on_coloured_ground_can_be_read() -> None:
    for palette in PALETTES.values():
        for step, ground in enumerate(palette.heat):
            assert contrast(palette.on_heat if step == 4 else palette.text, ground) >= 4.5
        for ink, ground in zip(palette.on_ages, palette.ages, strict=True):
            assert contrast(ink, ground) >= 4.5
        for ink in (palette.text, palette.muted):
            assert contrast(ink, palette.paper) >= 4.5
        for mark in (palette.early, palette.due_soon, palette.overdue, palette.undetermined):
            assert contrast(mark, palette.paper) >= 3


def test_a_part_of_a_bar_that_is_too_narrow_for_its_number_leaves_it_to_the_table() -> None:
    counts = [[106, 0, 11, 12, 11, 10], [4, 0, 0, 0, 0, 0]]
    spec = dots.backlog(["Một", "Hai"], ["a", "b", "c", "d", "e", "f"], counts, theme="light")
    assert [trace["text"] for trace in spec["data"]] == [["106", ""], ["", ""], ["", ""], ["", ""], ["", ""], ["", ""]]
