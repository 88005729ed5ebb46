"""The examples of docs/connectors-database.md are read as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa

from config import sources
from config.mapping import parse_mapping
from connectors.database_connection import Settings
from connectors.database_query import one_select
from connectors.database_servers import DRIVERS, address_of
from connectors.registry import connector_of

COOKBOOK = (Path(__file__).parents[2] / "docs" / "connectors-database.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", COOKBOOK, re.DOTALL)


def test_every_source_of_the_cookbook_is_one_and_its_columns_are_mapped(tmp_path: Path) -> None:
    *told, mapping = BLOCKS
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
