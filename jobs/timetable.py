"""When what is done by itself: the daily and weekly jobs of the worker, by the settings as they are now."""

from __future__ import annotations

from jobs.turns import Job


def jobs() -> tuple[Job, ...]:
    """Give the worker's jobs. Raises ConfigError for settings that cannot be read."""
    return ()
