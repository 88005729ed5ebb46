"""Translate the national exchange into dossiers: numbers to statuses, wall time to UTC, supplements to intervals.

Pure: a frame in, frames out. Words and choices of the law come from config.sources.Exchange.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from config.sources import Exchange
from connectors.border import PROBLEMS, at_border
from connectors.moves import extensions_and_suspensions, instant
from connectors.papers import papers_and_fees
from connectors.payload import LISTS, UNKEPT
from connectors.personal import kept_answer
from connectors.shapes import shown
from connectors.texts import clean
from connectors.words import NATIONAL
from metrics.dossier import INSTANT, Status

_STAMPS: Final = {
    "submitted_at": "NgayNopHoSo", "received_at": "NgayTiepNhan", "due_at": "NgayHenTra",
    "resolved_at": "NgayKetThucXuLy", "returned_at": "NgayTra", "rejected_at": "NgayTuChoi",
}  # fmt: skip
_CODES: Final = ("MaHoSo", "MaHoSoKhac")
_SHAPED: Final = {column: field for field, column in _STAMPS.items()} | {"TrangThaiHoSo": "status"}
_NAMES: Final = ("MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "DonViXuLy", "NoiNopHoSo")
_CHANNELS: Final = {"1": "counter", "2": "online", "3": "post"}
_APPLICANTS: Final = {"1": "citizen", "2": "business", "3": "agency", "4": "organisation"}


@dataclass(frozen=True, slots=True)
class Translated:
    """``good``: COLUMNS of Dossier, one row per code. ``rejects``: REJECTS. ``merged``: rows folded into newer ones."""

    good: pl.DataFrame
    rejects: pl.DataFrame
    merged: int

    @property
    def read(self) -> int:
        return self.good.height + self.rejects.height + self.merged


def translate(rows: pl.DataFrame, told: Exchange, *, source: str, time_zone: str, origin: str) -> Translated:
    """Translate ``rows`` (connectors.payload.Payload.dossiers) of ``source``; ``origin`` names them in quarantine."""
    texts = _cleaned(rows)
    stamps = dict(_STAMPS) | ({"changed_at": told.changed} if told.changed in rows.columns else {})
    dated = texts.with_row_index("row").with_columns(
        instant(pl.col(column), time_zone).alias(field) for field, column in stamps.items()
    )
    intervals, unread = extensions_and_suspensions(dated, time_zone)
    frame = _settled(dated.join(intervals, on="row", how="left", maintain_order="left"), told, source)
    problems = pl.concat([*(_unreadable(frame, f, c) for f, c in stamps.items()), _unknown_status(frame), unread])
    places = pl.select(pl.format("{}, hồ sơ {}", pl.lit(origin), pl.int_range(1, rows.height + 1))).to_series()
    good, rejects = at_border(frame, places, raw(rows), problems)
    one = _newest(good)
    return Translated(one, rejects, merged=good.height - one.height)


def _cleaned(rows: pl.DataFrame) -> pl.DataFrame:
    """Clean the texts: names once per distinct name, codes one by one; numbers and dates are only trimmed."""
    trimmed = [c for c, kind in rows.schema.items() if kind == pl.String and c not in (*_NAMES, *_CODES)]
    stripped = [pl.col(c).str.strip_chars() for c in trimmed]
    return rows.with_columns(
        *(pl.when(text != "").then(text) for text in stripped),
        *(clean(pl.col(c)) for c in _CODES),
        *(_distinct(rows[c]) for c in _NAMES),
    )


def _distinct(names: pl.Series) -> pl.Series:
    words = names.drop_nulls().unique()
    cleaned = words.to_frame().select(clean(pl.col(names.name))).to_series()
    return names.replace_strict(words, cleaned, default=None, return_dtype=pl.String)


def raw(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the rows as they may be kept: without free text, without where results lie, without people elsewhere."""
    told = rows.with_columns(_kept(name, [f for f in fields if f not in UNKEPT]) for name, fields in LISTS.items())
    return kept_answer(told, codes=("MaHoSo", "MaHoSoKhac"), units=("DonViXuLy", "NoiNopHoSo"), fields=_SHAPED)


def _kept(name: str, fields: list[str]) -> pl.Expr:
    """Keep the entries of a list less what is not kept of them; where nothing is left, how many there are."""
    entry = pl.struct(pl.element().struct.field(f) for f in fields) if fields else None
    return pl.col(name).list.len() if entry is None else pl.col(name).list.eval(entry)


def _settled(rows: pl.DataFrame, told: Exchange, source: str) -> pl.DataFrame:
    """Add the columns of Dossier. The status is null where its number is not known."""
    words = NATIONAL | told.statuses
    number = pl.col("TrangThaiHoSo")
    plain = number.replace_strict(words, default=None, return_dtype=pl.String)
    finish, received = pl.col("resolved_at"), pl.col("received_at")
    halted = (plain == Status.STOPPED) & finish.is_null()
    handed_back = (plain == Status.NOT_ACCEPTED) & received.is_not_null()
    status = pl.when(halted).then(pl.lit(told.halted)).when(handed_back).then(pl.lit(told.not_accepted_after_receipt))
    frame = rows.with_columns(status=status.otherwise(plain))
    refused = pl.col("status") == Status.REFUSED
    return frame.with_columns(
        source=pl.lit(source),
        code=pl.col("MaHoSo"),
        other_code=pl.col("MaHoSoKhac"),
        procedure=pl.coalesce("MaTTHC", "TenTTHC"),
        procedure_name=pl.col("TenTTHC"),
        field=pl.coalesce("TenLinhVuc", "MaLinhVuc"),
        department=pl.col("DonViXuLy"),
        receiving_unit=pl.col("NoiNopHoSo"),
        level=_level(told),
        channel=pl.col("KenhThucHien").replace_strict(_CHANNELS, default=None, return_dtype=pl.String),
        **papers_and_fees(),
        applicant_kind=pl.col("LoaiDoiTuong").replace_strict(_APPLICANTS, default=None, return_dtype=pl.String),
        # Handed back after acceptance: its closing day is the day of the letter.
        resolved_at=pl.when(refused).then(pl.coalesce("resolved_at", "rejected_at")).otherwise("resolved_at"),
        rejected_at=pl.when(~refused).then("rejected_at"),
        changed_at=pl.col("changed_at") if "changed_at" in frame.columns else pl.lit(None, INSTANT),
    )


def _level(told: Exchange) -> pl.Expr:
    level = pl.lit(told.level, pl.String)
    for beginning, value in reversed(told.levels.items()):
        level = pl.when(pl.col("DonViXuLy").str.starts_with(beginning)).then(pl.lit(value)).otherwise(level)
    return pl.when(pl.col("DonViXuLy").is_not_null()).then(level)


def _unreadable(frame: pl.DataFrame, field: str, column: str) -> pl.DataFrame:
    """Name the dates that are written but cannot be read. A refused dossier's dates moved on: look at the column."""
    lost = frame.filter(pl.col(column).is_not_null() & instant(pl.col(column), "UTC").is_null())
    found = pl.format("{} = {}", pl.lit(column), shown(pl.col(column), "date"))
    return lost.select("row", reason=pl.lit("unreadable_date"), found=found).match_to_schema(PROBLEMS)


def _unknown_status(frame: pl.DataFrame) -> pl.DataFrame:
    number = shown(pl.col("TrangThaiHoSo"), "status").fill_null("(trống)")
    return (
        frame.filter(pl.col("status").is_null())
        .select("row", reason=pl.lit("unknown_status"), found=pl.format("TrangThaiHoSo = {}", number))
        .match_to_schema(PROBLEMS)
    )


def _newest(good: pl.DataFrame) -> pl.DataFrame:
    """Keep one row per code: the last changed, and of equals the last sent."""
    newest = good.with_row_index("sent").sort("changed_at", "sent", nulls_last=False)
    return newest.unique("code", keep="last", maintain_order=True).sort("sent").drop("sent")
