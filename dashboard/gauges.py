"""The figures of /metrics: how the store stands, what the jobs came to, how this process does (docs/watch.md)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from dashboard import cached, data, watched, watching
from dashboard.families import Bucket, Family, Samples
from metrics.scope import Scope
from store import insight, issued, outbox, runs, sessions, signs, snapshot, turns
from store.database import Store, seeing
from store.snapshot import Manifest

DAY: Final = timedelta(hours=24)
_Rows = Sequence[Mapping[str, Any]]


def families(now: datetime) -> list[Family]:
    """Ask the store how it stands, and this process how it does. Raises StoreError."""
    store, state = data.store(), data.manifest()
    sources = runs.latest(store).to_dicts()
    return [*_of_figures(store, state, now), *_of_sources(store, sources, now), *_of_jobs(store, now), *_of_process()]


def _of_figures(store: Store, state: Manifest | None, now: datetime) -> Iterator[Family]:
    newest, built = (state.newest_at, state.built_at) if state else (None, None)
    version: Samples = [({"data_version": state.data_version}, 1.0)] if state else []
    with seeing(store, Scope.province()) as connection:  # else PostgreSQL shows a reader's role no entry at all
        behind = snapshot.ledger_seq(connection) - (state.ledger_seq if state else 0)
    yield Family("figures_info", "gauge", "The state of the figures that readers see.", version)
    yield Family("figures_age_seconds", "gauge", "Since the newest thing any source said.", _age(newest, now))
    yield Family("figures_built_age_seconds", "gauge", "Since they were derived.", _age(built, now))
    yield Family("uncounted_observations", "gauge", "Stored and not in the figures yet.", [({}, float(behind))])


def _of_sources(store: Store, sources: _Rows, now: datetime) -> Iterator[Family]:
    awaited = [s for s in sources if s["cadence_minutes"] is not None]
    cadence: Samples = [({"source": s["name"]}, 60.0 * s["cadence_minutes"]) for s in awaited]
    yield Family("dossiers", "gauge", "Stored dossiers.", _of(sources, "dossiers"))
    yield Family("quarantined_rows", "gauge", "Refused rows that wait.", _of(sources, "refused"))
    yield Family("last_run_age_seconds", "gauge", "Since the last run began.", _ages(sources, "last_run_at", now))
    words = "Since the last good run ended."
    yield Family("last_good_run_age_seconds", "gauge", words, _ages(sources, "last_ok_at", now))
    yield Family("source_cadence_seconds", "gauge", "How often a source is to be heard.", cadence)
    words = "By how much the last good run is older than the source's cadence allows."
    yield Family("sync_lag_seconds", "gauge", words, _lag(awaited, now))
    words = "Runs of the last 24 hours."
    yield Family("runs_last_day", "gauge", words, _states(runs.since(store, now - DAY)))


def _of_jobs(store: Store, now: datetime) -> Iterator[Family]:
    taken, mail, reports = list(turns.taken(store).values()), outbox.standing(store), issued.standing(store)
    made = insight.read_made(store)
    overdue = [({"job": t.job}, age) for t in taken for _, age in _age(t.next_due_at, now)]
    words = "Since the leading worker last said that it is there."
    yield Family("leader_sign_age_seconds", "gauge", words, _age(signs.last(store, "leader"), now))
    yield Family("turn_overdue_seconds", "gauge", "By how much the next turn of a job is past its time.", overdue)
    outcomes: Samples = [({"job": t.job, "outcome": t.outcome or "under_way"}, 1.0) for t in taken if t.begun_at]
    yield Family("turn_outcome", "gauge", "What the last turn of a job came to.", outcomes)
    states: Samples = [({"state": state}, float(n)) for state, n in reports.states.items()]
    yield Family("reports", "gauge", "Reports, by how they stand.", states)
    yield Family("report_issued_age_seconds", "gauge", "Since the last report was issued.", _age(reports.newest, now))
    words = "Since the analyses were made."
    yield Family("analyses_age_seconds", "gauge", words, _age(made.made_at if made else None, now))
    failed: Samples = [({}, float(len(made.failed)))] if made else []
    yield Family("analyses_failed", "gauge", "Analyses that could not be made the last time.", failed)
    yield Family("backup_age_seconds", "gauge", "Since the newest backup.", _age(signs.last(store, "backup"), now))
    waiting: Samples = [({"state": state}, float(n)) for state, n in mail.states.items()]
    yield Family("outbox_messages", "gauge", "Messages of the outbox, by how they stand.", waiting)
    words = "Since the oldest message was put in that is not sent yet."
    yield Family("outbox_age_seconds", "gauge", words, _age(mail.oldest, now))
    yield Family("sessions_open", "gauge", "People signed in.", [({}, float(sessions.open_now(store, now)))])


def _of_process() -> Iterator[Family]:
    answered: Samples = [({"kind": kind, "code": code}, float(n)) for (kind, code), n in sorted(watching.asked.items())]
    yield Family("requests_total", "counter", "Requests since this process began.", answered)
    broke: Samples = [({"kind": kind}, float(n)) for kind, n in sorted(watched.incidents.items())]
    yield Family("incidents_total", "counter", "Readers who were given the number of an incident.", broke)
    words = "How long pages, and the parts that draw themselves, took in this process."
    yield Family("page_run_seconds", "histogram", words, (), [b for each in sorted(watched.runs) for b in _runs(*each)])
    made, asked = dict(cached.made), dict(cached.asked)
    hits: Samples = [({"cache": name}, float(max(0, n - made.get(name, 0)))) for name, n in sorted(asked.items())]
    misses: Samples = [({"cache": name}, float(made.get(name, 0))) for name in sorted(asked)]
    yield Family("cache_hits_total", "counter", "Answers that were there already.", hits)
    yield Family("cache_misses_total", "counter", "Answers that had to be made.", misses)
    yield Family("memory_bytes", "gauge", "Memory that this process holds.", _memory())


def _runs(page: str, what: str) -> Iterator[Bucket]:
    found, of = watched.runs[page, what], {"page": page, "part": what}
    for end, count in zip((*watched.BUCKETS, "+Inf"), list(found.within), strict=True):
        yield "_bucket", {**of, "le": str(end)}, float(count)
    yield "_sum", of, found.seconds
    yield "_count", of, float(found.count)


def _memory() -> Samples:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):  # not Linux
        return []
    return [({}, float(pages * os.sysconf("SC_PAGE_SIZE")))]


def _age(moment: datetime | None, now: datetime) -> Samples:
    return [({}, max(0.0, (now - moment).total_seconds()))] if moment else []


def _ages(sources: _Rows, column: str, now: datetime) -> Samples:
    return [({"source": s["name"]}, age) for s in sources for _, age in _age(s[column], now)]


def _lag(awaited: _Rows, now: datetime) -> Samples:
    cadence = {s["name"]: 60.0 * s["cadence_minutes"] for s in awaited}
    return [(of, max(0.0, age - cadence[of["source"]])) for of, age in _ages(awaited, "last_ok_at", now)]


def _of(sources: _Rows, column: str) -> Samples:
    return [({"source": s["name"]}, float(s[column])) for s in sources]


def _states(told: pl.DataFrame) -> Samples:
    counts = told.group_by("source", "state").len().sort("source", "state")
    return [({"source": source, "state": state}, float(n)) for source, state, n in counts.iter_rows()]
