"""Ask a JSON service for one page, by offset, page number, cursor or link, and find where the next one is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from config.errors import SourceError
from config.sources import Source
from connectors.access import Signer
from connectors.json_api_settings import Settings
from connectors.json_rows import read_json, rows_at
from connectors.json_values import at
from connectors.rest import Answer, RefusedError, Wire, connect, send

_NEXT: Final = re.compile(r'<([^>]*)>[^,]*;\s*rel="?next"?', re.IGNORECASE)
_HEADER: Final = "header:"
_AGAIN: Final = 3  # a page that is shorter than its own total allows


@dataclass(frozen=True, slots=True)
class Desk:
    """An open line to one service, and what is told about it."""

    wire: Wire
    source: Source
    settings: Settings

    @property
    def place(self) -> str:
        return self.wire.place

    @property
    def counted(self) -> bool:
        """Say whether pages have numbers, so that one can go back."""
        return self.settings.paging in ("offset", "page")


@dataclass(frozen=True, slots=True)
class Step:
    """A page: its number from 0, and the cursor or address that leads there."""

    number: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """``next``: None after the last page. ``told_at``: the service's own clock, where it shows one."""

    rows: list[dict[str, Any]]
    total: int | None
    next: Step | None
    told_at: datetime | None


@contextmanager
def at_work(source: Source) -> Iterator[Desk]:
    """Open a line to ``source``. Raises ConfigError for settings and secrets that are not there."""
    told = source.told(Settings)
    signer = Signer(source, told.access)
    if not signer.renewable:
        signer.headers()  # a secret that is not set is said before anything is asked
    with connect(
        source.address, place=f'source "{source.name}"', manners=told, signer=signer, headers=told.headers
    ) as wire:
        yield Desk(wire, source, told)


def page(desk: Desk, window: dict[str, str], step: Step, usual: int = 0) -> Page:
    """Ask for one page, again while it is shorter than its total allows, or than the one before, of ``usual`` rows, and
    not the last. Raises SourceError; it may stay short."""
    for _ in range(_AGAIN):
        here = _asked(desk, window, step)
        wanted = announced(desk, here, step) if desk.counted else usual if here.next else 0
        if len(here.rows) >= wanted:
            return here
    return here


def announced(desk: Desk, here: Page, step: Step) -> int:
    """Give how many rows the page must have by the total it tells; 0 where nobody can say."""
    size = desk.settings.rows_a_page
    return 0 if here.total is None or not desk.counted else max(0, min(size, here.total - step.number * size))


def _asked(desk: Desk, window: dict[str, str], step: Step) -> Page:
    told = desk.settings
    if told.paging == "link" and step.token:
        if not _is_home(desk, step.token):  # kept by a former pull, of an address that the source had then
            raise RefusedError(desk.place, "a page that was kept is of another server.", "It begins anew.", 410)
        answer = send(desk.wire, told.method, step.token)
    else:
        named = {**told.params, **window, **_position(told, step)}
        given: dict[str, Any] = {"params": named} if told.method == "GET" else {"body": named}
        answer = send(desk.wire, told.method, told.path, **given)
    place = f"{desk.place}, {told.path}"
    tree = read_json(answer.body, place=place, status=answer.status)
    rows = rows_at(tree, told.rows, place=place)
    total = _total(desk, answer, tree)
    return Page(rows, total, _next(desk, answer, tree, step, len(rows), total), _clock(answer))


def _position(told: Settings, step: Step) -> dict[str, str]:
    size = {told.size: str(told.rows_a_page)} if told.size and told.paging != "none" else {}
    if told.paging == "offset":
        return size | {told.offset: str(step.number * told.rows_a_page)}
    if told.paging == "page":
        return size | {told.page: str(step.number + told.first_page)}
    return size | ({told.cursor: step.token} if told.paging == "cursor" and step.token else {})


def _total(desk: Desk, answer: Answer, tree: Any) -> int | None:
    """Read how many rows there are. Raises SourceError when the place that should say it does not."""
    told = desk.settings.total
    if not told:
        return None
    value = answer.headers.get(told.removeprefix(_HEADER).lower()) if told.startswith(_HEADER) else at(tree, told)
    if not str(value).isdecimal():
        found = f'"{told}" does not say how many rows there are.'
        raise SourceError(desk.place, found, 'Check total under [source.json_api]; "" where it is not told.')
    return int(str(value))


def _next(desk: Desk, answer: Answer, tree: Any, step: Step, here: int, total: int | None) -> Step | None:
    told = desk.settings
    if desk.counted:
        return Step(step.number + 1) if _more(told, step, here, total) else None
    if told.paging == "none":
        return None
    token = at(tree, told.next) if told.next else _linked(answer)
    if token in (None, "", False):
        return None
    led = str(token) if told.paging == "cursor" else _at_home(desk, str(token))
    if led == step.token:
        raise SourceError(
            desk.place, "the next page is told to be the same page.", "Ask its operator; nothing is lost."
        )
    return Step(step.number + 1, led)


def _more(told: Settings, step: Step, here: int, total: int | None) -> bool:
    """Say whether a numbered page may have another behind it.

    Without a total a short page may be one with a hole: only an empty one is the end. So it is where ``total`` is less
    than what has come: it counts the rows of one page. A last page that is full is asked whether it is the last.
    """
    came = step.number * told.rows_a_page + here
    if total is None or total < came:
        return here > 0
    return total > came or here == told.rows_a_page


def _linked(answer: Answer) -> str | None:
    found = _NEXT.search(answer.headers.get("link", ""))
    return found.group(1) if found else None


def _at_home(desk: Desk, link: str) -> str:
    """Give the whole address of a link. Raises SourceError for one that would show our sign-in to somebody else."""
    try:
        whole = urljoin(f"{desk.source.address}{desk.settings.path}", link)
        there = urlsplit(whole)
    except ValueError:
        raise SourceError(desk.place, "the next page is told to be at no address.", "Ask its operator.") from None
    if not _is_home(desk, whole):
        found = f"the next page is told to be at {there.scheme}://{there.hostname}, another server."
        raise SourceError(desk.place, found, "Set url to the address under which the service knows itself.")
    return whole


def _is_home(desk: Desk, address: str) -> bool:
    home, there = urlsplit(desk.source.address), urlsplit(address)
    return (home.scheme, home.netloc) == (there.scheme, there.netloc)


def _clock(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return None


def storable(desk: Desk, step: Step) -> Step:
    """Give a step that may be kept: one whose address carries a secret is read again from the beginning."""
    return step if desk.wire.veil(step.token) == step.token else Step()
