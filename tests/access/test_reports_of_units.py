"""A report's life under the two roles of PostgreSQL: the worker makes it, the app remarks and approves, a head's
transaction sees the own sheet alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.scope import Scope
from store import as_read, editions, issued, restatements
from store.database import Store, open_store, see, writing
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
    editions.approve(world.app, mine, by=DIRECTOR, at=NOW, read=as_read.mark(CONTENT, []))
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


def drafted(world: World, kind: str, department: str = "", held: Sequence[Mapping[str, object]] = ()) -> int:
    mine = editions.claim(world.worker, Claim(kind, department, *DAYS), at=NOW)
    assert mine is not None
    assert editions.drafted(world.worker, mine, Draft(CONTENT, "v", 1), held, at=NOW)
    return mine


def says(store: Store, scope: Scope, said: str) -> None:
    with writing(store) as connection:
        see(connection, scope)
        connection.execute(sa.text(said))


@pytest.mark.parametrize("scope", [CYGNUS, PROVINCE])
@pytest.mark.parametrize("column", ["number = 99", "issued_at = NULL", "draft = '{}'", "department = ''", "held = ''"])
def test_the_app_changes_no_column_but_those_that_people_decide(roles_of: World, scope: Scope, column: str) -> None:
    with pytest.raises(StoreError, match="permission denied"):
        says(roles_of.app, scope, f"UPDATE editions SET {column}")


def test_the_app_says_of_no_report_that_it_is_issued_and_of_its_own_no_head_says_anything(roles_of: World) -> None:
    mine = drafted(roles_of, "month", "Sở Cygnus")
    for scope, word in ((PROVINCE, "issued"), (CYGNUS, "issued"), (CYGNUS, "approved")):
        with pytest.raises(StoreError, match="row-level security"):
            says(roles_of.app, scope, f"UPDATE editions SET state = '{word}' WHERE id = {mine}")
    says(roles_of.app, PROVINCE, f"UPDATE editions SET state = 'approved' WHERE id = {mine}")


def test_nobody_changes_the_row_of_a_report_that_went_out(roles_of: World) -> None:
    mine = went_out(roles_of, "Sở Lyra")
    before = issued.edition(roles_of.owner, mine, PROVINCE)
    changes = (
        f"UPDATE editions SET state = 'held', remark = 'x' WHERE id = {mine}",
        f"DELETE FROM editions WHERE id = {mine}",
    )
    for store, said in itertools.product((roles_of.worker, roles_of.owner), (*changes, "TRUNCATE editions CASCADE")):
        with pytest.raises(StoreError, match="append-only|permission denied"):
            says(store, PROVINCE, said)
    with pytest.raises(StoreError, match="append-only"):
        says(roles_of.app, PROVINCE, changes[0])
    assert issued.edition(roles_of.owner, mine, PROVINCE) == before


def test_what_is_held_is_sent_through_the_app_all_the_same(roles_of: World) -> None:
    mine = drafted(roles_of, "quarter", held=[{"code": "report_seal", "values": {}}])
    found = issued.edition(roles_of.app, mine, PROVINCE)
    assert found is not None
    editions.force(roles_of.app, mine, "Đã xem tay.", by=DIRECTOR, at=NOW, read=found.mark)


def slip(department: str) -> str:
    told = f"(SELECT count(*) + 1 FROM urgings), 2026, '{department}', 'x', '2026-11-24', '[]', 'giamdoc', now()"
    return (
        f"INSERT INTO urgings (number, year, department, asked, answer_by, dossiers, made_by, made_at) VALUES ({told})"
    )


def answer(department: str) -> str:
    told = f"(SELECT seq FROM urgings WHERE department = '{department}'), 'x', 'truong', now()"
    return f"INSERT INTO urging_answers (urging_seq, answer, answered_by, answered_at) VALUES ({told})"


def test_a_slip_is_made_where_all_is_seen_and_answered_where_it_is_seen(roles_of: World) -> None:
    for scope in (CYGNUS, Scope.of()):
        with pytest.raises(StoreError, match="row-level security"):
            says(roles_of.app, scope, slip("Sở Cygnus"))
    for unit in ("Sở Cygnus", "Sở Draco"):
        says(roles_of.app, PROVINCE, slip(unit))
    says(roles_of.app, CYGNUS, answer("Sở Cygnus"))
    with writing(roles_of.owner) as connection:
        other = connection.scalar(sa.text("SELECT seq FROM urgings WHERE department = 'Sở Draco'"))
    said = answer("").replace("(SELECT seq FROM urgings WHERE department = '')", str(other))
    with pytest.raises(StoreError, match="row-level security"):
        says(roles_of.app, CYGNUS, said)


@pytest.mark.parametrize("said", ["UPDATE outbox SET recipient = 'x'", "UPDATE alerts SET department = 'Sở Cygnus'"])
def test_the_app_changes_no_mail_and_no_alert_but_what_people_decide(roles_of: World, said: str) -> None:
    with pytest.raises(StoreError, match="permission denied"):
        says(roles_of.app, PROVINCE, said)
