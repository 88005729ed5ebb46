"""What a dossier takes up is measured of a store that holds what it was given, and of each change."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from benchmarks import loading, sizes


def test_a_change_takes_less_than_the_dossier_and_both_are_in_the_ledger(tmp_path: Path) -> None:
    with loading.database("SQLite", "", tmp_path) as url:
        told = sizes.measured("SQLite", url, 2_000, tmp_path)
        with sa.create_engine(url).connect() as connection:
            entries = connection.execute(sa.text("SELECT count(*) FROM ledger GROUP BY change ORDER BY change")).all()
    assert entries == [(2_000,), (2_000,)]
    assert 300 < told.change < told.first < 2_000
