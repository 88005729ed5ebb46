"""From the ledger to the stock of every past day, against a plain replay of what was said, sight by sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from config.units import Units
from jobs.rebuild import rebuild
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import snapshot
from tests.known.histories import Empty, Told, loaded
from tests.metrics.province import BOOK, at, dossier
from tests.metrics.slow import Slow
from tests.metrics.test_maps import holder

FIRST, DAYS = date(2026, 2, 9), 45  # the weeks of Tết lie inside
MERGED = replace(BOOK, units=Units({}, {"Sở X": (FIRST + timedelta(days=18), "Sở Y")}))
CLOSED = ("resolved", "withdrawn", "stopped")


def on(n: int) -> str:
    return (FIRST + timedelta(days=n)).isoformat()


@st.composite
def sights(draw: st.DrawFn) -> list[tuple[int, dict[str, Any]]]:
    """Give the sights of one dossier: day, and what its source then said; it ends closed or stays open."""
    days = sorted(draw(st.lists(st.integers(0, DAYS), min_size=1, max_size=6, unique=True)))
    due = days[0] + draw(st.integers(0, 15))
    said: list[tuple[int, dict[str, Any]]] = []
    for n, now in enumerate(days):
        last = n == len(days) - 1 and n > 0
        status = draw(st.sampled_from([*CLOSED, "processing"] if last else ["processing", "supplement", "processing"]))
        due += draw(st.sampled_from([0, 0, 3, 10, -2])) if n else 0
        said.append(
            (now, {"status": status, "due": on(due), "department": draw(st.sampled_from(["Sở X", "Sở Y", "Z"]))})
        )
    return said


def row_of(code: str, said: list[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    """Fold the sights in plain Python into the row that the slow twin reads."""

    def turns(name: str) -> list[tuple[str, str]]:
        kept: list[tuple[str, str]] = []
        for day, told in said:
            if not kept or kept[-1][1] != told[name]:
                kept.append((on(day), told[name]))
        return kept

    day, last = said[-1]
    closed = {"resolved": on(day)} if last["status"] in CLOSED else {}
    return dossier(code, last["status"], received=on(said[0][0]), due=last["due"], department=last["department"],
                   promises=turns("due"), turns=turns("status"), places=turns("department"),
                   changed=turns("status")[-1][0], seen=on(said[0][0]), **closed)  # fmt: skip


def runs(histories: list[list[tuple[int, dict[str, Any]]]]) -> list[Told]:
    """Give a run for every day on which something was said, each dossier with the source's own stamp."""
    by_day: dict[int, list[dict[str, Any]]] = {}
    for n, said in enumerate(histories):
        for day, told in said:
            stamps = {"received_at": at(on(said[0][0])), "due_at": at(told["due"]), "changed_at": at(on(day))}
            if told["status"] in CLOSED:
                stamps["resolved_at"] = at(on(day))
            rest = {"source": "mot-cua", "code": f"D{n}", "status": told["status"], "department": told["department"]}
            by_day.setdefault(day, []).append(stamps | rest)
    return [Told("mot-cua", at(on(day), 12), tuple(rows)) for day, rows in sorted(by_day.items())]


@settings(max_examples=25, deadline=None)
@given(st.lists(sights(), min_size=1, max_size=5))
def test_every_past_day_s_stock_is_the_replay_of_what_was_said(
    empty: Empty, beside: Path, histories: list[list[tuple[int, dict[str, Any]]]]
) -> None:
    slow = [(Slow(row), row) for row in (row_of(f"D{n}", said) for n, said in enumerate(histories))]
    with (
        patch("metrics.rulebook.load", lambda: MERGED),
        loaded(empty, beside, runs(histories)) as store,
    ):
        cube = snapshot.cube(store, rebuild(store))
    for n in range(0, DAYS + 20, 4):
        today = FIRST + timedelta(days=n)
        found = figures(cube, period=Period(today, today), as_of=today, scope=Scope.province(), by=["department"],
                        on_map="then")  # fmt: skip
        told = {
            r["department"]: (r["pending_overdue"], r["pending_in_term"], r["pending_suspended"])
            for r in found.rows(named=True)
            if r["pending"]
        }
        want: dict[str | None, tuple[int, int, int]] = {}
        for twin, row in slow:
            stands = twin.stands(today)
            if stands in ("overdue", "in_term"):
                late, running, halted = want.get(name := holder(row, today, MERGED.units), (0, 0, 0))
                stood = twin.suspended_since(today) is not None
                want[name] = (late + (stands == "overdue"), running + (stands == "in_term"), halted + stood)
        assert told == want, today


def test_the_replay_can_fail(empty: Empty, beside: Path) -> None:
    """A promise moved after its day must not be believed: if the replay took it as told, the two would differ."""
    said = [(0, {"status": "processing", "due": on(4), "department": "Z"}),
            (10, {"status": "processing", "due": on(30), "department": "Z"})]  # fmt: skip
    with loaded(empty, beside, runs([said])) as store:
        cube = snapshot.cube(store, rebuild(store))
    day = FIRST + timedelta(days=12)
    row = figures(cube, period=Period(day, day), as_of=day, scope=Scope.province()).row(0, named=True)
    assert (row["pending_overdue"], Slow(row_of("D0", said)).stands(day)) == (1, "overdue")
