"""The worker as a process: it leads alone, survives a source that fails, and stops when asked. The demo likewise."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import withheld
from config.sources import Source
from connectors import national_session
from connectors.simulator.server import Desk
from jobs import demo as demo_job
from jobs import scheduler
from jobs.rebuild import rebuild
from jobs.sync import sync_source
from store import people, runs, snapshot, tables
from store.database import Store, locked, writing
from store.ingest import Source as Stored
from store.ingest import begin_run
from tests.demo.conftest import NOW, Clock, source_at

PATIENCE = 90.0  # a busy machine is not a broken one


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def stored(store: Store, name: str) -> bool:
    rows = runs.latest(store).filter(name=name)
    return rows.height == 1 and rows["last_ok_at"][0] is not None


@contextmanager
def working(store: Store, *chosen: Source) -> Iterator[None]:
    """Lead ``chosen`` in a thread while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.lead, args=(store, chosen, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the worker did not stop"


def test_the_worker_fills_the_store_and_keeps_the_figures_fresh(
    store: Store, demo: tuple[Desk, Source], clock: Clock
) -> None:
    def version() -> str:
        manifest = snapshot.read_manifest(store)
        return manifest.data_version if manifest and manifest.parts else ""

    with working(store, demo[1].model_copy(update={"every_seconds": 1})):
        wait_for(lambda: bool(version()))
        first = version()
        clock.now = NOW + timedelta(hours=5)
        wait_for(lambda: version() != first)


def figures(store: Store) -> str:
    manifest = snapshot.read_manifest(store)
    return manifest.data_version if manifest and manifest.parts else ""


def test_derived_files_that_are_gone_when_the_worker_starts_are_made_again(
    store: Store, demo: tuple[Desk, Source]
) -> None:
    sync_source(store, demo[1], seen_at=NOW)
    names = [name for part in rebuild(store).parts.values() for name in part.files]
    before = {name: (store.derived / name).read_bytes() for name in names}
    shutil.rmtree(store.derived)
    with working(store, source_at("http://127.0.0.1:9", name="silent", every_seconds=3600)):
        wait_for(lambda: bool(figures(store)))  # of this version or, once the silent source was tried, of the next
        assert {name: (store.derived / name).read_bytes() for name in names} == before


def test_a_derived_file_that_was_damaged_is_made_again_when_the_worker_starts(
    store: Store, demo: tuple[Desk, Source]
) -> None:
    sync_source(store, demo[1], seen_at=NOW)
    (part, *_) = rebuild(store).parts.values()
    file = store.derived / part.cube
    content = file.read_bytes()
    file.write_bytes(content[:-9])
    with working(store, source_at("http://127.0.0.1:9", name="silent", every_seconds=3600)):
        wait_for(lambda: file.read_bytes() == content)


def test_derived_files_deleted_under_the_worker_come_back_though_nothing_changed(
    store: Store, demo: tuple[Desk, Source]
) -> None:
    with working(store, demo[1].model_copy(update={"every_seconds": 1})):
        wait_for(lambda: bool(figures(store)) and stored(store, "minh-son"))
        version = figures(store)
        shutil.rmtree(store.derived)
        wait_for(lambda: figures(store) == version)


def test_what_was_stored_before_a_source_failed_is_counted(store: Store, demo: tuple[Desk, Source]) -> None:
    demo[0].faults.extend(["", "", "", *["500"] * 4])
    with working(store, demo[1].model_copy(update={"every_seconds": 3600})):
        wait_for(lambda: runs.latest(store).filter(last_state="failed").height == 1)
        wait_for(lambda: bool(figures(store)))


def test_a_run_whose_process_was_killed_does_not_run_for_ever(store: Store) -> None:
    with begin_run(store, Stored("export", "Asia/Ho_Chi_Minh"), kind="load", origin="a.csv", seen_at=NOW):
        assert runs.bury(store) == 0, "its process lives"
    with writing(store) as connection:
        connection.execute(sa.update(tables.runs).values(state="running"))
    with working(store, source_at("http://127.0.0.1:9", name="silent", every_seconds=3600)):
        wait_for(lambda: runs.history(store, "export")["state"][0] == "failed")
    assert runs.history(store, "export")["error"][0] == "the process was cut off"


def test_two_workers_do_not_both_lead_when_the_derived_files_are_deleted(store: Store) -> None:
    with locked(store, scheduler.LEADER) as first:
        shutil.rmtree(store.derived)
        with locked(store, scheduler.LEADER) as second:
            assert (first, second) == (True, False)


def test_a_traceback_in_the_log_shows_no_secret_and_no_row(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(national_session, "post", broken)
    monkeypatch.setattr(withheld, "_GIVEN", set())  # what other tests gave this process as a secret
    monkeypatch.setenv("MC_USER", "planted-user")
    monkeypatch.setenv("MC_PASSWORD", "planted-password")
    source = source_at(
        "http://127.0.0.1:9", kind="national_portal", user_secret="MC_USER", password_secret="MC_PASSWORD"
    )
    scheduler._job(store, source, threading.Lock(), threading.Event())()
    said = capsys.readouterr().err
    assert "nobody thought of this" in said
    assert "planted" not in said


def test_a_source_that_fails_does_not_stop_the_others(store: Store, demo: tuple[Desk, Source]) -> None:
    broken = source_at("http://127.0.0.1:9", name="broken", every_seconds=5)
    with working(store, broken, demo[1].model_copy(update={"every_seconds": 5})):
        wait_for(lambda: stored(store, "minh-son"))
        wait_for(lambda: runs.latest(store).filter(name="broken", last_state="failed").height == 1)


def test_a_source_that_keeps_failing_is_asked_less_and_less() -> None:
    rest = scheduler._Rest()
    asked = []
    for turn in range(12):
        if not rest.rests():
            asked.append(turn)
            rest.failed()
    assert asked == [0, 1, 3, 6, 10]
    rest.went_well()
    assert not rest.rests()


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def test_the_worker_process_waits_for_its_turn_and_ends_on_sigterm(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUNGHAN_DEMO_URL", raising=False)
    with locked(store, scheduler.LEADER) as leads, process("jobs.scheduler") as child:
        assert leads
        assert child.stdout is not None
        assert "another worker leads" in child.stdout.readline()
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE) == 0


def test_the_demo_process_serves_until_sigterm_and_stays_the_same_province(tmp_path: Path) -> None:
    with process("jobs.demo", "--port", "0", DUNGHAN_HOME=str(tmp_path / "home")) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            assert json.load(answer) == {"status": "ok"}
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE) == 0
    opened_on = date.fromisoformat(json.loads((tmp_path / "home" / "demo.json").read_text())["opened_on"])
    later = opened_on + timedelta(days=30)
    assert demo_job.opening_day(tmp_path / "home", demo_job.SEED, later) == opened_on
    assert demo_job.opening_day(tmp_path / "home", 99, later) == later, "another seed is another province"


def test_a_fast_clock_catches_up_with_the_time_of_day_and_never_passes_it() -> None:
    started = datetime.now(UTC) - timedelta(minutes=30)
    behind = demo_job.clock(speed=10, hours_behind=60, started=started)
    assert timedelta(hours=55.4) < datetime.now(UTC) - behind() < timedelta(hours=55.6)
    arrived = demo_job.clock(speed=1000, hours_behind=60, started=started)
    assert abs(datetime.now(UTC) - arrived()) < timedelta(seconds=5)


def test_the_demo_makes_its_people_once(store: Store) -> None:
    made = demo_job.accounts(store)
    assert demo_job.accounts(store) == made
    heads = [a for a in made if a.role == "head"]
    assert [h.departments for h in heads] == [("Sở Y tế",), ("UBND phường Tân Vân",)]
    person = people.check(store, "tanvan", "demo-tanvan")
    assert person is not None
    assert person.departments == ("UBND phường Tân Vân",)
    assert people.check(store, "tanvan", "wrong") is None
