"""config/report.toml: what an office may write there, and what it is told when it writes something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.place import SHIPPED
from config.report import load


def test_the_shipped_settings_are_read() -> None:
    told = load()
    assert told.letterhead.symbol == "BC-TTPVHCC"
    assert told.friday.week_starts == "friday"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('place = "Minh Sơn"', 'plase = "Minh Sơn"', "place"),
        ("answer_within = 5 ", "answer_within = 0 ", "friday.answer_within"),
        ('week_starts = "friday" ', 'week_starts = "sunday" ', "friday.week_starts"),
        ('place = "Minh Sơn"', 'place = ""', "letterhead.place"),
    ],
)
def test_a_wrong_setting_names_its_place(tmp_path: Path, was: str, now: str, says: str) -> None:
    text = (SHIPPED / "report.toml").read_text(encoding="utf-8")
    assert was in text
    file = tmp_path / "report.toml"
    file.write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        load(file)
