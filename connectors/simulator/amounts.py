"""Settle every number of a set: what was given, what follows from it, and the rest chosen as in an ordinary office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from config.errors import ConfigError
from connectors.simulator.balance import Balance, Clash, Name, NothingFits, Sum
from connectors.simulator.parts import ALL, CHANNELS, Part, Place, days_of, part_of, parts, stretches
from connectors.simulator.said import contradiction
from connectors.simulator.scenario import APART, OF_THE_WHOLE, Cell, TotalsFile

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


@dataclass(frozen=True, slots=True)
class Given:
    """One number that was asked for. ``where`` names its table; a ``firm`` one holds or the set is refused."""

    place: Place
    key: str
    value: int
    where: str
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Amounts:
    """All numbers of a set. ``numbers``: (place, key) → dossiers. ``asked``: what came from files and holds.

    ``dropped``: numbers of the scenario that gave way to those of the totals file. ``apart``: keys of APART.
    """

    told: TotalsFile
    from_on: date
    to_on: date
    stretches: tuple[tuple[date, date], ...]
    parts: tuple[Part, ...]
    numbers: Mapping[tuple[Place, str], int]
    asked: tuple[Given, ...]
    dropped: tuple[Given, ...]

    @property
    def whole(self) -> Place:
        return (ALL, 0, len(self.stretches) - 1)

    def of(self, key: str, part: int = ALL, first: int = 0, last: int | None = None) -> int:
        """Give one number; by default of the whole."""
        return self.numbers[(part, first, len(self.stretches) - 1 if last is None else last), key]


def settle(base: TotalsFile, own: TotalsFile | None = None, *, place: str = "totals") -> Amounts:
    """Settle the numbers of ``base``; those of ``own`` hold first, and those of ``base`` that no longer fit give way.

    ``place`` names the totals file in messages. Raises ConfigError naming the key, what was found and what would fit.
    """
    told, cells = _merged(base, own, place)
    from_on, to_on = _period(told, place)
    cells = [(w, c, f) for w, c, f in cells if _inside(w, c, f, from_on, to_on)]
    cut = stretches(from_on, to_on, (c for _, c, _ in cells))
    labelled = parts(((w, c) for w, c, _ in cells), told.departments)
    given = [*_of_totals(base, own, place, len(cut) - 1), *_of_cells(cells, told, cut, labelled, from_on, to_on)]
    if not any(g.value for g in given):
        raise ConfigError(place, "it names no number of dossiers.", "Write received = … under [totals].")
    given.sort(key=lambda g: not g.firm)  # stable: those of the totals file first
    book = _Book(cut, labelled)
    asked, dropped = book.take([g for g in given if g.key not in APART])
    apart = {g.key: g for g in reversed(given) if g.key in APART}
    numbers = book.numbers() | {((ALL, 0, len(cut) - 1), key): 0 for key in APART}
    numbers |= {(g.place, g.key): g.value for g in apart.values()}
    return Amounts(told, from_on, to_on, cut, labelled, numbers, (*asked, *apart.values()), dropped)


def _merged(base: TotalsFile, own: TotalsFile | None, place: str) -> tuple[TotalsFile, list[tuple[str, Cell, bool]]]:
    """Lay a totals file over a scenario: every word it says holds, and its cells replace those of the scenario."""
    says = own.model_dump(exclude_unset=True, exclude={"totals", "cell"}) if own else {}
    told = base.model_copy(update={k: v for k, v in says.items() if v})
    firm = own is None or bool(own.cell)
    cells = own.cell if own and own.cell else base.cell
    whose = place if firm else f"scenario {base.name}"
    return told, [(f"{whose}, cell {n}", c, firm) for n, c in enumerate(cells, start=1)]


def _period(told: TotalsFile, place: str) -> tuple[date, date]:
    if told.from_on is None or told.to_on is None:
        missing = "from_on" if told.from_on is None else "to_on"
        raise ConfigError(place, f'"{missing}" is missing.', "Write the first and the last day of the period.")
    if told.to_on < told.from_on:
        raise ConfigError(place, f"the period ends {told.to_on} before it starts {told.from_on}.", "Swap the two days.")
    return told.from_on, told.to_on


def _inside(where: str, cell: Cell, firm: bool, from_on: date, to_on: date) -> bool:
    """Tell whether a cell has days in the period; one of the totals file itself must have."""
    start, end = days_of(cell, from_on, to_on)
    if start > end and firm:
        raise ConfigError(where, f"it has no day between {from_on} and {to_on}.", "Mend year, from_on or to_on.")
    return start <= end


def _of_totals(base: TotalsFile, own: TotalsFile | None, place: str, last: int) -> Iterator[Given]:
    named = dict(own.totals.given()) if own else {}
    for key, value in named.items():
        yield Given((ALL, 0, last), key, value, f"{place}, totals")
    for key, value in base.totals.given():
        if key not in named:
            where = f"scenario {base.name}, totals" if own else f"{place}, totals"
            yield Given((ALL, 0, last), key, value, where, firm=own is None)


def _of_cells(
    cells: list[tuple[str, Cell, bool]],
    told: TotalsFile,
    cut: tuple[tuple[date, date], ...],
    labelled: tuple[Part, ...],
    from_on: date,
    to_on: date,
) -> Iterator[Given]:
    for where, cell, firm in cells:
        start, end = days_of(cell, from_on, to_on)
        first = next(i for i, (s, _) in enumerate(cut) if s == start)
        last = next(i for i, (_, e) in enumerate(cut) if e == end)
        part = part_of(cell, told.departments, where)
        place = (ALL if part is None else labelled.index(part), first, last)
        for key, value in cell.given():
            if key in OF_THE_WHOLE and (first, last) != (0, len(cut) - 1):
                found = f'"{key}" is told for the whole period only.'
                raise ConfigError(where, found, "Take it out, or take the days of the cell out.")
            yield Given(place, key, value, where, firm)


class _Book:
    """The numbers of all places under their sums."""

    def __init__(self, cut: tuple[tuple[date, date], ...], labelled: tuple[Part, ...]) -> None:
        self.cut, self.parts, self.last = cut, labelled, len(cut) - 1
        self.spans = [(k, k) for k in range(len(cut))] + ([(0, self.last)] if self.last else [])
        self.everybody = [ALL, *range(len(labelled))]

    def take(self, given: list[Given]) -> tuple[list[Given], tuple[Given, ...]]:
        """Hold what was given, drop what gives way, choose the rest. Raises ConfigError."""
        self.spans += sorted({g.place[1:] for g in given} - {*self.spans})
        self.balance = Balance(list(self._sums()))
        self._zeros(given)
        asked, dropped = [], []
        for one in given:
            mark = len(self.balance.trail)
            try:
                self.balance.hold((one.place, one.key), one.value)
                asked.append(one)
            except Clash as clash:
                if one.firm:
                    raise contradiction(one, clash, given, self.parts, self.cut) from clash
                self.balance.back(mark)
                dropped.append(one)
        try:
            self.balance.choose(self._order(), self._wish)
        except NothingFits:
            if any(not g.firm for g in asked):
                kept, soft = [g for g in given if g.firm], [g for g in given if not g.firm]
                return self.take(kept)[0], tuple(soft)
            where = asked[0].where if asked else "totals"
            step = "Give fewer of the cells' numbers, or all of them."
            raise ConfigError(where, "no whole numbers were found that fit all the numbers given.", step) from None
        return asked, tuple(dropped)

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
