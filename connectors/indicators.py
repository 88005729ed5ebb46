"""Read a file of entered indicators: rows of fixed headers, each judged by the rules of the page; no mapping is needed.

Headers, in Vietnamese or English: Chỉ số, Kỳ, Đơn vị, Giá trị, Nguồn, Ngày công bố, Ghi chú; indicator, period,
department, value, stated_by, stated_on, note. Other columns are not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from config.errors import MappingError
from config.mapping import DateReading
from config.personal import hide
from connectors.base import ROW, RawTable
from connectors.dates import read_dates
from connectors.places import places
from connectors.readers import read_file
from connectors.texts import bare, clean_series
from store.entered import EnteredError, Told, row_of
from store.intakes import REFUSED

#: Field → its headers, bare of accents and spaces.
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "indicator": ("chiso", "machiso", "indicator", "id"),
    "period": ("ky", "kybaocao", "thoiky", "period"),
    "department": ("donvi", "coquandonvi", "coquan", "department"),
    "value": ("giatri", "solieu", "value"),
    "stated_by": ("nguon", "nguonsolieu", "statedby"),
    "stated_on": ("ngaycongbo", "ngay", "statedon"),
    "note": ("ghichu", "note"),
}
#: The day comes first, as it does in Vietnam: a file of the first days of a month shows no other sign of it.
_DAYS: Final = DateReading(day_first=True)
NEEDED: Final = ("indicator", "period", "value", "stated_by", "stated_on")
TWICE: Final = "told_twice"
_KEY: Final = ("indicator", "from_on", "department")


@dataclass(frozen=True, slots=True)
class Values:
    """What a file says: ``rows`` as store.entered keeps them, each stretch and unit once; ``refused``
    (store.intakes.REFUSED); ``repeated`` rows that told one of them once more, word for word."""

    rows: tuple[Mapping[str, Any], ...]
    refused: pl.DataFrame
    repeated: int
    unused: tuple[str, ...]


def read(data: bytes, *, name: str, time_zone: str, today: date) -> Values:
    """Read the bytes of a file called ``name``, whose widest first row is the header. Raises SourceError, MappingError
    when a column is not there."""
    table = read_file(data, name=name)
    columns = _columns(table)
    frame = table.frame.select(ROW, *(clean_series(table.frame[c]).alias(f) for f, c in columns.items()))
    frame = frame.with_columns(pl.lit(None, pl.String).alias(f) for f in HEADERS if f not in columns)
    rows = frame.filter(pl.any_horizontal(pl.col(f).is_not_null() for f in NEEDED))
    days = read_dates({"stated_on": rows["stated_on"]}, _DAYS, time_zone, place=name)["stated_on"]
    dated = rows.with_columns(
        day=days.instants.dt.convert_time_zone(time_zone).dt.date(), place=places(table, rows[ROW])
    )
    unused = tuple(c for c in table.columns if c not in columns.values())
    return _judged(dated.to_dicts(), today, unused)


def _columns(table: RawTable) -> dict[str, str]:
    there = {bare(column): column for column in reversed(table.columns)}
    found = {field: next((there[h] for h in several if h in there), "") for field, several in HEADERS.items()}
    if missing := [field for field in NEEDED if not found[field]]:
        wanted = ", ".join(f"{field} ({HEADERS[field][0]})" for field in missing)
        step = "Name the columns as docs/indicators.md does: Chỉ số, Kỳ, Đơn vị, Giá trị, Nguồn, Ngày công bố, Ghi chú."
        raise MappingError(table.name, f"there is no column for {wanted}.", step)
    return {field: column for field, column in found.items() if column}


def _judged(rows: list[dict[str, Any]], today: date, unused: tuple[str, ...]) -> Values:
    good: dict[tuple[Any, ...], list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    refused: list[dict[str, Any]] = []
    for row in rows:
        try:
            kept = row_of(_told(row), today)
        except EnteredError as error:
            refused.append(_refused(row, error.why.value, error.found))
            continue
        good.setdefault(tuple(kept[name] for name in _KEY), []).append((row, kept))
    once: list[Mapping[str, Any]] = []
    repeated = 0
    for told in good.values():
        if all(kept == told[0][1] for _, kept in told):
            once.append(told[0][1])
            repeated += len(told) - 1
        else:
            refused += [_refused(row, TWICE, "the file tells this stretch and unit in two ways") for row, _ in told]
    return Values(tuple(once), pl.DataFrame(refused, schema=REFUSED), repeated, unused)


def _told(row: Mapping[str, Any]) -> Told:
    texts = {field: row[field] or "" for field in HEADERS if field != "stated_on"}
    return Told(**{**texts, "note": hide(texts["note"])}, stated_on=row["day"])


def _refused(row: Mapping[str, Any], reason: str, found: str) -> dict[str, Any]:
    raw = {field: row[field] if field == "department" else hide(row[field] or "") for field in HEADERS}
    kept = json.dumps(raw, ensure_ascii=False)
    return {"place": hide(row["place"]), "reasons": [reason], "found": hide(found), "raw": kept}
