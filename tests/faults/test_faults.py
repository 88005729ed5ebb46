"""The small version of ``make faults``: what needs no root and no long time; and that its counting counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.conftest import do_without
from tests.faults import dashboards, database, disk, leader, marks, parts
from tests.faults.everything import apart
from tests.faults.house import OPENED, House, Street, street
from tests.faults.tally import Tally, row, table
from tests.faults.truth import everything
from tests.furnished import TO

FRIDAY = OPENED + timedelta(days=4)


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest) -> Iterator[Street]:
    """A server of PostgreSQL, what brings workers and dashboards up, and one house that is broken again and again, in
    the order of this file."""
    try:
        with street(size=0.01, past=60) as opened, opened.house("every fault") as house:
            opened.only = house
            yield opened
    except ImportError:
        do_without(request, "no PostgreSQL was found (install the test requirements).")


@pytest.mark.slow
def test_postgresql_is_restarted_while_a_source_is_read_and_one_worker_goes_on_leading(town: Street) -> None:
    assert database.survive(town, restarts=2, pages=False).wrong == []


@pytest.mark.slow
def test_a_leader_killed_over_a_letter_is_followed_by_the_one_that_waits(town: Street) -> None:
    assert leader.survive(town, (marks.MAIL,), rounds=1).wrong == []


@pytest.mark.slow
def test_readers_of_a_dashboard_that_is_killed_have_their_figures_at_the_other_one(town: Street) -> None:
    assert dashboards.survive(town, readers=3, points=(marks.PAGE,)).wrong == []


@pytest.mark.slow
def test_a_damaged_snapshot_is_made_again_byte_for_byte(town: Street) -> None:
    assert parts.survive(town, times=0).wrong == []


@pytest.mark.slow
def test_what_is_lost_or_doubled_is_counted(town: Street) -> None:
    with town.house("counted") as house:
        worker = house.worker()
        if house.now < FRIDAY:
            house.read_before(FRIDAY)
        house.settle()
        house.end(worker)
        assert _told(house).wrong == []
        came = house.box.came[:]
        letter = next(one for one in came if one[0] in TO)
        house.box.came.append(letter)
        assert [len(_told(house).lost), len(_told(house).doubled)] == [0, 1]
        house.box.came[:] = [one for one in came if one is not letter]
        assert [len(_told(house).lost), len(_told(house).doubled)] == [1, 0]
        house.box.came[:] = came
        house.set_clock(OPENED + timedelta(days=11))
        late = _told(house)
        kinds = {what.split()[0] for what in late.lost + late.doubled}
        assert kinds == {"dossier", "figure", "report"}


def _told(house: House) -> Tally:
    tally = Tally("told", ())
    everything(house, tally)
    return tally


def test_a_point_that_was_never_hit_is_a_failure() -> None:
    tally = Tally("fault", ("here", "there"))
    tally.hit("here")
    assert tally.wrong == ["fault: never hit: there"]
    tally.hit("there")
    tally.lost.append("a letter")
    assert tally.wrong == ["fault: lost: a letter"]
    assert table([tally]).splitlines()[-1] == "| fault | 2 | here 1, there 1 | 1 | 0 | - |"


def test_two_houses_that_differ_are_told_apart_value_by_value() -> None:
    here = {"figures": {"due": 3}, "reports": [{"number": 1, "texts": ["a", "b"]}], "mails": [1]}
    assert list(apart(here, json.loads(json.dumps(here)))) == []
    there = {"figures": {"due": 4}, "reports": [{"number": 1, "texts": ["a", "c"]}], "mails": [1, 1]}
    assert list(apart(here, there)) == [
        ("figures.due", "3", "4"), ("reports[0].texts[1]", "b", "c"), ("mails", "[1]", "[1, 1]"),
    ]  # fmt: skip
    assert list(apart(here, here | {"new": None})) == [("new", "(nothing)", "None")]


def test_who_is_not_root_is_told_why_no_disk_was_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    tally = disk.survive(Street(*[None] * 4))  # type: ignore[arg-type]  # nothing is opened
    assert tally.wrong == []
    assert "not tried: only root may mount a small disk" in row(tally)
