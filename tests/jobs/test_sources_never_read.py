"""A source that is declared and was never read is in the list, and is said to be so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from jobs import sources, sources_cli
from jobs.rebuild import rebuild
from metrics.dossier import COLUMNS, Dossier
from store.database import Store
from store.ingest import Source, begin_run

TOLD = (
    '[[source]]\nname = "read"\nkind = "exchange"\nurl = "http://127.0.0.1:9"\n'
    '[[source]]\nname = "never"\ntitle = "Cổng tỉnh"\nkind = "exchange"\nurl = "http://127.0.0.1:9"\n'
    "cadence_minutes = 7\n"
    '[[source]]\nname = "off"\nkind = "exchange"\nurl_from = "NOBODY_SETS_THIS"\n'
)


def test_a_declared_source_that_was_never_read_is_listed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sources.toml").write_text(TOLD, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    now = datetime.now(UTC)
    row = dict.fromkeys(COLUMNS) | {"source": "read", "code": "A", "status": "processing", "received_at": now}
    good = pl.concat(
        [Dossier.create_empty().select(COLUMNS), pl.DataFrame([row]).select(COLUMNS)], how="vertical_relaxed"
    )
    with begin_run(store, Source("read", "Asia/Ho_Chi_Minh"), kind="sync", origin="", seen_at=now) as run:
        run.batch(good)
    rebuild(store)
    found = sources.answer(store)
    assert [s["name"] for s in found["sources"]] == ["read", "never"], "one that is off is not awaited"
    never = found["sources"][1]
    assert (never["title"], never["state"], never["heard_at"]) == ("Cổng tỉnh", "never", None)
    assert never["cadence_minutes"] == 7
    cells = [str(cell) for column in sources_cli._table(found).columns for cell in column.cells]
    assert "never read" in cells
