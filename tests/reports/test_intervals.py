"""Printed rates of few dossiers carry their interval, of very few their two counts; the word beside them says so."""

from __future__ import annotations

import pytest

from config import insight
from reports import charts
from reports.measure import Unit
from reports.slots import spoken
from tests.reports.papers import monthly, printed, weekly
from tests.reports.printed import plain
from tests.reports.province import Made

UNIT = Unit("Sở A", (), insight.load().signal)


@pytest.mark.parametrize(
    ("met", "due", "t", "chance"),
    [
        (81, 263, "30,8\u00a0%", "25,5–36,6"),  # Newcombe (1998) prints 0.2553 to 0.3662
        (20, 20, "100,0\u00a0%", "83,9–100,0"),
        (19, 19, "19/19", None),
        (398, 399, "99,7\u00a0%", "98,6–100,0"),
        (399, 400, "99,8\u00a0%", None),
        (0, 0, "—", None),
    ],
)
def test_a_printed_rate_is_worded_by_how_many_it_is_of(met: int, due: int, t: str, chance: str | None) -> None:
    told = charts._rate(UNIT, met, due, 1)
    assert (told["t"], told.get("chance")) == (t, chance)
    assert told["v"] == (met / due if due else None)


def test_the_small_line_is_explained_where_there_is_one(golden: Made) -> None:
    told = weekly(golden)
    line = "Dòng nhỏ dưới tỷ lệ: khoảng 95\u00a0%, khi có dưới 400 hồ sơ đến hạn."
    for part in (told["fields"], told["charts"]["departments"]):
        assert spoken(part["chances"], told["figures"]) == line
    papers = printed(told)
    assert papers.pdf.count(plain(line)) == papers.word.count(plain(line)) == 2
    silent = monthly(golden)
    assert all("chances" not in part for part in (silent["fields"], silent["charts"]["departments"]))
