"""Page, report and alert say the same of the same series, and all of them follow insight.toml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config import alerts, breaks, catalogue, insight, rules, units
from config.annotated import Annotation
from config.breaks import Break
from config.errors import ConfigError
from config.insight import Signal
from dashboard.answers import overview, quality, signalled
from dashboard.filters import Choice
from metrics.alerts import UnitWeeks
from metrics.signals import Judged, Verdict, judge_rates, judge_stocks
from reports.measure import Unit
from reports.slots import Slots, spoken
from reports.verdicts import row_of

RULES = Signal()
MONDAY = date(2026, 11, 16)
CHOICE = Choice(MONDAY + timedelta(days=4), MONDAY)
Pairs = list[tuple[int, int]]


def mondays(count: int) -> list[date]:
    return [MONDAY - timedelta(weeks=count - 1 - i) for i in range(count)]


def of_report(pairs: Pairs, stocks: Sequence[int], settings: Signal) -> Unit:
    weeks = tuple(
        {"on_time_due": {"numerator": met, "denominator": due}, "pending_overdue": stock}
        for (met, due), stock in zip(pairs, stocks, strict=True)
    )
    return Unit("Sở A", weeks[-settings.before - 1 :], settings)


def of_page(pairs: Pairs, stocks: Sequence[int]) -> overview.Weeks:
    counts = ("pending", "due_first", "due_first_met", "extended_out", "suspended_out", *overview.AGE_COLUMNS)
    rows = [
        dict.fromkeys(counts, 0) | {"due": due, "due_met": met, "pending_overdue": stock}
        for (met, due), stock in zip(pairs, stocks, strict=True)
    ]
    return overview.Weeks(mondays(len(pairs)), rows)


def of_alert(pairs: Pairs, stocks: Sequence[int], settings: Signal) -> UnitWeeks:
    """Give the same weeks as the alerts see them: the rate of the last whole week, the stock of the running one."""
    counts: dict[date, Any] = {
        monday: {"on_time_due": {"numerator": met, "denominator": due}, "pending_overdue": stock}
        for monday, (met, due), stock in zip(mondays(len(pairs)), pairs, stocks, strict=True)
    }
    return UnitWeeks("Sở A", mondays(len(pairs)), mondays(len(pairs))[0], counts, (), settings)


WEEK = st.integers(30, 300).flatmap(lambda due: st.tuples(st.integers(due * 3 // 4, due), st.just(due)))
SERIES = st.lists(WEEK, min_size=14, max_size=20)
LOW = [(94, 100), (97, 100), (95, 100), (96, 100)]


@given(SERIES, st.lists(st.integers(0, 60), min_size=20, max_size=20))
@example([(97, 100), (95, 100), (96, 100)] * 2 + [(92, 100)] * 8, [5] * 20)
@example(LOW * 3 + [(60, 100), (60, 100)], [5] * 19 + [40])
@example(LOW * 4, list(range(3, 23)))
def test_page_report_and_alert_say_the_same_of_the_same_series(pairs: Pairs, stocks: list[int]) -> None:
    stocks = stocks[-len(pairs) :]
    report, page = of_report(pairs, stocks, RULES), of_page(pairs, stocks)
    told = overview.on_time(CHOICE, page, catalogue.load())
    assert told.verdict == signalled.VERDICTS[report.judged.verdict]
    assert told.why == signalled.why(report.judged)
    assert overview.trend(CHOICE, page)[-1].signal == (report.verdict is Verdict.WORSE)
    late = overview.overdue(CHOICE, page, None, catalogue.load(), "light")
    assert (late.verdict, late.why) == (
        signalled.VERDICTS[report.stock_judged.verdict], signalled.why(report.stock_judged)
    )  # fmt: skip
    share = quality.headline(CHOICE, quality.Told("online_share", pairs, {}), catalogue.load())
    assert share.verdict == told.verdict

    whole = of_alert([*pairs, (0, 0)], [*stocks, stocks[-1]], RULES)
    raised = whole.rate(alerts.load().model_copy(update={"rate": alerts.Rate(audience=("head",), below=1.0)}))
    met, due = pairs[-1]
    assert bool(raised) == (report.verdict is Verdict.WORSE and met < due)
    for one in raised:
        assert signalled.kept(one["detail"], "rate") == signalled.why(report.judged)
    now = of_alert(pairs, stocks, RULES).backlog(alerts.load())
    if now and now[0]["detail"]["week"] == MONDAY:
        assert report.stock_judged.verdict is Verdict.WORSE
        assert signalled.kept(now[0]["detail"], "stock") == signalled.why(report.stock_judged)
    if report.stock_judged.verdict is Verdict.WORSE and stocks[-1] - stocks[-2] >= RULES.more:
        assert now


def test_paper_and_page_name_the_rule_in_the_same_words() -> None:
    judged = judge_rates([(97, 100), (95, 100), (96, 100), (97, 100), (95, 100), (96, 100)] + [(92, 100)] * 7, RULES)
    assert signalled.why(judged) == "7 tuần liền dưới mức thường"
    slots = Slots()
    text = row_of(judged, slots, "due")
    assert spoken({"text": text}, slots.figures) == "7 tuần liền dưới mức thường"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    yield tmp_path / insight.NAME


SEVEN_LOW: Pairs = [(97, 100), (95, 100), (96, 100), (97, 100), (95, 100), (96, 100)] + [(92, 100)] * 7


def test_one_line_of_settings_moves_page_report_and_alert(office: Path) -> None:
    for row, verdict, said in ((7, "bad", True), (8, "usual", False)):
        office.unlink(missing_ok=True)
        office.write_text(f"[signal]\nshift = {row}\n", encoding="utf-8")
        insight._load.cache_clear()
        settings = insight.load().signal
        stocks = [5] * len(SEVEN_LOW)
        assert overview.on_time(CHOICE, of_page(SEVEN_LOW, stocks), catalogue.load()).verdict == verdict
        assert (of_report(SEVEN_LOW, stocks, settings).verdict is Verdict.WORSE) == said
        whole = of_alert([*SEVEN_LOW, (0, 0)], [*stocks, 5], settings)
        assert bool(whole.rate(alerts.load())) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[signal]\nfewest = 13\n", "fewest"),
        ("[signal]\nfull = 20\n", "full"),
        ("[signal]\nshift = 12\n", "row of points"),
        ("[signal]\nnear = 4\n", "near"),
        ("[signal]\nrates = []\n", "rates"),
        ('[signal]\nstocks = ["shifts"]\n', "stocks"),
        ("[signal]\nshifts = 8\n", 'Did you mean "shift"'),
    ],
)
def test_settings_that_no_chart_can_meet_are_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "insight.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        insight.load(path)


def test_the_shipped_settings_are_those_of_the_code() -> None:
    assert insight.load().signal == Signal()


def test_limits_from_few_periods_are_called_trial_limits() -> None:
    few = judge_rates([(95, 100)] * 9, RULES)
    assert (few.verdict, few.trial, few.rests_on) == (Verdict.NORMAL, True, 8)
    assert signalled.why(few) == "giới hạn tạm, từ 8 tuần"
    assert not judge_rates([(95, 100)] * 13, RULES).trial
    assert judge_rates([(95, 100)] * 12, RULES).trial
    assert judge_rates([(95, 100)] * 8, RULES) == Judged(Verdict.UNKNOWN, rests_on=7, trial=True)
    assert judge_stocks([5] * 9, RULES).trial and not judge_stocks([5] * 13, RULES).trial


def test_clean_weeks_are_not_better_than_nearly_clean_ones() -> None:
    """One late of 12 · 40 puts the mean at 99,8 %: seven weeks at 100 % lie above it, by a tenth of a dossier."""
    pairs = [(39, 40), *[(40, 40)] * 12]
    assert judge_rates(pairs, RULES).verdict is Verdict.NORMAL


def test_a_stock_that_grows_week_by_week_is_a_signal_before_it_passes_a_limit() -> None:
    """By one a week for seven weeks, after some of ±2: each within the limits, all of them together not usual."""
    stocks = [100, 108, 100, 108, 100, 108, 100, 101, 102, 103, 104, 105, 106]
    judged = judge_stocks(stocks, RULES)
    assert judged.limits is not None and judged.limits.holds(106)
    assert (judged.verdict, signalled.why(judged)) == (Verdict.WORSE, "7 tuần liền tăng dần")
    assert judge_stocks(stocks, Signal(stocks=("beyond",))).verdict is Verdict.NORMAL


def test_the_breaks_of_a_unit_are_mergers_new_rules_and_what_the_operator_says() -> None:
    handed = {f"Xã {i}": (date(2025, 6, 30), "Xã A") for i in range(6)} | {"Sở X": (date(2026, 2, 28), "Sở Y")}
    notes = (
        Annotation(day=date(2026, 5, 4), words="phần mềm mới", restarts=True),
        Annotation(day=date(2026, 6, 1), words="quy trình mới", units=("Sở Y",), restarts=True),
        Annotation(day=date(2026, 7, 1), words="bão"),
    )
    law = rules.load()
    known = breaks.load(units.Units({}, handed), law=law, notes=notes)
    of_law = [each.from_ for each in law[1:]]
    assert known.days("Sở Y") == (*of_law, date(2026, 3, 1), date(2026, 5, 4), date(2026, 6, 1))
    assert known.days("Sở Z") == (*of_law, date(2026, 5, 4))
    whole = known.of(None)
    assert whole[-2:] == (
        Break(date(2025, 7, 1), "units", names=tuple(f"Xã {i}" for i in range(6))),  # and not once more as a rule
        Break(date(2026, 5, 4), "told", "phần mềm mới"),
    )
    assert [each.words for each in known.of("Sở Z") if each.kind == "rule"] == [
        "61/2018/NĐ-CP", "107/2021/NĐ-CP", "118/2025/NĐ-CP"
    ]  # fmt: skip
