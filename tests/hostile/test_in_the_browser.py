"""In a real browser: no hostile text runs, builds an element, asks another host or blows the layout up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from store import people
from store import sessions as sessions_of
from store.database import Store
from tests.browser.conftest import served, settled
from tests.hostile.province import MANY, SOURCE, cleaned, codes
from tests.hostile.texts import EVIL, TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
#: What of our texts would be there if the browser had obeyed one.
OBEYED = f"""[window.hurt ?? null, ...[...document.querySelectorAll(
  'img[src="x"], svg[onload], a[href*="//{EVIL}"], a[href^="javascript"], img[src*="{EVIL}"], stMain script, .katex'
)].map(e => e.outerHTML.slice(0, 120))]"""


@pytest.fixture(scope="module")
def page(hostile: Store, chromium: Any) -> Iterator[Page]:
    """A browser in which the director is signed in over the hostile province; ``page.asked`` keeps its requests."""
    director = people.by_name(hostile, "giamdoc")
    assert director is not None
    token = sessions_of.open_for(hostile, director, now=datetime.now(UTC))
    url = hostile.engine.url.render_as_string(hide_password=False)
    with served(url, hostile.derived.parent) as address:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
        context.add_cookies([{"name": "dunghan_session", "value": token, "url": address}])
        opened = context.new_page()
        asked: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.asked = asked
        yield opened
        context.close()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", {}),
        ("/ho-so-can-xu-ly", {"nhom": "qua-han"}),
        ("/co-quan-don-vi", {"don_vi": cleaned(TEXTS[MANY])}),
        ("/bieu-mau", {"dong": "procedure", "ky": "2026"}),
        ("/nguon-du-lieu", {}),
        ("/bao-cao-tuan", {}),
        *(("/ho-so", {"nguon": SOURCE.name, "ma": codes()[name]}) for name in ("script", "link", "directives", "long")),
    ],
    ids=lambda told: str(told)[:30],
)
def test_a_browser_obeys_nothing(page: Page, path: str, query: dict[str, str]) -> None:
    page.goto(f"{path}?{urlencode(query)}")
    settled(page)
    assert page.evaluate(OBEYED) == [None]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    host = page.url.split("/ho-so")[0].split("?")[0]
    asked: list[str] = page.asked  # type: ignore[attr-defined]
    assert [url for url in asked if EVIL in url and "?" not in url] == []
    assert [url for url in asked if not url.startswith((host[:17], "data:", "blob:"))] == []


def test_the_name_of_a_dossier_stands_there_to_the_letter(page: Page) -> None:
    page.goto(f"/ho-so?{urlencode({'nguon': SOURCE.name, 'ma': codes()['markdown']})}")
    settled(page)
    assert page.get_by_role("heading", name=TEXTS["markdown"]).is_visible()
