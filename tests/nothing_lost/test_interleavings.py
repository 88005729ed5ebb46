"""Any interleaving of shuffle, duplicate, replay, older after newer and crash ends as one clean ordered load does.

What must be the same, table by table:

- ``dossiers``: every column that a source tells, the part, and the newest stamp; always. ``changed_at``, the stamp of
  the state that stands: the same unless a dossier went back to what it once said and a state between was left out.
- ``ledger``: a state is an entry if it says another thing than the one before it and is no older than any seen. So the
  ledger of a dossier never goes back in time, never says the same twice in a row, ends in what ``dossiers`` holds, and
  is exactly that of the slow twin. Where no state came before an older one it is that of the clean load, row by row.
- ``quarantine``: every refused row once; it waits unless its dossier was read well in a later run.
- ``cursor``: that of the last batch. Counts add up in every run, those that were cut off included.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import polars as pl
import sqlalchemy as sa
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from metrics.dossier import COMPARED
from store.database import Store
from store.ingest import Counts, Source, begin_run
from tests.nothing_lost.contents import HOW_OFTEN, WHEN, contents, counts_add_up, hashes, runs_of
from tests.nothing_lost.histories import FIRST_LOOK, Delivery, Refused, State, Twin, in_order, never_ahead

#: More of them: make crash.
EXAMPLES: Final = int(os.environ.get("DUNGHAN_INTERLEAVINGS", "15"))
_NAMES = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Crash:
    """Break off in the ``delivery``-th of a run: before its ``statement``-th statement or COMMIT, else right after."""

    delivery: int
    statement: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One run: on from the cursor (``these`` is None), or these deliveries whatever the cursor says."""

    these: tuple[Delivery, ...] | None = None
    crash: Crash | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What a source gives in order, and how it really came."""

    ordered: tuple[Delivery, ...]
    readings: tuple[Reading, ...]


crashes = st.none() | st.builds(Crash, st.integers(0, 3), st.integers(1, 14))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    states = [s for code in "ABCD"[: draw(st.integers(1, 4))] for s in draw(_history(code))]
    ordered = [replace(d, refused=draw(_refused())) for d in in_order(states, most=draw(st.integers(1, 3)))]
    replayed = st.lists(st.sampled_from(ordered), min_size=1, max_size=4).map(tuple)
    mixed = st.lists(st.sampled_from(states), min_size=1, max_size=6).map(_as_they_came)
    reading = st.builds(Reading, st.none() | replayed | mixed, crashes)
    return World(tuple(ordered), tuple(draw(st.lists(reading, max_size=5))))


@st.composite
def _history(draw: st.DrawFn, code: str) -> list[State]:
    stamps = sorted(draw(st.sets(st.integers(0, 9), min_size=1, max_size=4)))
    return [State(code, t, draw(st.sampled_from("abc")), draw(st.sampled_from((0, 0, 1)))) for t in stamps]


def _refused() -> st.SearchStrategy[tuple[Refused, ...]]:
    rows = st.sampled_from([Refused("no code"), Refused("A is bad", "A"), Refused("B is bad", "B")])
    return st.lists(rows, max_size=2, unique=True).map(tuple)


def _as_they_came(states: Sequence[State]) -> tuple[Delivery, ...]:
    """Put states into deliveries in this very order, a new one whenever a code comes again."""
    deliveries: list[list[State]] = [[]]
    for state in states:
        if state.code in {s.code for s in deliveries[-1]}:
            deliveries.append([])
        deliveries[-1].append(state)
    return tuple(Delivery(tuple(d)) for d in deliveries)


class Broken(Exception):  # noqa: N818  the process ends here, as far as the store can tell
    """The run was cut off."""


@contextmanager
def breaking(store: Store, at: int | None) -> Iterator[None]:
    """Cut off before the ``at``-th statement or COMMIT of the block, else right after it."""
    seen = itertools.count(1)

    def tick(*_: object) -> None:
        if next(seen) == at:
            raise Broken

    for name in ("before_cursor_execute", "commit"):
        sa.event.listen(store.engine, name, tick)
    try:
        yield
    finally:
        for name in ("before_cursor_execute", "commit"):
            sa.event.remove(store.engine, name, tick)
    if at is not None and next(seen) <= at:
        raise Broken


def read(store: Store, name: str, world: World, reading: Reading, look: int) -> list[tuple[Delivery, Counts | None]]:
    """Do one run; gives what was stored, with its counts where the run lived to know them."""
    stored: list[tuple[Delivery, Counts | None]] = []
    seen_at = FIRST_LOOK + timedelta(minutes=look)
    try:
        with begin_run(store, Source(name, "Asia/Ho_Chi_Minh"), kind="sync", origin="x", seen_at=seen_at) as run:
            start = int(run.last_cursor or 0)
            given = world.ordered[start:] if reading.these is None else reading.these
            for number, delivery in enumerate(given):
                cursor = str(start + number + 1) if reading.these is None else None
                at = reading.crash.statement if reading.crash and reading.crash.delivery == number else None
                done = None
                try:
                    with breaking(store, at):
                        done = run.batch(delivery.good(name), delivery.rejects(), cursor=cursor)
                finally:
                    if done is not None:
                        stored.append((delivery, done))
    except Broken:
        pass
    return stored


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds())
def test_any_interleaving_ends_as_a_clean_ordered_load(store: Store, world: World) -> None:
    came, clean = f"came-{next(_NAMES)}", f"clean-{next(_NAMES)}"
    twin, stored = Twin(), []
    for look, reading in enumerate((*world.readings, Reading())):
        for delivery, done in read(store, came, world, reading, look):
            note(f"run {look}: {delivery}")
            assert done == twin.take(delivery, look)
            stored.append(delivery)
    read(store, clean, world, Reading(), 0)

    same_as_the_twin(store, came, twin)
    counts_add_up(store, came)
    assert runs_of(store, came)["state"].is_in(["ok", "failed"]).all()
    less = {"source", "name", "title", *WHEN, *HOW_OFTEN}
    ours, theirs = (hashes(store, name, less=less | {"changed_at"}) for name in (came, clean))
    assert (ours["dossiers"], ours["quarantine"]) == (theirs["dossiers"], theirs["quarantine"])
    assert cursor(store, came) == cursor(store, clean) == str(len(world.ordered))
    if never_ahead(stored):
        ours, theirs = (hashes(store, name, less=less) for name in (came, clean))
        assert (ours["dossiers"], ours["ledger"]) == (theirs["dossiers"], theirs["ledger"])


def cursor(store: Store, name: str) -> str:
    told: str = contents(store, name)["sources"]["cursor"].item()
    return told


def same_as_the_twin(store: Store, name: str, twin: Twin) -> None:
    held = contents(store, name)
    rows = {row["code"]: row for row in held["dossiers"].to_dicts()}
    assert rows.keys() == twin.known.keys()
    for code, known in twin.known.items():
        row, state = rows[code], known.state
        assert (row["step"], row["received_at"]) == (state.step, state.row(name)["received_at"])
        assert row["changed_at"] == known.entries[-1].at
        assert (row["stamped_at"] - state.at, row["versions"]) == (
            timedelta(minutes=known.top - state.stamp),
            len(known.entries),
        )
        ledger = held["ledger"].filter(code=code)
        assert ledger.select("change", "step", "happened_at").rows() == [
            ("changed" if n else "new", entry.step, entry.at) for n, entry in enumerate(known.entries)
        ]
        last = pl.DataFrame([row], schema=held["dossiers"].schema).select(*COMPARED, "part", "seen_at")
        assert ledger.tail(1).select(*COMPARED, "part", "seen_at").equals(last), "the last entry is what stands"
        assert ledger["part_before"].to_list() == [None, *ledger["part"].to_list()[:-1]]
        assert row["first_seen_at"] == ledger["seen_at"][0]
    waits = {row["raw"]: row["mended_at"] is None for row in held["quarantine"].to_dicts()}
    assert waits == {f'"{text}"': waits for text, (_, _, waits) in twin.waiting.items()}
