"""English pages hold no Vietnamese beside data of the office and state papers: as four readers, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import polars as pl
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from dashboard import english, speaking, speaking_data
from dashboard.answers import admin as sections
from dashboard.lists import LISTS
from reports.marks import WORDS
from tests.dashboard import made_up
from tests.dashboard.conftest import TODAY
from tests.english import conftest as province
from tests.english.allowed import without_data
from tests.english.conftest import PEOPLE, SOURCE, Visit
from tests.english.shown import PAPER, VIETNAMESE, texts

PAGES: Final = (
    "overview", "worklist", "departments", "fields", "quality", "form", "weekly", "handbook", "sources", "reconcile",
    "units", "procedures", "upload", "admin", "alerts", "desk", "officers", "review", "why", "steps", "index766",
    "forecast",
)  # fmt: skip
#: What the other readers see otherwise than the director.
OTHERS: Final = {
    "head": PAGES,
    "operator": ("overview", "worklist", "sources", "upload", "units", "admin", "alerts", "desk", "officers", "review"),
    "administrator": ("overview", "sources", "upload", "admin"),
}


def left(app: AppTest) -> list[str]:
    """Give the texts of a page that are still Vietnamese."""
    assert not app.exception
    return [rest for text in texts(app) if VIETNAMESE.search(rest := without_data(text))]


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put what is shown as it is written under a key by which it is known here."""
    drawn = iter(range(10_000))

    @contextmanager
    def marked(_: str = "") -> Iterator[None]:
        with streamlit.container(key=f"{PAPER}{next(drawn)}"), speaking.ready():
            yield

    monkeypatch.setattr(speaking, "as_written", marked)


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("page", PAGES)
def test_a_director_finds_every_page_whole(page: str, visit: Visit) -> None:
    assert left(visit(f"pages/{page}.py")) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(("who", "page"), [(who, page) for who, pages in OTHERS.items() for page in pages])
def test_the_others_find_theirs_whole(who: str, page: str, visit: Visit) -> None:
    assert who in PEOPLE
    assert left(visit(f"pages/{page}.py", who=who)) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("section", [code for code in sections.TABS if code != "nguoi-dung"])
def test_every_section_of_the_administration_is_whole(section: str, visit: Visit) -> None:
    assert left(visit("pages/admin.py", who="administrator", nhom=section)) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("page", ["overview", "worklist", "departments", "fields", "quality", "form"])
def test_a_page_with_nothing_to_show_is_whole(page: str, visit: Visit) -> None:
    assert left(visit(f"pages/{page}.py", who="head", don_vi="Nobody", linh_vuc="Nothing", tim="nothing")) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("code", ["tam-dung", "cho-tiep-nhan", "da-xong", "bm-c8"])
def test_every_kind_of_list_is_whole(code: str, visit: Visit) -> None:
    assert left(visit("pages/worklist.py", nhom=code if code in LISTS else "qua-han")) == []


@pytest.mark.usefixtures("papers")
def test_dossiers_are_explained_in_english(visit: Visit) -> None:
    rows = province.named(made_up.dossiers(TODAY, weeks=16, a_day=30))
    pending = rows.filter(pl.col("resolved_at").is_null())
    moved, paused = pending.gather_every(3)["code"][0], pending.filter(pl.col("status") == "supplement")["code"][0]
    codes = [province.recorded(rows), moved, paused, rows.filter(pl.col("status") == "returned")["code"][7], "none"]
    for code in codes:
        assert left(visit("pages/dossier.py", nguon=SOURCE.name, ma=code)) == [], code


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    "page", ["overview", "worklist", "quality", "form", "sources", "reconcile", "admin", "index766", "steps"]
)
def test_a_phone_shows_them_whole(page: str, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = ("components", "tables", "cards", "dossiers", "forms", "trends", "analysing", "feeds")
    for module in (*drawn, "stepping"):
        monkeypatch.setattr(f"dashboard.{module}.phone", lambda: True)
    assert left(visit(f"pages/{page}.py")) == []


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("code", [words.code for words in WORDS.values()])
def test_every_mark_is_whole(code: str, visit: Visit) -> None:
    assert left(visit("pages/review.py", dau_hieu=code)) == []


@pytest.mark.usefixtures("papers")
def test_a_dossier_with_marks_is_whole(visit: Visit) -> None:
    rows = province.named(made_up.dossiers(TODAY, weeks=16, a_day=30)).filter(pl.col("received_at").is_not_null())
    app = visit("pages/dossier.py", nguon=SOURCE.name, ma=rows["code"][0])
    assert "To be checked and cleared up" in [each.value for each in app.header]
    assert left(app) == []


@pytest.mark.usefixtures("papers")
def test_one_entry_less_is_found(visit: Visit, without: Callable[[str], None]) -> None:
    without("Sắp đến hạn")
    assert left(visit("pages/overview.py")) == ["Sắp đến hạn"]


def test_names_of_the_data_stay_though_a_word_of_ours_is_the_same() -> None:
    rows = pl.DataFrame({"Bước": ["Tiếp nhận"], "Kết quả": ["Tiếp nhận"]})
    told, columns = speaking_data.table(rows, None)
    assert told.row(0) == ("Tiếp nhận", "Received")
    assert [columns[name]["label"] for name in rows.columns] == ["Step", "Result"]
    assert english.name("Tiếp nhận") == "Tiếp nhận"
