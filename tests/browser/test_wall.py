"""The wall in a real browser: it fits every screen, outlives its server, and goes dark when its token is revoked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from dashboard.wording import LOCAL
from store import people, tokens
from store.database import Store, open_store
from tests.browser.conftest import ROOT, _free_port, _wait_for, settled
from tests.browser.test_everyone_can_read import violations
from tests.dashboard import made_up
from tests.fresh import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page

pytestmark = pytest.mark.browser
LONG: Final = 60_000  # ms; a busy machine draws slowly
SIZES: Final = ((1920, 1080), (3840, 2160), (1366, 768))


@dataclass(slots=True)
class Server:
    """A dashboard that can be killed and started again at the same address."""

    store: Store
    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(self.port)]
        url = self.store.engine.url.render_as_string(hide_password=False)
        environment = os.environ | {"DUNGHAN_STORE": url, "DUNGHAN_HOME": str(self.home)}
        with (self.home / "log").open("ab") as log:
            place: Any = {"cwd": ROOT, "env": environment, "stdout": log, "stderr": log}
            self.process = subprocess.Popen([*command, "--server.address", "127.0.0.1"], **place)
        _wait_for(f"{self.address}/healthz")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser_path: str, databases: Databases) -> Iterator[Server]:
    """A dashboard of its own over a made-up province, with an administrator."""
    home, now = tmp_path_factory.mktemp("wall"), datetime.now(UTC)
    store = open_store(databases.migrated(home), home=home)
    made_up.fill(store, now.astimezone(LOCAL).date(), now=now, weeks=16, a_day=12)
    people.add(store, "quantri", made_up.PASSWORD, role="administrator", title="Lê Thị Quản")
    found = Server(store, home, _free_port())
    found.start()
    yield found
    found.kill()
    store.engine.dispose()


def opened(context: BrowserContext, server: Server, query: str = "") -> tuple[Page, str]:
    """Open the wall with a new token; gives the page, and the token's name."""
    name = f"tuong {datetime.now(UTC).timestamp()}"
    _, secret = tokens.issue(server.store, name, kind="wall", departments=None, by="quantri", at=datetime.now(UTC))
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.asked = asked  # type: ignore[attr-defined]
    page.goto(f"{server.address}{tokens.address(secret)}{query}")
    assert secret not in page.url
    drawn(page)
    return page, name


def inside(page: Page) -> Frame:
    return page.frames[1]


def drawn(page: Page) -> None:
    """Wait until five numbers and every chart of the three screens stand."""
    wall = page.frame_locator("iframe")
    wall.locator("[data-testid=stMetricValue]").nth(4).wait_for(timeout=90_000)
    wall.locator(".main-svg").nth(14).wait_for(state="attached", timeout=90_000)
    page.wait_for_timeout(800)


def band(page: Page) -> str:
    return page.locator("#lost").inner_text()


def test_the_wall_fits_every_screen_and_nothing_is_cut(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page, _ = opened(context, server)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        whole = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert whole == [width, height]
        frame = page.locator("iframe").bounding_box()
        assert frame
        sides = [frame[side] for side in ("x", "y", "width", "height")]
        assert sides == pytest.approx([0, 0, width, height], abs=1)
    main = "document.querySelector('[data-testid=stMain]')"
    assert inside(page).evaluate(f"[{main}.scrollWidth, {main}.scrollHeight]") == [1920, 1080]
    blocks = "[...document.querySelectorAll('.st-key-wall [data-testid=stVerticalBlock]')]"
    assert inside(page).evaluate(f"Math.max(...{blocks}.map(e => e.getBoundingClientRect().bottom))") <= 1080
    words = "[...document.querySelectorAll('.st-key-wall p')]"
    cut = f"{words}.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    assert inside(page).evaluate(cut) == []
    context.close()


@pytest.mark.parametrize("ground", ["", "&nen=sang"], ids=["dark", "light"])
def test_the_wall_has_no_barrier_and_asks_nobody_outside(browser: Browser, server: Server, ground: str) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page, _ = opened(context, server, ground)
    assert violations(page) == []
    asked: list[str] = page.asked  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith((server.address, "data:", "blob:"))] == []
    assert (
        inside(page).evaluate("getComputedStyle(document.querySelector('.st-key-wall_1')).transitionDuration") == "0s"
    )
    context.close()


def test_our_own_styles_of_the_wall_still_find_what_they_style(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page, _ = opened(context, server, "&man=2")
    for selector in (
        ".stMainBlockContainer", ".st-key-wall_head", ".st-key-wall h1", ".st-key-wall h2", "[data-testid=stMain]",
        "[data-testid=stMetricValue]", "[data-testid=stMetricLabel] p", "[data-testid=stAppViewContainer]",
        ".st-key-wall [data-testid=stCaptionContainer] p", ".st-key-wall_turns > *",
        "[data-testid=stElementContainer]:has(.wall-turn)", "[data-testid=stPlotlyChart]",
    ):  # fmt: skip
        inside(page).locator(selector).first.wait_for(state="attached")  # fails naming the selector
    seen = (
        "[1, 2, 3].filter(i => getComputedStyle(document.querySelector('.st-key-wall_' + i)).visibility === 'visible')"
    )
    assert inside(page).evaluate(seen) == [2]
    context.close()


def test_the_wall_outlives_its_server_and_a_cut_cable(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page, _ = opened(context, server)
    server.kill()
    page.locator("#lost:not(:empty)").wait_for(timeout=LONG)
    assert band(page).startswith("Mất kết nối từ ")
    assert "đang nối lại…" in band(page)
    server.start()
    page.locator("#lost:empty").wait_for(state="attached", timeout=LONG)
    drawn(page)  # anew, and nobody touched it
    context.set_offline(True)
    page.locator("#lost:not(:empty)").wait_for(timeout=LONG)
    context.set_offline(False)
    page.locator("#lost:empty").wait_for(state="attached", timeout=LONG)
    drawn(page)
    context.close()


def test_an_administrator_issues_a_wall_opens_it_and_takes_it_back(browser: Browser, server: Server) -> None:
    desk = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    desk.goto(f"{server.address}/quan-tri?nhom=ma-truy-cap")
    desk.fill("#ten", "quantri")
    desk.fill("#mat_khau", made_up.PASSWORD)
    desk.click("button")
    settled(desk)
    assert violations(desk) == []
    desk.get_by_label("Tên màn hình hoặc hệ thống").fill("Phòng giao ban")
    desk.get_by_text("Tôi đã kiểm tra loại mã và phạm vi được xem").click()
    desk.get_by_role("button", name="Cấp mã", exact=True).click()
    address = desk.locator("[data-testid=stCode] code").inner_text(timeout=LONG).strip()
    room = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    room.goto(address)
    drawn(room)
    room.goto(f"{server.address}/ho-so-can-xu-ly")
    assert "/dang-nhap" in room.url
    room.goto(f"{server.address}/man-hinh")
    drawn(room)
    settled(desk)
    desk.get_by_role("button", name="Thu hồi mã").click()
    desk.get_by_role("button", name="Thu hồi: Phòng giao ban").click()
    heading = room.frame_locator("iframe").get_by_role("heading", name="Mã đã bị thu hồi")
    heading.wait_for(timeout=LONG)  # within 15 s where nothing else runs: what the page promises
    assert room.frame_locator("iframe").locator("[data-testid=stMetricValue]").count() == 0
    room.reload()
    assert room.locator("h1").inner_text() == "Mã đã bị thu hồi"
    assert violations(room) == []
    for page in (desk, room):
        page.context.close()
