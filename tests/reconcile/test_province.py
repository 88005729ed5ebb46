"""The made-up province told twice, once as it is and once badly synchronised: every class against its own truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pytest

from config.sources import Exchange
from connectors import exchange
from connectors.payload import parse
from connectors.simulator import lives, state
from connectors.simulator.days import DAY, NEVER, wall_seconds
from connectors.simulator.province import Province, build
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.reconcile import CLASS_OF, LISTS, Why, counted, listed
from metrics.scope import Scope
from metrics.terms import Terms
from reports import reconciliation
from store import snapshot
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.demo.truth import NOT_YET, _day, _due

OPENED_ON, TODAY = date(2026, 3, 2), date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)  # a Monday, 16:15 in the province
ZONE = "Asia/Ho_Chi_Minh"
#: What the portal is told of every tenth dossier, by the last digit of its number; of the others everything.
NEVER_CLOSED, CLOSED_LATE, ABSENT, LETTER_UNTOLD, PAUSE_UNTOLD, RECODED = range(6)
LATE_BY: Final = 4 * DAY


def told(province: Province) -> pl.DataFrame:
    """Give the plans that both sources know of, without the few that a border refuses."""
    return province.plans.filter(pl.col("entered") <= wall_seconds(NOW), pl.col("defect") == 0)


def at_the_portal(plans: pl.DataFrame) -> pl.DataFrame:
    """Spoil the plans as a bad synchronisation would."""
    kind = plans["number"] % 10
    never, late, letter, pause = (pl.lit(kind == k) for k in (NEVER_CLOSED, CLOSED_LATE, LETTER_UNTOLD, PAUSE_UNTOLD))
    closing = [
        pl.when(never).then(NEVER).when(late & (pl.col(c) > NEVER)).then(pl.col(c) + LATE_BY).otherwise(c).alias(c)
        for c in ("closed", "finish", "returned")
    ]
    moves = [pl.when(letter).then(NEVER).otherwise(c).alias(c) for c in ("extended", "extended_due")]
    pauses = [pl.when(pause).then(NEVER).otherwise(c).alias(c) for c in ("asked", "answered", "answered_due")]
    none = pl.when(pause).then(lives.NO_PAUSE).otherwise("pause").alias("pause")
    return plans.with_columns(*closing, *moves, *pauses, none).filter(pl.lit(kind != ABSENT))


def as_told(plans: pl.DataFrame, *, recoded: bool) -> pl.DataFrame:
    """Write plans in the exchange's words; the portal gives some a code of its own, the province's beside it."""
    rows = state.dossiers(plans.with_columns(changed=wall_seconds(NOW)), wall_seconds(NOW))
    if not recoded:
        return rows
    mine = pl.lit(plans["number"] % 10 == RECODED)
    return rows.with_columns(
        MaHoSo=pl.when(mine).then("QG." + pl.col("MaHoSo")).otherwise("MaHoSo"),
        MaHoSoKhac=pl.when(mine).then("MaHoSo").otherwise("MaHoSoKhac"),
    )


def keep(store: Store, name: str, rows: pl.DataFrame) -> None:
    source = Source(name, ZONE, name, kind="demo", cadence_minutes=5, terms=Terms(zone=ZONE))
    told_in = parse(rows.write_json().encode(), place=name).dossiers
    done = exchange.translate(told_in, Exchange(), source=name, time_zone=ZONE, origin=name)
    with begin_run(store, source, kind="sync", origin=name, seen_at=NOW) as run:
        run.batch(done.good, done.rejects, merged=done.merged)


@dataclass(frozen=True, slots=True)
class Side:
    """One dossier in one source, by the plans: days since 1970, None where there is none."""

    due: int | None
    closed: int | None
    received: bool
    suspended: bool

    def late(self, today: int) -> bool:
        if not self.received or self.due is None:
            return False
        return self.closed > self.due if self.closed is not None else self.due < today and not self.suspended


def sides(province: Province, plans: pl.DataFrame) -> dict[int, Side]:
    """Read every dossier's days off the plans, by plain arithmetic."""
    now = wall_seconds(NOW)
    p = {c: plans[c].to_numpy() for c in plans.columns}
    finished = np.where(_day(p["closed"], now) < NOT_YET, p["finish"] // DAY, NOT_YET)
    due = _due(p, province.days, now, np.minimum(finished, now // DAY))
    paused = (_day(p["asked"], now) < NOT_YET) & (_day(p["answered"], now) == NOT_YET)
    taken = _day(p["received"], now) < NOT_YET
    return {
        int(number): Side(
            None if p["no_due"][i] or not taken[i] else int(due[i]),
            int(finished[i]) if finished[i] < NOT_YET else None,
            bool(taken[i]),
            bool(paused[i]),
        )
        for i, number in enumerate(p["number"])
    }


def case(a: Side, b: Side | None, today: int, worked: Any) -> Why | None:  # noqa: PLR0911 - the table of docs/reconcile.md
    """Decide as the document does, one dossier at a time."""
    late_a, late_b = a.late(today), b is not None and b.late(today)
    if not late_a and not late_b:
        return None
    if b is None:
        return Why.ONLY_IN_A
    if late_a:
        if a.closed is None and b.closed is not None and a.due is not None and b.closed <= a.due:
            return Why.OPEN_IN_A
        return Why.LATE_IN_BOTH if late_b else Why.LATE_IN_A_ONLY
    if not a.received:
        return Why.NOT_RECEIVED_IN_A
    if a.due is None:
        return Why.NO_PROMISE_IN_A
    if a.closed is not None and b.closed is None:
        return Why.ON_ITS_WAY if worked(a.closed, today) <= 1 else Why.OPEN_IN_B
    if a.closed is not None and b.due is not None and a.closed <= b.due:
        return Why.TOLD_LATE
    return Why.PAUSE_NOT_TOLD if a.closed is None and a.suspended else Why.OTHER_PROMISE


@pytest.fixture(scope="module")
def province() -> Province:
    return build(11, OPENED_ON, date(2026, 3, 30), size=0.03)


@pytest.fixture(scope="module")
def rows(province: Province, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Store both and reconcile them, through the connector's translation and the real rules."""
    folder = tmp_path_factory.mktemp("twice")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    plans = told(province)
    keep(store, "mot-cua", as_told(plans, recoded=False))
    keep(store, "cong-quoc-gia", as_told(at_the_portal(plans), recoded=True))
    manifest = rebuild(store)
    found = reconciliation.between(
        snapshot.facts(store, manifest), "mot-cua", "cong-quoc-gia", as_of=TODAY,
        calendar=rulebook.load().calendar, scope=Scope.province(),
    )  # fmt: skip
    store.engine.dispose()
    return found


@pytest.fixture(scope="module")
def truth(province: Province) -> dict[str, Why | None]:
    """Decide every dossier from the plans: the code in the province's system → its case."""
    plans = told(province)
    codes = as_told(plans, recoded=False)["MaHoSo"].to_list()
    ours, theirs = sides(province, plans), sides(province, at_the_portal(plans))

    def worked(start: int, end: int) -> int:
        return int(province.days.count(np.array([end]))[0] - province.days.count(np.array([start]))[0])

    today = wall_seconds(NOW) // DAY
    return {
        code: case(ours[number], theirs.get(number), today, worked)
        for code, number in zip(codes, plans["number"].to_list(), strict=True)
    }


def test_every_dossier_is_in_the_class_that_the_plans_say(rows: pl.DataFrame, truth: dict[str, Why | None]) -> None:
    found = dict(rows.select("a_code", "why").iter_rows())
    wrong = {code: (why, found.get(code)) for code, why in truth.items() if found.get(code) != why}
    assert wrong == {}
    assert set(found) == set(truth)


def test_the_spoiled_province_has_cases_of_every_class(truth: dict[str, Why | None]) -> None:
    counts = Counter(why for why in truth.values() if why)
    assert {CLASS_OF[why].value for why in counts} >= {"real", "synchronisation", "not_closed"}
    assert counts[Why.OPEN_IN_B] > 50
    assert min(counts[why] for why in (Why.TOLD_LATE, Why.LATE_IN_BOTH, Why.ONLY_IN_A, Why.OTHER_PROMISE)) > 0


def test_what_the_portal_never_heard_of_is_absent_and_what_it_calls_otherwise_is_found(
    rows: pl.DataFrame, province: Province
) -> None:
    plans = told(province)
    absent, recoded = ((plans["number"] % 10 == kind).sum() for kind in (ABSENT, RECODED))
    (counts,) = counted(rows).to_dicts()
    assert (counts["only_a"], counts["only_b"], counts["dossiers"]) == (absent, 0, plans.height)
    assert rows.filter(pl.col("b_code").str.starts_with("QG.")).height == recoded
    assert counts == {name: listed(rows, name).height for name in LISTS}


def test_the_share_of_what_is_not_real_is_told_with_its_parts(rows: pl.DataFrame) -> None:
    (counts,) = counted(rows).to_dicts()
    assert counts["late_b"] == counts["real_b"] + counts["not_real_b"]  # the province knows every promise
    assert counts["not_real_b"] > counts["real_b"]  # as in the province of the press


def test_a_province_told_twice_alike_has_no_difference(province: Province, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    plans = told(province).filter(pl.col("number") % 7 == 0)
    for name in ("a", "b"):
        keep(store, name, as_told(plans, recoded=False))
    manifest = rebuild(store)
    found = reconciliation.between(
        snapshot.facts(store, manifest),
        "a",
        "b",
        as_of=TODAY,
        calendar=rulebook.load().calendar,
        scope=Scope.province(),
    )
    (counts,) = counted(found).to_dicts()
    differing = [name for name in LISTS if "differs" in name or name.startswith(("only", "twice"))]
    assert sum(counts[name] for name in differing) == 0
    assert counts["overdue"] == counts["real"] == counts["late_in_both"] > 0
    store.engine.dispose()
