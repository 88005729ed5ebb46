"""The made-up province behind the page for everybody, and a way to ask for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx2
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from config import public as settings_file
from config.public import Public
from dashboard import paced, public, routes
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.dossier import COLUMNS, Dossier
from metrics.scope import Period
from store import people, records
from store.database import Store, open_store
from store.ingest import begin_run
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.loops import answered
from tests.fresh import Databases

#: The last whole week before 20/11/2026, and its year up to its end.
WEEK: Final = Period(date(2026, 11, 9), date(2026, 11, 15))
YEAR: Final = Period(date(2026, 1, 1), date(2026, 11, 15))
HOSTILE: Final = 'Sở <script>alert("1")</script> & "Ngoặc"'
#: Typed by people where a number belongs, and in the text: nothing of it may be told.
TYPED: Final = "12/XL gửi ông Nguyễn Văn Kín 0912345678"
SECRET: Final = ("Nguyễn Văn Kín", "0912345678", "Nói riêng với chị Hoa")
Get = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The made-up province with three letters of apology, a unit of few dossiers and a name that is markup."""
    folder = tmp_path_factory.mktemp("cong-khai")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    told = {"at": _micros(date(2026, 11, 11)), "due_after": _micros(date(2026, 11, 30)), "letter": "77/XL-SNNMT"}
    received = datetime(2026, 11, 3, 2, tzinfo=UTC)
    rows = [
        _dossier(f"X-{i}", HOSTILE if i < 9 else "Sở Rất Nhỏ", received)
        | ({"extensions": json.dumps([told])} if not i else {})
        for i in range(12)
    ]
    with begin_run(store, made_up.SOURCE, kind="sync", origin="here", seen_at=NOW) as run:
        run.batch(Dossier.cast(_framed(rows)))
    who, days = people.by_name(store, "giamdoc"), rulebook.load().calendar
    assert who is not None
    for code, number, issued, recorded in (
        ("X-1", "345/2026/UBND-VP", 10, 12), ("X-2", TYPED, 12, 12), ("X-3", "9/XL", 13, 18),  # the last in this week
    ):  # fmt: skip
        letter = records.Letter(number, date(2026, 11, issued), date(2026, 12, 1), SECRET[2])
        at = datetime(2026, 11, recorded, 3, tzinfo=UTC)
        records.record(store, made_up.SOURCE.name, code, letter, by=who, at=at, calendar=days)
    rebuild(store)
    yield store
    store.engine.dispose()


def _micros(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 2, tzinfo=UTC).timestamp()) * 1_000_000


def _dossier(code: str, unit: str, received: datetime) -> dict[str, object]:
    return {
        "source": made_up.SOURCE.name, "code": code, "department": unit, "field": f"Lĩnh vực của {unit}",
        "procedure": "P", "procedure_name": "P", "channel": "counter", "level": "province", "status": "processing",
        "submitted_at": received, "received_at": received, "due_at": datetime(2026, 11, 10, 10, tzinfo=UTC),
        "changed_at": received,
    }  # fmt: skip


def _framed(rows: list[dict[str, object]]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [{"extensions": None} | row for row in rows],
        schema_overrides={c: pl.Datetime("us", "UTC") for c in rows[0] if c.endswith("_at")}
        | {"extensions": pl.String},
    )
    return frame.with_columns(pl.lit(None, pl.String).alias(c) for c in COLUMNS if c not in frame.columns)


@pytest.fixture
def opened(in_use: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Open the page with settings of one's own; nothing is remembered of the test before."""

    def with_settings(**told: Any) -> None:
        monkeypatch.setattr(settings_file, "load", lambda: Public(**({"open": True} | told)))
        monkeypatch.setattr(public, "SHELF", public.Shelf())
        monkeypatch.setattr(public, "PACE", paced.Pace())

    with_settings()
    return with_settings


@pytest.fixture
def get(in_use: Store) -> Get:
    """Ask behind the gate, from an address of the network."""
    app = Starlette(routes=list(routes.ROUTES), middleware=[Middleware(routes.Gate)])

    def ask(path: str = public.PATH, *, method: str = "GET", who: str = "10.0.0.7", **headers: str) -> httpx2.Response:
        async def go() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=app, client=(who, 1))
            async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

        return answered(go)

    return ask


def told(get: Get) -> dict[str, Any]:
    found: dict[str, Any] = get(public.MACHINES).json()
    return found


def line(lines: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in lines if one["name"] == name)
