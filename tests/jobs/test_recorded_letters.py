"""The worker brings the figures up to a letter that somebody recorded on a page, and else does nothing."""

from __future__ import annotations

import threading
from datetime import date

from jobs import scheduler
from jobs.rebuild import rebuild
from metrics import rulebook
from store import records, snapshot
from store.database import Store
from store.people import Person
from tests.store.test_ingest import HCM, NOON, load, rows


def test_the_worker_counts_a_letter_recorded_on_a_page(store: Store) -> None:
    load(store, rows("A", due_at=NOON))
    before, stop = rebuild(store), threading.Event()
    job = scheduler._letters(store, threading.Lock(), stop)
    job()
    assert snapshot.read_manifest(store) == before
    entry, who = records.Letter("1/XL", date(2026, 11, 20), date(2026, 11, 23)), Person("v", "v", "operator", None)
    records.record(store, HCM.name, "A", entry, by=who, at=NOON, calendar=rulebook.load().calendar)
    stop.set()
    job()
    assert snapshot.read_manifest(store) == before  # it was asked to end
    stop.clear()
    job()
    after = snapshot.read_manifest(store)
    assert after is not None
    assert (after.letters_seq, after.data_version == before.data_version) == (1, False)
