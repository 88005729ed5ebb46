"""A Friday of the whole product in half a minute; and that a soak would notice what it looks for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from store import runs, snapshot
from tests.architecture.tracked import ROOT
from tests.conftest import do_without
from tests.deploy.machine import wait_until
from tests.soak import checks, clock, growth
from tests.soak.house import OPENED_ON, SEED, House, house, province
from tests.soak.memory import POOLS_FILL, held, slope
from tests.soak.readers import Readers
from tests.soak.truth import apart, at, day_of
from tests.soak.weeks import Life

SIZE = 0.004
#: Ten times as fast as the long one: in these hours little happens.
RATE = 12_000
CADENCE = timedelta(hours=3)
FRIDAY = OPENED_ON + timedelta(days=4)
_SAYS_THE_TIME = "import time; b = time.monotonic(); time.sleep(0.2); print(time.time(), time.monotonic() - b)"
#: Waits for half a second until a time of day, as C does it, and says how long that took.
_WAITS = """
import ctypes, time
c, room = ctypes.CDLL(None), lambda: ctypes.byref(ctypes.create_string_buffer(256))
until = (ctypes.c_long * 2)(*divmod(time.time_ns() + 500_000_000, 10**9))
one, other = room(), room()
wait = {
    "condition": lambda: c.pthread_mutex_lock(other) or c.pthread_cond_timedwait(one, other, until),
    "semaphore": lambda: c.sem_timedwait(one, until),
    "mutex": lambda: c.pthread_mutex_lock(one) or c.pthread_mutex_timedlock(one, until),
}["%s"]
begun = time.monotonic()
wait()
print(time.monotonic() - begun)
"""
_LEAKS = """
import sys
kept = []
for line in sys.stdin:
    spent = bytes(300_000)
    if {leaks}:
        kept.append(bytearray(b"x") * 20_000)
    print(line, end="", flush=True)
"""


@pytest.fixture
def own_clock(request: pytest.FixtureRequest, tmp_path: Path) -> clock.Clock:
    if lacking := clock.missing():
        do_without(request, lacking)
    return clock.Clock(tmp_path, datetime(2026, 3, 2, tzinfo=UTC))


def told_by(own_clock: clock.Clock) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _SAYS_THE_TIME], env=os.environ | own_clock.environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    said, slept = done.stdout.split()
    return float(said), float(slept)


def test_a_process_has_the_time_that_it_is_told_and_sleeps_as_long_as_ever(own_clock: clock.Clock) -> None:
    assert told_by(own_clock)[0] == datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    own_clock.run(1200, datetime(2026, 4, 1, tzinfo=UTC))
    before = own_clock.now.timestamp()
    said, slept = told_by(own_clock)
    assert before + 0.2 * 1200 <= said <= own_clock.now.timestamp()
    assert 0.2 <= slept < 10


@pytest.mark.parametrize("by", ["condition", "semaphore", "mutex"])
def test_who_waits_until_a_time_of_day_waits_so_long_and_no_core_spins(own_clock: clock.Clock, by: str) -> None:
    """The kernel, asked for a day that is over for it, answers at once: whoever waits would ask again and again."""
    told = subprocess.run(
        [sys.executable, "-c", _WAITS % by], env=os.environ | own_clock.environment, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert 0.49 <= float(told.stdout) < 20


def test_the_clock_stops_where_it_is_told_to(own_clock: clock.Clock) -> None:
    gate = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
    own_clock.run(100_000, gate)
    time.sleep(0.05)
    assert own_clock.now == gate
    assert told_by(own_clock)[0] == gate.timestamp()


@pytest.mark.parametrize("leaks", [True, False])
def test_a_process_that_keeps_what_it_was_given_is_told_from_one_that_does_not(leaks: bool) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _LEAKS.format(leaks=leaks)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    own = []
    try:
        for _ in range(600):
            child.stdin.write("\n")
            child.stdin.flush()
            child.stdout.readline()
            own.append(held(child.pid).own / 1e6)
    finally:
        child.kill()
        child.communicate()
    found = slope(range(1, 601), own)
    assert found is not None
    assert found.grows(growth.MEMORY_BOUND) is leaks
    assert found.flat(growth.MEMORY_BOUND) is not leaks
    if leaks:
        assert found.a_thousand == pytest.approx(20, rel=0.2)


def test_what_grows_only_at_first_is_warm_up_and_what_is_noisy_is_not_shown() -> None:
    done = np.arange(1, 5001, 5)
    rises = 200 + 100 * np.minimum(done / 1500, 1)
    quiet, loud = (np.random.default_rng(1).normal(0, s, len(done)) for s in (2, 60))
    settled, noisy = slope(done, rises + quiet), slope(done, rises + loud)
    assert settled is not None
    assert noisy is not None
    assert settled.flat(growth.MEMORY_BOUND)
    assert not noisy.flat(growth.MEMORY_BOUND)
    assert not noisy.grows(growth.MEMORY_BOUND)
    assert growth.Judged("m", noisy, growth.MEMORY_BOUND, "MB", "pages").verdict == "not shown"
    assert slope([], []) is None
    assert growth.Judged("m", slope([1, 2], [1, 2]), growth.MEMORY_BOUND, "MB", "pages").verdict == "not shown"


def test_a_pool_that_has_filled_by_then_does_not_grow_and_a_thread_a_day_does() -> None:
    done = np.arange(1, 1150, dtype=np.int64)
    pool, lost = 58 + 2 * (done > 648), 46 + done // 96
    early = slope(done, pool)
    assert early is not None and early.grows(growth.COUNT_BOUND)
    filled, losing = (slope(done, each, POOLS_FILL) for each in (pool, lost))
    assert filled is not None and losing is not None
    assert filled.flat(growth.COUNT_BOUND)
    assert losing.grows(growth.COUNT_BOUND)


@pytest.fixture
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if lacking := clock.missing():
        do_without(request, lacking)
    with house(tmp_path, size=SIZE, opened=at(FRIDAY, 7, 20), every=CADENCE.seconds) as made:

        def there() -> bool:
            state = snapshot.read_manifest(made.store)
            return state is not None and bool(state.parts) and runs.latest(made.store)["last_state"].to_list() == ["ok"]

        wait_until(there, seconds=180)
        yield made


def test_a_friday_of_the_whole_product_agrees_with_the_truth(small: House) -> None:
    """The worker drafts, issues and mails by a clock that runs while somebody reads; then all is held to the truth."""
    assert Path.cwd() == ROOT
    readers = Readers(small.ports[1], lambda: small.sign_in("giamdoc"), rest=0.2)
    life = Life(small, province(SEED, OPENED_ON, SIZE), RATE, CADENCE, time.monotonic() + 900)
    readers.come(1)
    watch = growth.Watch(small, lambda: readers.count, small.folder / "samples.csv")
    life.live(1, until=FRIDAY)
    readers.leave()
    evening = small.clock.now

    assert (life.wrong, checks.said(small), dict(readers.wrong)) == ([], [], {})
    assert life.compared > 500
    assert readers.count > 0
    assert day_of(evening) == FRIDAY
    assert checks.digests(small)["report"] == 2
    assert watch.look().dashboard_own > 50

    assert apart(small.store, life.province, evening + timedelta(days=4))[0], "a drift would not be noticed"
    assert checks.reports(small, evening + timedelta(days=7)), "a Friday without a report would not be noticed"
    small.box.came.append(small.box.came[0])
    assert any("2 copies" in each for each in checks.reports(small, evening)), "a second copy would not be noticed"
