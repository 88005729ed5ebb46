"""A table is streamed: ten times the rows cost no more memory, and what is left unread is not read behind our back."""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Reading
from connectors.database import pull
from connectors.database_connection import Settings, connected
from connectors.database_cursor import Order
from connectors.database_query import Question
from tests.databases.vendor import USER, Vendor, at, row

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
WIDE = {
    "postgresql": "SELECT n AS cap_nhat, n AS ma_ho_so, repeat('x', 1000) AS wide FROM generate_series(1, {}) n",
    "mariadb": "SELECT seq AS cap_nhat, seq AS ma_ho_so, REPEAT('x', 1000) AS wide FROM seq_1_to_{}",
}
WATCHED = {
    "postgresql": f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{USER}'",
    "mariadb": f"SELECT count(*) FROM information_schema.processlist WHERE user = '{USER}'",
}


def resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_long_answer_is_never_held_as_a_whole(kind: str, request: pytest.FixtureRequest) -> None:
    vendor: Vendor = request.getfixturevalue(kind)
    rows = 60_000  # 60 MB and more, were it held
    query = WIDE[kind].format(rows)
    source = vendor.source(query=query, cursor_kind="number", batch_rows=2_000)
    order = Order("number", source.zone, NOW.replace(tzinfo=None), timedelta(), 0)
    with connected(source, source.told(Settings), Reading(NOW)) as server:
        everything = Question(query, "cap_nhat", ("ma_ho_so",)).everything(server.dialect)
        gc.collect()
        before, most, seen = resident_megabytes(), 0.0, 0
        for chunk in server.rows(everything, order, "", as_text=False):
            seen, most = seen + len(chunk), max(most, resident_megabytes() - before)
    assert seen == rows
    assert most < 25


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_an_answer_that_is_left_is_not_read_to_its_end_and_the_server_stops(
    kind: str, request: pytest.FixtureRequest
) -> None:
    vendor: Vendor = request.getfixturevalue(kind)
    vendor.insert(vendor.create(), [row(f"{n:05}", at(5), chu_ho_so="x" * 190) for n in range(6_000)])
    first = next(iter(pull(vendor.source(batch_rows=100), Reading(NOW))))
    assert first.good.height == 99
    gc.collect()
    with vendor.admin.connect() as connection:
        until = time.monotonic() + 5
        while connection.exec_driver_sql(WATCHED[kind]).scalar() and time.monotonic() < until:
            time.sleep(0.02)
        assert connection.exec_driver_sql(WATCHED[kind]).scalar() == 0
