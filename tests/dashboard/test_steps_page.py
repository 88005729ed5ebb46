"""Điểm nghẽn: the numbers of the page are those of its lists, a head sees own units, and what is not known is said."""

from __future__ import annotations

import re

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import insights, shapes, step_charts
from dashboard.answers import step_turns
from dashboard.answers import steps as words
from dashboard.ball_lists import HOLDERS
from dashboard.filters import Choice
from dashboard.lists import LISTS
from dashboard.tables import LETTER, WIDEST, as_long, cut
from dashboard.template import PALETTES
from jobs import insights as nightly
from jobs.insight_steps import make
from jobs.rebuild import rebuild
from metrics.ball import Ball
from metrics.scope import Scope
from metrics.step_tables import TIMES
from store import people
from store.database import Store
from store.sessions import open_for
from tests.dashboard import made_steps, made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.made_up import SOURCE

PAGE = shapes.STEPS
OWN = "Sở Xây dựng"


@pytest.fixture(scope="module", autouse=True)
def stepped(province: Store) -> None:
    """Tell the steps of every dossier, and make what the night makes."""
    made_steps.tell(province, SOURCE, made_up.dossiers(TODAY), NOW)
    people.add(province, "chutich", made_up.PASSWORD, role="chairman", title="Chủ tịch")
    rebuild(province)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nightly, "MAKERS", {"steps": make})
        nightly.make(province, now=NOW)


@pytest.fixture
def sessions(province: Store, sessions: dict[str, str]) -> dict[str, str]:
    chairman = people.by_name(province, "chutich")
    return sessions | ({"chutich": open_for(province, chairman, now=NOW)} if chairman else {})


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(each.value) for kind in ("header", "markdown", "caption") for each in getattr(app, kind))


def tables(app: AppTest) -> dict[str, pl.DataFrame]:
    """Give the tables of a page by their first two headings."""
    found = {}
    for each in app.dataframe:
        shown = each.value
        found[" | ".join(map(str, shown.columns[:2]))] = pl.DataFrame(
            {str(name): shown[name].to_list() for name in shown.columns}
        )
    return found


def links(app: AppTest) -> dict[str, int]:
    labels = [each.proto.label for each in app.get("page_link")]
    found = (re.fullmatch(r":blue\[(.+): ([\d.]+)\]", label) for label in labels)
    return {hit[1]: int(hit[2].replace(".", "")) for hit in found if hit}


def test_the_page_says_first_what_was_lost_and_that_held_is_not_worked_on(visit: Visit) -> None:
    text = said(visit(PAGE))
    assert re.search(r"[\d.]+ hồ sơ trễ mất tổng cộng \*\*[\d.]+\*\* ngày làm việc nhiều hơn mức", text)
    assert words.HONEST in text
    assert (
        text.index("Biết từng bước của **100,0\xa0%** hồ sơ")
        < text.index(words.HONEST)
        < text.index("trễ mất tổng cộng **")
    )


def test_each_number_of_who_has_the_ball_opens_its_list(visit: Visit) -> None:
    told = links(visit(PAGE))
    assert told[HOLDERS[Ball.DEPARTMENT][0]] > 50
    for name, code in HOLDERS.values():
        if name in told and code != "cho-tiep-nhan":
            app = visit(shapes.WORKLIST, nhom=code)
            assert f"**{told[name]}** hồ sơ" in said(app) or f"{told[name]} hồ sơ" in said(app), name


def test_the_ball_is_with_somebody_of_every_open_dossier(visit: Visit) -> None:
    told = links(visit(PAGE))
    total = re.search(r"\*\*([\d.]+)\*\* hồ sơ đang mở", said(visit(PAGE)))
    assert total is not None
    assert sum(told[name] for name, _ in HOLDERS.values() if name in told) == int(total[1].replace(".", ""))
    assert {code for _, code in HOLDERS.values()} <= set(LISTS)


def test_those_waiting_to_be_accepted_are_told_apart_for_other_pages_count_without_them() -> None:
    choice = Choice(TODAY, TODAY)
    rows = pl.DataFrame({"ball": ["department", "department", "intake"], "ball_days": [1, 2, 0]})
    assert words.held(rows, choice).text.startswith("**3** hồ sơ đang mở (2 đang giải quyết, 1 chờ tiếp nhận) · ")
    assert words.held(rows.head(2), choice).text.startswith("**2** hồ sơ đang mở · ")


def test_steps_are_told_with_waiting_and_holding_and_their_share(visit: Visit) -> None:
    rows = next(rows for heads, rows in tables(visit(PAGE, khoang="nam")).items() if heads == "Bước | Lượt")
    assert set(rows["Bước"]) == {"Thẩm định", "Trình ký"}
    assert {"Giữ: 90 %", "Tỷ trọng thời gian"} <= set(rows.columns)
    # Each step begins as the one before ends: what says nothing is no column, but said.
    assert "Chờ: trung vị" not in rows.columns
    assert "Không lập cột vì đều dưới 15 phút: Chờ: trung vị; Chờ: 90 %." in said(visit(PAGE, khoang="nam"))
    shares = [float(share.removesuffix("\xa0%").replace(",", ".")) for share in rows["Tỷ trọng thời gian"]]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    by_unit = visit(PAGE, theo="noi")
    assert "Bước | Nơi giữ" in tables(by_unit)


def test_those_that_went_back_are_every_seventh(visit: Visit) -> None:
    """Of those that were there for some time: what was resolved as it came went nowhere and back."""
    rows = next(rows for heads, rows in tables(visit(PAGE, khoang="nam")).items() if heads == "Hồ sơ | Số hồ sơ")
    n = {row["Hồ sơ"]: int(row["Số hồ sơ"].replace(".", "")) for row in rows.to_dicts()}
    told = (
        made_steps.steps(made_up.dossiers(TODAY), NOW)
        .group_by("code")
        .agg(visits=pl.len(), ends=pl.col("ended_at").drop_nulls().n_unique())
    )
    back = told.filter(pl.col("visits") == 4, pl.col("ends") >= 3).height
    assert (n["Quay lại 2 lần"], n["Không quay lại bước cũ"]) == (back, told.height - back)


def test_a_head_sees_the_own_unit_alone(visit: Visit) -> None:
    app = visit(PAGE, who="truongphong", theo="noi", khoang="nam", don_vi="Sở Tư pháp")
    assert set(tables(app)["Bước | Nơi giữ"]["Nơi giữ"]) == {OWN}
    every = links(visit(PAGE))
    assert 0 < links(app)[HOLDERS[Ball.DEPARTMENT][0]] < every[HOLDERS[Ball.DEPARTMENT][0]]


def test_officers_are_for_who_answers_for_the_work_of_one_unit(visit: Visit) -> None:
    assert "Theo cán bộ" in said(visit(PAGE, don_vi=OWN))
    assert "Theo cán bộ" not in said(visit(PAGE))
    assert "Theo cán bộ" not in said(visit(PAGE, who="chutich", don_vi=OWN))
    assert "Theo cán bộ" in said(visit(PAGE, who="truongphong")), "a head of one unit need not choose it"
    rows = tables(visit(PAGE, don_vi=OWN))["Cán bộ (mã) | Bước"]
    assert rows.height == 8  # four who appraise, four who sign
    assert set(rows["Cán bộ (mã)"]) == {f"cb-{n}{place}" for n in range(4) for place in range(2)}


def test_before_the_first_night_the_page_says_so_and_still_who_has_what(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights, "made", lambda: None)
    app = visit(PAGE)
    assert words.NOTHING_MADE[0] in said(app)
    assert links(app)


def test_what_the_page_reads_is_within_scope(in_use: Store) -> None:
    mine = insights.table(TIMES, Scope.of(OWN))
    assert mine is not None
    assert set(mine["department"]) == {OWN}


def test_a_way_is_told_as_it_went_and_rare_ones_together() -> None:
    one = {"ending": "kept", "loops": 0, "hands": 0, "days": 3, "n": 30}
    rows = pl.DataFrame([one | {"way": f"A › {n}", "n": 100 - n} for n in range(10)] + [one | {"way": None}])
    shown = step_turns.ways(rows, 20)
    assert shown["Đường đi"].to_list() == [*(f"A › {n}" for n in range(step_turns.MOST_WAYS)), step_turns.RARE]
    assert shown.row(-1)[1:] == ("213", "100,0\xa0% (98,2–100,0)", "3 ngày")


def test_ways_of_few_dossiers_are_told_with_the_others() -> None:
    one = {"ending": "kept", "loops": 0, "hands": 0, "days": 3}
    rows = pl.DataFrame([one | {"way": "A › B", "n": 20}, one | {"way": "A", "n": 1}, one | {"way": "B", "n": 19}])
    assert step_turns.ways(rows, 20).rows() == [
        ("A › B", "20", "100,0\xa0% (83,9–100,0)", "3 ngày"),
        (step_turns.RARE, "20", "100,0\xa0% (83,9–100,0)", "3 ngày"),
    ]


def test_how_many_went_back_is_told_with_its_interval() -> None:
    one = {"loops_sum": 0, "hands_sum": 40, "loop_minutes": 0, "hand_minutes": 0}
    back = one | {"loops": 1, "loops_sum": 14, "loop_minutes": 5 * 480, "n": 12}
    rows = pl.DataFrame([one | {"loops": 0, "n": 28}, back])
    told = step_turns.turns_text(rows)
    assert told.startswith("**30,0\xa0%** hồ sơ (12 / 40; khoảng 95\xa0%: 18,1–45,4\xa0%) phải quay lại bước đã qua")
    many = rows.with_columns(pl.col("n") * 10)
    assert "(120 / 400) phải quay lại" in step_turns.turns_text(many)


def visits(step: str, n: int, halves: int) -> list[dict[str, object]]:
    one = {"step": step, "unit": "U", "procedure": "P", "n": n}
    return [one | {"kind": kind, "halves": halves * worked, "minutes": 30 * halves * n * worked}
            for kind, worked in (("waiting", 0), ("holding", 1), ("whole", 1))]  # fmt: skip


def test_few_visits_stand_last_as_a_count_and_noughts_are_no_column() -> None:
    """One visit of a hundred days takes more time than all others together, and says less."""
    counted = pl.DataFrame([*visits("Một lần", 1, 1600), *visits("Thẩm định", 40, 6)])
    shown = words.times(counted, "", {}, 20)
    assert shown.columns == [
        "Bước", "Lượt", "Giữ: trung vị", "Giữ: 90 %", "Cả bước: trung vị", "Cả bước: 90 %", "Tỷ trọng thời gian",
    ]  # fmt: skip
    assert shown.row(0)[:4] == ("Thẩm định", "40", "3 giờ", "3 giờ")
    assert shown.row(1) == ("Một lần", "1 (ít)", "—", "—", "—", "—", "—")
    assert words.few_text(shown, 20) == "Ít: dưới 20 lượt, chỉ ghi số đếm."
    assert words.few_text(shown.head(1), 20) == ""
    assert words.noughts_text(shown) == "Không lập cột vì đều dưới 15 phút: Chờ: trung vị; Chờ: 90 %."
    assert words.noughts_text(words.times(pl.DataFrame([*visits("A", 40, 6)]).with_columns(halves=2), "", {}, 20)) == ""


def losses(*told: tuple[str, float, int]) -> pl.DataFrame:
    rows = [{"step": step, "after": False, "unit": "U", "lost": lost, "dossiers": n, "spent": lost}
            for step, lost, n in told]  # fmt: skip
    return words.losses(pl.DataFrame(rows))


def test_of_a_place_with_few_dossiers_no_share_is_told() -> None:
    found, late = losses(("A", 4800.0, 1), ("B", 2400.0, 30)), pl.DataFrame({"late": [31], "compared": [31]})
    (text,) = words.lost_text(found, late, 20)
    assert text.endswith("cùng thủ tục; nhiều nhất ở bước A, U: 10 ngày, 1 hồ sơ (ít).")
    bars = words.lost_bars(found, 20)
    assert (bars.few, bars.labels) == ([True, False], ["10 ngày, 1 hồ sơ (ít)", "5 ngày (33,3\xa0%), 30 hồ sơ"])
    p = PALETTES["light"]
    spec = step_charts.lost(bars.names, bars.days, bars.labels, bars.few, theme="light")
    assert spec["data"][0]["marker"]["color"] == [p.line, p.undetermined]
    assert p.overdue not in str(spec) and p.overdue not in str(
        step_charts.held(["A"], [[1, 2, 3, 4, 5]], ["a", "b", "c", "d", "e"], theme="light")
    )


def test_what_is_known_comes_first_and_what_is_not_is_counted() -> None:
    rows = pl.DataFrame({"source": ["a", "b"], "dossiers": [400, 600], "told": [394, 0], "seen": [0, 100]})
    assert (
        words.first_words(rows)
        == "Biết từng bước của **39,4\xa0%** hồ sơ (394 / 1.000); **506** hồ sơ không biết qua bước nào."
    )
    assert words.first_words(rows.head(1).with_columns(told=400)).endswith("(400 / 400).")
    assert words.first_words(rows.clear()) == ""


def test_a_name_longer_than_its_column_ends_with_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.tables.phone", lambda: False)
    rows = pl.DataFrame({"Bước": ["Thẩm định", "x" * 200], "Lượt": ["1", "2"]})
    wide = as_long(rows, {"Bước"})
    assert wide == {"Bước": WIDEST}
    first, second = cut(rows, wide)["Bước"]
    assert (first, second[-2:]) == ("Thẩm định", "x…")
    assert LETTER * len(second) <= WIDEST
    short = "Chi nhánh Văn phòng Đăng ký đất đai khu vực III"
    whole = pl.DataFrame({"Nơi giữ": [short]})
    assert cut(whole, as_long(whole, {"Nơi giữ"}))["Nơi giữ"][0] == short
    monkeypatch.setattr("dashboard.tables.phone", lambda: True)
    assert cut(rows, wide)["Bước"][1] == "x" * 200
