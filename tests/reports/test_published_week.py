"""Quảng Nam, 2 to 8 November 2018, as published: 1.572 received, 1.500 resolved, 24 late, 220 online."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.reports.province import Making, case, said

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
def week(make: Making, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return make(tmp_path_factory.mktemp("quang_nam"), published()).report()


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
