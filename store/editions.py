"""The life of a report: claimed, drafted, held back or approved, issued under a number. What was issued never changes.

Who may: the director remarks and approves; the operator too may send one that is held, with a printed caveat. The
store refuses everybody else. The worker claims, drafts and issues; each step is one conditional statement: neither two
workers nor one that was killed and started again make a second report, number or mail.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from store import as_read, audit, outbox
from store.database import Store, reading, see, writing
from store.outbox import Message
from store.outgoing_tables import edition_acts, editions, papers
from store.people import Person

State = Literal["claimed", "draft", "held", "approved", "issued"]
Act = Literal["claimed", "drafted", "held", "remarked", "approved", "forced", "issued"]
WORKER: Final = "worker"
APPROVERS: Final = frozenset({"director"})
#: Who may send a report that is held back, with a caveat that is printed.
FORCERS: Final = frozenset({"director", "operator"})
LONGEST_REMARK: Final = 2_000
LONGEST_CAVEAT: Final = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """Which report it is: its kind, its department ("": the province), its period, and the day of issue."""

    kind: str
    department: str
    start: date
    end: date
    issue_on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A frozen content object, and what it was made of."""

    content: Mapping[str, Any]
    data_version: str
    ledger_seq: int


@dataclass(frozen=True, slots=True)
class Printed:
    """What a report was printed with: its number, and what people wrote on it. ``alone``: nobody had to approve it."""

    number: int
    year: int
    remark: str | None = None
    caveat: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One form of an issued report, as it was printed: ``form`` is json, pdf, docx or xlsx."""

    form: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class EditionError(StoreError):
    """A report is not in the state that a step needs, or the person may not take it."""


def claim(store: Store, wanted: Claim, *, at: datetime) -> int | None:
    """Claim a report for the worker and give its id; None where somebody has claimed it before."""
    row = {
        "kind": wanted.kind, "department": wanted.department, "period_start": wanted.start.isoformat(),
        "period_end": wanted.end.isoformat(), "issue_on": wanted.issue_on.isoformat(), "state": "claimed",
        "claimed_at": at,
    }  # fmt: skip
    with writing(store) as connection:
        taken = _insert(connection)(editions).values(row).on_conflict_do_nothing()
        mine = connection.execute(taken.returning(editions.c.id)).scalar()
        if mine is not None:
            _act(connection, mine, "claimed", WORKER, at)
    return mine


def _insert(connection: Connection) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert


def drafted(
    store: Store, edition: int, draft: Draft | None, held: Sequence[Mapping[str, Any]], *, at: datetime,
    mail: Sequence[Message] = (),
) -> bool:  # fmt: skip
    """Freeze a draft, or keep why the report is held back (``held``: notes as config.notes keeps them); False where the
    report has gone on meanwhile. A caveat that was of another draft goes.

    ``draft`` None: it could not be made at all. ``mail``: word of it, put into the outbox with it.
    """
    told: dict[str, Any] = {"state": "held" if held else "draft", "held": _json(list(held)) if held else None}
    told |= {"known_at": at, "draft": _json(draft.content) if draft else None, "caveat": None}
    if draft is not None:
        told |= {"data_version": draft.data_version, "ledger_seq": draft.ledger_seq}
    act: Act = "held" if held else "drafted"
    detail = " ".join(str(note["code"]) for note in held) or (draft.data_version if draft else "")
    with writing(store) as connection:
        done = _move(connection, edition, ("claimed", "held"), told, act, WORKER, at, detail=detail, again=True)
        if done:
            _put(connection, mail, at)
    return done


def hold(
    store: Store, edition: int, held: Sequence[Mapping[str, Any]], *, at: datetime, mail: Sequence[Message] = ()
) -> bool:
    """Hold back a report that was to be issued; False where it has gone on meanwhile. Its draft stays, and no caveat:
    that was of other reasons."""
    told = {"state": "held", "held": _json(list(held)), "known_at": at}
    told |= dict.fromkeys(("approved_by", "approved_at", "caveat"))
    detail = " ".join(str(note["code"]) for note in held)
    with writing(store) as connection:
        done = _move(connection, edition, ("draft", "approved"), told, "held", WORKER, at, detail=detail)
        if done:
            _put(connection, mail, at)
    return done


def _put(connection: Connection, mail: Sequence[Message], at: datetime) -> None:
    for message in mail:
        outbox.put(connection, message, at=at)


def remark(store: Store, edition: int, text: str, *, by: Person, at: datetime) -> None:
    """Keep the director's remark on a report that is not issued, "" for none; whoever approved it approves again, and
    one that was to be sent by force is held back again."""
    _may(by, APPROVERS, edition)
    kept = _text(text, LONGEST_REMARK, edition)
    with writing(store) as connection:
        see(connection, by.scope)
        states = ("draft", "held", "approved")
        was, forced = editions.c.state, editions.c.held.is_not(None)
        back = sa.case((sa.and_(was == "approved", forced), "held"), (was == "approved", "draft"), else_=was)
        told = {"remark": kept, "state": back, "approved_by": None, "approved_at": None, "caveat": None}
        _must(_move(connection, edition, states, told, "remarked", by.name, at, detail=kept or "—"), edition)


def approve(store: Store, edition: int, *, by: Person, at: datetime, read: str) -> None:
    """Approve a draft: it is sent at its hour. ``read``: the mark of the draft that was read (store.as_read); another
    is refused. Raises EditionError."""
    _may(by, APPROVERS, edition)
    with writing(store) as connection:
        see(connection, by.scope)
        _as_read(connection, edition, read, "draft")
        told = {"state": "approved", "approved_by": by.name, "approved_at": at}
        _must(_move(connection, edition, ("draft",), told, "approved", by.name, at), edition)


def force(store: Store, edition: int, caveat: str, *, by: Person, at: datetime, read: str) -> None:
    """Approve a report that is held back; ``caveat``, why it is sent all the same, is printed on page one.

    ``read``: the mark of the draft and the reasons that were read (store.as_read). Raises EditionError for others,
    where there is no draft to send, and for no caveat."""
    _may(by, FORCERS, edition)
    with writing(store) as connection:
        see(connection, by.scope)
        _as_read(connection, edition, read, "held")
        kept = _text(caveat, LONGEST_CAVEAT, edition)
        if kept is None:
            raise EditionError(_place(edition), "it is sent without a reason.", "Write the caveat that is printed.")
        told = {"state": "approved", "approved_by": by.name, "approved_at": at, "caveat": kept}
        _must(_move(connection, edition, ("held",), told, "forced", by.name, at, detail=kept), edition)


def issue(
    store: Store, edition: int, printed: Printed, pages: Sequence[Paper], *, at: datetime,
    mail: Sequence[Message] = (),
) -> bool:  # fmt: skip
    """Issue a report as it was printed, in one transaction with its papers and its ``mail`` in the outbox.

    False where it has gone on meanwhile, somebody wrote on it, or another took the number: then it is printed again.
    """
    told = {
        "state": "issued", "number": printed.number, "year": printed.year, "issued_at": at, "draft": None, "held": None,
        "issue_on": json.loads(next(p.content for p in pages if p.form == "json"))["edition"]["issued_on"],
    }  # fmt: skip
    states = ("approved", "draft") if printed.alone else ("approved",)
    same = sa.and_(*(editions.c[name].is_not_distinct_from(getattr(printed, name)) for name in ("remark", "caveat")))
    detail = f"{printed.number}/{printed.year}"
    with writing(store) as connection:
        numbering(connection)
        if printed.number != _next_number(connection, printed.year):
            return False
        if not _move(connection, edition, states, told, "issued", WORKER, at, detail=detail, also=same):
            return False
        connection.execute(sa.insert(papers), [_row(edition, paper) for paper in pages])
        _put(connection, mail, at)
    return True


def next_number(store: Store, year: int) -> int:
    """Give the number that the next report issued in ``year`` gets: one series for all kinds."""
    with reading(store) as connection:
        return _next_number(connection, year)


def _next_number(connection: Connection, year: int) -> int:
    return (connection.scalar(sa.select(sa.func.max(editions.c.number)).where(editions.c.year == year)) or 0) + 1


def numbering(connection: Connection) -> None:
    """Let reports be numbered one after the other; SQLite has one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(20260117)"))


def _row(edition: int, paper: Paper) -> dict[str, Any]:
    told = base64.b64encode(paper.content).decode()
    return {"edition_id": edition, "form": paper.form, "name": paper.name, "sha256": paper.sha256, "content": told}


def _move(
    connection: Connection, edition: int, states: Sequence[str], told: Mapping[str, Any], act: Act, by: str,
    at: datetime, *, detail: str = "", also: sa.ColumnElement[bool] | None = None, again: bool = False,
) -> bool:  # fmt: skip
    """Take a report from one of ``states`` on, and say so; False where it is in none of them. ``again``: what is said
    already is not said twice in a row."""
    here = sa.and_(editions.c.id == edition, editions.c.state.in_(states), *([also] if also is not None else []))
    if not connection.execute(sa.update(editions).where(here).values(dict(told))).rowcount:
        return False
    if not (again and _last_act(connection, edition) == (act, detail or None)):
        _act(connection, edition, act, by, at, detail)
    if by != WORKER:
        audit.keep_in(
            connection, person=by, act="record", at=at, what=_place(edition), detail=f"{act} {detail}".strip()
        )
    return True


def _last_act(connection: Connection, edition: int) -> tuple[str, str | None] | None:
    mine = sa.select(edition_acts.c.act, edition_acts.c.detail).where(edition_acts.c.edition_id == edition)
    row = connection.execute(mine.order_by(edition_acts.c.seq.desc()).limit(1)).one_or_none()
    return (row.act, row.detail) if row else None


def _act(connection: Connection, edition: int, act: Act, by: str, at: datetime, detail: str = "") -> None:
    told = {"edition_id": edition, "act": act, "by": by, "at": at, "detail": detail or None}
    connection.execute(sa.insert(edition_acts).values(told))


def _as_read(connection: Connection, edition: int, read: str, state: State) -> None:
    if against := as_read.refused(connection, edition, read, state=state):
        raise EditionError(_place(edition), *against)


def _may(by: Person, roles: frozenset[str], edition: int) -> None:
    if by.role not in roles or by.departments is not None:
        found = f"{by.name} may not do that ({by.role})."
        raise EditionError(_place(edition), found, "Ask the director.")


def _must(done: bool, edition: int) -> None:
    if not done:
        raise EditionError(_place(edition), "it is no longer in that state.", "Look at it again: dunghan report show.")


def _text(told: str, longest: int, edition: int) -> str | None:
    text = told.strip()
    if len(text) > longest:
        raise EditionError(_place(edition), f"the text has {len(text)} characters, more than {longest}.", "Shorten it.")
    return text or None


def _place(edition: int) -> str:
    return f"report {edition}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
