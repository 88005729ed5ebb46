"""A vendor's table that the simulator fills on a server is read by the database connector as what was written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from polars.testing import assert_frame_equal

from config.errors import ConfigError
from config.sources import load as load_sources
from connectors.simulator.exports import files
from connectors.simulator.flow import columns, shown
from connectors.simulator.flow.world import World, play
from jobs.sync import sync_source
from store import frames, tables
from store.database import Store
from tests.databases.vendor import PASSWORD, Vendor
from tests.demo.conftest import NOW
from tests.demo.flows import at, office

MOMENT = at(2026, 5, 20)
SAME = ("code", "status", "procedure", "procedure_name", "field", "department", "channel")
STAMPS = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at")


@pytest.fixture(scope="module")
def world() -> World:
    return play(office(), rows=600)


@pytest.fixture(scope="module")
def rows(world: World) -> pl.DataFrame:
    return shown.as_shown(world, MOMENT)


def filled(place: Vendor, rows: pl.DataFrame) -> None:
    """Fill the table by the address of who may do everything; twice, as the second replaces the first."""
    url = place.admin.url.render_as_string(hide_password=False)
    files.into([rows[:10]], url, source="vendor", title="Nhà cung cấp")
    done = files.into([rows[:200], rows[200:]], url, source="vendor", title="Nhà cung cấp")
    assert done.rows == rows.height


def by_script(place: Vendor, rows: pl.DataFrame) -> None:
    """Run the script that was written, as docs/simulate.md says where the client is there."""
    files.export([rows[:200], rows[200:]], place.folder / "hoso.sql", source="vendor", title="Nhà cung cấp")
    script = place.folder / "hoso.sql"
    for _ in range(2):
        {"sqlite": _by_driver, "postgresql": _by_psql, "mariadb": _by_client}[place.kind](place, script)


def _by_driver(place: Vendor, script: Path) -> None:
    raw = place.admin.raw_connection()
    try:
        own: Any = raw.driver_connection
        run = own.executescript if place.kind == "sqlite" else own.execute
        run(script.read_text(encoding="utf-8"))
        raw.commit()
    finally:
        raw.close()


def _by_psql(place: Vendor, script: Path) -> None:
    psql = shutil.which("psql")
    if psql is None:  # the server comes without its client
        _by_driver(place, script)
        return
    url = place.admin.url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script), url], check=True, timeout=60)


def _by_client(place: Vendor, script: Path) -> None:
    url = place.admin.url
    client = [shutil.which("mariadb") or "mariadb", "--no-defaults", f"--socket={url.query['unix_socket']}"]
    with script.open("rb") as text:
        subprocess.run([*client, "--user=root", str(url.database)], stdin=text, check=True, timeout=60)


@pytest.mark.parametrize("put", [filled, by_script])
def test_what_the_simulator_puts_on_a_server_is_read_as_it_was(
    vendor: Vendor,
    store: Store,
    world: World,
    rows: pl.DataFrame,
    put: Callable[[Vendor, pl.DataFrame], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    put(vendor, rows)
    if put is by_script:  # beside a script stands its mapping; the source is the office's to write
        files.into([rows[:0]], f"sqlite:///{tmp_path / 'x.sqlite'}", source="vendor", title="")
    (source,) = load_sources(tmp_path / "vendor.sources.toml")
    secrets = {"user_secret": "VENDOR_USER", "password_secret": "VENDOR_PASSWORD"}
    signs_in = secrets if vendor.kind != "sqlite" else {}
    mine = source.model_copy(update={"url": vendor.url, **signs_in})
    counts = sync_source(store, mine, seen_at=NOW)
    assert (counts.new, counts.quarantined) == (rows.height, 0)
    with store.engine.connect() as connection:
        found = frames.select(connection, sa.select(tables.dossiers)).sort("code")
    told = columns.dossiers(world, shown.changed_between(world, 0, MOMENT), "office").sort("code")
    assert_frame_equal(found.select(*SAME, *STAMPS), told.select(*SAME, *STAMPS))


def test_no_account_stands_in_what_is_written_beside(
    postgresql: Vendor, rows: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = postgresql.admin.url.set(password=PASSWORD).render_as_string(hide_password=False)
    done = files.into([rows[:5]], url, source="vendor", title="")
    said = (tmp_path / "vendor.sources.toml").read_text(encoding="utf-8")
    assert 'password_secret = "VENDOR_PASSWORD"' in said
    for text in (said, str(done.file)):
        assert PASSWORD not in text
        assert "postgres@" not in text


def test_a_server_that_nobody_can_fill_is_refused_in_words_without_its_password(rows: pl.DataFrame) -> None:
    nowhere = sa.URL.create("postgresql", "somebody", PASSWORD, "127.0.0.1", 1, "db")
    for driver, found in (("mssql", "nobody fills such a server"), ("postgresql", "refused|connect")):
        url = nowhere.set(drivername=driver).render_as_string(hide_password=False)
        with pytest.raises(ConfigError, match=found) as refused:
            files.into([rows], url, source="vendor", title="")
        assert PASSWORD not in str(refused.value)
        assert "***" in str(refused.value)
