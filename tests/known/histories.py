"""Random histories: what one or two sources said in a row of runs, with corrections, repeats and late news."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from jobs.rebuild import rebuild
from metrics.dossier import CLOSED, COLUMNS, PLAIN, SUSPENDED
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.fresh import Databases

#: 2 March 2026, a Monday, 9:00 in Hà Nội.
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
ZONE = "Asia/Ho_Chi_Minh"
SOURCES = ("mot-cua", "dat-dai")
STATUSES = ("submitted", "accepted", "processing", "supplement", "withdrawn", "resolved", "returned", "not_accepted")


@dataclass(frozen=True, slots=True)
class Empty:
    """A store with its tables and nothing in them, at ``url``, and where copies of it come from."""

    databases: Databases
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one run of a source brought: dossiers as rows of metrics.dossier.Dossier."""

    source: str
    seen_at: datetime
    rows: tuple[dict[str, Any], ...]

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame([dict.fromkeys(COLUMNS) | row for row in self.rows], schema=PLAIN)


def days(least: int, most: int) -> st.SearchStrategy[datetime]:
    return st.integers(least, most).map(lambda n: START + timedelta(days=n))


@st.composite
def rows(draw: st.DrawFn, source: str, code: str) -> dict[str, Any]:
    """Give one sight of a dossier. Receipts lie in two months, so that a corrected one changes its part."""
    received, status = draw(days(-20, 30)), draw(st.sampled_from(STATUSES))
    row = {
        "source": source, "code": code, "status": status,
        "department": draw(st.sampled_from([None, "Sở Xây dựng", "Sở Y tế"])),
        "field": draw(st.sampled_from([None, "Đất đai"])),
        "channel": draw(st.sampled_from([None, "online", "counter"])),
        "step": draw(st.sampled_from([None, "Thẩm định", "Phê duyệt"])),
        "submitted_at": received - timedelta(days=1),
        "received_at": None if status in ("submitted", "not_accepted") else received,
        "due_at": draw(st.none() | days(-10, 50)),
        "changed_at": draw(st.none() | days(-20, 40)),
    }  # fmt: skip
    if status in CLOSED:
        row["resolved_at"] = draw(days(-20, 40))
    if status in SUSPENDED or draw(st.sampled_from([False, True])):
        row["suspensions"] = _suspension(received, draw(st.none() | st.integers(2, 9)))
    return row


def _suspension(received: datetime, back: int | None) -> str:
    start = received + timedelta(days=1)
    end = start + timedelta(days=back) if back else None
    micros = [None if at is None else int(at.timestamp() * 1_000_000) for at in (start, end)]
    told = {"kind": "supplement", "from_at": micros[0], "to_at": micros[1]}
    return json.dumps([told | dict.fromkeys(("due_before", "due_after", "notice"))])


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Give two to six runs, in the order they were made; some say again what was said, with a newer stamp."""
    runs: list[Told] = []
    for n in range(draw(st.integers(2, 6))):
        source = draw(st.sampled_from(SOURCES))
        codes = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4, unique=True))
        told = [draw(rows(source, code)) for code in codes]
        again = [r for run in runs if run.source == source for r in run.rows if r["code"] not in codes]
        if again and draw(st.sampled_from([False, True])):
            told.append(draw(st.sampled_from(again)) | {"changed_at": draw(days(-20, 40))})
        runs.append(Told(source, START + timedelta(days=n * 7), tuple(told)))
    return runs


def load(store: Store, runs: Sequence[Told]) -> None:
    """Store the runs one after the other."""
    for told in runs:
        with begin_run(store, Source(told.source, ZONE), kind="sync", origin="x", seen_at=told.seen_at) as run:
            run.batch(told.frame)


@contextmanager
def loaded(empty: Empty, folder: Path, runs: Sequence[Told], *, derived_after: int = 0) -> Iterator[Store]:
    """Give a store of its own in ``folder``, copied from an empty one, with these runs in it; gone with the block.

    Its figures are derived after so many runs, so that what stands ready may be behind, or not there at all.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    url = empty.databases.copied(empty.url, folder)
    store = open_store(url, home=folder)
    try:
        load(store, runs[:derived_after])
        if derived_after:
            rebuild(store)
        load(store, runs[derived_after:])
        yield store
    finally:
        store.engine.dispose()
        empty.databases.drop(url)
        shutil.rmtree(folder)


def at(told: Told, **later: float) -> str:
    """Write a moment after a run, as one types it."""
    return (told.seen_at + timedelta(**later)).isoformat()
