"""Dự báo: the number with its interval first, each dossier with what its chance rests on, and silence where it is no
better than the base rate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import insight as settings
from dashboard import asked_risk, data, insights, shapes
from dashboard.answers import risk as words
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.wording import sort_key
from jobs import insights as nightly
from jobs.insight_risk import make
from metrics.freshness import Silent
from metrics.risk_tables import BACKTEST, EXPECTED, OPEN
from metrics.scope import Scope
from store import insight
from store.database import Store
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_forecast_words import ROW

PAGE = shapes.FORECAST
OWN = "Sở Xây dựng"
RISK, CAPACITY = settings.load().risk, settings.load().capacity
EVERYBODY = Scope.province()


@pytest.fixture(scope="module", autouse=True)
def forecast(province: Store) -> Iterator[None]:
    held = nightly.MAKERS
    nightly.MAKERS = {"risk": make}  # type: ignore[misc]
    made = nightly.make(province, now=NOW)
    assert made is not None and made.failed == ()
    yield
    nightly.MAKERS = held  # type: ignore[misc]


def said(app: AppTest) -> str:
    assert not app.exception
    text = "\n".join(str(each.value) for kind in ("header", "markdown", "caption") for each in getattr(app, kind))
    assert "Chưa hiển thị được bảng này" not in text
    return text


def tables(app: AppTest) -> list[pl.DataFrame]:
    shown = [each.value for each in app.dataframe]
    return [pl.DataFrame({str(name): frame[name].to_list() for name in frame.columns}) for frame in shown]


def made(name: str, scope: Scope = EVERYBODY) -> pl.DataFrame:
    told = insight.read_made(data.store())
    rows = insight.table(data.store(), told, name) if told else None
    assert rows is not None
    return rows.filter(scope.expr()).collect()


def test_the_first_sentence_is_the_number_expected_with_its_interval(visit: Visit) -> None:
    text = said(visit(PAGE))
    found = re.search(r"Trong \*\*10 ngày làm việc tới\*\* có ([\d.]+) hồ sơ .*?khoảng \*\*(\d+)\*\* hồ sơ trễ hẹn "
                      r"\(90\xa0% khả năng: từ (\d+) đến (\d+)\)", text)  # fmt: skip
    assert found
    n, expected, low, high = (int(each.replace(".", "")) for each in found.groups())
    rows = made(OPEN).filter(pl.col("days_left") <= 10)
    assert n == rows.height
    assert expected == round(rows["chance"].sum())
    assert low <= expected <= high <= n
    assert "Chưa tính hồ sơ sẽ nhận thêm" in text


def test_each_department_has_its_expected_number_with_an_interval(visit: Visit) -> None:
    rows = tables(visit(PAGE))[0]
    assert rows.columns == ["Đơn vị", "1 ngày tới", "5 ngày tới", "10 ngày tới", "Đến hẹn trong 10 ngày"]
    night = made(OPEN).filter(pl.col("days_left") <= 10)
    by = dict(night.group_by("department").agg(pl.len()).iter_rows())
    assert {row["Đơn vị"]: int(row["Đến hẹn trong 10 ngày"]) for row in rows.to_dicts()} == by
    assert rows["10 ngày tới"].str.contains(r"^\d+ \(\d+–\d+\)$").all()
    names = rows["Đơn vị"].to_list()
    assert names == sorted(names, key=sort_key)  # whoever is expected to be late the most stands in no place of honour


def test_the_likely_dossiers_are_those_from_the_setting_on_with_word_number_and_reason(visit: Visit) -> None:
    app = visit(PAGE)
    rows = tables(app)[1]
    night = made(OPEN).filter(pl.col("chance") >= RISK.likely)
    assert 0 < rows.height <= night.height  # who has left since the night is in it no more
    assert set(rows["Mã hồ sơ"]) <= set(night["code"])
    assert rows["Khả năng trễ"].str.contains(r"^(đáng lo|cao) · (\d+|trên 99)\xa0%$").all()
    # Each line has its reason, and the chance is not said again in it.
    assert rows["Vì sao"].str.contains(r"^(Trong|Bằng tỷ lệ trễ của) [\d.]+ hồ sơ cùng |^Có quá ít").all()
    for chance, reason in rows.select("Khả năng trễ", "Vì sao").rows():
        assert not reason.endswith(f"{chance.split(' · ')[1]}.")
    assert all(len(name) < 72 or name.endswith("…") for name in rows["Thủ tục"])
    assert "Sai số Brier" in said(app)


def test_a_head_sees_the_own_unit_alone_whatever_the_address_says(visit: Visit) -> None:
    for query in ({}, {"don_vi": "Sở Tư pháp"}):
        app = visit(PAGE, who="truongphong", **query)
        assert {unit for table in tables(app) if "Đơn vị" in table.columns for unit in table["Đơn vị"]} <= {OWN}
        assert "Tư pháp" not in said(app)
        mine = made(OPEN, Scope.of(OWN)).filter(pl.col("days_left") <= 10)
        assert f"có {mine.height} hồ sơ đang giải quyết đến ngày hẹn" in said(app)


def test_a_source_of_one_or_two_neighbours_is_told_to_no_head(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """How often the forecasts of a source came true is how often its only other unit was late."""

    def units(*names: str) -> pl.DataFrame:
        rows = [("mot-cua", name) for name in names] + [("cong", "Sở Tư pháp")]
        return pl.DataFrame(rows, schema=["source", "department"], orient="row")

    tried = pl.DataFrame({"source": ["mot-cua", "cong"]})
    state = data.manifest()
    assert state is not None
    for names, scope, told in (
        ((OWN, "B", "C", "D"), Scope.of(OWN), ["mot-cua"]), ((OWN, "B", "C"), Scope.of(OWN), []),
        ((OWN, "B", "C", "D"), Scope.of(OWN, "B"), []), ((OWN, "B"), Scope.of(OWN, "B"), ["mot-cua"]),
        ((OWN,), EVERYBODY, ["mot-cua", "cong"]),
    ):  # fmt: skip
        monkeypatch.setattr(asked_risk, "_units", lambda _version, names=names: units(*names))
        choice = Choice(TODAY, TODAY)
        ask = Ask(state.data_version, scope, choice)
        assert asked_risk.readable(ask, tried)["source"].to_list() == told
    monkeypatch.setattr(asked_risk, "_units", lambda _version: units(OWN, "B"))
    text = said(visit(PAGE, who="truongphong"))
    assert "Sai số Brier" not in text and "Không nêu kết quả thử lại" in text
    assert "Sai số Brier" in said(visit(PAGE))


def test_what_is_not_better_than_the_base_rate_is_not_there(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = insights._whole

    def hidden(name: str, file: str) -> pl.DataFrame | None:
        rows = whole(name, file)
        if rows is not None and name == BACKTEST:
            return rows.with_columns(hidden=pl.lit(True), why=pl.lit("worse"), hidden_since=pl.lit(date(2026, 11, 2)))
        return rows.clear() if rows is not None and name in (OPEN, EXPECTED) else rows

    monkeypatch.setattr(insights, "_table", lambda name, file, scope: hidden(name, file))
    app = visit(PAGE)
    text = said(app)
    assert text.count("Dự báo đang ẩn") == 2
    assert "Đang ẩn từ 02/11/2026: chưa tốt hơn tỷ lệ chung." in text
    assert not any("Khả năng trễ" in table.columns for table in tables(app))


def test_before_the_first_night_the_page_says_so_and_still_tells_season_and_pace(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights, "made", lambda: None)
    text = said(visit(PAGE))
    assert "Chưa có kết quả phân tích" in text
    assert "Chưa đủ năm để nói về mùa" in text
    assert re.search(r"\*\*[\d.]+\*\* hồ sơ, bằng [\d.,]+ ngày làm việc nếu không nhận thêm", text)


def test_the_pace_counts_what_is_pending_now(visit: Visit) -> None:
    text = said(visit(PAGE, don_vi=OWN))
    pending = said(visit(shapes.WORKLIST, don_vi=OWN, nhom="dang-giai-quyet"))
    (n,) = re.findall(r"\*\*([\d.]+)\*\* hồ sơ, bằng", text)
    assert f"**{n}** hồ sơ" in pending


def test_who_is_silent_is_in_neither_the_pace_nor_the_backlog(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    state = data.manifest()
    assert state is not None
    heard = Ask(state.data_version, EVERYBODY, Choice(TODAY, TODAY))
    quiet = Silent("mot-cua", OWN, date(2026, 9, 1), NOW)
    all_, others = (asked_risk.pace(ask, CAPACITY) for ask in (heard, replace(heard, silent=(quiet,))))
    own = asked_risk.pace(replace(heard, scope=Scope.of(OWN)), CAPACITY)
    assert all_.found and others.found and own.found and own.found.received > 0
    assert all_.quiet == () and others.quiet == (quiet,) and others.held == own.found.pending > 0
    for name in ("pending", "received", "resolved"):
        assert getattr(others.found, name) == pytest.approx(getattr(all_.found, name) - getattr(own.found, name))
    lately = replace(heard, silent=(replace(quiet, until=TODAY),))  # heard to the end of the last whole week
    assert asked_risk.pace(lately, CAPACITY) == all_
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: (quiet,))
    text = said(visit(PAGE))
    assert f"không có dữ liệu đến hết tuần trọn gần nhất: {OWN} ({others.held} hồ sơ)." in text


def test_what_falls_due_beyond_the_forecast_is_counted(visit: Visit) -> None:
    rows = pl.DataFrame(
        [("in_term", False, 60), ("in_term", False, 61), ("in_term", True, 90), ("overdue", False, -3),
         ("in_term", False, 200)],
        schema=["standing", "suspended", "days_left"], orient="row",
    )  # fmt: skip
    assert words.too_far(rows, RISK) == "2 hồ sơ còn hơn 60 ngày làm việc mới đến hẹn: chưa có dự báo."
    assert words.too_far(rows.head(1), RISK) == ""


def test_a_dossier_has_its_chance_in_one_quiet_sentence(visit: Visit) -> None:
    row = made(OPEN).sort("chance", descending=True).row(0, named=True)
    text = said(visit(shapes.DOSSIER, nguon=row["source"], ma=row["code"]))
    assert f"Khả năng trễ hẹn: {words.word(row['chance'], RISK)}, {words.said(row['chance'])}." in text
    elsewhere = made(OPEN).filter(pl.col("department") != OWN).row(0, named=True)
    assert "Khả năng trễ" not in said(
        visit(shapes.DOSSIER, who="truongphong", nguon=row["source"], ma=elsewhere["code"])
    )


@pytest.mark.parametrize(
    ("others", "seen", "told"), [(0, 2, True), (2, 1, False), (3, 1, True), (3, 2, False), (4, 2, True)]
)
def test_what_a_sentence_rests_on_hides_from_a_head_who_could_reckon_out_the_rest(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, others: int, seen: int, told: bool
) -> None:
    rows = pl.DataFrame([{**ROW, "n_others": others}])
    monkeypatch.setattr(insights, "table", lambda *_: rows)
    found = asked_risk._open(Scope.of("Sở Y tế", *["Sở Xây dựng"][: seen - 1]))
    assert found is not None
    assert (found["alike"][0], found["n_alike"][0]) == (("step", 184) if told else (None, 0))
    assert asked_risk._open(Scope.province()) is rows
