"""A worker whose hold on the lead is lost leads no more, though nobody told it to stop."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from jobs import scheduler
from store.database import Store, locked
from store.leading import holder

PATIENCE = 60.0  # a busy machine is not a broken one


def test_a_worker_leads_until_the_database_lets_go_of_its_lock(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheduler, "HELD_EVERY_SECONDS", 0.1)
    stop = threading.Event()
    with locked(store, scheduler.LEADER):
        worker = threading.Thread(target=scheduler._lead_while_held, args=(store, (), stop))
        worker.start()
        worker.join(2)
        assert worker.is_alive()  # it holds the lock, and leads
        if store.engine.dialect.name == "postgresql":
            with sa.create_engine(store.url, poolclass=NullPool).begin() as other:
                mine = holder(store, scheduler.LEADER)
                other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        else:  # the lock is the process's own: only somebody who asks ends it
            stop.set()
        worker.join(PATIENCE)
        assert not worker.is_alive()
    lost = "lead_lost" in capsys.readouterr().err
    assert lost == (store.engine.dialect.name == "postgresql")
    stop.set()
