"""The examples of docs/connectors-database.md are read as they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import polars as pl
import sqlalchemy as sa

from config import sources
from config.mapping import parse_mapping
from connectors.database_connection import Settings
from connectors.database_query import one_select
from connectors.database_servers import DRIVERS, address_of
from connectors.registry import connector_of
from tests.databases.vendor import Vendor, pulled

COOKBOOK = (Path(__file__).parents[2] / "docs" / "connectors-database.md").read_text(encoding="utf-8")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BLOCKS = re.findall(r"```toml\n(.*?)```", COOKBOOK, re.DOTALL)


def test_every_source_of_the_cookbook_is_one_and_its_columns_are_mapped(tmp_path: Path) -> None:
    told, mapping = [b for b in BLOCKS if "[[source]]" in b], BLOCKS[-1]
    assert parse_mapping(mapping).columns["code"] == ("ma_ho_so",)
    (tmp_path / "sources.toml").write_text("\n".join(told), encoding="utf-8")
    for source in sources.load(tmp_path / "sources.toml"):
        connector_of(source)
        settings = source.told(Settings)
        one_select(settings.query, place="docs")
        assert isinstance(address_of(source.address), sa.URL)
        assert all(c in settings.query.lower() for c in ("ma_ho_so", "ngay_nhan", "ngay_hen", "ngay_xong", "cap_nhat"))
    assert len(told) == 4


def test_the_cookbook_names_every_setting_with_its_default_and_every_server() -> None:
    for name, field in Settings.model_fields.items():
        line = re.search(rf"^\| `{name}` \| (.*?) \|", COOKBOOK, re.MULTILINE)
        assert line, name
        if isinstance(field.default, int):
            assert line.group(1) == f"`{field.default}`"
    words = COOKBOOK.lower().replace("sql server", "mssql")
    assert [server for server in DRIVERS if server not in words] == []


WAITS = """
CREATE TABLE ho_so (ma_ho_so VARCHAR(20), don_vi VARCHAR(50), ngay_nhan VARCHAR(20), ngay_hen VARCHAR(20),
  ngay_xong VARCHAR(20), cap_nhat VARCHAR(20));
CREATE TABLE bo_sung (ma_ho_so VARCHAR(20), tu VARCHAR(20), den VARCHAR(20), ly_do VARCHAR(50));
INSERT INTO ho_so VALUES ('A', 'Sở Y tế', '2026-11-03', '2026-11-16', NULL, '2026-11-10 08:00:00'),
  ('B', 'Sở Y tế', '2026-11-03', '2026-11-16', NULL, '2026-11-11 08:00:00');
INSERT INTO bo_sung VALUES ('A', '2026-11-09', NULL, 'thiếu đơn'), ('A', '2026-11-04', '2026-11-06', 'thiếu ảnh')
"""


def test_waits_in_a_table_of_their_own_become_those_of_the_dossier(vendor: Vendor) -> None:
    """A was asked on the 4th, answered on the 6th, and asked again on the 9th; B never."""
    for statement in WAITS.split(";\n"):
        vendor.run(statement)
    query = next(q for q in re.findall(r"```sql\n(.*?)```", COOKBOOK, re.DOTALL) if "bo_sung" in q)
    mapping = next(b for b in BLOCKS if "mot-cua-cho" in b)
    batches = pulled(vendor.source(query=query, mapping=mapping), datetime(2026, 11, 20, 3, tzinfo=UTC))
    told = dict(pl.concat(b.good for b in batches).select("code", "suspensions").rows())
    assert told["B"] is None
    waits = [(w["from_at"], w["to_at"]) for w in orjson.loads(told["A"])]
    days = [tuple(None if at is None else datetime.fromtimestamp(at / 1e6, HANOI).day for at in wait) for wait in waits]
    assert days == [(4, 6), (9, None)]
