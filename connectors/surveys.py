"""Read an export of satisfaction slips: rows through a mapping into slips and refused rows. Nothing personal passes.

Only the columns that the mapping names are looked at; of them no name, number or address of a person is kept. What was
remarked in words is never read: it names people. The form of docs/surveys.md needs no mapping.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Told
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from config.errors import MappingError
from config.notes import Note
from config.personal import hide
from config.surveys import FIELDS, NATIONAL, NATIONAL_NEEDS, SCORES, WAYS, SlipColumns, SurveyMapping
from connectors.base import ROW, RawTable
from connectors.columns import actual, looks_personal, text_of
from connectors.dates import read_dates
from connectors.personal import hidden
from connectors.places import places
from connectors.pseudonyms import pseudonym
from connectors.readers import read_file
from connectors.rows import choose_rows
from connectors.texts import bare, by_distinct, clean_series, fold
from store.intakes import REFUSED
from store.surveys import SLIPS, TOLD

FIRST_DAY: Final = date(2000, 1, 1)  # no slip of ours is older
_REMARKS: Final = re.compile(r"ykien|gopy|kiennghi|nhanxet|phananh|dexuat")  # headers of what people remark
_PRINT: Final = 24  # signs of the print of a row without a number


@dataclass(frozen=True, slots=True)
class Slips:
    """What a file says: ``slips`` (store.surveys.SLIPS), ``refused`` (store.intakes.REFUSED), and ``repeated`` rows
    that told a slip of the file once more, word for word. ``words``: word of a score → what it became, and rows.
    ``dropped``: personal columns, and the column of codes with how many look like a person; ``unused``: others that the
    mapping names nowhere; none is kept."""

    slips: pl.DataFrame
    refused: pl.DataFrame
    repeated: int
    skipped: int
    words: tuple[tuple[str, int | None, int], ...]
    notations: Told[str, int]
    notes: tuple[Note, ...]
    dropped: tuple[str, ...]
    unused: tuple[str, ...]

    def reasons(self) -> dict[str, int]:
        """Count refused rows per reason, most frequent first."""
        counts = self.refused["reasons"].explode().drop_nulls().value_counts(sort=True)
        return dict(counts.iter_rows())


def read(data: bytes, *, name: str, mapping: SurveyMapping | None, survey: str, today: date) -> Slips:
    """Read the bytes of a file called ``name``; without a mapping it has to be of the national form.

    Raises SourceError, MappingError.
    """
    if mapping is None:
        table = read_file(data, name=name)
        chosen = national(table)
    else:
        chosen, table = mapping, read_file(data, name=name, mapping=mapping.for_readers)
    return slips_of(table, chosen, survey=survey, today=today)


def national(table: RawTable) -> SurveyMapping:
    """Give the mapping of the national form, less the columns that ``table`` lacks. Raises MappingError."""
    there = {fold(column) for column in table.columns}
    if missing := [column for column in NATIONAL_NEEDS if fold(column) not in there]:
        found = f"has no mapping, and is not of the national form: it lacks {', '.join(missing)}."
        raise MappingError(table.name, found, "Run this with --preview: it suggests a mapping (docs/surveys.md).")
    named = {field: told for field, told in NATIONAL.columns.named.items() if fold(told[0]) in there}
    return NATIONAL.model_copy(update={"columns": SlipColumns(**named)})


def slips_of(table: RawTable, mapping: SurveyMapping, *, survey: str, today: date) -> Slips:
    """Translate ``table``: blank rows, totals and signatures are no slips. Raises MappingError."""
    _no_person_for_a_number(table, mapping)
    chosen = choose_rows(table, mapping.for_readers)
    raw = _texts(chosen, mapping, survey)
    rows = raw.with_columns(by_distinct(raw["code"], lambda code: code if hide(code) == code else None))
    days = read_dates({"answered_on": rows["answered_on"]}, mapping.dates, mapping.time_zone, place=table.name)[
        "answered_on"
    ]
    words = {**SCORES, **{fold(word): score for word, score in mapping.scores.items()}}
    parts = _parts(rows, mapping, words)
    told = rows.with_columns(
        day=days.instants.dt.convert_time_zone(mapping.time_zone).dt.date(),
        moment=days.instants.dt.round("1s").dt.to_string("%Y-%m-%dT%H:%M:%S"),
        day_problem=days.problems,
        points=_points(rows["score"], words),
        parts=parts["parts"],
        part_lost=parts["lost"],
        way=_ways(rows["way"], mapping),
        department=pl.col("department").fill_null(pl.lit(mapping.department or None, pl.String)),
        place=places(table, rows[ROW]),
    )
    judged = told.with_columns(reasons=_reasons(table, today))
    good, twice, repeated = _once(_numbered(judged.filter(pl.col("reasons").list.len() == 0)))
    bad = pl.concat([judged.filter(pl.col("reasons").list.len() > 0), twice]).sort(ROW)
    read = (*mapping.columns.named.values(), mapping.parts.values())
    used = {actual(table, column) for several in read for column in _plain(several)}
    others = [column for column in table.columns if column not in used]
    return Slips(
        good.select(pl.col(field).cast(kind) for field, kind in SLIPS.items()),
        _refused(bad, mapping),
        repeated,
        table.frame.height - rows.height,
        _told_words(pl.concat([rows[name] for name in ("score", *(f"part {part}" for part in mapping.parts))]), words),
        days.notations,
        table.notes,
        (*(column for column in others if _is_of_people(column)), *_of_codes(raw["code"], rows["code"], mapping)),
        tuple(column for column in others if not _is_of_people(column)),
    )


def _is_of_people(column: str) -> bool:
    return looks_personal(column) or bool(_REMARKS.search(bare(column)))


def _of_codes(told: pl.Series, kept: pl.Series, mapping: SurveyMapping) -> tuple[str, ...]:
    """Name the columns of codes with how many of them look like somebody's number or name, if any does."""
    lost = kept.null_count() - told.null_count()
    return (f"{', '.join(mapping.columns.code or ())} × {lost}",) if lost else ()


def _plain(several: Any) -> tuple[str, ...]:
    return tuple(column for column in several if isinstance(column, str))


def _no_person_for_a_number(table: RawTable, mapping: SurveyMapping) -> None:
    """Refuse a mapping that keeps slips under somebody's telephone number or card."""
    for field in FIELDS:
        for column in mapping.columns.named.get(field, ()):
            if _is_of_people(column):
                step = "Leave it out: a slip without a number is known again by its row."
                raise MappingError(f"{table.name}, columns.{field}", f'"{column}" is personal data.', step)


def _texts(table: RawTable, mapping: SurveyMapping, survey: str) -> pl.DataFrame:
    """Give ROW, one column per field and one per question, cleaned; what is kept is less what looks like a person."""
    missing = mapping.file.missing
    named = {**mapping.columns.named, **{f"part {part}": (column,) for part, column in mapping.parts.items()}}
    chosen = table.frame.select(ROW, *(text_of(table, told, missing).alias(name) for name, told in named.items()))
    clean = chosen.with_columns(clean_series(chosen[name]) for name in named)
    every = clean.with_columns(pl.lit(None, pl.String).alias(name) for name in FIELDS if name not in named)
    return every.with_columns(
        *(hidden(every[name], name) for name in ("department", "field", "procedure")),
        by_distinct(every["slip"], lambda number: number if hide(number) == number else pseudonym(number, survey)),
    )


def _points(texts: pl.Series, words: Told[str, int]) -> pl.Series:
    known = texts.drop_nulls().unique().to_list()
    if not known:
        return pl.Series("points", [None] * len(texts), pl.Int64)
    return texts.replace_strict(known, [_score(word, words) for word in known], default=None, return_dtype=pl.Int64)


def _score(word: str, words: Told[str, int]) -> int | None:
    """Give what a word means; 4.0 of a spreadsheet is 4."""
    folded = fold(word)
    return words.get(folded, words.get(folded.removesuffix(".0")))


def _told_words(texts: pl.Series, words: Told[str, int]) -> tuple[tuple[str, int | None, int], ...]:
    found = texts.drop_nulls().value_counts(sort=True).iter_rows()
    return tuple((hide(word), _score(word, words), n) for word, n in found)


def _ways(texts: pl.Series, mapping: SurveyMapping) -> pl.Series:
    """Give how people answered; a word that nobody knows leaves it empty, for no figure is made of it."""
    words = {**WAYS, **{fold(word): way for word, way in mapping.ways.items()}}
    found = by_distinct(texts, lambda word: words.get(fold(word)))
    return found.fill_null(mapping.way) if mapping.way else found


def _parts(rows: pl.DataFrame, mapping: SurveyMapping, words: Told[str, int]) -> pl.DataFrame:
    """Give ``parts``, the scores of single questions as JSON (null: nobody answered any), and ``lost``: an answer to
    one of them was not understood."""
    if not mapping.parts:
        nothing = pl.Series("parts", [None] * rows.height, pl.String)
        return pl.DataFrame([nothing, pl.Series("lost", [False] * rows.height, pl.Boolean)])
    told = {part: rows[f"part {part}"] for part in mapping.parts}
    scored = pl.DataFrame([_points(texts, words).alias(part) for part, texts in told.items()])
    lost = pl.DataFrame([(told[part].is_not_null() & scored[part].is_null()).alias(part) for part in told])
    any_told = pl.any_horizontal(pl.all().is_not_null())
    written = scored.select(parts=pl.when(any_told).then(pl.struct(pl.all()).struct.json_encode()))
    return written.hstack(lost.select(lost=pl.any_horizontal(pl.all())))


def _reasons(table: RawTable, today: date) -> pl.Expr:
    unread = pl.col(ROW).is_in(list(table.unread))
    rules = {
        "unreadable_line": unread,
        "too_many_cells": pl.col(ROW).is_in(list(table.too_wide)),
        "no_score": pl.col("score").is_null() & ~unread,
        "unknown_score": pl.col("score").is_not_null() & pl.col("points").is_null(),
        "no_day": pl.col("answered_on").is_null() & ~unread,
        "day_impossible": ~pl.col("day").is_between(pl.lit(FIRST_DAY), pl.lit(today)),
        "unknown_part": pl.col("part_lost"),
    }
    broken = [pl.when(rule.fill_null(False)).then(pl.lit(name)) for name, rule in rules.items()]
    return pl.concat_list(*broken, "day_problem").list.drop_nulls()


#: What tells two slips without a number apart: nothing that hangs on how an export writes it, or on which of its
#: columns a mapping reads beside.
_KNOWN_BY: Final = ("moment", "points", "department", "procedure", "code")


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every row what is kept of it in a column ``kept`` and a slip: its number, or the print of when, what and
    where was answered and of how many alike stood before it.

    A second row that is alike is another person's, so it has another print; the same answers give the same prints, as
    text or as a spreadsheet's dates.
    """
    day = pl.col("day").dt.to_string("%Y-%m-%d").alias("answered_on")
    kept = pl.struct(day, *(pl.col("points").alias("score") if name == "score" else name for name in tuple(TOLD)[1:]))
    alike = rows.with_columns(kept=kept).with_columns(
        alike=pl.struct(_KNOWN_BY).struct.json_encode(), bare=pl.col("slip").is_null()
    )
    nth = pl.int_range(pl.len()).over("bare", "alike")
    texts = alike.select(pl.format("{} {}", "alike", nth)).to_series()
    prints = pl.Series([hashlib.sha256(text.encode()).hexdigest()[:_PRINT] for text in texts], dtype=pl.String)
    return alike.with_columns(slip=pl.coalesce("slip", prints)).drop("alike", "bare")


def _once(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Give each slip once as SLIPS, the rows of numbers that the file tells in two ways, and how many told nothing
    new."""
    told = rows.unique(("slip", "kept"), keep="first", maintain_order=True)
    twice = told.filter(pl.len().over("slip") > 1)
    both = rows.join(twice.select("slip").unique(), on="slip", how="semi", maintain_order="left")
    good = told.join(both.select("slip").unique(), on="slip", how="anti", maintain_order="left")
    marked = both.with_columns(reasons=pl.lit(["slip_twice"], pl.List(pl.String))).drop("kept")
    return good.select("slip", "place", "kept").unnest("kept"), marked, rows.height - good.height - both.height


def _refused(rows: pl.DataFrame, mapping: SurveyMapping) -> pl.DataFrame:
    """Give REFUSED: of each row the cells that the mapping reads, less what looks like a person, and what was found."""
    if rows.is_empty():
        return pl.DataFrame(schema=REFUSED)
    cells = [*mapping.columns.named, *(f"part {part}" for part in mapping.parts)]
    kinds = {"answered_on": "submitted_at", "code": "code", "procedure": "procedure", "department": "department"}
    clean = rows.select(hidden(rows[name], kinds.get(name, "")) for name in cells)
    told = pl.format("score: {} · day: {}", pl.col("score").fill_null("—"), pl.col("answered_on").fill_null("—"))
    kept = clean.select(found=told, raw=pl.struct(pl.all()).struct.json_encode())
    return rows.select(hidden(rows["place"]), "reasons").hstack(kept).match_to_schema(REFUSED)
