"""Read DanhSachHoSoBoSung, the only trace of pauses and moved promises in the exchange, as suspensions and extensions.

An entry that waits or waited for the applicant is a suspension. An entry without an answer that moves the promise
(NgayHenTraMoi) is an extension: an apology letter, sent on NgayBoSung.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.border import PROBLEMS
from connectors.payload import FREE_TEXT, SUPPLEMENTS
from connectors.shapes import shown
from connectors.texts import clean
from metrics.dossier import Suspension

_PAYMENT_STATUS: Final = "6"
_PAYMENT_WORDS: Final = "nghĩa vụ tài chính"
_STAMPS: Final = {
    "from_at": "NgayBoSung", "to_at": "NgayTiepNhanBoSung",
    "due_before": "NgayHenTraTruoc", "due_after": "NgayHenTraMoi",
}  # fmt: skip
_LETTER: Final = r"(?i)số\s+([\p{L}\p{N}./_-]+)"


def extensions_and_suspensions(rows: pl.DataFrame, time_zone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give (row, suspensions, extensions) as JSON texts of metrics.dossier, and what could not be read (PROBLEMS)."""
    entries = _entries(rows, time_zone)
    halts = entries.filter(~pl.col("is_letter")).sort("row", "from_at", maintain_order=True)
    letters = entries.filter("is_letter").sort("row", "from_at", maintain_order=True)
    found = rows.select("row").join(_json(halts, "suspensions", _halt()), on="row", how="left", maintain_order="left")
    both = found.join(_json(letters, "extensions", _extension()), on="row", how="left", maintain_order="left")
    return both, pl.concat([_unreadable(entries), _undated(entries)])


def instant(text: pl.Expr, time_zone: str) -> pl.Expr:
    """Read a wall time of ``time_zone`` as an instant; null unless yyyyMMddHHmmss or yyyyMMdd."""
    moment = text.str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False, exact=True)
    day = text.str.to_date("%Y%m%d", strict=False, exact=True).cast(pl.Datetime("us"))
    local = pl.when(text.str.len_chars() == 8).then(day).otherwise(moment)
    return local.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def _entries(rows: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Lay the lists out, one row an entry, with its four instants as microseconds UTC."""
    laid = rows.filter(pl.col(SUPPLEMENTS).list.len() > 0).select("row", "TrangThaiHoSo", SUPPLEMENTS)
    flat = laid.explode(SUPPLEMENTS, empty_as_null=False, keep_nulls=False).unnest(SUPPLEMENTS)
    texts = flat.with_columns(clean(pl.col(c)) for c, kind in flat.schema.items() if kind == pl.String)
    dated = texts.with_columns(instant(pl.col(c), time_zone).dt.epoch("us").alias(n) for n, c in _STAMPS.items())
    moved = pl.col("due_after").is_not_null() & pl.col("due_after").ne_missing(pl.col("due_before"))
    return dated.with_columns(is_letter=moved & pl.col("NgayTiepNhanBoSung").is_null())


def _halt() -> pl.Expr:
    told = pl.col(FREE_TEXT).str.to_lowercase().str.contains(_PAYMENT_WORDS, literal=True).fill_null(False)
    waiting = (pl.col("TrangThaiHoSo") == _PAYMENT_STATUS) & pl.col("to_at").is_null()
    kind = pl.when(told | waiting).then(pl.lit(Suspension.PAYMENT.value)).otherwise(pl.lit(Suspension.SUPPLEMENT.value))
    return pl.struct(
        kind.alias("kind"), "from_at", "to_at", "due_before", "due_after", pl.lit(None, pl.Boolean).alias("notice")
    )


def _extension() -> pl.Expr:
    letter = pl.col(FREE_TEXT).str.extract(_LETTER, 1)
    reason = pl.lit(None, pl.String).alias("reason")
    return pl.struct(pl.col("from_at").alias("at"), "due_before", "due_after", letter.alias("letter"), reason)


def _json(entries: pl.DataFrame, name: str, entry: pl.Expr) -> pl.DataFrame:
    """Fold the entries of each row into one JSON list."""
    texts = entries.select("row", entry.struct.json_encode().alias(name))
    joined = pl.format("[{}]", pl.col(name).str.join(","))
    return texts.group_by("row", maintain_order=True).agg(joined.alias(name))


def _unreadable(entries: pl.DataFrame) -> pl.DataFrame:
    parts = [
        entries.filter(pl.col(column).is_not_null() & pl.col(name).is_null()).select(
            "row",
            reason=pl.lit("unreadable_date"),
            found=pl.format("{} = {}", pl.lit(column), shown(pl.col(column), "date")),
        )
        for name, column in _STAMPS.items()
    ]
    return pl.concat(p.match_to_schema(PROBLEMS) for p in parts)


def _undated(entries: pl.DataFrame) -> pl.DataFrame:
    missing = entries.filter(pl.col("NgayBoSung").is_null())
    return missing.select(
        "row", reason=pl.lit("supplement_without_date"), found=pl.lit("NgayBoSung = (trống)")
    ).match_to_schema(PROBLEMS)
