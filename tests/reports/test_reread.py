"""A printed report is read back against its content: what its own page lacks is named, whatever else holds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from reports import reread
from tests.reports.papers import Papers, annotated, printed
from tests.reports.province import Made

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def papers(golden: Made) -> Papers:
    return printed(annotated(golden))


def _read_against(papers: Papers, change: Change) -> list[str]:
    """Read the papers against a content that says something else."""
    content = deepcopy(papers.content)
    change(content)
    assert content != papers.content
    return reread.lacking({**papers.pieces, "json": ("", json.dumps(content).encode())})


def _figure(key: str, of: str, value: Any) -> Change:
    return lambda content: content["figures"][key].update({of: value})


def _total(at: int, of: str, value: Any) -> Change:
    return lambda content: content["form"]["total"]["cells"][at].update({of: value})


def _flow(text: str) -> Change:
    section: dict[str, Any] = {"items": [{"rule": "H20", "text": text}]}
    return lambda content: next(s for s in content["message"] if s["id"] == "flow").update(section)


def _one_more_overdue(content: dict[str, Any]) -> None:
    content["tables"]["overdue"].append(content["tables"]["overdue"][0])


OF_THE_WORKBOOK = {
    "the rate": _figure("due.rate", "v", 0.8),
    "its numerator": _figure("due.rate", "n", 65),
    "its denominator": _figure("due.rate", "d", 80),
    "the stock": _figure("stock", "v", 6),
    "a column of the form's total": _total(0, "v", 1_000_000),
    "its last column": _total(-1, "v", 1_000_000),
    "one more dossier in the list": _one_more_overdue,
}
#: Each of these texts stands on page one, but not where the content says.
OF_THE_PAGES = {
    "the rate of a department": _figure("due.rate", "t", "62,5\u00a0%"),
    "the end of a fraction": _figure("due.nd", "t", "4/81"),
    "the stock before": _figure("stock", "t", "4"),
    "an age": _figure("stock.overdue_over_30", "t", "1"),
    "the rate of this week as that before": _figure("due.rate.prev", "t", "79,0\u00a0%"),
    "the rate before as the limit": _figure("due.lcl", "t", "95,0\u00a0%"),
    "another count as the received": _figure("rec", "t", "5"),
    "another column of the form's total": _total(0, "t", "5"),
    "another than its last column": _total(-1, "t", "81"),
    "the caveat": _figure("sender.why", "t", "số liệu"),
}


@pytest.mark.parametrize("what", OF_THE_WORKBOOK)
def test_a_value_that_the_workbook_lacks_is_named(papers: Papers, what: str) -> None:
    lacking = _read_against(papers, OF_THE_WORKBOOK[what])
    assert len(lacking) == 1
    assert lacking[0].endswith(" (xlsx)")


@pytest.mark.parametrize("what", OF_THE_PAGES)
def test_a_line_that_paper_and_word_lack_is_named(papers: Papers, what: str) -> None:
    forms = {line.rpartition(" ")[2] for line in _read_against(papers, OF_THE_PAGES[what])}
    assert forms == {"(pdf)", "(docx)"}


def test_what_stands_behind_page_one_alone_is_not_on_it(papers: Papers) -> None:
    behind = papers.content["fields"]["title"]
    assert _read_against(papers, _flow("Sở Xây dựng")) == []
    assert _read_against(papers, _flow(behind)) == [f"{behind} (docx)", f"{behind} (pdf)"]


@pytest.mark.parametrize(
    "part", ["4/81 hồ sơ có ngày hẹn trả", "Đúng hạn theo ngày hẹn trả 79", "trả 79,0\u00a0% 64/8"]
)
def test_a_part_of_a_longer_number_is_not_that_number(papers: Papers, part: str) -> None:
    assert _read_against(papers, _flow(part)) == [f"{part} (docx)", f"{part} (pdf)"]
