"""The ledger parted by month on PostgreSQL, typed as docs/scale.md has it: the same figures, and nothing is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from benchmarks import loading
from benchmarks.sizes import SOURCE
from jobs.rebuild import rebuild
from metrics.dossier import INSTANT
from store import snapshot, verifying
from store.database import Store, open_store, reading
from store.ingest import begin_run
from tests.conftest import ROOT

FIRST, MONTHLY = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/scale.md").read_text(encoding="utf-8"), re.DOTALL)
NOW = loading._NOW


@pytest.fixture
def there(postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store on PostgreSQL with a hundred dossiers."""
    opened = open_store(postgres_url, home=tmp_path)
    load(opened, 1)
    yield opened
    opened.engine.dispose()


def load(store: Store, hours: int) -> None:
    """Tell of the same hundred dossiers, handed over at another hour each time."""
    at = NOW + timedelta(hours=hours)
    told = pl.lit(at, INSTANT)
    came = pl.lit(NOW - timedelta(days=20), INSTANT)
    rows = pl.concat(loading.batches(100)).with_columns(
        status=pl.lit("returned"), received_at=came, resolved_at=came, returned_at=told, changed_at=told
    )
    with begin_run(store, SOURCE, kind="load", origin="test", seen_at=at + timedelta(minutes=1)) as run:
        run.batch(rows)


def typed(store: Store, block: str) -> None:
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.rollback()
        driver.execute(block)


def lying(store: Store) -> dict[str, int]:
    with reading(store) as connection:
        rows = connection.execute(sa.text("SELECT tableoid::regclass::text, count(*) FROM ledger GROUP BY 1"))
        return {name: count for name, count in rows}


def test_a_ledger_that_is_parted_is_loaded_read_and_verified_like_a_whole_one(there: Store) -> None:
    before = rebuild(there).data_version
    typed(there, FIRST)
    assert rebuild(there, verify=True).data_version == before
    load(there, 2)
    rebuild(there)
    typed(there, MONTHLY)
    load(there, 3)
    assert lying(there) == {"ledger_2026_11": 100, "ledger_2026_12": 100, "ledger_now": 100}

    after = rebuild(there)
    assert snapshot.facts(there, after).collect().height == 100
    (there.derived / "manifest.json").unlink()
    assert rebuild(there).data_version == after.data_version
    assert verifying.verify(there) == ()


def test_a_parted_ledger_is_append_only_still(there: Store) -> None:
    typed(there, FIRST)
    typed(there, MONTHLY)
    for change in ("DELETE FROM ledger", "UPDATE ledger SET code = 'x'", "TRUNCATE ledger"):
        with pytest.raises(DBAPIError, match="append-only"), there.engine.begin() as connection:
            connection.execute(sa.text(change))
