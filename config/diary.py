"""The diary of every process (docs/watch.md): one line an event on the error stream, as JSON or as text.

Whatever runs in a thread or task is written beside its events (``about``): the run, the request, the page. Values of
people and secrets are withheld, and a traceback shows lines of code only.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from io import StringIO
from threading import Lock
from types import TracebackType
from typing import Any, Final, Literal, TextIO

import structlog

from config import personal, withheld
from config.errors import ConfigError

Form = Literal["json", "text"]
#: json or text; without it text where somebody looks on, else json.
SETTING: Final = "DUNGHAN_LOG"
#: Made here, of no person: a number that looks like a telephone stays as it is.
_OURS: Final = frozenset(("time", "level", "process", "pid", "log", "run", "task", "request", "session", "incident"))
_FIRST: Final = (
    "time", "level", "event", "process", "pid", "log", "run", "task", "job", "request", "page", "session", "incident",
)  # fmt: skip
_KNOWN: Final[ContextVar[Mapping[str, Any]]] = ContextVar("known")
_PROCESS: Final[dict[str, Any]] = {}
_one_at_a_time: Final = Lock()


def diary(name: str) -> Any:
    """Give the diary of the part of the product called ``name``."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", key="time"),
                _with_what_is_known,
                _line,
            ],
            logger_factory=_Out,
        )
    return structlog.get_logger(name).bind(log=name)


def begin(process: str) -> None:
    """Say which process writes here, and let other libraries write into the same diary.

    Raises ConfigError where the setting is neither json nor text.
    """
    form()
    _PROCESS.update(process=process, pid=os.getpid())
    take_over()
    sys.excepthook = _ended_by
    threading.excepthook = lambda told: _ended_by(told.exc_type, told.exc_value, told.exc_traceback)


def _ended_by(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    """Write what ended a thread, or this process: Python's own words would quote whatever the error does."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), at)
    elif not issubclass(kind, SystemExit):
        diary("process").critical("broken", exc_info=(kind, error, at))


def form() -> Form:
    """Give the form of the lines. Raises ConfigError."""
    told = os.environ.get(SETTING, "")
    if told not in ("", "json", "text"):
        raise ConfigError(SETTING, f'"{told}" is no form.', "Say json or text, or nothing.")
    if told:
        return "json" if told == "json" else "text"
    return "text" if sys.stderr.isatty() else "json"


def _form() -> Form:
    try:
        return form()
    except ConfigError:  # this very error wants to be written
        return "text"


@contextmanager
def about(**known: Any) -> Iterator[None]:
    """Write ``known`` beside every event of this thread or task until the block ends, and what is ``learned`` in it."""
    token = _KNOWN.set({**now_known(), **known})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def learned(**known: Any) -> None:
    """Write ``known`` beside the events that follow, to the end of the block (``about``) that this is said in."""
    _KNOWN.set({**now_known(), **known})


def only(**known: Any) -> None:
    """Write ``known``, and nothing that was known before, beside the events that follow in this thread or task."""
    _KNOWN.set(known)


def now_known() -> Mapping[str, Any]:
    """Give what is written beside the next event."""
    return _KNOWN.get({})


def new_number() -> str:
    """Give a new number for what belongs together: a request, the drawing of a page, a turn of the worker."""
    return secrets.token_hex(8)


def a_turn(job: str, work: Callable[[], None]) -> Callable[[], None]:
    """Give ``work`` so that all that is written while it is done can be told to be of one turn of ``job``."""

    def turn() -> None:
        with about(job=job, task=new_number()):
            work()

    return turn


class _Out:
    """Write finished lines, whole, to the error stream as it is now."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        with _one_at_a_time:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    log = debug = info = warning = warn = error = critical = exception = fatal = failure = msg


def _with_what_is_known(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_PROCESS, **now_known(), **event}


def _line(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    """Write an event as one line of JSON, or as text with its traceback below."""
    told = {name: value if name in _OURS or name == "exc_info" else _clean(value) for name, value in event.items()}
    return _as_json(told) if _form() == "json" else _as_text(told)


def _clean(value: Any) -> Any:
    """Withhold what looks like a person, and secrets: what a library quotes in its error may come from a cell."""
    if isinstance(value, str):
        return withheld.hide(personal.hide(value))
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else _clean(str(value))


def _as_json(event: dict[str, Any]) -> str:
    error = _error(event.pop("exc_info", None))
    if error is not None:
        event["traceback"] = _traceback(error)
    ordered = {name: event.pop(name) for name in _FIRST if name in event} | event
    return json.dumps(ordered, ensure_ascii=False, default=str)


_TEXT: Final = structlog.dev.ConsoleRenderer(
    exception_formatter=lambda out, error: _plain(out, error), colors=False, timestamp_key="time"
)


def _as_text(event: dict[str, Any]) -> str:
    error = _error(event.pop("exc_info", None))
    left = {name: value for name, value in event.items() if name not in ("process", "pid")}
    left["event"] = " ".join(str(left.get("event", "")).split())
    return _TEXT(None, "", left | ({"exc_info": error} if error else {})).rstrip()


def _error(told: Any) -> Any:
    """Give what was raised as (type, error, traceback), None where nothing was."""
    if isinstance(told, BaseException):
        return type(told), told, told.__traceback__
    found = sys.exc_info() if told is True else told
    return found if found and found[0] is not None else None


def _traceback(error: Any) -> str:
    told = StringIO()
    _plain(told, error)
    return told.getvalue().strip()


def _plain(out: TextIO, error: Any) -> None:
    """Write a traceback: structlog's own would print every local variable, passwords and rows too."""
    told = StringIO()
    structlog.dev.plain_traceback(told, error)
    out.write(_clean(told.getvalue()))


class _Others(logging.Handler):
    """What other libraries log, in the form of our own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; what cannot be written is said by the library, as for any handler."""
        try:
            told = {"event": record.getMessage(), "level": record.levelname.lower(), "log": record.name}
            stamp = structlog.processors.TimeStamper(fmt="iso", key="time")(None, "", told)
            raised = {"exc_info": record.exc_info} if record.exc_info else {}
            _Out().msg(_line(None, "", _with_what_is_known(None, "", {**stamp, **raised})))
        except Exception:
            self.handleError(record)


_OTHERS: Final = _Others()


def take_over() -> None:
    """Let what every library logs go through here once, whatever it set up for itself; again after it did."""
    root = logging.getLogger()
    named = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for logger in (root, *named):
        for handler in [each for each in logger.handlers if type(each) is logging.StreamHandler]:
            logger.removeHandler(handler)
            logger.propagate = True
    if _OTHERS not in root.handlers:
        root.addHandler(_OTHERS)
    logging.captureWarnings(True)
