"""The tables of points: dated, summing to their groups, of shares that somebody counts or enters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config import index766
from config.errors import ConfigError

HEAD = '[[table]]\nfrom = 2022-06-23\ndecision = "QĐ 766"\n'
GROUP = '[[table.group]]\nid = "payment"\ntitle = "Thanh toán"\n'
ITEM = '[[table.item]]\nid = "paid"\ngroup = "payment"\ntitle = "Nộp trực tuyến"\nnote = "tạm"\nweight = 10\n'
FIGURE = 'figure = "online_payment"\n'
OK = HEAD + GROUP + ITEM + FIGURE


def put(folder: Path, text: str) -> Path:
    file = folder / "index766.toml"
    file.write_text(text, encoding="utf-8")
    index766._load.cache_clear()
    return file


def test_the_shipped_table_has_the_six_totals_of_the_decision_and_claims_no_weight_as_verified() -> None:
    (table,) = index766.load()
    assert {group.id: group.points for group in table.group} == {
        "openness": 18, "progress": 20, "online": 12, "payment": 10, "satisfaction": 18, "digital": 22,
    }  # fmt: skip
    assert table.total == 100
    assert sum(item.weight for item in table.item) == 100
    assert not any(item.verified for item in table.item)
    assert all(item.note for item in table.item)
    assert table.of_group("progress")[0].figure == "on_time_766"


def test_a_period_is_judged_by_the_table_of_its_day(tmp_path: Path) -> None:
    newer = OK.replace("2022-06-23", "2027-01-01").replace("QĐ 766", "QĐ mới")
    tables = index766.load(put(tmp_path, newer + OK))  # the order of the file does not matter
    days = (date(2022, 6, 22), date(2022, 6, 23), date(2026, 12, 31), date(2027, 1, 1))
    found = [index766.in_force(tables, day) for day in days]
    assert [table.decision if table else None for table in found] == [None, "QĐ 766", "QĐ 766", "QĐ mới"]


def test_a_group_of_another_total_says_it(tmp_path: Path) -> None:
    own = OK.replace('title = "Thanh toán"\n', 'title = "Thanh toán"\ntotal = 12.5\n').replace("= 10\n", "= 12.5\n")
    (table,) = index766.load(put(tmp_path, own))
    assert (table.total, table.item[0].weight) == (Decimal("12.5"), Decimal("12.5"))


def test_an_item_may_have_steps_or_nothing_that_stands_for_it(tmp_path: Path) -> None:
    steps = OK + "steps = [[0.5, 4], [0.9, 10]]\n"
    assert index766.load(put(tmp_path, steps))[0].item[0].steps == (
        (Decimal("0.5"), Decimal(4)),
        (Decimal("0.9"), Decimal(10)),
    )
    (none,) = index766.load(put(tmp_path, HEAD + GROUP + ITEM))[0].item
    assert (none.figure, none.survey, none.entered, none.rises) == (None, False, None, True)
    falls = OK.replace("online_payment", "late_acceptance") + "full = 0\nzero = 0.2\n"
    assert not index766.load(put(tmp_path, falls))[0].item[0].rises
    surveyed = HEAD + GROUP + ITEM + "survey = true\n"
    assert index766.load(put(tmp_path, surveyed))[0].item[0].survey
    entered = HEAD + GROUP + ITEM + 'entered = "feedback_on_time"\n'
    assert index766.load(put(tmp_path, entered))[0].item[0].entered == "feedback_on_time"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OK.replace("weight = 10", "weight = 9.5"), 'the weights of the group "payment" make 9.5, and must make 10'),
        (OK.replace('"payment"', '"fees"'), 'the group "fees" is none of the decision'),
        (OK + GROUP, 'the group "payment" is told twice'),
        (OK + ITEM, 'the item "paid" is told twice'),
        (OK.replace('group = "payment"', 'group = "paymnet"'), 'Did you mean "payment"?'),
        (OK.replace("online_payment", "online_paymnt"), 'no share is called "online_paymnt". Did you mean'),
        (OK.replace("online_payment", "received"), 'no share is called "received"'),
        (OK.replace("online_payment", "late_acceptance"), "gives points against its figure, of which lower is better"),
        (OK + "full = 0.2\nzero = 0.4\n", "gives points against its figure, of which higher is better"),
        (OK + "survey = true\n", "write one of figure, survey, entered, or none"),
        (OK + "full = 0.5\nzero = 0.5\n", "no line lies between them"),
        (OK + "full = 0.5\nsteps = [[0.5, 10]]\n", "write steps, or full and zero"),
        (OK + "steps = [[0.5, 4], [0.9, 9]]\n", "its last step gives 9 points, its weight is 10"),
        (OK + "steps = [[0.9, 4], [0.5, 10]]\n", "each step needs a higher share and more points"),
        (OK + "steps = [[0.5, 10], [0.9, 10]]\n", "each step needs a higher share and more points"),
        (OK.replace(FIGURE, 'entered = "feedback_on_tim"\n'), 'Did you mean "feedback_on_time"?'),
        (OK.replace(FIGURE, 'entered = "papi"\n'), 'the indicator "papi" is of points, not percent'),
        (OK.replace(FIGURE, 'entered = "sipas"\nfull = 0\nzero = 1\n'), "gives points against its figure"),
        (OK + OK, "two tables begin on 2022-06-23"),
        (OK.replace("weight", "wieght"), 'Did you mean "weight"?'),
        ("", '"table" is missing'),
        (OK.replace("weight = 10", "weight = -1"), "table[1].item[1].weight"),
    ],
)
def test_what_does_not_agree_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        index766.load(put(tmp_path, text))
    assert said in str(refused.value)
    assert "index766.toml" in str(refused.value)
