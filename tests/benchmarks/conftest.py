"""One small province, laid out once for all tests of the benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from benchmarks import postgres as house
from benchmarks.layout import lay_out
from benchmarks.peer_postgres import ADDRESS
from benchmarks.province import Province
from tests.fresh import Server

PROVINCE = Province(rows=20_000, months=4)


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a province of 20,000 dossiers in four months, as every engine reads it."""
    folder = tmp_path_factory.mktemp("bench")
    lay_out(PROVINCE, folder)
    return folder


@pytest.fixture(scope="session")
def in_postgres(laid_out: Path, postgres: Server) -> Iterator[None]:
    """The same province in tables of the tests' own PostgreSQL, where the engine finds its address."""
    url = sa.make_url(postgres.empty(laid_out))
    address = psycopg.conninfo.make_conninfo(
        host=url.host or str(url.query["host"]), port=url.port, user=url.username, password=url.password,
        dbname=url.database,
    )  # fmt: skip
    house.fill(address, laid_out)
    (laid_out / ADDRESS).write_text(address, encoding="utf-8")
    yield
    postgres.drop(url.render_as_string(hide_password=False))
