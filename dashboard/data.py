"""The only cache: what the store has derived, keyed by its version and, for every answer, by the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import polars as pl

from dashboard import behind_flows, cached, counts, filters, hearing, late_facts, lists, still, stored, wording
from dashboard.behind_flows import About
from dashboard.filters import Choice, Options
from dashboard.keys import HASH
from dashboard.lists import Listing
from dashboard.stored import of_version as of_version
from metrics import ball, behind, compare, heard, rulebook, standing, whose
from metrics.calendar import WorkingCalendar
from metrics.cube import DIMENSIONS
from metrics.evaluate import Map
from metrics.explain import explain
from metrics.explanation import Explanation
from metrics.freshness import Silent
from metrics.heard import Left, Question
from metrics.rulebook import Rulebook
from metrics.scope import Filters, Period, Scope
from store import ledger, masked, snapshot
from store.database import Store, reading
from store.snapshot import Manifest

#: What is counted of open dossiers, and what scope and choice ask of them.
STANDINGS: Final = (
    *DIMENSIONS, "holding_unit", "places", "standing", "suspended", "step", "days_left", "days_late", "answer_overdue",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: which state of the figures, who asks, what was chosen, and who is silent while it is asked."""

    version: str
    scope: Scope
    choice: Choice
    silent: tuple[Silent, ...] = ()


def store() -> Store:
    """Give the store of this process."""
    return stored.store()


def manifest() -> Manifest | None:
    """Give the newest state of the figures, None before the first dossier."""
    return stored.manifest()


def sources() -> pl.DataFrame:
    """Give one row per source: store.runs.latest, and heard_at (dashboard.hearing); asked once for a page."""
    return still.once("sources", lambda: hearing.told_of(store(), manifest()))


def today(state: Manifest | None, known: pl.DataFrame | None = None) -> date:
    """Give the day to judge by: today, but for a store that only files feed the day of its newest observation.
    ``known``: the sources, where they were asked for already."""
    calendar_day = filters.today()
    if state is None or state.newest_at is None:
        return calendar_day
    if (sources() if known is None else known)["cadence_minutes"].is_not_null().any():
        return calendar_day
    return min(calendar_day, state.newest_at.astimezone(wording.LOCAL).date())


@cached.resource(max_entries=64, hash_funcs=HASH)
def options(version: str, scope: Scope, day: date) -> Options:
    """Give what can be chosen within ``scope``."""
    names = counts.names(version).filter(scope.expr())
    first: date | None = names["day"].min()  # type: ignore[assignment]
    return Options(_names(names["department"]), _names(names["field"]), first or day - timedelta(weeks=1), day)


def _names(values: pl.Series) -> tuple[str, ...]:
    return tuple(sorted(values.drop_nulls().unique().to_list(), key=wording.sort_key))


def figures(
    ask: Ask, *, period: Period | None = None, by: Sequence[str] = (), of: tuple[str, ...] = ()
) -> pl.DataFrame:  # fmt: skip
    """Answer metrics.evaluate.figures for the reader's week, or for another period, within scope and choice; what
    serves the rates alone is told of those who were heard (metrics.heard). ``of``: the events that are asked for, where
    they are few; counts of others are 0, and groups without any are left out."""
    choice, span = ask.choice, period or ask.choice.period
    asked = Question(span, choice.today, ask.scope, tuple(by), choice.filters, choice.on_map)
    return _figures(ask.version, asked, ask.silent, of)


@cached.resource(max_entries=512, hash_funcs=HASH)
def _figures(
    version: str, asked: Question, silent: tuple[Silent, ...], of: tuple[str, ...] = ()
) -> pl.DataFrame:  # fmt: skip
    rows = counts.of(version, asked, silent=silent)
    rows = rows.filter(pl.col("event").is_in(of)) if of else rows
    return heard.counted(rows, asked, silent, calendar())


def year_ago(ask: Ask) -> dict[str, Any] | None:
    """Give the figures of the same week a year ago, with as many of its days gone by, within scope and choice; None
    where the data do not reach it."""
    choice = ask.choice
    then = compare.beside(choice.week, choice.today, "last_year")
    if options(ask.version, ask.scope, choice.today).first_day > then.period.start:
        return None
    asked = Question(then.period, then.as_of, ask.scope, (), choice.filters, choice.on_map)
    return _figures(ask.version, asked, ask.silent).row(0, named=True)


def left_out(ask: Ask) -> tuple[Left, ...]:
    """Say who is silent in the reader's week, within scope and choice, and what they hold."""
    choice = ask.choice
    asked = Question(choice.period, choice.today, ask.scope, (), choice.filters, choice.on_map)
    if not ask.silent:
        return ()
    return heard.left_out(counts.of(ask.version, asked), asked, ask.silent, calendar())


def listed(ask: Ask, listing: Listing) -> pl.DataFrame:
    """Give the dossiers of one list within scope and choice, in its order: metrics.standing columns, and for what
    was due ``cohort_on`` and ``met``. What fell due and how long results took is told of those who were heard, as
    its figures are, unless the choice wants ``everybody``."""
    stock = {"open": open_dossiers, "held": held_dossiers}.get(listing.kind)
    rows = stock(ask) if stock else _flow(ask, listing)
    quiet = () if ask.choice.everybody else _quiet(ask, listing)
    kept = rows.filter(listing.keep, ~heard.left_expr(quiet))
    return kept.sort(listing.sort, descending=listing.descending, nulls_last=True)


def unheard(ask: Ask, listing: Listing) -> int:
    """Count the dossiers that ``listed`` leaves out, or would, because nothing is heard of those who hold them."""
    quiet = _quiet(ask, listing)
    return _flow(ask, listing).filter(listing.keep, heard.left_expr(quiet)).height if quiet else 0


def _quiet(ask: Ask, listing: Listing) -> tuple[Silent, ...]:
    """Give who leaves the rate or duration that a list is behind."""
    return gone(ask, ask.choice.period) if listing.of_heard else ()


def gone(ask: Ask, period: Period) -> tuple[Silent, ...]:
    """Give who was not heard to the end of ``period``, or of the choice's day where that is before it."""
    return heard.gone(ask.silent, min(period.end, ask.choice.today), calendar())


def open_dossiers(ask: Ask) -> pl.DataFrame:
    """Give the dossiers that are open on the choice's day, within scope and choice: metrics.standing columns."""
    return _open(ask.version, ask.scope, ask.choice.filters, ask.choice.as_of, ask.choice.on_map)


def standings(ask: Ask) -> pl.DataFrame:
    """Give of ``open_dossiers`` what pages count: STANDINGS, dimensions as categories. Of a province of ten years the
    other columns weigh a hundred times as much."""
    choice = ask.choice
    return _standings(ask.version, ask.scope, choice.filters, choice.as_of, choice.on_map)


def held_dossiers(ask: Ask) -> pl.DataFrame:
    """Give the open dossiers that lie with units in scope and are for others to resolve: metrics.standing columns."""
    choice = ask.choice
    return whose.held(_all_open(ask.version, choice.as_of).lazy(), ask.scope, choice.filters).collect()


@cached.resource(max_entries=32, hash_funcs=HASH)
def _open(version: str, scope: Scope, chosen: Filters, as_of: date, on_map: Map) -> pl.DataFrame:
    mine = whose.may_be(_all_open(version, as_of).lazy(), scope, chosen, on_map).collect()
    return whose.blanked(whose.on_day(mine, pl.lit(as_of), scope, chosen, on_map), as_of)


@cached.resource(max_entries=2)
def _all_open(version: str, as_of: date) -> pl.DataFrame:
    """Judge what is open on a day once, of every unit; whoever asks of it needs a scope."""
    lies = ball.held(pl.lit(as_of), calendar(), book().units)
    return _judged(version, as_of).with_columns(unlettered=behind.unlettered(as_of), **lies).collect()


@cached.resource(max_entries=64, hash_funcs=HASH)
def _standings(version: str, scope: Scope, chosen: Filters, as_of: date, on_map: Map) -> pl.DataFrame:
    mine = whose.may_be(_all_standings(version, as_of).lazy(), scope, chosen, on_map).collect()
    return whose.on_day(mine, pl.lit(as_of), scope, chosen, on_map)


@cached.resource(max_entries=8)
def _all_standings(version: str, as_of: date) -> pl.DataFrame:
    """Judge what is open on a day once, of every unit; whoever asks of it needs a scope."""
    return _judged(version, as_of).select(STANDINGS).with_columns(pl.col(DIMENSIONS).cast(pl.Categorical)).collect()


def _judged(version: str, as_of: date) -> pl.LazyFrame:
    return standing.opened(late_facts.since(version, as_of), as_of, calendar())


def oldest(rows: pl.DataFrame) -> int | None:
    """Give the age in working days of the longest overdue of some open dossiers."""
    found: int | None = rows["days_late"].max()  # type: ignore[assignment]
    return found


def _flow(ask: Ask, listing: Listing) -> pl.DataFrame:
    return _happened(ask.version, behind_flows.about(ask.scope, ask.choice, listing))


@cached.resource(max_entries=32, hash_funcs=HASH)
def _happened(version: str, asked: About) -> pl.DataFrame:
    rows = behind_flows.rows(late_facts.since(version, asked.period.start), asked)
    end = min(asked.today, asked.period.end)
    return whose.blanked(lists.lateness(_stood(rows, end, asked.today), calendar(), end), end)


def _stood(rows: pl.DataFrame, as_of: date, today: date) -> pl.DataFrame:
    """Judge rows as of a day; one that came only later, after its own promise, as of today: it is in its list too."""
    shown = standing.standing(rows.lazy(), as_of, calendar()).collect()
    if shown.height == rows.height:
        return shown
    later = rows.join(shown, on=["source", "code"], how="anti")
    return pl.concat([shown, standing.standing(later.lazy(), today, calendar()).collect()])


def results(ask: Ask, listing: Listing) -> pl.DataFrame:
    """Give the dossiers that ``listed`` lists, with the columns alone that were needed for it and by took.usual_limits:
    of a flow of thousands nothing else is read."""
    return _results(ask.version, behind_flows.about(ask.scope, ask.choice, listing)).filter(
        listing.keep, ~heard.left_expr(() if ask.choice.everybody else _quiet(ask, listing))
    )


@cached.resource(max_entries=32, hash_funcs=HASH)
def _results(version: str, asked: About) -> pl.DataFrame:
    facts = late_facts.since(version, asked.period.start).select(behind_flows.RESULTS)
    return behind_flows.rows(facts, asked)


@cache
def calendar() -> WorkingCalendar:
    """Give the working calendar of the office."""
    return rulebook.load().calendar


def dossier(ask: Ask, source: str, code: str) -> dict[str, Any] | None:
    """Give one dossier as it stands on the choice's day; None when there is none or the scope may not see it."""
    return dossiers(ask, [(source, code)]).get((source, code))


def dossiers(ask: Ask, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Give dossiers (source, code) as they stand on the choice's day; without those that the scope may not see."""
    named = pl.col("code").is_in(sorted({code for _, code in keys}))
    mine = snapshot.facts(store(), of_version(ask.version)).filter(ask.scope.sees(), named)
    rows = standing.standing(mine, ask.choice.as_of, calendar()).collect().to_dicts()
    found = {(str(row["source"]), row["code"]): row for row in rows}
    return {key: found[key] for key in keys if key in found}


def recognised_by(row: dict[str, Any], scope: Scope) -> str:
    """Give the masked name or number of a dossier that the reader may see (``row``: from ``dossier``), mostly ""."""
    return masked.of(store(), str(row["source"]), row["code"], scope)


@cache
def book() -> Rulebook:
    """Give the rules, limits, calendar and units of the office."""
    return rulebook.load()


def explained(ask: Ask, row: dict[str, Any]) -> Explanation:
    """Explain a dossier that the reader may see (``row``: from ``dossier``) on the choice's day."""
    state = of_version(ask.version)
    mine = pl.col("source") == row["source"], pl.col("code") == row["code"]
    parts = [snapshot.read(store(), state, "observed", [month]).filter(*mine) for month in state.parts]
    observed = next(found for found in pl.collect_all(parts) if not found.is_empty())
    with reading(store()) as connection:
        terms = snapshot.terms(connection)
    told = explain(observed, terms, book(), ask.choice.as_of)
    if told is None:
        raise LookupError(row["code"])
    return told


def history(source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give everything seen of one dossier, empty when it does not exist or is out of scope."""
    return ledger.history(store(), source, code, scope)
