"""Off unless it is opened, the same for everybody, the figures of the other pages, and none of a few dossiers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dashboard import data, public, routes
from dashboard.answers import public as words
from dashboard.answers.public import withheld
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.scope import COOKIE
from dashboard.wording import number
from jobs.answers import Asked, answer
from jobs.doctor import examine
from metrics.freshness import Silent
from metrics.heard import Left
from metrics.scope import Scope
from reports.handbook import people
from store.database import Store
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.public.conftest import WEEK, YEAR, Get, line, told

Told = tuple[str, int, words.Withheld]


@pytest.mark.parametrize("path", [public.PATH, public.MACHINES, f"{public.PATH}/x", f"{public.MACHINES}/x"])
@pytest.mark.parametrize("who", ["", "giamdoc"])
def test_as_shipped_the_address_is_unknown_to_everybody(
    get: Get, sessions: dict[str, str], path: str, who: str
) -> None:
    found = get(path, cookie=f"{COOKIE}={sessions[who]}") if who else get(path)
    assert (found.status_code, found.text) == (404, "Not Found")


def test_settings_that_cannot_be_read_open_nothing(get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "public.toml").write_text("open = true\nsmalest = 3\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    assert get().status_code == 404


def test_the_doctor_says_whether_it_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> str:
        return next(f.found for f in examine(f"sqlite:///{tmp_path / 'store.sqlite'}") if f.what == "public page")

    assert said() == "off: /cong-khai is unknown to everybody"
    (tmp_path / "public.toml").write_text("open = true\nsmallest = 7\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    assert said() == "open to everybody at /cong-khai; figures over fewer than 7 dossiers are not told"


def test_the_handbook_says_what_everybody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "**Trang công khai** (`public.toml`): đang tắt" in people.people()
    (tmp_path / "public.toml").write_text("open = true\nsmallest = 7\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    assert "đang mở" in people.people()
    assert "Không nêu số có dưới 7 hồ sơ" in people.people()


@pytest.mark.usefixtures("opened")
def test_everybody_sees_the_same_and_no_session_is_read(get: Get, sessions: dict[str, str]) -> None:
    of_nobody = get()
    assert of_nobody.status_code == 200
    for cookie in (f"{COOKIE}={sessions['giamdoc']}", f"{COOKIE}={sessions['truongphong']}", f"{COOKIE}=none"):
        assert get(cookie=f"{cookie}; dunghan_ngon_ngu=en").content == of_nobody.content
    assert "set-cookie" not in of_nobody.headers
    assert "set-cookie" not in get(f"{public.PATH}?ngon_ngu=en", accept="text/html").headers


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", ["/cong-khai/x", "/cong-khai/", "/cong-khai.json/x"])
def test_nothing_stands_under_it(get: Get, path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [*routes.PAGES, "/cong-khaix", "/cong-khai.jsonx", "/api/overdue", "/metrics"])
def test_it_opens_nothing_else(get: Get, path: str) -> None:
    assert get(path).status_code in (303, 401, 404)
    assert not public.is_here(path)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("by", ["department", "field"])
def test_the_figures_are_those_of_the_command_line(get: Get, in_use: Store, by: str) -> None:
    page, seen = told(get), 0
    for at, period in (("week", WEEK), ("year", YEAR)):
        found = answer(in_use, Asked(period.start, period.end, TODAY.isoformat(), (by,)))
        for group in found["groups"]:
            mine = line(page[f"by_{by}"], group[by] if by in group else group["by"][by])
            seen += _agree(mine, group, at)
    assert seen > 40


def _agree(mine: dict[str, Any], group: dict[str, Any], at: str) -> int:
    rates, agreed = group["rates"], 0
    for name in ("on_time_due", "on_time_resolved"):
        share = mine[name][at]
        if "withheld" not in share:
            assert (share["numerator"], share["denominator"]) == (rates[name]["numerator"], rates[name]["denominator"])
            agreed += 1
    if "withheld" not in mine["pending_overdue"]:
        assert mine["pending_overdue"]["value"] == group["counts"]["pending_overdue"]
        agreed += 1
    return agreed


@pytest.mark.usefixtures("opened")
def test_the_figures_are_those_of_the_pages(get: Get) -> None:
    state = data.manifest()
    assert state is not None
    row = data.figures(Ask(state.data_version, Scope.province(), Choice(TODAY, WEEK.start))).row(0, named=True)
    whole = told(get)["whole"]
    assert (whole["on_time_due"]["week"]["numerator"], whole["on_time_due"]["week"]["denominator"]) == (
        row["due_met"], row["due"],
    )  # fmt: skip
    stock = whole["pending_overdue"]
    assert stock["value"] == row["pending_overdue"] == sum(row[a] for a in stock if a.startswith("overdue_")) > 0
    assert (stock["pending"], whole["beside"]["week"]["extended_out"]) == (row["pending"], row["extended_out"])


@pytest.mark.usefixtures("opened")
def test_the_page_says_what_the_machine_reads(get: Get) -> None:
    page, text = told(get), unescape(re.sub(r"<[^>]+>", " ", get().text))
    text = " ".join(text.split())
    due = page["whole"]["on_time_due"]["week"]
    assert f"{due['numerator']}/{due['denominator']}" in text
    assert "09–15/11/2026" in text
    assert "01/01–15/11/2026" in text
    assert page["data_version"] in text
    assert "Số liệu đến " in text
    assert all(definition["meaning"] in text for definition in page["definitions"].values())
    for name in [one["name"] for one in (*page["by_department"], *page["by_field"])]:
        assert " ".join(name.split()) in text


def test_few_dossiers_are_not_told_and_cannot_be_reckoned(get: Get, opened: Callable[..., None]) -> None:
    opened(smallest=5)
    small = line(told(get)["by_department"], "Sở Rất Nhỏ")
    assert small["on_time_due"]["week"] == small["pending_overdue"] == {"withheld": "few"}
    (row,) = re.findall(r'<tr><th scope="row">Sở Rất Nhỏ</th>.*?</tr>', get().text)
    assert re.findall(r">([^<>]+)<", row) == ["Sở Rất Nhỏ", *["ít hơn 5 hồ sơ"] * 3, "—", "—"]
    whole, lines = told(get)["whole"], told(get)["by_department"]
    for name in ("on_time_due", "on_time_resolved"):
        for at in ("week", "year"):
            shown = [one[name][at]["denominator"] for one in lines if "withheld" not in one[name][at]]
            assert (left := whole[name][at]["denominator"] - sum(shown)) == 0 or left >= 5
    opened(smallest=1)
    assert line(told(get)["by_department"], "Sở Rất Nhỏ")["pending_overdue"]["value"] == 3


def test_what_stands_alone_beside_few_dossiers_is_withheld_too() -> None:
    assert withheld([3, 40, 9, 0], 5) == ["few", "", "beside", ""]
    assert withheld([3, 4, 40], 5) == ["few", "few", ""]
    assert withheld([3], 5) == ["few"]
    assert withheld([0, 5, 8], 5) == ["", "", ""]


@pytest.mark.usefixtures("opened")
def test_a_share_of_nothing_is_a_dash_and_of_few_no_percentage(get: Get) -> None:
    assert words.rate(words.Share(0, 0), 20) == "—"
    assert words.rate(words.Share(9, 9), 20) == "n = 9"
    assert "100,0 %" not in re.findall(r"n = \d+", get().text)


NOBODY = {"value": None, "numerator": 0, "denominator": 0, "low": None, "high": None}


def test_a_share_of_few_says_how_far_chance_may_carry_it() -> None:
    """Of 81 out of 263 Newcombe (1998) prints 0.2553 to 0.3662."""
    assert words.between(words.Share(81, 263), 20) == "từ 25,5\u00a0% đến 36,6\u00a0%"
    assert words.between(words.Share(399, 399), 20) == "từ 99,0\u00a0% đến 100,0\u00a0%"
    for share in (words.Share(400, 400), words.Share(19, 19), words.Share(0, 0), words.Share(20, 30, "beside")):
        assert words.between(share, 20) == ""


@pytest.mark.usefixtures("opened")
def test_the_page_and_the_machine_tell_the_same_interval(get: Get) -> None:
    text, shown = unescape(get().text), 0
    for one in (*told(get)["by_department"], *told(get)["by_field"], told(get)["whole"]):
        for share in (one[name][at] for name in ("on_time_due", "on_time_resolved") for at in ("week", "year")):
            n = share.get("denominator", 0)
            assert (share.get("low") is not None) == (0 < n < 400)
            if not 20 <= n < 400:
                continue
            assert share["low"] <= share["value"] <= share["high"]
            bounds = [f"{number(100 * share[name], 1)}\u00a0%" for name in ("low", "high")]
            parts = f"<small>{number(share['numerator'])}/{number(n)}</small>"
            assert f'{parts} <small class="chance">từ {bounds[0]} đến {bounds[1]}</small>' in text
            shown += 1
    assert shown > 5
    assert "từ 0 đến" not in text and "Dưới 400 hồ sơ ghi thêm khoảng" in text


@pytest.mark.usefixtures("opened")
def test_who_is_silent_is_said(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    before = get().headers["etag"]
    assert told(get)["silent"] == []
    since = NOW - timedelta(days=30)
    quiet = (Silent("mot-cua", "Sở Y tế", since.date(), since),)
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: quiet)
    monkeypatch.setattr(public.SHELF, "looked_at", -1e9)
    after = get()
    (said,) = told(get)["silent"]
    assert said.startswith("Sở Y tế (nguồn Một cửa điện tử tỉnh) không có dữ liệu từ ")
    assert said in after.text
    assert after.headers["etag"] != before
    health = line(told(get)["by_department"], "Sở Y tế")
    for name in ("on_time_due", "on_time_resolved"):
        assert [health[name][at] for at in ("week", "year")] == [NOBODY] * 2
    assert health["pending_overdue"]["pending"] > 0
    assert f"{number(health['pending_overdue']['pending'])} hồ sơ đang giữ" in said


@pytest.mark.usefixtures("opened")
def test_of_who_is_silent_no_figure_is_told_that_its_line_withholds(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, since = told(get)["by_department"], NOW - timedelta(days=30)
    (beside,) = [one["name"] for one in lines if one["pending_overdue"] == {"withheld": "beside"}]
    quiet = tuple(Silent("mot-cua", name, since.date(), since) for name in (beside, "Sở Rất Nhỏ"))
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: quiet)
    monkeypatch.setattr(public.SHELF, "looked_at", -1e9)
    of_beside, of_few = told(get)["silent"]
    assert of_beside.startswith(beside)
    assert ": hồ sơ đang giữ không tính vào tỷ lệ" in of_beside
    assert ": ít hơn 5 hồ sơ đang giữ" in of_few


def test_of_a_silent_source_no_number_is_told_that_gives_a_few_away_by_subtraction() -> None:
    def said(department: str | None, pending: int, *units: Told) -> str:
        nothing = (words.Share(0, 0), words.Share(0, 0))
        lines = [words.Line(name, nothing, words.Stock(0, (), n, why), nothing) for name, n, why in units]
        (found,) = words.silence([Left(Silent("mot-cua", department, None, None), pending, pending)], {}, {}, lines, 5)
        return found.partition(": ")[2].partition(" đang giữ")[0]

    few: Told = ("A", 3, "few")
    beside: Told = ("B", 9, "beside")
    plain: Told = ("C", 40, "")
    assert said(None, 43, few, beside, plain) == "hồ sơ"  # of A and C
    assert said(None, 52, few, beside, plain) == "52 hồ sơ"  # all, which is told
    assert said(None, 40, plain, ("D", 20, "")) == "40 hồ sơ"
    assert said("C", 40, few, beside, plain) == "40 hồ sơ"
    assert said("C", 38, few, beside, plain) == "hồ sơ"  # another source tells of the other two
    assert said("C", 30, few, beside, plain) == "30 hồ sơ"
    assert said("B", 9, few, beside, plain) == "hồ sơ"
    assert said("X", 9, few, beside, plain) == "hồ sơ"
    assert said("X", 0, few, beside, plain) == "0 hồ sơ"
