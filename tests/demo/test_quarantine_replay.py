"""After a mapping was mended, refused rows go into the store once; what is still wrong waits on; the counts add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.errors import SourceError
from config.sources import Exchange, Source
from connectors.simulator.server import Desk
from jobs.quarantine import by_hand, replay
from jobs.sync import sync_source
from metrics.scope import Scope
from store import runs
from store.database import Store
from tests.demo.conftest import NOW


def held(store: Store) -> int:
    return int(runs.latest(store)["dossiers"].sum())


def test_rows_of_an_unknown_status_come_in_once_after_it_is_known(store: Store, demo: tuple[Desk, Source]) -> None:
    _, source = demo
    first = sync_source(store, source, seen_at=NOW)
    reasons = runs.quarantined(store, Scope.province())["reasons"].to_list()
    unknown = sum(found == ["unknown_status"] for found in reasons)
    assert 0 < unknown < len(reasons)
    before = held(store)
    mended = source.model_copy(update={"exchange": Exchange(statuses={"15": "processing"})})

    done = replay(store, mended, seen_at=NOW + timedelta(minutes=1))
    assert (done.waited, done.waiting) == (len(reasons), len(reasons) - unknown)
    assert (
        done.counts.read
        == first.read
        == sum(
            (done.counts.new, done.counts.changed, done.counts.unchanged, done.counts.merged, done.counts.quarantined)
        )
    )
    assert (done.counts.new, done.counts.changed) == (unknown, 0)
    assert held(store) == before + unknown

    again = replay(store, mended, seen_at=NOW + timedelta(minutes=2))
    assert (again.counts.new, again.counts.changed, again.waited, again.waiting) == (0, 0, done.waiting, done.waiting)
    assert held(store) == before + unknown


def test_without_a_mended_mapping_everything_waits_on(store: Store, demo: tuple[Desk, Source]) -> None:
    _, source = demo
    sync_source(store, source, seen_at=NOW)
    waiting = runs.quarantined(store, Scope.province()).height
    done = replay(store, source, seen_at=NOW + timedelta(minutes=1))
    assert (done.waited, done.waiting, done.counts.new) == (waiting, waiting, 0)


def test_of_a_source_of_files_the_files_to_load_again_are_named(store: Store, demo: tuple[Desk, Source]) -> None:
    _, source = demo
    sync_source(store, source, seen_at=NOW)
    said = by_hand(store, source.name)
    assert isinstance(said, SourceError)
    assert f"{source.address} ({runs.quarantined(store, Scope.province()).height})" in said.found
    assert "none of its rows is in quarantine" in by_hand(store, "another").found
    with pytest.raises(SourceError, match="load the same files again"):
        raise said
