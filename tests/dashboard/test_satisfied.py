"""What people answered and what people entered: in words, on the page, for each reader; and how it is entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import indicators as register
from dashboard import asked_why, data, fridays, periods, shapes
from dashboard import slips as slip_pages
from dashboard.answers import indicators, satisfaction
from dashboard.answers.why import BYS
from dashboard.data import Ask
from dashboard.filters import Choice
from metrics import signals
from metrics.decomposition import of_rate
from metrics.satisfaction import Response, counts
from metrics.scope import Period, Scope
from store import entered, people, surveys
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_pages import texts
from tests.english import made_slips
from tests.fresh import Databases
from tests.metrics.test_satisfaction import ALL, MADE, NOVEMBER, slips

CHOICE = Choice(TODAY, date(2026, 11, 16), named=periods.of_code("2026-T11"))
UNIT = "Sở Xây dựng"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The province of the other tests, with slips and entered figures."""
    folder = tmp_path_factory.mktemp("slips")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    made_slips.slips(store, (None, "Sở Y tế", UNIT), TODAY, NOW)
    made_slips.values(store, "giamdoc", UNIT, TODAY, NOW)
    yield store
    store.engine.dispose()


def told(made: pl.DataFrame, response: Response | None = None, *, small: int = 1) -> satisfaction.Satisfied | None:
    whole = counts(made, NOVEMBER, ALL).row(0, named=True)
    units = counts(made, NOVEMBER, ALL, ["department"])
    return satisfaction.told(CHOICE, whole, response, units, {"A": Response(2, 8)}, small=small)


def test_the_sentence_is_of_those_who_answered_and_says_that_they_stand_for_nobody_else() -> None:
    shown = told(MADE, Response(5, 50))
    assert shown is not None
    assert shown.value == "40,0\u00a0%"
    assert shown.lines[0] == "Trong **5** người trả lời, **2** (40,0\u00a0%) hài lòng hoặc rất hài lòng."
    assert shown.lines[1] == "Tỷ lệ trả lời **10,0\u00a0%**: 5 / 50 người được hỏi."
    assert shown.lines[-1] == "Người trả lời tự chọn, không đại diện cho mọi người nộp hồ sơ."
    assert shown.notes == ("Dao động ngẫu nhiên của tỷ lệ với 5 phiếu: 11,8–76,9 %.",)
    assert shown.units.row(0) == ("A", "2", "2", "100,0\u00a0%", "34,2–100,0 %", "25,0\u00a0% (2 / 8)")
    assert shown.units.row(2) == ("Phiếu không ghi đơn vị", "1", "0", "0,0\u00a0%", "0,0–79,3 %", "—")


def test_without_the_number_of_people_asked_there_is_no_response_rate() -> None:
    for response, said in (
        (None, "Chưa rõ đã hỏi bao nhiêu người"),
        (Response(5, 4), "ít hơn số phiếu"),
        (Response(3, 50), "2 phiếu khác không rõ đã hỏi bao nhiêu người"),
    ):
        shown = told(MADE, response)
        assert shown is not None and said in shown.lines[1]


def test_of_few_slips_no_share_is_told_and_of_none_nothing() -> None:
    shown = told(MADE, small=20)
    assert shown is not None and (shown.value, shown.notes) == ("n = 5", ())
    assert shown.units["Tỷ lệ"].to_list() == ["n = 2", "n = 2", "n = 1"]
    assert shown.values["Tỷ lệ (%)"].to_list() == [None, None, None]
    assert told(slips()) is None


def test_units_stand_by_name_and_not_by_their_share() -> None:
    made = slips((1, "Sở Y tế", 5), (1, "Sở Xây dựng", 1), (1, "Sở Công Thương", 3))
    shown = told(made)
    assert shown is not None
    assert shown.units["Đơn vị"].to_list() == ["Sở Công Thương", "Sở Xây dựng", "Sở Y tế"]


def test_values_are_marked_named_and_compared_with_the_stretch_before(province: Store) -> None:
    history = entered.history(province, Scope.province())
    shown = indicators.shown(CHOICE, history, register.load())
    lines = {row["Chỉ số"]: row for row in shown.to_dicts()}
    calls = lines["Cuộc gọi đường dây nóng"]
    assert (calls["Kỳ"], calls["Giá trị"], calls["So với kỳ trước"], calls["Cách có"]) == (
        "Tháng 10/2026", "1.010 lượt", "+110", "nhập tay",
    )  # fmt: skip
    assert calls["Nguồn"] == "Report 1, 02/11/2026" and calls["Người nhập"].startswith("giamdoc, ")
    assert lines["PAR INDEX, điểm"]["Giá trị"] == "88,50 điểm"
    assert lines["PAR INDEX, hạng"]["Giá trị"] == "hạng 12"
    assert "PAPI, điểm" not in lines  # taken back
    assert lines["Lượt hướng dẫn, tư vấn thủ tục"]["Đơn vị"] == UNIT
    taken = indicators.taken(CHOICE, history, register.load())
    assert taken.filter(pl.col("Chỉ số") == "SIPAS")["Giá trị"].to_list() == [84.2]
    assert set(taken["Cách có"]) == {"nhập tay"}


def test_a_value_of_a_period_after_the_choice_is_not_shown(province: Store) -> None:
    october = Choice(TODAY, date(2026, 9, 21), named=periods.of_code("2026-T09"))
    shown = indicators.shown(october, entered.history(province, Scope.province()), register.load())
    calls = shown.filter(pl.col("Chỉ số") == "Cuộc gọi đường dây nóng")
    assert calls["Giá trị"].to_list() == ["900 lượt"]


PAGE = "pages/quality.py"


def test_the_page_tells_both_with_their_marks(visit: Visit) -> None:
    said = texts(visit(PAGE, ky="2026-T11"))
    for words in ("Mức độ hài lòng", "người trả lời", satisfaction.SELECTED, "Tỷ lệ trả lời", "Chỉ số nhập tay"):
        assert words in said
    assert "nhập tay" in said and "1.010 lượt" in said


def test_a_head_sees_the_own_units_slips_and_enters_nothing(visit: Visit, province: Store) -> None:
    head = people.by_name(province, "truongphong")
    assert head is not None
    mine = surveys.read(province, head.scope)
    app = visit(PAGE, who="truongphong", ky="2026-T11")
    n = mine.filter(pl.col("answered_on").is_between(date(2026, 11, 1), date(2026, 11, 30))).height
    said = texts(app)
    assert (f"Trong **{n}** người trả lời" in said) or (n == 0 and satisfaction.NO_SLIPS in said)
    assert all("Nhập số liệu" not in each.label for each in app.expander)


def test_why_satisfaction_moved_is_split_exactly_and_reached_from_its_tile(
    visit: Visit, in_use: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = data.manifest()
    assert state is not None
    week = Choice(TODAY, date(2026, 11, 16), named=periods.of_code("2026-W46"))
    ask = Ask(state.data_version, Scope.province(), week)
    made = surveys.read(in_use, Scope.province())
    pairs = []
    for first in (date(2026, 11, 9), date(2026, 11, 2)):
        mine = made.filter(pl.col("answered_on").is_between(first, first + timedelta(days=6)))
        pairs.append((mine.filter(pl.col("score") >= 4).height, mine.height))
    for column, *_ in BYS.values():
        change = of_rate(asked_why.cells(ask, "satisfied", column))
        assert change is not None and [change.now, change.before] == pairs
        assert sum((part.total for part in change.parts), Fraction(0)) == change.change
    assert asked_why.judged(ask, "satisfied").verdict is not signals.Verdict.UNKNOWN
    app = visit(PAGE, ky="2026-W46")
    ways = [each.proto.query_string for each in app.get("page_link") if each.proto.label == ":blue[Vì sao?]"]
    assert [way for way in ways if "chi_so=satisfied" in way.split("&") and "ky=2026-W46" in way.split("&")]
    asks = {"chi_so": "satisfied", "ky": "2026-W46", "theo": "don-vi"}
    assert "Quá ít phiếu để giải thích" in texts(visit(shapes.WHY, **asks))
    few = slip_pages.slips
    monkeypatch.setattr("dashboard.slips.slips", lambda scope: pl.concat([few(scope)] * 3))
    said = texts(visit(shapes.WHY, **asks))
    assert "**Hài lòng hoặc rất hài lòng**: " in said and satisfaction.SELECTED in said
    assert "Sở Y tế" not in texts(visit(shapes.WHY, who="truongphong", **asks))


def test_a_page_without_slips_says_how_they_come(visit: Visit) -> None:
    said = texts(visit(PAGE, ky="2026-T05"))
    assert satisfaction.NO_SLIPS in said and "dunghan survey load" in said
    assert indicators.EMPTY not in said or "dunghan indicator load" in said


def form(app: AppTest) -> AppTest:
    return (
        app.selectbox(key=next(b.key for b in app.selectbox if b.key and b.key.startswith("chi_so_")))
        .select("papi_rank")
        .run()
    )


def test_what_is_typed_is_kept_or_refused_in_words_and_stays(visit: Visit, province: Store) -> None:
    app = form(visit(PAGE))
    button = next(b for b in app.button if b.label == "Ghi số liệu")
    button.click().run()
    assert [w.value for w in app.warning] == [indicators.REFUSED[entered.Why.PERIOD]]
    told = {"cs_ky_": "2025", "cs_gia_tri_": "7", "cs_nguon_": "Báo cáo PAPI"}
    for key, value in told.items():
        next(i for i in app.text_input if i.key and i.key.startswith(key)).input(value)
    next(b for b in app.button if b.label == "Ghi số liệu").click().run()
    assert app.success[0].value.startswith("Đã nhập PAPI, hạng, kỳ 2025 lúc 10:32.")
    kept = entered.holding(province, Scope.province()).filter(pl.col("indicator") == "papi_rank")
    assert kept.select("value", "entered_by", "stated_on").rows() == [("7", "giamdoc", TODAY)]


def test_every_reason_has_its_words() -> None:
    assert set(indicators.REFUSED) == set(entered.Why)


def test_the_week_s_report_tells_who_sees_two_units_of_their_slips_alone(in_use: Store) -> None:
    state = data.manifest()
    assert state is not None
    scope = Scope.of("Sở Y tế", "Sở Nội vụ")
    content = fridays.friday_report(Ask(state.data_version, scope, CHOICE), TODAY)
    (row,) = [each for each in content["service"]["numbers"] if each["id"] == "satisfied"]
    week = (date.fromisoformat(content["edition"]["period"][name]) for name in ("start", "end"))
    mine = surveys.read(in_use, scope, Period(*week))
    assert row["d"] == mine.height > 0
    assert not [each for each in content["service"]["rows"] if each[-1] == "Danh mục"]
