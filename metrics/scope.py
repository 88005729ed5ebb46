"""What a question is about: who asks (scope), which dossiers (filters), which days (period). Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import reduce
from operator import and_
from typing import Self

import polars as pl

from metrics.portable import POLARS, Words


@dataclass(frozen=True, slots=True)
class Scope:
    """The departments a reader may see. There is no default: say ``Scope.province()`` or name departments."""

    departments: frozenset[str] | None  # None: the whole province

    @classmethod
    def province(cls) -> Self:
        """Give the scope of those who may see every department."""
        return cls(None)

    @classmethod
    def of(cls, *departments: str) -> Self:
        """Give the scope of those who may see ``departments`` and no other; none named: nothing."""
        return cls(frozenset(departments))

    def within(self, chosen: tuple[str, ...]) -> Self:
        """Give the scope of those of ``chosen`` that this one reaches."""
        return self.of(*(name for name in chosen if self.departments is None or name in self.departments))

    def expr(self, words: Words = POLARS) -> pl.Expr:
        """Keep rows whose ``department`` is in scope; a row without department is only in the province's.

        Figures and their lists are told by it: a dossier counts where it is resolved, whoever holds it. ``words``:
        those of the frame that is asked (metrics.portable).
        """
        everything: pl.Expr = words.lit(True)
        return everything if self.departments is None else self._names("department", words)

    def sees(self) -> pl.Expr:
        """Keep rows that may be looked at one by one: those in scope, and those that a unit in scope holds now
        (``holding_unit``). Having received a dossier alone gives no sight of it."""
        return pl.lit(True) if self.departments is None else self._names("department") | self._names("holding_unit")

    def holds(self) -> pl.Expr:
        """Keep rows of units out of scope that a unit in scope holds now; the whole province is out of no scope."""
        if self.departments is None:
            return pl.lit(False)
        return self._names("holding_unit") & ~self._names("department")

    def _names(self, column: str, words: Words = POLARS) -> pl.Expr:
        named: pl.Expr = words.col(column).is_in(sorted(self.departments or ())).fill_null(False)
        return named


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose; an empty tuple means all. Values are those of the cube's columns, never wordings; an empty
    text among them keeps the rows that have none."""

    department: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    receiving_unit: tuple[str, ...] = ()

    def expr(self, words: Words = POLARS) -> pl.Expr:
        """Keep rows that match every chosen value. ``words``: those of the frame that is asked (metrics.portable)."""
        chosen: list[pl.Expr] = [
            words.col(f.name).is_in(list(getattr(self, f.name))).fill_null("" in getattr(self, f.name))
            for f in fields(self)
            if getattr(self, f.name)
        ]
        everything: pl.Expr = words.lit(True)
        return reduce(and_, chosen, everything)


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``start`` to ``end``, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends {self.end} before it starts {self.start}")
