"""A line that breaks, a server that fails, a session that ends: the pull goes on or says why not; nothing is lost."""

from __future__ import annotations

import resource
from datetime import timedelta

import httpx2
import polars as pl
import pytest

from config.errors import SourceError, StoreError
from config.settings import settings
from config.sources import Source
from connectors import raw, rest
from connectors.simulator.access import PASSWORD
from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from jobs.sync import sync_source
from store import runs
from store.database import Store
from tests.demo.conftest import NOW, Clock, at_work, source_at


@pytest.fixture
def expected(province: Province, clock: Clock) -> int:
    """Dossiers that are to be in the store in the end."""
    return province.plans.filter(entered_by_now(clock), defect=0).height


def entered_by_now(clock: Clock) -> pl.Expr:
    return pl.col("entered") <= wall_seconds(clock.now)


@pytest.mark.parametrize("fault", ["500", "503", "cut", "slow", "expire"])
def test_a_fault_that_passes_costs_nothing(store: Store, demo: tuple[Desk, Source], expected: int, fault: str) -> None:
    desk, source = demo
    desk.faults.extend(["", fault, "", fault])
    sync_source(store, source, seen_at=NOW)
    assert runs.latest(store)["dossiers"][0] == expected


def test_a_fault_that_stays_is_said_and_the_next_run_goes_on_from_there(
    store: Store, demo: tuple[Desk, Source], expected: int
) -> None:
    desk, source = demo
    desk.faults.extend(["", "", "", *["500"] * 4])
    with pytest.raises(SourceError, match=r'source "minh-son": /mapi/g answered 500 after 4 tries'):
        sync_source(store, source, seen_at=NOW)
    part = runs.latest(store)["dossiers"][0]
    assert 0 < part < expected
    assert runs.latest(store)["last_state"][0] == "failed"

    asked_before = desk.served
    counts = sync_source(store, source, seen_at=NOW)

    assert runs.latest(store)["dossiers"][0] == expected
    assert counts.new == expected - part, "the pages that were stored are not read again"
    assert desk.served - asked_before <= 8


def test_a_session_that_ends_is_opened_again(store: Store, demo: tuple[Desk, Source]) -> None:
    desk, source = demo
    sync_source(store, source, seen_at=NOW)
    desk.sessions.clear()
    sync_source(store, source, seen_at=NOW)
    assert len(desk.sessions) == 1


def test_a_login_page_instead_of_data_is_refused(store: Store, demo: tuple[Desk, Source]) -> None:
    desk, source = demo
    desk.faults.append("garbage")
    with pytest.raises(SourceError, match=r"^.*a page of HTML, or XML \(23 bytes\): no payload of the exchange"):
        sync_source(store, source, seen_at=NOW)


def test_a_wrong_password_is_said_without_the_password(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_at(demo[1].url, kind="national_portal", user_secret="MC_USER", password_secret="MC_PASSWORD")
    monkeypatch.setenv("MC_USER", "minhson")
    monkeypatch.setenv("MC_PASSWORD", "hunter-2-secret")
    with pytest.raises(SourceError, match="refused the sign-in") as caught:
        sync_source(store, source, seen_at=NOW)
    assert "hunter-2-secret" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_server_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(SourceError, match=r'source "minh-son": /mapi/login cannot be reached, 4 tries'):
        sync_source(store, source_at("http://127.0.0.1:9"), seen_at=NOW)


def test_an_error_of_the_service_is_passed_on(store: Store, demo: tuple[Desk, Source]) -> None:
    with pytest.raises(SourceError, match="answered error 400"):
        sync_source(store, source_at(demo[1].url, office="H01"), seen_at=NOW)


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [(503, "7", timedelta(seconds=7)), (429, "600", timedelta(seconds=60)), (500, "", True), (404, "", False)],
)
def test_the_source_says_when_to_come_again(status: int, header: str, wait: object) -> None:
    asked = httpx2.Request("POST", "http://one-stop.invalid/mapi/g")
    answer = httpx2.Response(status, headers={"Retry-After": header} if header else {}, request=asked)
    assert rest._worth_another_try(httpx2.HTTPStatusError("", request=asked, response=answer)) == wait


def test_a_page_is_missed_by_nobody_when_dossiers_change_between_two_pages(
    store: Store, province: Province, clock: Clock
) -> None:
    """The clock runs on by ten minutes at every look, as a province does while thousands of rows are read."""

    def running() -> object:
        clock.now += timedelta(minutes=10)
        return clock.now

    with at_work(province, running) as (_, url):  # type: ignore[arg-type]
        source = source_at(url)
        sync_source(store, source, seen_at=NOW)
    with at_work(province, clock) as (_, url):
        sync_source(store, source_at(url), seen_at=clock.now)
    seen = province.plans.filter(entered_by_now(clock), defect=0).height
    assert runs.latest(store)["dossiers"][0] == seen


def test_a_full_disk_under_the_raw_answers_is_said_and_the_next_run_loses_nothing(
    store: Store, demo: tuple[Desk, Source], expected: int
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    raw_rows = pl.DataFrame({"MaHoSo": [f"H99-{n * 7919 % 100_003}" for n in range(50_000)]})
    folder = settings().home / "raw"
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StoreError, match="the raw answer could not be kept"):
            raw.keep(raw_rows, folder, source="minh-son", seen_at=NOW, number=0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [f for f in folder.rglob("*") if f.is_file()] == [], "no half file is left"
    sync_source(store, demo[1], seen_at=NOW)
    assert runs.latest(store)["dossiers"][0] == expected
