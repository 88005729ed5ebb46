"""What the tables of a mapping are made of, and those that tell of waits and moved due dates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _as_tuple(value: object) -> object:
    """Let one word stand for a list of one."""
    return (value,) if isinstance(value, str | int) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Rows = Annotated[tuple[int, ...], BeforeValidator(_as_tuple)]


class Part(BaseModel):
    """A table of the mapping: every key is known, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InColumns(Part):
    """Something that a file tells in columns of its own."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns of the file."""
        return tuple(str(column) for key, column in self if column and key != "kind")


class Suspended(InColumns):
    """One wait of a dossier; a file with several waits in a row has several of these."""

    from_at: str  # asked on
    to_at: str | None = None  # answered on; empty: still waiting
    due_before: str | None = None
    due_after: str | None = None
    kind: Literal["supplement", "payment", "other"] = "supplement"


class Extended(InColumns):
    """One letter that moved the due date."""

    at: str  # sent on
    due_before: str | None = None
    due_after: str | None = None
    letter: str | None = None  # its number
