"""Fees, digitisation and the national portal on the page of service quality: counted by hand from the dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx2
import polars as pl
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from dashboard import api, shapes
from dashboard.answers import publication
from jobs.rebuild import rebuild
from metrics.dossier import Dossier
from metrics.freshness import Silent
from metrics.terms import Terms
from store import tokens
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.loops import answered
from tests.fresh import Databases

ZONE = "Asia/Ho_Chi_Minh"
PORTAL = Source("cong", ZONE, "Cổng quốc gia", kind="national_portal", cadence_minutes=15,
                terms=Terms(zone=ZONE, figures="beside"))  # fmt: skip
OCTOBER = "2026-T10"
WEEKS, A_DAY = 12, 24


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The made-up province, and a portal that never heard of every eleventh dossier."""
    folder = tmp_path_factory.mktemp("amounts")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW, weeks=WEEKS, a_day=A_DAY)
    with begin_run(store, PORTAL, kind="sync", origin="test", seen_at=NOW) as run:
        run.batch(Dossier.cast(_at_the_portal(rows_of())))
    rebuild(store)
    yield store
    store.engine.dispose()


def rows_of() -> pl.DataFrame:
    """Give the dossiers as made, with the local day of receipt and of the result."""
    return made_up.dossiers(TODAY, weeks=WEEKS, a_day=A_DAY)


def _at_the_portal(rows: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("code").str.slice(-5).cast(pl.Int64)
    return rows.filter(number % 11 != 0).with_columns(source=pl.lit(PORTAL.name))


def october(column: str = "received_at") -> pl.DataFrame:
    """Give the dossiers of October by the day of ``column``, where the centre is."""
    day = pl.col(column).dt.convert_time_zone(ZONE).dt.date()
    return rows_of().filter(day.is_between(date(2026, 10, 1), date(2026, 10, 31)))


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "header") for e in getattr(app, kind))


def metric(app: AppTest, label: str) -> str:
    return next(each.value for each in app.metric if each.label == label)


def table(app: AppTest, first: str, *others: str) -> pl.DataFrame:
    """Give the table with these headings."""
    found = [pl.from_pandas(each.value) for each in app.dataframe]
    return next(each for each in found if {first, *others} <= set(each.columns))


def test_the_page_shows_what_the_dossiers_say(visit: Visit) -> None:
    app = visit(shapes.QUALITY, ky=OCTOBER)
    assert not app.exception
    assert "Chưa hiển thị được bảng này" not in words(app)
    came = october()
    charged = came.filter(pl.col("fee") > 0)
    known = charged.filter(pl.col("payment").is_not_null())
    online = known.filter(pl.col("payment") == "online").height
    assert metric(app, "Phí, lệ phí") == f"{came['fee'].sum():,} đồng".replace(",", ".")
    assert f"**{online}** / {known.height} hồ sơ có phí, lệ phí biết cách nộp" in words(app)
    assert f"Của **{charged.height}** hồ sơ tiếp nhận có phí, lệ phí." in words(app)
    assert f"{charged.height - known.height} hồ sơ không rõ cách nộp" in words(app)
    lines = table(app, "Thủ tục", "Phí, lệ phí")
    assert lines.height == charged["procedure"].n_unique() < came["procedure"].n_unique()
    assert sum(int(n) for n in lines["Có phí"]) == charged.height


def test_digitisation_is_told_by_level_against_the_target_of_each(visit: Visit) -> None:
    lines = table(visit(shapes.QUALITY, ky=OCTOBER), "Cấp", "Mục tiêu")
    done = october("resolved_at").filter(pl.col("results").is_not_null())
    for level, name, goal in (("province", "Cấp tỉnh", "80\u00a0%"), ("commune", "Cấp xã", "60\u00a0%")):
        (line,) = lines.filter(pl.col("Cấp") == name, pl.col("Số hóa") == "Kết quả").to_dicts()
        mine = done.filter(pl.col("level") == level)
        have = mine.filter(pl.col("results") > 0).height
        assert (line["Đã có bản điện tử"], line["Trên tổng số"]) == (str(have), str(mine.height))
        reached = have / mine.height >= {"province": 0.8, "commune": 0.6}[level]
        assert (line["Mục tiêu"], line["So với mục tiêu"]) == (goal, "Đạt" if reached else "Chưa đạt")


def test_publication_is_of_what_the_one_stop_system_received(visit: Visit) -> None:
    app = visit(shapes.QUALITY, ky=OCTOBER)
    came = october()
    there = came.filter(pl.col("code").str.slice(-5).cast(pl.Int64) % 11 != 0).height
    assert f"**{there}** / {came.height} hồ sơ hệ thống một cửa tiếp nhận trong kỳ" in words(app)
    assert table(app, "Mã hồ sơ", "Trên Cổng").height == came.height - there
    units = table(app, "Đơn vị", "Có ở Cổng")
    assert sum(int(n) for n in units["Có ở Cổng"]) == there


def test_a_head_is_told_of_the_own_unit_alone(visit: Visit) -> None:
    app = visit(shapes.QUALITY, who="truongphong", ky=OCTOBER)
    mine = october().filter(pl.col("department") == "Sở Xây dựng")
    assert metric(app, "Phí, lệ phí") == f"{mine['fee'].sum():,} đồng".replace(",", ".")
    assert f"/ {mine.height} hồ sơ hệ thống một cửa tiếp nhận trong kỳ" in words(app)
    assert set(table(app, "Mã hồ sơ", "Trên Cổng")["Đơn vị"]) == {"Sở Xây dựng"}
    assert set(table(app, "Đơn vị", "Có ở Cổng")["Đơn vị"]) == {"Sở Xây dựng"}


def test_the_chosen_field_narrows_every_part(visit: Visit) -> None:
    app = visit(shapes.QUALITY, ky=OCTOBER, linh_vuc="Hộ tịch")
    mine = october().filter(pl.col("field") == "Hộ tịch")
    assert metric(app, "Phí, lệ phí") == f"{mine['fee'].sum():,} đồng".replace(",", ".")
    assert f"/ {mine.height} hồ sơ hệ thống một cửa tiếp nhận trong kỳ" in words(app)


CHARGED, ONLINE, SAID = pl.col("fee") > 0, pl.col("payment") == "online", pl.col("payment").is_not_null()
#: List → the day by which it counts, and which of the dossiers as made are in it.
LISTED: dict[str, tuple[str, pl.Expr]] = {
    "thu-phi": ("received_at", CHARGED),
    "nop-phi-truc-tuyen": ("received_at", CHARGED & ONLINE),
    "nop-phi-truc-tiep": ("received_at", CHARGED & SAID & ~ONLINE),
    "phi-khong-ro": ("received_at", CHARGED & ~SAID),
    "ro-so-hoa": ("received_at", pl.col("components").is_not_null()),
    "ket-qua-ro": ("resolved_at", pl.col("results").is_not_null()),
    "ket-qua-dien-tu": ("resolved_at", pl.col("results") > 0),
    "ket-qua-chua-dien-tu": ("resolved_at", pl.col("results") == 0),
}


@pytest.mark.parametrize("code", LISTED)
def test_every_list_holds_the_dossiers_of_its_number(visit: Visit, code: str) -> None:
    app = visit(shapes.WORKLIST, nhom=code, ky=OCTOBER)
    assert not app.exception
    day, kept = LISTED[code]
    shown = app.dataframe[0].value
    assert sorted(shown["Mã hồ sơ"]) == sorted(october(day).filter(kept)["code"])


def test_other_systems_are_told_the_same(in_use: Store) -> None:
    days = {"from": "2026-10-01", "to": "2026-10-31"}
    came = october()
    there = came.filter(pl.col("code").str.slice(-5).cast(pl.Int64) % 11 != 0).height
    whole = asked(in_use, "published_share", **days)
    assert whole["sources"] == {"one_stop": "mot-cua", "portal": "cong"}
    parts = {"numerator": there, "denominator": came.height, "undecided": 0}
    (group,) = whole["groups"]
    low, high = group.pop("low"), group.pop("high")
    assert group == {"value": there / came.height} | parts
    assert (low is None) == (came.height >= 400) and (low is None or low < there / came.height < high)
    units = asked(in_use, "published_share", by="department", **days)["groups"]
    assert sum(unit["numerator"] for unit in units) == there
    assert asked(in_use, "fees", **days)["groups"] == [{"value": came["fee"].sum()}]
    known = came.filter(CHARGED & SAID)
    (share,) = asked(in_use, "online_payment", **days)["groups"]
    assert (share["numerator"], share["denominator"]) == (known.filter(ONLINE).height, known.height)


@pytest.mark.parametrize("name", ["cong", "mot-cua"])
def test_where_one_of_the_two_is_silent_there_is_no_share_and_a_month_before_keeps_it(
    visit: Visit, in_use: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    quiet = Silent(name, None, date(2026, 11, 18), datetime(2026, 11, 19, 3, 32, tzinfo=UTC))
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: (quiet,))
    app = visit(shapes.QUALITY, ky="2026-T11")
    assert metric(app, "Tỷ lệ đồng bộ lên Cổng quốc gia") == "—"
    assert "không có dữ liệu** từ 10:32 19/11/2026 nên chưa có tỷ lệ." in words(app)
    assert "Hồ sơ chưa thấy trên Cổng quốc gia" not in words(app)
    assert not [found for found in app.dataframe if "Trên Cổng" in found.value.columns]
    whole = asked(in_use, "published_share", **{"from": "2026-11-01", "to": "2026-11-30"})
    assert whole["groups"] == [
        {"value": None, "numerator": 0, "denominator": 0, "undecided": 0, "low": None, "high": None}
    ]
    assert whole["silent"] == [{"source": name, "department": None}]
    assert metric(visit(shapes.QUALITY, ky=OCTOBER), "Tỷ lệ đồng bộ lên Cổng quốc gia") != "—"
    (before,) = asked(in_use, "published_share", **{"from": "2026-10-01", "to": "2026-10-31"})["groups"]
    assert before["value"] > 0


def test_a_channel_of_a_pair_and_a_month_of_it_are_refused(in_use: Store) -> None:
    for part in ({"by": "month"}, {"channel": "online"}):
        assert "published_share is not told by" in asked(in_use, "published_share", **part)["error"]


def test_a_token_of_one_unit_is_told_of_that_unit_alone(in_use: Store) -> None:
    mine = october().filter(pl.col("department") == "Sở Xây dựng")
    told = asked(
        in_use, "published_share", "Sở Xây dựng", by="department", **{"from": "2026-10-01", "to": "2026-10-31"}
    )
    assert [(unit["by"]["department"], unit["denominator"]) for unit in told["groups"]] == [
        ("Sở Xây dựng", mine.height)
    ]


def asked(store: Store, figure: str, *units: str, **parts: str) -> dict[str, Any]:
    """Ask the JSON as a system that may read ``units``, or the whole province where none is named."""
    _, secret = tokens.issue(store, f"h-{uuid4().hex}", kind="api", departments=units or None, by="quantri", at=NOW)

    async def go() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=Starlette(routes=api.ROUTES))
        async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(
                f"/api/figures/{figure}", params=parts, headers={"Authorization": f"Bearer {secret}"}
            )

    told: dict[str, Any] = answered(go).json()
    return told


def test_without_a_portal_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.publication.portal_of", lambda _: None)
    app = visit(shapes.QUALITY, ky=OCTOBER)
    assert metric(app, "Tỷ lệ đồng bộ lên Cổng quốc gia") == "—"
    assert publication.NO_PORTAL in words(app)
