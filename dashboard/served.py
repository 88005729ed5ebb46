"""What the page on service quality asks of the figures: kept like every answer, by version and scope."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard import cached, counts, data
from dashboard.data import Ask
from dashboard.keys import HASH
from dashboard.lists import LISTS
from metrics import heard
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.scope import Period
from metrics.took import usual_limits


def told(ask: Ask, period: Period, by: Sequence[str] = ()) -> pl.DataFrame:
    """Count a period within scope and choice, with its rates of those who were heard: metrics.heard.told."""
    return _told(ask.version, _question(ask, period, by), ask.silent)


@cached.resource(max_entries=128, hash_funcs=HASH)
def _told(version: str, asked: Question, silent: tuple[Silent, ...]) -> pl.DataFrame:
    return heard.told(counts.of(version, asked, silent=silent), asked, silent, data.calendar())


def lasted(ask: Ask, by: Sequence[str] = ()) -> pl.DataFrame:
    """Say how long the results of the choice's period took: metrics.took columns, of those who were heard."""
    return _lasted(ask.version, _question(ask, ask.choice.period, by), ask.silent)


@cached.resource(max_entries=128, hash_funcs=HASH)
def _lasted(version: str, asked: Question, silent: tuple[Silent, ...]) -> pl.DataFrame:
    return heard.lasted(counts.lengths(version, asked), asked, silent, data.calendar())


def results(ask: Ask) -> pl.DataFrame:
    """Give per field how many results of the period there are and the limit that was usual: field, results, limit."""
    rows = data.results(ask, LISTS["co-ket-qua"])
    counts = rows.group_by(pl.col("field").cast(pl.String)).agg(results=pl.len())
    return counts.join(usual_limits(rows, "field"), on="field", how="left", nulls_equal=True)


def _question(ask: Ask, period: Period, by: Sequence[str]) -> Question:
    choice = ask.choice
    return Question(period, choice.today, ask.scope, tuple(by), choice.filters, choice.on_map)
