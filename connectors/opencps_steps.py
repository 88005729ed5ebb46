"""The step time line of single dossiers, ``/dossiers/{id}/sequences``: one request each, so only for those that matter.

OpenCPS gives moments here as milliseconds since 1970 UTC, 0 for none. The officer becomes a pseudonym at once.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from connectors.json_rows import rows_at, texts_of
from connectors.opencps_wire import Desk, ask
from connectors.pseudonyms import pseudonym
from connectors.rest import RefusedError
from connectors.texts import by_distinct, clean
from metrics.dossier import INSTANT
from store.steps import STEPS

_FIELDS: Final = {
    "order": "sequenceNo", "step": "sequenceName", "unit": "sequenceRole", "state": "statusText",
    "handler": "assignUsers.0.userName", "start": "startDate", "end": "endDate", "due": "dueDate",
}  # fmt: skip


def steps_of(desk: Desk, number: str, code: str) -> pl.DataFrame | None:
    """Give the steps of one dossier (STEPS), None where the site does not hand them out. Raises SourceError."""
    path = f"/dossiers/{number}/sequences"
    try:
        answer = ask(desk, path)
    except RefusedError:
        return None
    return translate(rows_at(answer, "data", place=f"{desk.place}, {path}"), code, desk.source.name)


def translate(records: list[dict[str, Any]], code: str, source: str) -> pl.DataFrame:
    """Give records of a time line as STEPS. A step without an end of its own ended when the next one began."""
    texts = texts_of(records, _FIELDS)
    rows = texts.with_columns(
        *(clean(pl.col(c)) for c in ("step", "unit", "state", "handler")),
        *(_moment(c).alias(f"{c}ed_at" if c != "due" else "due_at") for c in ("start", "end", "due")),
        number=pl.col("order").cast(pl.Float64, strict=False),
    )
    begun = rows.filter(pl.col("started_at").is_not_null()).sort("started_at", "number", maintain_order=True)
    ended = pl.coalesce("ended_at", pl.col("started_at").shift(-1))
    officers = by_distinct(begun["handler"], lambda name: pseudonym(name, source)).alias("handler")
    done = begun.with_columns(officers, ended.alias("ended_at"), code=pl.lit(code))
    return done.select(STEPS.names()).match_to_schema(STEPS)


def _moment(column: str) -> pl.Expr:
    """Read milliseconds since 1970; 0 and nothing are null."""
    number = pl.col(column).cast(pl.Int64, strict=False)
    return pl.when(number > 0).then((number * 1000).cast(pl.Datetime("us"))).dt.replace_time_zone("UTC").cast(INSTANT)
