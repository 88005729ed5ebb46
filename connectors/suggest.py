"""Write a mapping to start from, by the names of the columns. What it does not know it leaves as a comment."""

from __future__ import annotations

import json
from typing import Final

import polars as pl

from config.mapping import DATE_FIELDS, FIELDS
from connectors.base import RawTable
from connectors.columns import actual, looks_personal
from connectors.texts import bare, clean, fold
from connectors.words import CHANNELS, HEADERS, STATUS_LISTS

_EVENT_TIMES: Final = ("timetimestamp", "timestamp", "completetimestamp", "eventtime", "thoidiemxuly", "thoigianxuly")
_ACTIVITIES: Final = ("conceptname", "activity", "event", "noidungxuly", "buocxuly")
_RESOURCES: Final = ("orgresource", "resource", "user", "nguoixuly")


def suggest(table: RawTable, source: str | None = None) -> str:
    """Give the TOML of a starting mapping for this table; without ``source`` it is named after the file."""
    chosen = guess_columns(table)
    log = _event_log(table)
    lines = [
        f"# A start for {table.name}: check every line, then load with --preview again.",
        f"source = {_quoted(source or _source_name(table.name))}",
        'time_zone = "Asia/Ho_Chi_Minh"  # the clock the file was written by',
        "",
        *_file(table),
        "[columns]",
        *(f"{field} = {_quoted(chosen[field])}" for field in FIELDS if field in chosen),
        *(f'# {field} = "…"' for field in ("code", "received_at", "due_at", "resolved_at") if field not in chosen),
        *_dates(table, chosen),
        *_words(table, chosen),
        *log,
    ]
    return "\n".join(lines) + "\n"


def _file(table: RawTable) -> list[str]:
    """Say where the header stands; a sheet is named where there are others (one alone may be renamed)."""
    lines = [f"sheet = {_quoted(table.sheet)}"] if table.sheet and table.others else []
    lines += [f"header_row = {table.header_row}"] if table.header_row else []
    return ["[file]", *lines, ""] if lines else []


def guess_columns(table: RawTable) -> dict[str, str]:
    """Give field → column for headers that are known as a whole, then for those that contain a known one."""
    named = [c for c in table.columns if not c.startswith("#") and not (looks_personal(c) and bare(c) not in HEADERS)]
    exact = {c: HEADERS[bare(c)] for c in named if bare(c) in HEADERS}
    near = {c: field for c in named if c not in exact and (field := _within(bare(c)))}
    chosen: dict[str, str] = {}
    for column, field in [*exact.items(), *near.items()]:
        chosen.setdefault(field, column)
    return chosen


def _within(header: str) -> str | None:
    inside = sorted((h for h in HEADERS if len(h) >= 6 and h in header), key=len)
    return HEADERS[inside[-1]] if inside else None


def _source_name(file: str) -> str:
    return bare(file.partition(".")[0]) or "file"


def _dates(table: RawTable, chosen: dict[str, str]) -> list[str]:
    cells = [table.frame[chosen[f]].drop_nulls() for f in DATE_FIELDS if f in chosen]
    slashed = any(s.str.contains(r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}").any() for s in cells)
    return ["", "[dates]", "day_first = true  # 03/04 is 3 April; false: 4 March"] if slashed else []


def _words(table: RawTable, chosen: dict[str, str]) -> list[str]:
    lines: list[str] = []
    if "status" in chosen:
        known = {**word_table_of_all(), **{fold(k): v for k, v in STATUS_LISTS["english"].items()}}
        lines += ["", "[status.words]", *_each(table, chosen["status"], known, "one of the statuses")]
    if "channel" in chosen:
        lines += ["", "[channels]", *_each(table, chosen["channel"], CHANNELS, "online, counter or post")]
    return lines


def word_table_of_all() -> dict[str, str]:
    """Give every status word that is known in some list; the national numbers last."""
    return {fold(k): v for n in ("national", "opencps", "vietnamese") for k, v in STATUS_LISTS[n].items()}


def _each(table: RawTable, column: str, known: dict[str, str], what: str) -> list[str]:
    counts = (
        table.frame.select(word=clean(pl.col(actual(table, column))))
        .drop_nulls()["word"]
        .value_counts(sort=True)
        .head(40)
    )
    lines = []
    for word, n in counts.iter_rows():
        meaning = known.get(fold(word))
        line = f'{_quoted(word)} = "{meaning or "?"}"  # {n} rows'
        lines.append(line if meaning else f"# {line}: {what}")
    return lines


def _event_log(table: RawTable) -> list[str]:
    """Suggest an event log when a column is a well-known name of an event's time."""
    by_name = {bare(c): c for c in table.columns}
    time = next((by_name[n] for n in _EVENT_TIMES if n in by_name), None)
    if time is None:
        return []
    lines = ["", "[events]  # one row per event; the last one wins", f"time = {_quoted(time)}"]
    for key, names in (("activity", _ACTIVITIES), ("resource", _RESOURCES)):
        column = next((by_name[n] for n in names if n in by_name), None)
        lines += [f"{key} = {_quoted(column)}"] if column else []
    start = guess_columns(table).keys() & {"received_at", "submitted_at"}
    return lines if start else [*lines, 'received = "first"']


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
