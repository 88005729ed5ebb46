"""The worker: sync every source at its cadence, bring the figures up to date after each that changed something; take
the turns of reports and alerts, and deliver the mail (jobs.outgoing).

A process of its own, never started from a page. One worker leads a store; others wait for it to end. Jobs live in
memory and in this code: what must survive a restart is in the store, the cursor, the run record, the last turn.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from config import heaps, sources
from config.diary import a_turn, begin, diary
from config.errors import DunghanError, StoreError
from config.settings import settings
from connectors import retries
from jobs.insights import is_due, make
from jobs.outgoing import duties
from jobs.rebuild import rebuild
from jobs.replays import take as take_replays
from jobs.sync import retries_to_log, said, sync_source
from jobs.uploads import take as take_uploads
from store import recorded, runs, snapshot
from store.database import Store, locked, open_store, reading
from store.leading import holder

log = diary("worker")
#: APScheduler's own default is one second: a run that is late by more would be skipped without a word.
GRACE: Final = timedelta(hours=6)
LEADER: Final = "worker"
#: Held by one that waits, so that the doctor sees that somebody would follow.
STANDBY: Final = "worker, waiting"
LEADER_TURN_SECONDS: Final = 5.0
#: How often the one that leads asks whether it still does.
HELD_EVERY_SECONDS: Final = 5.0
#: In the very first load the page should not stay empty to the end: figures of the newest dossiers are shown first.
FIRST_FIGURES_AFTER: Final = 20_000
#: A source that keeps failing is left alone for longer and longer, up to this many of its cadences.
LONGEST_REST: Final = 10
#: Somebody sits before the page and waits.
UPLOADS_EVERY_SECONDS: Final = 2
#: A letter that was recorded on a page counts as soon as it is in the figures.
LETTERS_EVERY_SECONDS: Final = 5
#: How often every derived file is read by its checksum, beside the first time: disks spoil what nobody writes.
VERIFY_EVERY_SECONDS: Final = 3600
#: How often it is asked whether the analyses of the night are due.
INSIGHT_EVERY_SECONDS: Final = 15


def serve(store: Store) -> None:
    """Lead until SIGTERM or Ctrl-C; a run under way ends with its batch. Raises ConfigError when no source is known."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    chosen = sources.chosen(())
    retries.tell(retries_to_log)
    told = False
    while not stop.is_set():
        with locked(store, LEADER) as leads:
            if leads:
                log.info("leading", store=store.name, sources=[s.name for s in chosen])
                _lead_while_held(store, chosen, stop)
                told = False
                continue
        if not told:
            log.info("waiting", reason="another worker leads this store")
            told = True
        with locked(store, STANDBY):
            stop.wait(LEADER_TURN_SECONDS)


def _lead_while_held(store: Store, chosen: tuple[sources.Source, ...], stop: threading.Event) -> None:
    """Lead until ``stop`` is set, or the database let go of the lock: another worker may lead by then."""
    mine, over = holder(store, LEADER), threading.Event()

    def watch() -> None:
        while not stop.wait(HELD_EVERY_SECONDS):
            with suppress(StoreError):  # a database that is away has let go of everything, and says so when it is back
                if holder(store, LEADER) != mine:
                    log.warning("lead_lost", reason="the database ended the session that held it", store=store.name)
                    break
        over.set()

    threading.Thread(target=watch, daemon=True).start()
    lead(store, chosen, over)


def lead(store: Store, chosen: tuple[sources.Source, ...], stop: threading.Event) -> None:
    """Run every source's job at its cadence until ``stop`` is set."""
    # A turn that is skipped because the one before is still running is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(
        executors={"default": ThreadPoolExecutor(len(chosen) + 8)},
        job_defaults={"coalesce": True, "misfire_grace_time": int(GRACE.total_seconds()), "max_instances": 1},
        timezone=UTC,
    )
    deriving = threading.Lock()
    runs.bury(store)
    # What the last worker read may not be counted yet, and who deletes or damages derived files tells nobody.
    _figures_of(store, deriving, verify=True)
    for source in chosen:
        job = _job(store, source, deriving, stop)
        scheduler.add_job(
            a_turn("sync", job), "interval", seconds=source.every_seconds, id=source.name,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
    for name, seconds, work in _besides(store, deriving, stop):
        scheduler.add_job(a_turn(name, work), "interval", seconds=seconds, id=f"{name} beside the sources")
    threading.Thread(target=_end_with, args=(scheduler, stop), daemon=True).start()
    if not chosen:
        log.warning("no_source", next_step="Name one in config/sources.toml, or set DUNGHAN_DEMO_URL.")
    scheduler.start()
    log.info("stopped")


def _besides(
    store: Store, deriving: threading.Lock, stop: threading.Event
) -> Iterator[tuple[str, int, Callable[[], None]]]:
    """Give what is done besides reading sources: its name, every how many seconds, and how."""
    yield "uploads", UPLOADS_EVERY_SECONDS, _uploads(store, deriving, stop)
    yield "replays", UPLOADS_EVERY_SECONDS, _replays(store, deriving, stop)
    yield "letters", LETTERS_EVERY_SECONDS, _letters(store, deriving, stop)
    yield "insight", INSIGHT_EVERY_SECONDS, _insight(store, stop)
    yield "verify", VERIFY_EVERY_SECONDS, lambda: _figures_of(store, deriving, verify=True)
    yield from duties(store, stop)


def _end_with(scheduler: BlockingScheduler, stop: threading.Event) -> None:
    stop.wait()
    while not scheduler.running:
        time.sleep(0.05)
    scheduler.shutdown(wait=True)


class _Stopped(Exception):  # noqa: N818  no error: the worker was asked to end between two batches
    """Leave a pull at a whole batch; the cursor says where to go on."""


def _job(store: Store, source: sources.Source, deriving: threading.Lock, stop: threading.Event) -> Callable[[], None]:
    """Give the job of one source: it never raises, so that no source stops another."""
    rest = _Rest()

    def told(read: int, expected: int) -> None:
        if stop.is_set() and read < expected:
            raise _Stopped
        if read >= FIRST_FIGURES_AFTER and not _any_figures(store):
            _figures_of(store, deriving)

    def job() -> None:
        if stop.is_set() or rest.rests():
            return
        begun = time.monotonic()
        try:
            counts = sync_source(store, source, seen_at=datetime.now(UTC), progress=told)
        except _Stopped:
            log.info("sync_interrupted", source=source.name)
        except DunghanError as error:
            rest.failed()
            log.warning("sync_failed", source=source.name, place=error.place, found=error.found, then=error.next_step)
        except Exception:
            rest.failed()
            log.exception("sync_broken", source=source.name)
        else:
            rest.went_well()
            seconds = round(time.monotonic() - begun, 2)
            log.info("synced", source=source.name, seconds=seconds, rows=said(counts))
        finally:
            # After a failure too: its first batches are stored. Cheap where nothing is behind or missing.
            if not stop.is_set():
                _figures_of(store, deriving)

    return job


def _uploads(store: Store, deriving: threading.Lock, stop: threading.Event) -> Callable[[], None]:
    """Give the job that loads what people uploaded, and brings the figures up to it."""

    def job() -> None:
        if not stop.is_set() and take_uploads(store, settings().home, now=datetime.now(UTC)):
            _figures_of(store, deriving)

    return job


def _replays(store: Store, deriving: threading.Lock, stop: threading.Event) -> Callable[[], None]:
    """Give the job that reads sources again as pages ask for it, and brings the figures up to them."""

    def job() -> None:
        if not stop.is_set() and take_replays(store, settings().home, now=datetime.now(UTC)):
            _figures_of(store, deriving)

    return job


def _letters(store: Store, deriving: threading.Lock, stop: threading.Event) -> Callable[[], None]:
    """Give the job that brings the figures up to letters that people recorded; one question where there are none."""

    def job() -> None:
        state = snapshot.read_manifest(store)
        if stop.is_set() or state is None:
            return
        try:
            with reading(store) as connection:
                newest = recorded.last_letter(connection)
        except DunghanError as error:
            log.warning("letters_failed", place=error.place, found=error.found, then=error.next_step)
            return
        if newest > state.letters_seq:
            _figures_of(store, deriving)

    return job


def _insight(store: Store, stop: threading.Event) -> Callable[[], None]:
    """Give the job that works out the analyses of the night; beside the figures, which never wait for it."""

    def job() -> None:
        try:
            if not stop.is_set() and is_due(store, now=datetime.now(UTC)):
                make(store, now=datetime.now(UTC))
        except DunghanError as error:
            log.warning("insight_failed", place=error.place, found=error.found, then=error.next_step)
        except Exception:
            log.exception("insight_broken")

    return job


class _Rest:
    """A circuit that opens: after the n-th failure in a row, n − 1 turns are left out."""

    def __init__(self) -> None:
        self._failures = self._left = 0

    def rests(self) -> bool:
        self._left -= 1
        return self._left >= 0

    def failed(self) -> None:
        self._failures += 1
        self._left = min(self._failures - 1, LONGEST_REST)

    def went_well(self) -> None:
        self._failures = self._left = 0


def _any_figures(store: Store) -> bool:
    manifest = snapshot.read_manifest(store)
    return manifest is not None and bool(manifest.parts)


def _figures_of(store: Store, deriving: threading.Lock, *, verify: bool = False) -> None:
    """Bring the figures up to the ledger; trouble there is said and does not end the worker."""
    with deriving:
        begun = time.monotonic()
        try:
            before = snapshot.read_manifest(store)
            if before is None and _is_empty(store):
                return
            version = rebuild(store, verify=verify).data_version
        except DunghanError as error:
            log.warning("rebuild_failed", place=error.place, found=error.found, then=error.next_step)
        except Exception:
            log.exception("rebuild_broken")
        else:
            if before is None or before.data_version != version:
                log.info("figures", data_version=version, seconds=round(time.monotonic() - begun, 2))


def _is_empty(store: Store) -> bool:
    with reading(store) as connection:
        return snapshot.ledger_seq(connection) == 0


def main() -> int:
    """Run the worker on the configured store. Exit code: 0 when stopped, 3 when it could not start."""
    try:
        heaps.keep_small()
        begin("worker")
        serve(open_store(settings().store_url, home=settings().home))
    except DunghanError as error:
        log.error("worker_failed", place=error.place, found=error.found, next_step=error.next_step)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
