"""What the pages about one unit or one field ask of the figures: kept like every answer, by version and scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl

from config import catalogue, insight
from dashboard import cached, counts, data
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.keys import HASH
from metrics import alike as alike_rule
from metrics import cuts, decomposition, heard
from metrics import standardised as standard
from metrics.alike import Alike
from metrics.decomposition import Cell
from metrics.events import Event
from metrics.freshness import Silent
from metrics.funnel import Funnel
from metrics.funnel import funnel as place_in
from metrics.heard import Question
from metrics.scope import Period, Scope
from metrics.standardised import Standardised
from store import snapshot

#: One week of one procedure is too few to judge.
WEEKS: Final = 13
EVENTS: Final = (Event.DUE.value, Event.DUE_MET.value)


def quarter(choice: Choice) -> Period:
    """Give the weeks that procedures are told for: those of the lists named "… trong 13 tuần"."""
    return Period(choice.monday - timedelta(weeks=WEEKS - 1), choice.week.end)


def knows(ask: Ask) -> bool:
    """Say whether the chosen unit and field are among those within scope; nothing chosen always is."""
    choice = ask.choice
    told = data.options(ask.version, ask.scope, choice.today)
    both = ((choice.department, told.departments), (choice.field, told.fields))
    return all(name is None or name in known for name, known in both)


def by_procedure(ask: Ask) -> pl.DataFrame:
    """Count by procedure and source over ``quarter``, within scope and choice: metrics.evaluate.figures."""
    return data.figures(ask, period=quarter(ask.choice), by=["procedure", "source"])


def by_unit(ask: Ask) -> pl.DataFrame:
    """Count by unit over ``quarter``, within scope and choice."""
    return data.figures(ask, period=quarter(ask.choice), by=["department"])


def took(ask: Ask) -> pl.DataFrame:
    """Say how long results of each procedure took over ``quarter``: metrics.took columns, of those who were heard."""
    choice = ask.choice
    asked = Question(quarter(choice), choice.today, ask.scope, ("procedure",), choice.filters, choice.on_map)
    return _took(ask.version, asked, ask.silent)


@cached.resource(max_entries=128, hash_funcs=HASH)
def _took(version: str, asked: Question, silent: tuple[Silent, ...]) -> pl.DataFrame:
    return heard.lasted(counts.lengths(version, asked), asked, silent, data.calendar())


def _state(version: str) -> snapshot.Manifest:
    state = data.manifest()
    if state is None:
        raise LookupError(version)
    return state


def limits(ask: Ask, counts: pl.DataFrame) -> pl.DataFrame:
    """Give the limits in force today of the procedures in ``counts`` (of ``by_procedure``): metrics.cuts.in_force."""
    return cuts.in_force(counts.select("source", "procedure", "received"), data.book().limits, ask.choice.today)


def names(ask: Ask) -> Mapping[str, str]:
    """Give procedure → its name, for those within scope; one without a name is not there."""
    return _names(ask.version, ask.scope)


@cached.resource(max_entries=16, hash_funcs=HASH)
def _names(version: str, scope: Scope) -> dict[str, str]:
    mine = _named(version).filter(scope.expr()).select("procedure", "procedure_name")
    return dict(mine.unique().sort(pl.all()).iter_rows())


@cached.resource(max_entries=2)
def _named(version: str) -> pl.DataFrame:
    """Give what procedures are called at each unit, read once for all; whoever asks of it needs a scope."""
    told = snapshot.facts(data.store(), _state(version)).select(
        pl.col("department", "procedure", "procedure_name").cast(pl.String)
    )
    return told.drop_nulls(["procedure", "procedure_name"]).unique().collect()


def alike(ask: Ask) -> Alike | None:
    """Put the chosen unit beside all others on the same procedures, over ``quarter``; None while none is chosen, or one
    out of scope.

    The only question of a page that reaches beyond the reader's scope: what it gives is added up over all other units.
    Who they are is told to those who may see the province.
    """
    unit, choice = ask.choice.department, ask.choice
    if unit is None or not _within(ask.scope, unit):
        return None
    filters = replace(choice.filters, department=())
    asked = Question(quarter(choice), choice.today, Scope.province(), (), filters, choice.on_map)
    rules = catalogue.load().small, insight.load().alike.others
    counts, seen = _due(ask.version, asked, ask.silent), ask.scope.departments or ()
    found = alike_rule.beside(counts, unit, fewest=rules[0], others=rules[1], seen=seen)
    return found if ask.scope.departments is None else replace(found, units=())


def standardised(ask: Ask) -> list[Standardised]:
    """Standardise the units within scope, or the chosen one, to the province's mix of procedures over ``quarter``.

    Of the others only sums are in it: over three units or more (metrics.standardised).
    """
    choice = ask.choice
    filters = replace(choice.filters, department=())
    asked = Question(quarter(choice), choice.today, Scope.province(), (), filters, choice.on_map)
    found = _standardised(ask.version, asked, ask.silent, ask.scope)
    chosen = choice.department
    return [each for each in found if _within(ask.scope, each.department) and chosen in (None, each.department)]


@cached.resource(max_entries=16, hash_funcs=HASH)
def _standardised(
    version: str, asked: Question, silent: tuple[Silent, ...], reader: Scope
) -> list[Standardised]:  # fmt: skip
    rules, counts = insight.load().alike, _due(version, asked, silent)
    return standard.standardised(
        counts, fewest=catalogue.load().small, others=rules.others, covered=rules.covered,
        seen=reader.departments or (),
    )  # fmt: skip


def over_time(ask: Ask) -> list[Cell]:
    """Lay (met, due) of each procedure beside that of the 13 weeks before, within scope and choice, of those who were
    heard to the end."""
    choice, now = ask.choice, quarter(ask.choice)
    asked = Question(now, choice.today, ask.scope, (), choice.filters, choice.on_map)
    before = Period(now.start - timedelta(weeks=WEEKS), now.start - timedelta(days=1))
    return _over_time(ask.version, asked, before, data.gone(ask, now))


@cached.resource(max_entries=64, hash_funcs=HASH)
def _over_time(version: str, asked: Question, before: Period, quiet: tuple[Silent, ...]) -> list[Cell]:
    mine = counts.of(version, asked, since=before.start, by=["procedure"])
    heard_of = mine.filter(~heard.left_expr(quiet), pl.col("event").is_in(EVENTS))
    return decomposition.asked(heard_of, asked, replace(asked, period=before), "procedure", "on_time_due")


def funnel(ask: Ask) -> Funnel | None:
    """Place all units of the province by what fell due and was kept over ``quarter``; None of too few.

    What reaches beyond the reader's scope is the common rate and its limits: whoever shows units keeps them to it. None
    too where so few placed units are out of scope that the common rate, less one's own, is nearly theirs.
    """
    choice = ask.choice
    filters = replace(choice.filters, department=())
    asked = Question(quarter(choice), choice.today, Scope.province(), ("department",), filters, choice.on_map)
    found = _funnel(ask.version, asked, ask.silent)
    unseen = sum(not _within(ask.scope, each.name) for each in found.placed) if found else 0
    return None if 0 < unseen < insight.load().alike.others else found


@cached.resource(max_entries=32, hash_funcs=HASH)
def _funnel(version: str, asked: Question, silent: tuple[Silent, ...]) -> Funnel | None:
    mine = counts.of(version, asked, silent=silent).filter(pl.col("event").is_in(EVENTS))
    rows = heard.told(mine, asked, silent, data.calendar()).drop_nulls("department").sort("department")
    return place_in(rows.select("department", "due_met", "due").iter_rows(), small=catalogue.load().small)


def _within(scope: Scope, unit: str) -> bool:
    return scope.departments is None or unit in scope.departments


@cached.resource(max_entries=16, hash_funcs=HASH)
def _due(version: str, asked: Question, silent: tuple[Silent, ...]) -> pl.DataFrame:
    mine = counts.of(version, asked, by=["procedure"])
    return alike_rule.asked(mine, asked, silent, data.calendar())
