"""What was seen: a finish before a time at which the dossier stood open, a done one that came back; and the due day's
own crowd. Every moment by hand; 17:00 in Hà Nội is 10:00 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import exp, log
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.insight import Insight
from metrics import integrity_bunching, integrity_seen, rulebook
from metrics.dossier import INSTANT
from metrics.integrity_promises import Found
from store.observed import TURNS

BY = Insight().integrity
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
ZONES = {"s": "Asia/Ho_Chi_Minh"}
OBSERVED: Any = {
    "source": pl.String, "code": pl.String, "department": pl.String, "field": pl.String, "procedure": pl.String,
    "status": pl.String, "closed_on": pl.Date, "closed_at": INSTANT, "due_on": pl.Date, "turns": TURNS,
}  # fmt: skip
Row = dict[str, Any]


def utc(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def seen(code: str, *turns: tuple[str, datetime], finish: datetime | None = None, due: int = 16) -> Row:
    on = finish.astimezone(UTC).date() if finish else None
    listed = [{"status": status, "at": at} for status, at in turns] or None
    return {"source": "s", "code": code, "department": "Sở A", "status": turns[-1][0] if turns else "resolved",
            "closed_on": on, "closed_at": finish, "due_on": date(2026, 3, due), "turns": listed}  # fmt: skip


def observed(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=OBSERVED).with_row_index("i")


# ---------- done, and open again ----------


def came_back(*rows: Row) -> Found:
    frame = observed(*rows)
    return integrity_seen.back(frame, integrity_seen.turns(frame), FIRST, ZONES)


def test_done_and_open_again_is_marked_and_what_ended_otherwise_is_not() -> None:
    told = [
        seen("back", ("processing", utc(2)), ("resolved", utc(5)), ("processing", utc(9)), ("returned", utc(12)),
             finish=utc(12)),
        seen("open", ("resolved", utc(5)), ("supplement", utc(6))),
        seen("handed out", ("processing", utc(2)), ("resolved", utc(5)), ("returned", utc(9)), finish=utc(5)),
        seen("vanished", ("processing", utc(2)), ("gone", utc(5)), ("processing", utc(9))),
    ]  # fmt: skip
    found = came_back(*told)["marks"].sort("code")
    assert found.select("code", "from_on", "day", "to_on", "days", "kind").rows() == [
        ("back", date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 12), 4, "processing"),
        ("open", date(2026, 3, 5), date(2026, 3, 6), None, 1, "supplement"),
    ]


def test_of_several_returns_the_last_is_told_and_how_many() -> None:
    turns = [("resolved", utc(5)), ("processing", utc(6)), ("resolved", utc(9)), ("processing", utc(10))]
    (found,) = came_back(seen("twice", *turns))["marks"].to_dicts()
    assert (found["n"], found["from_on"], found["day"]) == (2, date(2026, 3, 9), date(2026, 3, 10))


# ---------- seen open behind its finish ----------


def entry(seq: int, run: int, status: str, at: datetime, code: str = "x") -> tuple[Any, ...]:
    return seq, run, "s", code, status, at


def entries(*rows: tuple[Any, ...]) -> pl.DataFrame:
    names: Any = {"seq": pl.Int64, "run_id": pl.Int64, "source": pl.String, "code": pl.String, "status": pl.String,
                  "seen_at": INSTANT}  # fmt: skip
    return pl.DataFrame(list(rows), schema=names, orient="row")


def readings(*ids: int) -> pl.DataFrame:
    told = [(n, "s", utc(n)) for n in ids]  # run n was on the n-th
    return pl.DataFrame(told, schema={"id": pl.Int64, "source": pl.String, "started_at": INSTANT}, orient="row")


def test_open_until_the_last_good_reading_before_the_one_that_brought_the_closing() -> None:
    """Seen open on the 5th; read on the 8th and the 11th without news of it; closed by the reading of the 12th."""
    told = entries(entry(1, 5, "processing", utc(5)), entry(2, 12, "resolved", utc(12)))
    (found,) = integrity_seen.last_open(told, readings(5, 8, 11, 12)).to_dicts()
    assert (found["open_at"], found["came_at"]) == (utc(11), utc(12))
    (alone,) = integrity_seen.last_open(told, readings()).to_dicts()  # files: it was open when they showed it
    assert alone["open_at"] == utc(5)


def test_a_dossier_first_seen_closed_or_still_open_tells_nothing() -> None:
    told = entries(entry(1, 5, "resolved", utc(5)), entry(2, 5, "processing", utc(5), "y"))
    assert integrity_seen.last_open(told, readings(5, 8)).is_empty()


def test_of_a_dossier_that_came_back_the_last_closing_counts() -> None:
    told = entries(entry(1, 3, "resolved", utc(3)), entry(2, 6, "processing", utc(6)), entry(3, 9, "resolved", utc(9)),
                   entry(4, 11, "returned", utc(11)))  # fmt: skip
    (found,) = integrity_seen.last_open(told, readings(3, 6, 8, 9, 11)).to_dicts()
    assert (found["open_at"], found["came_at"]) == (utc(8), utc(9))


def stood(*rows: tuple[str, datetime, datetime]) -> pl.DataFrame:
    told = [("s", code, open_at, came_at) for code, open_at, came_at in rows]
    names: Any = {"source": pl.String, "code": pl.String, "open_at": INSTANT, "came_at": INSTANT}
    return pl.DataFrame(told, schema=names, orient="row")


def marked(frame: pl.DataFrame, told: pl.DataFrame) -> list[Row]:
    return integrity_seen.seen_open(frame, told, FIRST, ZONES, BY)["marks"].sort("code").to_dicts()


def test_a_finish_before_a_time_it_was_open_is_marked_where_a_day_is_past() -> None:
    """Written as finished on 16/3 at 17:00 (10:00 UTC). Open until the 19th: three days; until the 17th, 09:00 UTC: 23
    hours, which a day of synchronisation explains."""
    frame = observed(seen("late", finish=utc(16)), seen("soon", finish=utc(16)), seen("early", finish=utc(10)))
    told = stood(("late", utc(19), utc(20)), ("soon", utc(17, 9), utc(18)), ("early", utc(10, 9), utc(11)))
    found = marked(frame, told)
    assert [(m["code"], m["days"], m["kind"]) for m in found] == [("late", 3, "in_time")]
    assert found[0]["at"] == datetime(2026, 3, 19, 17)  # noqa: DTZ001 - the time of its place


def test_what_a_source_takes_by_itself_is_learned_from_those_closed_before_their_day() -> None:
    """A hundred closed early, all seen a week later: a week is usual, three days are not marked, nine are."""
    usual = [seen(f"u{n}", finish=utc(2)) for n in range(100)]
    frame = observed(seen("late", finish=utc(16)), seen("later", finish=utc(16)), *usual)
    slow = [(f"u{n}", utc(9), utc(9)) for n in range(100)]
    told = stood(("late", utc(19), utc(20)), ("later", utc(25), utc(26)), *slow)
    assert [m["code"] for m in marked(frame, told)] == ["later"]
    prompt = stood(("late", utc(19), utc(20)), ("later", utc(25), utc(26)))
    assert [m["code"] for m in marked(frame, prompt)] == ["late", "later"]


def test_what_one_reading_brought_late_together_is_an_outage() -> None:
    """The reading of the 20th brought ten that were closed early and five days ago: with them nothing is odd."""
    quick = [seen(f"q{n}", finish=utc(2)) for n in range(2000)]
    together = [seen(f"t{n}", finish=utc(14)) for n in range(10)]
    frame = observed(seen("late", finish=utc(16)), *quick, *together)
    burst = [(f"t{n}", utc(19), utc(20)) for n in range(10)]
    assert marked(frame, stood(("late", utc(19), utc(20)), *burst)) == []
    assert [m["code"] for m in marked(frame, stood(("late", utc(19), utc(21)), *burst))] == ["late"]


def test_a_finish_that_names_a_day_only_ends_with_it() -> None:
    """Midnight in Hà Nội is 17:00 UTC of the day before: 16/3 lasts until 17:00 UTC of the 16th."""
    frame = observed(seen("day", finish=utc(15, 17), due=15))
    assert marked(frame, stood(("day", utc(17, 16), utc(18)))) == []
    assert [m["days"] for m in marked(frame, stood(("day", utc(17, 18), utc(18))))] == [1]


def test_the_ledger_is_asked_only_of_those_whose_closing_came_late() -> None:
    frame = observed(
        seen("prompt", ("processing", utc(2)), ("resolved", utc(10, 11)), ("returned", utc(20)), finish=utc(10)),
        seen("late", ("processing", utc(2)), ("resolved", utc(14)), finish=utc(10)), seen("once", finish=utc(10)),
    )  # fmt: skip
    found = integrity_seen.asked_of(frame, integrity_seen.turns(frame), FIRST, BY)
    assert found["code"].to_list() == ["late"]


# ---------- bunching ----------


def closings(counts: tuple[int, ...], *, department: str = "Sở A", length: int = 30) -> pl.DataFrame:
    """Make closings so many working days before due, 0 first, spread over many due days."""
    calendar = rulebook.load().calendar
    add, told = cache(calendar.add), []
    for k, count in enumerate(counts):
        for n in range(count):
            due = calendar.last_working_day(date(2026, 3, 2) + timedelta(days=n % 60))
            told.append({"source": "s", "code": f"{department}{k}-{n}", "department": department, "field": "F",
                         "procedure": "P", "with_result": True, "received_on": add(due, -length),
                         "due_on": due, "closed_on": add(due, -k)})  # fmt: skip
    return pl.DataFrame(told)


def bunched(*frames: pl.DataFrame) -> Found:
    return integrity_bunching.bunched(pl.concat(frames), FIRST, LAST, rulebook.load().calendar, BY)


def test_the_days_before_are_drawn_on_by_their_logarithms() -> None:
    """Half as many each day, 32 16 8 4 2 backwards: 64 is next. Level days stay level; their variances add up."""
    mean, variance = integrity_bunching.expected((32, 16, 8, 4, 2))
    assert mean == pytest.approx(64)
    assert variance == pytest.approx(0.64 / 32 + 0.25 / 16 + 0.04 / 8 + 0.01 / 4 + 0.16 / 2)
    assert integrity_bunching.expected((50, 50, 50, 50, 50)) == pytest.approx((50, 1.1 / 50))


@given(some.floats(0.5, 2), some.integers(200, 2000))
def test_what_grows_by_one_factor_is_expected_to_go_on(factor: float, level: int) -> None:
    before = tuple(max(1, round(level * factor**-j)) for j in range(1, 6))
    mean, _ = integrity_bunching.expected(before)
    drawn = sum(w * log(c) for w, c in zip(integrity_bunching.LINE, before, strict=True))
    assert mean == pytest.approx(exp(drawn))
    assert mean == pytest.approx(level, rel=0.1)
    assert sum(integrity_bunching.LINE) == pytest.approx(1)
    # A line: the days before weigh out to where the due day stands.
    assert sum(-j * w for j, w in enumerate(integrity_bunching.LINE, start=1)) == pytest.approx(0)


def test_a_due_day_above_its_line_is_marked_and_a_deadline_worked_to_is_not() -> None:
    """Level days of 60: 150 on the due day are 2.5 times the expected. Days that double towards it expect to double."""
    crowd = closings((150, 60, 60, 60, 60, 60))
    rising = closings((320, 160, 80, 40, 20, 10), department="Sở B")
    found = bunched(crowd, rising)
    cells = {c["department"]: c for c in found["cells"].to_dicts()}
    assert (cells["Sở A"]["n"], cells["Sở A"]["whole"], cells["Sở A"]["marked"]) == (150, 450, True)
    assert cells["Sở A"]["expected"] == pytest.approx(60)
    assert not cells["Sở B"]["marked"]
    assert found["marks"]["department"].unique().to_list() == ["Sở A"]
    assert found["marks"].height == 150


def test_a_quarter_more_than_expected_is_no_chance_and_no_mark() -> None:
    """500 where 400 were expected: one in a thousand by chance, but less than working to a deadline may bring."""
    (cell,) = bunched(closings((500, 400, 400, 400, 400, 400)))["cells"].to_dicts()
    assert cell["p"] < 0.001
    assert not cell["marked"]


def test_few_closings_and_short_promises_are_not_tested() -> None:
    assert bunched(closings((30, 9, 20, 20, 20, 20)))["cells"].is_empty()
    assert bunched(closings((150, 60, 60, 60, 60, 60), length=5))["cells"].is_empty()


def test_closings_in_lumps_prove_less() -> None:
    """The same counts, but of few due days whose closings come all at once: what chance brings is more."""
    alone = bunched(closings((95, 60, 60, 60, 60, 60)))["cells"]["p"][0]
    lumped = closings((95, 60, 60, 60, 60, 60))
    days = pl.col("code").str.extract(r"(\d+)-").cast(pl.Int32)
    same = lumped.with_columns(shift=(days * 7).cast(pl.Int64)).with_columns(
        due_on=pl.lit(date(2026, 3, 2)) + pl.duration(days="shift")
    )
    calendar = rulebook.load().calendar
    moved = same.with_columns(
        closed_on=calendar.shift(pl.col("due_on"), -days), received_on=calendar.shift(pl.col("due_on"), pl.lit(-30))
    ).drop("shift")
    assert bunched(moved)["cells"]["p"][0] > 10 * alone
