"""Name what is wrong with a row before it can be a dossier: each problem is a rule and what stood there."""

from __future__ import annotations

import polars as pl

from config.mapping import TEXT_FIELDS, Mapping
from connectors.base import EVENT_TIME, ROW, RawTable
from connectors.shapes import shown
from connectors.texts import DAMAGED

_Check = tuple[pl.Expr, str, pl.Expr]  # rule or null, field, what was found
_WORDED = ("status", "channel", "level", "applicant_kind")
_SHORTENED = r"(?i)^\d(?:[.,]\d+)?E\+\d+$"  # 2.61105E+11: a spreadsheet rounded a long number


def name_problems(frame: pl.DataFrame, table: RawTable, mapping: Mapping) -> pl.DataFrame:
    """Add ``reasons`` (rules broken) and ``found`` (what stood there) to each row."""
    checks = [*_dates(frame), *_statuses(mapping), *_rows(frame, table, mapping)]
    reasons = pl.concat_list([rule for rule, _, _ in checks]).list.drop_nulls().list.unique(maintain_order=True)
    told = [pl.when(rule.is_not_null()).then(_told(name, text)) for rule, name, text in checks]
    named = frame.with_columns(reasons=reasons)
    broken = named.filter(pl.col("reasons").list.len() > 0)
    found = broken.select(ROW, found=pl.concat_str(told, separator="; ", ignore_nulls=True))
    return named.join(found, on=ROW, how="left", maintain_order="left")


def _told(name: str, text: pl.Expr) -> pl.Expr:
    return pl.format('{} "{}"', pl.lit(name), text.fill_null(""))


def _rule(name: str, broken: pl.Expr) -> pl.Expr:
    return pl.when(broken).then(pl.lit(name))


def _dates(frame: pl.DataFrame) -> list[_Check]:
    names = [c.removesuffix(":problem") for c in frame.columns if c.endswith(":problem")]
    return [(pl.col(f"{n}:problem"), n, shown(pl.col(f"{n}:text"), "date")) for n in names]


def _statuses(mapping: Mapping) -> list[_Check]:
    word = pl.col("status:text")
    told = shown(word, "status", mapping.status.words)
    checks = []
    if mapping.status.unknown == "reject":
        unknown = word.is_not_null() & pl.col("status").is_null()
        checks.append((_rule("unknown_status", unknown), "status", told))
    if mapping.status.missing == "reject":
        checks.append((_rule("status_missing", word.is_null()), "status", told))
    return checks


def _rows(frame: pl.DataFrame, table: RawTable, mapping: Mapping) -> list[_Check]:
    texts = [n for n in TEXT_FIELDS if n not in _WORDED and n in frame.columns]
    damaged = pl.any_horizontal(pl.col(n).str.contains(DAMAGED, literal=True) for n in texts).fill_null(False)
    wide = pl.col(ROW).is_in(list(table.too_wide))
    unread = pl.col(ROW).is_in(list(table.unread))
    checks = [
        (_rule("unreadable_line", unread), "row", pl.lit("a line that is no JSON object")),
        (_rule("code_missing", pl.col("code").is_null() & ~unread), "code", pl.col("code")),
        (_rule("code_shortened", pl.col("code").str.contains(_SHORTENED)), "code", pl.col("code")),
        (_rule("code_broken", pl.col(ROW).is_in(list(table.broken_codes))), "code", pl.col("code")),
        (_rule("too_many_cells", wide), "row", pl.lit("more cells than the header")),
        (_rule("damaged_text", damaged), "row", pl.lit("bytes that are no text")),
    ]
    if mapping.events:
        untimed = pl.col(f"{EVENT_TIME}:text")
        checks.append((_rule("event_time_missing", untimed.is_null()), EVENT_TIME, shown(untimed, "date")))
    return checks
