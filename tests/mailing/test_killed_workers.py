"""A worker that is killed anywhere between the draft of a report and the record of its mail: nobody gets it twice.

Two workers run; one is killed by SIGKILL where it stands, and the other does the rest. ``make test`` takes one kill of
a stage and every step of a message; ``make kill-mail`` every COMMIT and mark on both databases, and counts them.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from config.place import SHIPPED
from jobs import issuing, mailing
from metrics.scope import Scope
from store import issued, outbox, turns
from store.database import Store, open_store
from tests.fresh import Databases
from tests.issuing.conftest import FRIDAY, Office, moment, week
from tests.mailing.conftest import OPERATOR
from tests.mailing.nursery import CUT_OFF
from tests.mailing.office_mail import Mailbox, open_mailbox
from tests.nothing_lost.kills import KILLED, Nursery, nursery
from tests.nothing_lost.test_kills import OUTGOING

EVERY_POINT: Final = os.environ.get("DUNGHAN_KILLS") == "every"
TO: Final = ("chutich@minhson.example", "vanphong@minhson.example")
NOW: Final = moment(FRIDAY, 8)
#: Stage → how the points of it are called. A stage in which nobody was ever killed fails.
STAGES: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("before draft", "after draft", "store.turns.", "store.editions.claim", "store.editions.drafted"),
    "render": ("before render", "after render"),
    "claim": ("store.editions.issue", "store.delivery.take"),
    "send": ("store.delivery.about_to_send", "before DATA", "after 354", "message sent"),
    "record": ("message answered", "store.delivery.ended"),
}
#: Where workers die on the way to the report, in the small version.
A_STAGE: Final = (("after draft", 1), ("after render", 1), ("before COMMIT in store.editions.issue", 1))


@dataclass(frozen=True, slots=True)
class Order:
    """One worker: where, when, and the point at which it dies when it is passed for the ``nth`` time; "": it lives."""

    store: str
    home: str
    env: dict[str, str]
    now: str
    stuck: str
    point: str = ""
    nth: int = 1
    linger: float = 0.1


@dataclass(slots=True)
class Killed:
    """Kills by point, and what became of mail."""

    points: Counter[str] = field(default_factory=Counter)
    unknown: int = 0

    def of(self, stage: str) -> int:
        return sum(n for point, n in self.points.items() if stage_of(point) == stage)


def stage_of(point: str) -> str:
    return next((stage for stage, words in STAGES.items() if any(word in point for word in words)), "")


@pytest.fixture(scope="module")
def workers() -> Iterator[tuple[Nursery, Nursery]]:
    with nursery("tests.mailing.nursery") as one, nursery("tests.mailing.nursery") as other:
        yield one, other


@pytest.fixture
def made(engine_kind: str, request: pytest.FixtureRequest) -> Databases:
    databases: Databases = request.getfixturevalue("postgres" if engine_kind == "postgresql" else "files")
    return databases


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of an office that sends without asking, to two recipients."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "report.toml").write_bytes((SHIPPED / "report.toml").read_bytes())
    (folder / "mail.toml").write_text(f'operators = ["{OPERATOR}"]\n', encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(folder))
    return folder


@pytest.fixture
def base(made: Databases, told: Path, tmp_path: Path) -> str:
    """The address of a store on Friday morning: the week was read, and the report is due."""
    url = made.migrated(tmp_path, "base")
    store = open_store(url, home=tmp_path / "var")
    office = Office(store, told)
    office.sets(approval='"automatic"')
    office.sends_to(*TO)
    office.hears(*week(), at=moment(FRIDAY, 7))
    turns.plan(store, "reports", moment(FRIDAY, 7, 30))
    at = moment(FRIDAY, 7)
    turns.plan(store, CUT_OFF, at)
    assert turns.claim(store, CUT_OFF, at, at, then=at + timedelta(days=1, hours=2), at=at)
    store.engine.dispose()
    return url


@pytest.fixture
def issued_base(base: str, made: Databases, tmp_path: Path) -> str:
    """The address of a store in which the report is issued, and its mail waits."""
    url = made.copied(base, tmp_path, "issued")
    store = open_store(url, home=tmp_path / "var")
    issuing.draft_due(store, NOW)
    issuing.issue_approved(store, NOW)
    store.engine.dispose()
    return url


@dataclass(slots=True)
class Scene:
    """What the kills of one test share."""

    made: Databases
    workers: tuple[Nursery, Nursery]
    folder: Path
    config: Path
    killed: Killed = field(default_factory=Killed)
    number: int = 0

    def order(self, url: str, box: Mailbox, name: str, **more: Any) -> Order:
        env = {
            "DUNGHAN_CONFIG": str(self.config), "DUNGHAN_HOME": str(self.folder / "var"),
            "DUNGHAN_SMTP_HOST": "127.0.0.1", "DUNGHAN_SMTP_PORT": str(box.port), "DUNGHAN_SMTP_SECURITY": "none",
            "DUNGHAN_SMTP_FROM": "baocao@minhson.example",
        }  # fmt: skip
        return Order(url, str(self.folder / "var"), env, NOW.isoformat(), str(self.folder / f"{name}.stuck"), **more)

    def passed(self, base: str) -> tuple[str, ...]:
        """Let one worker do everything undisturbed; gives the points that it passed."""
        url = self.made.copied(base, self.folder, f"undisturbed-{self.number}")
        with open_mailbox() as box:
            ended = self.workers[0].bear(self.order(url, box, f"undisturbed-{self.number}"))
            assert ended.status == 0
            self.holds(url, box, unknown=0)
        return ended.points

    def kill(self, base: str, point: str, nth: int) -> None:
        """Kill one worker at a point while another works, and look at what came of it."""
        self.number += 1
        name = f"killed-{self.number}"
        url = self.made.copied(base, self.folder, name)
        with open_mailbox() as box:
            doomed = self.order(url, box, name, point=point, nth=nth)
            alive: list[int] = []
            other = threading.Thread(target=self._when_stuck, args=(doomed, self.order(url, box, name), alive))
            other.start()
            status = self.workers[0].bear(doomed).status
            Path(doomed.stuck).touch()
            other.join()
            assert (status, alive) == (KILLED, [0]), f"at {point} ({nth})"
            self.killed.points[point] += 1
            self.killed.unknown += self.holds(url, box, unknown=1 if in_doubt(point) else 0)
        self.made.drop(url)

    def _when_stuck(self, doomed: Order, order: Order, alive: list[int]) -> None:
        while not Path(doomed.stuck).exists():
            time.sleep(0.01)
        alive.append(self.workers[1].bear(order).status)

    def holds(self, url: str, box: Mailbox, *, unknown: int) -> int:
        """Assert that one report went out, once to each, or that the operator was told; gives how many are unknown."""
        store = open_store(url, home=self.folder / "var")
        try:
            before = dict(box.copies)
            look(store, box, unknown)
            by_mail = {"mail": lambda *_: pytest.fail("somebody would get it again")}
            for days in (0, 1, 30):
                assert not mailing.deliver(store, by_mail, clock=lambda days=days: NOW + timedelta(days=days))  # type: ignore[misc]
            assert dict(box.copies) == before
        finally:
            store.engine.dispose()
        return unknown


def in_doubt(point: str) -> bool:
    """Say whether the message had been begun and how it ended was not yet written."""
    last = ("before COMMIT in store.delivery.ended", "before UPDATE outbox SET in store.delivery.ended")
    return point in ("before DATA", "after 354", "message sent", "message answered", *last) or point == (
        "after COMMIT in store.delivery.about_to_send"
    )


def look(store: Store, box: Mailbox, unknown: int) -> None:
    (report,) = issued.editions_of(store, Scope.province())
    assert (report.state, report.number) == ("issued", 1)
    letters = {row["recipient"]: row for row in outbox.listed(store) if row["about"] == "report"}
    assert sorted(letters) == sorted(TO)
    notes = [row["body"] for row in outbox.listed(store) if row["about"] == "notice"]
    assert len(notes) == unknown, notes  # and a notice of each that is in doubt
    assert all(n == 1 for n in box.copies.values()), box.copies
    for to, row in letters.items():
        came = box.copies[row["message_id"], to]
        assert row["state"] == "sent" and came == 1 or row["state"] == "unknown" and came <= 1
    doubtful = [row for row in letters.values() if row["state"] == "unknown"]
    assert len(doubtful) == unknown
    notices = [str(message.get_body(("plain",)).get_content()) for to, message in box.came if to == OPERATOR]  # type: ignore[union-attr]
    assert len(notices) == unknown
    assert all(row["message_id"] in notices[n] for n, row in enumerate(doubtful))


def everywhere(points: tuple[str, ...]) -> list[tuple[str, int]]:
    """Choose every COMMIT and mark, each the first time that it is passed, and the last."""
    counts = Counter(point for point in points if " COMMIT " in point or " in " not in point)
    nths = {point: sorted({1, n}) if EVERY_POINT else [1] for point, n in counts.items()}
    return [(point, nth) for point, times in nths.items() for nth in times]


@pytest.mark.slow
def test_wherever_a_worker_is_killed_nobody_gets_a_report_twice(
    made: Databases, workers: tuple[Nursery, Nursery], told: Path, base: str, issued_base: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    scene = Scene(made, workers, tmp_path, told)
    for point, nth in everywhere(scene.passed(base)) if EVERY_POINT else A_STAGE:
        scene.kill(base, point, nth)
    for point, nth in everywhere(scene.passed(issued_base)):  # every step of a message, where nothing else is slow
        scene.kill(issued_base, point, nth)
    for stage in STAGES:
        assert scene.killed.of(stage), f"nobody was ever killed in the stage {stage}"
    for place, when in itertools.product(OUTGOING, ("before", "after")):
        assert scene.killed.points[f"{when} COMMIT in {place}"], f"nobody was ever killed {when} COMMIT in {place}"
    if EVERY_POINT:
        with capsys.disabled():
            sys.stdout.write(f"\n{scene.killed.points.total()} kills, {scene.killed.unknown} messages in doubt:\n")
            sys.stdout.writelines(f"{scene.killed.of(stage):6} {stage}\n" for stage in (*STAGES, ""))
            sys.stdout.writelines(f"{n:6} {point}\n" for point, n in sorted(scene.killed.points.items()))
