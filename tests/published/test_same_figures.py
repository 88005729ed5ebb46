"""The same set by two ways, and on every surface: the file loaded elsewhere, form II.06, the Friday report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.answers import Asked, answer, ready
from jobs.friday import make
from jobs.sync import load_payload
from metrics.evaluate import BY
from metrics.form_ii06 import form
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store, open_store
from tests.fresh import Databases
from tests.published.conftest import Loaded, Read

WEEK = Period(date(2018, 11, 2), date(2018, 11, 8))
NAME = "quang-nam-2018"


@pytest.fixture(scope="module")
def province(published: Read) -> Loaded:
    return published(NAME)


@pytest.fixture(scope="module")
def elsewhere(province: Loaded, tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """Another store, into which the file of the set was loaded as any file of the national format is."""
    folder = tmp_path_factory.mktemp("elsewhere")
    other = open_store(databases.migrated(folder), home=folder)
    counts = load_payload(other, province.file, NAME, seen_at=datetime.now(UTC))
    assert counts.new == counts.read == province.outcome.counts.read
    yield other
    other.engine.dispose()


@pytest.mark.parametrize("by", [(), *((name,) for name in BY), ("department", "channel", "month")], ids=str)
def test_the_file_loaded_into_another_store_gives_the_same_figures(
    province: Loaded, elsewhere: Store, by: tuple[str, ...]
) -> None:
    for start, end in ((date(2018, 1, 2), WEEK.end), (WEEK.start, WEEK.end)):
        asked = Asked(start, end, end.isoformat(), by)
        there = answer(elsewhere, asked)["groups"]
        assert sum(group["counts"]["resolved"] for group in there) >= 1_500
        assert answer(province.store, asked)["groups"] == there


def test_the_file_is_a_payload_of_the_exchange_and_names_nobody(province: Loaded) -> None:
    payload: dict[str, Any] = json.loads(province.file.read_text(encoding="utf-8"))
    assert payload["service"] == "DongBoHoSoMC"
    assert len(payload["data"]) == province.outcome.counts.read
    personal = {"ChuHoSo", "SoGiayToChuHoSo", "MaDoiTuong", "Email", "Fax", "SoDienThoai", "DinhDanhCHS"}
    assert not personal & set(payload["data"][0])


def test_form_ii06_of_the_week_has_the_published_totals(province: Loaded) -> None:
    state = ready(province.store)
    cube = snapshot.cube(province.store, state)
    table = form(cube, period=WEEK, as_of=WEEK.end, rows="department", scope=Scope.province())
    assert table.balanced
    assert (table.total["c4"], table.total["c4"] + table.total["c5"]) == (220, 1_572)
    assert (table.total["c7"], table.total["c8"] + table.total["c9"], table.total["c10"]) == (1_500, 1_476, 24)
    assert table.total["c11"] == province.counts()["pending"]
    online = dict(table.rows.select("name", "c4").iter_rows())
    assert (online["Sở Công Thương"], online["Sở Giao thông vận tải"]) == (84, 83)


def test_the_friday_report_says_the_published_sentence(province: Loaded, tmp_path: Path) -> None:
    files = make(province.store, date(2018, 11, 9), tmp_path)
    content = json.loads(next(f for f in files if f.suffix == ".json").read_text(encoding="utf-8"))
    # The report chooses the decimals for all its rates together: in full size it prints two.
    assert content["figures"]["res.rate"]["t"] in ("98,4\u00a0%", "98,40\u00a0%")
    assert (content["figures"]["res.rate"]["n"], content["figures"]["res.rate"]["d"]) == (1_476, 1_500)
    total = [cell["v"] for cell in content["form"]["total"]["cells"]]
    assert total[5] + total[6] == 1_476
    assert total[4] == 1_500
