"""Check translated rows: copies merged, rules of ``Dossier`` applied, rejects written with reasons and raw row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from config.mapping import Mapping
from connectors.base import ROW, RawTable
from connectors.personal import kept_rows, refused, without_people
from connectors.places import places
from metrics.dossier import COLUMNS, REJECTS, Dossier, whole

#: dataframely's rule names in words an operator can look up in docs/mapping.md.
REASONS: Final = {
    "started": "no_start_date",
    "finish_of_a_result_known": "closed_without_finish",
    "received_before_a_result": "result_without_receipt",
    "believable_years": "unbelievable_year",
    "code|max_length": "code_too_long",
    "fee|min": "unreadable_amount",
    "fee|max": "unreadable_amount",
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Dossiers after merging: ``frame`` one row per code, ``flawed`` rows refused, ``merged`` rows folded away."""

    frame: pl.DataFrame
    flawed: pl.DataFrame
    merged: int


@dataclass(frozen=True, slots=True)
class Checked:
    """``good``: COLUMNS of Dossier. ``rejects``: REJECTS."""

    good: pl.DataFrame
    rejects: pl.DataFrame


def without_copies(frame: pl.DataFrame, table: RawTable, mapping: Mapping) -> Cases:
    """Keep one row per code, as ``mapping.duplicates`` says; exact copies of refused rows are merged too."""
    sound, flawed = _split(frame)
    rule = mapping.duplicates
    order = [rule.newest_by, ROW] if rule.keep == "newest" else [ROW]
    ordered = sound.sort(order, nulls_last=False)
    one = ordered.unique("code", keep="first" if rule.keep == "first" else "last").sort(ROW)
    different = _first_copies(flawed, table)
    return Cases(one, different, sound.height - one.height + flawed.height - different.height)


def other_receipts(frame: pl.DataFrame) -> int:
    """Count codes that stand on rows with different receipts: rather several dossiers than copies of one."""
    begun = pl.coalesce("received_at", "submitted_at")
    starts = _split(frame)[0].group_by("code").agg(begun.drop_nulls().n_unique().alias("starts"))
    return int((starts["starts"] > 1).sum())


def _split(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    fine = pl.col("reasons").list.len() == 0
    return frame.filter(fine), frame.filter(~fine)


def _first_copies(flawed: pl.DataFrame, table: RawTable) -> pl.DataFrame:
    raw = table.frame.join(flawed.select(ROW), on=ROW, how="semi")
    alike = raw.filter(~pl.col(ROW).is_in(list(table.unread))).unique(table.columns, keep="first")[ROW]
    return flawed.filter(pl.col(ROW).is_in([*alike, *table.unread]))


def check(frame: pl.DataFrame, cases: Cases, table: RawTable, mapping: Mapping) -> Checked:
    """Apply the rules of ``Dossier``; gather every refused row, in the order of the file."""
    dossiers = without_people(frame).with_columns(source=pl.lit(mapping.source))
    good, failure = Dossier.filter(whole(dossiers), cast=True)
    broken = _broken_rules(failure.details()).join(dossiers.select("code", ROW), on="code", how="left")
    rows = pl.concat([part.select(ROW, "code", "reasons", "found") for part in (cases.flawed, broken)])
    return Checked(pl.DataFrame(good).select(COLUMNS), _rejects(rows.sort(ROW), table, mapping))


def _broken_rules(details: pl.DataFrame) -> pl.DataFrame:
    rules = [c for c in details.columns if c not in COLUMNS]
    reasons = [pl.when(pl.col(r).cast(pl.String) != "valid").then(pl.lit(REASONS.get(r, r))) for r in rules]
    named = pl.concat_list(reasons).list.drop_nulls() if reasons else pl.lit([], pl.List(pl.String))
    stamps = ("status", "submitted_at", "received_at", "due_at", "resolved_at", "returned_at")
    told = [pl.format("{} {}", pl.lit(s), pl.col(s).cast(pl.String).fill_null("—")) for s in stamps]
    return details.select("code", reasons=named, found=pl.concat_str(told, separator="; "))


def _rejects(rows: pl.DataFrame, table: RawTable, mapping: Mapping) -> pl.DataFrame:
    """Write REJECTS: the place in the file, what broke, and of the raw row what may be kept."""
    these = replace(table, frame=table.frame.join(rows.select(ROW), on=ROW, how="semi", maintain_order="left"))
    kept = kept_rows(these, mapping)
    raw = these.frame.select(ROW, raw=kept.to_struct("raw").struct.json_encode() if kept.width else pl.lit("{}"))
    joined = rows.join(raw, on=ROW, how="left", maintain_order="left")
    return refused(joined.with_columns(places(table, joined[ROW])).select(REJECTS.names())).match_to_schema(REJECTS)


def flags(good: pl.DataFrame, mapping: Mapping) -> dict[str, int]:
    """Count what is kept but worth knowing: finish before receipt (by day), no due date, no channel, no department."""
    finish = pl.coalesce("resolved_at", "returned_at")
    counts = good.select(
        finish_before_receipt=(_day(finish, mapping) < _day(pl.col("received_at"), mapping)).fill_null(False).sum(),
        finish_instant_before_receipt=(finish < pl.col("received_at")).fill_null(False).sum(),
        due_missing=pl.col("due_at").is_null().sum(),
        department_missing=pl.col("department").is_null().sum(),
    )
    return {k: int(n) for k, n in counts.row(0, named=True).items() if n}


def _day(stamp: pl.Expr, mapping: Mapping) -> pl.Expr:
    return stamp.dt.convert_time_zone(mapping.time_zone).dt.date()
