"""What a question is about: who asks (scope), which dossiers (filters), which days (period). Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import polars as pl


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

    def expr(self) -> pl.Expr:
        """Keep rows whose ``department`` is in scope; a row without department is only in the province's."""
        if self.departments is None:
            return pl.lit(True)
        return pl.col("department").cast(pl.String).is_in(sorted(self.departments)).fill_null(False)


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

    def expr(self) -> pl.Expr:
        """Keep rows that match every chosen value."""
        chosen = [
            pl.col(f.name).cast(pl.String).is_in(list(getattr(self, f.name))).fill_null("" in getattr(self, f.name))
            for f in fields(self)
            if getattr(self, f.name)
        ]
        return pl.all_horizontal(chosen) if chosen else pl.lit(True)


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``start`` to ``end``, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends {self.end} before it starts {self.start}")
