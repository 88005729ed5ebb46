"""What the dashboard notes of itself: a number for every request and drawing of a page, how long it took, what broke.

Whoever is told that something broke is given a number, under which the diary has one entry (docs/watch.md). No name,
no account and nothing that was typed or asked for is noted: of a session the beginning of a hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import HTTPConnection
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException

from config import diary
from config.errors import StoreError

log = diary.diary("dashboard")
#: The cookie of a session (dashboard/scope.py, which knows more than is wanted here).
_COOKIE: Final = "dunghan_session"
#: The header by which a number is given back, and by which a trusted proxy may give its own.
HEADER: Final = b"x-request-id"
_CODE: Final = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
_NUMBER: Final = re.compile(r"[0-9a-f-]{8,64}")
#: What is asked, by how its address begins; a page is whatever else is asked for.
KINDS: Final = (
    ("/api/", "api"), ("/metrics", "metrics"), ("/healthz", "health"), ("/_stcore/", "streamlit"),
    ("/static/", "static"), ("/app/static/", "static"), ("/media/", "download"), ("/dang-", "sign_in"),
    ("/cong-khai", "public"),
)  # fmt: skip
#: Upper ends of the histogram of page runs, in seconds.
BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
FIRST_PAGE: Final = "tong-quan"
OTHER_PAGE: Final = "khac"


@dataclass(slots=True)
class Runs:
    """How long the drawings of one kind took: how many took up to each of BUCKETS, and their sum in seconds."""

    within: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    @property
    def count(self) -> int:
        return self.within[-1]


_one: Final = Lock()
#: Since the process began, by page and by what was drawn: the page, or a part of it that draws itself.
runs: Final[dict[tuple[str, str], Runs]] = {}
#: Incidents since the process began, by what was asked for.
incidents: Final[Counter[str]] = Counter()
#: How long the same error in the same open page is the same incident, and how many of them are remembered.
SAME_SECONDS: Final = 300
MOST_AGAIN: Final = 256
_again: Final[dict[tuple[object, ...] | None, tuple[str, float]]] = {}
_DRAWING: Final[ContextVar[bool]] = ContextVar("drawing", default=False)


def kind_of(path: str) -> str:
    """Name the kind of what is asked: few names, however many addresses there are."""
    return next((kind for begins, kind in KINDS if path.startswith(begins)), "page")


def page_of(address: str, known: frozenset[str]) -> str:
    """Name the page at an address by its path, less what was asked for; what nobody knows has one name."""
    path = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return FIRST_PAGE if not path else path if path in known else OTHER_PAGE


def pseudonym(token: str) -> str:
    """Give what stands for a session in the diary: it tells sessions apart, and neither who nor a way in."""
    return hashlib.sha256(f"diary {token}".encode()).hexdigest()[:8] if token else ""


def request_number(asked: HTTPConnection) -> str:
    """Give the number of a request: the trusted proxy's, else one of ours; whoever else sends one is not heeded.

    Where a proxy is trusted the server has put its reader in its place, whose port nobody knows; a connection of its
    own always has one.
    """
    given = asked.headers.get(HEADER.decode(), "")
    by_proxy = "x-forwarded-for" in asked.headers and asked.client is not None and asked.client.port == 0
    return given if by_proxy and _NUMBER.fullmatch(given) else diary.new_number()


def is_code(text: str) -> bool:
    """Say whether ``text`` may be the number of an incident."""
    return _CODE.fullmatch(text) is not None


def incident(error: BaseException) -> str:
    """Write one entry of what broke, with its traceback, and give the number under which it stands there.

    What a part that draws itself does again and again keeps its number for a while: an open page fills no disk.
    """
    known, now = diary.now_known(), time.monotonic()
    key = (known.get("session"), known.get("page"), type(error), str(error)) if in_part() else None
    told = secrets.token_hex(4).upper()
    code = f"{told[:4]}-{told[4:]}"
    with _one:
        before = _again.get(key)
        if before and now - before[1] < SAME_SECONDS:
            return before[0]
        if key:
            _again[key] = code, now
            while len(_again) > MOST_AGAIN:
                _again.pop(next(iter(_again)))
        incidents[str(known.get("kind", "page"))] += 1
    log.error("incident", incident=code, error=type(error).__name__, exc_info=error)
    return code


def began(known: frozenset[str] = frozenset()) -> None:
    """Note that something begins in this thread for a reader: the drawing of a page, a call of a widget, a file."""
    told = {"page": page_of(_address(), known) if known else diary.now_known().get("page", OTHER_PAGE)}
    session = pseudonym(_cookie()) or diary.now_known().get("session", "")
    diary.only(request=diary.new_number(), kind="page", **told, **({"session": session} if session else {}))


@contextmanager
def drawing(known: frozenset[str]) -> Iterator[None]:
    """Note the drawing of a page. What is known stays so at the end: of an error is told when we were left."""
    began(known)
    with _timed("page"):
        yield


def is_drawing() -> bool:
    """Say whether a page, or a part of it that draws itself, is being drawn."""
    return _DRAWING.get()


@contextmanager
def drawing_part() -> Iterator[None]:
    """Note that a part of a page draws itself; within the drawing of its page it is a part of that."""
    if _DRAWING.get():
        yield
        return
    began()
    diary.learned(part=True)
    with _timed("part"):
        yield


@contextmanager
def making(of_page: Mapping[str, Any], speaks: Callable[[str], str]) -> Iterator[None]:
    """Note that a file is made for the reader of a page (what is ``known`` of it), in a thread of its own; what breaks
    is told later, in the words that the reader ``speaks``."""
    with diary.about(**{**of_page, "request": diary.new_number(), "kind": "download"}):
        try:
            yield
        except GoneError as error:
            error.said = speaks(_GONE)
            raise
        except Exception as error:
            error.said = speaks(_UNMADE.format(code=incident(error)))  # type: ignore[attr-defined]
            raise


def of_file(error: BaseException) -> str:
    """Say to the reader why there is no file."""
    each: BaseException | None = error
    while each is not None:
        if told := str(getattr(each, "said", "")):
            return told
        each = each.__cause__ or each.__context__
    return _UNMADE.format(code=incident(error))


class GoneError(StoreError):
    """Whoever opened a page may see it no more. ``said``: how its reader is told."""

    said = ""


_GONE: Final = "Phiên làm việc đã thay đổi. Tải lại trang rồi thử lại."
_UNMADE: Final = "Chưa tạo được tệp này (mã sự cố {code})."


def in_part() -> bool:
    """Say whether what was noted last in this thread is a part of a page that draws itself."""
    return bool(diary.now_known().get("part"))


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun, token = time.perf_counter(), _DRAWING.set(True)
    try:
        yield
    except RerunException:  # the reader went on: how long it would have taken is not known
        raise
    except BaseException:
        _took(what, time.perf_counter() - begun)
        raise
    else:
        _took(what, time.perf_counter() - begun)
    finally:
        _DRAWING.reset(token)


def _took(what: str, seconds: float) -> None:
    page = str(diary.now_known().get("page", OTHER_PAGE))
    with _one:
        found = runs.setdefault((page, what), Runs())
        found.seconds += seconds
        for at, end in enumerate((*BUCKETS, float("inf"))):
            found.within[at] += seconds <= end


def _address() -> str:
    return st.context.url or ""


def _cookie() -> str:
    return st.context.cookies.get(_COOKIE, "")
