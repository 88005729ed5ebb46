"""Two dashboards behind nginx: readers stay at one, go on at the other when it dies, and never sign in twice; and what
an operator types: the doctor, the backup of the night, a drill of restoring it.

All in one module: a production is dear to raise, and a worker of the tests takes whole modules.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from jobs.answering import workers
from jobs.deployed import backups
from store import tokens
from store.database import open_store
from store.verifying import examine
from tests.browser.conftest import settled
from tests.conftest import ROOT
from tests.dashboard import made_up
from tests.deploy.asking import ask, echo, sockets
from tests.deploy.machine import HOST, ROLES, wait_until
from tests.deploy.production import PASSWORD, Production

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.database]
STAY: Final = "dunghan_at"


@pytest.fixture
def tabs(outside: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def at(tabs: list[BrowserContext], outside: Browser, made: Production, which: str) -> Page:
    """Open a browser whose readers belong to a dashboard."""
    context = outside.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
    tabs.append(context)
    stay(context, made, which)
    return context.new_page()


def stay(context: BrowserContext, made: Production, which: str) -> None:
    context.add_cookies([{"name": STAY, "value": which, "url": made.address, "secure": True}])


def where(page: Page) -> str:
    """Say to which dashboard the browser belongs now."""
    return next((str(c["value"]) for c in page.context.cookies() if c["name"] == STAY), "")


def sign_in(page: Page, made: Production, path: str, who: str, password: str) -> None:
    page.goto(made.address + path)
    page.fill("#ten", who)
    page.fill("#mat_khau", password)
    page.click("button")
    settled(page)


def test_a_reader_stays_at_one_dashboard_and_the_other_one_knows_the_session(
    raised: Production, outside: Browser, tabs: list[BrowserContext]
) -> None:
    page = at(tabs, outside, raised, "a")
    sign_in(page, raised, "/", "giamdoc", made_up.PASSWORD)
    assert page.locator("h1").inner_text() == "Tổng quan"
    assert (where(page), sockets(raised.port("dashboard a")), sockets(raised.port("dashboard b"))) == ("a", 1, 0)
    stay(page.context, raised, "b")
    page.goto(raised.address + "/ho-so-can-xu-ly")
    settled(page)
    assert page.locator("h1").inner_text() == "Hồ sơ cần xử lý"
    assert (where(page), sockets(raised.port("dashboard a")), sockets(raised.port("dashboard b"))) == ("b", 0, 1)
    cookies = {str(c["name"]): c for c in page.context.cookies()}
    assert all(cookie["secure"] for name, cookie in cookies.items() if name.startswith("dunghan"))


def test_a_reader_whose_dashboard_is_killed_goes_on_at_the_other_and_uploads_and_downloads_there(
    raised: Production, outside: Browser, tabs: list[BrowserContext]
) -> None:
    page = at(tabs, outside, raised, "a")
    sign_in(page, raised, "/nap-tep", "vanhanh", PASSWORD)
    asked: list[str] = []
    page.on("framenavigated", lambda frame: asked.append(frame.url))
    raised.kill("dashboard a")
    wait_until(lambda: sockets(raised.port("dashboard b")) == 1, seconds=30)
    settled(page)
    assert where(page) == "b"
    # It is back, and others are sent to it; whoever went on elsewhere stays there, with the files that are put in.
    raised.start("dashboard a")
    wait_until(lambda: raised.up("dashboard a"))
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(ROOT / "tests/data/one_stop_export.csv")
    page.get_by_text("one_stop_export.csv").first.wait_for()
    page.locator("[data-testid=stDataFrame]").first.wait_for()  # how it would be read
    assert not page.locator("[data-testid=stException]").count()
    page.locator("[data-testid=stPageLink-NavLink]", has_text="Hồ sơ cần xử lý").click()
    page.wait_for_url("**/ho-so-can-xu-ly*")
    settled(page)
    assert page.locator("h1").inner_text() == "Hồ sơ cần xử lý"
    with page.expect_download(timeout=30_000) as taken:
        page.get_by_role("button", name="Tải Excel").first.click()
    assert taken.value.path().read_bytes()[:2] == b"PK"
    assert (where(page), [url for url in asked if "dang-nhap" in url]) == ("b", [])


def test_a_new_reader_is_told_where_to_stay(raised: Production) -> None:
    status, headers, _ = ask(raised, "/dang-nhap")
    assert status == 200
    told = [line for line in headers.get_all("Set-Cookie", []) if line.startswith(STAY)]
    assert told in [[f"{STAY}={which}; Path=/; Secure; HttpOnly; SameSite=Lax"] for which in "ab"]
    for which in "ab":
        _, again, _ = ask(raised, "/dang-nhap", headers={"Cookie": f"{STAY}={which}"})
        assert STAY not in str(again.get_all("Set-Cookie"))


def test_a_dashboard_hears_who_asked_and_not_what_a_reader_made_up(raised: Production) -> None:
    port = raised.port("dashboard a")
    raised.kill("dashboard a")
    try:
        with echo(port):
            lies = {
                "Cookie": f"{STAY}=a",
                "X-Forwarded-For": "8.8.8.8",
                "X-Forwarded-Proto": "http",
                "X-Request-Id": "mine",
            }
            status, _, told = ask(raised, "/", headers=lies)
            heard: dict[str, Any] = json.loads(told)
            assert status == 200
            assert (heard["x-forwarded-for"], heard["x-forwarded-proto"]) == ("127.0.0.1", "https")
            assert re.fullmatch("[0-9a-f]{32}", heard["x-request-id"])
            assert heard["host"] == raised.address.removeprefix("https://")
            upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
            opened = [
                ask(raised, "/_stcore/stream", headers=upgrade) for _ in range(4)
            ]  # in turn, here and at the other
            told_at = [headers["Set-Cookie"] or "" for status, headers, _ in opened if status == 101]
            assert told_at and {told.partition(";")[0] for told in told_at} == {f"{STAY}=a"}
            big = {"Cookie": f"{STAY}=a"}
            status, _, told = ask(raised, "/", method="POST", headers=big, body=b"x" * (50 << 20))
            assert (status, json.loads(told)["body"]) == (200, str(50 << 20))
            assert ask(raised, "/", method="POST", headers=big, body=b"x" * (53 << 20))[0] == 413
    finally:
        raised.start("dashboard a")
        wait_until(lambda: raised.up("dashboard a"))


def test_nothing_goes_in_the_clear_and_a_wrong_name_finds_nobody(raised: Production) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", raised.http, timeout=10)
    plain.request("GET", "/ho-so?ma=1", headers={"Host": HOST})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/ho-so?ma=1")
    plain.close()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(raised, "/dang-nhap", headers={"Host": "other.example.vn"})
    with pytest.raises(ssl.SSLError):
        ask(raised, "/dang-nhap", old=True)
    assert "Strict-Transport-Security" in ask(raised, "/dang-nhap")[1]


def test_the_log_of_the_proxy_holds_no_token(raised: Production) -> None:
    ask(raised, "/man-hinh?ma=a-secret-of-a-wall")
    log = raised.root / "var/log/nginx/dunghan.log"
    wait_until(lambda: '"GET /man-hinh HTTP/1.1"' in log.read_text(encoding="utf-8"), seconds=10)
    for file in log.parent.iterdir():
        assert "a-secret-of-a-wall" not in file.read_text(encoding="utf-8"), file


def looked(raised: Production, role: str = "worker") -> dict[str, dict[str, Any]]:
    """Let the doctor look as a role; gives its findings by what they are about, the worst of each."""
    code, said = raised.as_role(role, "doctor", "--json")
    found = json.loads(said[said.index("[") :])
    assert code == any(one["verdict"] == "wrong" for one in found), said
    order = {"ok": 0, "look": 1, "wrong": 2}
    return {one["what"]: one for one in sorted(found, key=lambda one: order[one["verdict"]])}


def test_the_doctor_sees_the_whole_production_and_misses_the_backup(raised: Production) -> None:
    for old in (raised.root / "var/backups/dunghan").iterdir():
        old.unlink()
    found = looked(raised)
    a, b = raised.machine.ports
    well = ("tables", "secrets", "public address", "worker", f"dashboard {a}", f"dashboard {b}", "clock", "disk")
    assert {what: found[what]["verdict"] for what in well} == dict.fromkeys(well, "ok")
    assert found["worker"]["found"] == "one leads, another waits to follow"
    assert (found["backups"]["verdict"], found["backups"]["found"]) == ("wrong", "none in /var/backups/dunghan")


def test_the_line_of_the_backup_unit_writes_one_that_was_loaded_and_verified(
    raised: Production, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = raised.run("backup")
    assert code == 0, said
    (file,) = (raised.root / "var/backups/dunghan").glob("dunghan-*Z.zip")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "loaded and verified" in said and "Seal of all that cannot be taken back" in said
    monkeypatch.setenv("DUNGHAN_BACKUPS", str(file.parent))
    assert [told[1] for told in backups(datetime.now(UTC), on_server=True)] == ["ok"]


def test_the_metrics_of_a_production_see_the_whole_province(raised: Production) -> None:
    """A dashboard's role sees no row that nobody asks for: what stands in the store is counted all the same."""
    store = raised.opened("owner")
    _, secret = tokens.issue(store, "prometheus", kind="api", departments=None, by="vanhanh", at=datetime.now(UTC))
    store.engine.dispose()
    figures = metrics(raised, secret)
    assert float(figures["dunghan_uncounted_observations"]) == 0
    assert [float(n) > 0 for name, n in figures.items() if name.startswith("dunghan_dossiers{")] == [True]
    wait_until(lambda: "dunghan_leader_sign_age_seconds" in metrics(raised, secret), seconds=60)


def metrics(made: Production, secret: str) -> dict[str, str]:
    """Ask a dashboard for its metrics, past nginx; gives what each sample says by its name and labels."""
    asked = http.client.HTTPConnection("127.0.0.1", made.port("dashboard a"), timeout=30)
    with closing(asked):
        asked.request("GET", "/metrics", headers={"Authorization": f"Bearer {secret}"})
        told = asked.getresponse().read().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in told if not line.startswith("#"))


def test_a_drill_restores_the_backup_beside_the_store_and_finds_the_same_past(raised: Production) -> None:
    (file,) = (raised.root / "var/backups/dunghan").glob("dunghan-*Z.zip")
    raised.cluster.say(f"CREATE DATABASE dunghan_drill OWNER {ROLES['owner']}")
    there = f"postgresql://{ROLES['owner']}@127.0.0.1:{raised.cluster.port}/dunghan_drill"
    try:
        code, said = raised.as_role("owner", "store", "restore", f"/var/backups/dunghan/{file.name}", "--store", there)
        assert code == 0, said
        store = raised.opened("owner")
        drill = open_store(raised.cluster.url("owner", "dunghan_drill"), home=raised.root / "drill")
        ours, theirs = examine(store), examine(drill)
        assert (theirs.wrong, theirs.seal) == ((), ours.seal)
        assert ours.seal
        store.engine.dispose()
        drill.engine.dispose()
    finally:
        raised.cluster.say("DROP DATABASE dunghan_drill WITH (FORCE)")


def test_a_worker_that_is_killed_is_followed_by_the_one_that_waits(raised: Production) -> None:
    leads = next(part for part in ("worker a", "worker b") if "leading" in raised.said(part))
    waits = "worker b" if leads == "worker a" else "worker a"
    store = raised.opened("worker")
    raised.kill(leads)
    try:
        wait_until(lambda: "leading" in raised.said(waits), seconds=20)
        ((_, verdict, found, _),) = workers(store)
        assert (verdict, "none waits" in found) == ("look", True)
        raised.kill(waits)
        ((_, verdict, found, _),) = workers(store)
        assert (verdict, "none leads" in found) == ("wrong", True)
    finally:
        raised.start(waits)
        raised.start(leads)
        wait_until(lambda: next(workers(store))[1] == "ok", seconds=90)
        store.engine.dispose()


def test_a_role_is_refused_what_only_the_owner_may(raised: Production) -> None:
    code, said = raised.as_role("dashboard", "store", "roles", "--app", "dunghan_app", "--apply")
    assert (code, "it has nothing to grant" in " ".join(said.split())) == (3, True), said
    assert raised.as_role("everybody", "doctor")[0] == 2
