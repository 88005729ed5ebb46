"""What becomes of a message: taken, about to be sent, and how it ended. Each step is one conditional statement.

``attempts`` counts up with each taking and never down: whoever was thought dead and comes back with an old count
changes nothing. Between ``about_to_send`` and the server's answer a message may have arrived: cut off there it is
``unknown``, and only a person sends it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from store import audit
from store.database import Store, writing
from store.outbox import OPEN, Message, put
from store.outgoing_tables import outbox

State = Literal["waiting", "claimed", "data", "sent", "refused", "unknown", "given_up"]
#: Who delivers holds this lock: whatever is under way and not its own belongs to nobody any more.
LOCK: Final = "outbox"
CUT_OFF: Final = "the process was cut off after the message was begun and before its server answered"
PUT_BACK: Final = "the store was restored from a backup, after which the message may have been sent"
LONGEST_REPLY: Final = 500
#: Where only a person says what happens next.
OPERATOR_DECIDES: Final[tuple[State, ...]] = ("refused", "unknown", "given_up")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it was taken. ``attempts``: which attempt this is, the first is 1."""

    id: int
    key: str
    message_id: str
    about: str
    edition_id: int | None
    channel: str
    recipient: str
    subject: str
    body: str
    attached: tuple[str, ...]
    attempts: int
    put_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended; ``waiting`` again not before ``next_at``. ``reply``: what the server said."""

    state: Literal["waiting", "sent", "refused", "unknown", "given_up"]
    reply: str
    next_at: datetime | None = None


#: What the operator is told of a letter that ended so.
Notices = Callable[[Letter, Ended], Iterable[Message]]


def take(store: Store, channels: Iterable[str], *, at: datetime) -> Letter | None:
    """Take the oldest message that is due on one of ``channels``: it is nobody else's then. None where none is."""
    # An attempt that began after now: the clock was ahead then, and so is the time until which it was to wait.
    due = sa.or_(outbox.c.next_at.is_(None), outbox.c.next_at <= at, outbox.c.begun_at > at)
    mine = outbox.c.state == "waiting", outbox.c.channel.in_(tuple(channels)), due
    first = sa.select(outbox.c.id).where(*mine).order_by(outbox.c.id).limit(1).with_for_update(skip_locked=True)
    taken = {"state": "claimed", "attempts": outbox.c.attempts + 1, "begun_at": at, "next_at": None}
    with writing(store) as connection:
        chosen = connection.scalar(first)
        if chosen is None:
            return None
        claim = sa.update(outbox).where(outbox.c.id == chosen, outbox.c.state == "waiting").values(taken)
        row = connection.execute(claim.returning(outbox)).mappings().one_or_none()
        return _letter(row) if row else None


def about_to_send(store: Store, letter: Letter) -> bool:
    """Write down, for good, that the message goes out now; False when it is not this attempt's any more: send nothing.

    From here on nobody but a person sends it again, unless the server says that it did not take it.
    """
    with writing(store) as connection:
        mine = _of(letter, "claimed")
        going = connection.execute(sa.update(outbox).where(mine).values(state="data")).rowcount == 1
    if going:
        _lasting(store)
    return going


def ended(store: Store, letter: Letter, how: Ended, *, at: datetime, notices: Notices) -> bool:
    """Write down how an attempt ended, with a notice to the operator where a person has to decide.

    False when it was not this attempt's any more. What is ``unknown`` meanwhile is put right by a definite answer.
    """
    before: tuple[State, ...] = ("claimed", "data", "unknown") if how.state in ("sent", "refused") else _UNDER_WAY
    with writing(store) as connection:
        told = {"state": how.state, "reply": how.reply[:LONGEST_REPLY], "next_at": how.next_at, "ended_at": at}
        done = connection.execute(sa.update(outbox).where(_of(letter, *before)).values(told)).rowcount == 1
        if done and how.state in OPERATOR_DECIDES:
            _tell(connection, letter, how, notices, at)
        return done


def cut_off(store: Store, *, at: datetime, notices: Notices) -> tuple[int, int]:
    """Put right what a process left that is gone; the caller holds LOCK. Gives how many wait again, and how many are
    unknown: their message had been begun."""
    with writing(store) as connection:
        again = connection.execute(sa.update(outbox).where(outbox.c.state == "claimed").values(state="waiting"))
        lost = sa.update(outbox).where(outbox.c.state == "data").values(state="unknown", reply=CUT_OFF, ended_at=at)
        letters = [_letter(row) for row in connection.execute(lost.returning(outbox)).mappings()]
        for letter in letters:
            _tell(connection, letter, Ended("unknown", CUT_OFF), notices, at)
        return again.rowcount, len(letters)


def put_back(connection: Connection) -> None:
    """Make everything unknown that waits in a store which was restored from a backup: it may have gone out since."""
    doubtful = sa.update(outbox).where(outbox.c.state.in_(OPEN))
    connection.execute(doubtful.values(state="unknown", next_at=None, reply=PUT_BACK))


def send_again(store: Store, id: int, *, by: str, at: datetime) -> None:
    """Let a message go with the next turn because a person says so, who knows that it may arrive twice where it is
    ``unknown``; one that waits for its next attempt goes now, for its server may have been mended.

    Raises StoreError for one that has gone, or is under way.
    """
    told = {"state": "waiting", "next_at": None, "ended_at": None}
    _decide(store, id, told, by=by, at=at, what="send again", also=("waiting",))


def give_up(store: Store, id: int, *, by: str, at: datetime) -> None:
    """End a message without sending it because a person says so. Raises StoreError for one that has ended, or is
    under way."""
    told = {"state": "given_up", "next_at": None, "ended_at": at}
    _decide(store, id, told, by=by, at=at, what="give up", also=("waiting",))


_UNDER_WAY: Final[tuple[State, ...]] = ("claimed", "data")


def _decide(
    store: Store, id: int, told: dict[str, Any], *, by: str, at: datetime, what: str, also: tuple[State, ...] = ()
) -> None:
    mine = sa.and_(outbox.c.id == id, outbox.c.state.in_((*OPERATOR_DECIDES, *also)))
    with writing(store) as connection:
        before = connection.scalar(sa.select(outbox.c.state).where(outbox.c.id == id).with_for_update())
        if connection.execute(sa.update(outbox).where(mine).values(told)).rowcount != 1:
            found = "there is none of this number." if before is None else f"it is {before}: nobody has to decide."
            raise StoreError(f"message {id}", found, "Look at them: dunghan outbox list.")
        audit.keep_in(connection, person=by, act="record", at=at, what=f"outbox {id}", detail=f"{what}; was {before}")


def _lasting(store: Store) -> None:
    """Wait until what was committed is on the disk. SQLite does not (synchronous=NORMAL): after a power cut the last
    commits may be gone, and what went out would go out again. PostgreSQL waits by itself."""
    if store.engine.dialect.name == "sqlite":
        with suppress(FileNotFoundError), Path(f"{store.engine.url.database}-wal").open("rb") as log:
            os.fsync(log.fileno())


def _of(letter: Letter, *states: State) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.id == letter.id, outbox.c.attempts == letter.attempts, outbox.c.state.in_(states))


def _tell(connection: Connection, letter: Letter, how: Ended, notices: Notices, at: datetime) -> None:
    """Put notices in; of a notice that went wrong there is none: the list and the doctor show it."""
    for notice in notices(letter, how) if letter.about != "notice" else ():
        put(connection, notice, at=at)


def _letter(row: Any) -> Letter:
    rest: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return Letter(attached=tuple(json.loads(row["attached"])), **rest)


_PLAIN: Final = tuple(name for name in Letter.__slots__ if name != "attached")
