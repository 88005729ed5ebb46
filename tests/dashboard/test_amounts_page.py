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

from config import catalogue
from config.catalogue import CatalogueFile
from dashboard import api, shapes
from dashboard.answers import admin_rules, digital, fees, publication
from dashboard.compared import Pair
from dashboard.filters import Choice
from dashboard.periods import Named, of_code
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
    assert whole["groups"] == [{"value": there / came.height} | parts]
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
    assert whole["groups"] == [{"value": None, "numerator": 0, "denominator": 0, "undecided": 0}]
    assert whole["silent"] == [{"source": name, "department": None}]
    assert metric(visit(shapes.QUALITY, ky=OCTOBER), "Tỷ lệ đồng bộ lên Cổng quốc gia") != "—"
    (before,) = asked(in_use, "published_share", **{"from": "2026-10-01", "to": "2026-10-31"})["groups"]
    assert before["value"] > 0


def test_a_portal_that_was_never_heard_is_told_so_and_a_unit_of_it_is_not_the_portal() -> None:
    both = Pair("mc", "qg", "Một cửa", "Cổng")
    said = "**Nguồn Cổng: không có dữ liệu** lần nào nên chưa có tỷ lệ."
    assert publication.unheard(both, [Silent("qg", None, None, None)]) == [said]
    assert publication.unheard(both, [Silent("qg", "Sở Y tế", None, None), Silent("x", None, None, None)]) == []


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


# ---------- ready values ----------


def period(code: str) -> Named:
    found = of_code(code)
    assert found is not None
    return found


CHOICE = Choice(TODAY, date(2026, 11, 16), named=period(OCTOBER))
BOOK: CatalogueFile = catalogue.load()


def row(procedure: str | None, paid: int, known: int, unknown: int, fee: int) -> dict[str, Any]:
    return {
        "procedure": procedure, "charged": known, "paid_online": paid, "charged_unknown": unknown, "fees": fee,
        "online_payment": {"numerator": paid, "denominator": known, "value": paid / known if known else None},
    }  # fmt: skip


def told(*rows: dict[str, Any]) -> fees.Fees:
    by = pl.DataFrame(list(rows), schema_overrides={"procedure": pl.String})
    return fees.fees(CHOICE, by.sum().row(0, named=True), by, {"1.1": "Cấp giấy phép A"}, BOOK)


def test_a_procedure_is_paid_online_when_one_dossier_was_and_none_is_known_of_is_in_neither_part() -> None:
    found = told(row("1.1", 1, 30, 0, 5), row("1.2", 0, 10, 2, 3), row("1.3", 0, 0, 7, 3), row(None, 5, 5, 0, 1),
                 row("1.4", 0, 0, 0, 0))  # fmt: skip
    assert "**1** / 2 thủ tục có thu có hồ sơ nộp trực tuyến." in found.lines
    assert "1 thủ tục có thu không rõ cách nộp của hồ sơ nào." in found.lines
    assert found.table is not None
    assert found.table.lines.rows() == [
        ("Cấp GP A", "30", "1", "3,3\u00a0%", "0", "5 đồng"), ("1.2", "12", "0", "n = 10", "2", "3 đồng"),
        ("1.3", "7", "0", "—", "7", "3 đồng"), ("Chưa ghi thủ tục", "5", "5", "n = 5", "0", "1 đồng"),
    ]  # fmt: skip
    assert [link.label for link in found.table.links[1]] == ["12 có phí", "10 nộp trực tiếp", "2 không rõ"]
    assert found.table.links[1][0].query == {"ky": OCTOBER, "thu_tuc": "1.2", "nhom": "thu-phi"}


def test_without_a_fee_there_is_a_dash_and_a_sentence_and_no_table() -> None:
    found = told(row("1.1", 0, 0, 0, 0))
    assert (found.value, found.table, found.links) == ("—", None, [])
    assert found.lines == ["Chưa hồ sơ nào trong kỳ có ghi phí, lệ phí."]


@pytest.mark.parametrize(
    ("pair", "said"),
    [((80, 100), "Đạt"), ((79, 100), "Chưa đạt"), ((7_996, 10_000), "Chưa đạt"), ((15, 19), "Chưa đủ số liệu"),
     ((0, 0), "—")],
)  # fmt: skip
def test_a_target_is_reached_by_the_exact_share_and_of_few_nobody_says(pair: tuple[int, int], said: str) -> None:
    goal = BOOK["results_digital_share"].target_of("province", TODAY)
    assert digital.verdict(pair, goal, BOOK.small) == said
    assert digital.verdict(pair, None, BOOK.small) == "—"


def level(name: str | None, have: int, of: int) -> dict[str, Any]:
    share = {"numerator": have, "denominator": of, "value": have / of if of else None}
    nothing = {"numerator": 0, "denominator": 0, "value": None}
    return {"level": name, "results_known": of, "results_digital": have, "results_digital_share": share,
            "components_known": 0, "components_digitised_share": nothing}  # fmt: skip


def test_levels_stand_in_their_order_and_a_share_that_rounds_to_its_target_is_written_out() -> None:
    rows = [level("commune", 5, 10), level(None, 1, 2), level("province", 7_996, 10_000), level("district", 70, 100)]
    found = digital.by_level(CHOICE, pl.DataFrame(rows), BOOK)
    assert found is not None
    shown = found.lines.select("Cấp", "Tỷ lệ", "Mục tiêu", "So với mục tiêu").rows()
    assert shown == [
        ("Cấp tỉnh", "79,96\u00a0%", "80\u00a0%", "Chưa đạt"), ("Cấp huyện", "70,0\u00a0%", "70\u00a0%", "Đạt"),
        ("Cấp xã", "n = 10", "60\u00a0%", "Chưa đủ số liệu"), ("Chưa ghi cấp", "n = 2", "—", "—"),
    ]  # fmt: skip
    assert "cap" in found.links[3][0].query
    assert digital.by_level(CHOICE, pl.DataFrame([level("commune", 0, 0)]), BOOK) is None


def sources(*rows: tuple[str, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, name.upper(), kind, n, f'{{"figures": "{figures}"}}') for name, kind, n, figures in rows],
        schema=["name", "title", "kind", "dossiers", "terms"], orient="row",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ([("mc", "rest", 9, "counted"), ("qg", "national_portal", 5, "beside")], ("mc", "qg")),
        ([("mc", "folder", 9, "counted"), ("tep", "folder", 5, "beside")], ("mc", "tep")),
        ([("a", "rest", 3, "counted"), ("b", "rest", 9, "counted"), ("qg", "national_portal", 99, "counted")],
         ("b", "qg")),
        ([("kho", "folder", 99, "beside"), ("mc", "rest", 9, "counted"), ("qg", "national_portal", 5, "beside")],
         ("mc", "qg")),
        ([("mc", "rest", 9, "counted"), ("dd", "rest", 5, "counted")], publication.NO_PORTAL),
        ([("qg", "national_portal", 9, "counted"), ("mc", "rest", 0, "counted")], publication.NO_ONE_STOP),
        ([], publication.NO_PORTAL),
    ],
)  # fmt: skip
def test_the_portal_is_the_source_of_that_kind_or_the_one_that_stands_beside(
    known: list[tuple[str, str, int, str]], found: tuple[str, str] | str
) -> None:
    frame = sources(*known) if known else sources(("x", "rest", 0, "counted"))
    told_as = publication.pair(frame)
    assert (told_as.a, told_as.b) == found if isinstance(told_as, Pair) else told_as == found


def test_without_a_portal_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(publication, "PORTAL", "none")
    monkeypatch.setattr(publication, "_beside", lambda _: False)
    app = visit(shapes.QUALITY, ky=OCTOBER)
    assert metric(app, "Tỷ lệ đồng bộ lên Cổng quốc gia") == "—"
    assert publication.NO_PORTAL in words(app)


def test_the_administration_lists_the_targets_of_each_level() -> None:
    told = dict(admin_rules.thresholds(BOOK).select("Chỉ số", "Mục tiêu").iter_rows())
    assert told["Tỷ lệ số hóa kết quả giải quyết"] == (
        "Cấp tỉnh: 80\u00a0% (01/01/2022); Cấp huyện: 70\u00a0% (01/01/2022); Cấp xã: 60\u00a0% (01/01/2022)"
    )
    assert (told["Đúng hạn theo ngày hẹn"], told["Tiếp nhận"]) == ("98\u00a0%", "—")
