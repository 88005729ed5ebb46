"""Read written dates: every notation side by side, never a guess.

03/04/2026 is 3 April or 4 March. The mapping says which, or another date of the same column (25/04/2026), or another
column of the same file; without any of these the date is refused as ``ambiguous_date``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

import polars as pl

from config.mapping import DateReading
from connectors import notations
from connectors.notations import Notation
from metrics.dossier import INSTANT

_INTEGERS: Final = ("y", "m", "d", "p", "q", "h", "mi", "s", "epoch")
_TEXTS: Final = ("mon", "f", "ap", "off", "serial")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class DateColumn:
    """One column read: ``instants`` UTC, ``problems`` the rule a cell breaks or null, cells per notation."""

    instants: pl.Series
    problems: pl.Series
    notations: dict[str, int]
    day_first: bool | None


def read_dates(
    columns: Mapping[str, pl.Series], reading: DateReading, time_zone: str, *, place: str = "mapping"
) -> dict[str, DateColumn]:
    """Read all date columns of one file together: what settles one column's order may settle another's."""
    parts = {name: _take_apart(texts, name, reading) for name, texts in columns.items()}
    whole_file = reduce(_both, (_evidence(p) for p in parts.values()), (False, False))
    return {name: _read(columns[name], p, name, reading, time_zone, whole_file) for name, p in parts.items()}


def _read(
    texts: pl.Series, parts: pl.DataFrame, name: str, reading: DateReading, time_zone: str, file: tuple[bool, bool]
) -> DateColumn:
    declared = _declared_order(name, reading)
    ordered = _settle(parts, declared, file)
    read = _to_instant(ordered, time_zone)
    joined = pl.DataFrame({"text": texts}).join(read, on="text", how="left", maintain_order="left")
    problem = pl.when(pl.col("text").is_not_null()).then(pl.col("problem"))
    done = joined.select("instant", problem, "notation")
    counts = done.filter(pl.col("instant").is_not_null())["notation"].value_counts(sort=True)
    evidence = _evidence(parts) if any(_evidence(parts)) else file
    order = declared if declared is not None else _one_sided(evidence)
    names = {str(n).replace("dd/MM", "MM/dd") if order is False else str(n): int(k) for n, k in counts.iter_rows()}
    return DateColumn(done["instant"], done["problem"], names, order)


def _formats(name: str, reading: DateReading) -> list[Notation]:
    return [notations.declared(f) for f in reading.columns.get(name, reading.formats)]


def _declared_order(name: str, reading: DateReading) -> bool | None:
    return reading.day_first if reading.day_first is not None else notations.day_comes_first(_formats(name, reading))


def _take_apart(texts: pl.Series, name: str, reading: DateReading) -> pl.DataFrame:
    """Give one row per distinct text: its groups and the name of its notation (null: no notation fits)."""
    formats = _formats(name, reading)
    tried = formats if reading.only else [*formats, *notations.AUTOMATIC]
    left = pl.DataFrame({"text": texts.drop_nulls().unique()}).with_columns(key=_usual(pl.col("text")))
    found = []
    for notation in tried:
        hit = _match(left, notation)
        found.append(hit)
        left = left.join(hit, on="text", how="anti")
    return pl.concat([*found, left.drop("key")], how="diagonal")


def _usual(text: pl.Expr) -> pl.Expr:
    """Fold what does not matter: case, kinds of space, a weekday in front, a zone name in brackets."""
    weekday = r"^(?:(?:MON|TUE|TUES|WED|WEDNES|THU|THUR|THURS|FRI|SAT|SATUR|SUN)(?:DAY)?|THỨ \S+|CHỦ NHẬT),?\s"
    upper = text.str.to_uppercase().str.replace(weekday, "").str.replace(r"\[.*\]$", "")
    return upper.str.replace(r"^/DATE\((\d+).*\)/$", "${1}").str.strip_chars()


def _match(left: pl.DataFrame, notation: Notation) -> pl.DataFrame:
    pattern = notation.pattern.replace(r"\d", "[0-9]")  # else digits of every script, which no number is made of
    named = pl.col("key").str.extract_groups(pattern)
    groups = [f.name for f in left.select(named.alias("g")).schema["g"].fields]  # type: ignore[attr-defined]
    hit = left.filter(pl.col("key").str.contains(pattern)).with_columns(named.alias("g")).unnest("g")
    if "mi2" in groups:
        hit = hit.with_columns(mi=pl.coalesce("mi", "mi2")).drop("mi2")
    missing = [pl.lit(None, pl.String).alias(g) for g in (*_INTEGERS, *_TEXTS) if g not in groups]
    full = hit.with_columns(missing).with_columns(y=_four_digits())
    full = full.with_columns(pl.col(_INTEGERS).cast(pl.Int64, strict=False))
    full = full.with_columns(m=pl.coalesce("m", _month_by_name()), notation=_label(notation))
    possible = pl.lit(True)
    if notation.declared:  # 25/04 does not fit MM/dd: another format of the list may
        possible = pl.col("epoch").is_not_null() | (pl.col("m").is_between(1, 12) & pl.col("d").is_between(1, 31))
    return full.filter(possible).select("text", *_INTEGERS, *_TEXTS, "notation")


def _month_by_name() -> pl.Expr:
    names = pl.col("mon").str.slice(0, 3)
    return names.replace_strict(list(_MONTHS), list(range(1, 13)), default=None, return_dtype=pl.Int64)


def _four_digits() -> pl.Expr:
    """Give 2026 for 26 and 1998 for 98; 0026 stays what it is, a typing error."""
    century = pl.when(pl.col("y") < "70").then(pl.lit("20")).otherwise(pl.lit("19"))
    return pl.when(pl.col("y").str.len_chars() == 2).then(pl.concat_str(century, "y")).otherwise("y")


def _label(notation: Notation) -> pl.Expr:
    if notation.declared or "h" not in notation.pattern.lower():
        return pl.lit(notation.name)
    hour = pl.when(pl.col("h").is_null() | pl.lit("H" in notation.name)).then(pl.lit("")).otherwise(pl.lit(" HH:mm"))
    noon = pl.when(pl.col("ap").is_null()).then(pl.lit("")).otherwise(pl.lit(" AM/PM"))
    offset = pl.when(pl.col("off").is_null()).then(pl.lit("")).otherwise(pl.lit(" +offset"))
    return pl.concat_str(pl.lit(notation.name), hour, noon, offset)


def _evidence(parts: pl.DataFrame) -> tuple[bool, bool]:
    """Say whether some date can only be day-first, and whether some can only be month-first."""
    p, q = pl.col("p"), pl.col("q")
    day = (p > 12) & (p <= 31) & q.is_between(1, 12)
    month = (q > 12) & (q <= 31) & p.is_between(1, 12)
    found = parts.select(day.fill_null(False).any(), month.fill_null(False).any()).row(0)
    return bool(found[0]), bool(found[1])


def _both(a: tuple[bool, bool], b: tuple[bool, bool]) -> tuple[bool, bool]:
    return a[0] or b[0], a[1] or b[1]


def _one_sided(evidence: tuple[bool, bool]) -> bool | None:
    return evidence[0] if evidence[0] != evidence[1] else None


def _settle(parts: pl.DataFrame, declared: bool | None, file: tuple[bool, bool]) -> pl.DataFrame:
    """Name day and month of the open pairs. 12-hour writings come from other machines: their own evidence first."""
    halves = [parts.filter(pl.col("ap").is_null()), parts.filter(pl.col("ap").is_not_null())]
    column = _evidence(parts)
    return pl.concat([_settle_half(half, declared, column, file) for half in halves])


def _settle_half(
    parts: pl.DataFrame, declared: bool | None, column: tuple[bool, bool], file: tuple[bool, bool]
) -> pl.DataFrame:
    own = _evidence(parts)
    first = next((e for e in (own, column, file) if any(e)), (False, False))
    order = declared if declared is not None else _one_sided(first)
    p, q = pl.col("p"), pl.col("q")
    if order is not None:
        day, month = (p, q) if order else (q, p)
    else:  # only what can be read one way
        day = pl.when((p > 12) | (p == q)).then(p).when(q > 12).then(q)
        month = pl.when((p > 12) | (p == q)).then(q).when(q > 12).then(p)
    short = (pl.col("notation").str.starts_with("dd/MM/yy")) & ~pl.col("notation").str.contains("yyyy")
    unsure = (short & pl.lit(declared is None)) | (p.is_not_null() & day.is_null())
    return parts.with_columns(d=pl.coalesce("d", day), m=pl.coalesce("m", month), unsure=unsure.fill_null(False))


def _to_instant(parts: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Give text, instant (UTC), problem, notation."""
    local = parts.with_columns(naive=pl.coalesce(_written(), _from_serial()))
    here = pl.col("naive").dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    shifted = (pl.col("naive") - pl.duration(minutes=_offset())).dt.replace_time_zone("UTC")
    utc = pl.when(pl.col("off").is_null()).then(here.dt.convert_time_zone("UTC")).otherwise(shifted)
    instant = pl.when(~pl.col("unsure")).then(pl.coalesce(utc, _from_epoch())).cast(INSTANT)
    problem = (
        pl.when(pl.col("unsure")).then(pl.lit("ambiguous_date"))
        .when(pl.col("naive").is_not_null() & pl.col("instant").is_null()).then(pl.lit("non_existent_time"))
        .when(pl.col("instant").is_null()).then(pl.lit("unreadable_date"))
    )  # fmt: skip
    return local.with_columns(instant=instant).select("text", "instant", problem.alias("problem"), "notation")


def _written() -> pl.Expr:
    """Give the local time of y m d h mi s. 24:00 is the last moment of the day that was written, not of the next."""
    ymd = pl.format("{}-{}-{}", "y", "m", "d")
    day = pl.when(pl.col("y").is_not_null()).then(ymd.str.to_date("%Y-%m-%d", strict=False)).cast(pl.Datetime("us"))
    minute, second = pl.col("mi").fill_null(0), pl.col("s").fill_null(0)
    fraction = pl.col("f").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0)
    micros = ((_hour() * 60 + minute) * 60 + second) * 1_000_000 + fraction
    fits = (minute < 60) & (second < 60) & (micros <= _DAY_US)
    return pl.when(fits).then(day + pl.duration(microseconds=pl.min_horizontal(micros, pl.lit(_DAY_US - 1))))


def _hour() -> pl.Expr:
    hour, half = pl.col("h").fill_null(0), pl.col("ap").str.slice(0, 1)
    morning, evening = half.is_in(["A", "S"]), half.is_in(["P", "C"])
    return (
        pl.when(evening & (hour < 12)).then(hour + 12)
        .when(morning & (hour == 12)).then(0)
        .when(morning & (hour > 12)).then(None)
        .otherwise(hour)
    )  # fmt: skip


def _from_serial() -> pl.Expr:
    """Read Excel's count of days since 30/12/1899, to the millisecond; only believable years (1990 to 2100)."""
    days = pl.col("serial").str.replace(",", ".").cast(pl.Float64)
    micros = (days * 86_400_000).round(0).cast(pl.Int64) * 1000
    start = pl.lit("1899-12-30").str.to_datetime("%Y-%m-%d", time_unit="us")
    return pl.when(days.is_between(32_874, 73_415)).then(start + pl.duration(microseconds=micros))


def _offset() -> pl.Expr:
    """Give minutes east of Greenwich."""
    digits = pl.col("off").str.replace(":", "").str.strip_chars_start("+-")
    hours, minutes = digits.str.slice(0, 2).cast(pl.Int64, strict=False), digits.str.slice(2, 2)
    size = hours * 60 + minutes.cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.when(pl.col("off").str.starts_with("-")).then(-1).otherwise(1)
    return (size * sign).fill_null(0)


def _from_epoch() -> pl.Expr:
    """Read seconds, milliseconds or microseconds since 1970 UTC by their size."""
    n = pl.col("epoch")
    micros = pl.when(n < 10**11).then(n * 1_000_000).when(n < 10**14).then(n * 1000).otherwise(n)
    return micros.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
