"""Sign-ins that failed: after some of them a name, and an address, have to wait, ever longer.

Kept in the store, so that two dashboards agree. A try counts before its password is looked at, and is forgiven when
it was right: a hundred at once are not a hundred guesses. Names nobody has wait alike. What was tried while waiting is
counted and told in one entry of the audit log.
"""

from __future__ import annotations

import hashlib
import ipaddress
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from store import audit
from store.database import Store, reading, writing
from store.tables import failures

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
#: Rows kept at the most; beyond them those go first that were quiet the longest.
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """How many tries are ``free``, and after which quiet they are ``forgotten``."""

    free: int
    forgotten: timedelta


OF_NAME: Final = Rule(5, timedelta(days=1))
#: Whole offices share an address.
OF_ADDRESS: Final = Rule(50, timedelta(hours=1))
#: Entries of failures in the audit log in an hour; what is beyond is told as a number.
TOLD: Final = Rule(200, timedelta(hours=1))
_ALL: Final = "all"


def wait(failed: int, rule: Rule) -> timedelta:
    """Give how long to wait after so many failures: nothing, 30 seconds, twice as long each time, 15 minutes."""
    if failed < rule.free:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failed - rule.free, 10)), LONGEST_WAIT)


def begin(store: Store, name: str, address: str, *, at: datetime, browser: str = "") -> timedelta:
    """Count a try of ``name`` from ``address``, and give how long it has to wait: nothing, and it may be judged.

    ``browser``: one in which that name signed in before, whose tries are counted apart (store/browsers.py).
    """
    rules = {_of_name(name, browser): OF_NAME} | ({key: OF_ADDRESS} if (key := of_address(address)) else {})
    with writing(store) as connection:
        if left := _left(connection, rules, at):  # before any row is made: whoever waits fills no table
            return left
        rows = {key: _row(connection, key, rule, at) for key, rule in rules.items()}
        if left := _left(connection, rules, at):
            return left
        for key, row in rows.items():
            _tell_waited(connection, row, name, at)
            pause = wait(row.failed + 1, rules[key])
            locked_until = at + pause if pause else None
            _set(connection, key, failed=row.failed + 1, waited=0, last_at=at, locked_until=locked_until)
        _keep_few(connection, at)
    return timedelta()


def was_wrong(store: Store, name: str, *, at: datetime, detail: str = "", browser: str = "") -> None:
    """Keep in the audit log that a try was wrong, and why; beyond TOLD in an hour only as a number."""
    with writing(store) as connection:
        pause = _waits(connection, _of_name(name, browser), at)
        told = detail or (f"waits {int(pause.total_seconds())} s" if pause else "")
        _tell(connection, 1, name, at=at, detail=told)


def was_right(store: Store, name: str, address: str, *, at: datetime, browser: str = "") -> None:
    """Forget the failures of a name, or its browser, whose password came, and forgive its address this one try."""
    with writing(store) as connection:
        row = _row(connection, _of_name(name, browser), OF_NAME, at)
        if key := of_address(address):
            failed = _row(connection, key, OF_ADDRESS, at).failed - 1
            _set(connection, key, failed=max(failed, 0), locked_until=None)
        _tell_waited(connection, row, name, at)
        connection.execute(sa.delete(failures).where(failures.c.key == row.key))


def unlock(store: Store, name: str, *, by: str, at: datetime) -> None:
    """Let a name wait no more."""
    with writing(store) as connection:
        forget_in(connection, name)
        audit.keep_in(connection, person=by, act="change_person", at=at, what=f"person {name}", detail="unlocked")


def forget_in(connection: Connection, name: str) -> None:
    """Let a name wait no more, in none of its browsers, in the transaction of what makes it so."""
    connection.execute(sa.delete(failures).where(failures.c.key.startswith(_of_name(name))))


def waiting(store: Store, names: Iterable[str], *, at: datetime) -> dict[str, datetime]:
    """Give until when each of those ``names`` has to wait that has to."""
    keys = {_of_name(name): name for name in names}
    question = sa.select(failures.c.key, failures.c.locked_until).where(failures.c.locked_until > at)
    with reading(store) as connection:
        return {keys[key]: until for key, until in connection.execute(question) if key in keys}


def _of_name(name: str, browser: str = "") -> str:
    """Give the key of a name: people type their password there too, so it is not kept as it is."""
    told = [same(name), browser] if browser else [same(name)]
    return "name:" + ":".join(hashlib.sha256(one.encode()).hexdigest() for one in told)


def same(name: str) -> str:
    """Give a name as those share it that differ in capitals or in how accents are written."""
    return unicodedata.normalize("NFC", name).casefold()


def of_address(address: str) -> str:
    """Give the key of an address; none for this machine's own, behind which a proxy may hide everybody."""
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return ""
    # A server that listens on :: hears 10.20.30.40 as ::ffff:10.20.30.40; as IPv6 they would all be one network.
    found = (told.ipv4_mapped if isinstance(told, ipaddress.IPv6Address) else None) or told
    if found.is_loopback:
        return ""
    whole = found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False).network_address
    return f"address:{whole}"


def _row(connection: Connection, key: str, rule: Rule, at: datetime) -> Any:
    """Hold the row of a key, a new one where there is none or it is forgotten."""
    fresh = {"failed": 0, "waited": 0, "last_at": at, "locked_until": None}
    insert = sqlite.insert(failures) if connection.dialect.name == "sqlite" else postgresql.insert(failures)
    connection.execute(insert.values(key=key, **fresh).on_conflict_do_nothing())
    question = sa.select(failures).where(failures.c.key == key).with_for_update()
    row = connection.execute(question).one()
    if at - row.last_at < rule.forgotten or _locked(row, at):
        return row
    if key == _ALL and row.waited:
        audit.keep_in(connection, person="", act="sign_in_failed", at=at, what="all names", detail=_more(row.waited))
    elif key != _ALL:
        _tell_waited(connection, row, "", at)
    _set(connection, key, **fresh)
    return connection.execute(question).one()


def _left(connection: Connection, keys: Iterable[str], at: datetime) -> timedelta:
    """Give how long the longest of ``keys`` has to wait yet, and count the try on each of them that has to."""
    locked = failures.c.key.in_(keys), failures.c.locked_until > at
    counted = sa.update(failures).where(*locked).values(waited=failures.c.waited + 1)
    until = connection.scalars(counted.returning(failures.c.locked_until)).all()
    return max((one - at for one in until), default=timedelta())


def _set(connection: Connection, key: str, **values: Any) -> None:
    connection.execute(sa.update(failures).where(failures.c.key == key).values(values))


def _locked(row: Any, at: datetime) -> bool:
    return row.locked_until is not None and row.locked_until > at


def _waits(connection: Connection, key: str, at: datetime) -> timedelta:
    until = connection.scalar(sa.select(failures.c.locked_until).where(failures.c.key == key))
    return until - at if until is not None and until > at else timedelta()


def _tell_waited(connection: Connection, row: Any, name: str, at: datetime) -> None:
    """Tell in one entry what was tried while a row had to wait; of an address by no name."""
    if row.waited:
        of_name = row.key.startswith("name:")
        what = "" if of_name else row.key.replace(":", " ", 1)
        _tell(connection, row.waited, name if of_name else "", at=at, what=what, detail=_more(row.waited))


def _tell(connection: Connection, tries: int, name: str, *, at: datetime, what: str = "", detail: str = "") -> None:
    """Keep an entry of so many tries in the audit log while the hour has room; else count them until the next hour."""
    hour = _row(connection, _ALL, TOLD, at)
    if hour.failed >= TOLD.free:
        _set(connection, _ALL, waited=hour.waited + tries)
        return
    audit.keep_in(connection, person=name, act="sign_in_failed", at=at, what=what, detail=detail)
    _set(connection, _ALL, failed=hour.failed + 1)


def _more(tries: int) -> str:
    return f"{tries} more, not told singly"


def _keep_few(connection: Connection, at: datetime) -> None:
    """Forget rows where there are too many: of a day's quiet, then those that failed least, or a flood of names would
    end the waits of one; what waited in them is told as a sum."""
    there = connection.scalar(sa.select(sa.func.count()).select_from(failures)) or 0
    if there <= MOST:
        return
    least = sa.case((failures.c.last_at < at - OF_NAME.forgotten, -1), else_=failures.c.failed)
    others = sa.select(failures.c.key).where(failures.c.key != _ALL).order_by(least, failures.c.last_at)
    gone = failures.c.key.in_(others.limit(there - MOST * 9 // 10))
    waited = connection.scalar(sa.select(sa.func.sum(failures.c.waited)).where(gone)) or 0
    connection.execute(sa.delete(failures).where(gone))
    if waited:
        _tell(connection, waited, "", at=at, what="many names", detail=_more(waited))
