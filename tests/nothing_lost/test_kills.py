"""A process that is killed at any point leaves a store that a clean run makes equal to one that nobody disturbed.

Real processes, killed by SIGKILL before every statement of a transaction that writes, before its COMMIT and after it.
``make test`` takes every COMMIT and some statements of three readings; ``make crash`` every point, twice in a row.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from config import notes
from store import frames, tables
from store.database import Store, open_store, reading
from store.verifying import verify
from tests.connectors.made import HEADER, PLAIN
from tests.fresh import Databases
from tests.nothing_lost.contents import counts_add_up, hashes, runs_of
from tests.nothing_lost.kills import KILLED, Nursery, Order, nursery, writers
from tests.nothing_lost.office import MORNING, Office, open_office

EVERY_POINT: Final = os.environ.get("DUNGHAN_KILLS") == "every"
SEEDS: Final = range(int(os.environ.get("DUNGHAN_KILL_SEEDS", "1")))
#: Places that write and that no reading of a source passes: a person's own command. One statement each; and a restore,
#: one transaction into a store that takes its place only when it is whole (tests/backup).
BY_PEOPLE: Final = {
    "store.alerts.acknowledge", "store.alerts.post", "store.alerts.settle", "store.people.set_mail",
    "store.urgings.answer", "store.urgings.issue", "store.faults.act", "store.faults.report",
    "store.audit.keep", "store.corrections.record", "store.delivery._decide",
    "store.editions.approve", "store.editions.claim", "store.editions.drafted",
    "store.editions.force", "store.editions.hold", "store.editions.issue",
    "store.editions.remark", "store.entered.enter", "store.entered.load", "store.entered.take_back",
    "store.restatements.keep", "store.failures.begin", "store.failures.unlock",
    "store.failures.was_right", "store.failures.was_wrong", "store.people.add", "store.people.change",
    "store.people.disable", "store.people.enable", "store.people.set_password", "store.reconciliations.record",
    "store.outbox.put_later",
    "store.records.record", "store.restoring._into_postgresql", "store.restoring._into_sqlite", "store.rulebooks.keep",
    "store.roles.apply", "store.sessions._note", "store.sessions.close", "store.sessions.close_all",
    "store.sessions.open_for", "store.signing_in.vouched", "store.surveys.ask", "store.surveys.take",
    "store.tokens.issue", "store.tokens.revoke",
}  # fmt: skip
#: Places of what goes out: workers are killed in them by tests/mailing.
OUTGOING: Final = {
    "store.delivery.about_to_send", "store.delivery.cut_off", "store.delivery.ended", "store.delivery.take",
    "store.turns.again", "store.turns.claim", "store.turns.ended", "store.turns.move", "store.turns.plan",
}  # fmt: skip
SOURCE: Final = "mot-cua"


@dataclass(slots=True)
class Scene:
    """A reading to be killed in: the source, and the order that lives, on a store as it is before."""

    office: Office
    order: Order

    def hours_pass(self, hours: int) -> None:
        self.office.now += timedelta(hours=hours)
        self.order = replace(self.order, seen_at=self.office.now.isoformat())


def first(scene: Scene, raised: Nursery, rng: random.Random) -> None:
    """Leave a database without tables, and a source with a morning's work."""
    scene.office.put(*(f"A-{i}" for i in range(rng.randint(9, 12))), at=MORNING - timedelta(hours=1))
    scene.office.put("A-bad", status="99", at=MORNING - timedelta(hours=2))


def day(scene: Scene, raised: Nursery, rng: random.Random) -> None:
    """Leave a store that has read the morning, and a source in which work went on."""
    first(scene, raised, rng)
    assert raised.bear(scene.order).status == 0
    scene.hours_pass(3)
    scene.office.put("A-1", "A-2", status="9")
    scene.office.put("A-4")  # a stamp alone is no change
    scene.office.put(*(f"B-{i}" for i in range(rng.randint(4, 6))))


def night(scene: Scene, raised: Nursery, rng: random.Random) -> None:
    """Leave a store whose last run was killed; a dossier was missing in the last sweep, another is since."""
    day(scene, raised, rng)
    del scene.office.rows["A-5"]
    assert raised.bear(replace(scene.order, sweep=True)).status == 0
    scene.hours_pass(12)
    del scene.office.rows["A-7"]
    scene.office.put("A-6", "A-bad", "C-1")
    assert raised.bear(replace(scene.order, point="after COMMIT in store.ingest._open")).status == KILLED
    scene.hours_pass(12)
    scene.order = replace(scene.order, sweep=True)


#: Read in two halves, the source was not seen whole by either: its next sweep comes the sooner.
SCENES: Final = {first: {"swept_at"}, day: set[str](), night: set[str]()}


@pytest.fixture(scope="module")
def raised() -> Iterator[Nursery]:
    with nursery() as bringing_up:
        yield bringing_up


@pytest.fixture
def made(engine_kind: str, request: pytest.FixtureRequest) -> Databases:
    """Where the databases of these tests come from."""
    databases: Databases = request.getfixturevalue("postgres" if engine_kind == "postgresql" else "files")
    return databases


def test_wherever_a_process_is_killed_a_clean_run_makes_it_good(
    made: Databases, raised: Nursery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed: Counter[str] = Counter()
    for seed, lay in itertools.product(SEEDS, SCENES):
        rng = random.Random(f"{seed} {lay.__name__}")
        office = Office()
        with open_office(office) as source:
            base = made.empty(tmp_path, f"{lay.__name__}-{seed}")
            scene = Scene(office, Order(base, str(tmp_path / "var"), source.address, MORNING.isoformat()))
            lay(scene, raised, rng)
            undisturbed = made.copied(base, tmp_path, f"{lay.__name__}-{seed}-undisturbed")
            passed = raised.bear(replace(scene.order, store=undisturbed))
            assert passed.status == 0
            expected = looked_at(undisturbed, less=SCENES[lay])
            for number, (point, nth) in enumerate(chosen(passed.points, killed, rng)):
                url = made.copied(base, tmp_path, f"{lay.__name__}-{seed}-{number}")
                order = replace(scene.order, store=url)
                assert raised.bear(replace(order, point=point, nth=nth)).status == KILLED
                killed[point] += 1
                if EVERY_POINT:  # whoever mends may be killed as well
                    again = rng.choice(passed.points)
                    killed[again] += raised.bear(replace(order, point=again)).status == KILLED
                assert raised.bear(order).status == 0
                assert looked_at(url, less=SCENES[lay]) == expected, f"{lay.__name__}, killed {point} ({nth})"
                made.drop(url)
            if EVERY_POINT:
                assert set(passed.points) <= killed.keys()
    for place in writers() - BY_PEOPLE - OUTGOING:
        assert killed[f"before COMMIT in {place}"], f"nobody was ever killed before the COMMIT in {place}"
        assert killed[f"after COMMIT in {place}"], f"nobody was ever killed after the COMMIT in {place}"
    if EVERY_POINT:
        with capsys.disabled():
            sys.stdout.write(f"\n{killed.total()} kills:\n")
            sys.stdout.writelines(f"{n:6} {point}\n" for point, n in sorted(killed.items()))


def chosen(points: Sequence[str], killed: Counter[str], rng: random.Random) -> list[tuple[str, int]]:
    """Choose where to kill, as (point, which passing of it): everywhere, or at each COMMIT once and here and there."""
    every = [(point, points[: n + 1].count(point)) for n, point in enumerate(points)]
    if EVERY_POINT:
        return every
    commits = [(point, nth) for point, nth in every if " COMMIT " in point and nth == 1 and not killed[point]]
    return [*commits, rng.choice([p for p in every if " COMMIT " not in p[0]])]


def looked_at(url: str, *, less: Collection[str]) -> dict[str, str]:
    """Give the hashes of a store's tables; whatever happened to it, its runs account for all rows and none runs on."""
    store = open_store(url, home=Path("var"))
    try:
        counts_add_up(store, SOURCE)
        assert verify(store) == ()
        assert runs_of(store, SOURCE)["state"].is_in(["ok", "failed"]).all()
        return hashes(store, SOURCE, less=less) | {"notes": said(store)}
    finally:
        store.engine.dispose()


def said(store: Store) -> str:
    """Give what the runs noted, each sentence once."""
    kept = runs_of(store, SOURCE)["notes"].drop_nulls()
    return "\n".join(sorted({str(note) for told in kept for note in notes.read(told)}))


FOLDER: Final = """
[[source]]
name = "tep"
kind = "folder"
mapping = "m.toml"
[source.folder]
path = "inbox"
settle_seconds = 0.01
complete = true
"""


def put(told: Path, name: str, codes: str) -> None:
    lines = "".join(f"{code},21/11/2026,25/11/2026,\n" for code in codes)
    (told / "inbox" / name).write_text(HEADER + lines, encoding="utf-8")


def test_a_whole_list_in_which_a_process_was_killed_counts_as_one_sighting(
    made: Databases, raised: Nursery, tmp_path: Path
) -> None:
    """C is in the first list, not in the second, in which the process dies, nor in the third: it is gone."""
    begun = tmp_path / "begun"
    (begun / "inbox").mkdir(parents=True)
    (begun / "sources.toml").write_text(FOLDER, encoding="utf-8")
    (begun / "m.toml").write_text(PLAIN, encoding="utf-8")
    put(begun, "1.csv", "ABC")
    base = made.empty(tmp_path, "begun")
    first_list = Order(base, str(tmp_path / "var"), "", MORNING.isoformat(), told=str(begun))
    assert raised.bear(first_list).status == 0
    put(begun, "2.csv", "AB")

    def at(n: int, name: str) -> Order:
        shutil.copytree(begun, tmp_path / name)
        url = made.copied(base, tmp_path, name)
        return replace(first_list, store=url, told=str(tmp_path / name), seen_at=later(n))

    def later(days: int) -> str:
        return (MORNING + timedelta(days=days)).isoformat()

    passed = raised.bear(at(1, "undisturbed"))
    assert passed.status == 0
    commits = dict.fromkeys(point for point in passed.points if " COMMIT " in point)
    assert "after COMMIT in store.ingest.Run.batch" in commits
    for number, point in enumerate(commits):
        order = at(1, f"killed-{number}")
        assert raised.bear(replace(order, point=point)).status == KILLED
        assert raised.bear(order).status == 0
        put(Path(order.told), "3.csv", "ABD")
        assert raised.bear(replace(order, seen_at=later(2))).status == 0
        assert states(order.store) == {"A": "processing", "B": "processing", "C": "gone", "D": "processing"}, point
        made.drop(order.store)


def states(url: str) -> dict[str, str]:
    store = open_store(url, home=Path("var"))
    try:
        with reading(store) as connection:
            told = sa.select(tables.dossiers.c.code, tables.dossiers.c.status)
            return dict(frames.select(connection, told).rows())
    finally:
        store.engine.dispose()
