"""Ask a site of OpenCPS: the headers it wants, its ways of saying "not signed in", and its lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from config.errors import SourceError
from config.sources import Source
from connectors.access import Signer
from connectors.json_rows import read_json, rows_at
from connectors.opencps_settings import Settings
from connectors.rest import RefusedError, Wire, connect, get

#: OpenCPS answers 203 to who is not signed in, with a good-looking body.
_NOT_SIGNED_IN: Final = 203
_SIGN_INS: Final = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """An open line to one site, what is told about it, and the columns that bear meaning and came so far."""

    wire: Wire
    source: Source
    settings: Settings
    columns: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        return self.wire.place


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its records, and how many the whole list says it has."""

    records: list[dict[str, Any]]
    total: int


@contextmanager
def at(source: Source) -> Iterator[Desk]:
    """Open a line to ``source``. Raises ConfigError for settings and secrets that are not there."""
    told = source.told(Settings)
    signer = Signer(source, told.access)
    signer.headers() if not signer.renewable else None  # a secret that is not set is said before anything is asked
    place = f'source "{source.name}"'
    with connect(source.address, place=place, manners=told, signer=signer, headers={"groupId": told.group_id}) as wire:
        yield Desk(wire, source, told)


def ask(desk: Desk, path: str, params: Mapping[str, str] | None = None) -> Any:
    """Ask for ``path`` under the prefix and give the JSON. Raises SourceError; RefusedError for 403, 404.

    Nothing that recomputes on the server is ever asked for: only lists, one dossier, its steps, its calendar.
    """
    for _ in range(_SIGN_INS):
        answer = get(desk.wire, f"{desk.settings.prefix.rstrip('/')}{path}", params)
        if answer.status != _NOT_SIGNED_IN:
            return read_json(answer.body, place=f"{desk.place}, {path}", status=answer.status)
        desk.wire.client.cookies.clear()  # a session that ended is not healed by showing it again
        if desk.wire.signer:
            desk.wire.signer.forget()
    found = f"{path} answered 203 {_SIGN_INS} times, which in OpenCPS means: not signed in."
    step = "Check the secrets that the source names, access and group_id under [source.opencps]."
    raise SourceError(desk.place, found, step)


def page(desk: Desk, path: str, params: Mapping[str, str], start: int, size: int) -> Page:
    """Give the records [start, start + size) of a list. Raises SourceError when the list says no total."""
    asked = {**params, "start": str(start), "end": str(start + size)}
    answer = ask(desk, path, asked)
    total = answer.get("total") if isinstance(answer, dict) else None
    place = f"{desk.place}, {path}"
    if not str(total).isdecimal():
        found = 'the list came without "total", so nobody can say whether it is whole.'
        raise SourceError(place, found, "Check prefix and group_id under [source.opencps].")
    records = rows_at(answer, "data", place=place) if answer.get("data") is not None or int(str(total)) else []
    return Page(records, int(str(total)))


def one(desk: Desk, number: str) -> dict[str, Any] | None:
    """Give one dossier by its number; None where the site does not know it or does not show it."""
    try:
        answer = ask(desk, f"/dossiers/{number}")
    except RefusedError:
        return None
    return answer if isinstance(answer, dict) and answer.get("dossierId") not in (None, "", 0, "0") else None
