"""Say what is wrong with a store, in sentences; none: nothing is. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, KEY
from store import seals
from store.backup import KEPT
from store.database import Store, reading
from store.guards import GUARDS
from store.tables import dossiers, ledger, runs

_SHOWN: Final = 3  # examples named
_CHANGED: Final = (
    "Compare with a backup of before (dunghan store verify FILE --deep), and ask who may write to the tables."
)
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Examined:
    """``wrong``: sentences; none: nothing is. ``counts``: what was looked at, by its name. ``seal``: digest of all that
    cannot be taken back, "" where there is nothing yet."""

    wrong: tuple[str, ...]
    counts: Counts
    seal: str = ""

    @property
    def told(self) -> str:
        """Say in one sentence what was looked at."""
        return f"Checked: {', '.join(f'{n:,} {name}' for name, n in self.counts.items())}."


def verify(store: Store) -> tuple[str, ...]:
    """Say what is wrong with a store; () when nothing is."""
    return examine(store).wrong


def examine(store: Store) -> Examined:
    """Check integrity, references, triggers, seals, the ledger against the dossiers, and the counts of the runs."""
    counts: Counts = {}
    with reading(store) as connection:
        wrong = tuple(found for check in CHECKS for found in check(connection, counts))
        return Examined(wrong, counts, seals.newest(connection))


def _integrity(connection: Connection, counts: Counts) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
            if said != "ok":
                yield f"the file is damaged: {said}."


def _references(connection: Connection, counts: Counts) -> Iterator[str]:
    for table in KEPT:
        for key in table.foreign_keys:
            own, other = key.parent, key.column
            counts["references"] = counts.get("references", 0) + 1
            lost = sa.select(sa.func.count()).where(own.is_not(None), ~sa.exists().where(other == own))
            if n := connection.scalar(lost):
                yield f"{table.name}: {n} rows name a {own.name} that is not in {other.table.name}."


def _triggers(connection: Connection, counts: Counts) -> Iterator[str]:
    for guard in GUARDS:
        yield from guard.wrong(connection)
        counts["triggers"] = counts.get("triggers", 0) + len(guard.expected(connection.dialect.name))


def _seals(connection: Connection, counts: Counts) -> Iterator[str]:
    """Compare what cannot be taken back with its seals: changed, gone, added and reordered entries, run by run."""
    sources = {row.id: row.source for row in connection.execute(sa.select(runs.c.id, runs.c.source))}
    for table in seals.SEALED:
        broken: dict[int | None, list[seals.Seal]] = {}
        before = sealed = 0
        for seal in seals.examined(connection, table):
            sealed += seal.found if seal.digest else 0
            before += 0 if seal.digest else seal.found
            if not seal.holds:
                broken.setdefault(seal.run_id, []).append(seal)
        counts[f"{_one_of(table)} entries under seals"] = sealed
        if before:
            counts[f"{_one_of(table)} entries written before seals were kept (counted only)"] = before
        for run, those in broken.items():
            yield f"{_whose(run, sources)}: {_unlike(those, table.name)} {_CHANGED}"
        if n := seals.unsealed(connection, table):
            yield f"{table.name}: {n} entries at its end are of no seal: no run of Đúng Hạn wrote them. {_CHANGED}"


def _one_of(table: sa.Table) -> str:
    """Name a table as English puts it before its entries: step entries, not steps entries."""
    return table.name.removesuffix("s")


def _whose(run: int | None, sources: dict[int, str]) -> str:
    return "outside of runs" if run is None else f"run {run} of {sources.get(run, 'an unknown source')}"


def _unlike(those: list[seals.Seal], table: str) -> str:
    """Say how entries are unlike their seals."""
    sealed, found = sum(s.entries for s in those), sum(s.found for s in those)
    if sealed != found and those[0].digest is None:
        return f"{table}: {sealed} entries were written before seals were kept, and {found} stand there."
    if sealed != found:
        return f"{table}: {sealed} entries were sealed, and {found} stand there."
    return f"{table}: {sealed} entries were sealed, and they are not the same any more (or the seal is not)."


def _states(connection: Connection, counts: Counts) -> Iterator[str]:
    """Compare every dossier with its last entry in the ledger: state, part, when it was seen, how many entries."""
    counts["dossiers against their newest entry"] = _number_of(connection, dossiers)
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


def _number_of(connection: Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


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


def _counts(connection: Connection, counts: Counts) -> Iterator[str]:
    """Add up each run; and an entry of the ledger that is gone is missing from the run that wrote it."""
    counts["runs against their entries"] = _number_of(connection, runs)
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


CHECKS: Final[tuple[Callable[[Connection, Counts], Iterator[str]], ...]] = (
    _integrity,
    _references,
    _triggers,
    _seals,
    _states,
    _counts,
)
