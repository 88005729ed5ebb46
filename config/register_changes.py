"""What loading a list of procedures would change in the register: new lines, and never one that is there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.procedure_lines import COLUMNS, FACTS, LIMIT, Line

#: Columns in which what a list says is held against what the register says.
_HELD: Final = (*FACTS, "statutory", "committed")


@dataclass(frozen=True, slots=True)
class Held:
    """What the register says of one procedure on a day: its facts, and the limit told last."""

    cells: Mapping[str, str]
    from_on: date
    later: Line | None

    @property
    def ended(self) -> bool:
        """Whether it was abolished by then."""
        return self.cells["status"] == "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One line to be written. ``kind``: new, changed, ended; ``differs``: column → (before, after); ``cells``: COLUMNS.

    ``place``: the row of the file that says so; "" for a procedure that the file does not name.
    """

    kind: str
    cells: Mapping[str, str]
    differs: Mapping[str, tuple[str, str]]
    place: str

    @property
    def procedure(self) -> str:
        """Its code."""
        return self.cells["procedure"]


@dataclass(frozen=True, slots=True)
class Stale:
    """A row that cannot be written: the register tells something of a later day. ``line``: where."""

    procedure: str
    place: str
    from_on: date
    line: str


def held(lines: Iterable[Line], source: str, on: date) -> dict[str, Held]:
    """Give procedure → what the lines of ``source`` say of it on a day; of one told only for later, that line alone."""
    several: dict[str, list[Line]] = {}
    for line in lines:
        if line["source"] == source:
            several.setdefault(line["procedure"], []).append(line)
    return {code: _held(sorted(told, key=lambda each: each.from_on), on) for code, told in several.items()}


def _held(told: Sequence[Line], on: date) -> Held:
    past = [line for line in told if line.from_on <= on]
    later = next((line for line in told if line.from_on > on), None)
    if not past:
        return Held(told[0].cells, told[0].from_on, later)
    limits = [line for line in past if line["statutory"]]
    limit = {name: limits[-1][name] if limits else "" for name in LIMIT}
    said = [line for line in past if any(line[name] for name in FACTS)]  # a line of a limit alone says nothing of it
    facts = {name: said[-1][name] if said else "" for name in FACTS}
    return Held({**past[-1].cells, **facts, **limit}, past[-1].from_on, later)


def _meant(name: str, text: str, source: str) -> str:
    """Give what a cell means: a common line that says nobody else's is the province's own; a source's line leaves that
    to the common one."""
    return text or ("own" if name == "kind" and not source else "")


def changes(
    known: Mapping[str, Held], rows: Iterable[tuple[str, Mapping[str, str], str]], *, source: str, first: date | None,
    today: date, basis: str = "", complete: bool = False,
) -> tuple[list[Change], list[Stale], int]:  # fmt: skip
    """Give what loading ``rows`` (procedure, cells, place) would write, what it cannot, and how many stay as they are.

    ``known``: of ``held`` on ``first``, or on ``today`` without it. An empty cell says nothing, and leaves what is
    known. A new procedure holds from ``first``, without it always; a change from ``first``, without it from ``today``.
    ``complete``: the list is whole, and what it does not name has ended.
    """
    found: list[Change] = []
    stale: list[Stale] = []
    unchanged, named = 0, set()
    day = first or today
    for procedure, cells, place in rows:
        named.add(procedure)
        before = known.get(procedure)
        told = {name: cells.get(name, "") for name in (*_HELD, "basis") if cells.get(name)}
        if before is None:
            found.append(_new(source, procedure, told, first, basis, place))
            continue
        after = {**before.cells, **told, "status": cells.get("status", "")}
        differs = {
            name: (before.cells[name], after[name])
            for name in _HELD
            if _meant(name, before.cells[name], source) != _meant(name, after[name], source)
        }
        if not differs:
            unchanged += 1
        elif before.later is not None:
            stale.append(Stale(procedure, place, before.later.from_on, before.later.place))
        else:
            found.append(
                Change("changed", _line(before, after, differs, day, told.get("basis", basis)), differs, place)
            )
    if complete:
        found += [_ended(before, day, basis) for code, before in known.items() if _gone(code, before, named)]
    return found, stale, unchanged


def _new(
    source: str, procedure: str, told: Mapping[str, str], first: date | None, basis: str, place: str
) -> Change:  # fmt: skip
    key = {"source": source, "procedure": procedure, "from": first.isoformat() if first else ""}
    cells = dict.fromkeys(COLUMNS, "") | key | {"basis": basis} | dict(told)
    return Change("new", cells, {}, place)


def _line(
    before: Held, after: Mapping[str, str], differs: Mapping[str, tuple[str, str]], day: date, basis: str
) -> dict[str, str]:
    """Write the line that follows: the limit again only where it is another, or where its own line is replaced."""
    same_day = before.from_on == day
    limits = differs.keys() & set(LIMIT) or same_day
    limit = {name: after[name] if limits else "" for name in LIMIT}
    if after["status"] == "ended":
        limit = dict.fromkeys(LIMIT, "")
    from_ = after["from"] if same_day else day.isoformat()
    return {**after, **limit, "from": from_, "basis": basis or (after["basis"] if same_day else "")}


def _ended(before: Held, day: date, basis: str) -> Change:
    after = {**before.cells, "status": "ended"}
    differs = {"status": (before.cells["status"], "ended")}
    return Change("ended", _line(before, after, differs, day, basis), differs, "")


def _gone(code: str, before: Held, named: set[str]) -> bool:
    return code not in named and not before.ended and before.later is None
