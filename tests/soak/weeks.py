"""Live through weeks: the clock runs from gate to gate, and at each gate something must be true before it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from connectors.simulator.province import Province
from store import runs, signs, snapshot
from store.database import reading
from tests.soak import checks, growth
from tests.soak.house import OPENED_ON, SOURCE, House
from tests.soak.truth import apart, at, day_of

#: The clock creeps while something is waited for: a worker whose time stands has nothing to do.
CREEPS: Final = 60
CREEPS_ON: Final = timedelta(hours=3)
#: A worker that gave no sign, or read nothing, for so long is slower than the clock: it stands until it is heard.
BEHIND: Final = timedelta(hours=5)
READS_WITHIN: Final = timedelta(hours=1)
PATIENCE: Final = 240.0
#: When the source is away in every second week, and for how long.
AWAY: Final = ((1, 10), (2, 15))


@dataclass(slots=True)
class Life:
    """A soak under way. ``wrong``: what must not be; ``away``: when the source was; ``held``: seconds that the
    clock stood or crept."""

    house: House
    province: Province
    rate: int
    cadence: timedelta
    ends: float
    wrong: list[str] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    weeks: list[str] = field(default_factory=list)
    held: float = 0.0
    compared: int = 0

    def live(self, weeks: int, *, until: date | None = None) -> None:
        """Live so many weeks, or ``until`` a day of the first, or until the time is up; always to an evening."""
        begun = self.house.clock.now
        for week in range(weeks):
            monday = OPENED_ON + timedelta(weeks=week)
            last = monday + timedelta(days=6)
            for moment, must in self._gates(monday, away=week % 2 == 0):
                if time.monotonic() > self.ends:
                    self._evening(day_of(self.house.clock.now))
                    return
                if moment > begun and day_of(moment) <= (until or last):
                    self._until(moment)
                    must()
            self._evening(until or last)

    def _gates(self, monday: date, *, away: bool) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for n in range(5):
            day = monday + timedelta(days=n)
            yield at(day, 7, 45), lambda: self._must("the morning's work is done", checks.morning_done)
            if n == 4:
                yield at(day, 8, 15), lambda: self._must("Friday's report is out", checks.issued_all)
            if away and n == AWAY[0][0]:
                yield at(day, AWAY[0][1]), self._goes
            if away and n == AWAY[1][0]:
                yield at(day, AWAY[1][1] - 1), lambda: self._must("a silent source is told", _silent)
                yield at(day, AWAY[1][1]), self._comes
                yield at(day, 18, 30), lambda: self._must("a source that is heard again is told so", _heard)

    def _until(self, moment: datetime) -> None:
        """Let the clock run to a gate, no faster than the worker follows."""
        self.house.clock.run(self.rate, moment)
        while self.house.clock.now < moment:
            time.sleep(0.1)
            if not self._follows():
                stood = time.monotonic()
                # A worker whose turn was skipped waits for its next one, and that may be past the gate.
                self.house.clock.run(CREEPS, moment + CREEPS_ON)
                self._wait(self._follows, "the worker gives a sign")
                self.held += time.monotonic() - stood
                if self.house.clock.now < moment:
                    self.house.clock.run(self.rate, moment)

    def _follows(self) -> bool:
        now, sign = self.house.clock.now, signs.last(self.house.store, "leader")
        if sign is not None and now - sign > BEHIND:
            return False
        # After failures it leaves a source alone for turns, on purpose; what fails though nobody took it is told later.
        read = runs.latest(self.house.store).filter(pl.col("last_state") != "failed", name=SOURCE)["last_run_at"]
        return self.house.office is None or not len(read) or now - read[0] <= max(READS_WITHIN, self.cadence * 2)

    def _must(self, what: str, true: Callable[[House, datetime], bool]) -> None:
        """Wait until something is true while the clock creeps on."""
        gate, stood = self.house.clock.now, time.monotonic()
        self.house.clock.run(CREEPS, gate + CREEPS_ON)
        self._wait(lambda: true(self.house, gate), f"{what} at {gate:%Y-%m-%d %H:%M}")
        self.held += time.monotonic() - stood

    def _wait(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                self.wrong.append(f"in {PATIENCE:.0f} s not so: {what}")
                say(f"WRONG: {self.wrong[-1]}")
                return
            time.sleep(0.25)

    def _goes(self) -> None:
        self.away.append((self.house.clock.now, self.house.clock.now))
        self.house.close_office()

    def _comes(self) -> None:
        self.house.clock.stop()
        stood = time.monotonic()
        self.house.open_office()
        self.held += time.monotonic() - stood
        self.away[-1] = (self.away[-1][0], self.house.clock.now)

    def _evening(self, day: date) -> None:
        """Let everything stand in the evening, and hold all against the truth."""
        if self.house.office is None:
            self._comes()
        if self.house.clock.now < at(day, 20):
            self._until(at(day, 20))
        stood = time.monotonic()
        self._settle()
        now = self.house.clock.now
        found, compared = apart(self.house.store, self.province, now)
        found += checks.reports(self.house, now) + checks.silences(self.house, self.away)
        found += checks.failed_runs(self.house, self.away)
        self.held += time.monotonic() - stood
        self.wrong += [f"{now:%Y-%m-%d %H:%M}: {each}" for each in found]
        self.compared += compared
        counts = ", ".join(f"{name} {n:,}" for name, n in growth.rows(self.house.store).items())
        letters = ", ".join(f"{name} {n}" for name, n in sorted(checks.digests(self.house).items()))
        self.weeks.append(
            f"{now:%Y-%m-%d %H:%M}Z: {compared:,} compared, {len(found)} apart; {counts}; letters: {letters}"
        )
        say(self.weeks[-1])
        for each in found:
            say(f"WRONG: {each}")

    def _settle(self) -> None:
        """Step from cadence to cadence until a reading and its figures are of the very moment at which time stands."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._wait(self._idle, "the worker comes to rest")
            self.house.clock.jump(self.house.clock.now + self.cadence + timedelta(seconds=30))
            patience = time.monotonic() + 20
            while time.monotonic() < patience:
                time.sleep(0.25)
                if self._settled():
                    return
        self.wrong.append(f"never settled at {self.house.clock.now}")

    def _idle(self) -> bool:
        return not runs.latest(self.house.store).filter(name=SOURCE, last_state="running").height

    def _settled(self) -> bool:
        last = runs.latest(self.house.store).row(0, named=True)
        state = snapshot.read_manifest(self.house.store)
        if last["last_run_at"] != self.house.clock.now or last["last_state"] != "ok" or state is None:
            return False
        with reading(self.house.store) as connection:
            return state.ledger_seq == snapshot.ledger_seq(connection)


def _silent(house: House, _: datetime) -> bool:
    return checks.silent(house)


def _heard(house: House, _: datetime) -> bool:
    return not checks.silent(house)


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()
