"""What a reader does: sign in, read a number, open its list, open a dossier, sign out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dashboard.links import week_code
from dashboard.wording import LOCAL
from tests.browser.conftest import Sign, settled
from tests.dashboard import made_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def whole(text: str) -> int:
    """Read the first Vietnamese number of a text."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found[0].replace(".", ""))


def list_length(page: Page) -> int:
    """Read how many dossiers the open list says it holds."""
    return whole(page.get_by_text(re.compile(r"^[\d.]+ hồ sơ")).first.inner_text())


def test_a_deep_link_survives_the_sign_in(sign_in: Sign) -> None:
    page = sign_in("/ho-so-can-xu-ly?nhom=con-1-ngay")
    assert urlsplit(page.url).path == "/ho-so-can-xu-ly"
    assert parse_qs(urlsplit(page.url).query) == {"nhom": ["con-1-ngay"]}
    assert page.locator("h1").inner_text() == "Hồ sơ cần xử lý"


def test_a_signed_out_visitor_sees_no_page_and_no_media(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path in ("/", "/nguon-du-lieu", "/ho-so?nguon=mot-cua&ma=x", "/media/abc"):
        page.goto(address + path)
        assert urlsplit(page.url).path == "/dang-nhap"
        assert parse_qs(urlsplit(page.url).query)["tiep"] == [path]
    context.close()


def test_an_unknown_address_leads_to_the_first_page(sign_in: Sign) -> None:
    page = sign_in("/khong-co-trang-nay")
    assert page.locator("h1").inner_text() == "Tổng quan"
    assert "not found" not in page.inner_text("body").lower()


def test_a_wrong_password_says_so_and_keeps_the_name(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "/dang-nhap")
    page.fill("#ten", "giamdoc")
    page.fill("#mat_khau", "sai")
    page.click("button")
    assert page.locator("#loi").inner_text() == "Tên đăng nhập hoặc mật khẩu không đúng."
    assert page.input_value("#ten") == "giamdoc"
    assert page.input_value("#mat_khau") == ""
    context.close()


def test_a_form_without_our_key_is_refused(browser: Browser, address: str) -> None:
    context = browser.new_context()
    answer = context.request.post(
        address + "/dang-nhap", form={"ten": "giamdoc", "mat_khau": made_up.PASSWORD}, max_redirects=0
    )
    assert answer.status == 403
    context.close()


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_the_sign_in_never_leads_to_another_host(browser: Browser, address: str, after: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/dang-nhap?tiep={after}")
    assert page.input_value("[name=tiep]") == "/"
    context.close()


def test_the_session_cookie_is_out_of_reach_of_scripts(sign_in: Sign) -> None:
    page = sign_in("/")
    cookie = next(c for c in page.context.cookies() if c["name"] == "dunghan_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_signing_out_ends_the_session_everywhere(sign_in: Sign, address: str) -> None:
    page = sign_in("/")
    cookie = next(c for c in page.context.cookies() if c["name"] == "dunghan_session")
    page.get_by_role("link", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap")
    kept = {"name": cookie["name"], "value": cookie["value"], "url": address}
    page.context.add_cookies([kept])  # type: ignore[list-item]  # somebody kept the cookie
    page.goto(address + "/")
    assert urlsplit(page.url).path == "/dang-nhap"


@pytest.mark.parametrize(
    ("words", "group"),
    [
        (r"^[\d.]+ quá hạn$", "qua-han"),
        (r"^[\d.]+ trễ hẹn$", "tre-hen"),
        (r"^[\d.]+ đến hẹn$", "den-hen"),
        (r"^[\d.]+ đang giải quyết$", "dang-giai-quyet"),
        (r"^[\d.]+ giải quyết$", "da-xong"),
    ],
)
def test_a_number_opens_the_list_of_as_many_dossiers(sign_in: Sign, words: str, group: str) -> None:
    """Of the last whole week: on a Tuesday morning nothing of this week need be late yet, and nothing has no link."""
    last = datetime.now(LOCAL).date() - timedelta(weeks=1)
    page = sign_in(f"/?tuan={week_code(last - timedelta(days=last.weekday()))}")
    link = page.get_by_role("link", name=re.compile(words.replace("^", "").replace("$", ""))).first
    told = whole(link.inner_text())
    link.click()
    page.wait_for_url(f"**/ho-so-can-xu-ly?*nhom={group}*")
    settled(page)
    assert list_length(page) == told > 0  # an empty list has no link


def test_a_filter_goes_with_the_link_and_comes_back_with_the_back_button(sign_in: Sign) -> None:
    page = sign_in("/?don_vi=UBND phường Tân Vân")
    link = page.get_by_role("link", name=re.compile(r"[\d.]+ đang giải quyết")).first
    told = whole(link.inner_text())
    link.click()
    page.wait_for_url("**/ho-so-can-xu-ly?*")
    settled(page)
    assert parse_qs(urlsplit(page.url).query)["don_vi"] == ["UBND phường Tân Vân"]
    assert list_length(page) == told
    page.go_back()
    page.wait_for_url("**/?don_vi=*")
    assert unquote(urlsplit(page.url).query.replace("+", " ")) == "don_vi=UBND phường Tân Vân"


def test_a_chosen_dossier_opens_with_everything_seen_of_it(sign_in: Sign) -> None:
    page = sign_in("/ho-so-can-xu-ly?nhom=dang-giai-quyet")
    page.get_by_role("link", name="Mở hồ sơ").first.click()
    page.wait_for_url("**/ho-so?*")
    settled(page)
    assert page.get_by_text("Hẹn lần đầu", exact=True).is_visible()
    assert page.get_by_role("heading", name="Diễn biến ghi nhận được").is_visible()


def test_a_phone_gets_cards_and_no_sideways_scrolling(sign_in: Sign) -> None:
    page = sign_in("/ho-so-can-xu-ly?nhom=dang-giai-quyet", phone=True)
    assert page.get_by_role("link", name="Mở hồ sơ").count() == 8
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_our_own_styles_still_find_what_they_style(sign_in: Sign) -> None:
    page = sign_in("/")
    for selector in (
        ".stMainBlockContainer",
        "[data-testid=stHeading]:has(h2) [data-testid=stMarkdownContainer]",
        "[data-testid=stMain] [data-testid=stPageLink] a",
        "[data-testid=stElementContainer]:has([data-testid=stPlotlyChart])",
        ".who a",
    ):
        page.locator(selector).first.wait_for(state="attached")  # fails naming the selector
