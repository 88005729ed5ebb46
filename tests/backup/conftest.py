"""A store with something of everything in it, filled from a vendor's table, so that a sync can go on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from config.settings import settings
from jobs.sync import sync_source
from store import audit, corrections, people, tables
from store.database import Store, open_store, writing
from tests.databases.vendor import MAPPING, Vendor, at, row

#: 20 November 2026, 10:00 in Vietnam.
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
FULL = MAPPING.replace("[status]", 'due_at = "ngay_hen"\nresolved_at = "ngay_xong"\n[status]')


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[Vendor]:
    """A vendor's SQLite file with six dossiers, one of them unreadable."""
    url = f"sqlite:///{tmp_path / 'vendor.db'}"
    made = Vendor("sqlite", sa.create_engine(url, poolclass=NullPool), url, tmp_path)
    rows = [
        row(f"H-{n}", at(4 + n, 9), ngay_xong=at(4 + n, 9) if n % 2 else None, trang_thai=9 if n % 2 else 4)
        for n in range(5)
    ]
    made.insert(made.create(), [*rows, row("H-wrong", at(5), trang_thai=77)])
    yield made
    made.admin.dispose()


def sync(store: Store, vendor: Vendor, now: datetime) -> tuple[int, int, int]:
    """Pull the vendor's table; give how many were read, new and changed."""
    source = vendor.source(mapping=FULL, overlap_minutes=0).model_copy(update={"sweep_hours": 0})
    counts = sync_source(store, source, seen_at=now)
    return counts.read, counts.new, counts.changed


def fill(store: Store, vendor: Vendor) -> None:
    """Two syncs, between which one dossier was closed; a correction, a rule book, a person with a session."""
    sync(store, vendor, NOW)
    vendor.run(
        "UPDATE HOSO SET trang_thai = 9, ngay_xong = '2026-11-20 11:00:00.000000', "
        "cap_nhat = '2026-11-20 11:00:00.000000' WHERE ma_ho_so = 'H-0'"
    )
    sync(store, vendor, NOW + timedelta(hours=2))
    people.add(store, "thu", "mật khẩu rất dài", role="director", title="Giám đốc")
    with writing(store) as connection:
        connection.execute(
            sa.insert(tables.sessions).values(
                token_sha256="t" * 64, person="thu", opened_at=NOW, last_seen_at=NOW, expires_at=NOW + timedelta(days=1)
            )
        )
    corrections.record(store, "vendor", "H-2", due_at=NOW, reason="thư xin lỗi", by="thu", at=NOW)
    audit.keep(store, person="thu", act="sign_in", at=NOW)


@pytest.fixture
def filled(store: Store, vendor: Vendor) -> Store:
    fill(store, vendor)
    return store


def emptied(url: str) -> Store:
    return open_store(url)
