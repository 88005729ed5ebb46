"""The centre's criteria: dated, with one bound each, and silent where there is too little to say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config import officers
from config.errors import ConfigError

ONE = """
[[criterion]]
id = "buoc"
from = 2026-01-01
figure = "late_share"
days = 30
at_most = 0.05
least_n = 20
title = "Trễ hạn bước không quá 5 %"
basis = "QĐ 1"
"""
NEWER = ONE.replace("2026-01-01", "2026-07-01").replace("0.05", "0.03")


def put(folder: Path, text: str) -> Path:
    file = folder / "officers.toml"
    file.write_text(text, encoding="utf-8")
    officers._load.cache_clear()
    return file


def test_none_is_shipped() -> None:
    assert officers.load() == ()


def test_a_criterion_holds_from_its_day_until_the_next_or_its_end(tmp_path: Path) -> None:
    ended = NEWER.replace("2026-07-01", "2026-10-01") + "retired = true\n"
    told = officers.load(put(tmp_path, ended + NEWER + ONE))
    found = {day: [each.at_most for each in officers.in_force(told, day)]
             for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1), date(2026, 10, 1))}  # fmt: skip
    assert list(found.values()) == [[], [0.05], [0.03], []]


def test_a_value_at_the_bound_keeps_to_it_and_few_steps_say_nothing(tmp_path: Path) -> None:
    (most,) = officers.load(put(tmp_path, ONE))
    assert [most.met(value, 20) for value in (0.05, 0.051, None)] == [True, False, None]
    assert most.met(0.0, 19) is None
    (least,) = officers.load(
        put(tmp_path, ONE.replace("at_most = 0.05", "at_least = 3").replace("late_share", "handled"))
    )
    assert [least.met(value, 20) for value in (3, 2)] == [True, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE + ONE, 'the criterion "buoc" is told twice from 2026-01-01'),
        (ONE.replace("at_most = 0.05\n", ""), "write `at_most` or `at_least`"),
        (ONE + "at_least = 0.01\n", "write `at_most` or `at_least`"),
        (ONE.replace("0.05", "5.0"), "write 5 % as 0.05"),
        (ONE.replace("late_share", "late_shares"), 'Did you mean "late_share"?'),
        (ONE.replace("least_n", "leastn"), 'Did you mean "least_n"?'),
        (ONE.replace("days = 30", "days = 400"), "less than or equal to 92"),
        (ONE.replace('basis = "QĐ 1"', ""), '"criterion[1].basis" is missing'),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    file = put(tmp_path, text)
    with pytest.raises(ConfigError) as wrong:
        officers.load(file)
    assert wrong.value.place == str(file)
    assert said in wrong.value.found
