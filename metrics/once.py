"""Things that are made once, when they are first asked for: nobody waits but who asks for the very same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from threading import Lock, RLock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(Generic[K, V]):
    """What was made so far, by its key. What is being made may ask for what it is made of, never for itself."""

    def __init__(self) -> None:
        self._made: dict[K, V] = {}
        self._making: dict[K, RLock] = {}
        self._one = Lock()

    def __iter__(self) -> Iterator[K]:
        """Give the keys of what was made."""
        return iter(tuple(self._made))

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Give what has this key, made by ``make`` if nobody asked before; where that raises, the next one tries."""
        if key not in self._made:
            with self._one:
                making = self._making.setdefault(key, RLock())
            with making:
                if key not in self._made:
                    self._made[key] = make()
        return self._made[key]
