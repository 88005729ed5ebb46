"""Take the turns of daily and weekly jobs: each once, what an outage missed oldest first, in the hours of the office.

A turn is claimed before its work, so that neither two workers nor a clock that is set back do it twice. One that was
cut off is begun again: the work itself holds what may happen once (an edition's row, a message's key). A clock that was
set far ahead and back leaves turns claimed that are still to come; the doctor says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from config import mail
from config.diary import about, diary
from config.errors import DunghanError
from config.notes import note
from jobs.mailing import ZONE, Clock, notice
from store import turns
from store.database import Store, locked
from store.turns import Outcome, Turn

log = diary("turns")
#: A turn that failed is tried again after so long, until the next one is due.
AGAIN_AFTER: Final = timedelta(minutes=10)
#: A clock this far behind the last turn was set back: by less it drifts.
DRIFT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Job:
    """``next_due``: the first turn after an instant, of calendar and settings alone. ``run`` is given the instant that
    it is to work as of: the turn's own where ``each`` missed one is made up for, else now."""

    name: str
    next_due: Callable[[datetime], datetime]
    run: Callable[[Store, datetime], object]
    each: bool = False


def daily(at: time, *, on: Callable[[date], bool] = lambda _: True) -> Callable[[datetime], datetime]:
    """Give the turns of a job that is due at an hour of the office, on the days that ``on`` names."""

    def next_due(after: datetime) -> datetime:
        day = after.astimezone(ZONE).date()
        for ahead in range(367):
            due = datetime.combine(day + timedelta(days=ahead), at, tzinfo=ZONE)
            if due > after and on(due.date()):
                return due
        return datetime.combine(day + timedelta(days=367), at, tzinfo=ZONE)

    return next_due


def take(store: Store, jobs: Sequence[Job], *, clock: Clock, stopped: Callable[[], bool] = lambda: False) -> int:
    """Take every turn that is due; gives how many. Does nothing while another process does. Raises StoreError."""
    with locked(store, turns.LOCK) as mine:
        if not mine:
            return 0
        return sum(_take(store, job, clock, stopped) for job in jobs)


def _take(store: Store, job: Job, clock: Clock, stopped: Callable[[], bool]) -> int:
    turn = turns.taken(store).get(job.name)
    if turn is None:
        turns.plan(store, job.name, job.next_due(clock()))
        return 0
    count = _take_again(store, job, turn, clock)
    planned = _planned(store, job, turn, clock())
    while planned <= clock() and not stopped():
        due, then = planned, job.next_due(planned)
        while not job.each and then <= clock():
            due, then = then, job.next_due(then)
        if not turns.claim(store, job.name, planned, due, then=then, at=clock()):
            return count
        _work(store, job, due, clock)
        planned, count = then, count + 1
    return count


def _take_again(store: Store, job: Job, turn: Turn, clock: Clock) -> int:
    """Begin a turn again that was cut off, or failed some time ago; without ``each`` the next one that is due does."""
    if turn.last_due_at is None or turn.begun_at is None or turn.outcome not in (None, "failed"):
        return 0
    if turn.outcome == "failed" and not turn.begun_at <= clock() - AGAIN_AFTER:
        return 0
    if not job.each and turn.next_due_at <= clock():
        return 0
    if not turns.again(store, turn, at=clock()):
        return 0
    _work(store, job, turn.last_due_at, clock)
    return 1


def _planned(store: Store, job: Job, turn: Turn, now: datetime) -> datetime:
    """Give when the next turn is due as the settings say now: they may have changed since it was planned."""
    told = job.next_due(turn.last_due_at) if turn.last_due_at else min(turn.next_due_at, job.next_due(now))
    return told if told != turn.next_due_at and turns.move(store, turn, told) else turn.next_due_at


def _work(store: Store, job: Job, due: datetime, clock: Clock) -> None:
    with about(turn=job.name, due=due.isoformat()):
        _do(store, job, due, clock)


def _do(store: Store, job: Job, due: datetime, clock: Clock) -> None:
    try:
        came_to = job.run(store, due if job.each else clock())
    except DunghanError as error:
        _failed(store, job, due, str(error), clock())
    except Exception as error:
        log.exception("turn_broken")
        _failed(store, job, due, type(error).__name__, clock())
    else:
        outcome: Outcome = "held" if came_to == "held" else "done"
        turns.ended(store, job.name, outcome, "", at=clock())
        log.info("turn", outcome=outcome)


def _failed(store: Store, job: Job, due: datetime, why: str, now: datetime) -> None:
    """Write a failure down, and tell the operator once a turn."""
    told = note("turn_failed", job=job.name, due=f"{due.astimezone(ZONE):%H:%M %d/%m/%Y}", why=why)
    log.warning("turn_failed", why=why)
    key, body = f"turn/{job.name}/{due.isoformat()}", f"{told.vietnamese}\n\ndunghan doctor\n"
    letters = notice(key, "Việc định kỳ không chạy được", body, mail.load().operators)
    turns.ended(store, job.name, "failed", told.english, at=now, notices=letters)


def set_back(store: Store, now: datetime) -> list[Turn]:
    """Give the jobs that the clock left behind: their last turn is still to come."""
    return [t for t in turns.taken(store).values() if t.last_due_at is not None and t.last_due_at > now + DRIFT]
