"""The page for everybody: units and counts alike for every reader and for nobody, and of no dossier its code."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette

from config import public as settings
from config.public import Public
from dashboard import paced, public, wall_door
from dashboard.scope import COOKIE
from store import people, sessions
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.planted import EVERYBODY, READERS
from tests.access.test_doors import asked
from tests.access.test_doors import outside as outside
from tests.access.world import World

SHOWN = Public(open=True, smallest=1, per_minute=1000)


@pytest.fixture
def opened(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "load", lambda: SHOWN)
    monkeypatch.setattr(public, "SHELF", public.Shelf())
    monkeypatch.setattr(public, "PACE", paced.Pace())


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [public.PATH, public.MACHINES])
def test_every_reader_gets_what_nobody_in_particular_gets(outside: Starlette, world: World, path: str) -> None:
    plain = asked(outside, path)
    assert plain.status_code == 200
    for name in READERS:
        person = people.by_name(world.app, name)
        assert person is not None
        session = sessions.open_for(world.app, person, now=planted.NOW)
        cookie = {"cookie": f"{COOKIE}={session}; {wall_door.COOKIE}=x"}
        assert asked(outside, f"{path}?don_vi=Sở Cygnus", cookie).content == plain.content
        sessions.close(world.app, session)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [public.PATH, public.MACHINES])
def test_it_tells_of_every_unit_and_of_no_dossier_officer_or_step(outside: Starlette, path: str) -> None:
    content = asked(outside, path).content
    assert {unit for unit in EVERYBODY if f"Sở {unit}".encode() in content} == EVERYBODY
    told = [planted.code(unit, number) for unit in EVERYBODY for number in (1, 2)]
    told += [planted.REFUSED, planted.MOVED, *(f"cb-{unit}" for unit in EVERYBODY), "Bước ", "Thủ tục A"]
    assert [word for word in told if word.encode() in content] == []


@pytest.mark.usefixtures("opened")
def test_whoever_serves_it_may_see_what_it_is_made_of(outside: Starlette) -> None:
    """On PostgreSQL the dashboard's role is held to its readers' scopes, and this page has no reader."""
    told = json.loads(asked(outside, public.MACHINES).content)
    assert told["whole"]["pending_overdue"]["value"] == sum(
        line["pending_overdue"]["value"] for line in told["by_department"]
    )
    assert told["whole"]["pending_overdue"]["pending"] >= len(EVERYBODY)
