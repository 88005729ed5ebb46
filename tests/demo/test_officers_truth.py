"""Every officer of the made-up province did what its own books say: handled, late, held, without a day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

import polars as pl

from config.sources import Source
from connectors.pseudonyms import pseudonym
from connectors.simulator.days import NEVER, wall_seconds
from connectors.simulator.server import Desk
from connectors.simulator.services import STEPS, changed
from connectors.simulator.steps import written
from jobs.rebuild import rebuild
from jobs.sync import sync_source
from metrics import officers, rulebook
from metrics.scope import Period
from store import snapshot, steps
from store.database import Store, reading
from tests.demo.conftest import NOW

FEBRUARY: Final = Period(date(2026, 2, 1), date(2026, 3, 2))
AS_OF: Final = date(2026, 3, 2)
COUNTED: Final = ("handled", "judged", "late", "no_due", "held")


def test_the_figures_of_officers_are_those_of_the_province(store: Store, demo: tuple[Desk, Source]) -> None:
    desk, source = demo
    sync_source(store, source.model_copy(update={"own": {"steps_service": "CapNhatTienDoHoSoMC"}}), seen_at=NOW)
    state, book = rebuild(store), rulebook.load()
    facts = snapshot.facts(store, state).collect()
    with reading(store) as connection:
        told, terms = steps.since(connection, NOW.replace(month=1, day=1)), snapshot.terms(connection)
    rows = officers.lines(told, facts, book.units, terms)
    found = officers.figures(rows, FEBRUARY, AS_OF, book.calendar, fewest=3)
    said = {name: {row["handler"]: row[name] for row in found.filter(pl.col(name) > 0).to_dicts()} for name in COUNTED}
    true = _true(desk, source.name, set(facts["code"]))
    least = {"handled": 300, "judged": 100, "late": 10, "no_due": 100, "held": 20}
    assert [name for name, n in least.items() if sum(true[name].values()) < n] == []
    assert said == true
    beside = found.filter(pl.col("compared") > 0)
    assert beside.height > 5
    assert (beside["compared"] <= beside["judged"]).all()


def _true(desk: Desk, source: str, codes: set[str]) -> dict[str, dict[str, int]]:
    """Count what the province itself knows of each officer, step by step."""
    taken = changed(desk.province, STEPS, 0, wall_seconds(NOW))
    names = written(taken).select("NguoiXuLy", "MaHoSo", "NgayKetThucTheoQuyDinh")
    days = {"ended_on": "end", "due_on": "limit_at"}
    cut = {
        name: pl.when(pl.col(of) > NEVER).then(pl.from_epoch(of, time_unit="s").dt.date()) for name, of in days.items()
    }
    counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    for row in pl.concat([taken.with_columns(**cut), names], how="horizontal").to_dicts():
        if row["MaHoSo"] not in codes:
            continue
        who = pseudonym(row["NguoiXuLy"], source)
        ended, due = row["ended_on"], row["due_on"] if row["NgayKetThucTheoQuyDinh"] else None
        if ended is None:
            counts["held"][who] += row["closed"] == NEVER or row["closed"] > wall_seconds(NOW)
        elif FEBRUARY.start <= ended <= AS_OF:
            counts["handled"][who] += 1
            counts["judged"][who] += due is not None
            counts["no_due"][who] += due is None
            counts["late"][who] += due is not None and ended > due
    return {name: {who: n for who, n in found.items() if n} for name, found in counts.items()}
