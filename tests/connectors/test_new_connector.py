"""docs/connectors.md shows how to write a connector; what it shows works as it stands there."""

from __future__ import annotations

import re
import sys
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import sources
from config.errors import ConfigError, SourceError
from connectors import registry
from connectors.registry import Connector
from jobs.sync import stored, sync_source
from store import runs
from store.database import Store
from store.ingest import Counts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connectors.md"
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MAPPING = 'source = "x"\n[columns]\ncode = "ma"\nreceived_at = "nhan"\ndue_at = "hen"\n'


@pytest.fixture
def appended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the module and the line of the page take their places."""
    chapter = PAGE.read_text(encoding="utf-8").split("## A new connector")[1]
    code, line, *_ = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    module = types.ModuleType("connectors.appended")
    monkeypatch.setitem(sys.modules, "connectors.appended", module)
    exec(compile(code, str(PAGE), "exec"), module.__dict__)  # our own page
    entry = eval("{" + line + "}", {"Connector": Connector, "appended": module})  # our own page
    monkeypatch.setitem(registry.CONNECTORS, "appended", entry["appended"])


def source(folder: Path) -> sources.Source:
    told = re.findall(
        r"```toml\n(\[\[source\]\]\nname = \"so-moi\".*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    (folder / "sources.toml").write_text(told[0].replace("/srv", str(folder)), encoding="utf-8")
    (folder / "so-moi.toml").write_text(MAPPING, encoding="utf-8")
    (only,) = sources.load(folder / "sources.toml")
    return only


def line(code: str, received: str = "2026-11-02") -> str:
    return f'{{"ma": "{code}", "nhan": "{received}", "hen": "2026-11-16", "chuHoSo": "Nguyễn Văn An"}}\n'


def test_the_connector_of_the_page_pulls_goes_on_at_its_cursor_and_sweeps(
    store: Store, tmp_path: Path, appended: None
) -> None:
    file, told = tmp_path / "so-moi.jsonl", source(tmp_path)
    file.write_text(line("A") + line("B", "no day"), encoding="utf-8")
    assert sync_source(store, told, seen_at=NOW) == Counts(new=1, quarantined=1)
    with file.open("a", encoding="utf-8") as more:
        more.write(line("C") + line("D"))
    assert sync_source(store, told, seen_at=NOW + timedelta(hours=1)) == Counts(new=2)
    assert sync_source(store, told, seen_at=NOW + timedelta(hours=2)) == Counts()
    assert sync_source(store, told, seen_at=NOW + timedelta(hours=3), sweep=True) == Counts(unchanged=3, quarantined=1)
    file.unlink()
    with pytest.raises(SourceError, match='source "so-moi": .*cannot be read'):
        sync_source(store, told, seen_at=NOW + timedelta(hours=4))
    assert runs.history(store)["state"].to_list() == ["failed", "ok", "ok", "ok", "ok"]


def test_its_settings_are_read_by_its_own_model(tmp_path: Path, appended: None) -> None:
    told = source(tmp_path).model_copy(update={"own": {"pth": "x"}})
    with pytest.raises(
        ConfigError, match=r'source "so-moi", \[source.appended\]: "pth" is not a key here. Did you mean "path"'
    ):
        registry.connector_of(told)
    with pytest.raises(ConfigError, match='kind "appended" needs mapping'):
        registry.connector_of(told.model_copy(update={"mapping": ""}))


def test_every_kind_of_the_registry_stands_in_the_table_of_the_page() -> None:
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8").split("## Keys that")[0], re.MULTILINE)
    assert sorted(named) == sorted(registry.CONNECTORS)


def test_a_folder_is_awaited_only_where_the_office_says_so() -> None:
    quiet, daily = (
        sources.Source(name="a", kind="folder"),
        sources.Source(name="b", kind="folder", cadence_minutes=1440),
    )
    asked = sources.Source(name="c", kind="demo", url="http://127.0.0.1:9")
    assert [stored(each).cadence_minutes for each in (quiet, daily, asked)] == [None, 1440, 30]
