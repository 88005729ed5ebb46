"""The end of the due day: late closings on it beside those of the days before, by hand. Work ends at 17:00."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.insight import Insight
from metrics import chance, integrity_evenings, rulebook
from metrics.integrity_promises import Found

BY = Insight().integrity
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
NOON, LATE, EARLIER = time(10, 0), time(16, 31), time(16, 30)


def closings(
    due: tuple[int, int], before: tuple[int, int], *, department: str = "Sở A", late: time = LATE, length: int = 2,
    days: int = 50,
) -> pl.DataFrame:  # fmt: skip
    """Make closings on the due day and the working day before it, of each (late in the day, all), over ``days``."""
    calendar, told = rulebook.load().calendar, []
    add = cache(calendar.add)
    for left, (late_ones, every) in ((0, due), (1, before)):
        for n in range(every):
            due_on = calendar.last_working_day(date(2026, 3, 2) + timedelta(days=n % days))
            on = add(due_on, -left)
            at = late if n < late_ones else NOON
            told.append({
                "source": "s", "code": f"{department}{left}-{n}", "field": "F", "procedure": "P",
                "department": department, "department_own": department, "with_result": True,
                "received_on": add(due_on, -length), "due_on": due_on, "closed_on": on,
                "closed_local": datetime.combine(on, at),
            })  # fmt: skip
    return pl.DataFrame(told)


def found(*frames: pl.DataFrame) -> Found:
    return integrity_evenings.evenings(pl.concat(frames), FIRST, LAST, rulebook.load().time, BY)


def test_a_due_day_that_fills_at_its_end_is_marked_and_one_as_usual_is_not() -> None:
    """10 of 200 before their day are late in the day: 2 of 40 are expected on it. 20 are ten times that, 3 are not.
    The promises have two working days: by days nothing could be said of them."""
    told = found(closings((20, 40), (10, 200)), closings((3, 40), (10, 200), department="Sở B"))
    cells = {c["department"]: c for c in told["cells"].to_dicts()}
    assert (cells["Sở A"]["n"], cells["Sở A"]["whole"], cells["Sở A"]["marked"]) == (20, 40, True)
    assert cells["Sở A"]["expected"] == pytest.approx(2)
    assert (cells["Sở B"]["n"], cells["Sở B"]["marked"]) == (3, False)
    assert told["marks"].height == 20
    assert {mark["at"].time() for mark in told["marks"].to_dicts()} == {LATE}
    assert set(told["marks"]["department"]) == {"Sở A"}
    assert told["looked"].select("department", "whole").sort("department").rows() == [("Sở A", 40), ("Sở B", 40)]


def test_the_end_of_the_day_begins_half_an_hour_before_work_ends_and_goes_on_to_midnight() -> None:
    earlier = found(closings((20, 40), (10, 200), late=EARLIER))["cells"].to_dicts()
    at_night = found(closings((20, 40), (10, 200), late=time(23, 50)))["cells"].to_dicts()
    assert [(cell["n"], cell["marked"]) for cell in earlier] == [(0, False)]
    assert [(cell["n"], cell["marked"]) for cell in at_night] == [(20, True)]


def test_who_always_closes_at_the_end_of_the_day_is_not_marked_for_it() -> None:
    """Nine of ten, on every day: 36 of 40 are as usual."""
    (cell,) = found(closings((36, 40), (180, 200)))["cells"].to_dicts()
    assert not cell["marked"]
    assert cell["expected"] == pytest.approx(36)


def test_a_quarter_more_is_no_mark() -> None:
    (cell,) = found(closings((1250, 2000), (1000, 2000)))["cells"].to_dicts()
    assert cell["p"] < 0.001
    assert not cell["marked"]


def test_few_closings_days_without_a_time_and_promises_of_one_day_are_not_tested() -> None:
    assert found(closings((10, 19), (10, 200)))["cells"].is_empty()
    assert found(closings((20, 40), (5, 99)))["cells"].is_empty()
    dated = closings((20, 40), (10, 200)).with_columns(closed_local=pl.col("closed_on").cast(pl.Datetime("us")))
    assert found(dated)["cells"].is_empty()
    assert found(closings((20, 40), (0, 0)))["cells"].is_empty()
    late = closings((20, 40), (10, 200)).with_columns(due_on=pl.col("closed_on") - timedelta(days=1))
    assert found(late)["cells"].is_empty()


def test_what_was_closed_on_a_day_off_or_before_the_first_day_is_no_measure() -> None:
    """Each would be a closing of the days before: fifty on a Saturday, fifty in the year before."""
    rows = closings((20, 40), (10, 200))
    alone = found(rows)["cells"]
    for closed, due in ((date(2026, 3, 7), date(2026, 3, 9)), (date(2025, 12, 29), date(2025, 12, 30))):
        more = rows.filter(pl.col("closed_on") < pl.col("due_on")).head(50).with_columns(
            closed_on=pl.lit(closed), due_on=pl.lit(due), closed_local=pl.lit(datetime.combine(closed, NOON))
        )  # fmt: skip
        assert found(rows, more)["cells"].equals(alone)


def test_dossiers_signed_in_one_go_prove_less() -> None:
    """Six late of forty where two are expected; the same six all on one of twenty days, as one hand signs them."""
    apart = found(closings((6, 40), (10, 200), days=20))["cells"]["p"][0]
    rows = closings((6, 40), (10, 200), days=20).with_columns(n=pl.col("code").str.extract(r"-(\d+)").cast(pl.Int64))
    six = (pl.col("due_on") == pl.col("closed_on")) & (pl.col("n") < 6)
    day = date(2026, 3, 4)
    together = rows.with_columns(
        closed_on=pl.when(six).then(pl.lit(day)).otherwise("closed_on"),
        due_on=pl.when(six).then(pl.lit(day)).otherwise("due_on"),
        closed_local=pl.when(six).then(pl.lit(datetime.combine(day, LATE))).otherwise("closed_local"),
    )
    line = integrity_evenings.closings(together.drop("n"), FIRST, rulebook.load().time, BY)
    (cell,) = integrity_evenings.tested(line, BY).to_dicts()
    assert cell["p"] > 5 * apart
    by = cell["spread"]  # 6 of 40 and 10 of 200, all divided by it: up, but for the late ones of the due day
    assert cell["p"] == chance.tail_after(int(6 / by), ceil(40 / by), ceil(10 / by), ceil(200 / by))


@given(some.integers(0, 20), some.integers(2, 12))
def test_a_group_like_itself_is_never_marked(late: int, times: int) -> None:
    (cell,) = found(closings((late, 20), (late * times, 20 * times), days=5))["cells"].to_dicts() or [{"marked": False}]
    assert not cell["marked"]
