"""The way of a dossier through its steps, by days worked out by hand; and whatever the way, no minute is lost."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from metrics import rulebook
from metrics.visit_times import KINDS, timed
from metrics.visits import VISITS, WAY, visits, ways
from store.observed import STEPS

ZONE = "Asia/Ho_Chi_Minh"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # of minutes of local time
TIME = rulebook.load().time
#: Monday; 07:30–11:30 and 13:00–17:00 are worked.
MONDAY = datetime(2026, 11, 16, tzinfo=ZoneInfo(ZONE))
NO_HALTS = pl.DataFrame(schema={"id": pl.UInt32, "from_minute": pl.Int32, "to_minute": pl.Int32})
_LIFE: dict[str, Any] = {
    "id": pl.UInt32, "department": pl.String, "begin_at": pl.Datetime("us", "UTC"), "end_at": pl.Datetime("us", "UTC"),
    "ended": pl.Boolean, "way": WAY, "steps": STEPS,
}  # fmt: skip


def at(day: int, clock: str = "08:00") -> datetime:
    """Give a moment of the week of MONDAY (day 0)."""
    told = time.fromisoformat(clock)
    return MONDAY + timedelta(days=day, hours=told.hour, minutes=told.minute)


def step(
    name: str, begun: datetime | None, done: datetime | None, who: str | None = "cb-1", unit: str | None = None
) -> dict[str, Any]:
    return {"step": name, "handler": who, "unit": unit, "started_at": begun, "ended_at": done}


def life(begin: datetime, end: datetime, *way: dict[str, Any], ended: bool = True, number: int = 0) -> dict[str, Any]:
    return {
        "id": number, "department": "Sở Y tế", "begin_at": begin, "end_at": end, "ended": ended,
        "way": list(way) or None, "steps": None,
    }  # fmt: skip


def laid(*lives: dict[str, Any], **more: Any) -> pl.DataFrame:
    return visits(pl.DataFrame(list(lives), schema=_LIFE), ZONE, **more)


def clocked(*lives: dict[str, Any], halts: pl.DataFrame = NO_HALTS) -> pl.DataFrame:
    return timed(laid(*lives).with_columns(department_own=pl.lit("Sở Y tế")), halts, TIME)


def told(rows: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return rows.select(columns).rows()


def halted(*spans: tuple[datetime, datetime | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"id": 0, "from_minute": _local(a), "to_minute": b and _local(b)} for a, b in spans], schema=NO_HALTS.schema
    )


def _local(moment: datetime) -> int:
    return int((moment.replace(tzinfo=UTC) - EPOCH).total_seconds() // 60)


def test_waiting_runs_to_the_beginning_of_a_step_and_holding_to_its_end() -> None:
    """Received Monday 08:00; appraised from 09:00 to Tuesday 08:30 (5.5 + 1 h... of work), signed from 10:00 to 11:00.

    Monday 09:00–11:30 and 13:00–17:00 are 6.5 h, Tuesday 07:30–08:30 one more: 7.5 h held. Then 1.5 h of waiting.
    """
    one = life(
        at(0), at(1, "11:00"),
        step("Thẩm định", at(0, "09:00"), at(1, "08:30")), step("Ký", at(1, "10:00"), at(1, "11:00"), "cb-2"),
    )  # fmt: skip
    assert told(clocked(one), "step", *KINDS) == [("Thẩm định", 60, 450, 0, 0), ("Ký", 90, 60, 0, 0)]


def test_what_was_begun_and_names_nobody_waited() -> None:
    one = life(at(0), at(0, "11:00"), step("Thẩm định", at(0, "09:00"), at(0, "11:00"), None))
    assert told(clocked(one), *KINDS) == [(180, 0, 0, 0)]


def test_of_a_step_told_only_when_it_was_done_waiting_and_holding_are_not_told_apart() -> None:
    one = life(at(0), at(0, "11:00"), step("Thẩm định", None, at(0, "10:00")), step("Ký", None, at(0, "11:00")))
    assert told(clocked(one), "step", *KINDS) == [("Thẩm định", 0, 0, 120, 0), ("Ký", 0, 0, 60, 0)]


def test_what_stood_is_apart_and_on_whichever_side_of_the_beginning_it_lay() -> None:
    one = life(at(0), at(0, "11:00"), step("Thẩm định", at(0, "09:00"), at(0, "11:00")))
    stood = halted((at(0, "08:30"), at(0, "09:30")), (at(0, "09:15"), at(0, "10:00")))
    assert told(clocked(one, halts=stood), *KINDS) == [(30, 60, 0, 90)]
    forever = halted((at(0, "10:30"), None))
    assert told(clocked(one, halts=forever), *KINDS) == [(60, 90, 0, 30)]


def test_an_instant_with_two_steps_counts_once_for_the_earlier() -> None:
    one = life(at(0), at(0, "11:00"), step("A", at(0), at(0, "10:00")), step("B", at(0, "09:00"), at(0, "11:00")))
    assert told(clocked(one), "step", *KINDS) == [("A", 0, 120, 0, 0), ("B", 0, 60, 0, 0)]


def test_time_after_the_last_step_is_waited_for_a_step_that_nobody_told_of() -> None:
    one = life(at(0), at(0, "11:00"), step("A", at(0), at(0, "10:00")))
    assert told(clocked(one), "step", "unit", "after", *KINDS) == [
        ("A", "Sở Y tế", False, 0, 120, 0, 0), ("A", "Sở Y tế", True, 60, 0, 0, 0),
    ]  # fmt: skip


def test_a_step_that_has_not_ended_runs_while_its_dossier_does() -> None:
    open_ = life(at(0), at(0, "11:00"), step("A", at(0), None), ended=False)
    closed = life(at(0), at(0, "11:00"), step("A", at(0), None))
    left = life(at(0), at(0, "11:00"), step("A", at(0), None), step("B", at(0, "09:00"), None), ended=False)
    assert told(laid(open_), "running") == [(True,)]
    assert told(laid(closed), "running") == [(False,)]
    assert told(clocked(left), "step", "running", "holding") == [("A", False, 60), ("B", True, 120)]


def test_steps_outside_a_life_take_none_of_its_time() -> None:
    one = life(
        at(0), at(0, "11:00"), step("Tiếp nhận", at(-3), at(0)), step("A", at(0), at(0, "11:00")),
        step("Trả kết quả", at(0, "11:00"), at(2)),
    )  # fmt: skip
    rows = clocked(one)
    assert told(rows, "step", "inside", "holding") == [
        ("Tiếp nhận", False, 0), ("A", True, 180), ("Trả kết quả", False, 0),
    ]  # fmt: skip


def test_a_way_back_is_a_loop_and_the_next_officer_at_the_same_step_is_none() -> None:
    one = life(
        at(0), at(0, "16:00"), step("A", at(0), at(0, "09:00")), step("A", at(0, "09:00"), at(0, "10:00"), "cb-2"),
        step("B", at(0, "10:00"), at(0, "11:00"), "cb-2"), step("A", at(0, "13:00"), at(0, "16:00")),
    )  # fmt: skip
    rows = laid(one)
    assert told(rows, "turn", "again", "handed") == [
        (True, False, False), (False, False, True), (True, False, False), (True, True, True),
    ]  # fmt: skip
    assert told(ways(rows), "way", "turns", "loops", "hands", "units") == [("A › B › A", 3, 1, 2, 0)]


def test_a_step_entered_again_under_another_name_is_entered_again() -> None:
    one = life(
        at(0), at(0, "11:00"), step("Thẩm định", at(0), at(0, "09:00")), step("Chờ", at(0, "09:00"), at(0, "10:00")),
        step("Thẩm định lại", at(0, "10:00"), at(0, "11:00")),
    )  # fmt: skip
    assert ways(laid(one))["loops"].to_list() == [0]
    known = ways(laid(one, same={"Thẩm định lại": "Thẩm định"}))
    assert told(known, "way", "loops") == [("Thẩm định › Chờ › Thẩm định lại", 1)]


def test_another_unit_is_one_that_the_register_knows_and_a_room_is_none() -> None:
    one = life(
        at(0), at(0, "11:00"), step("A", at(0), at(0, "09:00"), unit="Phòng 3"),
        step("B", at(0, "09:00"), at(0, "10:00"), unit="H05"),
        step("C", at(0, "10:00"), at(0, "11:00"), unit="Phòng 4"),
    )  # fmt: skip
    rows = laid(one, units={"H05": "Sở Xây dựng"})
    assert told(rows, "unit", "elsewhere") == [("Sở Y tế", False), ("Sở Xây dựng", True), ("Sở Y tế", True)]


def test_steps_that_were_only_seen_last_until_another_is_seen_and_nobody_saw_what_was_before() -> None:
    seen = life(at(0), at(0, "11:00")) | {
        "way": None, "steps": [{"step": "A", "handler": "cb-1", "at": at(0, "09:00")},
                               {"step": "B", "handler": None, "at": at(0, "10:00")}],
    }  # fmt: skip
    assert told(clocked(seen), "step", "told", *KINDS) == [
        (None, False, 0, 0, 60, 0), ("A", False, 0, 60, 0, 0), ("B", False, 60, 0, 0, 0),
    ]  # fmt: skip


def test_dossiers_behind_each_other_do_not_touch() -> None:
    first = life(at(0), at(2), step("A", at(0), at(2)))
    second = life(at(0), at(1), step("A", at(0), at(1)), number=1)
    rows = laid(first, second)
    assert told(rows, "id", "turn", "again", "handed") == [(0, True, False, False), (1, True, False, False)]
    assert rows["cut"][1] == rows["cut"][0]


_HOURS = some.integers(-30, 240)
_LASTING = some.integers(0, 6000)


@some.composite
def _lives(draw: some.DrawFn) -> tuple[dict[str, Any], list[tuple[datetime, datetime | None]]]:
    """Draw a dossier of any way, sound or not, and the times in which its clock stood."""
    begin = at(0) + timedelta(minutes=draw(some.integers(0, 3000)))
    end = begin + timedelta(minutes=draw(some.integers(0, 20_000)))
    way = []
    for _ in range(draw(some.integers(1, 7))):
        begun = draw(some.none() | _HOURS)
        done = draw(_HOURS if begun is None else some.none() | _HOURS)
        first, last = (None if n is None else begin + timedelta(minutes=37 * n) for n in (begun, done))
        way.append(step(draw(some.sampled_from("ABC")), first, last, draw(some.sampled_from((None, "cb-1", "cb-2")))))
    way.sort(key=lambda each: each["started_at"] or each["ended_at"])
    stood: list[tuple[datetime, datetime | None]] = []
    for _ in range(draw(some.integers(0, 3))):
        since, lasted = begin + timedelta(minutes=draw(some.integers(-2000, 12_000))), draw(some.none() | _LASTING)
        stood.append((since, None if lasted is None else since + timedelta(minutes=lasted)))
    return life(begin, end, *way, ended=draw(some.booleans())), stood


@given(_lives())
def test_waiting_holding_and_suspended_are_the_whole_life_in_working_time(
    drawn: tuple[dict[str, Any], list[tuple[datetime, datetime | None]]],
) -> None:
    one, stood = drawn
    rows = clocked(one, halts=halted(*stood))
    assert rows.select(pl.sum_horizontal(KINDS).sum()).item() == _worked(one["begin_at"], one["end_at"])
    assert rows.select(pl.min_horizontal(KINDS).min()).item() >= 0


@given(_lives())
def test_it_is_as_the_slow_twin_counts_minute_by_minute(
    drawn: tuple[dict[str, Any], list[tuple[datetime, datetime | None]]],
) -> None:
    one, stood = drawn
    rows = clocked(one, halts=halted(*stood))
    assert [tuple(row) for row in rows.select(KINDS).rows()] == _slow(one, stood)


def _worked(begin: datetime, end: datetime) -> int:
    return sum(_minutes(begin, end))


def _minutes(begin: datetime, end: datetime) -> list[bool]:
    first, last = _local(begin), _local(end)
    return [_works(n) for n in range(first, last)]


def _works(minute: int) -> bool:
    moment = EPOCH + timedelta(minutes=minute)
    return TIME.calendar.opens(moment.date()) and (450 <= minute % 1440 < 690 or 780 <= minute % 1440 < 1020)


def _slow(one: dict[str, Any], stood: list[tuple[datetime, datetime | None]]) -> list[tuple[int, int, int, int]]:
    """Walk through the minutes of a life one by one and put each with the visit it belongs to."""
    begin, end = _local(one["begin_at"]), _local(one["end_at"])
    way = one["way"]
    found = [[0, 0, 0, 0] for _ in range(len(way) + 1)]
    marks = [_local(each["started_at"] or each["ended_at"]) for each in way]
    stops = []
    for n, each in enumerate(way):
        stop = _local(each["ended_at"]) if each["ended_at"] else (marks[n + 1] if n + 1 < len(way) else end)
        stops.append(max(stop, _local(each["started_at"])) if each["started_at"] else stop)
    for minute in range(begin, end):
        owner = next((n for n, stop in enumerate(stops) if stop > minute), len(way))
        if not _works(minute):
            continue
        if any(_local(a) <= minute and (b is None or minute < _local(b)) for a, b in stood):
            kind = 3
        elif owner == len(way):
            kind = 0
        elif way[owner]["started_at"] is None:
            kind = 2
        else:
            begun = minute >= _local(way[owner]["started_at"]) and way[owner]["handler"] is not None
            kind = 1 if begun else 0
        found[owner][kind] += 1
    rest = max([*stops, begin]) < end
    return [(a, b, c, d) for a, b, c, d in (found if rest else found[:-1])]


def test_visits_have_the_columns_they_are_said_to_have() -> None:
    assert laid(life(at(0), at(1), step("A", at(0), at(1)))).schema == VISITS


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "UTC"])
def test_minutes_are_those_of_the_source_s_own_clock(zone: str) -> None:
    one = pl.DataFrame([life(at(0), at(0, "11:00"), step("A", at(0), at(0, "11:00")))], schema=_LIFE)
    here = at(0).astimezone(ZoneInfo(zone))
    assert visits(one, zone)["cut"].to_list() == [_local(here)]
