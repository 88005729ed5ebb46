"""Whether a page of a pull can be believed: a page that is short, repeated or unreadable may not move the cursor on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from config.errors import SourceError
from config.sources import Request
from connectors.base import Batch
from connectors.payload import Payload

#: From so many rows on, a page of which more than half is refused tells of the source, not of its rows.
TELLING: Final = 10


@dataclass(slots=True)
class Watch:
    """Looks at the pages of one pull, one after the other. ``place`` names the source in messages."""

    place: str
    request: Request
    _codes: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))

    def total(self, answer: Payload) -> int:
        """Give how many rows the whole pull has. Raises SourceError when a full page leaves that open."""
        told, here = answer.envelope.get(self.request.total, ""), answer.dossiers.height
        if told.isdecimal():
            return int(told)
        if here >= self.request.rows_a_page:
            found = f'a page is full ({here} rows), and "{self.request.total}" does not say how many there are in all.'
            raise SourceError(self.place, found, "Name the field that does: total under [source.request].")
        return here

    def page(self, answer: Payload, number: int) -> None:
        """Raise SourceError when page ``number`` is short of what its own answer announces, or came before."""
        size, here = self.request.rows_a_page, answer.dossiers.height
        announced = max(0, min(size, self.total(answer) - (number - 1) * size))
        if here < announced:
            found = f"page {number} holds {here} rows where {announced} were announced; it was not stored."
            raise SourceError(
                self.place, found, "Set rows_a_page to what the system gives at most, or ask its operator."
            )
        codes = answer.dossiers["MaHoSo"]
        if here > 1 and codes.equals(self._codes):
            found = f"page {number} is the page before it once more; it was not stored."
            raise SourceError(self.place, found, "Check page and page_size under [source.request].")
        self._codes = codes

    def rows(self, done: Batch, number: int) -> None:
        """Raise SourceError when most of a page cannot be read for one reason: a column changed its form."""
        if done.read < TELLING or done.rejects.height <= done.read / 2:
            return
        reasons = done.rejects["reasons"].explode().value_counts(sort=True)
        reason, n = reasons.row(0)
        if n > done.read / 2:
            example = done.rejects.filter(pl.col("reasons").list.contains(reason))["found"][0]
            found = f'{n} of {done.read} rows of page {number} are refused as "{reason}" ({example}); none was stored.'
            raise SourceError(self.place, found, "Ask the operator what changed in that column.")


def nothing_gone(answer: Payload, before: Collection[str], may_lack: Collection[str], place: str) -> None:
    """Raise SourceError when a column that bears meaning came in former runs (``before``) and is gone now."""
    if answer.dossiers.is_empty():
        return
    gone = sorted(set(before) - set(answer.columns) - set(may_lack))
    if gone:
        listed = ", ".join(f'"{c}"' for c in gone)
        step = (
            "Ask the operator what changed there; when it is meant to be, name it in may_lack under [source.exchange]."
        )
        raise SourceError(place, f"{listed} came in former runs and is gone.", step)
