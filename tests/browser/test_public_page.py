"""The page for everybody in a real browser: no script, cookie, other host or barrier, on a desk, a phone, paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import polars as pl
import pytest
from pypdf import PdfReader

from dashboard.answers.public import TITLE
from dashboard.wording import LOCAL
from jobs.rebuild import rebuild
from metrics import rulebook
from store import people, records
from store.database import Store, open_store
from tests.browser.conftest import served
from tests.browser.test_everyone_can_read import violations
from tests.dashboard import made_up
from tests.fresh import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SEEN = "/cong-khai"
#: Wider than the window, or cut off by it: what no reader on a phone gets to.
SPILT = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll')
  && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, browser_path: str, databases: Databases) -> Iterator[str]:
    """Address of a dashboard whose settings open the page, over a province up to this moment."""
    home = tmp_path_factory.mktemp("public")
    now = datetime.now(UTC)
    url = databases.migrated(home)
    store = open_store(url, home=home)
    _fill(store, now.astimezone(LOCAL).date(), now)
    store.engine.dispose()
    (home / "config").mkdir()
    (home / "config" / "public.toml").write_text("open = true\n", encoding="utf-8")
    with ExitStack() as until:
        with pytest.MonkeyPatch.context() as settings:  # other servers of this session start with settings as shipped
            settings.setenv("DUNGHAN_CONFIG", str(home / "config"))
            running = until.enter_context(served(url, home))
        yield running


def _fill(store: Store, today: date, now: datetime) -> None:
    """Make the province, and write letters of apology for some dossiers of it the week before."""
    made_up.fill(store, today, now=now)
    told, who = made_up.dossiers(today), people.by_name(store, "giamdoc")
    late = told.filter(pl.col("resolved_at").is_null(), pl.col("received_at") < now - timedelta(days=12)).head(12)
    days, at = rulebook.load().calendar, now - timedelta(days=8)
    due = made_up.workday(at.date(), 30)
    while not days.is_working(due):
        due = made_up.workday(due, 1)
    assert who is not None
    for number, code in enumerate(late["code"], 41):
        letter = records.Letter(f"{number}/XL-TTPVHCC", at.date(), due)
        records.record(store, made_up.SOURCE.name, code, letter, by=who, at=at, calendar=days)
    rebuild(store)


@pytest.fixture
def look(browser: Browser, opened: str) -> Iterator[Page]:
    """A page of somebody who never signed in; keeps what it asked for in ``page.asked``."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.asked = asked  # type: ignore[attr-defined]
    page.goto(opened + SEEN)
    yield page
    context.close()


def test_it_asks_no_other_host_runs_nothing_and_keeps_nothing(look: Page, opened: str) -> None:
    assert look.title().startswith(TITLE)
    asked: list[str] = look.asked  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith(opened)] == []
    assert any("be-vietnam-pro" in url for url in asked)
    assert [url for url in asked if url.endswith(".js") or "_stcore" in url] == []
    assert look.context.cookies() == []
    assert look.locator("script").count() == 0


def test_a_real_server_sends_no_body_where_none_is_asked_for(look: Page, opened: str) -> None:
    whole = look.request.get(opened + SEEN)
    head = look.request.head(opened + SEEN)
    assert (head.status, head.body(), head.headers["etag"]) == (200, b"", whole.headers["etag"])
    again = look.request.get(opened + SEEN, headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status, again.body()) == (304, b"")
    assert "set-cookie" not in whole.headers
    assert look.request.get(f"{opened}{SEEN}/x").status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_has_no_barrier_and_fits(look: Page, scheme: Literal["light", "dark"], width: int) -> None:
    look.emulate_media(color_scheme=scheme)
    look.set_viewport_size({"width": width, "height": 844})
    assert violations(look) == []
    assert look.evaluate(SPILT) == []
    assert look.evaluate("document.documentElement.scrollWidth") <= width


def squeezed(text: str) -> str:
    """Give text without its blanks."""
    return "".join(text.split())


def test_it_prints_every_column(look: Page) -> None:
    paper = PdfReader(io.BytesIO(look.pdf(prefer_css_page_size=True)))
    text = "".join("".join(page.extract_text() for page in paper.pages).split())  # its blanks are where fonts change
    assert [
        said for said in (TITLE, "41/XL-TTPVHCC", "Ngày hẹn trả mới", "Cách tính") if squeezed(said) not in text
    ] == []
    assert max(float(page.mediabox.width) for page in paper.pages) > 800  # lying: ten columns do not stand


def test_the_shipped_settings_show_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context()
    answer = context.new_page().goto(address + SEEN)
    assert answer is not None
    assert (answer.status, answer.text()) == (404, "Not Found")
    context.close()
