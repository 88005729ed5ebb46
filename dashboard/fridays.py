"""The report of one Friday as a page shows it before it is issued, kept by what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from config import report
from dashboard import cached, counts, data, hearing, wording
from dashboard.data import Ask
from dashboard.keys import HASH
from metrics.scope import Scope
from reports import editions, friday, pdf, served, word, workbook
from reports.editions import Edition
from store import recorded, snapshot

Printed = Literal["pdf", "docx", "xlsx"]
_PRINT: Final[Mapping[Printed, Callable[[dict[str, Any]], bytes]]] = {
    "pdf": pdf.render, "docx": word.render, "xlsx": workbook.render,
}  # fmt: skip


@cached.resource(max_entries=8, hash_funcs=HASH)
def _friday(version: str, scope: Scope, issued_on: date, newest: tuple[int | str, ...]) -> dict[str, Any]:
    """Build it; ``newest``: the last numbers of what people recorded, entered and answered."""
    state, issued_at = data.of_version(version), datetime.combine(issued_on, time(), wording.LOCAL)
    edition = _edition(scope)
    covered = edition.covered(issued_on, data.calendar())
    content = friday.build(
        counts.cube(version), snapshot.facts(data.store(), state), issued_on=issued_on, scope=scope,
        sources=data.sources(), data_version=version, letterhead=report.load(), calendar=data.calendar(),
        quiet=[s for s in hearing.silent(data.store(), state, issued_on - timedelta(days=1)) if s.department],
        recorded=recorded.last(data.store(), scope, issued_at), edition=edition,
        served=served.rows(data.store(), scope, edition, covered, issued_at, data.sources()["name"].to_list()),
    )  # fmt: skip
    return dict(pdf.fitted(content))


def _edition(scope: Scope) -> Edition:
    """Give the edition that a reader gets: the head of one unit its own sheet, everybody else the report as it is."""
    units = tuple(scope.departments or ())
    return editions.of(report.load().friday, unit=units[0] if len(units) == 1 else None)


def friday_report(ask: Ask, issued_on: date) -> dict[str, Any]:
    """Give the content of the report of one Friday, within scope: reports.friday.build."""
    newest = recorded.newest(data.store(), ask.scope), *served.version(data.store(), ask.scope)
    return _friday(ask.version, ask.scope, issued_on, newest)


def friday_file(ask: Ask, issued_on: date, kind: Printed) -> bytes:
    """Print the report of one Friday."""
    content = friday_report(ask, issued_on)
    return _PRINT[kind](content)
