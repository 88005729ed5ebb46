"""What no dossier holds, for other systems: that of the pages, within the token's scope, every share with its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from dashboard import api_beside, data, registry
from metrics import procedures_register
from metrics.intervals import wilson
from metrics.scope import Scope
from store import entered, surveys, tokens
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.loops import answered
from tests.english import made_slips
from tests.fresh import Databases

HEALTH, UNIT = "Sở Y tế", "Sở Xây dựng"
Get = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The province of the other tests, with slips of two units and none, and entered figures."""
    folder = tmp_path_factory.mktemp("beside")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    made_slips.slips(store, (None, HEALTH, UNIT), TODAY, NOW)
    made_slips.values(store, "giamdoc", UNIT, TODAY, NOW)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module")
def secrets(province: Store) -> dict[str, str]:
    told: dict[str, tuple[str, ...] | None] = {"tinh": None, "so-y-te": (HEALTH,)}
    return {
        name: tokens.issue(province, name, kind="api", departments=units, by="quantri", at=NOW)[1]
        for name, units in told.items()
    }


@pytest.fixture
def get(in_use: Store, secrets: dict[str, str]) -> Get:
    app = Starlette(routes=api_beside.ROUTES)

    def ask(path: str, who: str = "tinh", **asked: str) -> tuple[int, dict[str, Any]]:
        async def go() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
                return await client.get(
                    path, params=asked, headers={"Authorization": f"Bearer {secrets.get(who, who)}"}
                )

        answer = answered(go)
        return answer.status_code, answer.json()

    return ask


def test_slips_are_told_with_their_scores_and_with_who_was_asked(get: Get, in_use: Store) -> None:
    code, told = get("/api/satisfaction", **{"from": "2026-01-01", "to": "2026-12-31"})
    slips = surveys.read(in_use, Scope.province())
    (whole,) = told["groups"]
    assert (code, whole["denominator"]) == (200, slips.height)
    assert whole["numerator"] == slips.filter(slips["score"] >= 4).height
    assert sum(whole["scores"].values()) == slips.height > 0
    assert whole["value"] == whole["numerator"] / whole["denominator"]
    assert (whole["low"], whole["high"]) == wilson(whole["numerator"], whole["denominator"])
    assert told["response"]["asked"] > 0
    _, units = get("/api/satisfaction", by="department", **{"from": "2026-01-01", "to": "2026-12-31"})
    assert sum(group["denominator"] for group in units["groups"]) == slips.height
    assert units["response"] is None
    _, nothing = get("/api/satisfaction", **{"from": "2001-01-01", "to": "2001-01-31"})
    assert nothing["groups"][0]["value"] is None


def test_a_token_of_one_unit_reads_its_own_slips_and_values_and_those_of_the_province(get: Get, in_use: Store) -> None:
    _, mine = get("/api/satisfaction", "so-y-te", by="department", **{"from": "2026-01-01", "to": "2026-12-31"})
    assert [group["by"]["department"] for group in mine["groups"]] == [HEALTH]
    _, all_of_them = get("/api/indicators")
    _, own = get("/api/indicators", "so-y-te")
    assert UNIT in {row["department"] for row in all_of_them["indicators"]}
    assert {row["department"] for row in own["indicators"]} == {None}


def test_entered_figures_say_whose_they_are_and_those_taken_back_are_gone(get: Get, in_use: Store) -> None:
    _, told = get("/api/indicators")
    assert len(told["indicators"]) == entered.holding(in_use, Scope.province()).height > 0
    one = told["indicators"][0]
    assert one["origin"] == "entered"
    assert all(one[name] for name in ("id", "title", "period", "value", "stated_by", "stated_on", "entered_at"))


def test_the_register_is_that_of_its_page(get: Get, in_use: Store) -> None:
    _, told = get("/api/procedures", by="level")
    rows = procedures_register.each(registry.rows(TODAY, data.sources()))
    wanted = {row["levels"]: row for row in procedures_register.counted(rows, ["levels"]).to_dicts()}
    assert {group["by"]["level"] for group in told["groups"]} == set(wanted)
    for group in told["groups"]:
        row = wanted[group["by"]["level"]]
        assert group["counts"] == {name: row[name] for name in group["counts"]}
        share = group["shares"]["procedures_centre_share"]
        assert (share["numerator"], share["denominator"]) == (row["procedures_centre"], row["procedures_published"])
    _, whole = get("/api/procedures")
    assert set(whole["titles"]) == {*whole["groups"][0]["counts"], *whole["groups"][0]["shares"]}


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/api/satisfaction", {"by": "channel"}, '"channel" is no grouping. Known: department'),
        ("/api/satisfaction", {"channel": "online"}, "Slips do not tell the channel"),
        ("/api/indicators", {"from": "2026-01-01"}, '"from" is no part of a question. Known: none.'),
        ("/api/procedures", {"by": "day"}, '"day" is no grouping'),
        ("/api/procedures", {"department": "A"}, '"department" is no part of a question. Known: by.'),
    ],
)
def test_what_cannot_be_asked_is_said(get: Get, path: str, asked: dict[str, str], words: str) -> None:
    code, told = get(path, **asked)
    assert (code, words in told["error"]) == (400, True), told


def test_without_a_token_nothing_is_told(get: Get) -> None:
    for path in ("/api/satisfaction", "/api/indicators", "/api/procedures"):
        assert get(path, "of nobody")[0] == 401


def test_the_estimate_of_index_766_is_that_of_the_page_within_the_scope(get: Get) -> None:
    status, whole = get("/api/index766", **{"from": "2026-10-01", "to": "2026-10-31"})
    assert status == 200 and whole["estimate"] is True
    known = [item for item in whole["items"] if item["points"] is not None]
    assert whole["known"] + whole["unknown"] == 100 and whole["known"] == sum(item["weight"] for item in known)
    assert abs(whole["points"] - sum(item["points"] for item in known)) < 1e-9
    for item in known:
        assert abs(item["points"] - item["weight"] * item["numerator"] / item["denominator"]) < 1e-9
    _, mine = get("/api/index766", "so-y-te", **{"from": "2026-10-01", "to": "2026-10-31"})
    _, one = get("/api/index766", **{"from": "2026-10-01", "to": "2026-10-31", "department": HEALTH})
    assert mine["items"] == one["items"] != whole["items"]
    _, early = get("/api/index766", **{"from": "2022-05-01", "to": "2022-05-31"})
    assert (early["points"], early["decision"], early["items"]) == (None, None, [])
    assert "is no part of a question" in get("/api/index766", field="Hộ tịch")[1]["error"]
