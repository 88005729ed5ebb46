"""What sources tell of the steps of their dossiers: kept as told, the newest telling of a step counts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.units import Units
from metrics.dossier import INSTANT, KEY
from store import frames, seals, tables
from store.refusals import Reading

#: Steps as a connector hands them on. ``handler`` is a pseudonym; ``due_at``: by when the step is to be done.
STEPS: Final = pl.Schema(
    [(c, pl.String()) for c in ("code", "step", "handler", "unit", "state")]
    + [(c, INSTANT) for c in ("started_at", "due_at", "ended_at")]
)
#: Together they name one step of one dossier.
_NAMED_BY: Final = (*KEY, "started_at", "step", "unit")


def keep(connection: Connection, told: pl.DataFrame | None, run: Reading) -> int:
    """Keep steps (STEPS) that were not told in these words before; give how many."""
    if told is None or told.is_empty():
        return 0
    rows = told.match_to_schema(STEPS).with_columns(source=pl.lit(run.source.name))
    words = rows.select(pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\x1f")).to_series()
    prints = pl.Series("fingerprint", [hashlib.sha256(w.encode()).hexdigest() for w in words], pl.String)
    rows = rows.with_columns(prints).unique("fingerprint", keep="first", maintain_order=True)
    table = tables.steps
    here = sa.and_(
        table.c.source == run.source.name, frames.matching(connection, table.c.fingerprint, rows["fingerprint"])
    )
    known = frames.select(connection, sa.select(table.c.fingerprint).where(here))
    new = rows.join(known, on="fingerprint", how="anti", maintain_order="left")
    entries = new.with_columns(run_id=pl.lit(run.id), seen_at=pl.lit(run.seen_at, INSTANT))
    frames.insert(connection, table, entries)
    seals.keep(connection, table, entries, run.id)
    return new.height


def last(connection: Connection) -> int:
    """Give the number of the newest row, 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(tables.steps.c.seq))) or 0


def months(connection: Connection, *, after: int) -> set[str]:
    """Give the parts of the dossiers of which rows later than ``after`` tell."""
    table, dossiers = tables.steps, tables.dossiers
    mine = sa.and_(*(dossiers.c[k] == table.c[k] for k in KEY))
    question = sa.select(dossiers.c.part).join(table, mine).where(table.c.seq > after).distinct()
    return set(connection.scalars(question))


def of_month(connection: Connection, month: str, known_at: datetime | None = None) -> pl.DataFrame:
    """Give the steps of the dossiers ever seen in ``month``, oldest first: KEY, seq, STEPS; each step as last told.

    With ``known_at`` (aware) nothing told later is read.
    """
    table, ledger = tables.steps, tables.ledger
    here = sa.select(*(ledger.c[k] for k in KEY)).where(ledger.c.part == month).distinct().subquery()
    mine = sa.and_(*(here.c[k] == table.c[k] for k in KEY))
    question = sa.select(table.c.seq, table.c.source, *(table.c[c] for c in STEPS)).join(here, mine)
    known = question if known_at is None else question.where(table.c.seen_at <= known_at)
    told = frames.select(connection, known.order_by(table.c.seq))
    return told.unique(_NAMED_BY, keep="last").sort(*KEY, "started_at", "seq")


def of_dossier(connection: Connection, source: str, code: str, units: Units) -> pl.DataFrame:
    """Give the steps of one dossier, oldest first: STEPS and when each was told, as last told.

    ``unit`` is the unit's own name in ``units`` under whatever name or code it was told, so a step told first under an
    old code and then under a name is one step.
    """
    table = tables.steps
    question = sa.select(table.c.seq, table.c.source, table.c.seen_at, *(table.c[c] for c in STEPS))
    told = frames.select(connection, question.where(table.c.source == source, table.c.code == code))
    told = told.with_columns(pl.col("unit").replace(list(units.own_name), list(units.own_name.values())))
    return told.sort("seq").unique(_NAMED_BY, keep="last").sort("started_at", "seq").drop("seq")
