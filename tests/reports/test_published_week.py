"""Quảng Nam, 2 to 8 November 2018, as published: 1.572 received, 1.500 resolved, 24 late, 220 online."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.report import ReportSettings, load
from tests.reports.province import Made, Making, case, said

ONLINE = {
    "Sở Công Thương": 84,
    "Sở Giao thông vận tải": 83,
    "Sở Tài nguyên và Môi trường": 25,
    "Sở Kế hoạch và Đầu tư": 21,
    "Các đơn vị khác": 7,
}
RECEIVED, RESOLVED, LATE = 1572, 1500, 24


def published() -> list[dict[str, Any]]:
    """Write one dossier for each that was published; whose the counter dossiers were was not: one unit has them."""
    departments = [name for name, n in ONLINE.items() for _ in range(n)]
    departments += ["Các đơn vị khác"] * (RECEIVED - len(departments))
    return [_dossier(i, name, online=i < sum(ONLINE.values())) for i, name in enumerate(departments)]


def _dossier(i: int, department: str, *, online: bool) -> dict[str, Any]:
    late, done = i < LATE, i < RESOLVED
    due = date(2018, 11, 6) if late else date(2018, 11, 20)
    closed = date(2018, 11, 8) if done else None
    channel = "online" if online else "counter"
    return case(f"QN-{i:04d}", department, due, closed, received=date(2018, 11, 5), channel=channel)


@pytest.fixture(scope="module")
def province(make: Making, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("quang_nam"), published())


@pytest.fixture(scope="module")
def week(province: Made) -> dict[str, Any]:
    return province.report()


def test_the_sentence_of_volume_reads_as_published(week: dict[str, Any]) -> None:
    assert said(week, "flow") == [
        "Trong tuần tiếp nhận 1.572 hồ sơ (trực tuyến 14,0\u00a0%), giải quyết 1.500 hồ sơ, trong đó trước hạn và "
        "đúng hạn 1.476 hồ sơ (98,4\u00a0% số đã giải quyết)."
    ]


def test_the_form_has_the_published_totals(week: dict[str, Any]) -> None:
    total = [cell["v"] for cell in week["form"]["total"]["cells"]]
    assert total == [1572, 220, 1352, 0, 1500, 1476, 0, 24, 72, 72, 0]
    assert {row["name"]: row["cells"][1]["v"] for row in week["form"]["rows"]} == ONLINE
    assert week["form"]["balanced"] is True


def test_the_rate_by_due_day_is_another_figure_and_stands_beside_it(week: dict[str, Any]) -> None:
    # only the 24 late ones were due in the week, none of them met: the published 98,4 % is of the resolved
    assert (week["figures"]["due.rate"]["n"], week["figures"]["due.rate"]["d"]) == (0, 24)
    assert week["figures"]["res.rate"]["t"] == "98,4\u00a0%"


def _asked_for(settings: ReportSettings, **chosen: Any) -> ReportSettings:
    return settings.model_copy(update={"friday": settings.friday.model_copy(update=chosen)})


def test_where_it_is_asked_for_the_online_dossiers_are_named_by_department(province: Made) -> None:
    told = province.report(letterhead=_asked_for(load(), online_by_department=True))
    assert said(told, "flow")[1] == (
        "Tiếp nhận trực tuyến 220 hồ sơ: Sở Công Thương 84, Sở Giao thông vận tải 83, Sở Tài nguyên và Môi trường 25, "
        "Sở Kế hoạch và Đầu tư 21, các đơn vị khác 7."
    )
    assert "on.n" in told["figures"]


def test_where_it_is_asked_for_page_one_counts_since_a_day(province: Made) -> None:
    told = province.report(letterhead=_asked_for(load(), cumulative_since="year"))
    # 24 of 1.500 late: 1,6 %; the day of the first dossier is 5/11, so the year holds what the week does
    assert said(told, "flow")[1] == (
        "Lũy kế từ ngày 01/01/2018: giải quyết 1.500 hồ sơ, tiếp nhận 1.572 hồ sơ; trước hạn và đúng hạn 1.476 "
        "(98,4\u00a0% số đã giải quyết), riêng trước hạn 1.476 (100,0\u00a0% trong số đó); quá hạn 24 (1,6\u00a0%)."
    )
    nothing = province.report(letterhead=_asked_for(load(), cumulative_since=date(2018, 11, 9)))
    assert len(said(nothing, "flow")) == 1  # the day lies after the week
    ordinary = province.report()
    assert len(said(ordinary, "flow")) == 1


def test_a_full_page_one_gives_up_these_sentences_first(province: Made) -> None:
    settings = _asked_for(load(), online_by_department=True, cumulative_since="year")
    items = next(s for s in province.report(letterhead=settings)["message"] if s["id"] == "flow")["items"]
    assert [item.get("rank") for item in items] == [None, 4, 5]
