"""Whether a report may go out: what stands against it, as notes. Nothing is sent while there is one (or by force)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from config.notes import Note, note
from config.report import Friday
from jobs.making import Made
from metrics import standing
from metrics.calendar import WorkingCalendar
from metrics.evaluate import figures
from metrics.scope import Scope
from reports import editions, freshness, friday, reread
from reports.editions import Edition

#: The sentence of a headline that has no figure because there is nothing to count.
_NOTHING_DUE: Final = "H07"
#: Figures that are days by which a report asks for something.
_DEADLINES: Final = ("limit.date", "limit.date2")


def against(made: Made, edition: Edition, settings: Friday, calendar: WorkingCalendar) -> list[Note]:
    """Say what stands against a draft: sources, balances, headlines."""
    return [
        *_silent(made, edition.scope, settings, calendar),
        *_form(made.content),
        *_stock(made, edition, calendar),
        *_headlines(made.content),
    ]


def of_printing(printed: Mapping[str, tuple[str, bytes]]) -> list[Note]:
    """Say what is wrong with a printed report: its seal, or what its pages and its workbook lack."""
    if not friday.intact(json.loads(printed["json"][1])):
        return [note("report_seal")]
    lacking = reread.lacking(printed)
    return [note("report_lacks", figures=lacking)] if lacking else []


def of_deadlines(content: Mapping[str, Any], day: date) -> list[Note]:
    """Hold back a report that asks for something by a day that has come: it is drafted anew, with days to come."""
    told = (content["figures"].get(key) for key in _DEADLINES)
    past = sorted({one["t"] for one in told if one and one["v"] <= day.isoformat()})
    return [note("report_too_late", days=past)] if past else []


def _silent(made: Made, scope: Scope, settings: Friday, calendar: WorkingCalendar) -> Iterator[Note]:
    """Hold back a report of which silent sources hold more than the office allows, in dossiers of its own scope, and
    one of a source that nobody has ever read to its end: who knows how much is missing."""
    mine = made.facts.filter(scope.expr()).group_by(pl.col("source").cast(pl.String)).len().collect()
    held = dict(mine.iter_rows())
    last = calendar.last_working_day(made.period.end)
    states = freshness.states(made.sources, freshness.newest_told(made.facts), made.period, last)
    part = [state.title for state in states if state.reached is None and held.get(state.name)]
    if part:
        yield note("report_part", sources=part)
    silent = [state for state in states if state.silent and held.get(state.name)]
    share = sum(held[state.name] for state in silent) / (sum(held.values()) or 1)
    if silent and share > settings.silent_share:
        percent, most = (round(100 * value) for value in (share, settings.silent_share))
        yield note("report_silent", sources=[state.title for state in silent], percent=percent, most=most)


def _form(content: Mapping[str, Any]) -> Iterator[Note]:
    if content["form"] and content["form"]["balanced"] is False:
        yield note("report_unbalanced")


def _stock(made: Made, edition: Edition, calendar: WorkingCalendar) -> Iterator[Note]:
    """Check that what is pending by the daily counts is what is found open dossier by dossier."""
    asked = {"period": made.period, "as_of": editions.judged_on(made.period), "scope": edition.scope}
    counted = figures(made.cube, **asked)["pending"].item()  # type: ignore[arg-type]
    here = edition.scope.expr(), pl.col("received_on") <= made.period.end
    found = standing.opened(made.facts, made.period.end, calendar).filter(*here).select(pl.len()).collect().item()
    if counted != found:
        yield note("report_stock", expected=found, pending=counted)


def _headlines(content: Mapping[str, Any]) -> Iterator[Note]:
    for tile in content["headlines"]:
        if tile["figure"] is None and tile["change"]["rule"] != _NOTHING_DUE:
            yield note("report_no_headline", label=tile["label"])
