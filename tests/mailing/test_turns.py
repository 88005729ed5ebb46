"""Daily jobs: each turn once, what an outage missed oldest first, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from config.errors import StoreError
from jobs import timetable, turns
from jobs.mailing import ZONE
from jobs.turns import Job, daily
from metrics import rulebook
from store import outbox
from store import turns as taken
from store.database import Store, locked
from tests.mailing.conftest import Clock

fridays = daily(time(7, 30), on=lambda day: day.weekday() == 4)


def at_office(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=ZONE)


class Work:
    """A job that writes down as of when it was done, and fails when told to."""

    def __init__(self, *, each: bool) -> None:
        self.done: list[datetime] = []
        self.fails = False
        self.job = Job("tuan", fridays, self.run, each=each)

    def run(self, store: Store, as_of: datetime) -> str:
        if self.fails:
            raise StoreError("store", "locked.", "Wait.")
        self.done.append(as_of)
        return "done"

    def take(self, store: Store, clock: Clock) -> int:
        return turns.take(store, [self.job], clock=clock)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (at_office(9, 7, 29), at_office(9, 7, 30)),
        (at_office(9, 7, 30), at_office(16, 7, 30)),
        (datetime(2018, 11, 9, 0, 29, tzinfo=UTC), at_office(9, 7, 30)),  # half past seven less a minute at the office
        (at_office(28, 8, month=12), datetime(2019, 1, 4, 7, 30, tzinfo=ZONE)),
    ],
)
def test_a_turn_is_due_in_the_hours_of_the_office(after: datetime, due: datetime) -> None:
    assert fridays(after) == due
    assert fridays(after).utcoffset() == timedelta(hours=7)


def test_the_morning_mail_is_of_working_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_CONFIG")
    digest = next(job for job in timetable.jobs() if job.name == "digest")
    tet = [day.astimezone(ZONE).date() for day in following(digest, datetime(2026, 2, 12, tzinfo=ZONE), 4)]
    opens = rulebook.load().calendar.opens
    days = [date(2026, 2, 12) + timedelta(days=n) for n in range(40)]
    assert tet == [day for day in days if opens(day)][:4]
    assert date(2026, 2, 17) not in tet  # the first day of Tết Bính Ngọ


def following(job: Job, after: datetime, n: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(n):
        found.append(job.next_due(found[-1] if found else after))
    return found


def test_a_new_worker_waits_for_the_first_turn_and_takes_it_once(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(9, 7, 0))
    assert work.take(store, clock) == 0
    clock.now = at_office(9, 7, 30)
    assert work.take(store, clock) == 1
    assert work.take(store, clock) == 0
    assert work.done == [at_office(9, 7, 30)]


def test_two_missed_fridays_are_two_turns_the_oldest_first(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 12))
    work.take(store, clock)
    clock.now = at_office(17, 6)
    assert work.take(store, clock) == 2
    assert work.done == [at_office(9, 7, 30), at_office(16, 7, 30)]
    assert work.take(store, clock) == 0


def test_a_job_that_looks_for_itself_is_done_once_after_an_outage_as_of_now(store: Store) -> None:
    work, clock = Work(each=False), Clock(at_office(8, 12))
    work.take(store, clock)
    clock.now = at_office(17, 6)
    assert work.take(store, clock) == 1
    assert work.done == [at_office(17, 6)]
    assert taken.taken(store)["tuan"].last_due_at == at_office(16, 7, 30)


def test_a_clock_that_is_set_back_repeats_nothing_and_is_named(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(9, 7))
    work.take(store, clock)
    clock.now = at_office(9, 8)
    assert work.take(store, clock) == 1
    clock.now = at_office(2, 8)
    assert work.take(store, clock) == 0
    assert [turn.job for turn in turns.set_back(store, clock())] == ["tuan"]
    clock.now = at_office(9, 9)
    assert work.take(store, clock) == 0
    assert turns.set_back(store, clock()) == []
    clock.now = at_office(16, 8)
    assert work.take(store, clock) == 1
    assert work.done == [at_office(9, 7, 30), at_office(16, 7, 30)]


def test_a_turn_that_was_cut_off_is_begun_again(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 7))
    work.take(store, clock)
    due = at_office(9, 7, 30)
    assert taken.claim(store, "tuan", due, due, then=at_office(16, 7, 30), at=due)
    assert not taken.claim(store, "tuan", due, due, then=at_office(16, 7, 30), at=due)
    clock.now = at_office(9, 7, 31)
    assert work.take(store, clock) == 1
    assert work.take(store, clock) == 0
    assert work.done == [due]


def test_a_turn_that_failed_is_told_once_and_tried_again_until_it_is_done(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 7))
    work.take(store, clock)
    work.fails, clock.now = True, at_office(9, 7, 30)
    assert work.take(store, clock) == 1
    assert taken.taken(store)["tuan"].outcome == "failed"
    clock.passes(minutes=9)
    assert work.take(store, clock) == 0
    clock.passes(minutes=1)
    assert work.take(store, clock) == 1
    clock.passes(minutes=10)
    work.fails = False
    assert work.take(store, clock) == 1
    assert work.done == [at_office(9, 7, 30)]
    assert work.take(store, clock) == 0
    (notice,) = outbox.listed(store)
    assert (notice["about"], notice["recipient"]) == ("notice", "truc-ban@minhson.example")
    assert "tuan, lịch 07:30 09/11/2018" in notice["body"]


def test_a_turn_that_fails_holds_no_later_one(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 7))
    work.take(store, clock)
    work.fails, clock.now = True, at_office(9, 7, 30)
    work.take(store, clock)
    work.fails, clock.now = False, at_office(16, 7, 30)
    assert work.take(store, clock) == 2  # the one that failed, and the new one
    assert work.done == [at_office(9, 7, 30), at_office(16, 7, 30)]


def test_while_somebody_takes_turns_nobody_else_does(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 7))
    work.take(store, clock)
    clock.now = at_office(9, 8)
    with locked(store, taken.LOCK):
        assert work.take(store, clock) == 0
    assert work.take(store, clock) == 1


def test_an_hour_that_the_office_changes_counts_from_now_on(store: Store) -> None:
    work, clock = Work(each=True), Clock(at_office(8, 7))
    work.take(store, clock)
    clock.now = at_office(9, 8)
    work.take(store, clock)
    work.job = Job("tuan", daily(time(6), on=lambda day: day.weekday() == 4), work.run, each=True)
    clock.now = at_office(16, 6, 30)
    assert work.take(store, clock) == 1
    assert work.done == [at_office(9, 7, 30), at_office(16, 6)]


def test_a_job_that_fails_holds_no_other_job(store: Store) -> None:
    broken, good, clock = Work(each=True), Work(each=True), Clock(at_office(8, 7))
    good.job = Job("khac", fridays, good.run, each=True)
    broken.fails = True
    for now in (at_office(8, 7), at_office(9, 8)):
        clock.now = now
        turns.take(store, [broken.job, good.job], clock=clock)
    assert good.done == [at_office(9, 7, 30)]
