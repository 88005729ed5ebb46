"""A small province with everything that pulls numbers apart: waits, moved promises, units that merged or handed work
on, a source that fell silent, letters that people recorded, and dossiers that say little of themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch

import polars as pl

from dashboard import data, filters, stored
from jobs.rebuild import rebuild
from metrics.dossier import Dossier, whole
from store import records, snapshot
from store.database import Store, open_store
from store.ingest import Source, begin_run
from store.people import Person, Role
from store.records import Cause, Letter
from tests.dashboard import made_up

TODAY: Final = date(2026, 11, 20)  # a Friday
NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)  # 10:32 at the centre
EARLIER: Final = datetime(2026, 10, 29, 10, 45, tzinfo=UTC)  # when everything was read for the first time
HUSHED: Final = datetime(2026, 11, 4, 11, 0, tzinfo=UTC)  # when the second source was heard last
READ: Final = NOW - timedelta(minutes=4)  # when the first source was read last
CITY: Final = made_up.SOURCE
LAND: Final = Source("dat-dai", "Asia/Ho_Chi_Minh", "Phần mềm đất đai", kind="rest", cadence_minutes=60)
OLD, NEW = "UBND xã Tân An", "UBND phường Tân Vân"
UNITS: Final = f"""
[[unit]]
name = "{OLD}"
level = "xã"
to = 2026-09-30
successor = "{NEW}"
[[unit]]
name = "{NEW}"
level = "xã"
aliases = ["Phường Tân Vân"]
"""
#: Who asks: every role, and heads of one unit and of several.
PEOPLE: Final[dict[str, tuple[Role, tuple[str, ...] | None]]] = {
    "chutich": ("chairman", None),
    "giamdoc": ("director", None),
    "vanhanh": ("operator", None),
    "kiemtra": ("auditor", None),
    "quantri": ("administrator", None),
    "soxaydung": ("head", ("Sở Xây dựng",)),
    "tanvan": ("head", (NEW, "Sở Tư pháp")),
    "khonggi": ("head", ("Sở không có hồ sơ",)),
}
_MICROS: Final = 1_000_000


def _every(nth: int, rest: int = 0) -> pl.Expr:
    return pl.col("at") % nth == rest


def _dossiers(weeks: int, a_day: int) -> pl.DataFrame:
    """Take the made-up ones and let what happens to real ones happen to them; ``at`` numbers them."""
    rows = made_up.dossiers(TODAY, weeks=weeks, a_day=a_day, seed=11).with_row_index("at")
    rows = rows.with_columns(pl.col(("status", "level", "channel")).cast(pl.String))
    c, none = pl.col, pl.lit(None, pl.String)
    closed = c("status") == "returned"
    old = _every(3) & (c("department") == NEW) & (c("submitted_at") < datetime(2026, 9, 15, tzinfo=UTC))
    land = (c("field") == "Đất đai") & _every(2)
    return rows.with_columns(
        source=pl.when(land).then(pl.lit(LAND.name)).otherwise("source"),
        department=pl.when(old).then(pl.lit(OLD)).when(_every(61)).then(none).otherwise("department"),
        field=pl.when(_every(53)).then(none).otherwise("field"),
        procedure=pl.when(_every(47)).then(none).otherwise("procedure"),
        channel=pl.when(_every(29)).then(none).otherwise("channel"),
        level=pl.when(_every(67)).then(none).otherwise("level"),
        receiving_unit=pl.when(_every(5)).then(none).otherwise(pl.format("Bộ phận Một cửa {}", c("at") % 4)),
        due_at=pl.when(_every(31)).then(pl.lit(None, pl.Datetime("us", "UTC"))).otherwise("due_at"),
        status=pl.when(closed & _every(23)).then(pl.lit("withdrawn")).when(closed & _every(37)).then(pl.lit("refused"))
        .when(closed & _every(41)).then(pl.lit("stopped")).otherwise("status"),
        resolved_at=pl.when(closed & _every(97)).then(c("received_at") - pl.duration(days=2)).otherwise("resolved_at"),
    )  # fmt: skip


def _waits(rows: pl.DataFrame) -> pl.DataFrame:
    """Write waits and letters beside some dossiers, as sources do."""
    told = [_of_one(row) for row in rows.select("at", "received_at", "due_at", "resolved_at").iter_rows(named=True)]
    both = pl.DataFrame(told, schema={"suspensions": pl.String, "extensions": pl.String}, orient="row")
    return rows.drop("suspensions", "extensions").hstack(both)


def _of_one(row: dict[str, object]) -> tuple[str | None, str | None]:
    at, begun, due, ended = (row[name] for name in ("at", "received_at", "due_at", "resolved_at"))
    if not isinstance(at, int) or not isinstance(begun, datetime):
        return None, None
    waits = letters = None
    if at % 7 == 1:
        start = begun + timedelta(days=1)
        stop = min(start + timedelta(days=2 + at % 5), NOW)
        over = isinstance(ended, datetime) or stop < NOW
        wait: dict[str, object] = {"kind": "payment" if at % 2 else "supplement", "from_at": _micros(start)}
        notice = [True, False, None][at % 3]
        wait |= {"to_at": _micros(stop) if over else None, "due_before": None, "due_after": None, "notice": notice}
        waits = json.dumps([wait]) if start < stop else None
    if at % 13 == 2 and isinstance(due, datetime):
        sent = due + timedelta(days=-1 if at % 2 else 2)
        letter = {"at": _micros(sent), "due_before": _micros(due), "due_after": _micros(due + timedelta(days=7))}
        letters = json.dumps([letter | {"letter": f"{at}/XL", "reason": None}]) if sent < NOW else None
    return waits, letters


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * _MICROS)


def _as_seen_earlier(rows: pl.DataFrame) -> pl.DataFrame:
    """Give what was there at the first reading: still open what ended later, other promises, other units."""
    c, none = pl.col, pl.lit(None, pl.Datetime("us", "UTC"))
    there = rows.filter(pl.coalesce("received_at", "submitted_at") < EARLIER - timedelta(hours=1))
    later = (c("resolved_at") > EARLIER).fill_null(False)
    moved = _every(11) & c("due_at").is_not_null()
    return there.with_columns(
        status=pl.when(later).then(pl.lit("processing")).otherwise("status"),
        resolved_at=pl.when(later).then(none).otherwise("resolved_at"),
        changed_at=pl.when(later).then(c("received_at")).otherwise("changed_at"),
        due_at=pl.when(moved).then(c("due_at") - pl.duration(days=5)).otherwise("due_at"),
        department=pl.when(_every(43)).then(pl.lit("Sở Tư pháp")).otherwise("department"),
        step=pl.lit("Tiếp nhận"),
        suspensions=pl.lit(None, pl.String),
        extensions=pl.lit(None, pl.String),
    )


def fill(store: Store, *, weeks: int = 22, a_day: int = 14) -> None:
    """Store the province, its people and what they recorded, and derive the figures."""
    rows = _waits(_dossiers(weeks, a_day))
    before = _as_seen_earlier(rows)
    moved = _every(11) | _every(43)
    now = rows.with_columns(changed_at=pl.when(moved).then(pl.lit(HUSHED)).otherwise("changed_at"))
    for source, seen, told in (
        (CITY, EARLIER, before),
        (LAND, EARLIER, before),
        (LAND, HUSHED, now),
        (CITY, READ, now),
    ):
        some = told.filter(pl.col("source") == source.name, pl.coalesce("received_at", "submitted_at") < seen)
        with begin_run(store, source, kind="sync", origin="http://127.0.0.1/hoso", seen_at=seen) as run:
            run.batch(Dossier.cast(whole(some.drop("at"))))
    rebuild(store)
    _recorded(store)
    rebuild(store)


def _recorded(store: Store) -> None:
    who = Person("giamdoc", "", "director", None)
    for n, (source, code) in enumerate(_late(store)):
        told = (Letter(f"{n}/XL-UBND", TODAY, date(2026, 11, 30)), Cause("T02"))
        for entry in told[: 1 + n % 2]:
            records.record(store, source, code, entry, by=who, at=NOW, calendar=data.calendar())


def _late(store: Store) -> list[tuple[str, str]]:
    state = snapshot.read_manifest(store)
    assert state is not None
    rows = snapshot.facts(store, state).filter(pl.col("closed_on").is_null(), pl.col("due_on") < TODAY)
    return list(rows.select(pl.col("source").cast(pl.String), "code").sort("code").head(9).collect().iter_rows())


@contextmanager
def opened(folder: Path, url: str = "", **size: int) -> Iterator[Store]:
    """Fill a store and let the dashboard read it on that Friday, under the register of units of this province."""
    (folder / "units.toml").write_text(UNITS, encoding="utf-8")
    store = open_store(url or f"sqlite:///{folder / 'dunghan.db'}", home=folder)
    with (
        patch.dict(os.environ, DUNGHAN_CONFIG=str(folder)),
        patch.object(stored, "store", lambda: store),
        patch.object(filters, "now", lambda: NOW),
    ):
        _forget()
        try:
            fill(store, **size)
            yield store
        finally:
            store.engine.dispose()
    _forget()


def _forget() -> None:
    """Let the office's files be read anew: the book is kept for the life of a process."""
    data.book.cache_clear()
    data.calendar.cache_clear()


def person(name: str) -> Person:
    """Give who asks under ``name``."""
    role, departments = PEOPLE[name]
    return Person(name, name, role, departments)
