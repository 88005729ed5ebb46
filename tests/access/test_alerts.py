"""Alerts by who asks: the app as its role of the database sees a unit's own, and changes no other's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from jobs import alerting
from metrics.scope import Scope
from store import alerts, people
from store.database import reading, see, writing
from store.people import Person
from store.tables import alerts as table
from store.tables import outbox
from tests.access.planted import NOW, UNITS
from tests.access.world import World
from tests.store.alerted import ended

AQUILA = Person("aquila", "Trưởng", "head", ("Sở Aquila",))


def looked(world: World) -> None:
    """Let the worker look, the sources heard just now."""
    ended(world.owner, NOW)
    assert alerting.alert(world.worker, NOW).held == ""


def of(world: World, unit: str) -> int:
    rows = alerts.standing(world.app, Scope.province()).filter(department=f"Sở {unit}")
    return int(rows["id"][0])


def test_the_worker_looks_and_the_app_sees_what_it_raised(world: World) -> None:
    looked(world)
    seen = alerts.standing(world.app, Scope.province())["department"].drop_nulls().unique()
    assert {f"Sở {unit}" for unit in UNITS} <= set(seen)
    assert set(alerts.standing(world.app, AQUILA.scope)["department"]) == {"Sở Aquila"}


def test_on_postgresql_the_database_itself_shows_a_head_the_own_unit_s_alone(world: World) -> None:
    looked(world)
    with reading(world.app) as connection:
        see(connection, AQUILA.scope)
        shown = set(connection.scalars(sa.select(table.c.department)))
        sent = connection.scalar(sa.select(sa.func.count(outbox.c.id)))
    assert sent == 0
    parted = world.app.engine.dialect.name == "postgresql"
    assert (shown == {"Sở Aquila"}) is parted


def test_a_head_acknowledges_the_own_and_is_refused_another_s(world: World) -> None:
    looked(world)
    with pytest.raises(alerts.AlertError, match="no such alert stands"):
        alerts.acknowledge(world.app, of(world, "Boreas"), by=AQUILA, note="", at=NOW)
    mine = of(world, "Aquila")
    alerts.acknowledge(world.app, mine, by=AQUILA, note="Đã giao", at=NOW)
    row = alerts.standing(world.app, AQUILA.scope).filter(id=mine).row(0, named=True)
    assert (row["state"], row["acknowledged_by"], row["note"]) == ("acknowledged", "aquila", "Đã giao")


def test_the_app_itself_raises_nothing(world: World) -> None:
    row = {"rule": "overdue", "subject": "made up", "state": "open", "level": 1, "raised_at": NOW, "level_at": NOW,
           "told": 0}  # fmt: skip
    if world.app.engine.dialect.name == "sqlite":
        return  # one user, who owns the file
    with pytest.raises(StoreError), writing(world.app) as connection:
        connection.execute(sa.insert(table).values(row))


def test_the_worker_writes_the_morning_mail_though_it_may_read_no_password(world: World) -> None:
    people.set_mail(world.owner, "cygnus", "cygnus@example.vn", by="quantri", at=NOW)
    looked(world)
    assert alerting.digest(world.worker, NOW).mailed == 1, "10:32 of a Friday"
    assert alerting.digest(world.worker, NOW).mailed == 0
