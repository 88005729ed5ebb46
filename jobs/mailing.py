"""Deliver what waits in the outbox: each message once, by whoever holds the lock; what went wrong to the operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from config import mail
from config.diary import diary
from config.errors import DunghanError
from config.mapping import TIME_ZONE
from config.notes import Note, note
from connectors import gateways, smtp
from connectors.smtp import Answer
from metrics.scope import Scope
from store import delivery, issued, outbox
from store.database import Store, locked
from store.delivery import Ended, Letter, Notices
from store.editions import Paper
from store.outbox import Message

log = diary("mail")
Clock = Callable[[], datetime]
#: Hands a letter with its papers over; asks, before anything goes out, whether it still may.
Carrier = Callable[[Letter, Sequence[Paper], Callable[[], bool]], Answer]
ZONE: Final = ZoneInfo(TIME_ZONE)


def carriers() -> dict[str, Carrier]:
    """Give a carrier for each channel that is set up. Raises ConfigError for one that is half set up."""
    server = mail.server()
    found: dict[str, Carrier] = {"mail": partial(_by_mail, server)} if server is not None else {}
    return found | dict.fromkeys(mail.load().gateways, _by_gateway)


def _by_mail(server: mail.Server, letter: Letter, papers: Sequence[Paper], about_to_send: Callable[[], bool]) -> Answer:
    if not mail.is_address(letter.recipient):
        return Answer("refused", "it is no mail address that a server takes")
    message = smtp.written(letter, papers, server, ZONE)
    return smtp.post(server, message, letter.recipient, about_to_send=about_to_send)


def _by_gateway(letter: Letter, papers: Sequence[Paper], about_to_send: Callable[[], bool]) -> Answer:
    return gateways.post(letter, about_to_send=about_to_send)


def deliver(
    store: Store, by: Mapping[str, Carrier], *, clock: Clock, stopped: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Send what is due on the channels of ``by``, and put right what a killed process left; gives how many ended how.

    Does nothing while another process delivers. A channel whose server is away is left alone until the next call.
    Raises StoreError and ConfigError.
    """
    came_to: Counter[str] = Counter()
    if not outbox.any_open(store):  # a glance, so that nobody waits for a transaction that writes nothing
        return came_to
    notices, channels = notices_to(mail.load().operators), dict(by)
    with locked(store, delivery.LOCK) as mine:
        if not mine:
            return came_to
        again, lost = delivery.cut_off(store, at=clock(), notices=notices)
        came_to.update({name: n for name, n in (("again", again), ("unknown", lost)) if n})
        while channels and not stopped() and (letter := delivery.take(store, channels, at=clock())):
            answer = _handed_over(store, letter, channels[letter.channel])
            if answer.everybody:
                del channels[letter.channel]
            if (how := _ended(letter, answer, clock())) is not None:
                delivery.ended(store, letter, how, at=clock(), notices=notices)
                log.info("message", id=letter.id, about=letter.about, state=how.state, reply=how.reply)
            came_to[answer.what] += 1
    return came_to


def _handed_over(store: Store, letter: Letter, carrier: Carrier) -> Answer:
    """Hand a letter over; whatever goes wrong, say whether any of it may have gone out."""
    going = False

    def about_to_send() -> bool:
        nonlocal going
        going = delivery.about_to_send(store, letter)
        return going

    try:
        papers = _papers(store, letter)
        if papers is None:
            return Answer("refused", "a paper of the report is not as it was issued: nothing was sent")
        return carrier(letter, papers, about_to_send)
    except DunghanError as error:
        return Answer("unknown" if going else "later", str(error), everybody=True)
    except Exception as error:
        log.exception("message_broken", id=letter.id)
        return Answer("unknown" if going else "later", type(error).__name__)


def _papers(store: Store, letter: Letter) -> list[Paper] | None:
    """Give the papers that go with a letter; None when one is missing or is not what it was on the day of issue."""
    if letter.edition_id is None or not letter.attached:
        return []
    there = {paper.form: paper for paper in issued.papers_of(store, letter.edition_id, Scope.province())}
    as_issued = issued.hashes(store, letter.edition_id, Scope.province())
    told = [there[form] for form in letter.attached if form in there and there[form].sha256 == as_issued[form]]
    return told if len(told) == len(letter.attached) else None


def _ended(letter: Letter, answer: Answer, now: datetime) -> Ended | None:
    """Say what becomes of a letter after an answer; None where it was not this attempt's any more."""
    if answer.what == "withdrawn":
        return None
    if answer.what != "later":
        return Ended(answer.what, answer.reply)
    wait = mail.load().again_after(letter.attempts)
    return Ended("given_up", answer.reply) if wait is None else Ended("waiting", answer.reply, now + wait)


def notices_to(operators: Sequence[str]) -> Notices:
    """Give what makes the notices of a letter that needs a decision: one to each operator, for this attempt."""

    def notices(letter: Letter, how: Ended) -> Iterator[Message]:
        told = _told(letter, how)
        body = f"{told.vietnamese}\n\nMessage-ID: {letter.message_id}\ndunghan outbox show {letter.id}\n"
        yield from notice(
            f"{letter.key}/{how.state}/{letter.attempts}", f"Thư số {letter.id} cần xử lý", body, operators
        )

    return notices


def _told(letter: Letter, how: Ended) -> Note:
    if how.state == "refused":
        return note("mail_refused", id=letter.id, reply=how.reply)
    if how.state == "unknown":
        return note("mail_unknown", id=letter.id, reply=how.reply)
    return note("mail_given_up", id=letter.id, reply=how.reply)


def notice(key: str, subject: str, body: str, operators: Sequence[str]) -> Iterator[Message]:
    """Give a notice to each operator."""
    for address in operators:
        yield Message(f"notice/{key}/{address}", "notice", "mail", address, f"[Đúng Hạn] {subject}", body)
