"""A sweep that shows a dossier in two states: with stamps the newer one counts, without them the first; never both."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from config import notes
from store import ledger, runs, sweeps, verifying
from store.database import Store
from store.ingest import begin_run
from tests.store.test_ingest import ALL, HCM, NOON, load, rows

DAY = timedelta(days=1)


def swept(store: Store, day: int, *batches: pl.DataFrame) -> tuple[int, int]:
    """Sweep the source in these batches; gives rows changed and merged."""
    with begin_run(store, HCM, kind="sweep", origin="x", seen_at=NOON + day * DAY) as run:
        for batch in batches:
            run.batch(batch)
        sweeps.settle(run, pl.concat([batch["code"] for batch in batches]))
    return run.counts.changed, run.counts.merged


def states(store: Store) -> list[str | None]:
    return [entry["step"] for entry in ledger.history(store, HCM.name, "A", ALL).to_dicts()]


OLD = rows("A", step="Thụ lý", changed_at=NOON - 2 * DAY)
NEW = rows("A", step="Thẩm định", changed_at=NOON - DAY)
OTHER = rows("B", changed_at=NOON - DAY)


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_of_two_stamped_states_the_newer_one_stands_after_every_sweep(
    store: Store, order: tuple[pl.DataFrame, pl.DataFrame]
) -> None:
    load(store, NEW)
    load(store, OTHER)
    for day in range(1, 4):
        assert swept(store, day, order[0], OTHER, order[1]) == (0, 1)
    assert states(store) == ["Thẩm định"]
    assert verifying.verify(store) == ()


def test_a_source_that_was_put_back_is_believed_by_the_second_sweep_that_shows_nothing_newer(store: Store) -> None:
    load(store, NEW)
    load(store, OTHER)
    assert swept(store, 1, OLD, OTHER) == (0, 1)
    assert swept(store, 2, OLD, OTHER) == (1, 0)
    assert swept(store, 3, OLD, OTHER) == (0, 0)
    assert states(store) == ["Thẩm định", "Thụ lý"]
    assert verifying.verify(store) == ()


def test_a_state_is_put_back_to_the_newest_of_those_that_came(store: Store) -> None:
    between = rows("A", step="Kiểm tra", changed_at=NOON - 1.5 * DAY)
    load(store, NEW)
    load(store, OTHER)
    swept(store, 1, NEW, OTHER)
    assert swept(store, 2, between, OTHER, OLD) == (1, 1)
    assert states(store) == ["Thẩm định", "Kiểm tra"]


def test_without_stamps_the_first_state_shown_is_kept_and_that_is_said(store: Store) -> None:
    one, two = rows("A", step="Thụ lý"), rows("A", step="Thẩm định")
    load(store, one)
    load(store, OTHER)
    for day in range(1, 4):
        assert swept(store, day, one, OTHER, two) == (0, 1)
        assert "more than once" in str(*notes.read(runs.history(store, limit=1)["notes"][0]))
    assert states(store) == ["Thụ lý"]


def test_a_newer_state_within_one_sweep_is_a_change(store: Store) -> None:
    load(store, OLD)
    load(store, OTHER)
    assert swept(store, 1, OLD, OTHER, NEW) == (1, 0)
    assert states(store) == ["Thụ lý", "Thẩm định"]
