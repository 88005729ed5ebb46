"""Say what is wrong with a store, in sentences; none: nothing is. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, KEY
from store.backup import KEPT
from store.database import Store, reading
from store.tables import dossiers, ledger, reconciliations, runs, steps

#: Tables from which nothing may be taken back: triggers refuse update and delete.
APPEND_ONLY: Final = (ledger, steps, reconciliations)
_SHOWN: Final = 3  # examples named


def verify(store: Store) -> tuple[str, ...]:
    """Check integrity, references, triggers, the ledger against the dossiers, and the counts of the runs."""
    with reading(store) as connection:
        return tuple(found for check in CHECKS for found in check(connection))


def _integrity(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
            if said != "ok":
                yield f"the file is damaged: {said}."


def _references(connection: Connection) -> Iterator[str]:
    for table in KEPT:
        for key in table.foreign_keys:
            own, other = key.parent, key.column
            lost = sa.select(sa.func.count()).where(own.is_not(None), ~sa.exists().where(other == own))
            if n := connection.scalar(lost):
                yield f"{table.name}: {n} rows name a {own.name} that is not in {other.table.name}."


def _triggers(connection: Connection) -> Iterator[str]:
    for table in APPEND_ONLY:
        missing = {"UPDATE", "DELETE"} - _refused(connection, table.name)
        if missing:
            yield f"{table.name}: nothing refuses {' and '.join(sorted(missing))}; triggers are gone or switched off."


def _refused(connection: Connection, table: str) -> set[str]:
    """Give the verbs that a trigger of the table refuses."""
    if connection.dialect.name == "sqlite":
        told = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        texts = [str(text) for text in connection.scalars(told, {"table": table})]
        return {
            verb for verb in ("UPDATE", "DELETE") for text in texts if f"BEFORE {verb} " in text and "ABORT" in text
        }
    told = sa.text(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgenabled IN ('O', 'A')"
    )
    texts = [str(text) for text in connection.scalars(told, {"table": table})]
    return {verb for verb in ("UPDATE", "DELETE") for text in texts if "BEFORE" in text and verb in text}


def _states(connection: Connection) -> Iterator[str]:
    """Compare every dossier with its last entry in the ledger: state, part, when it was seen, how many entries."""
    last = _last()
    mine = sa.and_(*(last.c[k] == dossiers.c[k] for k in KEY))
    alike = [*COLUMNS, "part", "seen_at"]
    differs = [dossiers.c[c].is_distinct_from(ledger.c[c]) for c in alike]
    differs += [dossiers.c.versions != last.c.entries, dossiers.c.first_seen_at != last.c.first_seen_at]
    joined = dossiers.outerjoin(last, mine).outerjoin(ledger, ledger.c.seq == last.c.seq)
    wrong = sa.select(dossiers.c.source, dossiers.c.code).select_from(joined)
    yield from _named(connection, wrong.where(last.c.seq.is_(None)), "dossiers have no entry in the ledger")
    unlike = wrong.where(last.c.seq.is_not(None), sa.or_(*differs))
    yield from _named(connection, unlike, "dossiers are not as the ledger's last entry has them")
    there = sa.exists().where(*(dossiers.c[k] == last.c[k] for k in KEY))
    yield from _named(
        connection, sa.select(last.c.source, last.c.code).where(~there), "dossiers of the ledger are gone"
    )


def _last() -> sa.Subquery:
    """Give source, code, seq (of the last entry), entries, first_seen_at of every dossier of the ledger."""
    told = (sa.func.max(ledger.c.seq).label("seq"), sa.func.count().label("entries"))
    first = sa.func.min(ledger.c.seen_at).label("first_seen_at")
    return sa.select(*(ledger.c[k] for k in KEY), *told, first).group_by(*(ledger.c[k] for k in KEY)).subquery()


def _named(connection: Connection, wrong: sa.Select[Any], words: str) -> Iterator[str]:
    n = connection.scalar(sa.select(sa.func.count()).select_from(wrong.subquery()))
    if n:
        rows = connection.execute(wrong.limit(_SHOWN)).all()
        yield f"{n} {words}: {', '.join(f'{source} {code}' for source, code in rows)}{' …' if n > _SHOWN else ''}."


def _counts(connection: Connection) -> Iterator[str]:
    """Add up each run; and an entry of the ledger that is gone is missing from the run that wrote it."""
    parts = runs.c.new + runs.c.changed + runs.c.unchanged + runs.c.merged + runs.c.quarantined
    for run, read, total in connection.execute(sa.select(runs.c.id, runs.c.read, parts).where(runs.c.read != parts)):
        yield f"run {run}: {read} rows were read, and {total} are accounted for."
    for kind in ("new", "changed"):
        mine = sa.and_(ledger.c.run_id == runs.c.id, ledger.c.change == kind)
        written = sa.select(sa.func.count()).where(mine).scalar_subquery()
        counted = sa.select(runs.c.id, runs.c[kind], written.label("written")).subquery()
        odd = sa.select(counted).where(counted.c[kind] != counted.c.written)
        for run, told, found in connection.execute(odd):
            yield f"run {run}: it counted {told} {kind} dossiers, and the ledger has {found} such entries of it."


CHECKS: Final[tuple[Callable[[Connection], Iterator[str]], ...]] = (
    _integrity,
    _references,
    _triggers,
    _states,
    _counts,
)
