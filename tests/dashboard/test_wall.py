"""The wall: five numbers that are those of the lists, three screens by the clock, a token that opens nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import catalogue
from dashboard import data, lists, shapes, wall_door
from dashboard.answers import overview, wall
from dashboard.answers.weeks import Weeks
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.shapes import Due
from metrics.definitions import AGES
from metrics.scope import Scope
from store import tokens
from store.database import Store
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_pages import texts

Show = Callable[..., AppTest]


@pytest.fixture
def show(in_use: Store, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Open the wall as a screen with a token, which may read ``departments`` only."""

    def open_wall(*departments: str, revoked: bool = False, **query: str) -> AppTest:
        name = f"tuong {datetime.now(UTC).timestamp()}"
        _, secret = tokens.issue(in_use, name, kind="wall", departments=departments or None, by="quantri", at=NOW)
        monkeypatch.setattr(wall_door, "secret", lambda: secret)
        monkeypatch.setattr("dashboard.wall_screen.secret", lambda: secret)
        if revoked:
            tokens.revoke(in_use, name, by="quantri", at=NOW)
        return visit(shapes.WALL, who="", **query)

    return open_wall


def told(app: AppTest) -> str:
    """Give every word of the wall, those in its charts too."""
    charts = [chart.proto.spec or chart.proto.figure.spec for chart in app.get("plotly_chart")]
    tiles = [f"{tile.label} {tile.value} {tile.delta}" for tile in app.metric]
    return "\n".join([texts(app), *tiles, *map(_words, charts)])


def _words(spec: str) -> str:
    return json.dumps(json.loads(spec), ensure_ascii=False)


def test_a_field_of_few_is_told_with_its_interval_and_one_of_fewer_without_a_share() -> None:
    counts = pl.DataFrame({"field": ["Đất đai", "Hộ tịch", "Y tế"], "due": [100, 1000, 19], "due_met": [88, 900, 10]})
    assert [said.detail for said in wall.worst_fields(counts, small=20)] == [
        "100 trễ / 1.000 đến hẹn · 90,0\xa0% đúng hạn", "12 trễ / 100 đến hẹn · 88,0\xa0% (80,2–93,0) đúng hạn",
        "9 trễ / 19 đến hẹn · n = 19",
    ]  # fmt: skip


def test_a_field_is_warned_of_under_the_target_alone_and_says_so() -> None:
    counts = pl.DataFrame(
        {"field": ["Đất đai", "Chứng thực", "Y tế"], "due": [1000, 1000, 19], "due_met": [960, 984, 10]}
    )
    land, copies, few = wall.worst_fields(counts, 20, 0.98)
    assert (land.sign, land.detail) == (
        "overdue", "40 trễ / 1.000 đến hẹn · 96,0\xa0% đúng hạn, dưới mục tiêu 98\xa0%"
    )  # fmt: skip
    assert (copies.sign, copies.detail) == ("listed", "16 trễ / 1.000 đến hẹn · 98,4\xa0% đúng hạn")
    assert few.sign == "listed"


def test_branches_of_one_office_are_told_apart() -> None:
    names = [f"Chi nhánh Văn phòng Đăng ký đất đai khu vực {i}" for i in ("I", "II", "III", "IV", "V")]
    zeros = {age: [1] * 5 for age in AGES}
    drawn = wall.backlog(pl.DataFrame({"department": names} | zeros)).names
    assert sorted(drawn) == [f"CN VPĐKĐĐ KV {i}" for i in ("I", "II", "III", "IV", "V")]


def test_the_overdue_tile_is_red_where_the_card_of_the_overview_is_and_says_the_same_change() -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    for last, tone in ((51, "gray"), (90, "red")):
        stocks = [50, 52, 49, 51, 50, 52, 48, 50, 51, 49, 50, 52, 51, 49, last]
        mondays = [monday - timedelta(weeks=i) for i in reversed(range(len(stocks)))]
        rest = {"due": 50, "due_met": 49, "awaiting_acceptance": 0}
        told = Weeks(mondays, [rest | {"pending_overdue": n} for n in stocks])
        card = overview.overdue(Choice(TODAY, monday), told, None, catalogue.load(), "light")
        tile = wall._late(Choice(TODAY, monday), told)
        assert (tile.value, tile.pill) == (card.value, f"{card.change} {card.against}")
        assert (tile.tone, card.verdict == "bad") == (tone, tone == "red")


def test_the_wall_opens_with_five_numbers_and_no_sign_in(show: Show) -> None:
    app = show()
    assert not app.exception
    assert [t.value for t in app.title] == ["Trung tâm Phục vụ hành chính công"]
    assert len(app.metric) == 5
    assert "Chưa hiển thị được bảng này" not in texts(app)


def test_its_numbers_are_those_of_the_lists(show: Show, in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    ask = Ask(state.data_version, Scope.province(), Choice(TODAY, TODAY - timedelta(days=TODAY.weekday())))
    rows = data.open_dossiers(ask)
    held = [
        rows.filter(lists.LISTS[name].keep).height for name in ("qua-han", "hom-nay", "con-1-ngay", "cho-tiep-nhan")
    ]
    assert [int(tile.value.replace(".", "")) for tile in show().metric[1:]] == held
    assert all(held)


def test_it_tells_of_no_dossier_no_officer_and_no_applicant(show: Show, in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    ask = Ask(state.data_version, Scope.province(), Choice(TODAY, TODAY - timedelta(days=TODAY.weekday())))
    said, rows = told(show()), data.open_dossiers(ask)
    assert [code for code in rows["code"] if code in said] == []
    assert [name for name in rows["handler"].drop_nulls().unique().cast(pl.String) if name in said] == []
    assert "Sở Nông nghiệp và Môi trường" in said  # the charts were read


def test_a_screen_of_one_unit_tells_of_no_other(show: Show) -> None:
    said = told(show("Sở Xây dựng"))
    assert "Sở Xây dựng" in said
    assert [name for name in ("Nông nghiệp", "Tân Vân", "Tư pháp", "Đất đai", "Hộ tịch") if name in said] == []


def test_a_revoked_token_shows_nothing_but_that_it_was_revoked(show: Show) -> None:
    app = show(revoked=True)
    assert [t.value for t in app.title] == ["Mã đã bị thu hồi"]
    assert len(app.metric) == 0
    assert len(app.get("plotly_chart")) == 0


def test_the_token_opens_no_page_but_the_wall(show: Show, visit: Visit) -> None:
    show()
    for page in (shapes.WORKLIST, shapes.DEPARTMENTS, shapes.SOURCES, shapes.ADMIN):
        app = visit(page, who="")
        assert "Phiên làm việc đã kết thúc" in texts(app)
        assert len(app.metric) + len(app.dataframe) + len(app.get("plotly_chart")) == 0


def test_a_person_sees_the_own_scope_on_it(visit: Visit) -> None:
    said = told(visit(shapes.WALL, who="truongphong"))
    assert "Sở Xây dựng" in said
    assert "Tân Vân" not in said


def test_old_data_stand_under_a_band(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Dữ liệu đã cũ" not in texts(show())
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW + timedelta(days=12))
    assert "Dữ liệu đã cũ" in texts(show())


def test_the_screen_is_chosen_by_the_clock_so_that_two_walls_agree() -> None:
    start = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    seen = [wall.screen_at(start + timedelta(seconds=s)) for s in (0, 19, 20, 39, 40, 59, 60)]
    assert seen == [1, 1, 2, 2, 3, 3, 1]
    assert wall.screen_at(start, "3") == 3
    assert wall.screen_at(start, "7") == 1


def test_on_a_monday_morning_the_wall_tells_the_week_before_and_the_stock_of_today() -> None:
    monday, names = (
        TODAY - timedelta(days=TODAY.weekday()),
        ("due", "due_met", "pending_overdue", "awaiting_acceptance"),
    )
    rows = [dict(zip(names, told, strict=True)) for told in ((50, 48, 20, 0), (200, 190, 31, 0), (0, 0, 33, 0))]
    weeks = Weeks([monday - timedelta(weeks=i) for i in (2, 1, 0)], rows)
    due = [Due("◆", "", 0, "", "gray", {})] * 4
    left = pl.DataFrame(schema={"days_left": pl.Int32})
    kept, late, *_ = wall.tiles(Choice(monday, monday), weeks, left, due, catalogue.load())
    note = "190 / 200 hồ sơ đến hẹn · 91,0–97,3\u00a0%"
    assert (kept.label, kept.value, kept.note) == ("Đúng hạn tuần 46", "95,0\u00a0%", note)
    assert (late.value, late.pill, late.tone) == ("33", "+2 so với tuần 46", "gray")  # as the card of the overview says


def test_six_bars_at_most_and_nobody_is_left_out() -> None:
    names = [f"Đơn vị {i}" for i in range(1, 10)]
    stocks = pl.DataFrame(
        {"department": names, AGES[0]: range(1, 10), AGES[1]: [0] * 9, AGES[2]: [0] * 9, AGES[3]: [1] * 9}
    )
    found = wall.backlog(stocks)
    assert found.names == ["Đơn vị 9", "Đơn vị 8", "Đơn vị 7", "Đơn vị 6", "Đơn vị 5", "Đơn vị khác (4)"]
    assert found.counts[-1] == (10, 0, 0, 4)  # 1 + 2 + 3 + 4 young, one old of each
    assert wall.backlog(stocks.clear()).names == []


def test_the_picture_of_what_comes_counts_the_open_by_days_left() -> None:
    rows = pl.DataFrame({"days_left": [0, 0, 1, 3, 40, None]}, schema={"days_left": pl.Int32})
    assert wall.ahead_of(rows) == [2, 1, 0, 1, 0, 0, 0, 0]


def test_at_most_four_things_are_said(show: Show) -> None:
    app = show()
    sentences = [m.value for m in app.markdown if m.value.startswith(":") and "**" in m.value]
    assert 1 <= len(sentences) <= 2 * wall.MOST_SAID  # of the first and the third screen


def test_now_is_the_clock_of_the_centre() -> None:
    assert wall.spoken(NOW) == "**10:32** · thứ Sáu 20/11/2026"


def test_in_quiet_times_the_head_says_up_to_when_the_figures_are_known() -> None:
    assert wall.known_to(NOW - timedelta(minutes=17), NOW) == "Số liệu đến 10:15"
    assert wall.known_to(NOW - timedelta(hours=12), NOW) == "Số liệu đến 22:32 19/11/2026"
    assert wall.known_to(None, NOW) == ""


def test_the_wall_says_it_while_nobody_is_late(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "late_in_short", lambda *_: "")
    assert "Số liệu đến " in texts(show())
    monkeypatch.setattr(wall, "late_in_short", lambda *_: "3 nguồn chậm")
    assert "Số liệu đến " not in texts(show())
