"""No child outlives its supervisor, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.processes import Family, last_lines

#: A child that starts a child of its own, says both numbers, and waits.
PARENT_AND_CHILD = (
    "import os, subprocess, sys, time;"
    "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(os.getpid(), inner.pid, flush=True); time.sleep(60)"
)
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with Family(logs=tmp_path, environment=os.environ) as family:
        yield family


def alive(pid: int) -> bool:
    """Whether a process runs; a dead one that nobody has collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def eventually(condition: Callable[[], bool], *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def numbers_in(log: Path) -> list[int]:
    assert eventually(lambda: log.exists() and log.read_text().count("\n") >= 1)
    return [int(word) for word in log.read_text().split()]


def test_who_came_last_is_stopped_while_the_others_still_answer(family: Family, tmp_path: Path) -> None:
    """The worker may be asking the demo; a demo that goes first is a failed sync in the log."""
    demo = family.start("demo", [sys.executable, "-c", "print(1, flush=True); import time; time.sleep(60)"]).process.pid
    last_act = (
        "import pathlib, signal, sys, time;"
        f"state = lambda: pathlib.Path('/proc/{demo}/stat').read_text().rpartition(')')[2].split()[0];"
        "there = lambda *_: (time.sleep(0.3), print(state(), flush=True), sys.exit());"
        "signal.signal(signal.SIGTERM, there); print('ready', flush=True); time.sleep(60)"
    )
    family.start("worker", [sys.executable, "-c", last_act])
    assert eventually(
        lambda: "ready" in (tmp_path / "worker.log").read_text() and (tmp_path / "demo.log").stat().st_size > 0
    )
    family.stop()
    assert (tmp_path / "worker.log").read_text().split() == ["ready", "S"]


def test_stopping_ends_children_and_what_they_started(family: Family, tmp_path: Path) -> None:
    family.start("two", [sys.executable, "-c", PARENT_AND_CHILD])
    both = numbers_in(tmp_path / "two.log")
    assert all(alive(pid) for pid in both)
    began = time.monotonic()
    family.stop()
    assert not any(alive(pid) for pid in both)
    assert time.monotonic() - began < 4, "a child that obeys is not waited for"


def test_a_child_that_ignores_the_request_is_ended(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.processes.PATIENCE_SECONDS", 0.3)
    child = family.start("deaf", [sys.executable, "-c", DEAF])
    assert eventually(lambda: "deaf" in child.log.read_text())
    family.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_not_even_a_killed_supervisor_leaves_orphans(tmp_path: Path) -> None:
    supervisor = (
        "import os, pathlib, sys, time; from jobs.processes import Family\n"
        f"family = Family(logs=pathlib.Path({str(tmp_path)!r}), environment=os.environ)\n"
        f"family.start('two', [sys.executable, '-c', {PARENT_AND_CHILD!r}]); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", supervisor])
    both = numbers_in(tmp_path / "two.log")
    process.kill()
    process.wait()
    assert eventually(lambda: not any(alive(pid) for pid in both))


def test_what_a_child_prints_goes_to_its_log(family: Family, tmp_path: Path) -> None:
    child = family.start("talks", [sys.executable, "-c", "import sys; print('đúng'); sys.exit('hỏng')"])
    assert eventually(lambda: child.died)
    assert sorted(last_lines(tmp_path / "talks.log").splitlines()) == ["hỏng", "đúng"]
    assert child.process.returncode == 1


def test_a_child_can_be_started_again(family: Family) -> None:
    first = family.start("short", [sys.executable, "-c", "print('once more')"])
    assert eventually(lambda: first.died)
    second = family.restart(first)
    assert eventually(lambda: second.died)
    assert family.children == [second]
    assert second.log.read_text().splitlines() == ["once more", "once more"]


def test_a_log_that_grew_too_long_is_turned_over(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.processes.LOG_BYTES", 10)
    (tmp_path / "old.log").write_text("more than ten bytes")
    child = family.start("old", [sys.executable, "-c", "print('new')"])
    assert eventually(lambda: child.died)
    assert (tmp_path / "old.log.1").read_text() == "more than ten bytes"
    assert child.log.read_text() == "new\n"


def test_a_log_that_grows_too_long_while_its_process_runs_is_turned_over(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys,time\nfor n in range(400): print(n, 'x' * 90, flush=True); time.sleep(.005)"
    child = family.start("talks", [sys.executable, "-c", code])
    monkeypatch.setattr("jobs.processes.LOG_BYTES", 10_000)
    sizes = []
    while not child.died:
        family.turn_over()
        sizes += [path.stat().st_size for path in tmp_path.glob("talks.log*")]
        time.sleep(0.02)
    assert max(sizes) < 20_000
    told = [(tmp_path / name).read_text() for name in ("talks.log.1", "talks.log")]
    assert "\0" not in told[1], "it goes on where the file ends now"
    assert told[1].splitlines()[-1].startswith("399 ")


def test_only_the_end_of_a_long_log_is_shown(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("".join(f"line {n}\n" for n in range(50_000)))
    assert last_lines(log, 2) == "line 49998\nline 49999"
