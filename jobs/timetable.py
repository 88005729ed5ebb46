"""When what is done by itself: the daily jobs of the worker, by the settings as they are now."""

from __future__ import annotations

from datetime import datetime

from config import alerts, report
from jobs import alerting, issuing
from jobs.turns import Job, daily
from metrics import rulebook
from store.database import Store


def jobs() -> tuple[Job, ...]:
    """Give the worker's jobs. Raises ConfigError for settings that cannot be read.

    Both look themselves for what an outage left undone: every missed report is drafted, no morning mail is sent late.
    """
    opens = rulebook.load().calendar.opens
    return (
        Job("reports", daily(report.load().friday.draft_at), issuing.draft_due),
        Job("digest", daily(alerts.load().digest.at, on=opens), _morning),
    )


def _morning(store: Store, now: datetime) -> object:
    """Look, then tell: what the mail says is as it stands in the morning."""
    alerting.alert(store, now)
    return alerting.digest(store, now)
