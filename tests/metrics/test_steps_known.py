"""Of a past evening only those steps are known that the source had told by then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from metrics.evenings import evenings, lives
from metrics.steps_known import done, with_done, without_history
from metrics.visits import WAY
from tests.metrics.risks import CALENDAR, at, facts

# 2/3/2026 is a Monday.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, n) for n in range(2, 7))
NEXT_FRIDAY = date(2026, 3, 13)
LIFE = {"received_on": MONDAY, "due_on": NEXT_FRIDAY, "closed_on": date(2026, 3, 12)}


def visit(step: str | None, began: datetime | None, ended: datetime | None) -> dict[str, Any]:
    return {"step": step, "handler": "cb-1", "unit": None, "started_at": began, "ended_at": ended}


def morning(day: date, hour: int = 3) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def ways(*told: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [{"source": "s", "code": f"d{n}", "way": way} for n, way in enumerate(told)]
    return pl.DataFrame(rows, schema={"source": pl.String, "code": pl.String, "way": WAY})


def test_a_step_is_known_from_its_end_though_its_beginning_is_told_beside_it() -> None:
    told = ways([visit("Thẩm định", morning(TUESDAY), morning(THURSDAY)), visit("Tiếp nhận", None, morning(TUESDAY))])
    rows = with_done(facts([LIFE]), done(told, "Asia/Ho_Chi_Minh"), ["s"])
    found = evenings(lives(rows, CALENDAR), [MONDAY, TUESDAY, WEDNESDAY, THURSDAY]).rows
    assert found["step"].to_list() == [None, "sau Tiếp nhận", "sau Tiếp nhận", "sau Thẩm định"]


def test_an_end_falls_on_the_day_of_its_own_place() -> None:
    """23:00 in London of Tuesday is Wednesday in Việt Nam."""
    told = ways([visit("A", None, morning(MONDAY)), visit("B", None, morning(TUESDAY, 23))])
    days = [TUESDAY, WEDNESDAY]
    for zone, steps in (("Asia/Ho_Chi_Minh", ["sau A", "sau B"]), ("Europe/London", ["sau B", "sau B"])):
        rows = with_done(facts([LIFE]), done(told, zone), ["s"])
        assert evenings(lives(rows, CALENDAR), days).rows["step"].to_list() == steps


def test_what_has_not_ended_or_has_no_name_is_none() -> None:
    told = ways([visit("A", morning(MONDAY), None), visit(None, None, morning(MONDAY))])
    assert done(told, "Asia/Ho_Chi_Minh").is_empty()


def test_steps_that_begin_are_left_to_the_sources_that_tell_them() -> None:
    began = [at(MONDAY, "Tiếp nhận"), at(TUESDAY, "Thẩm định")]
    rows = facts([{**LIFE, "source": "s"}, {**LIFE, "source": "t", "steps": began}, {**LIFE, "source": "u"}])
    assert without_history(rows) == ["s", "u"]
    told = ways([visit("A", None, morning(MONDAY)), visit("B", None, morning(TUESDAY))])
    found = with_done(rows, done(told, "Asia/Ho_Chi_Minh"), ["s", "u"])
    steps = [[one["step"] for one in row or []] for row in found["steps"].to_list()]
    assert steps == [["sau A", "sau B"], ["Tiếp nhận", "Thẩm định"], []]


def test_a_source_of_open_dossiers_alone_has_no_history() -> None:
    still = {"received_on": MONDAY, "due_on": NEXT_FRIDAY, "steps": [at(MONDAY, "A"), at(TUESDAY, "B")]}
    assert without_history(facts([still])) == ["s"]
    assert without_history(facts([])) == []
