"""The sign-in page and one's own account in a browser: no barrier, nothing too wide, nothing from outside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dashboard import entering
from store import people
from tests.architecture.tracked import ROOT
from tests.identity.conftest import NOW, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def address(site: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The doors on loopback, as if a provider were set."""
    monkeypatch.setattr(entering, "provider", lambda: object())
    site.router.routes.append(Mount("/app/static", StaticFiles(directory=ROOT / "dashboard" / "static")))
    server = uvicorn.Server(uvicorn.Config(site, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def judged(page: Page, address: str) -> None:
    """Find no barrier, no sideways scrolling, and both typefaces."""
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_have_no_barrier_and_fit_the_screen(
    chromium: Any, address: str, store: Any, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    people.add(store, "moi", PASSWORD, role="director", title="Giám đốc", must_change=True, by="quantri", at=NOW)
    for width, height in SIZES:
        context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{address}/dang-nhap?loi=chua-cap-quyen")
        judged(page, address)
        page.fill("#ten", "moi")
        page.fill("#mat_khau", PASSWORD)
        page.click("button")
        page.get_by_role("heading", name="Đặt mật khẩu của riêng bạn").wait_for()
        assert page.locator("[name=ten]").is_hidden()
        page.fill("#mat_khau_cu", PASSWORD)
        page.fill("#mat_khau", "Matkhau123456")
        page.fill("#nhac_lai", "Matkhau123456")
        page.click("button")
        assert page.locator("#loi").inner_text() == "Mật khẩu mới nằm trong số những mật khẩu hay bị đoán nhất."
        judged(page, address)
        assert [url for url in asked if not url.startswith(address)] == []
        context.close()
