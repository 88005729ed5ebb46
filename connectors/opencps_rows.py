"""Translate records of OpenCPS into dossiers. Pure: records in, a batch out; what is not named here never gets in.

``dossierOverdue``, ``timeOverdueText`` and ``stepDuedate`` are not read: they are wrong. ``extendDate`` is kept in the
raw rows and taken for nothing: OpenCPS stamps it on an early release too. A due date that a pause overwrote is one more
observation of this dossier, and the ledger keeps both. All personal fields are left behind with everything unnamed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from config.sources import Source
from connectors.base import Batch
from connectors.border import PROBLEMS, at_border
from connectors.json_rows import texts_of
from connectors.opencps_settings import Settings
from connectors.papers import price
from connectors.personal import kept_answer
from connectors.shapes import Kind, shown
from connectors.texts import clean, clean_series
from metrics.dossier import CLOSED, WITH_RESULT, WITHOUT_RESULT, Status

#: What a dossier may carry over our border.
KEPT: Final = (
    "dossierId", "dossierNo", "dossierIdCTN", "referenceUid", "serviceCode", "serviceName", "domainCode", "domainName",
    "govAgencyCode", "govAgencyName", "originality", "online", "systemId", "viaPostal", "submitDate", "receiveDate",
    "dueDate", "extendDate", "releaseDate", "finishDate", "durationCount", "durationUnit", "lockState",
    "dossierStatus", "stepCode", "feeAmount",
)  # fmt: skip
#: Without one of these no figure would be true: the source is stopped, not guessed at.
NEEDED: Final = ("dossierId", "dossierStatus", "submitDate", "receiveDate", "dueDate", "releaseDate", "finishDate")
#: A site may never have had these; one that had them and has them no longer changes figures without a word.
TELLING: Final = tuple(c for c in KEPT if c not in (*NEEDED, "extendDate", "originality", "systemId", "durationCount"))
_STAMPS: Final = {
    "submitted_at": "submitDate", "received_at": "receiveDate", "due_at": "dueDate", "released": "releaseDate",
    "finished": "finishDate",
}  # fmt: skip
_SHAPED: Final = dict.fromkeys((*_STAMPS.values(), "extendDate"), "date") | {
    "dossierStatus": "status",
    "feeAmount": "fee",
}
_CODES: Final = ("dossierId", "dossierNo", "dossierIdCTN", "referenceUid")
_UNITS: Final = ("govAgencyCode", "govAgencyName")
_NAMES: Final = ("serviceName", "domainName", "govAgencyName")
_PAUSED: Final = ("PAUSE", "PAUSE_OVERDUE")
_RUNNING: Final = (Status.ACCEPTED.value, Status.PROCESSING.value)


def frame_of(records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Give the records with KEPT as texts; a field that no record has is empty."""
    return texts_of(records, {name: name for name in KEPT})


def translate(rows: pl.DataFrame, told: Settings, source: Source, *, origin: str) -> Batch:
    """Translate ``rows`` (``frame_of``) of ``source``; ``origin`` names them in quarantine."""
    dated = _dated(_cleaned(rows), source.time_zone)
    frame = _settled(dated, told, source)
    problems = pl.concat(
        [*(_unreadable(dated, c, field) for field, c in _STAMPS.items()), _amounts(dated), _unknown(frame)]
    )
    places = pl.select(pl.format("{}, hồ sơ {}", pl.lit(origin), pl.int_range(1, rows.height + 1))).to_series()
    raw = kept_answer(rows, codes=_CODES, units=_UNITS, fields=_SHAPED)
    good, rejects = at_border(frame, places, raw, problems)
    one = good.unique("code", keep="last", maintain_order=True)  # a page came twice: the later telling counts
    return Batch(one, rejects, merged=good.height - one.height, raw=raw)


def _cleaned(rows: pl.DataFrame) -> pl.DataFrame:
    """Clean the texts, names once per distinct name; "" is null."""
    plain = rows.with_columns(clean(pl.col(c)) for c in KEPT if c not in _NAMES)
    return plain.with_columns(clean_series(plain[c]).alias(c) for c in _NAMES).with_columns(
        pl.when(pl.col(c) != "").then(pl.col(c)) for c in _NAMES
    )


def _dated(rows: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    return rows.with_columns(instant(pl.col(c), time_zone).alias(field) for field, c in _STAMPS.items())


def instant(text: pl.Expr, time_zone: str) -> pl.Expr:
    """Read a wall time of ``time_zone`` as an instant; null unless dd/MM/yyyy, with HH:mm or HH:mm:ss or without."""
    moments = [
        text.str.to_datetime(form, time_unit="us", strict=False, exact=True)
        for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
    ]
    day = text.str.to_date("%d/%m/%Y", strict=False, exact=True).cast(pl.Datetime("us"))
    local = pl.coalesce(*moments, day)
    return local.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def _settled(rows: pl.DataFrame, told: Settings, source: Source) -> pl.DataFrame:
    """Add the columns of Dossier. The status is null where its word is not known."""
    status = rows.select(status=_status(told)).to_series()
    finish = pl.coalesce("released", "finished")
    return rows.with_columns(status).with_columns(
        pl.lit(source.name).alias("source"),
        pl.col(told.code).alias("code"),
        pl.coalesce(*(c for c in ("dossierNo", "dossierIdCTN", "dossierId") if c != told.code)).alias("other_code"),
        procedure=pl.coalesce("serviceCode", "serviceName"),
        procedure_name=pl.col("serviceName"),
        field=pl.coalesce("domainName", "domainCode"),
        department=pl.coalesce(told.unit, "govAgencyName", "govAgencyCode"),
        level=_level(told),
        channel=pl.col("online").str.to_lowercase().replace_strict(
            {"true": "online", "false": "counter", "1": "online", "0": "counter"}, default=None, return_dtype=pl.String
        ),
        step=pl.col("stepCode"),
        resolved_at=pl.when(_in(WITHOUT_RESULT)).then(finish).when(_in(WITH_RESULT)).then("released"),
        returned_at=pl.when(pl.col("status") == Status.RETURNED).then("finished"),
        rejected_at=pl.when(pl.col("status") == Status.NOT_ACCEPTED).then(finish),
        fee=_fee(),
        returned_by=pl.when(pl.col("viaPostal").is_in(list(told.by_post))).then(pl.lit("post"))
        .when(pl.col("viaPostal").is_not_null()).then(pl.lit("counter")),
    )  # fmt: skip


def _status(told: Settings) -> pl.Expr:
    """Settle the status from its word, the lock and the dates that are filled."""
    plain = pl.col("dossierStatus").str.to_lowercase().replace_strict(told.words, default=None, return_dtype=pl.String)
    open_end = pl.coalesce("released", "finished").is_null()
    locked = plain.is_in(_RUNNING) & pl.col("lockState").is_in(_PAUSED)
    halted = (plain == Status.STOPPED) & open_end
    handed_back = (plain == Status.NOT_ACCEPTED) & pl.col("received_at").is_not_null()
    return (
        pl.when(locked).then(pl.lit(Status.PAUSED.value))
        .when(halted).then(pl.lit(told.halted))
        .when(handed_back).then(pl.lit(told.not_accepted_after_receipt))
        .otherwise(plain)
    )  # fmt: skip


def _in(statuses: frozenset[Status]) -> pl.Expr:
    return pl.col("status").is_in([s.value for s in statuses])


def _level(told: Settings) -> pl.Expr:
    name = pl.col("govAgencyName")
    level = pl.lit(told.level, pl.String)
    for beginning, value in reversed(told.levels.items()):
        level = pl.when(name.str.starts_with(beginning)).then(pl.lit(value)).otherwise(level)
    return pl.when(name.is_not_null()).then(level)


def _fee() -> pl.Expr:
    return price(pl.col("feeAmount").cast(pl.String))


def _unreadable(rows: pl.DataFrame, column: str, field: str) -> pl.DataFrame:
    return _problem(rows, pl.col(column).is_not_null() & pl.col(field).is_null(), "unreadable_date", column, "date")


def _amounts(rows: pl.DataFrame) -> pl.DataFrame:
    broken = pl.col("feeAmount").is_not_null() & _fee().is_null()
    return _problem(rows, broken, "unreadable_amount", "feeAmount", "amount")


def _unknown(frame: pl.DataFrame) -> pl.DataFrame:
    return _problem(frame, pl.col("status").is_null(), "unknown_status", "dossierStatus", "status")


def _problem(rows: pl.DataFrame, broken: pl.Expr, reason: str, column: str, kind: Kind) -> pl.DataFrame:
    told = pl.format("{} = {}", pl.lit(column), shown(pl.col(column), kind).fill_null("(trống)"))
    found = rows.with_row_index("row").filter(broken).select("row", reason=pl.lit(reason), found=told)
    return found.match_to_schema(PROBLEMS)


def followed(rows: pl.DataFrame, batch: Batch, told: Settings) -> dict[str, str]:
    """Give number (dossierId) → code of those whose steps are worth a request: open, or ended late."""
    finish = pl.coalesce("resolved_at", "returned_at")
    closed = pl.col("status").cast(pl.String).is_in([s.value for s in CLOSED])
    late = (finish.dt.date() > pl.col("due_at").dt.date()).fill_null(False)
    wanted = batch.good.filter(pl.col("received_at").is_not_null() & (~closed | late)).select("code")
    numbers = rows.select(code=clean(pl.col(told.code)), number=clean(pl.col("dossierId"))).unique("code", keep="last")
    both = wanted.join(numbers, on="code", maintain_order="left")
    return dict(zip(both["number"], both["code"], strict=True))
