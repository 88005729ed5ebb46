"""Asynchronous questions from tests that may stand beside a browser, whose own loop runs in the main thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def answered(asked: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run what ``asked`` makes to its end, in a loop of a thread of its own."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(lambda: asyncio.run(asked())).result()
