"""The logs of what runs without a reader: one line an event, a traceback where something broke, never a value."""

from __future__ import annotations

from typing import Any

import structlog


def diary(name: str) -> Any:
    """Give the log called ``name``.

    A traceback shows lines of code only: structlog's own would print every local variable, passwords and rows too.
    """
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback, colors=False),
            ]
        )
    return structlog.get_logger(name)
