"""Who a page was drawn for is asked again wherever it goes on without being drawn: fragments, callbacks, file makers.

An open page holds whom it was drawn for. A session that ended, an account that was disabled or sees less by now, a
token that was revoked: none of them may go on in it. A new way for a page to go on belongs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

import streamlit as st

from config import diary
from dashboard import english, languages, owners, watched

P = ParamSpec("P")
T = TypeVar("T")
_DRAWN, _BY_ITSELF = "_drawn_for", "_by_itself"
#: What was asked while this page is drawn; None between pages, and in threads that draw none.
_ASKED: Final[ContextVar[dict[str, Any] | None]] = ContextVar("asked", default=None)
#: What a widget is given to call later.
_CALLED: Final = frozenset(("on_click", "on_change", "on_select"))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Whom a page was drawn for, and how to ask that again, also where there is no browser: in the thread of a file."""

    reader: object
    ask: Callable[[], object]

    def holds(self) -> bool:
        return self.reader is not None and self.ask() == self.reader


def drawn_for(reader: object, ask: Callable[[], object]) -> None:
    """Keep whom this run is drawn for (None: nobody), and ``ask``, which gives an equal answer while that holds."""
    st.session_state[_DRAWN] = _Drawn(reader, ask)


@contextmanager
def drawing() -> Iterator[None]:
    """Hold what is asked ``once`` while a page, or a part of it that draws itself, is drawn; the next one asks anew."""
    held = _ASKED.get()
    token = _ASKED.set({} if held is None else held)
    try:
        yield
    finally:
        _ASKED.reset(token)


def once(name: str, ask: Callable[[], T]) -> T:
    """Ask, or give what was answered before while this page is drawn: one page tells of one moment."""
    held = _ASKED.get()
    if held is None:
        return ask()
    if name not in held:
        held[name] = ask()
    answer: T = held[name]
    return answer


def by_itself() -> bool:
    """Say, once, whether this run began because something changed, not because somebody is there."""
    return bool(st.session_state.pop(_BY_ITSELF, False))


def again() -> NoReturn:
    """Draw the page again because something changed, not because somebody is there: the session may still grow idle."""
    st.session_state[_BY_ITSELF] = True
    st.rerun()


def fragment(*, run_every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a part of a page that draws itself anew, by itself (``run_every`` seconds) or when its reader does something
    in it, as ``st.fragment``; once who reads changed, the page is drawn."""

    def part(draw: Callable[P, None]) -> Callable[P, None]:
        @st.fragment(run_every=run_every)
        @wraps(draw)
        def asked(*args: P.args, **more: P.kwargs) -> None:
            alone = not watched.is_drawing()  # with its page it was asked for with it
            with watched.drawing_part():
                if alone and not _drawn().holds():
                    again()
                with drawing():
                    draw(*args, **more)

        return asked

    return part


def asking(name: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Put the question before everything that a widget calls later: its callbacks, and what makes its file."""
    called: dict[str, Any] = {
        key: _callback(value) if key in _CALLED and callable(value) else value for key, value in more.items()
    }
    if name != "download_button":
        return args, called
    if callable(called.get("data")):
        called["data"] = _file(called["data"])
    return [_file(each) if at == 1 and callable(each) else each for at, each in enumerate(args)], called


def _drawn() -> _Drawn:
    found: _Drawn = st.session_state.get(_DRAWN, _NOBODY)
    return found


def _callback(called: Callable[P, Any]) -> Callable[P, None]:
    """Give ``called`` so that nothing happens once who reads changed; the run that follows says so."""
    drawn = _drawn()

    def asked(*args: P.args, **more: P.kwargs) -> None:
        watched.began()
        if drawn.holds():
            called(*args, **more)

    return asked


def _file(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Give ``make`` so that it makes nothing once who reads changed, and what it makes opens for that reader alone."""
    drawn, of_page = _drawn(), diary.now_known()
    speaks = english.text if languages.is_english() else str

    def asked() -> bytes:
        with watched.making(of_page, speaks):
            if not drawn.holds():
                raise watched.GoneError("file", "whoever opened the page may see it no more.", "Sign in again.")
            made = make()
        owners.by(drawn.reader, made)
        return made

    return asked


_NOBODY: Final = _Drawn(None, lambda: None)
