"""When what is done by itself: the daily and weekly jobs of the worker, by the settings as they are now."""

from __future__ import annotations

from config import report
from jobs import issuing
from jobs.turns import Job, daily


def jobs() -> tuple[Job, ...]:
    """Give the worker's jobs. Raises ConfigError for settings that cannot be read."""
    return (Job("reports", daily(report.load().friday.draft_at), issuing.draft_due),)
