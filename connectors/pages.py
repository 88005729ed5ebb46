"""Whether a page of a pull can be believed: a page that is short, repeated or unreadable may not move the cursor on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

import polars as pl

from config.errors import SourceError
from config.sources import Request
from connectors.base import Batch
from connectors.payload import Payload

#: From so many rows on, a page of which more than half is refused tells of the source, not of its rows.
TELLING: Final = 10


class Page(Protocol):
    """An answer of any service: its envelope, and what tells its rows from those of another page."""

    @property
    def envelope(self) -> dict[str, str]: ...
    @property
    def codes(self) -> pl.Series: ...


@dataclass(slots=True)
class Watch:
    """Looks at the pages of one pull, one after the other. ``place`` names the source in messages. ``last``: the print
    of the page before, of a former pull too, where this one goes on behind it."""

    place: str
    request: Request
    last: str = ""

    def total(self, answer: Page) -> int:
        """Give how many rows the whole pull has. Raises SourceError when a full page leaves that open."""
        told, here = answer.envelope.get(self.request.total, ""), len(answer.codes)
        if told.isdecimal():
            return int(told)
        if here >= self.request.rows_a_page:
            found = f'a page is full ({here} rows), and "{self.request.total}" does not say how many there are in all.'
            raise SourceError(self.place, found, "Name the field that does: total under [source.request].")
        return here

    def page(self, answer: Page, number: int) -> None:
        """Raise SourceError when page ``number`` is short of what its own answer announces, or came before."""
        size, here = self.request.rows_a_page, len(answer.codes)
        announced = max(0, min(size, self.total(answer) - (number - 1) * size))
        not_short(here, announced, f"page {number}", self.place)
        codes, before = answer.codes, self.last
        self.last = hashlib.blake2b("\n".join(map(str, codes)).encode(), digest_size=8).hexdigest()
        if len(codes) > 1 and self.last == before:
            found = f"page {number} is the page before it once more; it was not stored."
            raise SourceError(self.place, found, "Check page and page_size under [source.request].")

    def rows(self, done: Batch, number: int) -> None:
        """Raise SourceError when most of a page cannot be read for one reason: a column changed its form."""
        mostly_readable(done, f"page {number}", self.place)


def not_short(here: int, announced: int, said: str, place: str) -> None:
    """Raise SourceError when the page called ``said`` has fewer rows than it announced."""
    if here < announced:
        found = f"{said} holds {here} rows where {announced} were announced; it was not stored."
        raise SourceError(place, found, "Set rows_a_page to what the system gives at most, or ask its operator.")


def mostly_readable(done: Batch, said: str, place: str) -> None:
    """Raise SourceError when more than half of the rows called ``said`` are refused for one reason."""
    if done.read < TELLING or done.rejects.height <= done.read / 2:
        return
    reasons = done.rejects["reasons"].explode().value_counts(sort=True)
    reason, n = reasons.row(0)
    if n > done.read / 2:
        example = done.rejects.filter(pl.col("reasons").list.contains(reason))["found"][0]
        found = f'{n} of {done.read} rows of {said} are refused as "{reason}" ({example}); none was stored.'
        raise SourceError(place, found, "Ask the operator what changed in that column.")


def nothing_gone(answer: Payload, before: Collection[str], may_lack: Collection[str], place: str) -> None:
    """Raise SourceError when a column that bears meaning came in former runs (``before``) and is gone now."""
    if not answer.dossiers.is_empty():
        no_column_gone(answer.columns, before, may_lack, place, "[source.exchange]")


def no_column_gone(
    came: Collection[str], before: Collection[str], may_lack: Collection[str], place: str, table: str
) -> None:
    """Raise SourceError when a column of ``before`` is not in ``came``; ``table`` is where may_lack stands."""
    gone = sorted(set(before) - set(came) - set(may_lack))
    if gone:
        listed = ", ".join(f'"{c}"' for c in gone)
        step = f"Ask the operator what changed there; when it is meant to be, name it in may_lack under {table}."
        raise SourceError(place, f"{listed} came in former runs and is gone.", step)
