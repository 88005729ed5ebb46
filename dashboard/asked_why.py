"""What the page "Vì sao thay đổi" asks of the figures: two periods side by side, kept like every answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from config import insight
from dashboard import cached, counts, data, periods, served, slips
from dashboard.answers import analysis, quality
from dashboard.answers.why import STOCK, UPCOMING
from dashboard.answers.why_links import SATISFIED
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.keys import HASH
from dashboard.periods import STRETCHES
from metrics import compare, decomposition, heard, satisfaction, signals, stock_moves
from metrics.charts_of_control import begun_at
from metrics.decomposition import COUNTS, Cell, Pair
from metrics.definitions import RATES
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.scope import Filters, Period, Scope
from store import snapshot


def named(choice: Choice) -> periods.Named:
    """Give the period that is asked about: the named one, else the week."""
    return choice.named or periods.containing("tuan", choice.monday)


def before(choice: Choice) -> periods.Named:
    """Give the period before the one that is asked about, of its kind."""
    return periods.before(named(choice))


def cells(ask: Ask, metric: str, by: str) -> list[Cell]:
    """Count the period and the one before it by unit, field or procedure, of those who were heard to its end.

    A rate is told of the whole period before, as its card tells it; of a count in a period that runs, as many days.
    """
    if metric == UPCOMING:
        return _upcoming(ask, by)
    if metric == SATISFIED:
        return _answered(ask, by)
    choice = ask.choice
    now, then = named(choice).period, before(choice).period
    as_of = choice.today if metric in RATES else compare.beside(now, choice.today, "previous").as_of
    asked = Question(now, choice.today, ask.scope, (), choice.filters)
    return _cells(ask.version, asked, replace(asked, period=then, as_of=as_of), by, metric, data.gone(ask, now))


@cached.resource(max_entries=128, hash_funcs=HASH)
def _cells(
    version: str, asked: Question, before: Question, by: str, metric: str, quiet: tuple[Silent, ...]
) -> list[Cell]:
    mine = counts.of(version, asked, since=before.period.start, by=[by])
    return decomposition.asked(mine.filter(~heard.left_expr(quiet)), asked, before, by, metric)


def _upcoming(ask: Ask, by: str) -> list[Cell]:
    """Count what falls due within three working days of what is open, on the day and as long before it."""
    told = [_soon(ask, by, day) for day in (ask.choice.as_of, day_before(ask.choice))]
    names = sorted({*told[0], *told[1]}, key=lambda name: name or "")
    return [Cell(name, told[0].get(name, (0, 0)), told[1].get(name, (0, 0))) for name in names]


def day_before(choice: Choice) -> date:
    """Give the day that what falls due soon is put beside: a period ago."""
    return compare.beside(named(choice).period, choice.as_of, "previous").as_of


def _soon(ask: Ask, by: str, day: date) -> dict[str | None, tuple[int, int]]:
    then = replace(ask, choice=replace(ask.choice, today=day, on_map="today"))
    rows = data.standings(then).group_by(pl.col(by).cast(pl.String))
    found = rows.agg(n=pl.col("days_left").is_between(0, 3).sum(), d=pl.len())
    return {name: (n, d) for name, n, d in found.rows()}


def _answered(ask: Ask, by: str) -> list[Cell]:
    """Count the slips of the period and of the one before it, those satisfied of all that were answered."""
    told = [_slips_of(ask, each.period, by) for each in (named(ask.choice), before(ask.choice))]
    names = sorted({*told[0], *told[1]}, key=lambda name: name or "")
    return [Cell(name, told[0].get(name, (0, 0)), told[1].get(name, (0, 0))) for name in names]


def _slips_of(ask: Ask, period: Period, by: str) -> dict[str | None, Pair]:
    rows = satisfaction.counts(slips.slips(ask.scope), period, ask.scope, [by], ask.choice.filters)
    return {name: (n, d) for name, n, d in rows.select(pl.col(by).cast(pl.String), "satisfied", "n").rows()}


def satisfied(ask: Ask, period: Period) -> Pair:
    """Give how many slips of a period were satisfied, of all."""
    told = satisfaction.counts(slips.slips(ask.scope), period, ask.scope, filters=ask.choice.filters)
    satisfied_, n = told.select("satisfied", "n").row(0)
    return int(satisfied_), int(n)


def moves(ask: Ask) -> pl.DataFrame:
    """Give what came into the overdue stock in the period and what left it: department, field, procedure, source, way,
    and n."""
    choice = ask.choice
    period = named(choice).period
    last = min(period.end, choice.today)
    return _moves(ask.version, ask.scope, choice.filters, Period(period.start, max(period.start, last)))


@cached.resource(max_entries=32, hash_funcs=HASH)
def _moves(version: str, scope: Scope, chosen: Filters, period: Period) -> pl.DataFrame:
    facts = snapshot.facts(data.store(), data.of_version(version))
    mine = facts.filter(stock_moves.maybe(period.start, period.end), scope.expr(), chosen.expr())
    # A file holds sixty columns of every dossier: only those are read that are told.
    names = pl.col("department", "field", "procedure", "source")
    found = stock_moves.moves(mine.select(names, *stock_moves.NEEDED).collect(), period.start, period.end)
    return found.group_by(names.cast(pl.String), "way").agg(n=pl.len().cast(pl.Int64))


def stocks(ask: Ask, by: str) -> tuple[dict[str | None, int], dict[str | None, int]]:
    """Give the overdue stock by unit, field or procedure, at the end of the period and at that of the one before."""
    start = named(ask.choice).period.start
    told = data.figures(ask, period=named(ask.choice).period, by=[by])
    earlier = data.figures(ask, period=Period(start - timedelta(days=7), start - timedelta(days=1)), by=[by])
    now, then = (dict(each.select(by, "pending_overdue").rows()) for each in (told, earlier))
    return now, then


def judged(ask: Ask, metric: str) -> signals.Judged:
    """Say whether the period's figure is within what the earlier ones were, as the cards do, and by which limits."""
    choice = ask.choice
    several = quality.charted(replace(choice, named=named(choice)))
    stretch = STRETCHES.get(several[-1].kind)
    if metric == SATISFIED:
        slipped = [satisfied(ask, each.period) for each in several]
        return signals.judge_rates([pair if pair[1] else None for pair in slipped], insight.load().signal)
    if stretch is None or metric == UPCOMING or (metric in COUNTS and choice.running):
        return signals.Judged(signals.Verdict.UNKNOWN)
    told = served.told(ask, quality.whole(several), [stretch])
    rows = {row[stretch]: row for row in told.to_dicts() if quality.anything(row)}
    starts = [each.period.start for each in several]
    length = (several[-1].period.end - several[-1].period.start).days + 1
    at = [each.day for each in analysis.breaks(data.book().units, choice)]
    first, rules = begun_at(starts, len(starts) - 1, length, at), insight.load().signal
    if metric in RATES:
        pairs = quality.pairs(several, rows, metric)
        return signals.judge_rates(pairs[first:], rules, better=RATES[metric].better)
    begun = min(rows, default=date.max)
    known = [None if day < begun else _count(rows.get(day), metric) for day in starts]
    return signals.judge_stocks(known[first:], rules)


def _count(row: dict[str, int] | None, metric: str) -> int:
    if row is None:
        return 0
    return (
        row["pending_overdue"]
        if metric == STOCK
        else row["due"] - row["due_met"]
        if metric == "due_missed"
        else row[metric]
    )
