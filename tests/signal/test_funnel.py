"""A funnel instead of a league table: limits by hand, who may be seen, and what chance makes of equal units."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import funnel_chart
from dashboard.answers import funnel as words
from dashboard.filters import Choice
from dashboard.template import PALETTES
from metrics.funnel import LIKELY, SURE, Funnel, Placed, funnel
from metrics.scope import Scope

CHOICE = Choice(date(2026, 11, 20), date(2026, 11, 16))


def hundreds(*met: int) -> list[tuple[str, int, int]]:
    return [(f"Sở {chr(65 + i)}", n, 100) for i, n in enumerate(met)]


def made(*met: int) -> Funnel:
    found = funnel(hundreds(*met), small=20)
    assert found is not None
    return found


def test_limits_round_the_common_rate_by_hand() -> None:
    # together 450 / 500 = 0.9, one dossier √(0.9 · 0.1) = 0.3; z = (met − 90) / 3: 0, ⅔, −⅔, 1⅔, −1⅔.
    # mean square (0 + 0.889 + 5.556) / 5 = 1.289, under 1 + 2 · √(2 / 5) = 2.265: chance alone
    found = made(90, 92, 88, 95, 85)
    assert [found.center, found.spread, found.dispersion] == pytest.approx([0.9, 0.3, 1.0])
    assert found.at(100, LIKELY).lower == pytest.approx(0.9 - 1.959964 * 0.03)
    assert found.at(900, SURE).lower == pytest.approx(0.9 - 3.090232 * 0.01)
    assert found.at(100, SURE).upper == pytest.approx(0.9 + 3.090232 * 0.03)
    assert {each.where for each in found.placed} == {"usual"}


def test_units_that_differ_by_more_than_chance_widen_the_limits() -> None:
    # z: 0, 2⅔, −2⅔, 3, −3; mean square (14.222 + 18) / 5 = 6.444; limits wider by its root, 2.539
    found = made(90, 98, 82, 99, 81)
    assert found.dispersion == pytest.approx(6.444, abs=0.001)
    assert found.at(100, SURE).lower == pytest.approx(0.9 - 3.090232 * 0.03 * 2.539, abs=1e-4)
    assert {each.where for each in found.placed} == {"usual"}


def test_one_wild_unit_of_ten_does_not_hide_itself() -> None:
    """A tenth of the z-scores at each end is winsorised: the wild one counts as the next does."""
    found = made(96, 95, 97, 96, 95, 97, 96, 96, 95, 60)
    assert [each.name for each in found.placed if each.where == "sure"] == ["Sở J"]
    assert not found.placed[-1].above


def test_small_units_are_not_placed_and_few_units_make_no_funnel() -> None:
    found = funnel([*hundreds(90, 92, 88, 95, 85), ("Nhỏ", 0, 19), ("Không", 0, 0)], small=20)
    assert found is not None
    assert (found.few, len(found.placed), found.due) == (1, 5, 500)
    assert funnel(hundreds(90, 92, 88, 95), small=20) is None
    clean = made(100, 100, 100, 100, 100)
    assert clean.at(100, SURE).lower < 1.0  # none of 500 late does not prove that none ever is


@given(st.lists(st.integers(20, 2000).flatmap(lambda due: st.tuples(st.integers(0, due), st.just(due))), min_size=5))
def test_a_larger_unit_has_narrower_limits_and_the_sure_ones_hold_the_likely(pairs: list[tuple[int, int]]) -> None:
    found = funnel([(str(i), met, due) for i, (met, due) in enumerate(pairs)], small=20)
    assert found is not None and found.dispersion >= 1
    for due in (20, 200, 2000):
        sure, likely, wider = found.at(due, SURE), found.at(due, LIKELY), found.at(due // 2, SURE)
        assert sure.lower <= likely.lower <= found.center <= likely.upper <= sure.upper
        assert wider.lower <= sure.lower and sure.upper <= wider.upper
    for each in found.placed:
        assert (each.where == "sure") == (not found.at(each.due, SURE).holds(each.met / each.due)) or (
            min(abs(each.met / each.due - edge) for edge in (0.0, 1.0)) < 1e-9  # limits are cut off at 0 and 1
        )


def test_equal_units_are_seldom_told_apart_and_a_planted_one_is() -> None:
    random_of, wrong, hit = random.Random(5), 0, 0
    for _ in range(15):
        sizes = [random_of.randint(60, 900) for _ in range(40)]
        units = [(str(i), sum(random_of.random() < 0.96 for _ in range(due)), due) for i, due in enumerate(sizes)]
        bad = ("xấu", sum(random_of.random() < 0.88 for _ in range(400)), 400)
        found = funnel([*units, bad], small=20)
        assert found is not None
        outside = {each.name for each in found.placed if each.where == "sure"}
        hit += "xấu" in outside
        wrong += len(outside - {"xấu"})
    assert hit == 15
    assert wrong / (15 * 40) < 0.006  # 1 of 500 by design, more in the short tail of high rates


def test_the_words_name_who_is_outside_and_rank_nobody() -> None:
    found = made(96, 95, 97, 96, 95, 97, 96, 96, 95, 60)
    told = words.told(CHOICE, found, Scope.province())
    assert told.text == "Thấp hơn mức chung: **Sở J**. 9 đơn vị còn lại: dao động thường."
    assert told.table.lines["Đơn vị"].to_list() == [f"Sở {letter}" for letter in "ABCDEFGHIJ"]  # by name
    assert told.table.lines.row(9) == ("Sở J", "100", "60,0\u00a0% (50,2–69,1)", "Thấp hơn mức chung")
    assert told.queries[9] == {"don_vi": "Sở J"}
    assert "92,3\u00a0% (923 / 1.000)" in told.notes[0]
    usual = words.told(CHOICE, made(90, 92, 88, 95, 85), Scope.province())
    assert usual.text == "Không đơn vị nào ngoài giới hạn: 5 đơn vị khác nhau trong dao động thường."


def test_a_head_finds_the_own_units_and_of_the_others_their_sum_alone() -> None:
    found = made(96, 95, 97, 96, 95, 97, 96, 96, 95, 60)
    told = words.told(CHOICE, found, Scope.of("Sở A"))
    assert [each.name for each in told.units] == ["Sở A"]
    spec = funnel_chart.funnel(found, told.units, told.hover, theme="light")
    assert (spec["data"][2]["x"], len(spec["data"][2]["customdata"])) == ([100], 1)
    assert "Sở J" not in str(told) and "Sở J" not in str(spec)


def test_points_outside_are_marked_by_shape_and_the_picture_holds_them() -> None:
    found = made(96, 95, 97, 96, 95, 97, 96, 96, 95, 60)
    told = words.told(CHOICE, found, Scope.province())
    spec = funnel_chart.funnel(found, told.units, told.hover, theme="dark")
    points = spec["data"][2]
    assert points["marker"]["symbol"] == ["circle"] * 9 + ["triangle-down"]
    low, high = spec["layout"]["yaxis"]["range"]
    assert low < 60 and high > 97
    assert [note["text"] for note in spec["layout"]["annotations"]] == ["Sở J"]
    assert spec["layout"]["shapes"][0]["y0"] == pytest.approx(92.3)


def test_a_long_name_is_written_short_beside_its_point() -> None:
    long = Placed("Chi nhánh Văn phòng Đăng ký đất đai khu vực III", 700, 800, "sure", above=False)
    (named,) = funnel_chart._names([long], PALETTES["light"], 13)
    assert named["text"] == "CN VPĐKĐĐ KV III"
