"""Quảng Ninh, first half of 2022: 42,618 slips, all satisfied or very satisfied; read back from metric and page.

How many were very satisfied, by whom and on which days was not published: the file is made, its total is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from jobs import surveys as job
from metrics import intervals, satisfaction
from metrics.scope import Period, Scope
from store import surveys
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit, in_use, sessions, visit
from tests.dashboard.test_pages import texts
from tests.fresh import Databases

PUBLISHED: Final = 42_618
HALF: Final = Period(date(2022, 1, 1), date(2022, 6, 30))
UNITS: Final = tuple(sorted({work[0] for work in made_up.WORK}))
MAPPING: Final = """
survey = "quang-ninh-2022"
way = "paper"
[columns]
slip = "Số phiếu"
answered_on = "Ngày đánh giá"
department = "Đơn vị"
score = "Mức độ hài lòng"
"""
__all__ = ["in_use", "sessions", "visit"]  # fixtures of the pages


def made() -> str:
    """Write the slips: one after the other over the days of the half that lie in the state's six months as well."""
    first, days = HALF.start, (date(2022, 6, 14) - HALF.start).days + 1
    lines = ["Số phiếu,Họ tên,Đơn vị,Ngày đánh giá,Mức độ hài lòng"]
    for n in range(PUBLISHED):
        day, word = first + timedelta(days=n % days), ("Hài lòng", "Rất hài lòng")[n % 3 > 0]
        lines.append(f"P{n:05},Người {n},{UNITS[n % len(UNITS)]},{day:%d/%m/%Y},{word}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """A store into which the loader has read the file, twice."""
    folder = tmp_path_factory.mktemp("satisfied")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    file = folder / "phieu.csv"
    file.write_text(made(), encoding="utf-8")
    (folder / "phieu.toml").write_text(MAPPING, encoding="utf-8")
    for new in (PUBLISHED, 0):
        done = job.load(store, Path(file), survey="", mapping=None, at=datetime(2022, 7, 5, 2, tzinfo=UTC))
        assert (done.counts.read, done.counts.new, done.counts.refused) == (PUBLISHED, new, 0)
        assert done.dropped == ("Họ tên",)
    yield store
    store.engine.dispose()


def test_the_metric_gives_the_published_total_all_of_it_satisfied(province: Store) -> None:
    slips, everybody = surveys.read(province, Scope.province()), Scope.province()
    told = satisfaction.counts(slips, HALF, everybody).row(0, named=True)
    assert (told["n"], told["satisfied"], told["score_4"] + told["score_5"]) == (PUBLISHED,) * 3
    assert satisfaction.counts(slips, HALF, everybody, ["department"])["n"].sum() == PUBLISHED
    assert intervals.interval(told["satisfied"], told["n"], below=400) is None
    assert satisfaction.response(slips, surveys.asked(province, everybody), HALF) is None


def test_the_page_says_the_same_of_those_who_answered_and_of_nobody_else(visit: Visit) -> None:  # noqa: F811 - a fixture
    said = texts(visit("pages/quality.py", ky="2022-6T"))
    assert "Trong **42.618** người trả lời, **42.618** (100,0\u00a0%) hài lòng hoặc rất hài lòng." in said
    assert "Rất hài lòng: 28.412 · Hài lòng: 14.206 · Bình thường: 0" in said
    assert "Chưa rõ đã hỏi bao nhiêu người" in said
    assert "Người trả lời tự chọn, không đại diện cho mọi người nộp hồ sơ." in said
