"""Make a report of a store, Friday's or another edition: gather what it is made of, build the content, print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.errors import ReportError
from config.report import load as load_settings
from jobs.answers import ready
from jobs.heard import judged, outages
from jobs.moments import HOME_ZONE
from metrics import rulebook
from store import recorded, runs, snapshot
from store.database import Store

if TYPE_CHECKING:
    from reports.earlier import FollowedUp, Restated
    from reports.editions import Edition


@dataclass(frozen=True, slots=True)
class Beside:
    """What people and earlier reports add to the figures; see reports.friday.build."""

    remark: str | None = None
    followup: Sequence[FollowedUp] = ()
    restatements: Sequence[Restated] | None = None
    caveat_of_sender: str | None = None
    made_on: date | None = None


NOTHING = Beside()


def content(store: Store, issued_on: date, edition: Edition | None = None, beside: Beside = NOTHING) -> dict[str, Any]:
    """Give the content of the report issued on ``issued_on``; ``edition`` None: the province's week.

    Raises ReportError when it cannot be made whole or the day has not come, StoreError when the store holds nothing.
    """
    from reports import editions, friday, index766, served

    _come(issued_on)
    settings, book, state = load_settings(), rulebook.load(), ready(store)
    calendar = book.calendar
    edition = edition or editions.of(settings.friday)
    covered = edition.covered(issued_on, calendar)
    known = editions.known_before(covered, issued_on, calendar)
    known_sources = runs.latest(store)
    midnight = datetime.combine(known, time(), ZoneInfo(HOME_ZONE))
    return friday.build(
        snapshot.cube(store, state),
        snapshot.facts(store, state),
        issued_on=issued_on,
        scope=edition.scope,
        sources=known_sources,
        data_version=state.data_version,
        letterhead=settings,
        calendar=calendar,
        quiet=[s for s in judged(store, state, as_of=known - timedelta(days=1)).silent if s.department],
        recorded=recorded.last(store, edition.scope, midnight),
        edition=edition,
        remark=beside.remark,
        followup=beside.followup,
        restatements=beside.restatements,
        caveat_of_sender=beside.caveat_of_sender,
        made_on=beside.made_on,
        outages=outages(
            store, state, since=edition.charted(covered)[0].start, known_at=min(midnight, datetime.now(UTC))
        ),
        beside_766=index766.gathered(
            store,
            snapshot.all_facts(store, state),
            index766.Asked(edition.scope, edition, covered, midnight, known_sources, book.units, calendar),
        ),
        served=served.rows(store, edition.scope, edition, covered, midnight, known_sources["name"].to_list()),
    )


def make(store: Store, issued_on: date, folder: Path, edition: Edition | None = None) -> list[Path]:
    """Write the report issued on ``issued_on`` into ``folder`` and give its files. Raises as ``content`` does."""
    from reports import friday

    return friday.write(content(store, issued_on, edition), folder)


def _come(issued_on: date) -> None:
    today = datetime.now(ZoneInfo(HOME_ZONE)).date()
    if issued_on > today:
        found = f"it would tell of days that have not come; today is {today}."
        raise ReportError(f"report of {issued_on}", found, "Name a day up to today.")
