"""What a source shows no more: missing once, gone twice, back again; and never on the word of half a reading."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
import sqlalchemy as sa

from config import notes
from config.errors import StoreError
from store import frames, ledger, runs, snapshot, sweeps, tables
from store.database import Store, reading, writing
from store.ingest import Counts, begin_run
from store.sweeps import Swept
from tests.store.test_ingest import ALL, HCM, NOON, load, rows

DAY = timedelta(days=1)


def swept(store: Store, *codes: str, at: datetime, accept_missing: bool = False) -> Swept:
    with begin_run(store, HCM, kind="sweep", origin="x", seen_at=at) as run:
        return sweeps.settle(run, pl.Series(codes, dtype=pl.String), accept_missing=accept_missing)


def state(store: Store, code: str) -> tuple[str, datetime | None, datetime | None]:
    table = tables.dossiers
    with reading(store) as connection:
        row = connection.execute(
            sa.select(table.c.status, table.c.missing_since, table.c.gone_at).where(table.c.code == code)
        ).one()
    return row.status, row.missing_since, row.gone_at


def test_absent_once_is_missing_and_absent_twice_is_gone_since_the_first(store: Store) -> None:
    load(store, rows("A", "B", step="Thẩm định", changed_at=NOON))
    assert swept(store, "A", at=NOON + DAY) == Swept(missing=1, gone=0, back=0)
    assert state(store, "B") == ("processing", NOON + DAY, None)
    assert swept(store, "A", at=NOON + 2 * DAY) == Swept(missing=0, gone=1, back=0)
    assert state(store, "B") == ("gone", NOON + DAY, NOON + 2 * DAY)
    last = ledger.history(store, HCM.name, "B", ALL).row(-1, named=True)
    assert (last["change"], last["status"], last["resolved_at"], last["step"]) == (
        "gone", "gone", NOON + DAY, "Thẩm định",
    )  # fmt: skip
    assert swept(store, "A", at=NOON + 3 * DAY) == Swept(0, 0, 0)


def test_what_was_closed_keeps_its_state_under_its_tombstone(store: Store) -> None:
    load(store, rows("A"))
    load(store, rows("B", status="returned", resolved_at=NOON, returned_at=NOON))
    for days in (1, 2):
        swept(store, "A", at=NOON + days * DAY)
    assert state(store, "B") == ("returned", NOON + DAY, NOON + 2 * DAY)
    entries = ledger.history(store, HCM.name, "B", ALL)
    assert entries.select("change", "status", "resolved_at").rows()[-1] == ("gone", "returned", NOON)


def test_what_comes_back_is_no_longer_missing(store: Store) -> None:
    load(store, rows("A", "B", changed_at=NOON))
    swept(store, "A", at=NOON + DAY)
    assert swept(store, "A", "B", at=NOON + 2 * DAY) == Swept(missing=0, gone=0, back=1)
    assert swept(store, "A", at=NOON + 3 * DAY) == Swept(missing=1, gone=0, back=0), "it is counted anew"
    swept(store, "A", at=NOON + 4 * DAY)
    load(store, rows("B", changed_at=NOON), seen_at=NOON + 5 * DAY)
    assert state(store, "B") == ("processing", None, None)
    assert [e["status"] for e in ledger.history(store, HCM.name, "B", ALL).to_dicts()] == [
        "processing", "gone", "processing",
    ]  # fmt: skip


def test_what_is_shown_in_an_older_state_is_there_all_the_same(store: Store) -> None:
    """B was open and C closed when they vanished; then the source shows them as they had been before."""
    load(store, rows("A", "B", changed_at=NOON))
    load(store, rows("C", status="returned", resolved_at=NOON, returned_at=NOON, changed_at=NOON))
    for days in (1, 2):
        swept(store, "A", at=NOON + days * DAY)
    assert state(store, "C") == ("returned", NOON + DAY, NOON + 2 * DAY)
    older = rows("B", "C", step="Tiếp nhận", changed_at=NOON - DAY)
    assert load(store, older, seen_at=NOON + 3 * DAY) == Counts(changed=1, merged=1)
    assert state(store, "B") == ("processing", None, None), "gone was our word; this is the source's"
    assert state(store, "C") == ("returned", None, None), "an older state is not taken, but it is there"
    assert swept(store, "A", at=NOON + 4 * DAY) == Swept(missing=2, gone=0, back=0), "counted anew"


def test_a_person_may_say_once_that_what_lacks_is_gone(store: Store) -> None:
    """30 of 300 were deleted: that is asked once, and the next reading needs no word for the same 30."""
    codes = [f"D{n}" for n in range(300)]
    load(store, rows(*codes))
    assert swept(store, *codes[30:], at=NOON + DAY, accept_missing=True) == Swept(missing=30, gone=0, back=0)
    said = notes.read(runs.history(store)["notes"][0])
    assert said[0] == notes.note("missing_accepted", count=30, of=300)
    assert swept(store, *codes[30:], at=NOON + 2 * DAY) == Swept(missing=0, gone=30, back=0)
    with pytest.raises(StoreError, match="lacks 30 of 270 dossiers"):
        swept(store, *codes[60:], at=NOON + 3 * DAY)


def test_half_a_reading_buries_nobody(store: Store) -> None:
    codes = [f"D{n}" for n in range(100)]
    load(store, rows(*codes))
    with pytest.raises(StoreError, match="lacks 50 of 100 dossiers"):
        swept(store, *codes[:50], at=NOON + DAY)
    assert state(store, "D99") == ("processing", None, None)
    assert runs.history(store)["state"][0] == "failed"
    assert swept(store, *codes[:95], at=NOON + DAY).missing == 5


def test_a_tombstone_is_seen_by_what_is_derived_and_by_a_past_evening(store: Store) -> None:
    load(store, rows("A", "B"))
    for days in (1, 2):
        swept(store, "A", at=NOON + days * DAY)
    with reading(store) as connection:
        for when, status in ((NOON + DAY, "processing"), (NOON + 2 * DAY, "gone"), (None, "gone")):
            seen = snapshot.observe(connection, "2026-10", when)
            assert seen.filter(code="B")["status"].to_list() == [status]
        assert snapshot.changed_months(connection, after=2) == {"2026-10"}


def test_what_was_noticed_stands_on_the_run(store: Store) -> None:
    load(store, rows("A", "B"))
    swept(store, "A", at=NOON + DAY)
    with reading(store) as connection:
        kept = frames.select(connection, sa.select(tables.runs.c.notes).order_by(tables.runs.c.id))["notes"].to_list()
    assert kept[0] is None
    assert notes.read(kept[1]) == (notes.note("not_found", count=1),)


def test_a_refused_whole_reading_is_not_repeated_at_once(store: Store) -> None:
    codes = [f"D{n}" for n in range(100)]
    load(store, rows(*codes))
    at = NOON + 2 * DAY
    with pytest.raises(StoreError, match="lacks 50"):
        swept(store, *codes[:50], at=at)
    told = sweeps.refused(store, HCM.name)
    assert told is not None
    assert (told.at, "lacks 50 of 100 dossiers" in told.why) == (at, True)
    assert "it is tried again from 2026-11-23 05:00 UTC on" in told.noted(24).english

    def due(days: float) -> bool:
        return sweeps.due(store, HCM.name, hours=24, now=NOON + days * DAY, local_hour=3)

    assert (due(2.1), due(2.9), due(3)) == (False, False, True)
    swept(store, *codes, at=NOON + 3 * DAY)
    assert sweeps.refused(store, HCM.name) is None
    assert (due(3.9), due(4)) == (False, True)


def test_a_whole_reading_whose_process_was_killed_is_repeated_at_once(store: Store) -> None:
    load(store, rows("A"))
    with writing(store) as connection:
        row = {"source": HCM.name, "kind": "sweep", "origin": "x", "state": "running", "started_at": NOON + 2 * DAY}
        connection.execute(sa.insert(tables.runs).values(row))
    assert runs.bury(store) == 1
    assert sweeps.refused(store, HCM.name) is None
    assert sweeps.due(store, HCM.name, hours=24, now=NOON + 2.1 * DAY, local_hour=3)


def test_the_time_for_a_whole_reading(store: Store) -> None:
    def due(days: float, *, hour: int = 3, every: int = 24) -> bool:
        return sweeps.due(store, HCM.name, hours=every, now=NOON + days * DAY, local_hour=hour)

    assert not due(2), "nothing was ever read"
    load(store, rows("A"))
    assert due(2)
    swept(store, "A", at=NOON + DAY)
    assert not due(1.9)
    assert due(2)
    assert not due(2, hour=10), "not in office hours"
    assert due(3, hour=10), "but not put off for ever"
    assert not due(9, every=0)
