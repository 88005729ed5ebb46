"""Make the Friday report of a store: gather what it is made of, build the content, print it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.errors import ReportError
from jobs.answers import ready
from jobs.heard import judged
from jobs.moments import HOME_ZONE
from metrics import rulebook
from metrics.scope import Scope
from store import recorded, runs, snapshot
from store.database import Store


def make(store: Store, issued_on: date, folder: Path) -> list[Path]:
    """Write the report issued on ``issued_on`` into ``folder`` and give its files.

    Raises ReportError when it cannot be made whole or the day has not come, StoreError when the store holds nothing.
    """
    from config.report import load as load_letterhead
    from reports import friday

    today = datetime.now(ZoneInfo(HOME_ZONE)).date()
    if issued_on > today:
        found = f"the report of {issued_on} would tell of days that have not come; today is {today}."
        raise ReportError("--date", found, "Name a day up to today.")
    state = ready(store)
    content = friday.build(
        snapshot.cube(store, state),
        snapshot.facts(store, state),
        issued_on=issued_on,
        scope=Scope.province(),
        sources=runs.latest(store),
        data_version=state.data_version,
        letterhead=load_letterhead(),
        calendar=rulebook.load().calendar,
        quiet=[s for s in judged(store, state, as_of=issued_on - timedelta(days=1)).silent if s.department],
        recorded=recorded.last(store, Scope.province(), datetime.combine(issued_on, time(), ZoneInfo(HOME_ZONE))),
    )
    return friday.write(content, folder)
