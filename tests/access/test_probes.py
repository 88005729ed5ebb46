"""Whatever stands in an address, a form, a token, an option: no statement holds it, no row changes, nothing breaks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import api, api_beside, doors, exposition, routes, shapes
from dashboard.scope import COOKIE
from jobs import cli
from store import passwords, people, sessions, tokens
from store.database import reading
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.world import World
from tests.identity.conftest import FAST

MARK: Final = "zzprobe"
#: Ends of a text, of a statement, of a comment; a union; what LIKE takes; what one database keeps in no text.
PROBES: Final = (
    f"{MARK}'; DROP TABLE dossiers; --", f"{MARK}' OR '1'='1", f'{MARK}" OR 1=1 /*',
    f"{MARK}\\'; SELECT pg_sleep(9); --", f"{MARK}%' UNION SELECT secret_sha256 FROM tokens --",
    f"{MARK}_%:name ${{1}} %s ?", f"{MARK}\0\x1a",
)  # fmt: skip
#: Every name that an address of a page may hold.
NAMES: Final = (
    "nhom", "don_vi", "linh_vuc", "kenh", "tuoi", "tim", "tuan", "ky", "thu_tuc", "buoc", "ban_do", "nguon", "ma",
    "dong", "theo", "nguon_a", "nguon_b", "dau_hieu", "chi_so", "cap", "ngay", "khac", "ca", "ngon_ngu",
)  # fmt: skip
PAGES: Final = (
    shapes.WORKLIST, shapes.DOSSIER, shapes.DEPARTMENTS, shapes.WHY, shapes.STEPS, shapes.FORM, shapes.REVIEW,
    shapes.RECONCILE, shapes.ADMIN, shapes.WEEKLY,
)  # fmt: skip
#: What asking writes down by itself.
WRITTEN: Final = frozenset(("audit", "failures", "sessions", "alembic_version"))


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Keep every statement that any database of this process is given."""
    told: list[str] = []

    def heard(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", heard)
    yield told
    sa.event.remove(sa.Engine, "before_cursor_execute", heard)


def rows(world: World) -> dict[str, int]:
    """Count the rows of every table that asking does not write to."""
    names = set(sa.inspect(world.owner.engine).get_table_names()) - WRITTEN
    with reading(world.owner) as connection:
        return {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names}


def unbound(said: list[str]) -> list[str]:
    return [statement[:200] for statement in said if MARK in statement.lower()]


def test_a_page_takes_whatever_its_address_holds(browser: Browser, world: World, said: list[str]) -> None:
    before = rows(world)
    reader = next(name for name, (role, *_) in planted.READERS.items() if role == "director")
    for n, page in enumerate(PAGES):
        browser.visit(reader, page, dict.fromkeys(NAMES, PROBES[n % len(PROBES)]))
    for probe in (PROBES[0], PROBES[-1]):
        browser.visit(reader, shapes.WORKLIST, {"nhom": "qua-han", "tim": probe, "don_vi": probe})
        browser.visit(reader, shapes.DOSSIER, {"nguon": "mot-cua", "ma": probe})
    assert len(said) > 20 and unbound(said) == []
    assert rows(world) == before


@pytest.fixture(scope="module")
def site(browser: Browser, world: World) -> Iterator[tuple[TestClient, str]]:
    """Our own addresses, and a token that reads the whole province."""
    name = f"probes-{world.app.engine.dialect.name}"
    _, secret = tokens.issue(world.app, name, kind="api", departments=None, by="quantri", at=planted.NOW)
    app = Starlette(routes=[*routes.ROUTES, *api.ROUTES, *api_beside.ROUTES, *exposition.ROUTES])
    with TestClient(app, follow_redirects=False, client=("203.0.113.9", 1)) as client:
        yield client, secret
    tokens.revoke(world.app, name, by="quantri", at=planted.NOW)


ASKED: Final = ("overdue", "figures/on_time_due", "satisfaction", "indicators", "procedures", "index766")
PARTS: Final = ("from", "to", "by", "department", "field", "channel")


def test_other_systems_are_answered_in_words(site: tuple[TestClient, str], world: World, said: list[str]) -> None:
    client, secret = site
    before = rows(world)
    codes = set()
    for n, path in enumerate(f"{asked}?{part}=" for asked in ASKED for part in PARTS):
        probe = quote(PROBES[n % len(PROBES)])
        codes.add(client.get(f"/api/{path}{probe}", headers={"Authorization": f"Bearer {secret}"}).status_code)
    for probe in PROBES:
        headers = {"Authorization": f"Bearer {secret}"}
        codes.add(client.get(f"/api/figures/{quote(probe, safe='')}", headers=headers).status_code)
        shown = probe.replace("\0", "").replace("\x1a", "")
        codes.add(client.get("/metrics", headers={"Authorization": f"Bearer {shown}"}).status_code)
    assert codes <= {200, 400, 401, 404}, codes
    assert unbound(said) == [] and rows(world) == before


def test_the_doors_take_whatever_is_typed(
    site: tuple[TestClient, str], world: World, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", lambda: FAST)
    client, _ = site
    before = rows(world)
    for probe in (PROBES[0], PROBES[-1]):
        client.get(doors.SIGN_IN, params={"tiep": probe, "loi": probe})
        form = {"ten": probe, "mat_khau": probe, "khoa": client.cookies[doors.CSRF_COOKIE], "tiep": probe}
        assert client.post(doors.SIGN_IN, data=form).status_code in (401, 429), probe
        bare = {"cookie": f"{COOKIE}={quote(probe)}; dunghan_quen={quote(probe)}; dunghan_wall={quote(probe)}"}
        for path in (doors.SIGN_IN, doors.ACCOUNT, "/", "/healthz", doors.SIGN_OUT, "/cong-khai"):
            assert client.get(path, headers=bare, params={"k": probe}).status_code < 500, (path, probe)
    assert unbound(said) == [] and rows(world) == before


ORDERS: Final = (
    ("person", "role", "{}", "--role", "director", "--province"), ("person", "disable", "{}"),
    ("person", "unlock", "{}"), ("token", "revoke", "{}", "--by", "{}"),
    ("quarantine", "list", "--source", "{}"), ("figures", "--department", "{}", "--by", "department"),
    ("outbox", "show", "{}"), ("fault", "show", "{}"),
)  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(order[:2]))
def test_an_option_is_a_text_and_no_statement(
    world: World, said: list[str], order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = rows(world)
    for probe in (PROBES[0], PROBES[4]):
        words = [word.format(probe) if word == "{}" else word for word in order]
        monkeypatch.setattr(sys, "argv", ["dunghan", *words, "--store", world.owner.url])
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        assert ended.value.code in (0, 1, 2, 3)  # 3: refused in words
        told = capsys.readouterr()
        assert "Traceback" not in told.err + told.out
    assert unbound(said) == [] and rows(world) == before


def test_a_name_with_a_quote_is_a_name_like_another(world: World) -> None:
    probe = f"{PROBES[0]} {world.app.engine.dialect.name}"
    before = rows(world)
    person = people.add(
        world.owner, probe, "bốn con trâu già", role="director", title="x", by="quantri", at=planted.NOW
    )
    assert (found := people.by_name(world.owner, probe)) is not None and found.name == person.name
    session = sessions.open_for(world.owner, found, now=planted.NOW)
    assert sessions.person_of(world.owner, f"{session}' OR '1'='1", now=planted.NOW) is None
    assert tokens.by_secret(world.owner, "' OR '1'='1", "api") is None
    assert rows(world) == before | {"people": before["people"] + 1}
