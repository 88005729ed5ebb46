"""Fees of Quảng Nam, online payment and publication of Thái Nguyên: read off figures, the JSON, the page and its files.

Published: 10.327 thousand million VND in fees from 2/1 to 8/11/2018, with 61,778 of 65,555 resolved and 3,777 pending;
15.46 % paid online and 69.3 % published on the national portal in four months of 2023. What was not published is chosen
here, and said: 51,635 dossiers of Quảng Nam cost 200,000 VND each; of Thái Nguyên 80,000 cost something and 12,368 were
paid online, and of 177,206 received the portal has 122,804. A tenth as large: 5,164; 1,237 of 8,000; 12,281 of 17,721.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import polars as pl
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from config import sources
from config.mapping import TIME_ZONE
from connectors import payload_file
from dashboard import api, scope, shapes, stored
from jobs.answers import Asked, answer
from jobs.rebuild import rebuild
from jobs.sync import load_payload
from metrics.terms import Terms
from reports.formats import percent
from store import people, tokens
from store.database import Store, open_store
from store.ingest import Source, begin_run
from store.sessions import open_for
from tests.dashboard.conftest import MAIN
from tests.dashboard.loops import answered
from tests.dashboard.made_up import PASSWORD
from tests.fresh import Databases
from tests.published.conftest import FULL, Read

ZONE = TIME_ZONE
PORTAL = Source("cong-quoc-gia", ZONE, "Cổng quốc gia", kind="national_portal", cadence_minutes=None,
                terms=Terms(zone=ZONE, figures="beside"))  # fmt: skip
NAM, NGUYEN = "quang-nam-2018", "thai-nguyen-2023"
DAYS = {NAM: (date(2018, 1, 2), date(2018, 11, 8)), NGUYEN: (date(2023, 1, 1), date(2023, 4, 30))}
#: In full size, and as an ordinary run has it: received, resolved, pending of Quảng Nam.
COUNTED = (65_555, 61_778, 3_777) if FULL else (6_555, 6_178, 377)
CHARGED = 51_635 if FULL else 5_164
PAID = (12_368, 80_000) if FULL else (1_237, 8_000)
PUBLISHED = (122_804, 177_206) if FULL else (12_281, 17_721)
FEES = 10_327_000_000


def told(n: int) -> str:
    return f"{n:,}".replace(",", ".")


@pytest.fixture(scope="module")
def provinces(
    published: Read, tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[dict[str, Store]]:
    """Each set loaded into a store of its own from its file, by the national format; of Thái Nguyên also the portal's
    part: as many of the dossiers, evenly, as were published."""
    opened: dict[str, Store] = {}
    for name in (NAM, NGUYEN):
        folder = tmp_path_factory.mktemp(f"amounts-{name}")
        store = opened[name] = open_store(databases.migrated(folder, f"amounts-{name}"), home=folder)
        file = published(name).file
        load_payload(store, file, name, seen_at=_evening(name))
        if name == NGUYEN:
            _at_the_portal(store, file, folder / "cong.json")
        people.add(store, "giamdoc", PASSWORD, role="director", title="Nguyễn Thị Hạnh")
        rebuild(store)
    yield opened
    for store in opened.values():
        store.engine.dispose()


def _evening(name: str) -> datetime:
    """Give 23:00 of the last day of a set, where the centre is."""
    day = DAYS[name][1]
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def _at_the_portal(store: Store, file: Path, part: Path) -> None:
    have, of = PUBLISHED
    whole = json.loads(file.read_bytes())
    received = [row for row in whole["data"] if row["NgayTiepNhan"]]
    assert len(received) == of
    there = [row for i, row in enumerate(received) if (i + 1) * have // of > i * have // of]
    part.write_text(json.dumps(whole | {"data": there}), encoding="utf-8")
    batch = payload_file.batch_of_file(
        part.read_bytes(), sources.Exchange(), source=PORTAL.name, time_zone=ZONE, name=part.name
    )
    with begin_run(store, PORTAL, kind="sync", origin="test", seen_at=_evening(NGUYEN)) as run:
        run.batch(batch.good, batch.rejects, merged=batch.merged)


Visit = Callable[[str], AppTest]
Get = Callable[..., dict[str, Any]]


@pytest.fixture
def opened(provinces: dict[str, Store], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Store]:
    """Make a province the one that dashboard and JSON read, on the evening of its last day."""

    def use(name: str) -> Store:
        store, now = provinces[name], _evening(name)
        monkeypatch.setattr(stored, "store", lambda: store)
        monkeypatch.setattr("dashboard.filters.now", lambda: now)
        monkeypatch.setattr("dashboard.components.NUMBERS_SECONDS", 0)  # no browser waits to show them
        return store

    return use


@pytest.fixture
def visit(opened: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open the page of service quality for the year of a province."""

    def open_page(name: str) -> AppTest:
        store = opened(name)
        who = people.check(store, "giamdoc", PASSWORD)
        assert who is not None
        session = open_for(store, who, now=_evening(name))
        monkeypatch.setattr(scope, "token", lambda: session)
        app = AppTest.from_file(str(MAIN), default_timeout=120).run()
        app.switch_page(shapes.QUALITY)
        app.query_params["ky"] = str(DAYS[name][1].year)
        app.run()
        assert not app.exception
        assert "Chưa hiển thị được bảng này" not in words(app)
        return app

    return open_page


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption") for e in getattr(app, kind))


def metric(app: AppTest, label: str) -> str:
    return next(each.value for each in app.metric if each.label == label)


def table(app: AppTest, *heads: str) -> pl.DataFrame:
    return next(t for t in (pl.from_pandas(each.value) for each in app.dataframe) if {*heads} <= set(t.columns))


@pytest.fixture
def get(opened: Callable[[str], Store]) -> Get:
    """Ask the JSON of a province for a figure of its days."""

    def ask(name: str, figure: str) -> dict[str, Any]:
        store, (start, end) = opened(name), DAYS[name]
        _, secret = tokens.issue(
            store, f"{figure}-{name}", kind="api", departments=None, by="quantri", at=_evening(name)
        )

        async def go() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=Starlette(routes=api.ROUTES))
            async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.get(
                    f"/api/figures/{figure}", params={"from": start.isoformat(), "to": end.isoformat()},
                    headers={"Authorization": f"Bearer {secret}"},
                )  # fmt: skip

        (group,) = answered(go).json()["groups"]
        found: dict[str, Any] = group
        return found

    return ask


def figures(store: Store, name: str, *by: str) -> list[dict[str, Any]]:
    start, end = DAYS[name]
    groups: list[dict[str, Any]] = answer(store, Asked(start, end, end.isoformat(), by))["groups"]
    return groups


# ---------- Quảng Nam, 2 January to 8 November 2018 ----------


def test_quang_nam_10_327_thousand_million_in_fees(provinces: dict[str, Store], visit: Visit, get: Get) -> None:
    (group,) = figures(provinces[NAM], NAM)
    n = group["counts"]
    assert (n["received"], n["resolved"], n["pending"]) == COUNTED
    assert (n["fees"], n["charged"] + n["charged_unknown"]) == (FEES, CHARGED)
    by = figures(provinces[NAM], NAM, "procedure")
    assert sum(each["counts"]["fees"] for each in by) == FEES
    for figure, value in zip(("received", "resolved", "pending"), COUNTED, strict=True):
        assert get(NAM, figure)["value"] == value
    assert get(NAM, "fees")["value"] == FEES
    app = visit(NAM)
    assert metric(app, "Phí, lệ phí") == "10,327 tỷ đồng"
    assert f"Của **{told(CHARGED)}** hồ sơ tiếp nhận có phí, lệ phí." in words(app)
    shown = table(app, "Thủ tục", "Phí, lệ phí")
    assert sum(int(cell.replace(".", "")) for cell in shown["Có phí"]) == CHARGED


# ---------- Thái Nguyên, four months of 2023 ----------


def test_thai_nguyen_15_46_percent_paid_online(provinces: dict[str, Store], visit: Visit, get: Get) -> None:
    (group,) = figures(provinces[NGUYEN], NGUYEN)
    rate = group["rates"]["online_payment"]
    assert (rate["numerator"], rate["denominator"]) == PAID
    assert percent(*PAID, 2) == "15,46\u00a0%"
    told_as = get(NGUYEN, "online_payment")
    assert (told_as["numerator"], told_as["denominator"], round(told_as["value"], 4)) == (*PAID, 0.1546)
    app = visit(NGUYEN)
    assert metric(app, "Tỷ lệ thanh toán trực tuyến") == percent(*PAID) == "15,5\u00a0%"  # one decimal, as every share
    assert f"**{told(PAID[0])}** / {told(PAID[1])} hồ sơ có phí, lệ phí biết cách nộp" in words(app)
    shown = table(app, "Thủ tục", "Phí, lệ phí")
    assert sum(int(cell.replace(".", "")) for cell in shown["Trực tuyến"]) == PAID[0]


def test_thai_nguyen_69_3_percent_are_on_the_national_portal(visit: Visit, get: Get) -> None:
    found = get(NGUYEN, "published_share")
    assert (found["numerator"], found["denominator"], found["undecided"]) == (*PUBLISHED, 0)
    app = visit(NGUYEN)
    assert metric(app, "Tỷ lệ đồng bộ lên Cổng quốc gia") == percent(*PUBLISHED) == "69,3\u00a0%"
    assert f"**{told(PUBLISHED[0])}** / {told(PUBLISHED[1])} hồ sơ hệ thống một cửa tiếp nhận" in words(app)
    units = table(app, "Đơn vị", "Có ở Cổng")
    columns = (units[name].str.replace_all(".", "", literal=True).cast(pl.Int64).sum() for name in units.columns[1:3])
    assert tuple(columns) == (PUBLISHED[1], PUBLISHED[0])


def test_what_stands_beside_is_counted_nowhere_else(provinces: dict[str, Store]) -> None:
    (group,) = figures(provinces[NGUYEN], NGUYEN)
    assert group["counts"]["received"] == PUBLISHED[1]
