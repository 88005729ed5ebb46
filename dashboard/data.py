"""The only cache: what the store has derived, keyed by its version and, for every answer, by the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final, Literal

import polars as pl
import streamlit as st

from config import report
from config.settings import settings
from dashboard import filters, hearing, lists, wording
from dashboard.filters import Choice, Options
from dashboard.keys import HASH
from dashboard.lists import Listing
from metrics import behind, cohorts, completeness, heard, rulebook, standing, unregistered, whose
from metrics.calendar import WorkingCalendar
from metrics.definitions import RATES
from metrics.evaluate import Map
from metrics.events import Event
from metrics.explain import explain
from metrics.explanation import Explanation
from metrics.freshness import Silent
from metrics.heard import Left, Question
from metrics.rulebook import Rulebook
from metrics.scope import Filters, Period, Scope
from reports import friday, pdf
from reports import workbook as workbook_of
from reports.sheets import plain_book
from store import database, ledger, masked, recorded, runs, snapshot
from store.database import Store, reading
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: which state of the figures, who asks, what was chosen, and who is silent while it is asked."""

    version: str
    scope: Scope
    choice: Choice
    silent: tuple[Silent, ...] = ()


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Open the store of the settings, once per process."""
    return database.open_store(settings().store_url)


def manifest() -> Manifest | None:
    """Give the newest state of the figures, None before the first dossier."""
    state = snapshot.read_manifest(store())
    return state if state is not None and state.parts else None


def sources() -> pl.DataFrame:
    """Give one row per source: store.runs.latest, and heard_at (dashboard.hearing)."""
    return hearing.with_heard(store(), manifest(), runs.latest(store()))


def today(state: Manifest | None) -> date:
    """Give the day to judge by: today, but for a store that only files feed the day of its newest observation."""
    calendar_day = filters.today()
    if state is None or state.newest_at is None or sources()["cadence_minutes"].is_not_null().any():
        return calendar_day
    return min(calendar_day, state.newest_at.astimezone(wording.LOCAL).date())


@st.cache_resource(show_spinner=False, max_entries=2)
def cube(version: str) -> pl.DataFrame:
    """Give the daily counts of one state of the figures; whoever asks of them needs a scope."""
    return snapshot.cube(store(), _manifest(version))


def _manifest(version: str) -> Manifest:
    """Give the manifest of ``version``; a newer one when that has gone, for its files are gone too."""
    state = manifest()
    if state is None:
        raise LookupError(version)
    return state


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=HASH)
def options(version: str, scope: Scope, day: date) -> Options:
    """Give what can be chosen within ``scope``."""
    seen = cube(version).lazy().filter(scope.expr())
    names = seen.select(pl.col("department", "field").cast(pl.String)).unique().collect()
    first = seen.select(pl.col("day").min()).collect().item()
    return Options(_names(names["department"]), _names(names["field"]), first or day - timedelta(weeks=1), day)


def _names(values: pl.Series) -> tuple[str, ...]:
    return tuple(sorted(values.drop_nulls().unique().to_list(), key=wording.sort_key))


def figures(ask: Ask, *, period: Period | None = None, by: Sequence[str] = ()) -> pl.DataFrame:
    """Answer metrics.evaluate.figures for the reader's week, or for another period, within scope and choice; what
    serves the rates alone is told of those who were heard (metrics.heard)."""
    choice, span = ask.choice, period or ask.choice.period
    asked = Question(span, choice.today, ask.scope, tuple(by), choice.filters, choice.on_map)
    return _figures(ask.version, asked, ask.silent)


@st.cache_resource(show_spinner=False, max_entries=512, hash_funcs=HASH)
def _figures(version: str, asked: Question, silent: tuple[Silent, ...]) -> pl.DataFrame:
    return heard.told(cube(version), asked, silent, calendar()).drop(RATES)


def left_out(ask: Ask) -> tuple[Left, ...]:
    """Say who is silent in the reader's week, within scope and choice, and what they hold."""
    choice = ask.choice
    asked = Question(choice.period, choice.today, ask.scope, (), choice.filters, choice.on_map)
    return heard.left_out(cube(ask.version), asked, ask.silent, calendar()) if ask.silent else ()


def volumes(version: str, day: date, scope: Scope) -> pl.DataFrame:
    """Hold what came on a day against the same weekdays before, within scope: metrics.completeness.both."""
    return _volumes(version, day, scope) if version else completeness.both(completeness.nothing(), day, calendar())


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=HASH)
def _volumes(version: str, day: date, scope: Scope) -> pl.DataFrame:
    came = completeness.received(cube(version)).filter(scope.expr())
    return completeness.both(came, day, calendar())


def listed(ask: Ask, listing: Listing) -> pl.DataFrame:
    """Give the dossiers of one list within scope and choice, in its order: metrics.standing columns, and for what
    was due ``cohort_on`` and ``met``."""
    rows = open_dossiers(ask) if listing.kind == "open" else _flow(ask, listing)
    return rows.filter(listing.keep).sort(listing.sort, descending=listing.descending, nulls_last=True)


def open_dossiers(ask: Ask) -> pl.DataFrame:
    """Give the dossiers that are open on the choice's day, within scope and choice: metrics.standing columns."""
    return _open(ask.version, ask.scope, ask.choice.filters, ask.choice.as_of, ask.choice.on_map)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=HASH)
def _open(version: str, scope: Scope, chosen: Filters, as_of: date, on_map: Map) -> pl.DataFrame:
    mine = whose.may_be(snapshot.facts(store(), _manifest(version)), scope, chosen, on_map)
    stood = standing.standing(mine, as_of, calendar()).filter(pl.col("standing").is_in(lists.OPEN))
    rows = stood.with_columns(unlettered=behind.unlettered(as_of)).collect()
    return whose.on_day(rows, pl.lit(as_of), scope, chosen, on_map)


def oldest(rows: pl.DataFrame) -> int | None:
    """Give the age in working days of the longest overdue of some open dossiers."""
    found: int | None = rows["days_late"].max()  # type: ignore[assignment]
    return found


def _flow(ask: Ask, listing: Listing) -> pl.DataFrame:
    asked = ask.choice.period
    period = Period(asked.start - timedelta(weeks=listing.weeks - 1), asked.end)
    asked_for = listing.kind, (listing.event, listing.less), ask.choice.on_map
    return _happened(ask.version, ask.scope, ask.choice.filters, period, ask.choice.today, *asked_for)


_Events = tuple[Event | None, Event | None]
_FLOWS: Final = {
    "due": cohorts.due, "received": cohorts.received, "resolved": cohorts.resolved, "form": behind.of_form,
}  # fmt: skip
#: The day of what put a dossier into a list: whose it then was.
_DAYS: Final = {
    "due": pl.col("cohort_on"), "received": pl.col("received_on"), "event": pl.col("event_on"),
    "resolved": pl.max_horizontal("closed_on", "received_on"),
}  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=HASH)
def _happened(
    version: str, scope: Scope, chosen: Filters, period: Period, today: date, kind: lists.Kind, events: _Events,
    on_map: Map,
) -> pl.DataFrame:  # fmt: skip
    mine = whose.may_be(snapshot.facts(store(), _manifest(version)), scope, chosen, on_map).collect()
    event, less = events
    rows = behind.behind(mine, event, period, today, less=less) if event else _FLOWS[kind](mine, period, today)
    rows = whose.on_day(rows, _DAYS.get(kind, pl.lit(min(today, period.end))), scope, chosen, on_map)
    shown = standing.standing(rows.lazy(), min(today, period.end), calendar()).collect()
    return lists.lateness(shown, calendar(), min(today, period.end))


def strange(kind: Literal["units", "procedures"], scope: Scope) -> pl.DataFrame:
    """Give what the registers do not know of the dossiers within ``scope``: metrics.unregistered.COLUMNS."""
    state = manifest()
    return _strange(kind, state.data_version if state else "", scope, today(state))


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=HASH)
def _strange(kind: str, version: str, scope: Scope, day: date) -> pl.DataFrame:
    if not version:
        return pl.DataFrame(schema=unregistered.COLUMNS)
    mine = standing.standing(snapshot.facts(store(), _manifest(version)).filter(scope.expr()), day, calendar())
    book = rulebook.load()
    return unregistered.units(mine, book.units) if kind == "units" else unregistered.procedures(mine, book.procedures)


def strangers(ask: Ask) -> tuple[str, ...]:
    """Name the units within scope and choice that the register does not know."""
    return unregistered.strangers(figures(ask, by=["department"])["department"].cast(pl.String), book().units)


@cache
def calendar() -> WorkingCalendar:
    """Give the working calendar of the office."""
    return rulebook.load().calendar


def dossier(ask: Ask, source: str, code: str) -> dict[str, Any] | None:
    """Give one dossier as it stands on the choice's day; None when there is none or it is out of scope."""
    found = pl.col("source").cast(pl.String) == source, pl.col("code") == code
    mine = snapshot.facts(store(), _manifest(ask.version)).filter(ask.scope.expr(), *found)
    rows = standing.standing(mine, ask.choice.as_of, calendar()).collect()
    return None if rows.is_empty() else rows.row(0, named=True)


def recognised_by(row: dict[str, Any]) -> str:
    """Give the masked name or number of a dossier that the reader may see (``row``: from ``dossier``), mostly ""."""
    return masked.of(store(), str(row["source"]), row["code"])


@cache
def book() -> Rulebook:
    """Give the rules, limits, calendar and units of the office."""
    return rulebook.load()


def explained(ask: Ask, row: dict[str, Any]) -> Explanation:
    """Explain a dossier that the reader may see (``row``: from ``dossier``) on the choice's day."""
    state = _manifest(ask.version)
    mine = pl.col("source") == row["source"], pl.col("code") == row["code"]
    parts = [snapshot.read(store(), state, "observed", [month]).filter(*mine) for month in state.parts]
    observed = next(found for found in pl.collect_all(parts) if not found.is_empty())
    with reading(store()) as connection:
        terms = snapshot.terms(connection)
    told = explain(observed, terms, book(), ask.choice.as_of)
    if told is None:
        raise LookupError(row["code"])
    return told


def workbook(listing: Listing, rows: pl.DataFrame) -> bytes:
    """Write a list as an Excel workbook; texts that look like formulas or addresses stay texts."""
    return plain_book(rows, listing.code)


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=HASH)
def _friday(version: str, scope: Scope, issued_on: date, newest_record: int) -> dict[str, Any]:
    state, issued_at = _manifest(version), datetime.combine(issued_on, time(), wording.LOCAL)
    content = friday.build(
        cube(version), snapshot.facts(store(), state), issued_on=issued_on, scope=scope, sources=sources(),
        data_version=version, letterhead=report.load(), calendar=calendar(),
        quiet=[s for s in hearing.silent(store(), state, issued_on - timedelta(days=1)) if s.department],
        recorded=recorded.last(store(), issued_at),
    )  # fmt: skip
    return dict(pdf.fitted(content))


def friday_report(ask: Ask, issued_on: date) -> dict[str, Any]:
    """Give the content of the report of one Friday, within scope: reports.friday.build."""
    return _friday(ask.version, ask.scope, issued_on, recorded.newest(store()))


def friday_file(ask: Ask, issued_on: date, kind: Literal["pdf", "xlsx"]) -> bytes:
    """Print the report of one Friday."""
    content = friday_report(ask, issued_on)
    return pdf.render(content) if kind == "pdf" else workbook_of.render(content)


def history(source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give everything seen of one dossier, empty when it does not exist or is out of scope."""
    return ledger.history(store(), source, code, scope)


def run_history(scope: Scope, limit: int = 200) -> pl.DataFrame:
    """Give runs, newest first: store.runs.history. What a run noticed names dossiers of whatever unit, so only the
    province's readers are told of it; for others notes and errors are null."""
    rows = runs.history(store(), limit=limit)
    untold = pl.lit(None, pl.String)
    return rows if scope.departments is None else rows.with_columns(notes=untold, error=untold)


def quarantined(scope: Scope) -> pl.DataFrame:
    """Give refused rows, newest first: store.runs.quarantined. Whose they are is unknown, so only the province's
    readers see them; for others the frame is empty."""
    rows = runs.quarantined(store(), limit=2_000)
    return rows if scope.departments is None else rows.clear()
