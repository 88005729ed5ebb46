"""On PostgreSQL a head's transaction sees of slips, people asked, entered values and faults the own alone: bare SQL."""

from __future__ import annotations

from typing import Any, Final

import pytest
import sqlalchemy as sa

from store import tables
from store.database import Store, writing
from tests.access.planted import NOW
from tests.access.world import World

#: Table → what a head of Cygnus sees of its rows; the whole province sees ALL of those with a unit, 1 of the others.
SEEN: Final = {
    "intakes": [], "refused_rows": [], "surveys": ["Sở Cygnus"], "surveys_asked": ["Sở Cygnus"],
    "entered": ["Sở Cygnus", None], "software_faults": [], "fault_acts": [],
}  # fmt: skip
ALL: Final = ["Sở Aquila", "Sở Cygnus", None]
OF_UNITS: Final = ("surveys", "surveys_asked", "entered")


@pytest.fixture(scope="module")
def engine() -> str:
    return "postgresql"


@pytest.fixture(scope="module")
def planted(world: World) -> World:
    """The planted province with a row in each table, for two units and for none."""
    days = {"from_on": "2026-11-01", "to_on": "2026-11-30"}
    kept = {"recorded_by": "ai", "recorded_at": NOW}
    stated = {"stated_by": "BC 1", "stated_on": "2026-11-20", "entered_by": "ai", "entered_at": NOW}
    counts = {"read": 1, "new": 1, "unchanged": 0, "refused": 0}
    fault = {"source": "mot-cua", "vendor": "V", "kind": "data", "title": "x", "reported_on": "2026-11-20"}
    with writing(world.owner) as connection:

        def put(table: sa.Table, **row: Any) -> None:
            connection.execute(sa.insert(table).values(**row))

        put(tables.intakes, id=1, kind="surveys", origin="a", by="ai", at=NOW, **counts)
        put(tables.refused_rows, intake_id=1, place="2", reasons="[]", found="x", raw="{}")
        for unit in ALL:
            slip = {"slip": f"{unit}", "answered_on": "2026-11-20", "score": 5}
            put(tables.surveys, intake_id=1, survey="k", department=unit, **slip)
            put(tables.surveys_asked, intake_id=1, survey="k", department=unit, asked=9, **days)
            put(tables.entered, indicator="i", department=unit, value="1", **days, **stated)
        put(tables.software_faults, seq=1, **fault, **kept)
        put(tables.fault_acts, fault_seq=1, act="note", on="2026-11-20", text="x", **kept)
    return world


def seen(store: Store, table: str, told: str) -> list[str | None]:
    what = "department" if table in OF_UNITS else "'x'"
    with store.engine.begin() as connection:
        connection.execute(sa.text("SELECT set_config('dunghan.departments', :told, true)"), {"told": told})
        return sorted(connection.scalars(sa.text(f"SELECT {what} FROM {table}")), key=lambda one: (one is None, one))


@pytest.mark.parametrize("table", SEEN)
def test_a_head_sees_the_own_rows_alone_and_writes_none(planted: World, table: str) -> None:
    assert seen(planted.app, table, '["Sở Cygnus"]') == SEEN[table]
    assert seen(planted.app, table, "null") == (ALL if table in OF_UNITS else ["x"])
    columns = ", ".join(f'"{c.name}"' for c in tables.metadata.tables[table].columns if c.name not in ("id", "seq"))
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security|permission denied"):
        _write(planted.app, f"INSERT INTO {table} ({columns}) VALUES ({_values(planted.owner, table)})")


def _write(store: Store, said: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("SELECT set_config('dunghan.departments', '[\"Sở Cygnus\"]', true)"))
        connection.exec_driver_sql(said)


def _values(owner: Store, table: str) -> str:
    """Give the values of a row that is there, as SQL writes them."""
    names = [c.name for c in tables.metadata.tables[table].columns if c.name not in ("id", "seq")]
    told = ", ".join(f'quote_nullable("{name}")' for name in names)
    mine = "WHERE department = 'Sở Cygnus'" if table in OF_UNITS else ""
    with owner.engine.begin() as connection:
        row = connection.execute(sa.text(f"SELECT {told} FROM {table} {mine} LIMIT 1")).one()
    return ", ".join(row)
