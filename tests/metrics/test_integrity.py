"""Marks for checking: each by dates worked out by hand, beside the same with an innocent reading that is not marked.

Received Mon 2/3/2026, ten working days: due Mon 16/3. The days before it: Fri 13/3, Thu 12/3.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.insight import Insight
from metrics import integrity, integrity_closings, integrity_promises, rulebook
from metrics.clocks import HALTS
from metrics.integrity import Flag
from metrics.verdicts import MOVES

BY = Insight().integrity
SIGNAL = Insight().signal
FIRST, AS_OF = date(2026, 1, 1), date(2026, 6, 30)
SCHEMA: Any = {
    "source": pl.String, "code": pl.String, "department": pl.String, "department_own": pl.String, "field": pl.String,
    "procedure": pl.String, "status": pl.String, "received_on": pl.Date, "closed_on": pl.Date, "first_due_on": pl.Date,
    "due_on": pl.Date, "moves": MOVES, "halts": HALTS, "with_result": pl.Boolean, "closed_local": pl.Datetime("us"),
}  # fmt: skip
Row = dict[str, Any]


def on(day: int, month: int = 3) -> date:
    return date(2026, month, day)


def row(code: str, **told: Any) -> Row:
    plain = {
        "source": "s", "code": code, "department": "Sở A", "department_own": "Sở A", "field": "F", "procedure": "P",
        "status": "processing", "received_on": on(2), "first_due_on": on(16), "due_on": on(16), "with_result": False,
    }  # fmt: skip
    return plain | told


def rows(*told: Row) -> pl.DataFrame:
    return pl.DataFrame(list(told), schema=SCHEMA)


def move(day: date, due: date, kind: str, verdict: str = "counts") -> Row:
    return {"on": day, "due_on": due, "kind": kind, "verdict": verdict}


def marked(found: integrity_promises.Found) -> list[Row]:
    return found["marks"].sort("code").to_dicts()


def moved(frame: pl.DataFrame, **by: Any) -> integrity_promises.Found:
    calendar = rulebook.load().calendar
    return integrity_promises.moved(
        frame, integrity_promises.moves_of(frame), FIRST, calendar, BY.model_copy(update=by)
    )


# ---------- promises ----------


def test_a_due_day_that_moved_without_a_form_is_marked_and_one_with_a_form_is_not() -> None:
    silent = row("silent", moves=[move(on(10), on(20), "unexplained")])
    told = row("told", moves=[move(on(10), on(20), "extension")])
    answered = row("answered", moves=[move(on(10), on(19), "return")])
    (found,) = marked(moved(rows(silent, told, answered, row("calm"))))
    assert (found["code"], found["day"], found["from_on"], found["to_on"], found["days"], found["kind"]) == (
        "silent", on(10), on(16), on(20), 4, "counts",
    )  # fmt: skip


def test_put_off_and_put_back_was_moved_twice_and_the_last_is_told() -> None:
    twice = [move(on(10), on(20), "unexplained"), move(on(12), on(16), "unexplained")]
    told = row("told", moves=[move(on(10), on(20), "extension")])
    (found,) = marked(moved(rows(row("a", moves=twice), told)))
    assert (found["day"], found["from_on"], found["to_on"], found["days"], found["n"]) == (
        on(12),
        on(20),
        on(16),
        -4,
        2,
    )


def test_a_source_that_tells_no_forms_is_not_marked_for_their_absence() -> None:
    silent = [row(str(n), moves=[move(on(10), on(20), "unexplained")]) for n in range(30)]
    found = moved(rows(*silent))
    assert (marked(found), found["quiet"].row(0)) == ([], ("due_moved", "s", "no_forms"))
    told = [row(f"t{n}", moves=[move(on(10), on(20), "extension")]) for n in range(2)]
    assert moved(rows(*silent, *told))["marks"].height == 30  # 2 of 32: more than one in twenty


def test_of_a_move_before_the_time_looked_back_on_nothing_is_said() -> None:
    old = row("old", received_on=on(1, 12).replace(year=2025), moves=[
        move(date(2025, 12, 30), on(20), "unexplained"), move(date(2025, 12, 30), on(21), "extension")])  # fmt: skip
    assert marked(moved(rows(old))) == []


def paused(frame: pl.DataFrame) -> integrity_promises.Found:
    calendar = rulebook.load().calendar
    return integrity_promises.paused(frame, integrity_promises.moves_of(frame), FIRST, calendar, BY)


def halt(begun: date, ended: date | None, kind: str = "supplement") -> Row:
    return {"kind": kind, "from_on": begun, "to_on": ended, "notice": None}


def test_a_clock_stopped_on_the_day_before_is_marked_and_two_days_before_is_not() -> None:
    """Friday 13/3 is the working day before Monday 16/3; Thursday 12/3 leaves two."""
    told = [row("day before", halts=[halt(on(13), on(20))]), row("due day", halts=[halt(on(16), None)]),
            row("earlier", halts=[halt(on(12), on(20))]), row("late", halts=[halt(on(17), None)])]  # fmt: skip
    found = paused(rows(*told))
    assert [(m["code"], m["days"], m["from_on"], m["to_on"]) for m in marked(found)] == [
        ("day before", 1, on(16), on(20)), ("due day", 0, on(16), None),
    ]  # fmt: skip
    # Three stood in the promise; spread evenly over 0 … 10 days left, two of eleven each.
    assert found["looked"].row(0)[2:] == (3, pytest.approx(3 * 2 / 11))


def test_the_due_day_in_force_is_what_counts() -> None:
    """Extended on 10/3 to 24/3: a stop on 13/3 leaves seven working days, one on 23/3 leaves one."""
    extended = [move(on(10), on(24), "extension")]
    told = [row("early", moves=extended, halts=[halt(on(13), on(20))]),
            row("near", moves=extended, halts=[halt(on(23), on(30))])]  # fmt: skip
    assert [m["code"] for m in marked(paused(rows(*told)))] == ["near"]


def test_the_whole_of_a_short_promise_lies_near_its_end() -> None:
    short = row("short", first_due_on=on(5), due_on=on(5), halts=[halt(on(4), on(9))])
    found = paused(rows(short))
    assert (marked(found), found["looked"].height) == ([], 0)


def test_a_letter_after_the_due_day_and_a_second_one_are_two_marks() -> None:
    late = row("late", moves=[move(on(18), on(25), "extension", "late_notice")])
    on_the_day = row("on the day", moves=[move(on(16), on(25), "extension", "late_notice")])
    both = [move(on(10), on(20), "extension"), move(on(18), on(27), "extension", "one_letter_too_many")]
    copied = [move(on(10), on(20), "extension"), move(on(11), on(20), "extension", "one_letter_too_many")]
    frame = rows(late, on_the_day, row("again", moves=both), row("copied", moves=copied))
    behind, again = integrity_promises.extended(integrity_promises.moves_of(frame), FIRST, rulebook.load().calendar)
    (first,) = marked(behind)
    assert (first["code"], first["from_on"], first["to_on"], first["days"]) == ("late", on(16), on(25), 2)
    (second,) = marked(again)
    assert (second["code"], second["n"], second["from_on"], second["to_on"], second["days"]) == (
        "again", 2, on(16), on(27), 9,
    )  # fmt: skip
    assert behind["looked"]["whole"].sum() == 4


# ---------- closings ----------


def closed(code: str, day: date, status: str = "resolved", **told: Any) -> Row:
    return row(code, closed_on=day, status=status, with_result=status == "resolved", **told)


def weekly(counts: list[tuple[int, int]]) -> pl.DataFrame:
    """Make a department's weeks: so many withdrawn, of so many closed, from Monday 5/1/2026 on."""
    told = []
    for week, (gone, whole) in enumerate(counts):
        day = date.fromordinal(date(2026, 1, 5).toordinal() + 7 * week)
        told += [closed(f"{week}-{n}", day, "withdrawn" if n < gone else "resolved") for n in range(whole)]
    return rows(*told)


def test_a_week_far_above_its_own_weeks_is_a_peak_and_small_ones_are_none() -> None:
    usual = [(2, 100), (1, 100), (3, 100), (2, 100)] * 3
    found = integrity_closings.peaks(weekly([*usual, (15, 100)]), FIRST, AS_OF, BY, SIGNAL)
    (peak,) = found["cells"].filter("marked").to_dicts()
    assert (peak["n"], peak["whole"], peak["from_on"], peak["to_on"]) == (15, 100, date(2026, 3, 30), date(2026, 4, 5))
    assert peak["expected"] == pytest.approx(2.0)  # 24 of 1,200 in the twelve weeks before
    assert found["marks"].height == 15
    calm = integrity_closings.peaks(weekly([*usual, (4, 100)]), FIRST, AS_OF, BY, SIGNAL)
    assert (calm["cells"]["marked"].any(), calm["marks"].height) == (False, 0)


def test_weeks_before_the_time_looked_back_on_are_only_compared_with() -> None:
    frame = weekly([(2, 100)] * 10 + [(15, 100), (2, 100), (15, 100)])
    found = integrity_closings.peaks(frame, date(2026, 3, 30), AS_OF, BY, SIGNAL)
    assert found["cells"]["from_on"].to_list() == [date(2026, 3, 30)]
    assert found["cells"]["marked"].to_list() == [True]  # the peak before it hides nothing


def test_a_week_that_has_not_ended_is_not_tested() -> None:
    frame = weekly([(2, 100)] * 12 + [(40, 100)])
    found = integrity_closings.peaks(frame, FIRST, date(2026, 4, 4), BY, SIGNAL)
    assert not found["cells"]["marked"].any()


def test_withdrawn_on_the_last_two_days_more_than_an_even_spread_is_marked() -> None:
    """Ten days: two of eleven by even spread, 3.6 of 20; here 16 of 20. Results fall early: one in ten near the end."""
    near = [closed(f"n{n}", on(13), "withdrawn") for n in range(16)]
    spread = [closed(f"s{n}", on(4 + n), "refused") for n in range(3)] + [closed("s3", on(9), "withdrawn")]
    results = [closed(f"r{n}", on(13 if n < 2 else 6)) for n in range(20)]
    found = _near(rows(*near, *spread, *results))
    (cell,) = found["cells"].to_dicts()
    assert (cell["n"], cell["whole"], cell["marked"]) == (16, 20, True)
    assert cell["expected"] == pytest.approx(20 * 2 / 11)
    assert found["marks"].height == 16
    # Where results gather on the same days, so may what is withdrawn.
    busy = [closed(f"b{n}", on(13)) for n in range(80)]
    assert not _near(rows(*near, *spread, *results, *busy))["cells"]["marked"].any()


def test_a_department_that_withdraws_hundreds_early_and_finishes_late_is_tested_too() -> None:
    """5 of 500 near the due day, where nine in ten results lie: by far fewer than chance brings, and no overflow."""
    given_up = [closed(f"w{n}", on(13 if n < 5 else 6), "withdrawn") for n in range(500)]
    results = [closed(f"r{n}", on(13 if n < 90 else 6)) for n in range(100)]
    (cell,) = _near(rows(*given_up, *results))["cells"].to_dicts()
    assert (cell["n"], cell["whole"], cell["marked"], cell["p"]) == (5, 500, False, pytest.approx(1.0))


def _near(frame: pl.DataFrame) -> integrity_promises.Found:
    return integrity_closings.near_due(frame, FIRST, AS_OF, rulebook.load().calendar, BY)


def at(code: str, hour: int, minute: int, day: date | None = None, **told: Any) -> Row:
    day = day or on(11)
    return closed(code, day, closed_local=datetime.combine(day, time(hour, minute)), **told)


def night(*told: Row) -> integrity_promises.Found:
    days = [at(f"day{n}", 9, n, on(10)) for n in range(59)]
    return integrity_closings.at_night(rows(*told, *days), FIRST, rulebook.load().time, BY)


def test_ten_closed_within_minutes_at_night_are_marked_and_nine_are_not() -> None:
    """Wednesday 11/3, 22:00 to 22:36, four minutes apart; office hours end at 17:00."""
    ten = [at(f"x{n}", 22, 4 * n) for n in range(10)]
    found = night(*ten)
    assert [(m["n"], m["days"]) for m in marked(found)] == [(10, 36)] * 10
    assert marked(night(*ten[:9])) == []


def test_overtime_a_gap_and_another_unit_part_what_is_closed_at_night() -> None:
    overtime = [at(f"x{n}", 17, 30 + n) for n in range(12)]
    assert marked(night(*overtime)) == []
    two_halves = [at(f"x{n}", 22, n) for n in range(6)] + [at(f"y{n}", 22, 20 + n) for n in range(6)]
    assert marked(night(*two_halves)) == []
    other = {"department": "Sở B", "department_own": "Sở B"}
    two_units = [at(f"x{n}", 22, n, None, **(other if n % 2 else {})) for n in range(12)]
    assert marked(night(*two_units)) == []


def test_a_saturday_is_out_of_hours_and_midnight_is_no_time() -> None:
    saturday = [at(f"x{n}", 10, n, on(14)) for n in range(10)]
    assert len(marked(night(*saturday))) == 10
    days_only = [at(f"x{n}", 0, 0) for n in range(20)]
    assert marked(night(*days_only)) == []


def test_a_source_that_stamps_by_a_machine_is_not_marked() -> None:
    found = night(*[at(f"x{n}", 22, n % 60) for n in range(40)])  # 40 of 99: more than a fifth
    assert (marked(found), found["quiet"].row(0)) == ([], ("closed_at_night", "s", "machine_hours"))


@given(some.lists(some.integers(0, 59), min_size=1, max_size=30))
def test_bursts_are_those_of_a_slow_twin(minutes: list[int]) -> None:
    said = {m["code"]: m["n"] for m in marked(night(*[at(f"x{n}", 22, minute) for n, minute in enumerate(minutes)]))}
    share = len(minutes) / (len(minutes) + 59)
    slow: dict[str, int] = {}
    ordered = sorted((minute, f"x{n}") for n, minute in enumerate(minutes))
    burst: list[tuple[int, str]] = []
    for each in [*ordered, (10_000, "")]:
        if burst and each[0] - burst[-1][0] > BY.night_gap_minutes:
            slow |= {code: len(burst) for _, code in burst if len(burst) >= BY.night_fewest}
            burst = []
        burst.append(each)
    assert said == (slow if share <= BY.night_share else {})


def test_every_mark_is_of_a_dossier_or_of_a_group() -> None:
    assert sorted([*integrity.OF_DOSSIER, *integrity.OF_GROUP]) == sorted(Flag)
