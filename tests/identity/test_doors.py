"""The sign-in page and the page of one's own account, as a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config import access
from dashboard import account, doors, entering, watched
from dashboard.scope import COOKIE
from store import people, sessions
from store.database import Store
from tests.identity.conftest import NOW, PASSWORD, Clock

Open = Callable[..., Any]
NEW = "năm con cò trắng"


def enter(client: Any, name: str, password: str = PASSWORD, after: str = "/ho-so-can-xu-ly", **more: str) -> Any:
    """Type name and password into the sign-in page."""
    client.get(doors.SIGN_IN)
    key = client.cookies.get(doors.CSRF_COOKIE, "")
    form = {"ten": name, "mat_khau": password, "khoa": key, "tiep": after}
    return client.post(doors.SIGN_IN, data=form | more)


def alert(answer: Any) -> str:
    """Give what a page says went wrong."""
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    return found[1] if found else ""


def key_of(answer: Any) -> str:
    found = re.search(r'name="khoa" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def change(client: Any, old: str, new: str, again: str | None = None, **more: str) -> Any:
    form = {"mat_khau_cu": old, "mat_khau": new, "nhac_lai": new if again is None else again, "tiep": "/linh-vuc"}
    return client.post(doors.ACCOUNT, data=form | {"khoa": key_of(client.get(doors.ACCOUNT))} | more)


def test_signed_out_readers_sign_in_and_go_on_to_the_page_they_wanted(browser: Open, head: people.Person) -> None:
    client = browser()
    away = client.get("/ho-so-can-xu-ly?nhom=qua-han")
    assert away.headers["location"] == "/dang-nhap?tiep=%2Fho-so-can-xu-ly%3Fnhom%3Dqua-han"
    answer = enter(client, "soxd", after="/ho-so-can-xu-ly?nhom=qua-han")
    assert answer.headers["location"] == "/ho-so-can-xu-ly?nhom=qua-han"
    assert client.get("/ho-so-can-xu-ly").text == "/ho-so-can-xu-ly: soxd"


def test_a_session_cookie_is_for_this_site_alone_and_by_https_where_the_office_says_so(
    browser: Open, head: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = enter(browser(), "soxd").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    monkeypatch.setenv("DUNGHAN_PUBLIC_URL", "https://dunghan.tinh.gov.vn")
    from config.settings import settings

    settings.cache_clear()
    answer = browser().get(doors.SIGN_IN)
    assert "secure" in answer.headers["set-cookie"].lower()


def test_whoever_signs_in_gets_a_new_session_and_the_one_that_was_brought_along_ends(
    browser: Open, store: Store, head: people.Person
) -> None:
    client = browser()
    client.get(doors.SIGN_IN)
    planted = sessions.open_for(store, head, now=NOW)
    client.cookies.set(COOKIE, planted, domain="here.local")
    enter(client, "soxd")
    given = client.cookies.get(COOKIE)
    assert given and given != planted
    assert sessions.person_of(store, planted, now=NOW) is None


def test_a_name_nobody_has_is_refused_and_waits_in_the_same_words(browser: Open, head: people.Person) -> None:
    answers = {name: [enter(browser(), name, "sai") for _ in range(6)] for name in ("soxd", "khong-ai")}
    told = {
        name: [(a.status_code, alert(a), a.headers.get("retry-after")) for a in got] for name, got in answers.items()
    }
    assert told["soxd"] == told["khong-ai"]
    assert told["soxd"][4:] == [
        (401, entering.WRONG, None), (429, "Đã thử sai nhiều lần. Thử lại sau 30 giây.", "30"),
    ]  # fmt: skip


def test_a_lock_ends_by_itself(browser: Open, head: people.Person, clock: Clock) -> None:
    for _ in range(6):
        enter(browser(), "soxd", "sai")
    assert enter(browser(), "soxd").status_code == 429
    clock.now += timedelta(seconds=30)
    assert enter(browser(), "soxd").status_code == 303


def test_whoever_signed_in_here_before_is_not_locked_out_by_others(
    browser: Open, store: Store, head: people.Person
) -> None:
    mine, nonsense = browser(), browser()
    enter(mine, "soxd")
    mine.cookies.delete(COOKIE)
    for _ in range(6):
        enter(browser(), "soxd", "sai")
    nonsense.cookies.set(doors.MARK_COOKIE, mine.cookies[doors.MARK_COOKIE] + "0")
    assert [enter(client, "soxd").status_code for client in (browser(), nonsense, mine)] == [429, 429, 303]
    assert enter(browser(), "soxd").status_code == 429  # what came right here forgives nobody elsewhere
    mine.cookies.delete(COOKIE)
    assert [enter(mine, "soxd", "sai").status_code for _ in range(6)] == [401] * 5 + [429]
    people.set_password(store, "soxd", NEW, must_change=False, by="quantri", at=NOW)  # and what the browser kept
    assert [enter(mine, "soxd", "sai").status_code for _ in range(5)] == [401] * 5
    assert enter(browser(), "soxd", NEW).status_code == 429


def test_a_mark_of_one_name_counts_nothing_apart_for_another(
    browser: Open, head: people.Person, admin: people.Person
) -> None:
    client = browser()
    enter(client, "soxd")
    client.cookies.delete(COOKIE)
    for _ in range(5):
        enter(browser(), "quantri", "sai")
    assert enter(client, "quantri").status_code == 429


def test_a_form_from_elsewhere_is_not_taken(browser: Open, head: people.Person) -> None:
    assert alert(enter(browser(), "soxd", khoa="mine")) == entering.EXPIRED
    client = browser()
    client.headers["sec-fetch-site"] = "cross-site"
    assert alert(enter(client, "soxd")) == entering.EXPIRED
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("after", ["https://elsewhere.vn", "//elsewhere.vn", "/\\elsewhere.vn", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(browser: Open, head: people.Person, after: str) -> None:
    assert enter(browser(), "soxd", after=after).headers["location"] == "/"


def test_what_was_typed_is_shown_as_text(browser: Open, store: Store) -> None:
    answer = enter(browser(), '"><script>$key ${after}</script>', "sai")
    assert "<script>" not in answer.text and "$key ${after}" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


@pytest.fixture
def newcomer(store: Store) -> people.Person:
    return people.add(
        store, "moi", "mật-khẩu-được-cấp", role="director", title="Giám đốc", must_change=True, by="quantri", at=NOW
    )


def test_a_given_password_opens_nothing_but_the_page_that_changes_it(browser: Open, newcomer: people.Person) -> None:
    client = browser()
    assert enter(client, "moi", "mật-khẩu-được-cấp").headers["location"] == "/tai-khoan?tiep=%2Fho-so-can-xu-ly"
    for path in ("/", "/ho-so?m=1", "/quan-tri"):
        assert client.get(path).headers["location"].startswith("/tai-khoan?tiep=")
    page = client.get("/tai-khoan")
    assert "Đặt mật khẩu của riêng bạn" in page.text and "Đăng xuất mọi nơi" not in page.text
    answer = change(client, "mật-khẩu-được-cấp", NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/linh-vuc")
    assert client.get("/linh-vuc").text == "/linh-vuc: moi"
    assert enter(browser(), "moi", NEW).headers["location"] == "/ho-so-can-xu-ly"


def test_the_pages_themselves_show_nothing_before_it_is_changed(
    store: Store, clock: Clock, newcomer: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import scope

    token = sessions.open_for(store, newcomer, now=NOW)
    monkeypatch.setattr(scope, "token", lambda: token)
    assert scope.reader() is None


def test_changing_ones_password_ends_every_other_session(browser: Open, head: people.Person) -> None:
    desk, phone = browser(), browser()
    for client in (desk, phone):
        enter(client, "soxd")
    assert change(desk, PASSWORD, NEW).headers["location"] == "/tai-khoan?xong=1&tiep=/linh-vuc"
    assert "Mật khẩu đã được đổi." in desk.get("/tai-khoan?xong=1").text
    assert phone.get("/linh-vuc").headers["location"].startswith("/dang-nhap")
    assert enter(browser(), "soxd").status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "said"),
    [
        ("sai", NEW, NEW, 401, account.OLD_WRONG),
        (PASSWORD, NEW, NEW + "!", 422, account.NOT_TWICE),
        (PASSWORD, "ngắn quá", "ngắn quá", 422, "Mật khẩu mới phải có ít nhất 12 ký tự."),
        (PASSWORD, PASSWORD, PASSWORD, 422, "Mật khẩu mới phải khác mật khẩu hiện tại."),
        (PASSWORD, "Matkhau123456", "Matkhau123456", 422, account.FAULTS["common"]),
    ],
)
def test_a_password_that_is_not_taken_changes_nothing(
    browser: Open, head: people.Person, old: str, new: str, again: str, status: int, said: str
) -> None:
    client = browser()
    enter(client, "soxd")
    answer = change(client, old, new, again)
    assert (answer.status_code, alert(answer)) == (status, said)
    assert enter(browser(), "soxd").status_code == 303


def test_the_old_password_cannot_be_guessed_on_a_desk_left_open(browser: Open, head: people.Person) -> None:
    client = browser()
    enter(client, "soxd")
    assert [change(client, "sai", NEW).status_code for _ in range(6)] == [401] * 5 + [429]


def test_signing_out_everywhere_ends_every_session_and_needs_our_own_form(browser: Open, head: people.Person) -> None:
    desk, phone = browser(), browser()
    for client in (desk, phone):
        enter(client, "soxd")
    page = desk.get("/tai-khoan")
    assert "Đang đăng nhập ở 2 nơi" in page.text
    desk.post(account.EVERYWHERE, data={"khoa": "guessed"})
    assert phone.get("/linh-vuc").status_code == 200
    desk.post(account.EVERYWHERE, data={"khoa": key_of(page)})
    for client in (desk, phone):
        assert client.get("/linh-vuc").headers["location"].startswith("/dang-nhap")


def test_a_foreign_page_signs_nobody_out(browser: Open, head: people.Person) -> None:
    client = browser()
    enter(client, "soxd")
    for guessed in ("guessed", "é", ""):
        assert client.get("/dang-xuat", params={"k": guessed}).headers["location"] == "/dang-nhap"
    assert client.get("/linh-vuc").text == "/linh-vuc: soxd"


def test_the_account_of_somebody_signed_out_is_shown_to_nobody(browser: Open, store: Store) -> None:
    for ask in ("get", "post"):
        assert getattr(browser(), ask)("/tai-khoan").headers["location"] == "/dang-nhap?tiep=%2Ftai-khoan"


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Local accounts closed but for one, and a provider set."""
    rule = '[[rule]]\nclaim = "groups"\ncontains = "x"\nrole = "director"\n'
    (tmp_path / "access.toml").write_text(f'[local]\nopen = false\nemergency = ["khan-cap"]\n{rule}', encoding="utf-8")
    for name, value in (
        ("DUNGHAN_CONFIG", str(tmp_path)), ("DUNGHAN_OIDC_ISSUER", "https://id.tinh.gov.vn"),
        ("DUNGHAN_OIDC_CLIENT_ID", "dunghan"), ("DUNGHAN_PUBLIC_URL", "https://dunghan.tinh.gov.vn"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    access._load.cache_clear()


def test_where_local_accounts_are_closed_only_the_emergency_account_comes_in(
    browser: Open, store: Store, head: people.Person, closed: None
) -> None:
    people.add(store, "khan-cap", PASSWORD, role="administrator", title="Khẩn cấp")
    assert alert(enter(browser(base="https://here"), "soxd")) == entering.WRONG
    assert enter(browser(base="https://here"), "khan-cap").status_code == 303
    page = browser(base="https://here").get(doors.SIGN_IN).text
    assert "<details>" in page and "Đăng nhập bằng tài khoản của tỉnh" in page


def test_without_a_provider_nothing_is_said_of_one(browser: Open, store: Store) -> None:
    assert "của tỉnh" not in browser().get(doors.SIGN_IN).text


def test_without_a_provider_whoever_asks_for_its_page_breaks_nothing(browser: Open, store: Store) -> None:
    before = watched.incidents.total()
    assert browser().get(entering.OUTSIDE).headers["location"] == "/dang-nhap?loi=chua-cau-hinh&tiep=%2F"
    assert watched.incidents.total() == before


@pytest.mark.parametrize("path", ["//x.vn", "///x.vn", "/\\x.vn", "//[", "//[::1", "/\t/x.vn", "https://x.vn", "x"])
def test_no_address_that_is_wanted_leads_elsewhere_or_breaks_the_page(
    browser: Open, head: people.Person, path: str
) -> None:
    assert browser().get(doors.SIGN_IN, params={"tiep": path}).status_code == 200
    assert enter(browser(), "soxd", after=path).headers["location"] == "/"


def test_settings_that_cannot_be_read_let_nobody_in_and_say_so(
    browser: Open, head: people.Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "access.toml").write_text("[local]\nopn = true\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    access._load.cache_clear()
    answer = enter(browser(), "soxd")
    told, _, code = alert(answer).partition(" (mã sự cố ")
    assert (answer.status_code, told) == (503, entering.TROUBLES["chua-cau-hinh"])
    assert watched.is_code(code.removesuffix(")"))
