"""The cache of a dashboard process, counted: Streamlit's, and how often an answer was there already (/metrics)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from threading import Lock
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

import streamlit

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)
#: Since the process began, by cache: how often it was asked, and how often the answer had to be made.
asked: Final[Counter[str]] = Counter()
made: Final[Counter[str]] = Counter()
_one: Final = Lock()


class Cached(Protocol[P, T_co]):
    """A function whose answers are kept."""

    def __call__(self, *args: P.args, **more: P.kwargs) -> T_co: ...

    def clear(self) -> None:
        """Forget every answer."""


def resource(
    *, show_spinner: bool | str = False, max_entries: int | None = None,
    hash_funcs: Mapping[str | type[Any], Callable[[Any], Any]] | None = None,
) -> Callable[[Callable[P, T_co]], Cached[P, T_co]]:  # fmt: skip
    """Keep what a function answers in this process, as ``st.cache_resource`` does, and count."""

    def kept(make: Callable[P, T_co]) -> Cached[P, T_co]:
        name = f"{make.__module__.rpartition('.')[2]}.{make.__name__.strip('_')}"

        @wraps(make)
        def making(*args: P.args, **more: P.kwargs) -> T_co:
            _count(made, name)
            return make(*args, **more)

        cache = streamlit.cache_resource(
            show_spinner=show_spinner, max_entries=max_entries, hash_funcs=dict(hash_funcs or {})
        )(making)

        @wraps(make)
        def asking(*args: P.args, **more: P.kwargs) -> T_co:
            _count(asked, name)
            found: T_co = cache(*args, **more)
            return found

        asking.clear = cache.clear  # type: ignore[attr-defined]
        return cast("Cached[P, T_co]", asking)

    return kept


def _count(counter: Counter[str], name: str) -> None:
    with _one:
        counter[name] += 1
