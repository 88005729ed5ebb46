"""Ask for what everybody is told: the last whole week and its year, of the whole province, as every page asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from config import catalogue
from config.public import Public
from dashboard import counts, data, hearing, wording
from dashboard.answers import fresh, public
from dashboard.answers.public import Content
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.periods import Named
from metrics import heard
from metrics.apologies import apologies, may_hold
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.local import local
from metrics.scope import Period, Scope
from store import snapshot
from store.database import reading
from store.snapshot import Manifest

_OF_FACTS: Final = ("source", "code", "department", "received_on")
_NOTHING_YET: Final = "chưa có"


def asked(state: Manifest, today: date, silent: tuple[Silent, ...]) -> tuple[Ask, Ask]:
    """Give the questions of the last whole week, and of its year to the end of that week."""
    week, year = week_of(today), year_of(today)
    named = Named("nam", f"{year.start.year}", f"Năm {year.start.year}", year)
    choices = Choice(today, week.start), Choice(today, week.start, named=named)
    of_week, of_year = (Ask(state.data_version, Scope.province(), choice, silent) for choice in choices)
    return of_week, of_year


def week_of(today: date) -> Period:
    """Give the last week, Monday to Sunday, that is over."""
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def year_of(today: date) -> Period:
    """Give the year in which that week ended, up to its end."""
    end = week_of(today).end
    return Period(date(end.year, 1, 1), end)


def content(state: Manifest, today: date, silent: tuple[Silent, ...], settings: Public) -> Content:
    """Gather what the page tells of one state of the figures. Raises StoreError, ConfigError."""
    week, year = asked(state, today, silent)
    smallest = settings.smallest
    of_week, of_year = figures(week), figures(year)
    cuts = {cut: public.lines(figures(week, cut), figures(year, cut), cut, smallest) for cut in public.CUTS}
    days = Period(
        week.choice.period.end - timedelta(weeks=settings.letters_weeks) + timedelta(days=1), week_of(today).end
    )
    sent = letters(state, days)
    return Content(
        week=week.choice.period, year=year.choice.period, known_to=known_to(state), version=state.data_version,
        smallest=smallest, small=catalogue.load().small, whole=public.whole(of_week, of_year, smallest),
        beside=(public.beside(of_week, smallest), public.beside(of_year, smallest)), cuts=cuts,
        silent=_silence(week, cuts["department"], smallest), letters=public.letters(sent, settings.most_letters),
        letters_all=sent.height, letters_of=days,
    )  # fmt: skip


def figures(ask: Ask, *by: str) -> pl.DataFrame:
    """Answer metrics.heard.told for a question: every count, and every rate over those who were heard."""
    choice = ask.choice
    asked_for = Question(choice.period, choice.today, ask.scope, by, choice.filters, choice.on_map)
    return heard.told(counts.of(ask.version, asked_for, silent=ask.silent), asked_for, ask.silent, data.calendar())


def known_to(state: Manifest) -> str:
    """Say up to when the data are known."""
    return wording.moment(state.newest_at) if state.newest_at else _NOTHING_YET


def letters(state: Manifest, days: Period) -> pl.DataFrame:
    """List the letters of apology of some days: metrics.apologies.COLUMNS."""
    rows = snapshot.read(data.store(), state, "observed").filter(may_hold()).collect()
    facts = snapshot.facts(data.store(), state).select(_OF_FACTS)
    codes = rows["code"].implode()
    mine = facts.filter(pl.col("code").is_in(codes)).with_columns(pl.col("source", "department").cast(pl.String))
    with reading(data.store()) as connection:
        terms = snapshot.terms(connection)
    known = rows.filter(pl.col("source").cast(pl.String).is_in(list(terms)))
    return apologies(local(known, terms).with_columns(pl.col("source").cast(pl.String)), mine.collect(), days)


def _silence(week: Ask, units: Sequence[public.Line], smallest: int) -> tuple[str, ...]:
    """Say who is in no rate; both periods end on one day, so those of the week are those of the year."""
    left = data.left_out(week)
    since = {one: wording.moment(one.silent.heard_at) for one in left if one.silent.heard_at}
    return public.silence(left, fresh.titles(data.sources()), since, units, smallest)


def silent(state: Manifest, today: date) -> tuple[Silent, ...]:
    """Give who is silent now."""
    return hearing.silent(data.store(), state, today)
