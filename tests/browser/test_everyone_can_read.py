"""Axe finds nothing on any page, light or dark, on a desk or a phone; and no request leaves the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard import routes
from tests.browser.conftest import Sign, darken

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

#: Every page but that of one dossier, which needs one, and the wall, which never stands still: both have their own.
PATHS = [path for path in routes.PAGES if path not in ("/ho-so", "/man-hinh")]
#: What others than the director see: a part of the province, or what only they may look at.
SEEN_BY = [
    ("truongphong", "/"), ("truongphong", "/ho-so-can-xu-ly"), ("truongphong", "/co-quan-don-vi"),
    ("truongphong", "/nguon-du-lieu"), ("truongphong", "/nap-tep"), ("quantri", "/quan-tri"), ("kiemtra", "/quan-tri"),
]  # fmt: skip


#: Streamlit's own place to drop a file: it has role="presentation" and a label, and no word of ours changes that. The
#: button and the input in it are named, and the keyboard reaches them.
NOT_OURS = ("presentation-role-conflict", "stFileUploaderDropzone")
NONE: dict[str, list[str]] = {"light": [], "dark": []}


def violations(page: Page) -> list[str]:
    """Give what axe finds, one line per rule and element."""
    found = Axe().run(page).response["violations"]
    lines = [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
    return [line for line in lines if not all(part in line for part in NOT_OURS)]


def in_both_lights(page: Page) -> dict[str, list[str]]:
    """Give what axe finds by day, and when the reader's machine turns dark while the page stands open."""
    light = violations(page)
    darken(page)
    return {"light": light, "dark": violations(page)}


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_no_barrier_and_asks_no_other_host(sign_in: Sign, address: str, path: str) -> None:
    page = sign_in(path)
    assert urlsplit(page.url).path == path
    assert in_both_lights(page) == NONE
    asked: list[str] = page.asked  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert any("be-vietnam-pro" in url for url in asked)


@pytest.mark.parametrize(("who", "path"), SEEN_BY)
def test_what_others_see_has_no_barrier(sign_in: Sign, who: str, path: str) -> None:
    assert in_both_lights(sign_in(path, who=who)) == NONE


def test_a_page_opened_in_the_dark_has_no_barrier(sign_in: Sign) -> None:
    assert violations(sign_in("/", scheme="dark")) == []


@pytest.mark.parametrize("path", PATHS[:2])
def test_a_page_on_a_phone_has_no_barrier(sign_in: Sign, path: str) -> None:
    assert violations(sign_in(path, phone=True)) == []


def test_the_page_of_one_dossier_has_no_barrier(sign_in: Sign) -> None:
    page = sign_in("/ho-so-can-xu-ly?nhom=dang-giai-quyet")
    page.get_by_role("link", name="Mở hồ sơ").first.click()
    page.get_by_role("heading", name="Diễn biến ghi nhận được").wait_for()
    page.wait_for_timeout(700)
    assert in_both_lights(page) == NONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_has_no_barrier(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address + "/dang-nhap")
    page.fill("#ten", "x")
    page.fill("#mat_khau", "x")
    page.click("button")
    assert page.locator("#loi").is_visible()
    assert violations(page) == []
    context.close()
