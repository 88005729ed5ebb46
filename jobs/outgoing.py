"""What the worker does besides reading sources: the turns of reports and alerts, and the mail. Nothing here raises."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from config.diary import diary
from config.errors import DunghanError
from jobs import alerting, issuing, mailing, nightly, timetable, turns
from store import signs
from store.database import Store

log = diary("worker")
MAIL_EVERY_SECONDS: Final = 10
TURNS_EVERY_SECONDS: Final = 20
LOOK_EVERY_SECONDS: Final = 300
#: /metrics tells how long ago the leader gave its last sign.
SIGN_EVERY_SECONDS: Final = 10


def duties(store: Store, stop: threading.Event) -> Iterator[tuple[str, int, Callable[[], None]]]:
    """Give what is to be done again and again: its name, every how many seconds, and how."""

    def mail() -> None:
        mailing.deliver(store, mailing.carriers(), clock=_now, stopped=stop.is_set)

    def take() -> None:
        turns.take(store, timetable.jobs(), clock=_now, stopped=stop.is_set)

    def reports() -> None:
        """Draft again what was held back or cut off, and issue what may go; after the turns, so in one thread."""
        take()
        if not stop.is_set():
            issuing.draft_due(store, _now())
            issuing.issue_approved(store, _now())

    def alerts() -> None:
        alerting.alert(store, _now())

    def sign() -> None:
        """Say that this worker leads and takes its turns: one that hangs gives no sign."""
        signs.give(store, "leader", at=_now())

    def backups() -> None:
        """Tell the dashboards, which may not look at the backups, how old the newest one is."""
        nightly.seen(store)

    yield "sign", SIGN_EVERY_SECONDS, _held("sign", sign, stop)
    yield "mail", MAIL_EVERY_SECONDS, _held("mail", mail, stop)
    yield "turns", TURNS_EVERY_SECONDS, _held("turns", reports, stop)
    yield "alerts", LOOK_EVERY_SECONDS, _held("alerts", alerts, stop)
    yield "backups", LOOK_EVERY_SECONDS, _held("backups", backups, stop)


def _now() -> datetime:
    return datetime.now(UTC)


def _held(name: str, work: Callable[[], None], stop: threading.Event) -> Callable[[], None]:
    """Hold a duty's errors, so that none stops another; the same one is said once, until something else happens."""
    said = ""

    def duty() -> None:
        nonlocal said
        if stop.is_set():
            return
        try:
            work()
        except DunghanError as error:
            if said != str(error):
                log.warning(f"{name}_failed", place=error.place, found=error.found, then=error.next_step)
            said = str(error)
        except Exception as error:
            if said != repr(error):
                log.exception(f"{name}_broken")
            said = repr(error)
        else:
            said = ""

    return duty
