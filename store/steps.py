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
    """Keep steps (STEPS) that were not told in these words before; give how many.

    What a source says again of a step after it said something else is kept again, for the newest counts: the step was
    opened anew. A file may be an old one, and says nothing again.
    """
    if told is None or told.is_empty():
        return 0
    rows = frames.storable(told.match_to_schema(STEPS)).with_columns(source=pl.lit(run.source.name))
    rows = _printed(rows).unique("fingerprint", keep="first", maintain_order=True)
    known = _known(connection, rows)
    news = rows.join(known, on="fingerprint", how="anti", maintain_order="left")
    if run.kind != "load":
        news = pl.concat([news, _again(rows, known)])
    entries = news.with_columns(run_id=pl.lit(run.id), seen_at=pl.lit(run.seen_at, INSTANT))
    frames.insert(connection, tables.steps, entries)
    seals.keep(connection, tables.steps, entries, run.id)
    return entries.height


def _printed(rows: pl.DataFrame, salt: pl.Expr | None = None) -> pl.DataFrame:
    words = [*(pl.col(c) for c in (*STEPS, "source")), *([salt] if salt is not None else [])]
    told = rows.select(pl.concat_str([w.cast(pl.String).fill_null("") for w in words], separator="\x1f")).to_series()
    prints = pl.Series("fingerprint", [hashlib.sha256(w.encode()).hexdigest() for w in told], pl.String)
    return rows.with_columns(prints)


def _known(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """Give seq, source, STEPS and fingerprint, without salt, of all that was told of the dossiers of ``rows``."""
    table = tables.steps
    mine = frames.matching(connection, table.c.code, rows["code"].unique())
    question = sa.select(table.c.seq, table.c.source, *(table.c[c] for c in STEPS)).order_by(table.c.seq)
    return _printed(frames.select(connection, question.where(table.c.source == rows["source"][0], mine)))


def _again(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give the steps whose last telling here is an old one, and not the newest that is stored."""
    newest = known.unique(_NAMED_BY, keep="last").select(*_NAMED_BY, newest="fingerprint", after="seq")
    told = rows.unique(_NAMED_BY, keep="last", maintain_order=True)
    told = told.join(known, on="fingerprint", how="semi")
    back = told.join(newest, on=_NAMED_BY, nulls_equal=True).filter(pl.col("fingerprint") != pl.col("newest"))
    return _printed(back, salt=pl.col("after")).select(rows.columns)


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
    # Of steps that are told only when they are done the ends alone tell two of one name apart.
    end = pl.when(pl.col("started_at").is_null()).then("ended_at").alias("_end")
    return told.with_columns(end).unique((*_NAMED_BY, "_end"), keep="last").drop("_end").sort(*KEY, "started_at", "seq")


def since(connection: Connection, moment: datetime) -> pl.DataFrame:
    """Give the steps that ended at ``moment`` (aware) or later, or have not ended: KEY, seq, STEPS; as last told.

    A source that tells steps only when they are done says of two of one dossier no more than their ends: these are two.
    """
    mine, later = tables.steps, tables.steps.alias()
    same = [later.c[k] == mine.c[k] for k in KEY]
    same += [later.c[k].is_not_distinct_from(mine.c[k]) for k in ("started_at", "step", "unit")]
    begun = sa.or_(mine.c.started_at.is_not(None), later.c.ended_at.is_not_distinct_from(mine.c.ended_at))
    anew = sa.exists().where(*same, begun, later.c.seq > mine.c.seq)
    question = sa.select(mine.c.seq, mine.c.source, *(mine.c[c] for c in STEPS)).order_by(mine.c.seq)
    lasting = sa.or_(mine.c.ended_at >= moment, mine.c.ended_at.is_(None))
    return frames.select(connection, question.where(lasting, ~anew))


def holders(told: pl.DataFrame) -> pl.DataFrame:
    """Give with whom each dossier lies by its steps (rows of ``of_month``): KEY, held_by, as the source names it.

    That is the unit of the newest step that has begun and not ended. A step that was told again under another name of
    its unit is one step.
    """
    steps = told.sort("seq").unique((*KEY, "started_at", "step"), keep="last", maintain_order=True)
    runs = steps.filter(pl.col("started_at").is_not_null(), pl.col("ended_at").is_null())
    return runs.sort("started_at", "seq").group_by(KEY, maintain_order=True).agg(held_by=pl.col("unit").last())


def told_of(connection: Connection, source: str, code: str) -> pl.DataFrame:
    """Give all that was told of the steps of one dossier, in the order of the telling: KEY, seq, seen_at, STEPS."""
    table = tables.steps
    question = sa.select(table.c.seq, table.c.source, table.c.seen_at, *(table.c[c] for c in STEPS))
    mine = question.where(table.c.source == source, table.c.code == code)
    return frames.select(connection, mine.order_by(table.c.seq))


def of_dossier(connection: Connection, source: str, code: str, units: Units) -> pl.DataFrame:
    """Give the steps of one dossier, oldest first: STEPS and when each was told, as last told.

    ``unit`` is the unit's own name in ``units`` under whatever name or code it was told, so a step told first under an
    old code and then under a name is one step.
    """
    told = told_of(connection, source, code)
    told = told.with_columns(pl.col("unit").replace(list(units.own_name), list(units.own_name.values())))
    return told.sort("seq").unique(_NAMED_BY, keep="last").sort("started_at", "seq").drop("seq")
