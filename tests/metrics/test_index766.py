"""Points of Index 766, worked out by hand; and the laws that no count can break."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config import index766 as tables
from config.index766 import Group, Item, Table
from metrics import index766
from metrics.index766 import Estimate, Known, Scored, change, entered_in, estimate, points
from metrics.scope import Period

(SHIPPED,) = tables.load()
SMALL = 20


def item(name: str = "one", **told: Any) -> Item:
    return Item.model_validate({"id": name, "group": "progress", "title": "T", "weight": 20, "note": "N"} | told)


def of(one: Item, over: int, under: int) -> Scored:
    table = Table.model_validate(
        {"from": date(2022, 6, 23), "decision": "D", "group": [Group(id="progress", title="G")], "item": [one]}
    )
    return estimate(table, Known({"ff": (over, under)}), small=SMALL).items[0]


#: A province of which these parts are known, and nothing else.
KNOWN = Known(
    {
        "on_time_766": (9_600, 10_000),  # 0.96 of 20 = 19.2
        "online_share": (5_000, 8_000),  # 0.625 of 6 = 3.75
        "procedures_online_share": (1_009, 1_250),  # 0.8072 of 6 = 4.8432
        "online_payment": (1_546, 10_000),  # 0.1546 of 10 = 1.546
        "published_share": (693, 1_000),  # 0.693 of 6 = 4.158
        "results_digital_share": (3, 4),  # of four results nothing is told
        "components_digitised_share": (0, 0),  # of nothing there is no share
    },
    survey=(270, 300),  # 0.9 of 12 = 10.8
    entered={"feedback_on_time": Decimal("87.50")},  # 0.875 of 6 = 5.25
)


def test_a_province_of_known_counts_has_these_points() -> None:
    """19.2 + 3.75 + 4.8432 + 1.546 + 4.158 + 10.8 + 5.25 = 49.5472 of 20 + 6 + 6 + 10 + 6 + 12 + 6 = 66; 34 unknown."""
    told = estimate(SHIPPED, KNOWN, small=SMALL)
    assert {each.item.id: each.points for each in told.items if each.points is not None} == {
        "synchronised": Fraction("4.158"), "on_time": Fraction("19.2"), "procedures_online": Fraction("4.8432"),
        "dossiers_online": Fraction("3.75"), "paid_online": Fraction("1.546"), "satisfied": Fraction("10.8"),
        "feedback_on_time": Fraction("5.25"),
    }  # fmt: skip
    whole = told.whole
    assert [whole.points, whole.known, whole.unknown, whole.whole] == [Fraction("49.5472"), 66, 34, 100]
    assert whole.lost == Fraction("16.4528")
    groups = {group.id: told.group(group) for group in SHIPPED.group}
    assert {name: [part.points, part.known, part.unknown] for name, part in groups.items()} == {
        "openness": [Fraction("4.158"), 6, 12],
        "progress": [Fraction("19.2"), 20, 0],
        "online": [Fraction("8.5932"), 12, 0],
        "payment": [Fraction("1.546"), 10, 0],
        "satisfaction": [Fraction("16.05"), 18, 0],
        "digital": [0, 0, 22],
    }
    assert [each.item.id for each in told.items if each.few] == ["results_digital"]


def test_a_hundred_late_dossiers_cost_the_same_share_of_the_points_each() -> None:
    """20 points over 10,000 dossiers: a hundred cost 0.2, so the 400 that are late cost 0.8, which is what is lost."""
    on_time = next(each for each in estimate(SHIPPED, KNOWN, small=SMALL).items if each.item.id == "on_time")
    assert (on_time.missing, on_time.per_hundred, on_time.lost) == (400, Fraction("0.2"), Fraction("0.8"))
    assert on_time.next_step is None


def test_points_lie_on_the_line_between_zero_and_full() -> None:
    line = item(figure="ff", zero=Decimal("0.5"), full=Decimal("0.9"))
    assert [points(line, (n, 100)) for n in (0, 50, 60, 70, 90, 95, 100)] == [0, 0, 5, 10, 20, 20, 20]
    # 100 more of 1,000 are a tenth of the base, a quarter of the line: 5 points
    assert [of(line, n, 1_000).per_hundred for n in (500, 501, 900, 901)] == [None, 5, 5, None]
    falls = item(figure="ff", zero=Decimal("0.2"), full=Decimal(0))
    assert [points(falls, (n, 100)) for n in (0, 5, 10, 20, 30)] == [20, 15, 10, 0, 0]
    assert (of(falls, 5, 100).missing, of(item(figure="ff"), 5, 100).missing) == (5, 95)


def test_steps_say_what_is_missing_to_the_next_one() -> None:
    steps = item(figure="ff", steps=((Decimal("0.9"), Decimal(12)), (Decimal("0.98"), Decimal(20))))
    assert [points(steps, (n, 1_000)) for n in (899, 900, 979, 980)] == [0, 12, 12, 20]
    assert of(steps, 881, 999).next_step == (19, Fraction(12))  # 0.9 of 999 is 899.1: the 900th reaches it
    assert of(steps, 950, 1_000).next_step == (30, Fraction(8))
    assert of(steps, 990, 1_000).next_step is None
    assert of(steps, 950, 1_000).per_hundred is None


def test_few_are_named_and_earn_nothing_either_way() -> None:
    few, enough = of(item(figure="ff"), 19, SMALL - 1), of(item(figure="ff"), 19, SMALL)
    assert (few.few, few.points, few.lost, few.per_hundred, few.next_step) == (True, None, None, None, None)
    assert (enough.few, enough.points) == (False, Fraction(19))


def test_an_entered_percentage_has_no_dossiers_behind_it() -> None:
    told = estimate(SHIPPED, Known({}, entered={"feedback_on_time": Decimal(0)}), small=SMALL)
    (only,) = (each for each in told.items if each.points is not None)
    assert (only.item.id, only.points, only.missing, only.per_hundred, only.next_step) == (
        "feedback_on_time", Fraction(0), 0, None, None,
    )  # fmt: skip


def test_an_item_for_which_nothing_stands_stays_unknown() -> None:
    told = of(item(), 5, 100)
    assert (told.parts, told.points, told.missing, told.few) == (None, None, 0, False)


def test_a_change_compares_only_what_both_periods_know_under_one_rule() -> None:
    now = estimate(SHIPPED, KNOWN, small=SMALL)
    less = {name: parts for name, parts in KNOWN.shares.items() if name != "online_share"}
    before = estimate(
        SHIPPED,
        Known(less | {"on_time_766": (950, 1_000), "components_reused_share": (30, 40)}, (30, 40), KNOWN.entered),
        small=SMALL,
    )
    told = change(now, before)
    assert told is not None
    # on time 19.2 − 19.0; satisfied 10.8 − 9.0; the rest alike; online is new, reuse has gone.
    assert told.points == Fraction("2.0") == sum(told.by_item.values())
    assert {name: each for name, each in told.by_item.items() if each} == {
        "on_time": Fraction("0.2"),
        "satisfied": Fraction("1.8"),
    }
    assert told.weight == 60
    assert [each.id for each in told.come] == ["dossiers_online"]
    assert [each.id for each in told.gone] == ["components_reused"]
    assert change(now, estimate(SHIPPED, Known({}), small=SMALL)) is None


def test_an_item_of_another_weight_is_not_compared() -> None:
    heavier = [
        each.model_copy(update={"weight": Decimal(9)}) if each.id == "paid_online" else each for each in SHIPPED.item
    ]
    other = SHIPPED.model_copy(update={"item": tuple(heavier)})
    told = change(estimate(other, KNOWN, small=SMALL), estimate(SHIPPED, KNOWN, small=SMALL))
    assert told is not None and "paid_online" not in told.by_item
    assert ([each.id for each in told.come], told.gone) == (["paid_online"], ())


def row(indicator: str, first: date, last: date, value: str, department: str | None = None) -> Mapping[str, Any]:
    return {"indicator": indicator, "from_on": first, "to_on": last, "value": value, "department": department}


Q2 = date(2026, 4, 1), date(2026, 6, 30)
Q3 = date(2026, 7, 1), date(2026, 9, 30)


@pytest.mark.parametrize(
    ("period", "found"),
    [
        (Period(*Q3), "90"),
        (Period(date(2026, 8, 1), date(2026, 8, 31)), "80"),  # the third quarter is not over
        (Period(date(2026, 11, 1), date(2026, 11, 30)), "90"),
        (Period(date(2026, 12, 30), date(2026, 12, 31)), "90"),  # 91 days before
        (Period(date(2026, 12, 31), date(2026, 12, 31)), None),
        (Period(date(2026, 4, 1), date(2026, 6, 29)), None),
    ],
)
def test_an_entered_value_is_the_newest_that_had_ended_and_not_older_than_it_lasts(
    period: Period, found: str | None
) -> None:
    rows = [row("x", *Q3, "90"), row("x", *Q2, "80"), row("x", *Q3, "10", "Sở A")]
    for told in (rows, rows[::-1]):
        assert entered_in(told, period, None).get("x", {}).get("value") == found
    assert entered_in(rows, Period(*Q3), "Sở A")["x"]["value"] == "10"
    assert entered_in(rows, Period(*Q3), "Sở B") == {}
    assert entered_in(rows, Period(date.min, date.max), "Sở A")["x"]["value"] == "10"  # as far as anybody may ask


COUNTS = some.tuples(some.integers(0, 10_000), some.integers(0, 10_000)).map(lambda two: (min(two), max(two)))
FIGURES = sorted({each.figure for each in SHIPPED.item if each.figure})
KNOWNS = some.builds(
    Known,
    some.dictionaries(some.sampled_from(FIGURES), COUNTS),
    some.none() | COUNTS,
    some.dictionaries(some.just("feedback_on_time"), some.decimals(0, 100, places=2)),
)


@given(KNOWNS)
def test_points_lie_within_the_weights_and_add_up(known: Known) -> None:
    told = estimate(SHIPPED, known, small=SMALL)
    for each in told.items:
        assert each.points is None or 0 <= each.points <= each.weight
        assert (each.points is None) == (each.parts is None or each.few)
    whole, groups = told.whole, [told.group(group) for group in SHIPPED.group]
    assert whole.points == sum(part.points for part in groups) == sum(each.points or 0 for each in told.items)
    assert whole.known + whole.unknown == 100 and whole.points + whole.lost == whole.known


@given(KNOWNS, some.sampled_from(FIGURES))
def test_what_becomes_unknown_changes_no_other_item(known: Known, figure: str) -> None:
    less = Known({name: parts for name, parts in known.shares.items() if name != figure}, known.survey, known.entered)
    before, after = (_by_id(estimate(SHIPPED, each, small=SMALL)) for each in (known, less))
    mine = {each.id for each in SHIPPED.item if each.figure == figure}
    assert {name: told for name, told in before.items() if name not in mine} == {
        name: told for name, told in after.items() if name not in mine
    }
    assert all(after[name] is None for name in mine)


def _by_id(told: Estimate) -> dict[str, Fraction | None]:
    return {each.item.id: each.points for each in told.items}


RULES: some.SearchStrategy[dict[str, Any]] = some.one_of(
    some.just({}),
    some.sampled_from([{"zero": Decimal("0.3"), "full": Decimal("0.9")}, {"zero": Decimal("0.4"), "full": Decimal(0)}]),
    some.just({"steps": ((Decimal("0.2"), Decimal(5)), (Decimal("0.75"), Decimal(20)))}),
)


@given(RULES, some.integers(1, 5_000), some.data())
def test_one_more_in_the_right_place_never_costs_points(rule: dict[str, Any], base: int, data: some.DataObject) -> None:
    over = data.draw(some.integers(0, base - 1))
    one = item(figure="ff", **rule)
    less, more = points(one, (over, base)), points(one, (over + 1, base))
    assert less <= more if one.rises else less >= more


@given(some.integers(SMALL, 5_000), some.data())
def test_what_is_missing_times_what_each_costs_is_what_is_lost(base: int, data: some.DataObject) -> None:
    told = of(item(figure="ff"), data.draw(some.integers(1, base)), base)
    assert told.per_hundred is not None
    assert told.per_hundred * told.missing / 100 == told.lost


@given(KNOWNS, KNOWNS)
def test_a_change_is_the_sum_of_its_items(now: Known, before: Known) -> None:
    told = change(*(estimate(SHIPPED, each, small=SMALL) for each in (now, before)))
    if told is not None:
        assert told.points == sum(told.by_item.values()) and abs(told.points) <= told.weight


def test_the_module_looks_at_no_clock() -> None:
    assert not hasattr(index766, "datetime")
