"""The command ``dunghan record``: cause, answer, letter of apology or note beside a dossier; nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from config.errors import ConfigError
from jobs.options import StoreOption, opened, out
from jobs.whom import by_whom

if TYPE_CHECKING:
    from store.records import Entry

_NOTHING: Final = "Say one of --cause, --answer, --letter and --note."


def record(
    code: Annotated[str, typer.Argument(help="Code of the dossier, either of the two it may carry.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who records it: the name they sign in with.")],
    cause: Annotated[str, typer.Option("--cause", metavar="CODE", help="Why it is late: one of lateness.toml.")] = "",
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help="What the applicant was answered.")] = "",
    letter: Annotated[str, typer.Option("--letter", metavar="NUMBER", help="Number of the letter of apology.")] = "",
    dated: Annotated[str, typer.Option("--dated", metavar="DAY", help="Day of the letter. Without it: today.")] = "",
    due: Annotated[str, typer.Option("--due", metavar="DAY", help="New due date that the letter promises.")] = "",
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="Words beside a cause or a letter; alone: a note.")
    ] = "",
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where several sources have the code.")] = "",
    store: StoreOption = "",
) -> None:
    """Record a cause of lateness, an answer, a letter of apology or a note beside a dossier, as on its page.

    A letter counts in figures from the day on which it was recorded.
    """
    from jobs.rebuild import counted
    from metrics import rulebook
    from store import records
    from store.finding import find

    place = opened(store)
    entry = _entry(cause, answer, letter, dated, due, note)
    found, now = find(place, code, source), datetime.now(UTC)
    person, calendar = by_whom(place, by, before_anybody="operator"), rulebook.load().calendar
    records.record(place, found.source, found.code, entry, by=person, at=now, calendar=calendar)
    version = f" {counted(place)}" if letter else ""
    out.print(f"{found.code}: recorded by {person.name}; what stood before is kept.{version}", highlight=False)


def _entry(cause: str, answer: str, letter: str, dated: str, due: str, note: str) -> Entry:
    from store.records import Cause, Kind, Letter, Words

    told = [name for name, value in (("--cause", cause), ("--answer", answer), ("--letter", letter)) if value]
    if len(told) > 1:
        raise ConfigError(" ".join(told), "each is a record of its own.", "Run the command once for each.")
    if cause:
        return Cause(cause, note)
    if letter:
        return Letter(letter, _day("--dated", dated) if dated else _today(), _day("--due", due), note)
    if answer and note:
        raise ConfigError("--answer --note", "each is a record of its own.", "Run the command once for each.")
    if not answer and not note:
        raise ConfigError("dunghan record", "nothing is to be recorded.", _NOTHING)
    return Words(Kind.ANSWER, answer) if answer else Words(Kind.NOTE, note)


def _today() -> date:
    from metrics.terms import Terms

    return datetime.now(ZoneInfo(Terms().zone)).date()


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(option, f'"{text}" is no day.', "Write it as 2026-11-23.") from error
