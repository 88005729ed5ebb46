"""All numbers of a set under their sums: given ones are held, what follows is derived, what stays free is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, cast

from config.errors import ConfigError
from connectors.simulator.balance import Balance, Clash, Name, NothingFits, Sum
from connectors.simulator.given import Given
from connectors.simulator.parts import ALL, CHANNELS, Layout, Place
from connectors.simulator.said import contradiction
from connectors.simulator.scenario import OF_THE_WHOLE

STANDINGS: Final = ("resolved_early", "resolved_on_time", "resolved_overdue", "resolved_undetermined")
BY_CHANNEL: Final = tuple(f"received_{channel}" for channel in CHANNELS)
FLOWS: Final = ("received", *BY_CHANNEL, "resolved", "resolved_in_time", *STANDINGS)
STOCKS: Final = ("carried_over", "pending")
_RUNNING, _WITH_RESULT = "in term and running", "with a result"
#: Zero unless some table names them.
UNUSUAL: Final = (
    "carried_over", "resolved_undetermined", "pending_undetermined", "pending_suspended", "withdrawn", "refused",
    "stopped",
)  # fmt: skip
#: In which order open numbers are chosen, and the share of ``of`` that an ordinary office has.
_ORDER: Final = (
    "carried_over", "received", "resolved_undetermined", "pending_undetermined", "pending_overdue", "resolved_overdue",
    "pending", "resolved_early", "received_post", "received_online", "pending_suspended", "withdrawn", "refused",
    "stopped", "resolved_in_time", "resolved_on_time", "resolved", "received_counter", "pending_in_term",
)  # fmt: skip
_USUAL: Final = {
    "resolved_early": ("resolved_in_time", 0.6), "received_online": ("received", 0.35),
    "received_post": ("received", 0.05),
}  # fmt: skip
#: Working days of arrivals that stand on the desks at the end of a stretch.
_DESK: Final = 5


class Book:
    """The numbers of all places under their sums."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.cut, self.parts, self.last = layout, layout.stretches, layout.parts, layout.last
        self.spans = [(k, k) for k in range(len(self.cut))] + ([(0, self.last)] if self.last else [])
        self.everybody = [ALL, *range(len(self.parts))]

    def take(self, given: list[Given]) -> tuple[list[Given], tuple[Given, ...]]:
        """Hold what was given and choose the rest; give what holds and what gave way. Raises ConfigError."""
        self.spans += sorted({g.place[1:] for g in given} - {*self.spans})
        self.balance = Balance(list(self._sums()))
        self._zeros(given)
        asked = [one for one in given if self._held(one, given)]
        try:
            self.balance.choose(self._order(), self._wish)
        except NothingFits:
            if all(g.firm for g in asked):
                step = "Give fewer of the cells' numbers, or all of them."
                found = "no whole numbers were found that fit all the numbers given."
                raise ConfigError(asked[0].where, found, step) from None
            return self.take([g for g in given if g.firm])[0], tuple(g for g in given if not g.firm)
        return asked, tuple(g for g in given if g not in asked)

    def _held(self, one: Given, given: list[Given]) -> bool:
        """Hold one number; one that need not hold gives way to those before it. Raises ConfigError."""
        mark = len(self.balance.trail)
        try:
            self.balance.hold((one.place, one.key), one.value)
        except Clash as clash:
            if one.firm:
                raise contradiction(one, clash, given, self.layout) from clash
            self.balance.back(mark)
            return False
        return True

    def numbers(self) -> dict[tuple[Place, str], int]:
        return {n: v for n, v in self.balance.low.items()}  # type: ignore[misc]

    def _sums(self) -> Iterator[Sum]:
        for part in self.everybody:
            for first, last in self.spans:
                yield from _inner((part, first, last))
            yield from _of_the_end((part, 0, self.last))
            yield from self._in_a_row(part)
        if self.parts:
            for first, last in self.spans:
                whole = (first, last) == (0, self.last)
                for key in (*FLOWS, *STOCKS, *(OF_THE_WHOLE if whole else ())):
                    yield Sum((((ALL, first, last), key),), tuple(((p, first, last), key) for p in self.everybody[1:]))

    def _in_a_row(self, part: int) -> Iterator[Sum]:
        """What stood at the end of a stretch stands at the beginning of the next; long ones are sums of short ones."""
        for k in range(self.last):
            yield Sum((((part, k, k), "pending"),), (((part, k + 1, k + 1), "carried_over"),))
        for first, last in (s for s in self.spans if s[0] < s[1]):
            here = (part, first, last)
            for key in FLOWS:
                yield Sum(((here, key),), tuple(((part, k, k), key) for k in range(first, last + 1)))
            yield Sum(((here, "carried_over"),), (((part, first, first), "carried_over"),))
            yield Sum(((here, "pending"),), (((part, last, last), "pending"),))

    def _zeros(self, given: list[Given]) -> None:
        """What nobody names is not there: nothing carried over, nothing undetermined …"""
        for key in UNUSUAL:
            about = [g for g in given if g.key == key and (key != "carried_over" or g.place[1] == 0)]
            if not about:
                self.balance.hold(((ALL, 0, self.last), key), 0)
        for at, part in enumerate(self.parts):
            for channel in (c for c in CHANNELS if c not in part.channels):
                self.balance.hold(((at, 0, self.last), f"received_{channel}"), 0)

    def _order(self) -> Iterator[Name]:
        for part in self.everybody:
            for span in [(0, self.last), *(s for s in self.spans if s != (0, self.last))]:
                for key in _ORDER:
                    if key not in OF_THE_WHOLE or span == (0, self.last):
                        yield ((part, *span), key)
            yield from (((part, 0, self.last), key) for key in (_RUNNING, _WITH_RESULT))

    def _wish(self, name: Name) -> int:
        place, key = cast(tuple[Place, str], name)
        part, first, last = place
        if part != ALL:
            return self._share_of_part(part, first, last, key)
        if (first, last) != (0, self.last):
            return self._share_of_days(first, last, key)
        of, share = _USUAL.get(key, (key, 0.0))
        return round(share * (self.balance.known((place, of)) or 0))

    def _share_of_days(self, first: int, last: int, key: str) -> int:
        whole = self.balance.known(((ALL, 0, self.last), "received" if key in STOCKS else key)) or 0
        length = (self.cut[last][1] - self.cut[first][0]) + timedelta(days=1)
        period = (self.cut[-1][1] - self.cut[0][0]) + timedelta(days=1)
        days = timedelta(days=_DESK * 7 / 5) if key in STOCKS else length
        return round(whole * min(days / period, 1.0))

    def _share_of_part(self, part: int, first: int, last: int, key: str) -> int:
        """Give a part its share of what the others have left, by its number of units."""
        all_of_it = self.balance.known(((ALL, first, last), key)) or 0
        told = {p: self.balance.known(((p, first, last), key)) for p in self.everybody[1:]}
        left = all_of_it - sum(n for n in told.values() if n is not None)
        weight = {p: len(self.parts[p].departments) for p, n in told.items() if n is None}
        return round(left * weight[part] / sum(weight.values()))


def _inner(place: Place) -> Iterator[Sum]:
    def names(*keys: str) -> tuple[Name, ...]:
        return tuple((place, key) for key in keys)

    yield Sum(names("received"), names(*BY_CHANNEL))
    yield Sum(names("resolved"), names("resolved_in_time", "resolved_overdue", "resolved_undetermined"))
    yield Sum(names("resolved_in_time"), names("resolved_early", "resolved_on_time"))
    yield Sum(names("carried_over", "received"), names("resolved", "pending"))


def _of_the_end(place: Place) -> Iterator[Sum]:
    def names(*keys: str) -> tuple[Name, ...]:
        return tuple((place, key) for key in keys)

    yield Sum(names("pending"), names("pending_in_term", "pending_overdue", "pending_undetermined"))
    yield Sum(names("pending_in_term"), names("pending_suspended", _RUNNING))
    yield Sum(names("resolved"), names("withdrawn", "refused", "stopped", _WITH_RESULT))
