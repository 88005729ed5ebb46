"""What must hold again and again: each report once and in order, each letter once, nothing silent that is heard."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

import polars as pl
import sqlalchemy as sa

from jobs import heard, issuing
from jobs.insights import is_due
from metrics.scope import Scope
from store import alerts, issued, outbox, runs, snapshot, tables, turns
from store.database import reading
from store.outgoing_tables import alerts as alert_rows
from tests.furnished import TO
from tests.soak.house import OPENED_ON, House
from tests.soak.truth import day_of

SILENT: Final = "stale_source"
#: The clock runs on while a reading is under way, whose end is told by how long it took.
UNDER_WAY: Final = timedelta(minutes=30)
#: What no process may say in a soak. The code of an incident, a duty or a run that broke.
_BAD: Final = re.compile(r"\[(?:error|critical) *\]|_broken\b|Traceback|turn_failed|rebuild_failed|insight_failed")


def morning_done(house: House, at: datetime) -> bool:
    """Say whether what a morning wants is done: analyses of the night, drafts, the digest, its mail."""
    taken = turns.taken(house.store)
    ended = all(turn.last_due_at is None or turn.outcome == "done" for turn in taken.values())
    due = all(turn.next_due_at > at for turn in taken.values())
    analysed = not is_due(house.store, now=house.clock.now)  # not at the gate: analyses may have been made since
    return len(taken) == 2 and ended and due and analysed and not outbox.any_open(house.store)


def issued_all(house: House, at: datetime) -> bool:
    """Say whether every report that is due is out, with its mail."""
    waits = issued.editions_of(house.store, Scope.province(), states=("claimed", "draft", "approved", "held"))
    return not issuing.due(house.store, at) and not waits and not outbox.any_open(house.store)


def fridays(until: datetime) -> list[date]:
    """Give the Fridays from the opening on whose report is due by an instant at which it is evening."""
    days = (OPENED_ON + timedelta(days=n) for n in range((day_of(until) - OPENED_ON).days + 1))
    return [day for day in days if day.weekday() == 4]


def reports(house: House, at: datetime) -> list[str]:
    """Say what is wrong with the reports: one a Friday, on it, numbered in order, with its papers and its letters."""
    every = issued.editions_of(house.store, Scope.province())
    out = sorted((one for one in every if one.state == "issued"), key=lambda one: one.issued_at or at)
    wrong = [f"report of {one.issue_on}: {one.state} {one.held}" for one in every if one.state != "issued"]
    if [one.issue_on for one in out] != fridays(at):
        wrong.append(f"reports of {[str(one.issue_on) for one in out]} in place of {[str(f) for f in fridays(at)]}")
    if [one.number for one in out] != list(range(1, len(out) + 1)):
        wrong.append(f"numbers in the order of issue: {[one.number for one in out]}")
    wrong += [
        f"report of {one.issue_on}: issued on {day_of(one.issued_at)}"
        for one in out
        if one.issued_at and day_of(one.issued_at) != one.issue_on
    ]
    wrong += [
        f"days between {one.end} and {then.start} are in no report, or in two"
        for one, then in pairwise(out)
        if then.start != one.end + timedelta(days=1)
    ]
    for one in out:
        forms = sorted(paper.form for paper in issued.papers_of(house.store, one.id, Scope.province()))
        if forms != ["docx", "json", "pdf", "xlsx"]:
            wrong.append(f"papers of the report of {one.issue_on}: {forms}")
    return wrong + _letters(house, len(out))


def _letters(house: House, reports_out: int) -> list[str]:
    """Hold what came to the mail server against the outbox."""
    rows = outbox.listed(house.store, limit=100_000)
    came, copies = house.box.copies, Counter(row["about"] for row in rows)
    wrong = [f"letter {key}: {n} copies" for key, n in came.items() if n > 1]
    wrong += [f"letter {row['id']} about {row['about']}: {row['state']}" for row in rows if row["state"] != "sent"]
    wrong += [
        f"letter {row['id']} about {row['about']}: sent, and never came"
        for row in rows
        if row["state"] == "sent" and not came[row["message_id"], row["recipient"]]
    ]
    if len(came) != len(rows):
        wrong.append(f"{len(came)} letters came of {len(rows)} in the outbox")
    if copies["report"] != reports_out * len(TO):
        wrong.append(f"{copies['report']} letters of {reports_out} reports to {len(TO)}")
    return wrong


def digests(house: House) -> Counter[str]:
    """Count letters by what they are about."""
    return Counter(row["about"] for row in outbox.listed(house.store, limit=100_000))


def silent(house: House) -> bool:
    """Say whether the source is told to be silent."""
    return bool((alerts.standing(house.store, Scope.province())["rule"] == SILENT).any())


def silences(house: House, away: list[tuple[datetime, datetime]]) -> list[str]:
    """Say what is wrong with alerts and outages: one for each time that the source was away, every one over."""
    question = sa.select(alert_rows).where(alert_rows.c.rule == SILENT)
    with reading(house.store) as connection:
        told = connection.execute(question).mappings().all()
    wrong = [
        f"alert {row['id']} of {row['subject']} stands since {row['raised_at']}" for row in told if not row["ended_at"]
    ]
    for begun, over in away:
        known = [row for row in told if begun <= row["raised_at"] <= over + timedelta(hours=1)]
        if not known:
            wrong.append(f"no alert of the source that was away from {begun} to {over}")
    state = snapshot.read_manifest(house.store)
    if state is None:
        return [*wrong, "there are no figures"]
    found = heard.outages(house.store, state, since=OPENED_ON, known_at=house.clock.now)
    true = [(day_of(begun), day_of(over)) for begun, over in away]
    if [(one.first, one.last) for one in found] != true:
        wrong.append(
            f"outages {[(str(o.first), str(o.last)) for o in found]} in place of {[(str(a), str(b)) for a, b in true]}"
        )
    return wrong


def failed_runs(house: House, away: list[tuple[datetime, datetime]]) -> list[str]:
    """Give runs that failed, less those while the source was away, or under way when it went."""
    rows = runs.history(house.store, limit=1_000_000).filter(pl.col("state") == "failed")
    lost = [
        row
        for row in rows.to_dicts()
        if not any(
            begun <= row["finished_at"] + UNDER_WAY and row["started_at"] <= over + timedelta(hours=1)
            for begun, over in away
        )
    ]
    return [f"run {row['id']} of {row['started_at']}: {row['error']}" for row in lost]


def said(house: House) -> list[str]:
    """Give lines of the diaries that no process may write."""
    found = []
    for log in sorted((house.folder / "logs").glob("*.log*")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{log.name}: {line[:300]}" for line in lines if _BAD.search(line)]
    return found


def refused(house: House) -> int:
    """Count rows in quarantine."""
    with reading(house.store) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(tables.quarantine)) or 0
