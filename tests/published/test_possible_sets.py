"""Any set that can be: whatever of its numbers is told, a set with them is found, and the store gives them back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.simulator import sets
from connectors.simulator.amounts import settle
from connectors.simulator.scenario import KEYS, Cell, Totals, TotalsFile
from jobs.simulate import Wanted, simulate
from store.database import Store
from tests.published.test_totals import own

YEARS, UNITS = (2016, 2017, 2018), ("Sở A", "Sở B", "UBND xã C")
BASE = TotalsFile(name="x", from_on=date(2016, 1, 1), to_on=date(2018, 12, 31), departments=UNITS)

# ---------- any set that can be ----------


def a_set(luck: random.Random) -> list[tuple[str, int, int, str, str]]:
    """Invent dossiers: unit, year received, year closed (9999: open), standing, channel."""
    closed = [k for k in KEYS if k.startswith("resolved_") and k != "resolved_in_time"]
    open_ = ["pending_in_term", "pending_overdue", "pending_undetermined"]
    rows = []
    for _ in range(luck.choice([1, 7, 60, 400])):
        came = luck.choice([2015, *YEARS])
        left = luck.choice([*(y for y in YEARS if y >= came), 9999])
        standing = luck.choice(closed if left < 9999 else open_)
        rows.append((luck.choice(UNITS), came, left, standing, luck.choice(["online", "counter", "post"])))
    return rows


def numbers(rows: list[tuple[str, int, int, str, str]], first: int, last: int) -> dict[str, int]:
    """Count a stretch of years by plain arithmetic."""
    went = [r[3] for r in rows if first <= r[2] <= last]
    came = [r for r in rows if first <= r[1] <= last]
    found = {k: went.count(k) for k in KEYS if k.startswith("resolved_")}
    found["resolved_in_time"] = found["resolved_early"] + found["resolved_on_time"]
    found |= {"resolved": len(went), "received": len(came)}
    found |= {f"received_{c}": sum(r[4] == c for r in came) for c in ("online", "counter", "post")}
    found["carried_over"] = sum(r[1] < first <= r[2] for r in rows)
    found["pending"] = sum(r[1] <= last < r[2] for r in rows)
    if (first, last) == (2016, 2018):
        found |= {
            k: sum(r[3] == k for r in rows) for k in KEYS if k.startswith("pending_") and k != "pending_suspended"
        }
    return found


def some(luck: random.Random, counted: dict[str, int], share: float) -> dict[str, int]:
    return {k: n for k, n in counted.items() if luck.random() < share}


def cells(luck: random.Random, rows: list[tuple[str, int, int, str, str]]) -> Iterator[Cell]:
    for unit in (u for u in UNITS if luck.random() < 0.5):
        mine = [r for r in rows if r[0] == unit]
        yield Cell(department=unit, **some(luck, numbers(mine, 2016, 2018), 0.3))
        for year in (y for y in YEARS if luck.random() < 0.3):
            yield Cell(department=unit, year=year, **some(luck, numbers(mine, year, year), 0.3))
    for year in (y for y in YEARS if luck.random() < 0.5):
        yield Cell(year=year, **some(luck, numbers(rows, year, year), 0.3))


def possible(seed: int) -> TotalsFile:
    """Tell some numbers of a set that can be, so that it must be possible to build one like it."""
    luck = random.Random(seed)
    rows = a_set(luck)
    whole = numbers(rows, 2016, 2018)
    zero_unless_named = ("carried_over", "resolved_undetermined", "pending_undetermined")
    told = some(luck, whole, 0.6) | {k: whole[k] for k in ("received", *zero_unless_named)}
    return BASE.model_copy(update={"totals": Totals(**told), "cell": tuple(cells(luck, rows))})


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_whatever_numbers_of_a_possible_set_are_told_a_set_with_them_is_found(seed: int) -> None:
    told = possible(seed)
    found = settle(told)
    drawn = sets.draw(found, seed=seed).drawn
    assert not found.dropped
    assert drawn.height == found.of("received") + found.of("carried_over")
    closed = drawn.filter(drawn["closed"] >= 0)
    assert closed.height == found.of("resolved")
    assert ((closed["closed"] > closed["due"]) & (closed["due"] >= 0)).sum() == found.of("resolved_overdue")


@pytest.mark.parametrize("seed", range(4))
def test_and_the_store_gives_them_back(store: Store, tmp_path: Path, seed: int) -> None:
    told = possible(seed)
    found = simulate(store, Wanted("demo", own(tmp_path, _as_toml(told)), source="own"))
    assert [line for line in found.lines if not line.holds] == []
    assert sum(line.asked is not None for line in found.lines) >= 4


def test_every_key_at_once_comes_out_of_the_store(store: Store, tmp_path: Path) -> None:
    text = """
        from_on = 2024-01-01
        to_on = 2024-03-31
        [totals]
        carried_over = 30
        received = 200
        received_online = 90
        received_counter = 100
        received_post = 10
        resolved_early = 80
        resolved_on_time = 40
        resolved_overdue = 25
        resolved_undetermined = 5
        withdrawn = 4
        refused = 3
        stopped = 2
        pending_in_term = 60
        pending_overdue = 15
        pending_undetermined = 5
        pending_suspended = 7
        not_accepted = 11
        awaiting_acceptance = 6
        [[cell]]
        channel = "online"
        resolved_overdue = 21
    """
    found = simulate(store, Wanted("demo", own(tmp_path, text), source="own"))
    assert [line for line in found.lines if not line.holds] == []
    assert {line.key for line in found.lines if line.asked is not None} >= {
        "refused",
        "pending_suspended",
        "not_accepted",
    }
    assert found.counts.new == 200 + 30 + 11 + 6


def test_fields_and_lists_of_departments_come_out_of_the_store(store: Store, tmp_path: Path) -> None:
    text = """
        from_on = 2024-01-01
        to_on = 2024-06-30
        departments = ["Sở Xây dựng", "Sở Y tế", "UBND xã Đại Phong", "UBND phường An Khê"]
        [totals]
        received = 500
        resolved_overdue = 40
        [[cell]]
        department = ["Sở Xây dựng", "Sở Y tế"]
        field = "Đất đai"
        received = 120
        resolved_overdue = 30
        [[cell]]
        level = "commune"
        field = "Đất đai"
        received = 200
        [[cell]]
        level = "commune"
        field = "Hộ tịch"
        from_on = 2024-03-01
        to_on = 2024-03-15
        received = 50
        pending = 9
    """
    found = simulate(store, Wanted("demo", own(tmp_path, text), source="own"))
    assert [line for line in found.lines if not line.holds] == []
    assert sum(line.asked is not None for line in found.lines) == 7


def _as_toml(told: TotalsFile) -> str:
    def table(name: str, values: dict[str, Any]) -> str:
        lines = [f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v}" for k, v in values.items()]
        return "\n".join([name, *lines])

    head = 'from_on = 2016-01-01\nto_on = 2018-12-31\ndepartments = ["Sở A", "Sở B", "UBND xã C"]'
    cells = [table("[[cell]]", c.model_dump(exclude_none=True)) for c in told.cell]
    return "\n".join([head, table("[totals]", told.totals.model_dump(exclude_none=True)), *cells])
