"""Published systems in the report's own words: three years of Quảng Ninh, and the year of Quảng Nam."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.report import load
from jobs.answers import ready
from metrics import rulebook
from metrics.scope import Scope
from reports import friday
from reports.slots import spoken
from store import runs, snapshot
from tests.published.conftest import FULL, Loaded, Read


def _content(loaded: Loaded, issued_on: date, **chosen: Any) -> dict[str, Any]:
    store, settings = loaded.store, load()
    state = ready(store)
    return friday.build(
        snapshot.cube(store, state),
        snapshot.facts(store, state),
        issued_on=issued_on,
        scope=Scope.province(),
        sources=runs.latest(store),
        data_version=state.data_version,
        letterhead=settings.model_copy(update={"friday": settings.friday.model_copy(update=chosen)}),
        calendar=rulebook.load().calendar,
    )


def _cumulative(content: dict[str, Any]) -> str:
    items = next(s for s in content["message"] if s["id"] == "flow")["items"]
    return spoken(next(item for item in items if item["rule"] == "H22"), content["figures"])


def test_three_years_of_quang_ninh_read_99_9_and_25_7_and_0_1(published: Read) -> None:
    # the set ends on 30/6/2018, a Saturday: the week to Sunday 1/7 holds its end
    chosen = {"week_starts": "monday", "cumulative_since": date(2016, 1, 1)}
    content = _content(published("quang-ninh-2016-2018"), date(2018, 7, 2), **chosen)
    told = content["figures"]
    assert [told[key]["t"] for key in ("cum.rate", "cum.early.rate", "cum.late.rate")] == [
        "99,9\u00a0%", "25,7\u00a0%", "0,1\u00a0%",
    ]  # fmt: skip
    late = (122, 132_850) if FULL else (12, 13_285)
    assert (told["cum.late.rate"]["n"], told["cum.late.rate"]["d"]) == late
    text = _cumulative(content)
    assert text.startswith("Lũy kế từ ngày 01/01/2016: giải quyết ")
    assert "(99,9\u00a0% số đã giải quyết), riêng trước hạn " in text
    assert text.endswith("(0,1\u00a0%).")


def test_the_year_of_quang_nam_counts_what_was_published(published: Read) -> None:
    content = _content(published("quang-nam-2018"), date(2018, 11, 9), cumulative_since=date(2018, 1, 2))
    told = content["figures"]
    received, resolved = (65_555, 61_778) if FULL else (6_555, 6_178)
    assert (told["cum.rec"]["v"], told["cum.res"]["v"]) == (received, resolved)
    assert (told["rec"]["v"], told["res"]["v"]) == (1_572, 1_500)
