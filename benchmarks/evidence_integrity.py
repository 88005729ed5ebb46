"""Measure what the marks for checking find: on planted truth, where nothing is wrong, and on real sets.

Run it: ``python -m benchmarks.evidence_integrity [--rows N]``; it prints lines of Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks import real_sets
from config import insight as settings
from connectors.simulator.days import DAY, NEVER, day_number
from connectors.simulator.flow import lies, scenario
from connectors.simulator.flow.fate import LETTER_TOO_LATE, SILENT
from connectors.simulator.flow.scenario import Lies
from connectors.simulator.flow.world import World as Played
from connectors.simulator.flow.world import play
from connectors.simulator.lives import RESULT
from connectors.simulator.state import code
from jobs import flows, insight_integrity
from jobs.insight_world import World
from jobs.rebuild import rebuild
from metrics import integrity_bunching, integrity_evenings, rulebook
from metrics.integrity import Flag
from store import snapshot
from store.database import Store, open_store, reading

#: Real set → the day it is judged by: all of its years.
AS_OF: Final = {"Boston": date(2024, 5, 1), "Houston": date(2018, 1, 10), "WABO": date(2012, 1, 20)}
EVER: Final = date(1990, 1, 1)
#: A peak is planted where a unit shows so many as withdrawn in a week: fewer are no peak.
PEAK: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Of one mark: how many were planted, how many of these are marked, how many others are, of how many."""

    mark: str
    planted: int
    hits: int
    false: int
    whole: int

    @property
    def detected(self) -> float:
        return self.hits / self.planted if self.planted else 0.0

    @property
    def wrongly(self) -> float:
        """The share of what was not planted that is marked nevertheless."""
        return self.false / (self.whole - self.planted) if self.whole > self.planted else 0.0


def made(store: Store, as_of: date, *, days: int | None = None) -> dict[str, pl.DataFrame]:
    """Make the tables of the night for what stands in ``store`` on the evening of ``as_of``."""
    state, told = rebuild(store), settings.load()
    by = told.integrity.model_copy(update={"days": days}) if days else told.integrity
    with reading(store) as connection:
        terms = snapshot.terms(connection)
    world = World(store, state, as_of, rulebook.load(), terms, told.model_copy(update={"integrity": by}))
    return dict(insight_integrity.make(world))


def planted(store: Store, flow: str, *, rows: int | None = None, every: int = 1) -> tuple[Found, ...]:
    """Play ``flow``, read it every so many days as a worker would, and set what is marked beside what was planted."""
    told = scenario.load(flow)
    flows.play(store, flows.Flow(flow, rows=rows, every=every))
    tables = made(store, told.to_on)
    return tuple(_beside(tables, play(told, rows=rows)))


def _beside(tables: dict[str, pl.DataFrame], played: Played) -> Iterator[Found]:
    marks, cells = tables[insight_integrity.MARKS], tables[insight_integrity.CELLS]
    looked = dict(tables[insight_integrity.LOOKED].group_by("flag").agg(pl.col("whole").sum()).iter_rows())
    truth, evening = _named(played), (day_number(played.plan.told.to_on) + 1) * DAY - 1
    lie = pl.col("lie")
    of: dict[Flag, pl.Expr] = {
        Flag.MOVED: (pl.col("letter") == SILENT) & (pl.col("extended") > NEVER),
        Flag.SEEN_OPEN: lie == lies.REDATED,
        Flag.PAUSED: lie == lies.PAUSED_BEFORE_DUE,
        Flag.LATE_LETTER: (pl.col("letter") == LETTER_TOO_LATE) & (pl.col("extended") > NEVER),
        Flag.AGAIN: pl.col("again") > NEVER,
        Flag.NIGHT: lie == lies.CLOSED_AT_NIGHT,
        Flag.BACK: lie == lies.SENT_AS_DONE,
    }
    for flag, expr in of.items():
        true = set(truth.filter(expr, _shown(flag, evening))["code"])
        said = set(marks.filter(pl.col("flag") == flag.value)["code"])
        yield Found(flag, len(true), len(true & said), len(said - true), int(looked.get(flag.value, 0)))
        if flag is Flag.SEEN_OPEN:  # late synchronisation keeps few of them in time
            said = set(marks.filter(pl.col("flag") == flag.value, pl.col("kind") == "in_time")["code"])
            name = f"{flag}, in time by it"
            yield Found(name, len(true), len(true & said), len(said - true), int(looked.get(flag.value, 0)))
    liars = truth.filter(lie.is_in([lies.REDATED, lies.CLOSED_ON_DUE_DAY]))
    for flag in (Flag.BUNCHED, Flag.EVENING):
        groups = cells.filter(pl.col("flag") == flag.value).select("department", "field")
        testable = liars.select("department", "field").unique().join(groups, on=["department", "field"])
        yield _group(cells, flag, testable, ["department", "field"])
    peaks = truth.filter(lie == lies.WITHDRAWN_IN_PEAK).with_columns(from_on=_day("shown_closed").dt.truncate("1w"))
    weeks = peaks.group_by("department", "from_on").len().filter(pl.col("len") >= PEAK)
    yield _group(cells, Flag.PEAK, weeks, ["department", "from_on"])
    gone = truth.filter(lie == lies.WITHDRAWN_BEFORE_DUE)
    yield _group(cells, Flag.WITHDRAWN, gone.select("department"), ["department"])


def _named(played: Played) -> pl.DataFrame:
    told, truth = played.plan.told, played.truth
    units, codes = (pl.Series([getattr(u, name) for u in told.unit]) for name in ("name", "code"))
    fields = pl.Series([p.field for p in told.procedure])
    named = truth.with_columns(
        department=units.gather(truth["unit"]), unit_code=codes.gather(truth["unit"]),
        field=fields.gather(truth["procedure"]),
    )  # fmt: skip
    return named.with_columns(code=code())


#: What has to have happened, as shown, for a mark to be made of it.
_EVENT: Final = {
    Flag.MOVED: "extended", Flag.SEEN_OPEN: "shown_closed", Flag.PAUSED: "shown_asked", Flag.LATE_LETTER: "extended",
    Flag.AGAIN: "again", Flag.NIGHT: "shown_closed", Flag.BACK: "shown_replied",
}  # fmt: skip


def _shown(flag: Flag, evening: int) -> pl.Expr:
    """Keep what could be shown by the last evening; a letter behind the closing was never entered."""
    at, closed = pl.col(_EVENT[flag]), pl.col("shown_closed")
    before = at.is_between(0, evening)
    return before & ((closed == NEVER) | (at <= closed))


def _day(column: str) -> pl.Expr:
    return (pl.col(column) // DAY).cast(pl.Int32).cast(pl.Date)


def _group(cells: pl.DataFrame, flag: Flag, true: pl.DataFrame, keys: Sequence[str]) -> Found:
    tested = cells.filter(pl.col("flag") == flag.value)
    said = set(tested.filter("marked").select(keys).rows())
    wanted = set(true.select(keys).rows())
    groups = set(tested.select(keys).rows()) | wanted
    return Found(flag, len(wanted), len(wanted & said), len(said - wanted), len(groups))


def crowds(flow: str, seeds: Sequence[int]) -> Iterator[tuple[Flag, int, int]]:
    """Play ``flow`` without a single lie and give how many groups could be tested for a crowd on the due day and at its
    end, and how many were marked, each falsely: who works towards the nearest due day gathers there too."""
    honest, by = scenario.load(flow).model_copy(update={"lies": Lies()}), settings.load().integrity
    rows = [_closings(play(honest, seed=seed)) for seed in seeds]
    days = [integrity_bunching.tested(integrity_bunching.offsets(r, EVER, rulebook.load().calendar), by) for r in rows]
    late = [integrity_evenings.tested(integrity_evenings.closings(r, EVER, rulebook.load().time, by), by) for r in rows]
    for flag, told in ((Flag.BUNCHED, days), (Flag.EVENING, late)):
        yield flag, sum(one.height for one in told), sum(int(one["marked"].sum()) for one in told)


def _closings(played: Played) -> pl.DataFrame:
    due = pl.when(pl.col("moved") > NEVER).then("moved").otherwise("due")
    for name in ("extended", "again"):
        due = pl.when(pl.col(name) > NEVER).then(f"{name}_due").otherwise(due)
    received = pl.col("received") > NEVER
    return _named(played).with_columns(due=due).select(
        "code", "department", "field", source=pl.lit("flow"), procedure=pl.lit(None, pl.String),
        department_own="department", received_on=_day("received"), due_on=_day("due"), closed_on=_day("closed"),
        closed_local=pl.from_epoch("closed", time_unit="s").cast(pl.Datetime("us")),
        with_result=received & (pl.col("closed") > NEVER) & (pl.col("end") == RESULT),
    )  # fmt: skip


def real(store: Store, shared: Path, name: str) -> dict[str, int]:
    """Load a real set and count its marks, all years of it: flag → dossiers (of groups: marked groups)."""
    real_sets.load(store, shared, name)
    tables = made(store, AS_OF[name], days=3660)
    marks, cells = tables[insight_integrity.MARKS], tables[insight_integrity.CELLS]
    counted = {str(flag): int(n) for flag, n in marks.group_by("flag").len().sort("flag").iter_rows()}
    groups = cells.group_by("flag").agg(pl.len(), pl.col("marked").sum()).sort("flag")
    for flag, tested, marked in groups.iter_rows():
        counted |= {f"{flag}: groups tested": int(tested), f"{flag}: groups marked": int(marked)}
    quiet = tables[insight_integrity.QUIET]
    counted |= {f"{flag}: says nothing, {why}": 1 for flag, why in quiet.select("flag", "why").iter_rows()}
    facts = snapshot.facts(store, rebuild(store)).collect()
    earlier = pl.coalesce("resolved_at", "returned_at") < pl.col("received_at")
    counted["finished before receipt, by the day"] = int(facts["finished_before_receipt"].sum())
    counted["finished before receipt, by the moment"] = facts.filter("with_result", earlier).height
    counted["closed"] = facts["closed_on"].count()
    return counted | _around_due(facts)


def _around_due(facts: pl.DataFrame) -> dict[str, int]:
    """Count the closings of a whole set on the days up to the due day, promises of six working days or more."""
    line = integrity_bunching.offsets(facts, EVER, rulebook.load().calendar)
    days = [line.filter(pl.col("k") == -j).height for j in range(integrity_bunching.WINDOW + 1)]
    told = {f"closed {j} working days before due" if j else "closed on the due day": n for j, n in enumerate(days)}
    known = all(days[1:])
    return told | ({"expected on the due day": round(integrity_bunching.expected(tuple(days[1:]))[0])} if known else {})


def lines(found: Sequence[Found]) -> Iterator[str]:
    """Write what was found as a table of Markdown."""
    yield "| mark | planted | found | detection | marked beside | of | false alarms |"
    yield "|---|---|---|---|---|---|---|"
    for one in found:
        of = one.whole - one.planted
        yield (
            f"| {one.mark} | {one.planted:,} | {one.hits:,} | {one.detected:.1%} | {one.false:,} | {max(of, 0):,} | "
            f"{one.wrongly:.2%} |"
        )


def _store(folder: Path, name: str) -> Store:
    return open_store(f"sqlite:///{folder / name}.sqlite", home=folder / name)


def main() -> None:
    """Print everything that is measured."""
    write = sys.stdout.write
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=None, help="dossiers of a flow instead of as many as come")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for flow, every in (("ra-soat", 1), ("qua-tai", 1)):
            begun = time.monotonic()
            found = planted(_store(folder, flow), flow, rows=asked.rows, every=every)
            write(f"\n**Flow `{flow}`**, read every evening ({time.monotonic() - begun:.0f} s)\n\n")
            write("\n".join(lines(found)) + "\n")
        write("\n**Flow `mot-cua`, honest**, three seeds, marked of tested groups\n\n")
        for flag, groups, marked in crowds("mot-cua", (1, 2, 3)):
            write(f"- {flag}: {marked} of {groups}\n")
        shared = real_sets.folder()
        for name in AS_OF if shared.is_dir() else ():
            write(f"\n**{name}**\n\n")
            for what, n in real(_store(folder, name), shared, name).items():
                write(f"- {what}: {n:,}\n")


if __name__ == "__main__":
    main()
