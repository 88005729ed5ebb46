"""On PostgreSQL the database itself keeps a reader's transaction to the reader's scope: said in bare SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from config import units
from config.errors import StoreError
from config.units import Units
from dashboard import data, gauges, stored
from jobs.answers import Asked, answer
from jobs.rebuild import counted, rebuild
from metrics import rulebook
from metrics.scope import Scope
from store import ledger, masked, recorded, records, roles, runs, snapshot, tables, verifying
from store.database import Store, broken, open_store, reading, seeing, writing
from store.ingest import Source, begin_run
from store.people import Person
from store.records import Kind, Words
from tests.access import planted
from tests.access.planted import NOW, ONE_STOP, code
from tests.access.test_sight import STEP, steps
from tests.access.world import World, in_roles
from tests.fresh import Server

CYGNUS = Scope.of("Sở Cygnus")
#: Rows about one unit: its reports, what it was told and asked. Mail is for the province alone.
OF_UNITS = ("editions", "papers", "restatements", "edition_acts", "outbox", "alerts", "urgings", "urging_answers")
OF_QUALITY = (
    "intakes", "refused_rows", "surveys", "surveys_asked", "entered", "software_faults", "fault_acts",
)  # fmt: skip
OF_DOSSIERS = ("dossiers", "ledger", "steps", "corrections", "records", "masked", "reconciliations", "quarantine")
DENIED = "permission denied"


@pytest.fixture(scope="module")
def world(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The planted province, with something in each table that tells of dossiers."""
    folder = tmp_path_factory.mktemp("roles")
    with pytest.MonkeyPatch.context() as patch:
        planted.register(folder)
        patch.setenv("DUNGHAN_CONFIG", str(folder))
        owner = open_store(url := postgres.migrated(folder), home=folder)
        planted.fill(owner)
        _more(owner)
        with in_roles(owner, folder) as (app, worker):
            yield World(owner, app, worker)
        owner.engine.dispose()
        postgres.drop(url)


def _more(owner: Store) -> None:
    """Let Draco's dossier lie with Cygnus by a step, and write into what is still empty, for each unit."""
    row = {"source": ONE_STOP.name, "code": STEP, "status": "processing", "department": "Sở Draco"}
    one = planted.framed([row | {"received_at": planted.at(30), "due_at": planted.at(4)}])
    with begin_run(owner, ONE_STOP, kind="sync", origin="here", seen_at=NOW) as run:
        own = [steps(code(unit), (f"Sở {unit}", 9, None)) for unit in ("Aquila", "Cygnus")]
        run.batch(one, told_steps=pl.concat([steps(STEP, ("Sở Draco", 9, 7), ("Sở Cygnus", 7, None)), *own]))
    operator, calendar = Person("vanhanh", "Vận hành", "operator", None), rulebook.load().calendar
    for each in (code("Aquila"), code("Cygnus"), STEP):
        records.record(owner, ONE_STOP.name, each, Words(Kind.NOTE, "x"), by=operator, at=NOW, calendar=calendar)
    said = {"recorded_by": "ai", "recorded_at": NOW}
    with writing(owner) as connection:
        for each in (code("Aquila"), code("Cygnus"), STEP):
            of = {"source": ONE_STOP.name, "code": each}
            connection.execute(sa.insert(tables.masked).values(**of, shown="Ng***"))
            connection.execute(sa.insert(tables.corrections).values(**of, due_at=NOW, reason="x", **said))
            two = {"source_a": ONE_STOP.name, "source_b": "cong", "code": each, "cause": "N01"}
            connection.execute(sa.insert(tables.reconciliations).values(**two, **said))


def codes(store: Store, table: str, told: str | None = None) -> set[str]:
    """Ask in bare SQL, after saying ``told`` of whom one asks for; None: after saying nothing."""
    with store.engine.begin() as connection:
        if told is not None:
            connection.execute(sa.text("SELECT set_config('dunghan.departments', :told, true)"), {"told": told})
        return set(connection.scalars(sa.text(f"SELECT code FROM {table}")))


@pytest.mark.parametrize("table", OF_DOSSIERS)
def test_the_app_sees_nothing_without_a_scope_its_units_with_one_and_all_of_the_province(
    world: World, table: str
) -> None:
    everything = codes(world.owner, table)
    assert everything, "the owner is held by nothing"
    for nothing in (None, "", "[]", '["Sở Khác"]', '"null"', "true", "{}"):
        assert codes(world.app, table, nothing) == set()
    assert codes(world.app, table, "null") == everything
    mine = {each for each in everything if each.startswith("CYGNUS") or each == STEP}
    assert codes(world.app, table, '["Sở Cygnus"]') == (set() if table == "quarantine" else mine)
    assert codes(world.worker, table) == everything
    if table != "quarantine":
        assert mine and mine < everything


def test_what_was_said_ends_with_its_transaction(world: World) -> None:
    with seeing(world.app, Scope.province()) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM dossiers"))
    assert codes(world.app, "dossiers") == set()
    with world.app.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL dunghan.departments = 'null'"))
        connection.rollback()
    assert codes(world.app, "ledger") == set()


def test_a_unit_is_known_by_every_name_of_the_register(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "load", lambda: Units({"Sở Aquila": "Sở Mới"}, {}))
    with seeing(world.app, Scope.of("Sở Mới")) as connection:
        found = set(connection.scalars(sa.text("SELECT DISTINCT department FROM dossiers")))
    assert found == {"Sở Aquila"}


@pytest.mark.parametrize(
    "said",
    [
        "DELETE FROM ledger", "UPDATE ledger SET department = 'Sở Cygnus'", "TRUNCATE ledger",
        "UPDATE dossiers SET department = 'Sở Cygnus'", "INSERT INTO dossiers SELECT * FROM dossiers",
        "DELETE FROM records", "UPDATE audit SET person = 'ai'", "DELETE FROM runs", "UPDATE sources SET title = ''",
        "ALTER TABLE dossiers DISABLE ROW LEVEL SECURITY", "DROP POLICY dossiers_in_scope ON dossiers",
        "ALTER TABLE ledger DISABLE TRIGGER ALL", "CREATE TABLE mine (x int)", "SET ROLE postgres",
        "CREATE OR REPLACE FUNCTION dunghan_sees_all() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ],
)  # fmt: skip
def test_the_app_changes_nothing_that_is_not_its_own_and_no_rule(world: World, said: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match=f"{DENIED}|must be owner"), world.app.engine.begin() as one:
        one.execute(sa.text("SELECT set_config('dunghan.departments', 'null', true)"))
        one.execute(sa.text(said))


def test_turning_policies_off_for_a_question_shows_an_error_and_no_row(world: World) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), world.app.engine.begin() as one:
        one.execute(sa.text("SET LOCAL row_security = off"))
        one.execute(sa.text("SELECT code FROM dossiers"))


@pytest.mark.parametrize("table", ["people", "sessions", "tokens", "failures"])
def test_the_worker_reads_nothing_of_sign_ins(world: World, table: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match=DENIED), world.worker.engine.begin() as connection:
        connection.execute(sa.text(f"SELECT * FROM {table}"))


def test_the_worker_may_append_and_change_nothing_of_the_past(world: World) -> None:
    for said in ("DELETE FROM ledger", "UPDATE steps SET unit = ''", "DELETE FROM seals"):
        with pytest.raises(sa.exc.ProgrammingError, match=DENIED), world.worker.engine.begin() as connection:
            connection.execute(sa.text(said))


def test_the_worker_reads_a_source_into_the_store(world: World) -> None:
    source = Source("moi", "Asia/Ho_Chi_Minh", "Mới")
    with begin_run(world.worker, source, kind="sync", origin="here", seen_at=NOW) as run:
        assert run.batch(planted.dossiers("moi", ("Aquila",))).new == 2
    assert not [wrong for wrong in verifying.verify(world.owner) if "moi" in wrong]


def test_the_questions_of_the_dashboard_are_answered_to_the_app(world: World) -> None:
    for store in (world.owner, world.app):
        assert ledger.history(store, ONE_STOP.name, STEP, CYGNUS).height == 1
        assert ledger.history(store, ONE_STOP.name, code("Aquila"), CYGNUS).is_empty()
        assert masked.of(store, ONE_STOP.name, code("Cygnus"), CYGNUS) == "Ng***"
        assert masked.of(store, ONE_STOP.name, code("Aquila"), CYGNUS) == ""
        assert runs.quarantined(store, CYGNUS).is_empty() and runs.quarantined(store, Scope.province()).height == 1
        assert runs.latest(store).filter(name=ONE_STOP.name)["dossiers"].item() == 9
    assert set(recorded.last(world.app, CYGNUS)["code"]) == {code("Cygnus"), STEP}


def test_a_head_records_through_the_app_and_the_chain_of_seals_holds(world: World) -> None:
    head = Person("truong", "Trưởng", "head", ("Sở Cygnus",))
    note, calendar = Words(Kind.NOTE, "Đã gọi"), rulebook.load().calendar
    records.record(world.app, ONE_STOP.name, STEP, note, by=head, at=NOW, calendar=calendar)
    with pytest.raises(StoreError, match="has no dossier"):
        records.record(world.app, ONE_STOP.name, code("Aquila"), note, by=head, at=NOW, calendar=calendar)
    assert recorded.of_dossier(world.app, ONE_STOP.name, STEP, CYGNUS)["text"].to_list() == ["Đã gọi", "x"]
    assert not [wrong for wrong in verifying.verify(world.owner) if "records" in wrong or "outside of runs" in wrong]


def test_nobody_is_made_the_app_whom_nothing_would_hold(world: World, store_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is none"):
        roles.statements(world.owner, roles.Roles("nobody_of_that_name"))
    with pytest.raises(StoreError, match="superuser"):
        roles.statements(world.owner, roles.Roles("postgres"))
    worker = str(world.worker.engine.url.username)
    with pytest.raises(StoreError, match="bypasses"):
        roles.statements(world.owner, roles.Roles(app=worker))
    if store_url.startswith("sqlite"):
        small = open_store(store_url, home=tmp_path)
        with pytest.raises(StoreError, match="SQLite knows no roles"):
            roles.statements(small, roles.Roles("app"))
        small.engine.dispose()


@pytest.mark.parametrize("known_at", [None, "2026-11-20"])
def test_figures_asked_as_the_app_are_refused_and_those_that_stand_are_left_alone(
    world: World, known_at: str | None
) -> None:
    stood = rebuild(world.worker)
    assert stood.parts
    with pytest.raises(StoreError, match="sees no dossier") as raised:
        answer(world.app, Asked(known_at=known_at))
    assert "as the worker's role" in raised.value.next_step
    assert snapshot.read_manifest(world.worker) == stood
    assert answer(world.owner, Asked(known_at=known_at))["groups"]


@pytest.fixture
def plain(postgres: Server, tmp_path: Path) -> Iterator[tuple[Store, Store, str]]:
    """A store as its superuser and as an owner who is none (docs/postgresql-roles.md), and a worker's name."""
    url = sa.make_url(postgres.empty(tmp_path))
    name = str(url.database)
    first = sa.create_engine(url, poolclass=NullPool)
    with first.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE owner_{name} LOGIN PASSWORD 'planted'"))
        connection.execute(sa.text(f"CREATE ROLE worker_{name} LOGIN BYPASSRLS"))
        connection.execute(sa.text(f"ALTER DATABASE {name} OWNER TO owner_{name}"))
    as_owner = url.set(username=f"owner_{name}", password="planted").render_as_string(hide_password=False)
    owner = open_store(as_owner, home=tmp_path)
    above = open_store(url.render_as_string(hide_password=False), home=tmp_path)
    yield above, owner, f"worker_{name}"
    owner.engine.dispose()
    with above.engine.begin() as connection:
        for role in (f"worker_{name}", f"owner_{name}"):
            connection.execute(sa.text(f"DROP OWNED BY {role}"))
        connection.execute(sa.text(f"ALTER DATABASE {name} OWNER TO CURRENT_USER"))
        connection.execute(sa.text(f"DROP ROLE worker_{name}, owner_{name}"))
    above.engine.dispose()
    postgres.drop(url.render_as_string(hide_password=False))


def test_an_owner_who_is_no_superuser_grants_and_is_told_what_only_a_superuser_gives(
    plain: tuple[Store, Store, str],
) -> None:
    above, owner, worker = plain
    asked = sa.text("SELECT has_table_privilege(:role, 'dossiers', 'INSERT')")
    roles.apply(owner, roles.Roles(worker=worker))
    with above.engine.begin() as connection:
        assert connection.scalar(asked, {"role": worker})
        connection.execute(sa.text(f"REVOKE ALL ON dossiers FROM {worker}"))
        connection.execute(sa.text(f"ALTER ROLE {worker} NOBYPASSRLS"))
    with pytest.raises(StoreError, match="lacks BYPASSRLS") as raised:
        roles.apply(owner, roles.Roles(worker=worker))
    assert raised.value.place == f"role {worker}"
    assert raised.value.next_step == f'As a superuser: ALTER ROLE "{worker}" BYPASSRLS; then say this again.'
    with above.engine.begin() as connection:
        assert not connection.scalar(asked, {"role": worker}), "nothing is granted by half"
    roles.apply(above, roles.Roles(worker=worker))
    with above.engine.begin() as connection:
        assert connection.scalar(asked, {"role": worker})


def test_what_a_user_of_the_database_may_not_is_no_matter_of_a_folder(plain: tuple[Store, Store, str]) -> None:
    _, owner, worker = plain
    for said in (f"ALTER ROLE {worker} NOBYPASSRLS", "CREATE ROLE another_one"):
        with pytest.raises(StoreError) as raised, writing(owner) as connection:
            connection.execute(sa.text(said))
        assert "superuser" in raised.value.next_step and "folder" not in raised.value.next_step


def test_who_sees_not_every_row_leaves_the_counting_to_the_worker(world: World) -> None:
    assert counted(world.app) == "The worker counts it."
    assert counted(world.owner) == rebuild(world.owner).data_version


def test_what_is_not_in_the_figures_yet_is_counted_for_whoever_is_held_to_a_scope(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "store", lambda: world.app)
    with reading(world.owner) as connection:
        seen = snapshot.ledger_seq(connection)
    told = {f.name: f.samples for f in gauges.families(NOW)}
    state = data.manifest()
    assert told["uncounted_observations"] == [({}, seen - (state.ledger_seq if state else 0))] and seen > 0


def test_a_folder_that_may_not_be_written_is_a_matter_of_its_rights(store: Store) -> None:
    said = broken(store, PermissionError(13, "Permission denied", "/srv/dunghan"))
    assert said.next_step == "Check the rights on the folder."


def test_every_table_of_dossiers_has_a_policy_and_every_table_a_grant(world: World) -> None:
    with world.owner.engine.begin() as connection:
        guarded = set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity")))
        granted = connection.execute(
            sa.text("SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = :app"),
            {"app": world.app.engine.url.username},
        )
        told = {name for (name,) in granted}
    with_codes = {t.name for t in tables.metadata.sorted_tables if {"code", "source_a"} & set(t.columns.keys())}
    assert with_codes <= guarded == {*OF_DOSSIERS, *OF_UNITS, *OF_QUALITY}
    assert {t.name for t in tables.metadata.sorted_tables} | {"alembic_version"} == told
