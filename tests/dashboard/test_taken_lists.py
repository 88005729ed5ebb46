"""Lists beside the figures are taken away with numbers as numbers, days as days and instants as instants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard import shapes, taking
from dashboard.answers import admin_log, reconcile, units
from reports import taken
from reports.taken import About, Ending
from tests.dashboard.conftest import Visit

ABOUT = About("Danh sách", "Mỗi dòng một tên.", (), "Toàn tỉnh", "", datetime(2026, 11, 20, 3, 32, tzinfo=UTC))


def csv(rows: pl.DataFrame) -> list[str]:
    return taken.csv(rows, ABOUT).decode("utf-8-sig").split("\r\n")


def test_names_that_no_register_knows_come_with_numbers_and_days() -> None:
    found = pl.DataFrame({
        "name": ["Phòng lạ"], "title": [None], "role": ["department"], "source": ["mot-cua"], "dossiers": [1254],
        "open": [12], "overdue": [3], "first_on": [date(2026, 1, 5)], "last_on": [date(2026, 11, 19)],
        "nearest": [None],
    })  # fmt: skip
    assert csv(units.values(found, {"mot-cua": "Một cửa"}))[:2] == [
        "Nguồn ghi,Vai trò,Nguồn,Gần giống trong danh mục,Hồ sơ,Đang giải quyết,Quá hạn,Từ ngày,Đến ngày",
        "Phòng lạ,giải quyết,Một cửa,,1254,12,3,2026-01-05,2026-11-19",
    ]


def test_the_log_tells_instants_where_the_centre_is() -> None:
    at = datetime(2026, 11, 20, 3, 32, 9, tzinfo=UTC)
    told = admin_log.values(
        pl.DataFrame({"at": [at], "person": ["giamdoc"], "act": ["export"], "what": ["qua-han"], "detail": ["3 dòng"]})
    )
    assert told.schema["Lúc"] == pl.Datetime("us")
    assert csv(told)[1].startswith("2026-11-20 10:32,giamdoc,")
    assert admin_log.values(pl.DataFrame(schema={**dict.fromkeys(("person", "act", "what", "detail"), pl.String),
                                                 "at": pl.Datetime("us", "UTC")})).is_empty()  # fmt: skip


def test_two_sources_have_each_day_in_a_column_of_its_own() -> None:
    row = {
        "code": "A-1", "department": None, "why": None, "a_due_on": date(2026, 11, 16), "b_due_on": date(2026, 11, 18),
        "a_closed_on": None, "b_closed_on": date(2026, 11, 17), "a_stage": None, "b_stage": None, "cause": None,
        "b_code": None, "link": None, "link_code": None,
    }  # fmt: skip
    told = reconcile.values(pl.DataFrame([row]), {})
    assert told.select("Hẹn ở A", "Hẹn ở B", "Xong ở A", "Xong ở B").rows() == [
        (date(2026, 11, 16), date(2026, 11, 18), None, date(2026, 11, 17))
    ]
    assert not [name for name in told.columns if "/" in name and name != "Trạng thái A / B"]


@pytest.mark.parametrize(
    ("page", "group", "names"), [(shapes.UNITS, "", ["thu-tuc-la"]), (shapes.ADMIN, "nhat-ky", ["nhat-ky"])]
)
def test_the_pages_give_these_files(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, page: str, group: str, names: list[str]
) -> None:
    made: dict[str, Callable[[Ending], bytes]] = {}
    monkeypatch.setattr(taking, "files", lambda make, name, key: made.update({name: make}))
    assert not visit(page, **({"nhom": group} if group else {})).exception
    for name in names:
        told = made[name]("csv").decode("utf-8-sig").split("\r\n\r\n")[0]
        assert "2026-" in told
        assert "/2026" not in told
