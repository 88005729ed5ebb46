"""How mail and the worker's turns stand, for the doctor: set up, reachable, waiting for a decision, cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from config import mail, place
from connectors import smtp
from jobs import resending, turns
from jobs.mailing import ZONE
from store import outbox
from store import turns as taken
from store.database import Store
from store.delivery import OPERATOR_DECIDES

#: What was looked at, how it stands, what was found, what to do next.
Found = tuple[str, Literal["ok", "look", "wrong"], str, str]
#: Mail that is set up and has waited so long is not being sent.
WAITS_LONG: Final = timedelta(hours=1)


def looked_at(store: Store, now: datetime) -> Iterator[Found]:
    """Look at mail and turns. Raises ConfigError and StoreError."""
    told, server, standing = mail.load(), mail.server(), outbox.standing(store)
    if server is None:
        waits = sum(standing.states.get(state, 0) for state in outbox.OPEN)
        found = f"not set up; {waits} messages wait" if waits else "not set up: reports and alerts stay on the pages"
        yield "mail", "look" if waits else "ok", found, "Set DUNGHAN_SMTP_HOST (docs/mail.md)." if waits else ""
    else:
        yield from _server(server, bool(told.operators))
    if server is not None and standing.oldest is not None and now - standing.oldest > WAITS_LONG:
        found = f"a message waits since {standing.oldest.astimezone(ZONE):%Y-%m-%d %H:%M}"
        yield "outbox", "look", found, "Is the worker running (dunghan worker)? dunghan outbox list"
    decide = {state: standing.states[state] for state in OPERATOR_DECIDES if state in standing.states}
    if decide:
        found = ", ".join(f"{n} {state}" for state, n in decide.items())
        grave: Literal["look", "wrong"] = "wrong" if "unknown" in decide or "refused" in decide else "look"
        yield "outbox", grave, found, "dunghan outbox list --state unknown; then retry, or give-up."
    if server is not None:
        yield from _missed(store)
    yield from _turns(store, now)


def _missed(store: Store) -> Iterator[Found]:
    """Name reports that went out before somebody was named to get them."""
    for one, n in resending.newest_missed(store):
        found = f"it was issued, and {n} of its recipients in report.toml were never written to"
        number = f"{one.number}/{one.year}"
        yield f"report {number}", "look", found, f"dunghan report send {number} --by NAME"


def _server(server: mail.Server, operators: bool) -> Iterator[Found]:
    answer = smtp.reachable(server)
    where = f"{server.host}:{server.at_port}"
    if answer.what == "sent":
        yield "mail", "ok", f"{where} lets us in", ""
    else:
        yield "mail", "wrong", f"{where}: {answer.reply}", "Mend the server or DUNGHAN_SMTP_… (docs/mail.md)."
    if not operators:
        where = place.to_edit(mail.NAME)
        yield "mail", "look", "nobody is told of mail that goes wrong", f"Name somebody in operators of {where}."


def _turns(store: Store, now: datetime) -> Iterator[Found]:
    for turn in taken.taken(store).values():
        if turn.outcome == "failed":
            yield f'turn "{turn.job}"', "wrong", turn.detail or "failed", "It is tried again by itself."
    for turn in turns.set_back(store, now):
        found = f"its last turn was {turn.last_due_at}, which is still to come: the clock was set back"
        yield f'turn "{turn.job}"', "wrong", found, "Set the clock right; until then nothing of it runs."
