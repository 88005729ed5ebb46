"""Write a mapping of a survey to start from, by the headers of a file and the words in its cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import polars as pl

from config.mapping import TIME_ZONE, DateReading
from config.surveys import SCORES
from connectors.base import RawTable
from connectors.columns import looks_personal
from connectors.dates import read_dates
from connectors.texts import bare, clean_series, fold

#: Field → pieces of headers, bare of accents and spaces, that mean it; the first that a header holds.
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "slip": ("maphieu", "sophieu", "madanhgia", "idphieu", "responseid", "submissionid"),
    "answered_on": ("ngaydanhgia", "thoigiandanhgia", "ngaytraloi", "ngaykhaosat", "thoigian", "ngay", "timestamp"),
    "score": ("mucdohailong", "mucdo", "hailong", "ketquadanhgia", "danhgiachung", "diem", "rating", "score"),
    "department": ("donvi", "coquan", "department", "agency"),
    "field": ("linhvuc",),
    "procedure": ("mathutuc", "matthc"),
    "code": ("mahoso", "sohoso"),
    "way": ("hinhthuc", "kenh", "phuongthuc"),
}  # fmt: skip
_LOOKED_AT: Final = 500  # rows whose words tell a question
_MOSTLY: Final = 0.8


def suggest(table: RawTable, survey: str = "") -> str:
    """Give the TOML of a starting mapping; what it does not know it leaves as a comment."""
    chosen = _chosen(table)
    questions = [c for c in table.columns if c not in chosen.values() and _is_question(table, c)]
    lost = [f'# {name} = "…"' for name in ("answered_on", "score") if name not in chosen]
    lines = [
        f"# A start for {table.name}: check every line, then load with --preview again (docs/surveys.md).",
        f"survey = {_quoted(survey or table.name.partition('.')[0])}",
        '# way = "kiosk"  # paper, kiosk, web, phone or message, where no column tells it',
        *([f"[file]\nheader_row = {table.header_row}"] if table.header_row else []),
        "[columns]",
        *(f"{name} = {_quoted(column)}" for name, column in chosen.items()),
        *lost,
        *(["[parts]  # single questions", *(f"{_quoted(c)} = {_quoted(c)}" for c in questions)] if questions else []),
        *_words(table, chosen.get("score")),
    ]
    return "\n".join(lines) + "\n"


def _chosen(table: RawTable) -> dict[str, str]:
    free = [c for c in table.columns if not looks_personal(c)]
    chosen: dict[str, str] = {}
    for name, pieces in _HEADERS.items():
        named = [c for piece in pieces for c in free if piece in bare(c) and c not in chosen.values()]
        if name == "answered_on":  # "thời gian" may as well be of a waiting: the cells tell
            named = [c for c in (*named, *free) if _is_day(table, c)] or named
        if named:
            chosen[name] = named[0]
    if "score" not in chosen and (asked := [c for c in free if c not in chosen.values() and _is_question(table, c)]):
        chosen["score"] = asked[-1]
    return chosen


def _is_day(table: RawTable, column: str) -> bool:
    """Say whether most cells of a column read as days."""
    cells = pl.Series(_cells(table, column), dtype=pl.String)
    days = read_dates({column: cells}, DateReading(day_first=True), TIME_ZONE)[column].instants
    return days.len() > 0 and days.is_not_null().sum() >= _MOSTLY * days.len()


def _is_question(table: RawTable, column: str) -> bool:
    """Say whether most cells of a column are words of a score; numbers alone may be anything."""
    words = [fold(text) for text in _cells(table, column)]
    known = [word for word in words if word in SCORES and not word.isdigit()]
    return bool(words) and len(known) >= _MOSTLY * len(words)


def _words(table: RawTable, column: str | None) -> list[str]:
    """List the words of the score that nobody knows yet, for the operator to give them a number."""
    strange = sorted({text for text in _cells(table, column) if fold(text) not in SCORES}) if column else []
    return ["[scores]  # 5 very satisfied … 1 very dissatisfied", *(f"# {_quoted(w)} = " for w in strange[:20])] * bool(
        strange
    )


def _cells(table: RawTable, column: str) -> list[str]:
    return [text for text in clean_series(table.frame[column].head(_LOOKED_AT)).drop_nulls().to_list() if text]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
