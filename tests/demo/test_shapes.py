"""One played scenario, three systems: whoever serves it, the truth is the same."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer

import httpx2
import polars as pl
import pytest

from config.sources import Source
from connectors.simulator.access import PASSWORD, USER
from connectors.simulator.days import wall_seconds
from connectors.simulator.flow import passed, shown
from connectors.simulator.flow.world import World, play
from connectors.simulator.opencps_server import GROUP, Site
from connectors.simulator.opencps_server import serve as serve_opencps
from connectors.simulator.rest_server import Service
from connectors.simulator.rest_server import serve as serve_rest
from connectors.simulator.server import Desk
from connectors.simulator.server import serve as serve_national
from jobs import demo as demo_job
from jobs.sync import sync_source
from store import runs
from store.database import Store
from tests.demo.conftest import source_at
from tests.demo.flows import office

#: 15 May 2026, 17:00 in the office.
LATE = datetime(2026, 5, 15, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return play(office(), rows=900)


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def true(world: World) -> pl.DataFrame:
    return shown.as_shown(world, wall_seconds(LATE))


def test_the_national_server_serves_a_played_scenario(store: Store, world: World) -> None:
    with running(serve_national(Desk(world, lambda: LATE))) as url:
        sync_source(store, source_at(url, name="flow"), seen_at=LATE + timedelta(seconds=1))
    assert runs.latest(store)["dossiers"][0] == true(world).height > 700


def test_opencps_serves_a_played_scenario(store: Store, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCPS_USER", USER)
    monkeypatch.setenv("OPENCPS_PASSWORD", PASSWORD)
    with running(serve_opencps(Site(world, lambda: LATE))) as url:
        told = {
            "name": "flow", "kind": "opencps", "url": url, "user_secret": "OPENCPS_USER",
            "password_secret": "OPENCPS_PASSWORD",
            "opencps": {"group_id": GROUP, "first_day": "2026-01-01", "steps": "none", "calendar": False},
        }  # fmt: skip
        sync_source(store, Source.model_validate(told), seen_at=LATE + timedelta(seconds=1))
    received = true(world).filter(pl.col("NgayTiepNhan") != "")
    assert runs.latest(store)["dossiers"][0] >= received.height


def test_any_service_serves_a_played_scenario(world: World) -> None:
    with running(serve_rest(Service(world, lambda: LATE))) as url:
        answer = httpx2.get(f"{url}/api/offset?tu=0&den=4102444800&offset=0&limit=50", timeout=30).json()
    assert str(true(world).height) in str(answer)


def test_the_steps_are_those_that_were_walked(world: World) -> None:
    moment = wall_seconds(LATE)
    rows = passed.written(passed.changed_steps(world, 0, moment))
    begun = world.steps.filter(pl.col("began").is_between(0, moment))
    assert rows.height == begun.height > 2000
    running_now = rows.filter(pl.col("ThoiDiemXuLy") == "")
    assert running_now.height == begun.filter(pl.col("ended") > moment).height
    assert rows["NguoiXuLy"].str.starts_with("Cán Bộ Giả Định").all()


@pytest.mark.parametrize(
    ("shape", "path", "status"), [("opencps", "/o/rest/v2/dossiers", 203), ("rest", "/api/offset?tu=0&den=9", 200)]
)
def test_the_demo_speaks_as_it_is_told(world: World, shape: str, path: str, status: int) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with running(demo_job._serving(shape, Desk(world, lambda: LATE), listening)) as url:
        assert url.endswith(f":{port}")
        assert httpx2.get(url + path, timeout=30).status_code == status
