"""Figures for other systems: those of the pages, within the token's scope, and words for what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from dashboard import api, data, lists
from dashboard.data import Ask
from dashboard.filters import Choice
from metrics.freshness import Silent
from metrics.intervals import wilson
from metrics.scope import Period, Scope
from store import audit, tokens
from store.database import Store
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.loops import answered

MONDAY = date(2026, 11, 16)
HEALTH = "Sở Y tế"
Get = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def secrets(province: Store) -> dict[str, str]:
    told: dict[str, tuple[tokens.Kind, tuple[str, ...] | None]] = {
        "tinh": ("api", None), "so-y-te": ("api", (HEALTH,)), "tuong": ("wall", None),
    }  # fmt: skip
    return {
        name: tokens.issue(province, name, kind=kind, departments=units, by="quantri", at=NOW)[1]
        for name, (kind, units) in told.items()
    }


@pytest.fixture
def get(in_use: Store, secrets: dict[str, str]) -> Iterator[Get]:
    app = Starlette(routes=api.ROUTES)

    def ask(path: str, who: str = "tinh", **asked: str) -> tuple[int, dict[str, Any]]:
        async def go() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
                return await client.get(
                    path, params=asked, headers={"Authorization": f"Bearer {secrets.get(who, who)}"}
                )

        answer = answered(go)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.json()

    yield ask


def page(scope: Scope, choice: Choice | None = None) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope, choice or Choice(TODAY, MONDAY))


def test_a_rate_is_that_of_the_page_with_its_parts(get: Get) -> None:
    code, told = get("/api/figures/on_time_due", **{"from": "2026-10-05", "to": "2026-11-15", "by": "department"})
    rows = data.figures(
        page(Scope.province()), period=Period(date(2026, 10, 5), date(2026, 11, 15)), by=["department"]
    ).to_dicts()
    assert code == 200
    assert {g["by"]["department"]: (g["numerator"], g["denominator"]) for g in told["groups"]} == {
        row["department"]: (row["due_met"], row["due"]) for row in rows
    }
    assert all(g["value"] == g["numerator"] / g["denominator"] for g in told["groups"] if g["denominator"])
    few = [g for g in told["groups"] if 0 < g["denominator"] < 400]
    assert few and all((g["low"], g["high"]) == wilson(g["numerator"], g["denominator"]) for g in few)
    assert all(g["low"] is g["high"] is None for g in told["groups"] if g not in few)
    assert (told["title"], told["as_of"]) == ("Đúng hạn theo ngày hẹn", "2026-11-20")


def test_the_overdue_are_those_of_the_list_and_the_export_is_kept(get: Get, in_use: Store) -> None:
    code, told = get("/api/overdue", field="Đất đai")
    listed = data.listed(page(Scope.province(), Choice(TODAY, MONDAY, field="Đất đai")), lists.LISTS["qua-han"])
    assert (code, told["count"]) == (200, listed.height)
    assert [d["code"] for d in told["dossiers"]] == listed["code"].to_list() != []
    assert "handler" not in told["dossiers"][0]
    kept = audit.read(in_use, act="export", person="token tinh").row(0, named=True)
    assert (kept["what"], kept["detail"].split()[0]) == ("/api/overdue", str(listed.height))


def test_a_token_of_one_unit_reads_that_unit_and_no_other(get: Get) -> None:
    _, all_of_it = get("/api/figures/received", by="department", **{"from": "2026-01-01"})
    _, mine = get("/api/figures/received", "so-y-te", by="department", **{"from": "2026-01-01"})
    assert len(all_of_it["groups"]) > 1
    assert [g["by"]["department"] for g in mine["groups"]] == [HEALTH]
    assert mine["groups"] == [g for g in all_of_it["groups"] if g["by"]["department"] == HEALTH]
    _, others = get("/api/figures/received", "so-y-te", department="Sở Xây dựng", by="department")
    assert others["groups"] == []
    _, listed = get("/api/overdue", "so-y-te")
    assert {d["department"] for d in listed["dossiers"]} <= {HEALTH}


@pytest.mark.parametrize("who", ["", "of nobody", "tuong"])
def test_without_a_token_for_it_nothing_is_told(get: Get, who: str) -> None:
    for path in ("/api/overdue", "/api/figures/received"):
        code, told = get(path, who)
        assert (code, list(told)) == (401, ["error"])


def test_a_token_of_one_unit_is_told_of_silent_sources_and_of_no_other_silent_unit(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = NOW - timedelta(days=9)
    quiet = tuple(Silent("mot-cua", unit, since.date(), since) for unit in (None, HEALTH, "Sở Xây dựng"))
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: quiet)
    for who, units in (("tinh", [None, HEALTH, "Sở Xây dựng"]), ("so-y-te", [None, HEALTH])):
        _, told = get("/api/figures/received", who)
        assert [s["department"] for s in told["silent"]] == units


def test_a_revoked_token_opens_nothing(get: Get, in_use: Store) -> None:
    _, secret = tokens.issue(in_use, "cu", kind="api", departments=None, by="quantri", at=NOW)
    assert get("/api/figures/received", secret)[0] == 200
    tokens.revoke(in_use, "cu", by="quantri", at=NOW)
    assert get("/api/figures/received", secret)[0] == 401
    assert [t.name for t in tokens.issued(in_use) if t.revoked_at] == ["cu"]


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/api/figures/on_tme_due", {}, 'Did you mean "on_time_due"?'),
        ("/api/figures/received", {"by": "handler"}, '"handler" is no grouping'),
        ("/api/figures/received", {"by": "day,week"}, "Name each grouping once, and at most one"),
        ("/api/figures/received", {"by": "field,field"}, "Name each grouping once"),
        ("/api/figures/received", {"from": "20/11/2026"}, "is no day"),
        ("/api/figures/received", {"from": "2026-11-20", "to": "2026-11-01"}, "ends 2026-11-01 before"),
        ("/api/overdue", {"departement": HEALTH}, '"departement" is no part'),
    ],
)
def test_a_wrong_question_is_answered_with_words(get: Get, path: str, asked: dict[str, str], words: str) -> None:
    code, told = get(path, **asked)
    assert code == 400
    assert words in told["error"]
