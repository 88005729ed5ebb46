"""What a pull from a vendor's database promises, on SQLite, PostgreSQL and MariaDB alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from connectors.base import Reading
from connectors.database import pull
from jobs.sync import sync_source
from metrics.dossier import COLUMNS
from store import frames, tables
from store.database import Store, reading
from tests.databases.vendor import PERSON, USER, WITHOUT_STAMP, Vendor, at, codes, last_cursor, notes, pulled, row

#: 20 November 2026, 10:00 in Vietnam.
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_a_table_is_read_in_the_order_of_its_cursor_and_nobodys_name_comes_with_it(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("B", at(5)), row("A", at(4)), row("C", at(6), trang_thai=99)])
    batches = pulled(vendor.source(batch_rows=2), NOW)
    assert codes(batches) == ["A", "B"]
    assert [(b.read, b.good.columns) for b in batches] == [(1, list(COLUMNS)), (2, list(COLUMNS))]
    assert batches[0].good["received_at"].to_list() == [datetime(2026, 11, 3, 1, 15, tzinfo=UTC)]
    assert batches[-1].rejects["reasons"].to_list() == [["unknown_status"]]
    assert PERSON not in str([(b.raw.rows() if b.raw is not None else "", b.rejects.rows()) for b in batches])


def test_rows_that_share_the_cursor_value_are_all_read_wherever_the_pull_was_cut_off(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row(f"{n:02}", at(5, 9)) for n in range(10)])
    source = vendor.source(batch_rows=3, overlap_minutes=0)
    first = next(iter(pull(source, Reading(NOW))))  # and the rest is left unread
    after = pulled(source, NOW, first.cursor)
    assert len(codes([first])) == 2
    assert {*codes(after)} == {f"{n:02}" for n in range(10)}


def test_rows_committed_late_with_an_earlier_stamp_come_within_the_overlap(vendor: Vendor) -> None:
    table = vendor.create()
    vendor.insert(table, [row("A", at(5, 9)), row("B", at(5, 10))])
    source = vendor.source(overlap_minutes=30)
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("late", at(5, 9, 45)), row("too late", at(5, 9, 15))])
    assert codes(pulled(source, NOW, cursor)) == ["late", "B"]
    assert codes(pulled(source, NOW)) == ["A", "too late", "late", "B"], "the sweep from the beginning has them all"


def test_a_pull_without_news_reads_the_overlap_and_leaves_the_cursor(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5, 9)), row("B", at(5, 10))])
    source = vendor.source()
    cursor = last_cursor(pulled(source, NOW))
    again = pulled(source, NOW, cursor)
    assert (codes(again), last_cursor(again), notes(again)) == (["B"], cursor, [])


def test_rows_without_a_cursor_value_come_with_a_full_reading_and_that_is_said(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5)), row("never changed", None)])
    source = vendor.source()
    batches = pulled(source, NOW)
    assert codes(batches) == ["never changed", "A"]
    assert notes(batches) == ["1 rows have no cap_nhat: they come with a full reading only."]
    assert batches[0].cursor is None, "no place in the order: the stored cursor stays"
    assert codes(pulled(source, NOW, last_cursor(batches))) == ["A"]


def test_a_source_put_back_from_a_backup_is_read_again_from_the_beginning_and_that_is_said(vendor: Vendor) -> None:
    table = vendor.create()
    vendor.insert(table, [row("A", at(5)), row("B", at(9))])
    source = vendor.source()
    cursor = last_cursor(pulled(source, NOW))
    vendor.run(f"DELETE FROM {vendor.named('HOSO')} WHERE ma_ho_so = 'B'")
    vendor.insert(table, [row("new", at(6))])
    batches = pulled(source, NOW, cursor)
    assert codes(batches) == ["A", "new"]
    assert "put back from a backup" in notes(batches)[0]
    assert codes(pulled(source, NOW, last_cursor(batches))) == ["new"], "the cursor went back with the source"


def test_a_stamp_in_the_future_does_not_hide_what_is_stamped_before_it(vendor: Vendor) -> None:
    table = vendor.create()
    vendor.insert(table, [row("A", at(5)), row("typed wrong", datetime(2062, 1, 1))])  # noqa: DTZ001
    source = vendor.source()
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("B", at(20, 11))])
    batches = pulled(source, NOW + timedelta(hours=2), cursor)
    assert (codes(batches), notes(batches)) == (["B", "typed wrong"], [])


def test_a_cursor_of_days_begins_again_with_the_day_it_stands_at(vendor: Vendor) -> None:
    table = vendor.create(sa.Date())
    vendor.insert(table, [row("A", date(2026, 11, 4)), row("B", date(2026, 11, 5))])
    source = vendor.source(overlap_minutes=0)
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("C", date(2026, 11, 5)), row("D", date(2026, 11, 6))])
    assert codes(pulled(source, NOW, cursor)) == ["B", "C", "D"]


def test_a_cursor_of_numbers_goes_back_by_its_own_overlap(vendor: Vendor) -> None:
    table = vendor.create(sa.BigInteger())
    vendor.insert(table, [row("A", 7_000_000_001), row("B", 7_000_000_010)])
    source = vendor.source(
        cursor_kind="number", overlap_number=5, mapping=WITHOUT_STAMP, query=vendor.query, batch_rows=1
    )
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("late", 7_000_000_006), row("C", 7_000_000_011)])
    assert codes(pulled(source, NOW, cursor)) == ["late", "B", "C"]


@pytest.mark.parametrize("session", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_cursor_with_an_offset_is_compared_as_the_instant_it_is(postgresql: Vendor, session: str) -> None:
    table = postgresql.create(sa.DateTime(timezone=True))
    postgresql.run(f"ALTER ROLE {USER} SET timezone = '{session}'")  # what the vendor's administrator set is not ours
    first, second = datetime(2026, 11, 5, 2, tzinfo=UTC), datetime(2026, 11, 5, 3, tzinfo=UTC)
    postgresql.insert(table, [row("A", first), row("B", second)])
    source = postgresql.source(overlap_minutes=30)
    batches = pulled(source, NOW)
    assert batches[0].good["changed_at"].to_list() == [first, second]
    postgresql.insert(table, [row("late", datetime(2026, 11, 5, 2, 31, tzinfo=UTC))])
    assert codes(pulled(source, NOW, last_cursor(batches))) == ["late", "B"]


def test_a_timestamp_of_mariadb_is_read_on_the_sources_clock_whatever_the_servers_is(mariadb: Vendor) -> None:
    mariadb.create(sa.TIMESTAMP())
    mariadb.run("SET GLOBAL time_zone = '-05:00'")
    try:
        mariadb.run(
            "INSERT INTO `HOSO` (ma_ho_so, trang_thai, ngay_nhan, cap_nhat) "
            "VALUES ('A', 4, '2026-11-03', '2026-11-04 21:00:00')"
        )
        source = mariadb.source(overlap_minutes=0)
        batches = pulled(source, NOW)
        assert batches[0].good["changed_at"].to_list() == [datetime(2026, 11, 5, 2, tzinfo=UTC)]
        assert codes(pulled(source, NOW, last_cursor(batches))) == ["A"]
    finally:
        mariadb.run("SET GLOBAL time_zone = 'SYSTEM'")


@pytest.mark.parametrize("written", ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S"])
def test_stamps_kept_as_text_are_compared_as_the_moments_they_are(vendor: Vendor, written: str) -> None:
    table = vendor.create(sa.String(30))
    rows = {"A": at(5, 9), "B": at(5, 10)}
    vendor.insert(table, [row(code, stamp.strftime(written)) for code, stamp in rows.items()])
    source = vendor.source(overlap_minutes=30, mapping=WITHOUT_STAMP)
    cursor = last_cursor(pulled(source, NOW))
    vendor.insert(table, [row("late", at(5, 9, 45).strftime(written)), row("C", at(5, 11).strftime(written))])
    assert codes(pulled(source, NOW, cursor)) == ["late", "B", "C"]


def test_the_query_may_use_the_window_itself(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5)), row("B", at(9))])
    query = f"{vendor.query} WHERE cap_nhat >= :since AND cap_nhat < :until AND ma_tthc LIKE '1.%'"
    source = vendor.source(query=query)
    batches = pulled(source, NOW)
    assert codes(batches) == ["A", "B"]
    assert codes(pulled(source, NOW, last_cursor(batches))) == ["B"]


def test_rows_of_one_dossier_are_judged_together_on_whichever_side_of_a_border_they_stand(vendor: Vendor) -> None:
    twice = [row("A", at(5)), row("B", at(5), trang_thai=2), row("B", at(5), trang_thai=4), row("C", at(5))]
    vendor.insert(vendor.create(), twice)
    batches = pulled(vendor.source(batch_rows=2), NOW)
    assert [codes([b]) for b in batches] == [["A"], ["B"], ["C"]]
    assert (sum(b.read for b in batches), sum(b.merged for b in batches)) == (4, 1)


def test_rows_of_one_dossier_far_apart_are_judged_together_with_the_newest_and_written_once(
    vendor: Vendor, store: Store
) -> None:
    """Stored in two transactions, the older row would be a change of the ledger at every full reading."""
    rows = [row("B", at(4), trang_thai=2), *(row(f"{n}", at(5, n)) for n in range(3)), row("B", at(6), trang_thai=4)]
    vendor.insert(vendor.create(), rows)
    source = vendor.source(batch_rows=2, mapping=WITHOUT_STAMP)
    batches = pulled(source, NOW)
    assert [codes([b]) for b in batches] == [[], ["0", "1"], ["2", "B"]]
    assert (sum(b.read for b in batches), sum(b.merged for b in batches)) == (5, 1)
    for night in range(3):
        sync_source(store, source, seen_at=NOW + timedelta(days=night), sweep=True)
    with reading(store) as connection:
        entries = frames.select(connection, sa.select(tables.ledger.c.code, tables.ledger.c.status))
    assert sorted(entries.rows()) == [(code, "processing") for code in ("0", "1", "2", "B")]


def test_a_row_without_a_stamp_waits_for_the_one_that_has_it(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("B", None, trang_thai=2), row("A", at(5)), row("B", at(6), trang_thai=4)])
    batches = pulled(vendor.source(batch_rows=2), NOW)
    assert (codes(batches), sum(b.merged for b in batches)) == (["A", "B"], 1)


def test_a_stamp_of_blanks_or_of_no_date_is_none(sqlite: Vendor) -> None:
    rows = [row("A", "2026-11-05 09:00:00"), row("blank", ""), row("nought", "0000-00-00 00:00:00")]
    sqlite.insert(sqlite.create(sa.String(30)), rows)
    source = sqlite.source(mapping=WITHOUT_STAMP)
    batches = pulled(source, NOW)
    assert (codes(batches), len(notes(batches))) == (["blank", "nought", "A"], 1)
    assert codes(pulled(source, NOW, last_cursor(batches))) == ["A"]


@pytest.mark.parametrize(("wanted", "writes"), [("CAP_NHAT", "cap_nhat"), ("Cap_Nhat", "cap_nhat")])
def test_the_case_of_a_column_name_does_not_matter(vendor: Vendor, wanted: str, writes: str) -> None:
    vendor.insert(vendor.create(), [row("A", at(5))])
    assert codes(pulled(vendor.source(cursor=wanted, key="MA_HO_SO"), NOW)) == ["A"]


def test_two_columns_of_one_name_are_told_apart(sqlite: Vendor) -> None:
    """The other servers refuse a sub-select with two columns of one name by themselves."""
    vendor = sqlite
    vendor.insert(vendor.create(), [row("A", at(5))])
    query = f"SELECT a.*, b.ma_tthc FROM {vendor.named('HOSO')} a JOIN {vendor.named('HOSO')} b ON a.id = b.id"
    assert codes(pulled(vendor.source(query=query), NOW)) == ["A"]


def test_columns_that_are_new_are_said_once(vendor: Vendor) -> None:
    vendor.insert(vendor.create(), [row("A", at(5))])
    source = vendor.source()
    cursor = last_cursor(pulled(source, NOW))
    vendor.run(f"ALTER TABLE {vendor.named('HOSO')} ADD COLUMN le_phi INTEGER")
    batches = pulled(source, NOW, cursor)
    assert notes(batches) == ["columns new since the last pull: le_phi."]
    assert notes(pulled(source, NOW, last_cursor(batches))) == []


def test_an_empty_table_is_no_error(vendor: Vendor) -> None:
    vendor.create()
    assert pulled(vendor.source(), NOW) == []
