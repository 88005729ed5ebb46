"""What everybody is told: figures by unit and field, none over a few dossiers, and letters of apology by code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from config import insight, personal
from dashboard.links import UNTOLD
from dashboard.wording import NOTHING, flat, number, percent, sort_key
from metrics import intervals
from metrics.definitions import AGES
from metrics.heard import Left
from metrics.scope import Period

_Row = Mapping[str, Any]
Cut = Literal["department", "field"]
Withheld = Literal["", "few", "beside"]
CUTS: Final[Mapping[Cut, str]] = {"department": "Theo cơ quan, đơn vị giải quyết", "field": "Theo lĩnh vực"}
HEADS: Final[Mapping[Cut, str]] = {"department": "Cơ quan, đơn vị", "field": "Lĩnh vực"}
TITLE: Final = "Công khai tình hình giải quyết thủ tục hành chính"
WHOLE: Final = "Toàn tỉnh"
#: Figures of the catalogue that the page tells, in the order in which it explains them.
TOLD: Final = ("on_time_due", "pending_overdue", "on_time_resolved", "letters_issued")
AGE_WORDS: Final = ("1–3", "4–10", "11–30", "> 30")
#: What a number of a letter looks like: 12/PXL-TTPVHCC, 345/2026/UBND-VP. What people typed otherwise is not told.
_NUMBER: Final = re.compile(r"\d{1,6}[a-zA-Z]?(?:/[0-9A-ZĐ]{1,10}(?:[-.&][0-9A-ZĐ]{1,10}){0,3}){0,3}")


@dataclass(frozen=True, slots=True)
class Share:
    """A share as counted. ``withheld``: "few" dossiers, or one that would tell of those few by subtraction."""

    over: int
    under: int
    withheld: Withheld = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """Open dossiers past their due day, by age (AGES), of all ``pending``."""

    overdue: int
    ages: tuple[int, ...]
    pending: int
    withheld: Withheld = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one unit or field: by due day and of what was resolved, of the week and of the year."""

    name: str
    due: tuple[Share, Share]
    stock: Stock
    resolved: tuple[Share, Share]

    @property
    def empty(self) -> bool:
        """Say whether nothing at all stands behind it."""
        return not (self.stock.pending or any(share.under for share in (*self.due, *self.resolved)))


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the headline of one period."""

    extended: int
    suspended: int
    first: Share
    undetermined: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of apology: nothing of people, and of what people typed its number alone."""

    code: str
    department: str
    number: str
    issued_on: date
    new_due_on: date | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the page tells. ``letters``: the newest of ``letters_all``, those of ``letters_of``."""

    week: Period
    year: Period
    known_to: str
    version: str
    smallest: int
    small: int
    whole: Line
    beside: tuple[Beside, Beside]
    cuts: Mapping[Cut, tuple[Line, ...]]
    silent: tuple[str, ...]
    letters: tuple[Letter, ...]
    letters_all: int
    letters_of: Period


def whole(week: pl.DataFrame, year: pl.DataFrame, smallest: int) -> Line:
    """Give the figures of everybody: metrics.heard.told of the week and of the year, one row each."""
    return _lines([WHOLE], [week.row(0, named=True)], [year.row(0, named=True)], smallest)[0]


def beside(rows: pl.DataFrame, smallest: int) -> Beside:
    """Give what stands beside the headline."""
    row = rows.row(0, named=True)
    first = _share(row, "on_time_due_first")
    few: Withheld = "few" if 0 < first.under < smallest else ""
    shown = Share(first.over, first.under, few)
    return Beside(row["extended_out"], row["suspended_out"], shown, row["resolved_undetermined"])


def lines(week: pl.DataFrame, year: pl.DataFrame, by: Cut, smallest: int) -> tuple[Line, ...]:
    """Give a line for each unit or field of the year, as names are ordered; those without a name last."""
    of_week = {row[by]: row for row in week.to_dicts()}
    of_year = {row[by]: row for row in year.to_dicts()}
    names = sorted({*of_week, *of_year}, key=lambda name: (name is None, sort_key(name or "")))
    told = [UNTOLD if name is None else name for name in names]
    found = _lines(told, [of_week.get(n, {}) for n in names], [of_year.get(n, {}) for n in names], smallest)
    return tuple(line for line in found if not line.empty)


def _lines(names: Sequence[str], week: Sequence[_Row], year: Sequence[_Row], smallest: int) -> list[Line]:
    """Lay counts out in lines; what may not be told is marked, column by column."""
    due = [_kept([_share(row, "on_time_due") for row in rows], smallest) for rows in (week, year)]
    resolved = [_kept([_share(row, "on_time_resolved") for row in rows], smallest) for rows in (week, year)]
    stood = [_stock(row or other) for row, other in zip(week, year, strict=True)]
    hidden = withheld([stock.pending for stock in stood], smallest)
    stocks = [Stock(s.overdue, s.ages, s.pending, why) for s, why in zip(stood, hidden, strict=True)]
    return [
        Line(name, (due[0][i], due[1][i]), stocks[i], (resolved[0][i], resolved[1][i])) for i, name in enumerate(names)
    ]


def _share(row: _Row, name: str) -> Share:
    told = row.get(name) or {}
    return Share(int(told.get("numerator") or 0), int(told.get("denominator") or 0))


def _stock(row: _Row) -> Stock:
    if not row:
        return Stock(0, (0,) * len(AGES), 0)
    return Stock(row["pending_overdue"], tuple(row[age] for age in AGES), row["pending"])


def _kept(shares: Sequence[Share], smallest: int) -> list[Share]:
    hidden = withheld([share.under for share in shares], smallest)
    return [Share(share.over, share.under, why) for share, why in zip(shares, hidden, strict=True)]


def withheld(bases: Sequence[int], smallest: int) -> list[Withheld]:
    """Say of each figure of a column why it is not told: it is over ``few`` dossiers, or it stands ``beside`` those and
    would give them away, the sum of the column being known. What is not told is then of ``smallest`` in all, or more.
    """
    found: list[Withheld] = ["few" if 0 < base < smallest else "" for base in bases]
    missing = sum(base for base, why in zip(bases, found, strict=True) if why)
    others = sorted((base, i) for i, base in enumerate(bases) if base >= smallest)
    while 0 < missing < smallest and others:
        base, i = others.pop(0)
        found[i] = "beside"
        missing += base
    return found


def letters(rows: pl.DataFrame, most: int) -> tuple[Letter, ...]:
    """Give the first ``most`` of metrics.apologies as they may be told."""
    return tuple(
        Letter(
            code_of(row["code"]), flat(row["department"] or UNTOLD), number_of(row["number"]), row["issued_on"],
            row["new_due_on"],
        )
        for row in rows.head(most).to_dicts()
    )  # fmt: skip


def code_of(code: str) -> str:
    """Give a dossier's code; a dash for one in which a person's number, address or name stands."""
    shown = flat(code, 60)
    return shown if personal.hide(shown) == shown else NOTHING


def number_of(text: str | None) -> str:
    """Give the number of a letter where it is one, and nothing else: people type it, and may type anything."""
    told = "".join((text or "").split())
    parted = re.sub(r"[/.&-]", " ", told)
    plain = _NUMBER.fullmatch(told) and personal.hide(told) == told and personal.hide(parted) == parted
    return told if plain else NOTHING


def silence(
    left: Sequence[Left], titles: Mapping[str, str], since: Mapping[Left, str], units: Sequence[Line], smallest: int
) -> tuple[str, ...]:
    """Say who is in no rate, and how many open dossiers they hold. ``since``: when each was last heard, in words;
    ``units``: the lines of all units, of whose figures none may be given away here."""
    return tuple(_silence(each, titles, since.get(each, ""), _held(each, units, smallest)) for each in left)


def _silence(left: Left, titles: Mapping[str, str], since: str, held: str) -> str:
    source = flat(titles.get(left.silent.source, left.silent.source))
    unit = left.silent.department
    who = f"{flat(unit)} (nguồn {source})" if unit else f"Nguồn {source}"
    from_when = f"từ {since}" if since else "lần nào"
    return f"{who} không có dữ liệu {from_when}: {held} đang giữ không tính vào tỷ lệ, số đếm là số biết lần cuối."


def _held(left: Left, units: Sequence[Line], smallest: int) -> str:
    """Say how many open dossiers somebody silent holds; no number where with the lines it would tell of a few."""
    if 0 < left.pending < smallest:
        return few(smallest)
    mine = [line.stock for line in units if left.silent.department in (None, line.name)]
    rest = sum(stock.pending for stock in mine) - left.pending
    hidden = any(stock.withheld for stock in mine)
    if left.silent.department is None:  # everybody may know which units are of a source; of all together it is told
        hidden = hidden and rest != 0
    else:  # what other sources tell of the unit is the rest; under another name its line cannot be looked at
        hidden = hidden or 0 < rest < smallest or (not mine and left.pending > 0)
    return "hồ sơ" if hidden else f"{number(left.pending)} hồ sơ"


def few(smallest: int) -> str:
    """Say that a figure is over too few dossiers to be told."""
    return f"ít hơn {number(smallest)} hồ sơ"


def rate(share: Share, small: int) -> str:
    """Write a share: in percent, or only how many it is of where they are ``small``; of nothing a dash."""
    if share.withheld:
        return ""
    return f"n = {number(share.under)}" if 0 < share.under < small else percent(share.over, share.under)


def between(share: Share, small: int) -> str:
    """Say how far chance alone may carry a share of few dossiers; "" of ``small``, of many, and of what is withheld."""
    below = insight.load().signal.interval_below
    found = None if share.withheld or share.under < small else intervals.interval(share.over, share.under, below=below)
    return "" if found is None else f"từ {_bound(found[0])} đến {_bound(found[1])}"


def _bound(told: float) -> str:
    return f"{number(100 * told, 1)}\u00a0%"
