"""Answers of ``dunghan reconcile`` as plain values: counts, groups, the dossiers behind a number, the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from config import causes
from config.errors import ConfigError, nearest
from jobs.answers import at_hand, day_of
from metrics import rulebook
from metrics.reconcile import BY, LISTS, counted, listed
from metrics.scope import Scope
from reports import reconciliation, reconciliation_xlsx
from store import reconciliations, runs, snapshot
from store.database import Store
from store.reconciliations import Judged, record

#: What is told of a dossier.
TOLD: Final = (
    "code", "a_code", "b_code", "department", "field", "procedure_name", "presence", "overdue", "why",
    "a_stage", "b_stage", "a_received_on", "b_received_on", "a_due_on", "b_due_on", "a_closed_on", "b_closed_on",
    "copies_a", "copies_b", "link", "link_code", "cause", "note", "recorded_by", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of ``dunghan reconcile``: source A, where the dossiers are worked, and B, which is told of it."""

    a: str
    b: str
    as_of: str | None = None
    known_at: str | None = None
    tolerance_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Two sources side by side on a day: reports.reconciliation.with_causes."""

    rows: pl.DataFrame
    as_of: date
    data_version: str
    titles: dict[str, str]
    said: dict[str, Any]  # of the moment that was asked for

    def subject(self, asked: Asked) -> reconciliation_xlsx.Subject:
        """Say what the workbook is about."""
        told = {code: f"{code} {cause.title}" for code, cause in causes.load().items()}
        a, b = self.titles[asked.a], self.titles[asked.b]
        return reconciliation_xlsx.Subject(a, b, self.as_of, self.data_version, told)


def find(store: Store, asked: Asked) -> Found:
    """Reconcile two sources. Raises ConfigError for a source that is not in the store, or the same one twice."""
    titles = {row["name"]: row["title"] or row["name"] for row in runs.latest(store).to_dicts()}
    for name in (asked.a, asked.b):
        if name not in titles:
            found = f'no source of the store is called "{name}".{nearest(name, titles)}'
            raise ConfigError("reconcile", found, f"Known: {', '.join(titles) or 'none'}.")
    if asked.a == asked.b:
        raise ConfigError("reconcile", f'"{asked.a}" cannot be held against itself.', "Name two sources.")
    with at_hand(store, asked.known_at) as (place, state, said):
        day = day_of(asked.as_of, state)
        rows = reconciliation.between(
            snapshot.all_facts(place, state), asked.a, asked.b, as_of=day, calendar=rulebook.load().calendar,
            scope=Scope.province(), tolerance_minutes=asked.tolerance_minutes,
        )  # fmt: skip
        until = state.built_at if asked.known_at else None
        known = reconciliations.recorded(store, Scope.province(), asked.a, asked.b, until)
        return Found(reconciliation.with_causes(rows, known), day, state.data_version, titles, said)


def answer(found: Found, asked: Asked, by: tuple[str, ...] = (), list_: str = "") -> dict[str, Any]:
    """Give the JSON of ``dunghan reconcile``. Raises ConfigError for words that are not known."""
    check(by, list_)
    told = {"a": asked.a, "b": asked.b, "as_of": found.as_of.isoformat(), "data_version": found.data_version}
    whole = told | found.said | {"counts": counted(found.rows).row(0, named=True)}
    if by:
        groups = counted(found.rows, by).to_dicts()
        whole["groups"] = [{"by": {b: row[b] for b in by}, "counts": {n: row[n] for n in LISTS}} for row in groups]
    if list_:
        whole |= {"list": list_, "dossiers": listed(found.rows, list_).select(TOLD).to_dicts()}
    return whole


def check(by: tuple[str, ...], list_: str) -> None:
    """Raise ConfigError for a name that is no grouping, or no list."""
    for name in by:
        if name not in BY:
            raise ConfigError(f"--by {name}", f"not a way to group.{nearest(name, BY)}", f"Known: {', '.join(BY)}.")
    if list_ and list_ not in LISTS:
        found = f"there is no such list.{nearest(list_, LISTS)}"
        raise ConfigError(f"--list {list_}", found, f"Known: {', '.join(LISTS)}.")


def record_cause(
    store: Store, found: Found, asked: Asked, code: str, *, cause: str, note: str, by: str, at: datetime
) -> Judged:
    """Record the cause of a dossier called ``code`` in either source. Raises ConfigError when there is none."""
    mine = pl.any_horizontal(pl.col(c).eq_missing(code.strip()) for c in ("code", "a_code", "b_code"))
    rows = found.rows.filter(mine)
    if rows.is_empty():
        like = found.rows["code"].to_list()
        said = f"neither {asked.a} nor {asked.b} has it.{nearest(code.strip(), like)}"
        raise ConfigError(f"dossier {code}", said, "Check the code.")
    row = rows.row(0, named=True)
    told = Judged(asked.a, asked.b, row["code"], row["overdue"])
    record(store, told, Scope.province(), cause=cause, note=note, by=by, at=at)
    return told
