"""A vendor's database as tests fill it: dossiers, each with a person's name, and a source that reads them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from config.sources import Source
from connectors.base import Batch, Reading
from connectors.database import pull

#: Of this process alone: tests that run side by side may share a server.
USER, PASSWORD = f"reader_{os.getpid()}", "s3cr/t p@ss%w:rd"
PERSON = "Nguyễn Thị Bông"
ZONE = "Asia/Ho_Chi_Minh"
MAPPING = """
source = "vendor"
[columns]
code = "ma_ho_so"
procedure = "ma_tthc"
department = "don_vi"
status = "trang_thai"
received_at = "ngay_nhan"
changed_at = "cap_nhat"
[status]
known = ["national"]
[dates]
formats = ["iso"]
only = true
"""
#: Where the cursor column holds no instant.
WITHOUT_STAMP = MAPPING.replace('changed_at = "cap_nhat"\n', "")
STAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mariadb", "mysql")
TEXT = sa.String(200)


def table_of_dossiers(cursor: sa.types.TypeEngine[Any] = STAMP) -> sa.Table:
    """The table HOSO; ``cap_nhat`` is its cursor."""
    return sa.Table(
        "HOSO", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("ma_ho_so", TEXT), sa.Column("ma_tthc", TEXT), sa.Column("don_vi", TEXT),
        sa.Column("trang_thai", sa.Integer), sa.Column("chu_ho_so", TEXT), sa.Column("ngay_nhan", STAMP),
        sa.Column("ngay_hen", STAMP), sa.Column("ngay_xong", STAMP), sa.Column("cap_nhat", cursor, index=True),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vendor:
    """``admin`` may do everything; ``url`` is the address for the account that may only read."""

    kind: str
    admin: sa.Engine
    url: str
    folder: Path

    @property
    def query(self) -> str:
        return f"SELECT * FROM {self.named('HOSO')}"

    def named(self, name: str) -> str:
        return self.admin.dialect.identifier_preparer.quote_identifier(name)

    def create(self, cursor: sa.types.TypeEngine[Any] = STAMP) -> sa.Table:
        made = table_of_dossiers(cursor)
        made.metadata.create_all(self.admin)
        return made

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        with self.admin.begin() as connection:
            connection.execute(sa.insert(table), rows)

    def run(self, sql: str) -> None:
        with self.admin.begin() as connection:
            connection.exec_driver_sql(sql)

    def source(self, *, mapping: str = MAPPING, overlap_minutes: int = 10, url: str = "", **own: Any) -> Source:
        """A source of kind database that reads the table."""
        (self.folder / "vendor.toml").write_text(mapping, encoding="utf-8")
        account = {} if self.kind == "sqlite" else {"user_secret": "VENDOR_USER", "password_secret": "VENDOR_PASSWORD"}
        told = {
            "name": "vendor", "kind": "database", "url": url or self.url, "mapping": "vendor.toml",
            "overlap_minutes": overlap_minutes, "database": {"query": self.query, "cursor": "cap_nhat"} | own,
        }  # fmt: skip
        return Source.model_validate(told | account).model_copy(update={"beside": self.folder})


def row(code: str, changed: Any, **more: Any) -> dict[str, Any]:
    """One dossier in the table; received on 3 November 2026, due on the 16th."""
    return {
        "ma_ho_so": code, "ma_tthc": "1.004238", "don_vi": "Sở Xây dựng", "trang_thai": 4, "chu_ho_so": PERSON,
        "ngay_nhan": at(3, 8, 15), "ngay_hen": at(16, 17), "ngay_xong": None, "cap_nhat": changed,
    } | more  # fmt: skip


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    """A moment of November 2026 on the vendor's wall clock."""
    return datetime(2026, 11, day, hour, minute, second, micro)  # noqa: DTZ001 - as vendors keep it


def pulled(source: Source, now: datetime, cursor: str | None = None) -> list[Batch]:
    return list(pull(source, Reading(now, cursor)))


def codes(batches: Sequence[Batch]) -> list[str]:
    """The codes in the order in which they came."""
    return pl.concat([b.good for b in batches])["code"].to_list() if batches else []


def notes(batches: Sequence[Batch]) -> list[str]:
    return [str(note) for batch in batches for note in batch.notes]


def last_cursor(batches: Sequence[Batch]) -> str:
    return [b.cursor for b in batches if b.cursor][-1]
