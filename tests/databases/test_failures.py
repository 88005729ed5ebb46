"""What can go wrong at a vendor's database is said with the place, what was found, and the next step."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.errors import ConfigError, DunghanError, MappingError, SourceError
from config.sources import Source
from connectors.base import Reading
from connectors.database import pull
from tests.databases.vendor import MAPPING, PASSWORD, USER, WITHOUT_STAMP, Vendor, at, codes, last_cursor, pulled, row

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
#: Sleeps or reckons for minutes, whatever the server.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(ma_ho_so) AS (SELECT 1 UNION ALL SELECT ma_ho_so + 1 FROM n WHERE ma_ho_so < 1e12) "
    "SELECT ma_ho_so, '2026-11-03' ngay_nhan, '' don_vi, '' ma_tthc, 4 trang_thai, '2026-11-03' cap_nhat FROM n",
    "postgresql": 'SELECT *, pg_sleep(300)::text AS s FROM "HOSO"',
    "mariadb": "SELECT h.*, SLEEP(300) AS s FROM `HOSO` h",
}


def refused(source: Source, kind: type[DunghanError] = SourceError, cursor: str | None = None) -> DunghanError:
    with pytest.raises(kind) as told:
        pulled(source, NOW, cursor)
    words = str(told.value)
    assert PASSWORD not in words
    assert "%w:rd" not in words
    assert "%25w" not in words
    assert told.value.__cause__ is None, "a chain of errors would show the statement and the address"
    return told.value


def test_a_table_that_is_gone(vendor: Vendor) -> None:
    error = refused(vendor.source())
    assert error.found.startswith("a table is gone, or hidden from the account")
    assert ("source" in error.place, "HOSO" in error.found) == (True, True)


def test_a_column_of_the_query_that_is_gone(vendor: Vendor) -> None:
    vendor.create()
    error = refused(vendor.source(query=f"SELECT ma_ho_so, ngay_hen_tra, cap_nhat FROM {vendor.named('HOSO')}"))
    assert error.found.startswith("a column is gone")
    assert "ngay_hen_tra" in error.found


def test_a_mapped_column_that_is_gone_is_named_with_the_nearest(vendor: Vendor) -> None:
    vendor.create()
    error = refused(vendor.source(mapping=MAPPING.replace("ngay_nhan", "ngay_nhann")), MappingError)
    assert error.found == 'there is no column "ngay_nhann". Did you mean "ngay_nhan"?'


def test_a_cursor_column_that_the_query_does_not_give_is_named_with_the_nearest(vendor: Vendor) -> None:
    vendor.create()
    error = refused(vendor.source(cursor="capnhat"), ConfigError)
    assert error.found == 'the query gives no column "capnhat". Did you mean "cap_nhat"?'


def test_a_cursor_column_of_another_kind_than_told(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5))])
    error = refused(vendor.source(cursor="id"))
    assert error.found == 'the cursor column "id" holds 1 in row 1, which is no instant.'


@pytest.mark.parametrize(
    ("strange", "said"),
    [
        ("02/01/2026", "'02/01/2026' in row 1, which is no instant."),
        ("2026-11-05T09:30:00", "'2026-11-05T09:30:00' in row 2, beside '2026-11-05 09:00:00': {}"),
        ("2026-11-05 09:30:00+07:00", "'2026-11-05 09:30:00+07:00' in row 2, beside '2026-11-05 09:00:00': {}"),
    ],
)
def test_a_stamp_written_in_another_way_is_refused_and_never_passed_over(
    vendor: Vendor, strange: str, said: str
) -> None:
    written = [("A", "2026-11-05 09:00:00"), ("C", strange), ("B", "2026-11-06 09:00:00")]
    vendor.insert(vendor.create(sa.String(30)), [row(code, stamp) for code, stamp in written])
    error = refused(vendor.source(mapping=WITHOUT_STAMP))
    assert error.found == 'the cursor column "cap_nhat" holds ' + said.format("texts of two forms have no order.")
    assert error.next_step == "Let the query CAST it to a stamp, or leave such rows out; docs/connectors-database.md."


def test_a_stamp_in_another_form_than_the_last_pull_s_is_refused_in_a_window_too(vendor: Vendor) -> None:
    table = vendor.create(sa.String(30))
    vendor.insert(table, [row("A", "2026-11-05 09:00:00")])
    source = vendor.source(mapping=WITHOUT_STAMP)
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("B", "2026-11-06T09:00:00")])
    error = refused(source, cursor=cursor)
    assert "beside '2026-11-05 09:00:00'" in error.found


@pytest.mark.parametrize(
    ("known", "strange"), [("2026-11-05 09:00:00", "02/01/2026 10:00"), ("20261105090000", "02/01/2026")]
)
def test_a_stamp_changed_to_another_form_below_the_window_is_not_passed_over(
    vendor: Vendor, known: str, strange: str
) -> None:
    table, blank = vendor.create(sa.String(30)), ["", " ", "0000-00-00 00:00:00"]
    vendor.insert(table, [row("A", known.replace("05", "01", 1)), row("B", known)])
    source = vendor.source(mapping=WITHOUT_STAMP)
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row(f"N{n}", stamp) for n, stamp in enumerate(blank)])
    assert codes(pulled(source, NOW, cursor)) == ["B"], "what is blank is no stamp of another form"
    vendor.run(f"UPDATE {vendor.named('HOSO')} SET cap_nhat = '{strange}' WHERE ma_ho_so = 'A'")
    error = refused(source, cursor=cursor)
    assert error.found == (
        f'the cursor column "cap_nhat" holds {strange!r} in 1 rows before its window, beside {known!r}: '
        "texts of two forms have no order."
    )


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_an_account_that_may_not_read_the_table(kind: str, request: pytest.FixtureRequest) -> None:
    vendor: Vendor = request.getfixturevalue(kind)
    vendor.create()
    vendor.run("CREATE TABLE secrets (ma_ho_so VARCHAR(9))")
    if kind == "postgresql":
        vendor.run(f"REVOKE ALL ON secrets FROM {USER}")
        query = "SELECT * FROM secrets"
    else:
        query = "SELECT * FROM mysql.global_priv"
    error = refused(vendor.source(query=query))
    assert error.found.startswith("the account may not read this")
    assert "rights" in error.next_step


def test_a_wrong_password(mariadb: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_PASSWORD", "wrong")
    error = refused(mariadb.source())
    assert error.found.startswith("the server refuses the account")
    assert "secrets" in error.next_step


def test_an_account_that_does_not_exist(postgresql: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_USER", "nobody")
    assert refused(postgresql.source()).found.startswith("the server refuses the account")


def test_a_database_that_does_not_exist(vendor: Vendor) -> None:
    other = {"sqlite": f"sqlite:///{vendor.folder}/no.db"}.get(vendor.kind, "")
    name = vendor.admin.url.database
    url = other or vendor.url.replace(str(name), "no_such_database")
    assert refused(vendor.source(url=url)).found.startswith(
        ("there is no such database", "the account may not read this")  # MariaDB tells strangers nothing of its names
    )


@pytest.mark.parametrize(
    "url",
    ["postgresql://127.0.0.1:1/x", "mariadb://127.0.0.1:1/x", "mssql://127.0.0.1:1/x", "oracle://127.0.0.1:1/x"],
)
def test_a_server_that_cannot_be_reached(tmp_path: Path, url: str, sqlite: Vendor) -> None:
    account = {"user_secret": "VENDOR_USER", "password_secret": "VENDOR_PASSWORD"}
    error = refused(sqlite.source(url=url).model_copy(update=account))
    assert error.found.startswith("the server cannot be reached")


def test_a_query_that_takes_too_long_is_stopped(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5))])
    error = refused(vendor.source(query=ENDLESS[vendor.kind], statement_timeout_seconds=1))
    assert error.found.startswith("the server took too long")
    assert "statement_timeout_seconds" in error.next_step
    assert still_running(vendor) == 0, "the server was told to stop as well"


def still_running(vendor: Vendor) -> int:
    if vendor.kind == "sqlite":
        return 0
    asked = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%%pg_sleep(300)%%'"
        " AND pid <> pg_backend_pid()",
        "mariadb": f"SELECT count(*) FROM information_schema.processlist WHERE user = '{USER}' AND command = 'Query'"
        " AND state <> 'KILLED' AND info LIKE '%%SLEEP(300)%%'",
    }
    with vendor.admin.connect() as connection:
        return int(connection.exec_driver_sql(asked[vendor.kind]).scalar() or 0)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_server_that_goes_away_half_way_leaves_what_was_read_and_the_next_pull_goes_on(
    kind: str, request: pytest.FixtureRequest
) -> None:
    vendor: Vendor = request.getfixturevalue(kind)
    many = [row(f"{n:05}", at(5, n // 3600, n // 60 % 60, n % 60), chu_ho_so="x" * 190) for n in range(8_000)]
    vendor.insert(vendor.create(), many)
    source = vendor.source(batch_rows=1_500, overlap_minutes=0)
    stream = pull(source, Reading(NOW))
    first = next(stream)
    vendor.run(KILLING[kind])
    with pytest.raises(SourceError) as told:
        list(stream)
    assert told.value.found.startswith("the server went away half-way")
    rest = pulled(source, NOW, first.cursor)
    assert sorted({*codes([first]), *codes(rest)}) == [r["ma_ho_so"] for r in many]
    assert last_cursor(rest) != first.cursor


KILLING = {
    "postgresql": f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{USER}'",
    "mariadb": f"KILL USER {USER}@localhost",
}


def test_a_driver_that_is_not_installed_is_named_with_what_brings_it(
    sqlite: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    error = refused(sqlite.source(url="mysql://127.0.0.1/x"), ConfigError)
    assert error.found.startswith('the driver for "mysql" is not installed')
    assert "pip install 'dunghan[databases]'" in error.next_step


def test_a_kind_of_server_that_nobody_knows(sqlite: Vendor) -> None:
    assert "no server of that kind" in refused(sqlite.source(url="dbase://x/y"), ConfigError).found


def test_a_password_in_the_open_is_refused(sqlite: Vendor) -> None:
    error = refused(sqlite.source(url="mariadb://reader:%25w:rd@127.0.0.1/x"), ConfigError)
    assert error.found == "a password stands in url."


def test_the_whole_address_may_be_a_secret_and_stays_one(mariadb: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    mariadb.insert(mariadb.create(), [row("A", at(5))])
    whole = mariadb.admin.url.set(username=USER, password=PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("VENDOR_URL", whole)
    plain = {"url": "", "user_secret": "", "password_secret": ""}
    source = mariadb.source(url_secret="VENDOR_URL").model_copy(update=plain)
    assert codes(pulled(source, NOW)) == ["A"]
    monkeypatch.setenv("VENDOR_URL", whole.replace("localhost", "127.0.0.1").split("?")[0])
    refused(source)


def test_a_source_without_an_address(sqlite: Vendor) -> None:
    nowhere = sqlite.source().model_copy(update={"url": ""})
    assert refused(nowhere, ConfigError).found == "it has no address."


def test_a_log_of_events_is_refused_since_a_window_may_cut_a_case(sqlite: Vendor) -> None:
    log = 'source = "x"\n[columns]\ncode = "ma_ho_so"\n[events]\ntime = "cap_nhat"\nreceived = "first"\n'
    sqlite.create()
    with pytest.raises(ConfigError, match="all rows of a case at once"):
        pulled(sqlite.source(mapping=log.replace('received = "first"', 'activity = "don_vi"\nreceived = "first"')), NOW)
