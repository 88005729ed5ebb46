"""Whatever breaks tells its reader a number, and the diary knows that number once: with request, page and traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest
import sqlalchemy as sa

from dashboard.scope import COOKIE
from store.database import writing
from tests.browser.conftest import settled
from tests.dashboard import made_up
from tests.watch.conftest import PLANTED, Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE: Final = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


@pytest.fixture
def page(chromium: Browser, running: Running) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": running.session, "url": running.address}])
    yield context.new_page()
    context.close()


def asked(running: Running, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(running.address + path, headers={"Authorization": f"Bearer {running.api}"} | headers)


def shown(text: str) -> set[str]:
    """Give the numbers that a reader is told; there is one at least, and no word of a traceback."""
    codes = set(CODE.findall(text))
    assert codes, text
    assert not re.search(r"Traceback|Error|polars|sqlalchemy|File \"", text)
    return codes


def known(running: Running, codes: set[str], **told: str) -> list[dict[str, Any]]:
    """Give the entries of the diary for ``codes``: exactly one each."""
    entries = [each for each in running.entries() if CODE.search(str(each))]
    mine = [each for each in entries if each.get("incident") in codes]
    assert sorted(each["incident"] for each in mine) == sorted(codes)
    assert not [each for each in entries if each not in mine and any(code in str(each) for code in codes)]
    for each in mine:
        assert each["level"] == "error" and each["process"] == "dashboard" and each["request"]
        assert each["traceback"].startswith("Traceback") and each["traceback"].count("Traceback") >= 1
        assert {name: each[name] for name in told} == told
    return mine


def test_figures_that_cannot_be_read_break_no_page_without_a_number(running: Running, page: Page) -> None:
    running.spoil()
    try:
        page.goto(running.address + "/co-quan-don-vi")
        page.wait_for_selector("text=mã sự cố")
        settled(page)
        known(running, shown(page.inner_text("body")), page="co-quan-don-vi", kind="page")
        answer = asked(running, "/api/figures/received")
        assert answer.status_code == 500 and answer.headers["x-request-id"]
        (entry,) = known(running, {answer.json()["incident"]}, kind="api")
        assert entry["request"] == answer.headers["x-request-id"]
        assert shown(answer.text) == {answer.json()["incident"]} and "Hệ thống đang gặp sự cố" in answer.json()["loi"]
        for path in ("/cong-khai", "/cong-khai.json"):
            answer = asked(running, path, accept="text/html" if path == "/cong-khai" else "*/*")
            assert answer.status_code == 500
            known(running, shown(answer.text), kind="public")
        page.goto(running.address + "/man-hinh")
        inside = page.frame_locator("iframe").locator("body")
        inside.locator("text=mã sự cố").first.wait_for()
        known(running, shown(inside.inner_text()), page="man-hinh")
    finally:
        running.mend()


def test_a_file_that_cannot_be_made_says_so_beside_its_button(running: Running, page: Page) -> None:
    page.goto(running.address + "/ho-so-can-xu-ly")
    settled(page)
    with writing(running.store) as connection:
        connection.execute(sa.text("ALTER TABLE audit RENAME TO audit_away"))
    try:
        page.get_by_role("button", name="Tải Excel").first.click()
        told = page.locator("[data-testid=stDownloadButtonError]").inner_text()
    finally:
        with writing(running.store) as connection:
            connection.execute(sa.text("ALTER TABLE audit_away RENAME TO audit"))
    assert told.startswith("Chưa tạo được tệp này (mã sự cố ")
    known(running, shown(told), kind="download", page="ho-so-can-xu-ly")


def test_a_store_that_lost_a_table_is_a_page_with_a_number(running: Running, page: Page) -> None:
    with writing(running.store) as connection:
        connection.execute(sa.text("ALTER TABLE sessions RENAME TO sessions_away"))
    try:
        page.goto(running.address + "/dang-nhap")
        assert page.title() == "Hệ thống đang gặp sự cố · Đúng Hạn"
        known(running, shown(page.inner_text("body")), kind="sign_in")
        answer = httpx2.get(running.address + "/canh-bao", cookies={COOKIE: running.session})
        assert answer.status_code == 503 and answer.headers["retry-after"]
        known(running, shown(answer.text), kind="page", page="canh-bao")
    finally:
        with writing(running.store) as connection:
            connection.execute(sa.text("ALTER TABLE sessions_away RENAME TO sessions"))


def test_the_answer_of_health_is_the_stores_own_and_not_that_of_the_figures(running: Running) -> None:
    assert asked(running, "/healthz").json()["status"] == "ok"
    with writing(running.store) as connection:
        connection.execute(sa.text("ALTER TABLE alembic_version RENAME TO alembic_version_away"))
    try:
        answer = asked(running, "/healthz")
        assert (answer.status_code, answer.json()) == (503, {"status": "store unavailable"})
    finally:
        with writing(running.store) as connection:
            connection.execute(sa.text("ALTER TABLE alembic_version_away RENAME TO alembic_version"))
    assert asked(running, "/healthz").status_code == 200


def test_the_diary_of_all_that_is_one_line_an_event_and_tells_nothing_of_anybody(running: Running) -> None:
    httpx2.get(f"{running.address}/man-hinh?ma={running.wall}&tim=Nguyễn Văn Tìm")
    asked(running, "/api/figures/Nguyễn Văn Tìm?department=0912345678")
    told = running.log.read_text(encoding="utf-8")
    assert len(running.entries()) > 5
    for planted in (running.session, running.wall, running.api, PLANTED, made_up.PASSWORD, "giamdoc", "Tìm", "0912345"):
        assert planted not in told
    people = {each["session"] for each in running.entries() if "session" in each}
    assert len(people) == 1 and re.fullmatch("[0-9a-f]{8}", people.pop())


def test_nobody_outside_says_under_which_number_the_diary_has_a_request(running: Running) -> None:
    mine = "0123456789abcdef"
    answer = asked(running, "/healthz", **{"X-Request-Id": mine})
    assert answer.headers["x-request-id"] != mine
    by_proxy = {"X-Request-Id": mine, "X-Forwarded-For": "203.0.113.7"}
    assert asked(running, "/healthz", **by_proxy).headers["x-request-id"] == mine
    answer = asked(running, "/healthz", **(by_proxy | {"X-Request-Id": "Nguyen Van A"}))
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
