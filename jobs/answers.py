"""Answers of the command line as plain values: the figures of a period, the overdue of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, get_args

import polars as pl

from config.errors import ConfigError, StoreError, nearest
from jobs import groups
from jobs.heard import judged, named
from jobs.known import past
from jobs.moments import day_in, sane, zone_of
from jobs.rebuild import rebuild
from metrics import heard, rulebook, unregistered
from metrics.compare import OTHERS, beside
from metrics.evaluate import BY, STRETCHES, Map
from metrics.form_ii06 import form
from metrics.freshness import Silent
from metrics.scope import Filters, Period, Scope
from metrics.standing import overdue
from metrics.terms import Terms
from metrics.weekly import Counts
from store import recorded, snapshot
from store.database import Store
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of ``dunghan figures``; None: all time, as of the newest observation, as known now."""

    start: date | None = None
    end: date | None = None
    as_of: str | None = None
    by: tuple[str, ...] = ()
    filters: Filters = Filters()
    known_at: str | None = None  # a day (its end) or an instant: nothing that was learned later counts
    on_map: str = "today"  # units as they are today, or as they then were
    compare: str = ""  # previous, last_year: the same counts of that period beside


def ready(store: Store) -> Manifest:
    """Bring the derived files up to the ledger. Raises StoreError when nothing was ever loaded."""
    state = rebuild(store, verify=True)
    if not state.parts:
        raise StoreError(
            f"store {store.name}",
            "it holds no dossiers yet.",
            "Load a file (dunghan load FILE --source NAME) or run dunghan sync.",
        )
    return state


@contextmanager
def at_hand(store: Store, known_at: str | None) -> Iterator[tuple[Store, Manifest, dict[str, Any]]]:
    """Give the store to ask and what stands ready in it, now or as known then, and what is to be said of that."""
    if known_at is None:
        yield store, ready(store), {}
        return
    with past(store, known_at) as then:
        yield then.store, then.state, then.told()


def answer(store: Store, asked: Asked) -> dict[str, Any]:
    """Give figures as the JSON of ``dunghan figures``. Raises ConfigError for words that are not known."""
    _known(asked)
    with at_hand(store, asked.known_at) as (place, state, said):
        return _answer(place, state, asked) | said


def counts_of(store: Store, state: Manifest) -> Counts:
    """Give the counts to ask, by day and by week, none of them read yet."""
    return Counts(snapshot.counts(store, state), snapshot.weeks(store, state))


def resolved(counts: Counts, asked: Asked) -> Asked:
    """Name the units that were asked for as the cube does: on today's map by who answers for them today.

    Raises ConfigError for a name that the cube does not have, with the nearest.
    """
    if not asked.filters.department:
        return asked
    here = counts.weeks.filter(pl.col("map").is_null() | (pl.col("map").cast(pl.String) == asked.on_map))
    known = set(here.select(pl.col("department").unique().cast(pl.String).drop_nulls()).collect().to_series())
    units = rulebook.load().units
    told: list[str] = []
    for name in asked.filters.department:
        found = [n for n in (name, units.own_name.get(name, name), units.today(name) or name) if n in known]
        if not found:
            raise ConfigError(f"--department {name}", f"no unit of that name.{nearest(name, known)}", "Check the name.")
        told.append(found[0])
    return replace(asked, filters=replace(asked.filters, department=tuple(dict.fromkeys(told))))


def stretch(counts: Counts, state: Manifest, asked: Asked) -> tuple[Period, date]:
    """Give the period that was asked for, and the day to judge by. Raises ConfigError."""
    for option, day in {"--from": asked.start, "--to": asked.end}.items():
        if day:
            sane(day, option=option)
    as_of = day_of(asked.as_of, state)
    begun = asked.start or min(counts.days.select(pl.col("day").min()).collect().item(), as_of)
    return _period(begun, asked.end or as_of), as_of


def _answer(store: Store, state: Manifest, asked: Asked) -> dict[str, Any]:
    counts = counts_of(store, state)
    asked = resolved(counts, asked)
    period, as_of = stretch(counts, state, asked)
    silent = _silent(store, state, asked, as_of)
    other = beside(period, as_of, _other(asked.compare)) if asked.compare else None
    now = _question(period, as_of, asked)
    before = _question(other.period, other.as_of, asked) if other else now
    cube = counts.of(now, before).collect()
    taken = Counts(snapshot.lengths(store, state), snapshot.weeks_taken(store, state)).of(now, before).collect()
    found = _counted(cube, taken, now, silent)
    told = _stretch_told(period, as_of) | {"data_version": state.data_version, "map": asked.on_map}
    told["taken"] = {source: words for source, words in _said(state).items() if words}
    told["silent"] = named(heard.left_out(cube, now, silent, rulebook.load().calendar), zone_of(state.zones.values()))
    told["unregistered"] = _strangers(group["by"].get("department") for group in found.values())
    if not other:
        return told | {"groups": list(found.values())}
    return told | {
        "compared_with": {"name": asked.compare, **_stretch_told(other.period, other.as_of)},
        "groups": groups.beside(found, _counted(cube, taken, before, silent)),
    }


def filled(store: Store, asked: Asked) -> dict[str, Any]:
    """Give form II.06 as the JSON of ``dunghan form``; ``asked.by`` names what its rows are. Raises ConfigError."""
    _known(asked)
    with at_hand(store, asked.known_at) as (place, state, said):
        counts = counts_of(place, state)
        return _filled(place, counts, state, resolved(counts, asked)) | said


def _filled(store: Store, counts: Counts, state: Manifest, asked: Asked) -> dict[str, Any]:
    period, as_of = stretch(counts, state, asked)
    silent, question = _silent(store, state, asked, as_of), _question(period, as_of, asked)
    cube = counts.of(question).collect()
    left = heard.left_out(cube, question, silent, rulebook.load().calendar)
    table = form(
        cube, period=period, as_of=as_of, rows=asked.by[0], scope=Scope.province(), filters=asked.filters,
        on_map=_map(asked.on_map),
    )  # fmt: skip
    return _stretch_told(period, as_of) | {
        "data_version": state.data_version,
        "map": asked.on_map,
        "rows": table.rows.to_dicts(),
        "total": table.total,
        "notes": asdict(table.notes),
        "balanced": table.balanced,
        "silent": named(left, zone_of(state.zones.values())),
        "unregistered": _strangers(table.rows["name"] if asked.by == ("department",) else ()),
    }


def _strangers(names: Iterable[str | None]) -> list[str]:
    """Name the units that stand in an answer under the name of their source: the register does not know them."""
    return list(unregistered.strangers(names, rulebook.load().units))


def _said(state: Manifest) -> dict[str, list[str]]:
    """Say how each source is taken at its word where that is not the common way."""
    return {source: list(Terms(**told).said) for source, told in state.terms.items()}  # type: ignore[arg-type]


def _stretch_told(period: Period, as_of: date) -> dict[str, Any]:
    return {"from": period.start.isoformat(), "to": period.end.isoformat(), "as_of": as_of.isoformat()}


def _silent(store: Store, state: Manifest, asked: Asked, as_of: date) -> tuple[Silent, ...]:
    """Give who was silent when the figures are told for; the state of a past evening was built at that moment."""
    then = state.built_at if asked.known_at else None
    return judged(store, state, as_of=as_of if asked.as_of else None, known_at=then).silent


def _question(period: Period, as_of: date, asked: Asked) -> heard.Question:
    scope = Scope.province()
    return heard.Question(period, as_of, scope, asked.by, asked.filters, _map(asked.on_map))


def _counted(
    cube: pl.DataFrame, durations: pl.DataFrame, question: heard.Question, silent: Sequence[Silent]
) -> groups.Groups:
    """Give the groups of one period by their key."""
    rows = heard.told(cube, question, silent, rulebook.load().calendar)
    lasted = heard.lasted(durations, question, silent, rulebook.load().calendar)
    by = list(question.by)
    both = rows.join(lasted, on=by, how="left", nulls_equal=True, maintain_order="left") if by else rows.hstack(lasted)
    return groups.of(both, question.by)


def _other(name: str) -> Any:
    if name not in OTHERS:
        raise ConfigError(
            f"--compare {name}", f"not a period to compare with.{nearest(name, OTHERS)}", f"Known: {', '.join(OTHERS)}."
        )
    return name


def _map(name: str) -> Map:
    for known in get_args(Map):
        if name == known:
            return known  # type: ignore[no-any-return]
    raise ConfigError(f"--map {name}", "not a map of units.", "Write today, or then (units as they were).")


def _known(asked: Asked) -> None:
    for name in asked.by:
        if name not in BY:
            raise ConfigError(f"--by {name}", f"not a way to group.{nearest(name, BY)}", f"Known: {', '.join(BY)}.")
        if asked.by.count(name) > 1:
            raise ConfigError(f"--by {name}", "it is named twice.", "Name it once.")
    stretches = sum(b in STRETCHES for b in asked.by)
    if stretches > 1:
        raise ConfigError("--by", "two stretches of time at once.", "Name one of " + ", ".join(STRETCHES) + ".")
    if stretches and asked.compare:
        found = "a stretch of time has no counterpart in another period."
        raise ConfigError("--by/--compare", found, "Leave one of them out.")


def _period(start: date, end: date) -> Period:
    if end < start:
        raise ConfigError("--from/--to", f"the period ends {end} before it starts {start}.", "Swap the two days.")
    return Period(start, end)


def day_of(text: str | None, state: Manifest) -> date:
    """Give the day that standings are told for: ``text`` (a day or an instant), else that of the newest observation.

    Standings go by calendar day; an instant with an offset is cut in the sources' own time zone.
    """
    zone = zone_of(state.zones.values())
    if text is None:
        newest = state.newest_at or state.built_at
        return newest.astimezone(zone).date()
    return day_in(text, zone, option="--as-of")


def overdue_on(
    store: Store, as_of: str | None, known_at: str | None = None
) -> tuple[date, str, pl.DataFrame, pl.DataFrame]:
    """Give day, data version, the dossiers overdue on it, the longest first, and what was recorded of them by then."""
    with at_hand(store, known_at) as (place, state, _):
        rows = overdue(snapshot.facts(place, state), day := day_of(as_of, state), rulebook.load().calendar).collect()
        said = recorded.last(store, Scope.province(), state.built_at if known_at else None)
        return day, state.data_version, rows, said


#: What ``dunghan overdue`` tells of a dossier.
TOLD: Final = (
    "source", "code", "department", "field", "procedure", "procedure_name", "channel", "step", "handler",
    "received_on", "first_due_on", "due_on", "days_late", "suspended", "due_moved_unexplained", "due_moved_too_late",
)  # fmt: skip


def told(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Give the overdue as JSON values."""
    return rows.select(TOLD).with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()


def friday_of(day: date) -> Period:
    """Give the Friday to Thursday before ``day``, the week of a report issued on it."""
    end = day - timedelta(days=(day.weekday() - 3) % 7 or 7)
    return Period(end - timedelta(days=6), end)
