"""The made-up province in a vendor's tables: what is pulled is what it knows, dossier by dossier, as it moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import polars as pl
import pytest
import sqlalchemy as sa

from config.sources import Exchange
from connectors import exchange
from connectors.payload import parse
from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province, build
from connectors.simulator.state import changed_between, dossiers
from jobs.sync import sync_source
from store import frames, tables
from store.database import Store, reading
from tests.databases.vendor import STAMP, TEXT, ZONE, Vendor

#: 2 March 2026, 10:15 in the province.
NOW: Final = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
DATES: Final = ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayCapNhat")
TEXTS: Final = (
    "MaHoSo",
    "MaHoSoKhac",
    "MaTTHC",
    "TenTTHC",
    "TenLinhVuc",
    "DonViXuLy",
    "NoiNopHoSo",
    "ChuHoSo",
    "SoDienThoai",
)
NUMBERS: Final = ("KenhThucHien", "LoaiDoiTuong", "TrangThaiHoSo")
MAPPING: Final = """
source = "vendor"
[columns]
code = "MaHoSo"
other_code = "MaHoSoKhac"
procedure = "MaTTHC"
procedure_name = "TenTTHC"
field = "TenLinhVuc"
department = "DonViXuLy"
receiving_unit = "NoiNopHoSo"
status = "TrangThaiHoSo"
channel = "KenhThucHien"
applicant_kind = "LoaiDoiTuong"
submitted_at = "NgayNopHoSo"
received_at = "NgayTiepNhan"
due_at = "NgayHenTra"
resolved_at = "NgayKetThucXuLy"
returned_at = "NgayTra"
changed_at = "NgayCapNhat"
[status]
known = ["national"]
[channels]
"1" = "counter"
"2" = "online"
"3" = "post"
[applicant_kinds]
"1" = "citizen"
"2" = "business"
"""
COMPARED: Final = (
    "code", "other_code", "status", "procedure", "procedure_name", "field", "department", "receiving_unit", "channel",
    "applicant_kind", "submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "changed_at",
)  # fmt: skip


@pytest.fixture(scope="module")
def province() -> Province:
    """More than a thousand dossiers."""
    return build(7, date(2026, 3, 2), date(2026, 3, 30), size=0.01)


def shown(province: Province, since: datetime | None, now: datetime) -> pl.DataFrame:
    """What the province's system shows of those that changed since."""
    begin = wall_seconds(since) + 1 if since else 0
    return dossiers(changed_between(province, begin, wall_seconds(now)), wall_seconds(now))


def table() -> sa.Table:
    kinds = dict.fromkeys(TEXTS, TEXT) | dict.fromkeys(NUMBERS, sa.Integer()) | dict.fromkeys(DATES, STAMP)
    columns = [sa.Column[Any](name, kind) for name, kind in kinds.items()]
    return sa.Table("TTHC_HO_SO", sa.MetaData(), *columns)


def keep(vendor: Vendor, kept: sa.Table, rows: pl.DataFrame) -> None:
    """Do as the vendor's system does: overwrite the row of each dossier that changed."""
    stamps = [pl.col(c).replace("", None).str.to_datetime("%Y%m%d%H%M%S", strict=False) for c in DATES]
    numbers = [pl.col(c).cast(pl.Int64) for c in NUMBERS]
    texts = [pl.col(c).replace("", None) for c in TEXTS]
    # A column of dates holds no "31/02 sáng": what the exchange refuses is an empty cell here.
    written = rows.select(*texts, *numbers, *stamps).unique("MaHoSo", keep="last", maintain_order=True)
    with vendor.admin.begin() as connection:
        old = sa.delete(kept).where(kept.c.MaHoSo == sa.bindparam("code"))
        connection.execute(old, [{"code": code} for code in written["MaHoSo"]])
        connection.execute(sa.insert(kept), written.to_dicts())


def truth(province: Province, now: datetime) -> pl.DataFrame:
    """What the exchange, which needs no mapping, makes of all that the province shows at this moment."""
    told = f'{{"error_code":"0","data":{shown(province, None, now).write_json()}}}'.encode()
    rows = parse(told, place="truth", changed="NgayCapNhat").dossiers
    done = exchange.translate(rows, Exchange(), source="vendor", time_zone=ZONE, origin="truth")
    return done.good.select(COMPARED).with_columns(pl.col("status", "channel").cast(pl.String)).sort("code")


def stored(store: Store) -> pl.DataFrame:
    with reading(store) as connection:
        return frames.select(connection, sa.select(*(tables.dossiers.c[c] for c in COMPARED))).sort("code")


def test_every_dossier_is_as_the_province_knows_it_now_and_after_each_pull(
    vendor: Vendor, store: Store, province: Province
) -> None:
    kept = table()
    kept.metadata.create_all(vendor.admin)
    query = f"SELECT * FROM {vendor.named('TTHC_HO_SO')}"
    source = vendor.source(mapping=MAPPING, query=query, cursor="NgayCapNhat", batch_rows=600)
    source = source.model_copy(update={"sweep_hours": 0})
    before: datetime | None = None
    all_read = 0
    for hours in (0, 26, 100):
        now = NOW + timedelta(hours=hours)
        keep(vendor, kept, shown(province, before, now))
        counts = sync_source(store, source, seen_at=now)
        expected = truth(province, now)
        found = stored(store)
        # A status 8 or 3 is taken by the exchange's own rules, which a mapping has not: compare the rest.
        odd = expected.filter(pl.col("status").is_in(["paused", "refused", "not_accepted"]))["code"]
        known = expected.filter(~pl.col("code").is_in(odd.implode()))
        assert found.filter(pl.col("code").is_in(known["code"].implode())).equals(known)
        assert {*found["code"]} >= {*known["code"]}
        assert counts.read == counts.new + counts.changed + counts.unchanged + counts.merged + counts.quarantined
        if before is not None:
            assert counts.read < all_read, "only what changed since was read"
        before, all_read = now, all_read or counts.read
    assert known.height > 1_000


def test_a_pull_that_is_cut_off_after_any_batch_ends_in_the_same_tables(
    sqlite: Vendor, store: Store, province: Province
) -> None:
    kept = table()
    kept.metadata.create_all(sqlite.admin)
    keep(sqlite, kept, shown(province, None, NOW))
    query = f"SELECT * FROM {sqlite.named('TTHC_HO_SO')}"
    source = sqlite.source(mapping=MAPPING, query=query, cursor="NgayCapNhat", batch_rows=400)

    class CutOffError(Exception):
        pass

    def cut(read: int, expected: int) -> None:
        raise CutOffError

    for _ in range(3):  # each run stores one batch and dies
        with pytest.raises(CutOffError):
            sync_source(store, source, seen_at=NOW, progress=cut)
    sync_source(store, source, seen_at=NOW)
    again = sync_source(store, source, seen_at=NOW)
    assert (again.new, again.changed) == (0, 0)
    assert {*truth(province, NOW)["code"]} - {*stored(store)["code"]} <= {*_refused(store)}


def _refused(store: Store) -> list[str]:
    with reading(store) as connection:
        return list(connection.scalars(sa.select(tables.quarantine.c.code)))
