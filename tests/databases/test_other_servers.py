"""SQL Server and Oracle: no server of theirs is here, so the very statements are compiled and the drivers loaded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from config.errors import ConfigError
from connectors.base import Reading
from connectors.database import pull
from connectors.database_query import Question
from connectors.database_servers import Manner, address_of, engine_for
from tests.databases.vendor import Vendor

MANNER = Manner("Asia/Ho_Chi_Minh", datetime(2026, 11, 20, 3, tzinfo=UTC), 300, 10)
ASKED = Question("SELECT a, [b] FROM dbo.t WHERE c LIKE '1.%'", "CAP_NHAT", ("MA_HO_SO",))


@pytest.mark.parametrize(
    ("url", "driver", "column", "since", "like"),
    [
        ("mssql://host/db", "pymssql", "[CAP_NHAT]", "%(since)s", "1.%"),
        ("oracle://host/?service_name=x", "oracledb", '"CAP_NHAT"', ":since", "1.%"),
        ("postgresql://host/db", "psycopg", '"CAP_NHAT"', "%(since)s", "1.%%"),
        ("mariadb://host/db", "pymysql", "`CAP_NHAT`", "%(since)s", "1.%%"),
    ],
)
def test_the_statements_are_those_of_each_server(url: str, driver: str, column: str, since: str, like: str) -> None:
    engine = engine_for(address_of(url), MANNER)
    key = column.replace("CAP_NHAT", "MA_HO_SO")
    inner = f"SELECT * FROM (\nSELECT a, [b] FROM dbo.t WHERE c LIKE '{like}'\n) q WHERE"
    compiled = {
        name: str(getattr(ASKED, name)(engine.dialect).compile(dialect=engine.dialect))
        for name in ("window", "everything", "without_cursor")
    }
    assert engine.driver == driver
    assert compiled == {
        "window": f"{inner} q.{column} >= {since} ORDER BY q.{column}, q.{key}",
        "everything": f"{inner} q.{column} IS NOT NULL ORDER BY q.{column}, q.{key}",
        "without_cursor": f"{inner} q.{column} IS NULL ORDER BY q.{key}",
    }
    assert str(ASKED.shape().compile(dialect=engine.dialect)) == f"{inner} 1 = 0"


@pytest.mark.parametrize("backend", ["mssql+pymssql", "oracle+oracledb"])
def test_the_driver_loads_and_knows_every_argument_that_it_is_given(backend: str) -> None:
    """A server that is not there is reached for: a driver that knew an argument not would say so first."""
    engine = engine_for(sa.make_url(f"{backend}://u:p@127.0.0.1:1/x"), MANNER)
    with pytest.raises(sa.exc.DBAPIError) as told:
        engine.connect()
    assert any(word in str(told.value) for word in ("20009", "DPY-6005"))


def test_sql_server_cannot_read_a_select_that_begins_with_with(sqlite: Vendor) -> None:
    account = {"user_secret": "VENDOR_USER", "password_secret": "VENDOR_PASSWORD"}
    source = sqlite.source(url="mssql://127.0.0.1:1/x", query="WITH a AS (SELECT 1 AS x) SELECT * FROM a")
    with pytest.raises(ConfigError, match="SQL Server reads no WITH inside brackets"):
        list(pull(source.model_copy(update=account), Reading(datetime(2026, 11, 20, 3, tzinfo=UTC))))
