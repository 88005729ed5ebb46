"""Pull dossiers from a one-stop system that speaks the national exchange format: sign in, then page by page.

Pages are ordered by last change and read **from the last to the first**: while we read, a dossier that changes leaves
its place and those behind it move forward, never backward, so nothing slips through between two pages; the newest
come first. The cursor is inclusive, goes back by an overlap, and knows the page to resume at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson

from config.errors import SourceError
from config.sources import Source, secret
from connectors import exchange
from connectors.base import Batch, Reading
from connectors.pages import Watch, nothing_gone
from connectors.payload import Payload, parse
from connectors.rest import Wire, connect, post

_STAMP: Final = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Cursor:
    """``until``: everything changed before is stored. ``since``, ``upto``, ``page``: a pull that was cut off."""

    until: str = ""
    since: str = ""
    upto: str = ""
    page: int = 0
    columns: tuple[str, ...] = ()  # that came so far, see connectors.payload.TELLING

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        told = orjson.loads(text) if text else {}
        known = {k: told[k] for k in ("until", "since", "upto", "page") if k in told}
        return cls(**known, columns=tuple(told.get("columns", ())))

    def write(self) -> str:
        return orjson.dumps({name: getattr(self, name) for name in self.__slots__}).decode()


@dataclass(slots=True)
class _Session:
    source: Source
    wire: Wire
    key: str = ""
    office: str = field(default="")


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what changed since the cursor, a page a batch. Raises SourceError.

    The moment of reading dates the new cursor when the source does not say its own time.
    """
    place = f'source "{source.name}"'
    request = source.request
    with connect(
        source.address, place=place, timeout_seconds=request.timeout_seconds, attempts=request.attempts
    ) as wire:
        session = _Session(source, wire, office=source.office)
        before, now = Cursor.read(reading.cursor), reading.now
        since = before.since if before.page else _back(before.until, source)
        first = _ask(session, since, before.upto, 1)
        upto = before.upto or first.envelope.get(request.until, "") or _wall(now, source)
        watch = Watch(place, request)
        total = watch.total(first)
        last = before.page or max(1, -(-total // request.rows_a_page))
        columns = before.columns
        for page in range(last, 0, -1):
            answer = first if last == 1 else _ask(session, since, upto, page)
            watch.page(answer, page)
            nothing_gone(answer, columns, source.exchange.may_lack, place)
            columns = tuple(sorted({*columns, *answer.columns}))
            # A source whose clock is ahead must not make us skip what it will stamp once that is mended.
            reached = Cursor(min(upto, _wall(now, source)), columns=columns)
            after = reached if page == 1 else Cursor(before.until, since, upto, page - 1, columns)
            batch = _batch(source, answer, after, page, total)
            watch.rows(batch, page)
            yield batch
            time.sleep(request.pause_seconds)


def _batch(source: Source, answer: Payload, after: Cursor, page: int, total: int) -> Batch:
    origin = f"{source.request.service} trang {page}, đến {after.upto or after.until}"
    done = exchange.translate(
        answer.dossiers, source.exchange, source=source.name, time_zone=source.time_zone, origin=origin
    )
    rows = exchange.raw(answer.dossiers)
    return Batch(done.good, done.rejects, done.merged, after.write(), rows, n_expected=total)


def _back(until: str, source: Source) -> str:
    """Give the start of the window: the cursor less the overlap, "" for everything."""
    if not until:
        return ""
    moment = datetime.strptime(until, _STAMP).replace(tzinfo=source.zone)
    return (moment - timedelta(minutes=source.overlap_minutes)).strftime(_STAMP)


def _wall(moment: datetime, source: Source) -> str:
    return moment.astimezone(source.zone).strftime(_STAMP)


def _ask(session: _Session, since: str, until: str, page: int) -> Payload:
    """Ask for one page, signing in first or again when the session is gone."""
    for _ in range(3):
        session.key = session.key or _sign_in(session)
        answer = _call(session, since, until, page)
        if answer.ok:
            return answer
        code = answer.envelope.get("error_code", "")
        if code not in session.source.request.no_session:
            # Some systems say the request back, and with it the key.
            message = answer.envelope.get("error_message", "").replace(session.key, "…")[:120]
            raise SourceError(
                session.wire.place,
                f'answered error {code}: "{message}".',
                "Check service, office and [source.request].",
            )
        session.key = ""
    raise SourceError(session.wire.place, "closes every session at once.", "Ask its operator about the account.")


def _call(session: _Session, since: str, until: str, page: int) -> Payload:
    source, request = session.source, session.source.request
    named = {
        request.since: since, request.until: until,
        request.page: str(page), request.page_size: str(request.rows_a_page),
    }  # fmt: skip
    body = {"session": session.key, "madonvi": session.office, "service": request.service} | {
        name: value for name, value in named.items() if name
    }
    data = post(session.wire, request.data_path, body)
    place = f"{session.wire.place}, {request.service}"
    answer = parse(data, place=place, changed=source.exchange.changed)
    if "error_code" not in answer.envelope:  # a gateway's own words, with a good status: not "nothing has changed"
        found = "an answer without error_code came, which is none of the exchange."
        raise SourceError(place, found, "Is the system under maintenance? Ask its operator; nothing is lost.")
    return answer


def _sign_in(session: _Session) -> str:
    user, password = _credentials(session.source)
    path = session.source.request.login_path
    data = post(session.wire, path, {"username": user, "password": password})
    try:
        told = orjson.loads(data)
        key = str(told.get("session") or "")
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise SourceError(session.wire.place, f"{path} answered no JSON.", "Check url and login_path.") from error
    if not key:
        raise SourceError(
            session.wire.place, "refused the sign-in.", "Check the secrets that user_secret and password_secret name."
        )
    return key


def _credentials(source: Source) -> tuple[str, str]:
    if source.kind == "demo":
        from connectors.simulator.access import PASSWORD, USER

        return USER, PASSWORD
    return secret(source, source.user_secret), secret(source, source.password_secret)
