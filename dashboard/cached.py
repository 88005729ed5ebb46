"""The cache of a dashboard process, counted: Streamlit's, and how often an answer was there already (/metrics)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from inspect import signature
from threading import Lock
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

import streamlit

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)
#: Since the process began, by cache: how often it was asked, and how often the answer had to be made.
asked: Final[Counter[str]] = Counter()
made: Final[Counter[str]] = Counter()
_one: Final = Lock()
#: What a function may call the state of the figures that it answers about.
VERSION: Final = ("version", "state")
#: Answers are kept about so many states: a drawing under way may still be of the one before.
STATES: Final = 2


class _Passing:
    """Forgets what a cache answered about states of the figures that have passed: nobody asks of them again, and each
    has a copy of the daily counts, dozens of times as large as all that is drawn of them."""

    def __init__(self, forget: Callable[[], object]) -> None:
        self._forget, self._one = forget, Lock()
        self._known: tuple[Hashable, ...] = ()

    def at(self, version: Hashable) -> None:
        """Heed that ``version`` is asked about."""
        if version in self._known:
            return
        with self._one:
            if version in self._known:
                return
            if len(self._known) == STATES:
                self._forget()
                self._known = ()
            self._known = (*self._known, version)


class Cached(Protocol[P, T_co]):
    """A function whose answers are kept."""

    def __call__(self, *args: P.args, **more: P.kwargs) -> T_co: ...

    def clear(self) -> None:
        """Forget every answer."""


def resource(
    *, show_spinner: bool | str = False, max_entries: int | None = None,
    hash_funcs: Mapping[str | type[Any], Callable[[Any], Any]] | None = None,
) -> Callable[[Callable[P, T_co]], Cached[P, T_co]]:  # fmt: skip
    """Keep what a function answers in this process, as ``st.cache_resource`` does, and count. Of one with a parameter
    named as in VERSION only what it answers about the newest states of the figures."""

    def kept(make: Callable[P, T_co]) -> Cached[P, T_co]:
        name = f"{make.__module__.rpartition('.')[2]}.{make.__name__.strip('_')}"

        @wraps(make)
        def making(*args: P.args, **more: P.kwargs) -> T_co:
            _count(made, name)
            return make(*args, **more)

        cache = streamlit.cache_resource(
            show_spinner=show_spinner, max_entries=max_entries, hash_funcs=dict(hash_funcs or {})
        )(making)

        named = next(((n, each) for n, each in enumerate(signature(make).parameters) if each in VERSION), None)
        passing = _Passing(cache.clear)

        @wraps(make)
        def asking(*args: P.args, **more: P.kwargs) -> T_co:
            _count(asked, name)
            if named:
                passing.at(args[named[0]] if named[0] < len(args) else more[named[1]])
            found: T_co = cache(*args, **more)
            return found

        asking.clear = cache.clear  # type: ignore[attr-defined]
        return cast("Cached[P, T_co]", asking)

    return kept


def counted(name: str, *, stood: bool) -> None:
    """Count a question to a cache of our own called ``name``; ``stood``: the answer was there already."""
    _count(asked, name)
    if not stood:
        _count(made, name)


def _count(counter: Counter[str], name: str) -> None:
    with _one:
        counter[name] += 1
