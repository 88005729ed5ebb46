"""A real dashboard process that writes its diary as JSON, over a province of its own that a test may break."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from dashboard.wording import LOCAL
from store import people, sessions, tokens
from store.database import Store, open_store
from tests.browser.conftest import served
from tests.dashboard import made_up
from tests.fresh import Files

PLANTED: Final = "mat-khau-cua-kho-du-lieu"


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard: its address, its store, whoever may come in, and where its diary is."""

    address: str
    store: Store
    session: str
    wall: str
    api: str
    log: Path

    def entries(self) -> list[dict[str, Any]]:
        """Give the lines of the diary; what is no JSON is an error."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def spoil(self) -> None:
        """Make every derived file unreadable, as a broken disk would."""
        shutil.copytree(self.store.derived, self.store.derived.with_suffix(".whole"))
        for file in self.store.derived.rglob("*.parquet"):
            file.write_bytes(b"PAR1 no more")

    def mend(self) -> None:
        """Put the derived files back."""
        shutil.copytree(self.store.derived.with_suffix(".whole"), self.store.derived, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Running]:
    home, now = tmp_path_factory.mktemp("watch"), datetime.now(UTC)
    url = Files(home).migrated(home)
    store = open_store(url, home=home)
    made_up.fill(store, now.astimezone(LOCAL).date(), now=now, weeks=4, a_day=8)
    person = people.check(store, "giamdoc", made_up.PASSWORD)
    assert person is not None
    session = sessions.open_for(store, person, now=now)
    wall, api = (tokens.issue(store, n, kind=n, departments=None, by="quantri", at=now)[1] for n in ("wall", "api"))
    office = home / "office"
    office.mkdir()
    (office / "public.toml").write_text(_opened(), encoding="utf-8")
    told = {"DUNGHAN_LOG": "json", "DUNGHAN_CONFIG": str(office), "DUNGHAN_OIDC_CLIENT_SECRET": PLANTED}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        with served(url, home) as address:
            yield Running(address, store, session, wall, api, home / "log")
    finally:
        store.engine.dispose()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _opened() -> str:
    shipped = Path(__file__).parents[2] / "config" / "public.toml"
    return shipped.read_text(encoding="utf-8").replace("open = false", "open = true ", 1)
