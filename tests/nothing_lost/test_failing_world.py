"""A full disk, a locked store, a server that goes: the sync ends, says so, and the next goes on; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from config.errors import SourceError, StoreError
from config.settings import settings
from config.sources import Request, Source
from connectors.simulator.faults import Faults
from connectors.simulator.province import build
from jobs.sync import sync_source
from store import database
from store.database import Store, open_store
from tests.conftest import do_without
from tests.demo.conftest import NOW as OPENED_AT
from tests.demo.conftest import Clock, at_work
from tests.demo.conftest import source_at as province_at
from tests.fresh import Server
from tests.nothing_lost.conftest import SaysTheTruth
from tests.nothing_lost.contents import HOW_OFTEN, WHEN, counts_add_up, hashes, runs_of
from tests.nothing_lost.disks import fill, held_by_another_process, small_disk
from tests.nothing_lost.office import Office, open_office


def last_run(store: Store, source: Source) -> dict[str, Any]:
    return runs_of(store, source.name).row(-1, named=True)


def after_first_batch(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Do something once, when the first batch is stored."""
    todo = [act]
    return lambda read, expected: (todo.pop()(), None)[1] if todo else None


@pytest.fixture
def impatient(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store, opened by somebody who waits a second for a lock instead of half a minute."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    opened = open_store(store.url, home=tmp_path / "var")
    yield opened
    opened.engine.dispose()


def test_a_store_that_another_process_holds_is_named_and_read_into_later(
    impatient: Store, source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    with ExitStack() as held:
        if impatient.engine.dialect.name == "sqlite":
            held.enter_context(held_by_another_process(Path(str(impatient.engine.url.database))))
        else:
            other = sa.create_engine(impatient.url, poolclass=NullPool)
            held.enter_context(other.begin()).execute(sa.text("LOCK TABLE dossiers, runs IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreError, match=r"^store .*lock.*Another program is writing"):
            sync_source(impatient, source, seen_at=office.now)
    sync_source(impatient, source, seen_at=office.now)
    says_the_truth(impatient)


def test_a_database_that_may_not_grow_keeps_what_it_has_and_goes_on_with_room(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    if store.engine.dialect.name != "sqlite":
        return
    office.put(*(f"B-{i:03}" for i in range(300)), DonViXuLy="Sở Xây dựng " * 60)
    many = source.model_copy(update={"request": Request(rows_a_page=60, attempts=2)})
    pages = [10_000]

    @sa.event.listens_for(store.engine, "begin")
    def limited(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages[0]}")

    with pytest.raises(StoreError, match="full.*Free some space on the disk"):
        sync_source(store, many, seen_at=office.now, progress=after_first_batch(lambda: pages.__setitem__(0, 1)))
    kept = runs_of(store, source.name)
    assert kept["new"].to_list() == [21], "the last page, which is read first"
    pages[0] = 1_000_000
    sync_source(store, many, seen_at=office.now)
    assert runs_of(store, source.name)["state"].to_list() == ["failed", "ok"]
    says_the_truth(store)


@pytest.fixture
def small(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Store, Path]]:
    """A store on a disk of its own of a few megabytes, and that disk; raw answers go elsewhere."""
    on_server = engine_kind == "postgresql"
    server: Server | None = request.getfixturevalue("postgres") if on_server else None
    with ExitStack() as undo:
        folder = server.home / "disk" if server else tmp_path / "disk"  # the server's user must be able to go there
        disk = undo.enter_context(_disk(request, folder, 24 if server else 2))
        url = undo.enter_context(server.on_disk(disk)) if server else f"sqlite:///{disk / 'dunghan.db'}"
        store = open_store(url, home=tmp_path / "var")
        undo.callback(store.engine.dispose)
        yield store, disk


@contextmanager
def _disk(request: pytest.FixtureRequest, folder: Path, megabytes: int) -> Iterator[Path]:
    with ExitStack() as undo:
        try:
            disk = undo.enter_context(small_disk(folder, megabytes=megabytes))
        except OSError as error:
            do_without(request, f"a small disk cannot be mounted here ({error}).", optional=True)
        yield disk


def test_on_a_disk_that_is_full_the_sync_ends_and_goes_on_when_there_is_room(
    small: tuple[Store, Path], source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    store, disk = small
    sync_source(store, source, seen_at=office.now - timedelta(minutes=30))
    office.put(*(f"B-{i:03}" for i in range(400)), DonViXuLy="Sở Xây dựng " * 60)
    many = source.model_copy(update={"request": Request(rows_a_page=60, attempts=2)})
    filler = fill(disk, leave=100_000)
    with pytest.raises(StoreError, match="(?i)(full|no space left).*Free some space"):
        sync_source(store, many, seen_at=office.now)
    assert runs_of(store, source.name)["new"].sum() < 420
    filler.unlink()
    sync_source(store, many, seen_at=office.now)
    says_the_truth(store)


def test_raw_answers_that_find_no_room_stop_the_batch_they_belong_to(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    with _disk(request, tmp_path / "raw-disk", 1) as disk:
        monkeypatch.setenv("DUNGHAN_HOME", str(disk))
        settings.cache_clear()
        with pytest.raises(StoreError, match=r"raw answer could not be kept.*it goes on at this batch"):
            sync_source(store, source, seen_at=office.now, progress=after_first_batch(lambda: fill(disk, leave=0)))
        assert runs_of(store, source.name)["read"].item() == 5
        (disk / "filler").unlink()
        sync_source(store, source, seen_at=office.now)
        says_the_truth(store)


def test_a_database_server_that_stops_is_said_and_read_into_when_it_is_back(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth, request: pytest.FixtureRequest
) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    server: Server = request.getfixturevalue("postgres")
    if not server.is_ours:
        do_without(request, "a database server that is not ours cannot be stopped.", optional=True)
    try:
        with pytest.raises(StoreError, match="Check that the database runs"):
            sync_source(store, source, seen_at=office.now, progress=after_first_batch(server.stop))
    finally:
        server.start()
    sync_source(store, source, seen_at=office.now)
    assert runs_of(store, source.name)["state"].to_list() == ["failed", "ok"]
    says_the_truth(store)


def test_sessions_that_the_database_ends_cost_a_run_at_most(
    store: Store, source: Source, office: Office, says_the_truth: SaysTheTruth
) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    ended: list[str] = []

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def end(connection: sa.Connection, _: Any, text: str, *__: Any) -> None:
        if text.startswith("UPDATE runs SET read") and not ended:
            ended.append(text)
            other = sa.create_engine(store.url, poolclass=NullPool)
            with other.begin() as admin:
                mine = "datname = current_database() AND pid <> pg_backend_pid()"
                admin.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))

    with pytest.raises(StoreError, match="terminating connection"):
        sync_source(store, source, seen_at=office.now)
    assert ended
    sync_source(store, source, seen_at=office.now)
    says_the_truth(store)


def test_a_source_that_goes_half_way_is_read_on_when_it_is_back(store: Store, office: Office, tmp_path: Path) -> None:
    with ExitStack() as opened:
        source = opened.enter_context(open_office(office))
        port = int(source.url.rpartition(":")[2])
        with pytest.raises(SourceError, match=r"broke off|cannot be reached"):
            sync_source(store, source, seen_at=office.now, progress=after_first_batch(opened.close))
    assert last_run(store, source)["state"] == "failed"
    assert "nothing is lost" in last_run(store, source)["error"]
    with open_office(office, port):
        sync_source(store, source, seen_at=office.now)
        asked = office.asked
        clean = open_store(f"sqlite:///{tmp_path / 'truth.db'}")
        sync_source(clean, source, seen_at=office.now)
    assert office.asked - asked >= asked - 3, "what was stored before was not asked for again"
    assert hashes(store, source.name, less={"swept_at"}) == hashes(clean, source.name, less={"swept_at"})
    clean.engine.dispose()


def test_an_hour_in_which_three_of_ten_requests_fail_loses_nothing(store: Store, tmp_path: Path) -> None:
    """Every fault there is, for an hour of the province's time, a sync every five minutes; then all is well again."""
    clock = Clock()
    province = build(7, OPENED_AT.date(), date(2026, 3, 30), size=0.01)
    kinds = ("500", "429", "timeout", "cut", "duplicate_page", "missing_page", "skew", "schema", "encoding", "expire")
    faults = Faults(11, dict.fromkeys(kinds, 0.03), held_seconds=0.3, retry_after=0)
    failed: list[str] = []
    with at_work(province, clock) as (desk, url):
        quick = Request(rows_a_page=300, timeout_seconds=0.25, attempts=2)
        source = province_at(url, request=quick, keep_raw_days=0)
        desk.mishaps = faults
        for _ in range(12):
            try:
                sync_source(store, source, seen_at=clock.now)
            except SourceError as error:
                failed.append(str(error))
            clock.now += timedelta(minutes=5)
        desk.mishaps = None
        sync_source(store, source, seen_at=clock.now)
        clean = open_store(f"sqlite:///{tmp_path / 'truth.db'}")
        sync_source(clean, source, seen_at=clock.now)
    drawn = faults.drawn.total()
    assert 0.2 < 1 - faults.drawn[""] / drawn < 0.4
    assert failed
    assert runs_of(store, source.name)["error"].drop_nulls().len() == len(failed)
    counts_add_up(store, source.name)
    ours, truth = (hashes(s, source.name, less=WHEN | HOW_OFTEN | {"place"}) for s in (store, clean))
    assert (ours["dossiers"], ours["quarantine"]) == (truth["dossiers"], truth["quarantine"])
    clean.engine.dispose()
