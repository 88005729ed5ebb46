"""Nothing is written into a vendor's database: we refuse to ask for it, and the server refuses to do it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError
from connectors.base import Reading
from connectors.database_connection import Settings, connected
from connectors.database_query import one_select
from tests.databases.vendor import Vendor, at, row

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM hoso", 'begins with "DELETE"'),
        ("SELECT 1; DROP TABLE hoso", "more than one statement"),
        ("SELECT 1) q; DELETE FROM hoso; SELECT * FROM (SELECT 1", "more than one statement"),
        ("SELECT 1) q UNION SELECT * FROM (SELECT 2", "brackets do not match"),
        ("SELECT * FROM (SELECT 1", "brackets do not match"),
        ("WITH gone AS (DELETE FROM hoso RETURNING *) SELECT * FROM gone", 'the word "DELETE"'),
        ("SELECT * INTO copy FROM hoso", 'the word "INTO"'),
        ("SELECT * FROM hoso FOR UPDATE", 'the word "UPDATE"'),
        ("SELECT 1 /*! ; DELETE FROM hoso */", "a comment that MariaDB would carry out"),
        ("SELECT * FROM hoso WHERE a > :from", ":from is no parameter"),
        ("   ", 'begins with ""'),
    ],
)
def test_what_is_not_one_select_is_refused_before_anybody_is_asked(query: str, said: str) -> None:
    with pytest.raises(ConfigError) as told:
        one_select(query, place="sources.toml")
    assert said in told.value.found
    assert told.value.place == "sources.toml, query"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM hoso",
        "select * from hoso;",
        "WITH a AS (SELECT 1 AS x) SELECT * FROM a",
        "SELECT 'a; b) DELETE' AS x, \"update\", [drop], `insert` FROM hoso -- ; DELETE",
        "SELECT deleted, updated_at, last_update FROM hoso /* ) */",
        "SELECT a::date, '08:30' FROM hoso WHERE b >= :since AND b < :until",
        "SELECT $x$ ; DELETE $x$ AS a FROM hoso",
    ],
)
def test_a_select_is_a_select_whatever_its_texts_and_comments_say(query: str) -> None:
    assert one_select(query, place="") == query.removesuffix(";")


@pytest.mark.parametrize("writing", ["INSERT INTO {} (ma_ho_so) VALUES ('x')", "DELETE FROM {}", "DROP TABLE {}"])
def test_the_server_refuses_to_write_even_for_an_account_that_may(vendor: Vendor, writing: str) -> None:
    """The connection itself is what only reads: here it is that of the database's owner."""
    vendor.insert(vendor.create(), [row("A", at(5))])
    owner = vendor.admin.url.render_as_string(hide_password=False)
    source = vendor.source(url=owner).model_copy(update={"user_secret": "", "password_secret": ""})
    with connected(source, source.told(Settings), Reading(NOW)) as server, pytest.raises(SQLAlchemyError) as told:
        server.connection.exec_driver_sql(writing.format(vendor.named("HOSO")))
    assert "read" in str(told.value).lower()
    with vendor.admin.connect() as connection:
        assert connection.scalar(sa.text(f"SELECT count(*) FROM {vendor.named('HOSO')}")) == 1
