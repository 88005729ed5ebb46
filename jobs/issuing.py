"""The worker's part in a report's life: draft it when it is due, hold it back or issue it, put its mail in the outbox.

Every step may be cut off anywhere and is taken up again: a claimed report is drafted by whoever leads next, an approved
one is printed anew, and what a transaction did not finish never was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from config import mail, report
from config.diary import about, diary
from config.errors import DunghanError
from config.notes import Note, note
from jobs import issue_checks, making, restating
from jobs.moments import HOME_ZONE
from metrics import rulebook
from metrics.calendar import WorkingCalendar
from metrics.scope import Period, Scope
from reports import covering, finished
from reports.editions import Edition, of
from reports.files import issued_name
from reports.hours import hours
from store import editions, issued
from store.database import Store
from store.editions import Claim, Draft, Paper, Printed
from store.outbox import Message

log = diary("reports")
Outcome = Literal["done", "held"]
ZONE: Final = ZoneInfo(HOME_ZONE)
#: A report that is held back is drafted anew after so long, for so many days: the source may be heard again by then.
AGAIN_AFTER: Final = timedelta(minutes=30)
AGAIN_FOR: Final = timedelta(days=7)
#: How far back missed days of issue are looked for, in periods.
MOST_MISSED: Final = 60
#: How often a report is printed anew because its number was taken or somebody wrote on it meanwhile.
TRIES: Final = 5
ATTACHED: Final = ("pdf", "xlsx")


def draft_due(store: Store, now: datetime) -> Outcome:
    """Draft every report whose hour has come, the oldest first, and those that were cut off or held back before."""
    for wanted in due(store, now):
        editions.claim(store, wanted, at=now)
    outcome: Outcome = "done"
    for one in _in_order(store, ("claimed", "held")):
        if (one.state == "claimed" or _again(one, now)) and draft(store, one, now):
            outcome = "held"
    return outcome


def _in_order(store: Store, states: tuple[str, ...]) -> list[issued.Edition]:
    """Give the reports in ``states`` in the order in which they are made: by day, the province's before the sheets."""
    found = issued.editions_of(store, Scope.province(), states=states)
    return sorted(found, key=lambda one: (one.issue_on, one.kind, one.department))


def _again(one: issued.Edition, now: datetime) -> bool:
    """Say whether it is time to look again at a report that is held back."""
    # One whose own deadlines have come has to be made anew, however late.
    overtaken = any(reason["code"] == "report_too_late" for reason in one.held)
    fresh = overtaken or now.astimezone(ZONE).date() - one.issue_on <= AGAIN_FOR
    # Looked at after now: the clock was ahead then.
    return fresh and (one.known_at is None or not timedelta() <= now - one.known_at < AGAIN_AFTER)


def due(store: Store, now: datetime) -> list[Claim]:
    """Give the reports whose hour has come and that nobody has claimed, the oldest first.

    An edition that was never drafted begins on its own day of issue; later each that was missed is caught up.
    """
    settings, calendar = report.load().friday, rulebook.load().calendar
    known: dict[tuple[str, str], date] = {}
    for one in issued.editions_of(store, Scope.province()):
        known.setdefault((one.kind, one.department), one.start)
    wanted = dict.fromkeys(
        [(k, "") for k in settings.editions] + [(r.kind, r.department) for r in report.load().recipients]
    )
    found = [
        Claim(kind, unit, period.start, period.end, issue_on)
        for kind, unit in wanted
        for period, issue_on in _missed(of(settings, kind, unit or None), known.get((kind, unit)), calendar, now)
    ]
    return sorted(found, key=lambda claim: (claim.issue_on, claim.kind, claim.department))


def _missed(
    edition: Edition, last: date | None, calendar: WorkingCalendar, now: datetime
) -> Iterator[tuple[Period, date]]:
    """Give the periods after the one that began on ``last`` whose hour has come, each with its day of issue."""
    today = now.astimezone(ZONE).date()
    period = edition.containing(today)
    for _ in range(MOST_MISSED):
        issue_on = edition.issue_day(period, calendar)
        if (last is not None and period.start <= last) or (last is None and issue_on < today):
            return
        if hours(period.end, issue_on)[0] <= now:
            yield period, issue_on
        period = edition.before(period)


def draft(store: Store, one: issued.Edition, now: datetime) -> list[Note]:
    """Make the draft of a claimed report and freeze it, or hold it back; gives what stands against it."""
    with about(edition=one.id):
        return _drafted(store, one, now)


def _drafted(store: Store, one: issued.Edition, now: datetime) -> list[Note]:
    edition, made = restating.edition_of(one), None
    try:
        told = restating.rows(store, one, now)
        made = making.make(store, edition, restating.planned(one), restated=told, made_on=now.astimezone(ZONE).date())
        held = issue_checks.against(made, edition, report.load().friday, rulebook.load().calendar)
        held += issue_checks.of_printing(finished.pieces(made.content))
    except DunghanError as error:
        held = [note("report_not_made", why=f"{error.place}: {error.found}")]
    except Exception as error:
        log.exception("draft_broken")
        held = [note("report_not_made", why=type(error).__name__)]
    frozen = Draft(made.content, made.state.data_version, made.state.ledger_seq) if made else None
    kept = [each.kept() for each in held]
    if editions.drafted(store, one.id, frozen, kept, at=now, mail=_word(one, held)):
        log.info("held" if held else "drafted", why=[str(each) for each in held])
    return held


def _word(one: issued.Edition, held: list[Note]) -> list[Message]:
    """Give the word to the operators that a report is held back; the same reasons are told once."""
    name = restating.edition_of(one).title(Period(one.start, one.end))
    title, text = covering.not_sent(f"{name}, {one.department}" if one.department else name, one.issue_on, held)
    key = f"held:{one.id}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    to = mail.load().operators if held else ()
    return [Message(f"{key}:{address}", "notice", "mail", address, title, text) for address in to]


def issue_approved(store: Store, now: datetime) -> Outcome:
    """Issue every report that is approved, or needs no approval, once its hour has come; the oldest first."""
    alone = report.load().friday.approval == "automatic"
    states = ("approved", "draft") if alone else ("approved",)
    outcome: Outcome = "done"
    for one in _in_order(store, states):
        if hours(one.end, one.issue_on)[1] <= now and not issue(store, one.id, now):
            outcome = "held"
    return outcome


def issue(store: Store, id: int, now: datetime) -> bool:
    """Number, print and issue one report, and put its mail into the outbox, all or nothing; False when it is held.

    One that has gone on meanwhile, because another worker issued it, is done too.
    """
    with about(edition=id):
        return _issued(store, id, now)


def _issued(store: Store, id: int, now: datetime) -> bool:
    alone, year = report.load().friday.approval == "automatic", now.astimezone(ZONE).year
    for _ in range(TRIES):
        one = issued.edition(store, id, Scope.province())
        if one is None or not _may_go(one, alone):
            return True
        printed = Printed(editions.next_number(store, year), year, one.remark, one.caveat, alone)
        pages, wrong = _printed(one, printed, now)
        if wrong:
            editions.hold(store, id, [each.kept() for each in wrong], at=now, mail=_word(one, wrong))
            return False
        papers = [Paper(f, issued_name(printed.number, year, f), piece) for f, (_, piece) in pages.items()]
        content = json.loads(pages["json"][1])
        if editions.issue(store, id, printed, papers, at=now, mail=mails(one, content)):
            log.info("issued", number=f"{printed.number}/{printed.year}")
            return True
    return False


def _may_go(one: issued.Edition, alone: bool) -> bool:
    return one.state == "approved" or (one.state == "draft" and alone)


def _printed(one: issued.Edition, printed: Printed, now: datetime) -> tuple[finished.Pieces, list[Note]]:
    """Print a report under its number, and say what is wrong with what came out."""
    day = now.astimezone(ZONE).date()
    try:
        content = finished.finished(
            one.draft or {}, number=printed.number, issued_on=day, remark=one.remark, caveat=one.caveat
        )
        pages = finished.pieces(content)
        return pages, issue_checks.of_printing(pages) + issue_checks.of_deadlines(content, day)
    except DunghanError as error:
        return {}, [note("report_not_made", why=f"{error.place}: {error.found}")]


def mails(one: issued.Edition, content: Mapping[str, Any]) -> list[Message]:
    """Give the mail to every recipient of a report."""
    subject, body, unit = covering.subject(content), covering.body(content), one.department or None
    return [
        Message(f"report:{one.id}:{channel}:{to}", "report", channel, to, subject, body, one.id, unit, ATTACHED)
        for channel, to in report.load().to(one.kind, one.department)
    ]
