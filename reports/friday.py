"""The report: one content object (schema dunghan.friday/1), frozen with its data version, printed three ways.

Friday's, and every other edition from the same engine (reports.editions).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from config import annotated, breaks, units
from config.errors import ReportError
from config.report import ReportSettings
from metrics import heard
from metrics.calendar import WorkingCalendar
from metrics.form_ii06 import form
from metrics.freshness import Silent
from metrics.heard import Question, left_expr, left_out
from metrics.outages import Outage
from metrics.scope import Period, Scope
from reports import (
    annexes,
    caveats,
    charts,
    earlier,
    editions,
    formats,
    freshness,
    happened,
    headlines,
    index766,
    measure,
    overdue,
    pdf,
    service,
    tables,
    volume,
    word,
    workbook,
)
from reports.because import because
from reports.changes import changes
from reports.earlier import FollowedUp, Restated
from reports.editions import Edition
from reports.message import Told, message
from reports.slots import Slots
from reports.terms import definitions

SCHEMA: Final = "dunghan.friday/1"

Content = dict[str, Any]


def build(
    cube: pl.DataFrame,
    facts: pl.LazyFrame,
    *,
    issued_on: date,
    scope: Scope,
    sources: pl.DataFrame,
    data_version: str,
    letterhead: ReportSettings,
    calendar: WorkingCalendar,
    quiet: Sequence[Silent] = (),
    recorded: pl.DataFrame | None = None,
    edition: Edition | None = None,
    remark: str | None = None,
    followup: Sequence[FollowedUp] = (),
    restatements: Sequence[Restated] | None = None,
    caveat_of_sender: str | None = None,
    made_on: date | None = None,
    served: Sequence[service.Row] = (),
    outages: Sequence[Outage] = (),
    beside_766: index766.Gathered | None = None,
) -> Content:
    """Make the content of the report issued on ``issued_on``: every number, sentence, table and chart, worded.

    It covers the period of ``edition`` (None: the province's week) that reports.editions gives for that day.
    ``sources``: store.runs.latest; ``letterhead``: config.report.load; ``quiet``: units that fell silent within a
    source that is heard; ``recorded``: what people recorded before that day (store.recorded.last); ``remark``: the
    director's; ``followup``: what became of earlier requests; ``restatements``: figures of earlier reports that are
    known otherwise (None: there is no earlier report); ``caveat_of_sender``: why somebody sends it, though held back;
    ``made_on``: the day on which it is made, where that is after ``issued_on``: what it asks for is due after both;
    ``served``: figures of service that no dossier holds (reports.service); ``outages``: when sources were not heard;
    ``beside_766``: what the estimate of Index 766 needs beside dossiers (reports.index766.gathered).
    Raises ReportError when the list of overdue dossiers and the headline disagree.
    """
    head, settings = letterhead.letterhead, letterhead.friday
    edition = edition or editions.of(settings)
    week = edition.covered(issued_on, calendar)
    slots = Slots(edition=edition)
    newest = freshness.newest_told(facts)
    sources = _feeding(sources, facts, scope) if edition.unit else sources
    states = freshness.states(sources, newest, week, calendar.last_working_day(week.end))
    silent = [s for s in states if s.silent]
    gone = (*freshness.gone(states, calendar), *quiet)
    known = breaks.load(units.load())
    asked = measure.Asked(cube, week, scope, calendar, gone, edition, known)
    unheard_of = happened.silent(outages, {s.name: s.title for s in states})
    noted = happened.within(edition.charted(week)[0].start, week.end, edition.unit, known, annotated.load(), unheard_of)
    whole = measure.province(asked)
    slots.places = formats.places_for(measure.pair(w) for w in whole.weeks if w)
    of_heard, unheard = _without(asked, whole)
    left = left_out(cube, Question(week, editions.judged_on(week), scope), gone, calendar)
    departments = measure.units(asked, "department", whole)
    fields = measure.units(asked, "field", whole)
    zones = dict(zip(sources["name"].to_list(), sources["time_zone"].to_list(), strict=True))
    late = overdue.overdue_list(facts, week.end, calendar, scope, zones, recorded)
    overdue.agree(late, whole.count("pending_overdue"), week.end)
    filled = form(cube, period=week, as_of=editions.judged_on(week), rows="department", scope=scope)
    told = Told(
        whole=whole,
        departments=departments,
        changes=changes(departments, fields, unheard, slots),
        overdue=late,
        sources=states,
        issued_on=issued_on,
        asked_on=max(issued_on, made_on or issued_on),
        ends_on=week.end,
        calendar=calendar,
        letterhead=head,
        settings=settings,
        asks_heading=letterhead.unit_sheet.asks if edition.unit else f"Kiến nghị {head.asked}",
        unit=edition.unit,
        earlier=followup,
        restated=restatements,
        since=volume.since(asked, settings),
        because=because(asked, whole, slots),
    )
    names = [s.title for s in silent]
    content = {
        "schema": SCHEMA,
        "edition": _edition(edition, week, issued_on, data_version, states),
        "letterhead": _head(letterhead, edition, week, issued_on),
        "caveat": caveats.caveat(states, filled, slots, left, caveat_of_sender),
        "headlines": [
            headlines.on_time_due(whole, of_heard, names, slots),
            headlines.overdue_pending(whole, of_heard, names, slots),
        ],
        "message": message(told, slots),
        "charts": {
            "trend": charts.trend(whole, week, bool(silent), slots) | {"marks": charts.marks(noted)},
            "departments": charts.departments(departments, unheard, settings.printed_departments, slots),
            "ages": charts.ages(whole, late, slots),
        },
        "analysis": caveats.analysis(whole, bool(silent), slots, noted),
        "remark": {"text": remark} if remark else None,
        "fields": charts.fields(fields, bool(silent), settings.printed_fields, slots),
        "followup": earlier.followup(followup),
        "sources": annexes.sources_table(states),
        "form": annexes.form_table(filled, week, unheard, slots, annexes.unheard_notes(left, states, slots)),
        "overdue": annexes.overdue_annex(late, settings.printed_overdue, slots),
        "definitions": definitions(slots),
        "service": service.annex(whole, served, slots),
        "restatements": earlier.restatements(restatements),
        "tables": {
            "departments": tables.units_table(departments, unheard, slots.places),
            "fields": tables.units_table(fields, (), slots.places),
            "overdue": tables.overdue_table(late),
        },
        "places": slots.places,
        "figures": slots.figures,
    }
    if beside_766 is not None:
        asked_766 = Question(week, editions.judged_on(week), scope)
        counts = heard.told(cube, asked_766, gone, calendar).row(0, named=True)
        content["index766"] = index766.annex(beside_766, index766.estimate(beside_766, counts, gone))
    return sealed(content, data_version)


def _without(asked: measure.Asked, whole: measure.Unit) -> tuple[measure.Unit | None, frozenset[str | None]]:
    """Measure the province without those who are silent, and name the departments that these feed."""
    if not asked.silent:
        return None, frozenset()
    mute = left_expr(asked.silent)
    fed = measure.units(replace(asked, cube=asked.cube.filter(mute)), "department", whole)
    rest = asked.cube.filter(~mute)
    heard = measure.province(replace(asked, cube=rest)) if rest.height else None
    return heard, frozenset(unit.name for unit in fed)


def _feeding(sources: pl.DataFrame, facts: pl.LazyFrame, scope: Scope) -> pl.DataFrame:
    """Keep the sources that tell of the scope's dossiers: another's silence is no caveat of a unit's own sheet."""
    told = facts.filter(scope.expr()).select(pl.col("source").cast(pl.String)).unique().collect()
    feeding = sources.filter(pl.col("name").is_in(told["source"].to_list()))
    return feeding if feeding.height else sources


def _edition(
    edition: Edition, week: Period, issued_on: date, data_version: str, states: list[freshness.SourceState]
) -> Content:
    synthetic = any(s.synthetic for s in states)
    return {
        "id": edition.id,
        "unit": edition.unit,
        "code": edition.code(week),
        "name": edition.named(week),
        "noun": edition.noun,
        "this": edition.this,
        "period": {"start": week.start.isoformat(), "end": week.end.isoformat()},
        "issued_on": issued_on.isoformat(),
        "status": "nhap",
        "mark": "Dự thảo · Số liệu mô phỏng" if synthetic else "Dự thảo",
        "data_version": data_version,
        "synthetic": synthetic,
    }


def _head(settings: ReportSettings, edition: Edition, week: Period, issued_on: date) -> Content:
    letterhead, sheet = settings.letterhead, settings.unit_sheet
    told = letterhead.model_dump(mode="json", exclude={"symbol", "subject", "asked"})
    whose = [f"của {edition.unit}"] if edition.unit else []
    to_unit = {"to": sheet.to.replace("{unit}", edition.unit), "copies": list(sheet.copies)} if edition.unit else {}
    return (
        told
        | to_unit
        | {
            "number": f"…/{letterhead.symbol}",
            "date_text": formats.long_day(issued_on),
            "subject": [letterhead.subject, *whose, edition.title(week)],
        }
    )


def sealed(content: Mapping[str, Any], data_version: str) -> Content:
    """Seal a content object: its data version, and the hash of everything but the seal's own hash."""
    body: Content = {**content, "seal": {"data_version": data_version}}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    body["seal"] = {"data_version": data_version, "content_sha256": hashlib.sha256(canonical.encode()).hexdigest()}
    return body


def intact(content: Mapping[str, Any]) -> bool:
    """Say whether a content object still carries the hash of what it holds."""
    version = content["seal"]["data_version"]
    return bool(sealed({k: v for k, v in content.items() if k != "seal"}, version)["seal"] == content["seal"])


def write(content: Mapping[str, Any], out_dir: Path) -> list[Path]:
    """Write PDF, Word, workbook and the content itself; equal content gives equal bytes. Gives the four paths.

    What does not fit on page one is dropped by rank and the content sealed again, so that all of them say the same.
    Raises ReportError when page one cannot hold the message, or the folder cannot be written.
    """
    fitting = pdf.fitted(content)
    if "dropped" in fitting:
        fitting = sealed({k: v for k, v in fitting.items() if k != "seal"}, content["seal"]["data_version"])
    told = json.dumps(fitting, ensure_ascii=False, indent=1).encode()
    stem = out_dir / file_stem(fitting)
    printed = {".pdf": pdf.render(fitting), ".docx": word.render(fitting), ".xlsx": workbook.render(fitting)}
    pieces = {**printed, ".json": told}
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        return _all_or_none({stem.with_name(stem.name + suffix): piece for suffix, piece in pieces.items()})
    except OSError as error:
        raise ReportError(
            str(out_dir),
            f"the report could not be written ({error.strerror}).",
            "Make room, mend the rights or name another folder, then make it again.",
        ) from error


def file_stem(content: Mapping[str, Any]) -> str:
    """Name the files after the period and its last day: ``BaoCao_45_2018-11-08``."""
    told = content["edition"]
    start, end = (date.fromisoformat(told["period"][name]) for name in ("start", "end"))
    return Edition(told["id"], told.get("unit")).file_stem(Period(start, end))


def _all_or_none(pieces: Mapping[Path, bytes]) -> list[Path]:
    """Write every file beside its place, and only then put all in place: no new PDF beside an old workbook."""
    parts = {path: path.with_name(path.name + ".part") for path in pieces}
    try:
        for path, piece in pieces.items():
            parts[path].write_bytes(piece)
        return [part.replace(path) for path, part in parts.items()]
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
