"""Cảnh báo: what somebody has to see to, why, and the way to it; a head sees and acknowledges the own unit's alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import frame, shapes
from dashboard.answers import alerts as words
from jobs import alerting
from metrics import rulebook
from metrics.scope import Scope
from store import alerts, audit
from store.database import Store, open_store
from store.people import Person
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.fresh import Databases

CALENDAR = rulebook.load().calendar


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The made-up province, watched for the first time on 20/11/2026."""
    folder = tmp_path_factory.mktemp("canh-bao")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW, weeks=6, a_day=12)
    alerting.alert(store, NOW)
    yield store
    store.engine.dispose()


def lines(app: AppTest) -> pl.DataFrame:
    return pl.from_pandas(app.dataframe[0].value)


def text(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "header", "warning") for e in getattr(app, kind))


def test_the_page_lists_what_stands_and_each_group_is_as_long_as_its_count(visit: Visit, province: Store) -> None:
    app = visit(shapes.ALERTS)
    assert not app.exception
    standing = alerts.standing(province, Scope.province())
    assert lines(app).height == standing.height > 5
    for code, label in words.groups(standing).items():
        found = lines(visit(shapes.ALERTS, nhom=code))
        assert label.endswith(f"· {found.height}")


def test_a_head_sees_the_own_unit_alone(visit: Visit) -> None:
    mine = visit(shapes.ALERTS, who="truongphong")
    assert not mine.exception
    assert set(lines(mine)["Đơn vị"]) == {"Sở Xây dựng"}


def test_who_is_told_of_nothing_has_no_such_page_in_the_sidebar() -> None:
    may = frame._NEEDED[shapes.ALERTS]
    found = {role: may(made(role)) for role in ("head", "director", "operator", "auditor", "chairman", "administrator")}
    assert [role for role, sees in found.items() if sees] == ["head", "director", "operator", "auditor"]


def made(role: str) -> Person:
    return Person("ai-do", "Ai đó", role, None)  # type: ignore[arg-type]


def test_every_sentence_says_its_figures_and_leads_to_its_dossiers() -> None:
    day = {"due_on": "2026-11-23", "days": 1, "n": 1234}
    titles = {"mot-cua": "Một cửa"}

    def of(rule: str, detail: str, code: str | None = None) -> tuple[str, tuple[str, dict[str, str]]]:
        row = {"rule": rule, "detail": detail, "code": code, "source": "mot-cua", "department": "Sở Y tế"}
        to = words.ways(row, TODAY, CALENDAR)[0]
        return words.because(row, titles), (to.page, dict(to.query))

    unit = {"don_vi": "Sở Y tế"}
    assert of("due_soon", pl.Series([day]).struct.json_encode()[0]) == (
        "1.234 hồ sơ hẹn trả 23/11/2026, mốc 1 ngày làm việc",
        (shapes.WORKLIST, {"nhom": "con-1-ngay", **unit}),
    )
    assert of("overdue", '{"due_on":"2026-11-19"}', "H99-1") == (
        "H99-1: hẹn trả 19/11/2026",
        (shapes.DOSSIER, {"nguon": "mot-cua", "ma": "H99-1"}),
    )
    assert of("overdue", '{"n":41}') == (
        "41 hồ sơ đã quá hạn từ trước khi theo dõi",
        (shapes.WORKLIST, {"nhom": "qua-han", **unit}),
    )
    rate = '{"metric":"on_time_due","week":"2026-11-09","met":70,"n":100,"below":0.98}'
    assert of("rate", rate) == (
        "Đúng hạn theo ngày hẹn 70,0\u00a0% (70/100) tuần 46, dưới 98,0\u00a0%; khoảng 95\u00a0%: "
        "60,4–78,1\u00a0%; dưới giới hạn dao động thường",
        (shapes.WORKLIST, {"nhom": "tre-hen", "tuan": "2026-W46", **unit}),
    )
    assert of("rate", f'{rate[:-1]},"signal":"shift","row":7}}')[0].endswith("; 7 tuần liền dưới mức thường")
    grown = '{"week":"2026-11-16","n":40,"more":5,"signal":"trend","row":8}'
    assert of("backlog", grown)[0] == "40 hồ sơ quá hạn, tăng 5 tuần 47; 8 tuần liền tăng dần"
    heard = '{"state":"silent","heard_at":"2026-11-20T03:00:00+00:00"}'
    assert of("stale_source", heard) == ("Một cửa: lần cuối 10:00 20/11/2026", (shapes.SOURCES, {}))
    assert of("quarantine", '{"n":50,"more":21}')[0] == "Một cửa: 21 dòng mới trong 24 giờ, 50 dòng đang chờ"
    ends = of("calendar", '{"after":"2026-12-31","left":41}')[0]
    assert ends == "Ngày nghỉ lễ mới xác nhận đến 31/12/2026, còn 41 ngày"


def test_the_list_behind_a_line_holds_exactly_its_dossiers(visit: Visit, province: Store) -> None:
    """A line's count is the length of the list it opens: of those late on arrival all that are overdue on the day."""
    rows = alerts.standing(province, Scope.province()).filter(pl.col("rule") == "overdue")
    row = rows.sort(pl.col("detail").str.json_path_match("$.n").cast(pl.Int64)).to_dicts()[-1]
    (to,) = words.ways(row, TODAY, CALENDAR)
    app = visit(to.page, **to.query)
    counted = int(alerts.detail_of(row["detail"])["n"] or 0)
    assert f"**{counted}** hồ sơ" in text(app)


def test_whoever_acknowledges_is_named_with_the_note_and_in_the_audit_log(
    visit: Visit, province: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.alerting.phone", lambda: True)
    app = visit(shapes.ALERTS, who="truongphong", nhom="sap-den-han")
    app.selectbox[0].select_index(0).run()
    app.text_input[0].input("Đã giao phòng chuyên môn")
    app.button[0].click().run()
    assert not app.exception
    taken = alerts.standing(province, Scope.of("Sở Xây dựng")).filter(state="acknowledged").to_dicts()
    assert [(row["acknowledged_by"], row["note"]) for row in taken] == [("truongphong", "Đã giao phòng chuyên môn")]
    entry = audit.read(province, act="acknowledge").row(0, named=True)
    assert (entry["person"], entry["detail"]) == ("truongphong", "due_soon: Đã giao phòng chuyên môn")
    assert "Đã nhận: **truongphong**" in words.seen_to(taken[0])


def test_a_far_due_day_opens_the_list_of_what_is_in_term() -> None:
    later = date(2026, 12, 1)
    row = {"rule": "due_soon", "detail": f'{{"due_on":"{later}","days":7,"n":1}}', "code": None, "department": None}
    assert words.ways(row, TODAY, CALENDAR)[0].query == {"nhom": "trong-han", "don_vi": "-"}
    assert CALENDAR.between(TODAY, later) == 7
    assert TODAY + timedelta(days=11) == later


@pytest.mark.parametrize(
    ("rule", "whose"), [("overdue", "Giám đốc"), ("quarantine", "Vận hành"), ("calendar", "Vận hành")]
)
def test_what_feeds_the_figures_is_on_no_ladder(rule: str, whose: str) -> None:
    row = {
        "rule": rule, "level": 2, "detail": '{"due_on":"2026-11-19","after":"2026-12-31","left":38,"more":20,"n":59}',
        "code": "H99-1" if rule == "overdue" else None, "source": "mot-cua", "department": None, "raised_at": NOW,
        "told": 0, "state": "open",
    }  # fmt: skip
    assert words.lines(pl.DataFrame([row]), {})["Cấp"].to_list() == [whose]


def test_what_needs_seeing_to_first_stands_first_in_its_group() -> None:
    """Nobody's before somebody's, then by level, then by the promised day, whatever order they were raised in."""

    def row(number: int, level: int, due: str | None, state: str = "open") -> dict[str, object]:
        detail = f'{{"due_on":"{due}","days":1,"n":1}}' if due else '{"n":41}'
        return {"id": number, "rule": "due_soon", "level": level, "detail": detail, "state": state, "raised_at": NOW}

    rows = pl.DataFrame([
        row(1, 0, "2026-11-25"), row(2, 0, "2026-11-20"), row(3, 1, "2026-11-24"), row(4, 0, "2026-11-23"),
        row(5, 2, "2026-11-19", "acknowledged"), row(6, 0, "2026-11-20"), row(7, 0, None),
    ])  # fmt: skip
    assert words.chosen(rows, "sap-den-han")["id"].to_list() == [3, 7, 2, 6, 4, 1, 5]


def test_the_phone_offers_the_lines_in_the_order_of_the_desk(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    told = lines(visit(shapes.ALERTS, nhom="sap-den-han"))["Vì sao"].to_list()
    assert len(set(told)) > 1
    monkeypatch.setattr("dashboard.alerting.phone", lambda: True)
    picker = visit(shapes.ALERTS, nhom="sap-den-han").selectbox[0]
    assert (picker.options, picker.placeholder) == (told, "Chọn một cảnh báo")
