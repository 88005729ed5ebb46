"""A store with dossiers written by hand, looked at by the worker's alerts at moments told as the office tells them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa

from jobs import alerting
from jobs.rebuild import rebuild
from metrics.scope import Scope
from store import alerts, frames, people, tables
from store.database import Store, reading, writing
from store.ingest import Source, begin_run
from tests.store.test_ingest import rows

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
LIVE: Final = Source("mot-cua", "Asia/Ho_Chi_Minh", "Một cửa", kind="rest", cadence_minutes=15)
OTHER: Final = replace(LIVE, name="nguon-hai")
ALL: Final = Scope.province()


def at(day: str, hour: str = "08:00") -> datetime:
    """Give a moment as the office tells it, in UTC."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), ZONE).astimezone(UTC)


def put(store: Store, frame: pl.DataFrame, seen: datetime, source: Source = LIVE) -> None:
    """Let ``source`` tell of dossiers, heard at ``seen``."""
    with begin_run(store, source, kind="sync", origin="test", seen_at=seen) as run:
        run.batch(frame.with_columns(source=pl.lit(source.name)))
    ended(store, seen)
    rebuild(store)


def ended(store: Store, seen: datetime) -> None:
    """Let runs end when they began: here no time passes between."""
    with writing(store) as connection:
        connection.execute(sa.update(tables.runs).values(finished_at=tables.runs.c.started_at))


def due(day: str, *codes: str, **told: Any) -> pl.DataFrame:
    """Give open dossiers of the Sở Xây dựng, due on ``day``."""
    received = at(day) - timedelta(days=60)
    plain: dict[str, Any] = {"due_at": at(day, "17:00"), "received_at": received, "submitted_at": received}
    return rows(*codes, **(plain | told))


def look(store: Store, moment: datetime, source: Source | None = LIVE) -> alerting.Looked:
    """Hear the source once more, unless None, then look."""
    if source is not None:
        put(store, rows().clear(), moment - timedelta(minutes=1), source)
    return alerting.alert(store, moment)


def told(store: Store, rule: str = "") -> list[tuple[str, str | None, str, int]]:
    """Give subject, unit, state and level of the alerts that stand."""
    found = alerts.standing(store, ALL)
    kept = found.filter(pl.col("rule") == rule) if rule else found
    return sorted(kept.select("subject", "department", "state", "level").rows())


def mails(store: Store) -> list[tuple[str, str]]:
    """Give recipient and body of every message, the first put in first."""
    box = tables.outbox.c
    with reading(store) as connection:
        return list(frames.select(connection, sa.select(box.recipient, box.body).order_by(box.id)).rows())


def readers(store: Store) -> None:
    """Add a head of the Sở Xây dựng, a director and an operator, each with an address."""
    since = at("2026-01-02")
    for name, role, units in (
        ("xaydung", "head", ("Sở Xây dựng",)), ("yte", "head", ("Sở Y tế",)), ("giamdoc", "director", None),
        ("vanhanh", "operator", None),
    ):  # fmt: skip
        with writing(store) as connection:
            person = people.Person(name, name, role, units)  # type: ignore[arg-type]
            connection.execute(sa.insert(tables.people).values(people.row_of(person)))
        people.set_mail(store, name, f"{name}@example.vn", by="test", at=since)
