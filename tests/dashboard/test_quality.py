"""Service quality: shares judged by hand, and every number as long as the list that it opens."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl
import pytest

from config import catalogue
from dashboard import data, period_picker, periods, served, shapes
from dashboard.answers import channels, durations, quality
from dashboard.answers.quality import Told
from dashboard.data import Ask
from dashboard.filters import CHANNEL, DEPARTMENT, FIELD, GROUP, PERIOD, Choice
from dashboard.lists import LISTS
from dashboard.shapes import Link
from metrics.scope import Scope
from metrics.took import usual_limits
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_pages import texts

MONDAY: Final = date(2026, 11, 16)
WORDS: Final = catalogue.load()


def choice(code: str, **told: Any) -> Choice:
    return Choice(TODAY, MONDAY, named=periods.of_code(code), **told)


OCTOBER: Final = choice("2026-T10")


def told(share: str, *pairs: tuple[int, int] | None, first: int = 0, **counts: int) -> Told:
    return Told(share, pairs, counts, first)


def test_a_share_stands_with_its_parts_its_change_and_its_lists() -> None:
    counts = {"acceptance_late": 30, "acceptance_due": 400}
    card = quality.headline(OCTOBER, told("late_acceptance", (10, 200), (30, 400), **counts), WORDS)
    assert (card.value, card.change, card.against) == ("7,5\u00a0%", "+2,5 điểm", "so với kỳ trước")
    assert card.parts == "**30** / 400 hồ sơ trực tuyến đã hết thời hạn trả lời"
    assert [(link.label, link.query) for link in card.links] == [
        ("30 trả lời trễ", {"ky": "2026-T10", "nhom": "tiep-nhan-tre"}),
        ("400 đến hạn trả lời", {"ky": "2026-T10", "nhom": "han-tiep-nhan"}),
    ]


def test_of_few_dossiers_only_their_number_is_told() -> None:
    card = quality.headline(OCTOBER, told("letters_in_time_rate", (90, 100), (3, 7), letters_owed=7), WORDS)
    assert (card.value, card.change, card.verdict) == ("n = 7", None, "unknown")
    assert card.trend[-1] is None


def test_a_share_of_nothing_is_a_dash() -> None:
    card = quality.headline(OCTOBER, told("supplement_notice", (0, 0), (0, 0)), WORDS)
    assert (card.value, card.verdict, card.links) == ("—", "unknown", ())
    assert card.parts == f"Chưa có {WORDS['supplement_notice'].base}"


def test_more_late_answers_than_usual_are_worse_and_a_break_takes_the_verdict_away() -> None:
    calm = [(50 + n % 3, 1000) for n in range(12)]
    assert quality.headline(OCTOBER, told("late_acceptance", *calm, (150, 1000)), WORDS).verdict == "bad"
    assert quality.headline(OCTOBER, told("late_acceptance", *calm, (52, 1000)), WORDS).verdict == "usual"
    assert quality.headline(OCTOBER, told("online_share", *calm, (150, 1000)), WORDS).verdict == "good"
    assert quality.headline(OCTOBER, told("late_acceptance", *calm, (150, 1000), first=9), WORDS).verdict == "unknown"


def test_those_apologised_to_too_late_are_the_owed_less_those_in_time() -> None:
    found = quality.links(OCTOBER, told("letters_in_time_rate", (3, 30), letters_owed=30, letters_in_time=3))
    assert [(link.label, link.query["nhom"]) for link in found] == [
        ("3 kịp thời", "xin-loi-kip"), ("27 không kịp", "chua-xin-loi-kip")
    ]  # fmt: skip


def test_a_month_is_judged_by_the_twelve_before_it_and_a_quarter_only_compared() -> None:
    months = quality.charted(OCTOBER)
    assert (len(months), months[0].code, months[-1].code) == (13, "2025-T10", "2026-T10")
    assert [each.code for each in quality.charted(choice("2026-Q1"))] == ["2025-Q4", "2026-Q1"]


def test_periods_before_the_data_began_are_unknown_and_quiet_ones_are_nothing() -> None:
    several = quality.charted(OCTOBER)
    row = {"online_share": {"numerator": 3, "denominator": 4}}
    found = quality.pairs(several, {date(2026, 7, 1): row, date(2026, 9, 1): row}, "online_share")
    assert found == [None] * 9 + [(3, 4), (0, 0), (3, 4), (0, 0)]


def month(day: date, online: int, counter: int, post: int, unknown: int = 0) -> dict[str, Any]:
    parts = {"online": online, "counter": counter, "post": post}
    known = sum(parts.values())
    shares = {f"{c}_share": {"numerator": n, "denominator": known} for c, n in parts.items()}
    counts = {f"received_{c}": n for c, n in (parts | {"unknown": unknown}).items()}
    return {"month": day, "received": known + unknown, **counts, **shares}


def test_channels_are_shares_of_the_month_and_a_month_of_few_has_none() -> None:
    rows = [
        month(date(2026, 8, 1), 2, 1, 0),
        month(date(2026, 9, 1), 50, 40, 10),
        month(date(2026, 10, 1), 60, 30, 10, 5),
    ]
    mix = channels.mix(OCTOBER, channels.months(OCTOBER), pl.DataFrame(rows), small=20)
    assert mix.months == [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
    assert mix.shares == {"online": [None, 0.5, 0.6], "counter": [None, 0.4, 0.3], "post": [None, 0.1, 0.1]}
    assert mix.labels["online"] == "Trực tuyến 60,0\u00a0%"
    assert mix.table.lines.row(0) == ("Tháng 10/2026", "105", "60", "30", "10", "5", "60,0\u00a0% (50,2–69,1)")
    assert mix.table.lines.row(2)[-1] == "n = 3"
    assert [link.label for link in mix.table.links[0]] == [
        "105 tiếp nhận", "60 trực tuyến", "30 trực tiếp", "10 bưu chính công ích"
    ]  # fmt: skip
    assert mix.table.links[1][1].query == {"ky": "2026-T09", "nhom": "da-nhan", "kenh": "online"}


def test_durations_stand_beside_the_limit_and_few_results_have_none() -> None:
    lasted = pl.DataFrame(
        [("Đất đai", 40, 8, 15), ("Hộ tịch", 90, 1, 2), ("Điện", 7, 3, 9)],
        schema=["field", "took_n", "took_median", "took_p90"], orient="row",
    )  # fmt: skip
    results = pl.DataFrame(
        [("Đất đai", 40, 10), ("Hộ tịch", 91, 3)], schema=["field", "results", "limit"], orient="row"
    )
    found = durations.took(OCTOBER, lasted, results, small=20)
    assert [(each.name, each.late) for each in found] == [("Hộ tịch", False), ("Đất đai", True), ("Điện", False)]
    table = durations.table(found).lines
    assert table.row(1) == ("Đất đai", "40", "8 ngày", "15 ngày", "10 ngày", "▲ quá 5 ngày")
    assert table.row(2) == ("Điện", "7", "n = 7", "n = 7", "—", "—")
    assert durations.table(found).links[0] == (
        Link("91 có kết quả", {"ky": "2026-T10", "nhom": "co-ket-qua", "linh_vuc": "Hộ tịch"}),
    )


def test_a_median_leads_to_the_share_that_can_be_split() -> None:
    results = pl.DataFrame({"field": ["Đất đai"], "results": [40], "limit": [10]})
    whole = {"took_n": 40, "took_median": 7, "took_p90": 12}
    *_, last = durations.summary(OCTOBER, whole, results, small=20)[1]
    assert (last.page, last.query["chi_so"], last.query["ky"]) == (shapes.WHY, "on_time_due", "2026-T10")
    few = durations.summary(OCTOBER, whole | {"took_n": 19}, results, small=20)[1]
    assert [link.page for link in few] == [shapes.WORKLIST]
    assert "tỷ lệ đúng hạn" in durations.NO_PARTS


def test_the_usual_limit_is_the_one_that_half_of_the_results_had() -> None:
    rows = pl.DataFrame({"field": ["a"] * 4 + ["b"], "committed_days": [3, 10, 10, 20, None]})
    assert dict(usual_limits(rows, "field").iter_rows()) == {"a": 10, "b": None}


def ask(chosen: Choice, scope: Scope) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope, chosen)


def opened(question: Ask, link: Link) -> int:
    """Count the rows of the list that a link opens, as the work list reads its address."""
    query = dict(link.query)
    listing = LISTS[query.pop(GROUP)]
    chosen = Choice(
        TODAY, MONDAY, query.pop(DEPARTMENT, None), query.pop(FIELD, None), query.pop(CHANNEL, None),
        named=periods.of_code(query.pop(PERIOD)),
    )  # fmt: skip
    assert not query
    return data.listed(ask(chosen, question.scope), listing).height


@pytest.mark.parametrize("code", ["2026-T10", "2026-T11", "2026-W45", "2026-K11", "2026-Q4", "2026"])
@pytest.mark.parametrize(
    ("scope", "narrowed"),
    [
        (Scope.province(), {}),
        (Scope.province(), {"department": "UBND phường Tân Vân", "channel": "online"}),
        (Scope.of("Sở Xây dựng", "Sở Y tế"), {"field": "Đường bộ"}),
    ],
)
def test_every_number_is_the_length_of_its_list(
    in_use: Store, code: str, scope: Scope, narrowed: dict[str, str]
) -> None:
    chosen = choice(code, **narrowed)
    question = ask(chosen, scope)
    counts = served.told(question, chosen.period).row(0, named=True)
    links = [link for share in quality.SHARES for link in quality.links(chosen, told(share, **counts))]
    tiles = [tile for card in quality.TILES for tile in quality.tiles(chosen, counts, card, WORDS)]
    links += [tile.to for tile in tiles if tile.to]
    several = channels.months(chosen)
    months = served.told(question, quality.whole(several), ["month"])
    if not chosen.channel:
        table = channels.mix(chosen, several, months, small=20).table
        links += [link for line in table.links for link in line]
    results = served.results(question)
    took = durations.took(chosen, served.lasted(question, ["field"]), results, small=20)
    links += [link for line in durations.table(took).links for link in line]
    numbers = [
        int("".join(c for c in link.label.split()[link.label.startswith("Mở ")] if c.isdigit())) for link in links
    ]
    assert len(links) >= 8
    assert [opened(question, link) for link in links] == numbers
    assert sum(each.n for each in took) == sum(each.listed for each in took)


def test_the_page_opens_for_the_period_in_the_address(visit: Visit) -> None:
    app = visit(shapes.QUALITY, ky="2026-T10")
    assert not app.exception
    assert app.selectbox(key="_ky").value == "2026-T10"
    assert [h.value for h in app.header] == [
        "Kênh nộp hồ sơ theo tháng", "Thời gian giải quyết theo lĩnh vực", *quality.TILES,
        "Phí, lệ phí và thanh toán", "Thủ tục có thu", "Số hóa", "Số hóa theo cấp, so với mục tiêu",
        "Đồng bộ lên Cổng quốc gia", "Mức độ hài lòng", "Chỉ số nhập tay",
    ]  # fmt: skip
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown[WORDS["supplement_notice"].title] == "—"
    assert shown[WORDS["online_share"].title].endswith("%")
    assert "Chưa hiển thị được bảng này" not in texts(app)


def test_without_a_period_in_the_address_it_is_the_running_month(visit: Visit) -> None:
    app = visit(shapes.QUALITY)
    assert app.selectbox(key="_ky").value == "2026-T11"
    assert period_picker.DEFAULT == "ky"  # the form's


def test_a_period_before_the_data_is_a_designed_nothing(visit: Visit) -> None:
    app = visit(shapes.QUALITY, ky="2020-T01")
    assert not app.exception
    assert "Không có kết quả nào trong kỳ đã chọn" in texts(app)
    assert {metric.value for metric in app.metric} <= {"—", "0"}
