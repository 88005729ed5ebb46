"""What the marks find of what was planted: a small `ra-soat`, read every evening (docs/evidence.md has the large one).

The bounds are those of the large measurement less what chance takes of a third of its dossiers: of 40 planted, three
standard deviations of a share of nine in ten are fourteen points.
"""

from __future__ import annotations

import pytest

from benchmarks import evidence_integrity
from benchmarks.evidence_integrity import Found
from metrics.integrity import Flag
from store.database import open_store

ROWS = 15_000
#: Mark → the least share of the planted that is found, and the largest share of the others that is marked.
BOUNDS = {
    Flag.MOVED: (0.85, 0.0005), Flag.SEEN_OPEN: (0.55, 0.012), Flag.PAUSED: (0.65, 0.002),
    Flag.LATE_LETTER: (0.9, 0.01), Flag.AGAIN: (0.85, 0.01), Flag.BACK: (0.6, 0.0005),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    home = tmp_path_factory.mktemp("planted")
    store = open_store(f"sqlite:///{home / 'planted.sqlite'}", home=home)
    try:
        return {one.mark: one for one in evidence_integrity.planted(store, "ra-soat", rows=ROWS, every=1)}
    finally:
        store.engine.dispose()


@pytest.mark.parametrize("flag", BOUNDS)
def test_a_mark_finds_what_was_planted_and_little_else(found: dict[str, Found], flag: Flag) -> None:
    least, most = BOUNDS[flag]
    one = found[flag]
    assert one.planted >= 30
    assert one.detected >= least, one
    assert one.wrongly <= most, one


def test_of_those_that_the_finish_keeps_in_time_fewer_are_marked_falsely(found: dict[str, Found]) -> None:
    every, kept = found[Flag.SEEN_OPEN], found[f"{Flag.SEEN_OPEN}, in time by it"]
    assert kept.hits >= 0.95 * every.hits
    assert kept.false <= every.false / 2


def test_no_honest_group_is_marked(found: dict[str, Found]) -> None:
    """Small as they are here, most planted groups stay below what can be told from chance; none is marked falsely."""
    assert [found[flag].false for flag in (Flag.BUNCHED, Flag.EVENING, Flag.PEAK, Flag.WITHDRAWN, Flag.NIGHT)] == [
        0
    ] * 5
    assert found[Flag.WITHDRAWN].hits >= 1


def test_the_hour_tells_most_groups_that_write_back_also_of_short_promises(found: dict[str, Found]) -> None:
    """What is written back onto the due day is entered at its end here, as `connectors/simulator` has it."""
    evening, by_days = found[Flag.EVENING], found[Flag.BUNCHED]
    assert evening.planted > by_days.planted
    assert evening.detected >= 0.6 > by_days.detected


def test_honest_offices_that_take_the_nearest_due_day_first_seldom_crowd_at_its_end() -> None:
    marked = {flag: (tested, n) for flag, tested, n in evidence_integrity.crowds("qua-tai", (1, 2))}
    tested, n = marked[Flag.EVENING]
    assert tested >= 3
    assert n == 0


def test_the_lines_of_evidence_name_every_mark(found: dict[str, Found]) -> None:
    said = "\n".join(evidence_integrity.lines(list(found.values())))
    assert all(f"| {flag}" in said for flag in Flag)
