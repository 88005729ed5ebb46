"""The logs of what runs without a reader: one line an event, a traceback where something broke, never a value."""

from __future__ import annotations

from collections.abc import MutableMapping
from io import StringIO
from typing import Any, TextIO

import structlog

from config.personal import hide


def diary(name: str) -> Any:
    """Give the log called ``name``.

    A traceback shows lines of code only: structlog's own would print every local variable, passwords and rows too.
    """
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                _without_people,
                structlog.dev.ConsoleRenderer(exception_formatter=_plain, colors=False),
            ]
        )
    return structlog.get_logger(name)


def _without_people(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Withhold what looks like a person: what a library quotes in its error may come from a cell."""
    return {name: hide(value) if isinstance(value, str) else value for name, value in event.items()}


def _plain(out: TextIO, error: Any) -> None:
    told = StringIO()
    structlog.dev.plain_traceback(told, error)
    out.write(hide(told.getvalue()))
