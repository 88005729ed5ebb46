"""A report's life under the two roles of PostgreSQL: the worker makes it, the app remarks and approves, a head's
transaction sees the own sheet alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.scope import Scope
from store import editions, issued, restatements
from store.database import Store, open_store, writing
from store.editions import Claim, Draft, Paper, Printed
from store.people import Person
from tests.access.planted import NOW
from tests.access.world import World, in_roles
from tests.fresh import Server

DIRECTOR = Person("giamdoc", "", "director", None)
CYGNUS = Scope.of("Sở Cygnus")
PROVINCE = Scope.province()
DAYS = (date(2026, 11, 13), date(2026, 11, 19), date(2026, 11, 20))
CONTENT = {"edition": {"issued_on": "2026-11-20"}, "seal": {"content_sha256": "a" * 64}}


@pytest.fixture(scope="module")
def roles_of(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("reports")
    owner = open_store(url := postgres.migrated(folder), home=folder)
    with in_roles(owner, folder) as (app, worker):
        yield World(owner, app, worker)
        app.engine.dispose()
        worker.engine.dispose()
    owner.engine.dispose()
    postgres.drop(url)


def went_out(world: World, department: str) -> int:
    """Let the worker make a report that the director approves through the app."""
    mine = editions.claim(world.worker, Claim("friday", department, *DAYS), at=NOW)
    assert mine is not None
    assert editions.drafted(world.worker, mine, Draft(CONTENT, "v", 1), [], at=NOW)
    editions.remark(world.app, mine, "Đã xem.", by=DIRECTOR, at=NOW)
    editions.approve(world.app, mine, by=DIRECTOR, at=NOW)
    pages = [Paper(form, f"a.{form}", json.dumps(CONTENT).encode()) for form in ("json", "pdf")]
    printed = Printed(editions.next_number(world.worker, 2026), 2026, "Đã xem.")
    assert editions.issue(world.worker, mine, printed, pages, at=NOW)
    told = {"key": "stock", "name": "x", "then": {"t": "1"}, "now": {"t": "2"}, "dossiers": [], "why": ""}
    restatements.keep(world.worker, mine, [told], data_version="v2", at=NOW)
    return mine


def counted(store: Store, table: str, told: str | None) -> int:
    """Count in bare SQL, after saying of whom one asks; None: after saying nothing."""
    with store.engine.begin() as connection:
        if told is not None:
            connection.execute(sa.text("SELECT set_config('dunghan.departments', :told, true)"), {"told": told})
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


def test_two_roles_make_a_report_and_a_head_sees_the_own_one_alone(roles_of: World) -> None:
    made = {unit: went_out(roles_of, unit) for unit in ("", "Sở Cygnus", "Sở Draco")}
    assert sorted(one.id for one in issued.editions_of(roles_of.app, PROVINCE)) == sorted(made.values())
    assert [one.id for one in issued.editions_of(roles_of.app, CYGNUS)] == [made["Sở Cygnus"]]
    for unit, id in made.items():
        seen = unit == "Sở Cygnus"
        assert bool(issued.paper(roles_of.app, id, "pdf", CYGNUS)) is seen
        assert bool(issued.restatements_of(roles_of.app, id, CYGNUS)) is seen
        assert issued.paper(roles_of.app, id, "pdf", PROVINCE) is not None
    for table, each in {"editions": 1, "papers": 2, "restatements": 1, "edition_acts": 5}.items():
        assert counted(roles_of.app, table, None) == 0
        assert counted(roles_of.app, table, '["Sở Cygnus"]') == each
        assert counted(roles_of.app, table, "null") == 3 * each


def test_the_app_issues_nothing_and_the_worker_changes_no_paper(roles_of: World) -> None:
    with pytest.raises(StoreError, match="permission denied"):
        editions.claim(roles_of.app, Claim("month", "", *DAYS), at=NOW)
    for store in (roles_of.app, roles_of.worker):
        with pytest.raises(StoreError, match="permission denied"), writing(store) as connection:
            connection.execute(sa.text("UPDATE papers SET content = ''"))
