"""An issued report's mail for recipients who were named after it went out: report.toml was mended too late.

Whoever has it in the outbox already, in whatever state, gets no second one from here (``dunghan outbox retry``).
"""

from __future__ import annotations

import json
from datetime import datetime

from config import report
from jobs.issuing import mails
from metrics.scope import Scope
from store import issued, outbox
from store.database import Store
from store.issued import Edition
from store.outbox import Message


def missed(store: Store, one: Edition) -> list[Message]:
    """Give the mail of an issued report to those of its recipients, by report.toml of now, for whom none was put in."""
    if not report.load().to(one.kind, one.department):
        return []
    paper = issued.paper(store, one.id, "json", Scope.province())
    wanted = mails(one, json.loads(paper.content)) if paper else []
    there = outbox.keys(store, [message.key for message in wanted])
    return [message for message in wanted if message.key not in there]


def send(store: Store, one: Edition, *, by: str, at: datetime) -> int:
    """Put that mail into the outbox, for the worker to send, with who wanted it in the audit log; gives how many."""
    return outbox.put_later(store, missed(store, one), by=by, at=at, what=f"report {one.number}/{one.year}")


def newest_missed(store: Store) -> list[tuple[Edition, int]]:
    """Give of each edition and department the report issued last, where recipients of it were never written to."""
    last: dict[tuple[str, str], Edition] = {}
    for one in issued.editions_of(store, Scope.province(), states=("issued",)):
        last.setdefault((one.kind, one.department), one)
    return [(one, len(found)) for one in last.values() if (found := missed(store, one))]
