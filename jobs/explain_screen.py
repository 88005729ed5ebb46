"""What ``dunghan explain`` shows a person: headings in English, reasons in the words of the office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from metrics.explanation import Acceptance, Day, Expectation, Explanation
from metrics.reasons import wait_of
from metrics.standing import Standing
from metrics.weeks import Note, Week, weeks

_STANDINGS: Final = {
    Standing.AWAITING: "awaiting acceptance",
    Standing.NOT_ACCEPTED: "turned down at intake",
    Standing.LEFT_BEFORE_RECEIPT: "withdrawn before it was accepted",
    Standing.IN_TERM: "in term",
    Standing.OVERDUE: "overdue",
    Standing.UNDETERMINED: "undetermined: no usable due day",
    Standing.RESOLVED_EARLY: "resolved early",
    Standing.RESOLVED_ON_TIME: "resolved on time",
    Standing.RESOLVED_OVERDUE: "resolved overdue",
    Standing.RESOLVED_UNDETERMINED: "resolved, undetermined: no usable due day",
}
FLAGS: Final = {
    "due_moved_unexplained": "the due day was moved and the source does not say why",
    "due_moved_too_late": "a promise was moved too late, or by a letter that does not count",
    "due_as_told": "theo nguồn: a move counts only because the terms of the source say so",
    "finished_before_receipt": "it was finished before it was received",
}
_KINDS: Final = {
    "first": "first promise", "return": "return from a wait", "waited": "moved by a wait",
    "extension": "letter of apology", "correction": "correction", "unexplained": "unexplained",
}  # fmt: skip


def screen(told: Explanation) -> Iterator[RenderableType]:
    """Give the tables one after the other; what a dossier does not have is left out."""
    yield _head(told)
    if told.promises:
        yield from _titled("promises", _promises(told))
    if told.halts:
        yield from _titled("suspensions", _halts(told))
    if told.days:
        yield from _titled(_clock_title(told), _days(told.days))
    if ours := told.expectation:
        yield from _titled(f"our own reckoning: {_limit(ours)}", _days(ours.days))
    if clock := told.acceptance:
        yield from _titled(f"acceptance clock: {clock.hours} working hours, {escape(clock.rule)}", _acceptance(clock))
    if told.steps:
        yield from _titled("steps", _steps(told))
    rules = (*told.days, *(told.expectation.days if told.expectation else ()))
    for rule in dict.fromkeys(day.rule for day in rules if day.rule):
        yield Padding(f"· {escape(rule)}", (0, 0, 0, 1))


def _titled(title: str, table: Table) -> Iterator[RenderableType]:
    """Put a title above a table that is narrower than it."""
    yield f"\n[italic]{title}[/]"
    yield table


def _head(told: Explanation) -> Table:
    name = escape(told.procedure_name or told.procedure or "")
    head = Table(
        title=f"{escape(told.code)} · {escape(told.source)}", box=None, show_header=False, title_justify="left"
    )
    head.add_column(style="dim", no_wrap=True)
    head.add_column(overflow="fold")
    for label, value in (("procedure", name), ("department", escape(told.department or "—")), *_standing(told)):
        head.add_row(label, value)
    for flag in told.flags:
        head.add_row("flag", FLAGS[flag])
    return head


def _standing(told: Explanation) -> list[tuple[str, str]]:
    late = f", {_working(told.days_late)}" if told.days_late is not None else ""
    late = f", {_working(told.days_left)} left" if told.days_left is not None else late
    suspended = ", suspended" if told.suspended else ""
    lines = [
        (f"on {told.as_of}", f"[bold]{_STANDINGS[told.standing]}[/]{late}{suspended}"),
        ("received", _minute(told.received_at)),
        ("first promise", _day(told.first_due_on)),
        ("promise in force", _day(told.due_on) + _amounts_to(told)),
    ]
    if told.closed_on:
        lines.append(("closed", _day(told.closed_on)))
    if told.passed is not None:
        lines.append(("used", _working(told.passed - told.waited) + _less(told)))
    if ours := told.expectation:
        lines.append(("we expect", f"{_day(ours.due_on)}, by {_limit(ours)}{_ahead(told.ahead)}"))
    return [*lines, ("rules", escape(_law(told))), ("source is taken", _terms(told))]


def _law(told: Explanation) -> str:
    return f"{told.law.basis} ({told.law_note})" if told.law_note else told.law.basis


def _amounts_to(told: Explanation) -> str:
    return f": {_working(told.promised_days)} from the receipt" if told.promised_days is not None else ""


def _less(told: Explanation) -> str:
    return f" ({told.passed} passed, less {told.waited} waited)" if told.waited else ""


def _limit(ours: Expectation) -> str:
    line = ours.allowed
    told = f"limit {ours.limit.size}{ours.limit.unit} (statutory {line.statutory}, committed {line.committed or '—'})"
    return escape(f"{told}, {line.basis or 'basis not entered'} [{line.place}]")


def _ahead(days: int | None) -> str:
    if days is None:
        return ""
    if not days:
        return "; the promise is the same day"
    return f"; the promise lies {_working(abs(days))} {'later' if days > 0 else 'earlier'}"


def _terms(told: Explanation) -> str:
    terms = told.terms
    said = f"counting {terms.counting}, kept or missed by the {terms.precision}, {terms.promise} promise"
    return f"{said}, moves {'as told (theo nguồn)' if terms.moves == 'as_told' else 'judged'}"


def _promises(told: Explanation) -> Table:
    shown = _table("made on", "due", "by", "counts", "why")
    for promise in told.promises:
        sign = "yes" if promise.counts else "no"
        now = " ◀ in force" if promise.in_force else ""
        kind = _KINDS[promise.kind] + (f", {escape(promise.note)}" if promise.note else "")
        why = f"{escape(promise.why)} [dim]({escape(promise.rule)})[/]"
        shown.add_row(_day(promise.on), _day(promise.due_on) + now, kind, sign, why)
    return shown


def _halts(told: Explanation) -> Table:
    shown = _table("from", "to", "for", "working days waited", "written notice")
    notices = {None: "not said", True: "yes", False: "no"}
    for halt in told.halts:
        ends = _day(halt.to_on) if halt.to_on else "still"
        shown.add_row(_day(halt.from_on), ends, wait_of(halt.kind), str(halt.waited), notices[halt.notice])
    return shown


def _clock_title(told: Explanation) -> str:
    promised = f"; the promise amounts to {told.promised_days}" if told.promised_days is not None else ""
    stands = ", and moves by the days waited when the dossier comes back" if told.suspended else ""
    return f"the clock: working days from the receipt{promised}{stands}"


def _days(days: Sequence[Day]) -> Table:
    shown = _table("week", "counts", "does not count, or is special")
    for week in weeks(days):
        shown.add_row(_run(week.from_on, week.to_on), _counts(week), "\n".join(_note(note) for note in week.notes))
    return shown


def _counts(week: Week) -> str:
    if week.first is None:
        return "–"
    numbers = str(week.first) if week.first == week.last else f"{week.first}–{week.last}"
    return numbers if week.minutes is None else f"{week.minutes // 60} h {week.minutes % 60:02d}"


def _note(note: Note) -> str:
    decided = f" ({note.decision})" if note.decision else ""
    return escape(f"{_run(note.from_on, note.to_on)}: {note.reason}{decided}" + (" – counts" if note.counted else ""))


def _run(start: date, end: date) -> str:
    return _day(start) if start == end else f"{start:%d/%m}–{end:%d/%m/%Y}"


def _acceptance(clock: Acceptance) -> Table:
    shown = _table("submitted", "limit", "answered", "late")
    limit = _minute(clock.due_at) if clock.due_at else f"end of {_day(clock.due_on)}"
    shown.add_row(_minute(clock.submitted_at), limit, _minute(clock.answered_at), "yes" if clock.late else "no")
    return shown


def _steps(told: Explanation) -> Table:
    shown = _table("step", "holder", "held from", "to", "working days held")
    for step in told.steps:
        ends = _minute(step.to_at) if step.to_at else "…"
        shown.add_row(
            escape(step.step or "—"), escape(step.handler or "—"), _minute(step.from_at), ends, str(step.held)
        )
    return shown


def _table(*columns: str) -> Table:
    shown = Table(box=SIMPLE_HEAD)
    for name in columns:
        shown.add_column(name, overflow="fold")
    return shown


def _working(days: int) -> str:
    return f"{days} working day{'' if days == 1 else 's'}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"


def _minute(moment: datetime | None) -> str:
    return f"{moment:%H:%M %d/%m/%Y}" if moment else "—"
