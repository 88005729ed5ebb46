"""What is told about a service that answers in JSON, [source.json_api]: where its rows stand and how it pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator

from connectors.access import Access
from connectors.manners import Manners

Paging = Literal["none", "offset", "page", "cursor", "link"]


class Settings(Manners):
    """Names are those of the service's own manual, "" where it knows no such thing; docs/connectors.md explains each.

    Paths lead through the answer: ``data.items``; ``parts.0.name`` is the name of the first part.
    """

    path: str
    method: Literal["GET", "POST"] = "GET"  # POST sends the parameters as a JSON object
    params: dict[str, str] = {}  # sent with every request
    headers: dict[str, str] = {}  # no secrets: those are named under access
    access: Access = Access()
    rows: str = "data"  # path of the list of records; "" when the answer is the list
    total: str = ""  # path of the number of all rows, or "header:X-Total-Count"
    paging: Paging = "none"
    rows_a_page: Annotated[int, Field(ge=1, le=50_000)] = 500
    size: str = "limit"  # parameter: rows a page
    offset: str = "offset"  # parameter: rows to leave out, from 0
    page: str = "page"  # parameter: the page
    first_page: Annotated[int, Field(ge=0, le=1)] = 1
    cursor: str = "cursor"  # parameter: what ``next`` held
    next: str = ""  # cursor, link: path of the next cursor or address; link, "": the header Link, rel="next"
    since: str = ""  # parameter: changed at or after; "" reads everything at every pull
    until: str = ""  # parameter: changed at or before
    moment: str = "iso"  # how since and until are written: iso, epoch, epoch_ms, or a form such as %Y%m%d%H%M%S
    keep: tuple[str, ...] = ()  # paths beside the mapped ones that may be kept in the raw answers
    may_lack: tuple[str, ...] = ()  # mapped paths that may be absent: the office knows why
    no_two_alike: bool = True  # false: equal rows are counted as many, as in a log of events
    rereads: Annotated[int, Field(ge=1, le=20)] = 4  # of a window whose pages do not fit together

    @field_validator("params")
    @classmethod
    def _only_reads(cls, params: dict[str, str]) -> dict[str, str]:
        """Refuse what some one-stop systems take as the wish to work their figures out anew, or to close a month."""
        if any(name.lower() == "recalculate" for name in params):
            raise ValueError("reCalculate changes the system's own figures; a monitor only reads")
        return params

    def written(self, moment: datetime) -> str:
        """Write a moment (aware, in the time zone of the source) as the service wants it."""
        if self.moment == "iso":
            return moment.isoformat(timespec="seconds")
        if self.moment.startswith("epoch"):
            return str(int(moment.timestamp() * (1000 if self.moment == "epoch_ms" else 1)))
        return moment.strftime(self.moment)
