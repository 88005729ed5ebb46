"""Translate a raw table into dossiers by a mapping, and check them. Pure: no disk, no clock, no store.

Rows leave in three ways: good, merged (copies, superseded rows, events folded into their case) or rejected with
reasons; ``n_read`` is their sum. Rows that are no dossiers (blank, totals, the operator's ``rows``) are only skipped.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from config.mapping import DATE_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, WORD_FIELDS, Mapping
from connectors import check, events, statuses, waits, words
from connectors.base import EVENT_TIME, RECKONED, ROW, RawTable, ReadColumn, Shift, Translated, Words
from connectors.columns import cell, personal_columns, pseudonymous_columns, text_of, tidied
from connectors.dates import DateColumn, read_dates
from connectors.due import reckon_due
from connectors.numbers import whole_number
from connectors.personal import without_people
from connectors.problems import name_problems
from connectors.pseudonyms import pseudonym
from connectors.rows import choose_rows
from connectors.texts import by_distinct, fold, translate_words
from metrics.dossier import INSTANT

_SAMPLES: Final = 3
_WORDED: Final = ("channel", "level", "applicant_kind", *WORD_FIELDS)


def translate(table: RawTable, mapping: Mapping, *, shift: Shift | None = None) -> Translated:
    """Give the dossiers of a raw table; ``shift`` counts working days where the mapping reckons due dates by them.

    Raises ``MappingError`` when the mapping cannot fit the table.
    """
    chosen = choose_rows(tidied(table, mapping), mapping)
    texts = _texts(chosen, mapping)
    dated, read = _dates(texts, mapping)
    worded, told = _words(_numbers(dated), mapping)
    flawed = name_problems(worded, chosen, mapping)
    case = events.fold_events(flawed, mapping) if mapping.events else check.without_copies(flawed, table, mapping)
    promised, odd = reckon_due(case.frame, mapping, shift)
    settled, flags = statuses.settle(promised, mapping)
    done, waited = waits.written(settled, mapping)
    flags |= waited | _not_numbers(worded)
    outcome = check.check(done, case, table, mapping)
    steps = events.steps_of(flawed, mapping)
    columns = (*_text_columns(texts, mapping), *read, *_reckoned(case.frame, promised, mapping))
    officers = pseudonymous_columns(table, mapping)
    unseen = sum(n == 0 for _, _, n in told.get("activity", ()))
    flags |= {"activity_never_seen": unseen} if unseen else {}
    flags |= {"sheets_not_read": len(table.others)} if table.others else {}
    flags |= {"files_not_read": len(table.left)} if table.left else {}
    several = (
        {"due_moved_in_log": events.moved_promises(flawed)}
        if mapping.events
        else {"same_code_other_receipt": check.other_receipts(flawed)}
    )
    flags |= {name: n for name, n in several.items() if n}
    flags |= {f"unknown_{k}": n for k in _WORDED if (n := sum(r for _, to, r in told.get(k, ()) if to is None))}
    return Translated(
        good=outcome.good,
        rejects=outcome.rejects,
        n_read=chosen.frame.height,
        merged=case.merged,
        skipped=table.frame.height - chosen.frame.height,
        read_columns=columns,
        words=told,
        flags={**flags, **odd, **check.flags(outcome.good, mapping)},
        dropped=tuple(c for c in personal_columns(table, mapping) if c not in officers),
        pseudonymous=officers,
        steps=None if steps is None else without_people(steps.join(outcome.good, on="code", how="semi")),
    )


def _texts(table: RawTable, mapping: Mapping) -> pl.DataFrame:
    """Give ``ROW`` and the cleaned text of every field; fields the file lacks are their constant or null."""
    missing, names = mapping.file.missing, (*TEXT_FIELDS, *DATE_FIELDS, *NUMBER_FIELDS, *WORD_FIELDS)
    fields = [_field(table, mapping, name, missing).alias(name) for name in names]
    if mapping.events:
        log = mapping.events
        fields.append(cell(table, log.time, missing).alias(EVENT_TIME))
        given = (("step", log.activity), ("handler", log.resource))
        fields += [cell(table, column, missing).alias(field) for field, column in given if column]
    fields += [cell(table, column, missing).alias(name) for name, column in waits.columns(mapping).items()]
    days = mapping.due.days_column if mapping.due else None
    fields.append((cell(table, days, missing) if days else pl.lit(None, pl.String)).alias("due_days"))
    unique = {f.meta.output_name(): f for f in fields}
    return table.frame.select(ROW, *unique.values())


def _field(table: RawTable, mapping: Mapping, name: str, missing: tuple[str, ...]) -> pl.Expr:
    text = text_of(table, mapping.columns[name], missing) if name in mapping.columns else pl.lit(None, pl.String)
    return text.fill_null(mapping.constants[name]) if name in mapping.constants else text


def _dates(texts: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, tuple[ReadColumn, ...]]:
    """Read all dates together; beside each instant stand its text (``field:text``) and problem (``field:problem``)."""
    names = [*DATE_FIELDS, *([EVENT_TIME] if mapping.events else []), *waits.dates(mapping)]
    present = {n: texts[n] for n in names if texts[n].null_count() < texts.height}
    columns = read_dates(present, mapping.dates, mapping.time_zone)
    nothing = [pl.lit(None, INSTANT).alias(n) for n in names if n not in present]
    beside = [pl.col(n).alias(f"{n}:text") for n in names]
    problems = [c.problems.alias(f"{n}:problem") for n, c in columns.items()]
    dated = texts.with_columns(*beside, *problems).with_columns(
        *(c.instants.alias(n) for n, c in columns.items()), *nothing
    )
    shown = [n for n in names if n in present or n in mapping.columns or n in waits.dates(mapping)]
    return dated, tuple(_read_column(n, texts[n], columns.get(n), mapping) for n in shown)


def _read_column(name: str, texts: pl.Series, column: DateColumn | None, mapping: Mapping) -> ReadColumn:
    missing = texts.null_count()
    samples = tuple(texts.drop_nulls().unique(maintain_order=True).head(_SAMPLES).to_list())
    source = _names(mapping, name)
    if column is None:
        return ReadColumn(name, source, n_missing=missing, samples=samples)
    read = len(texts) - column.instants.null_count()
    return ReadColumn(name, source, column.notations, read, missing, samples, column.day_first)


def _reckoned(before: pl.DataFrame, after: pl.DataFrame, mapping: Mapping) -> tuple[ReadColumn, ...]:
    """Tell how many due dates were reckoned by [due] of the mapping, from what, and the first of them."""
    rule = mapping.due
    if rule is None:
        return ()
    filled = after.filter(before["due_at"].is_null() & after["due_at"].is_not_null())["due_at"]
    days = filled.dt.convert_time_zone(mapping.time_zone).dt.strftime("%d/%m/%Y")
    source = (rule.days_column,) if rule.days_column else _names(mapping, "received_at")
    by = rule.unit if rule.days is None else f"{rule.days:g} {rule.unit}"
    samples = tuple(days.unique(maintain_order=True).head(_SAMPLES))
    return (ReadColumn(RECKONED, source, {by: filled.len()}, filled.len(), after["due_at"].null_count(), samples),)


def _names(mapping: Mapping, field: str) -> tuple[str, ...]:
    log = mapping.events
    own = {EVENT_TIME: log.time, "step": log.activity, "handler": log.resource}.get(field) if log else None
    own = own or waits.columns(mapping).get(field)
    items = mapping.columns.get(field, ())
    return (own,) if own else tuple(i if isinstance(i, str) else " + ".join(i.join) for i in items)


def _text_columns(texts: pl.DataFrame, mapping: Mapping) -> tuple[ReadColumn, ...]:
    """Tell how the texts were read; an officer's name is no sample."""
    given = [n for n in (*TEXT_FIELDS, *NUMBER_FIELDS, *WORD_FIELDS) if _names(mapping, n) or n in mapping.constants]
    columns = []
    for name in given:
        filled = texts[name].drop_nulls()
        shown = ("…",) if name == "handler" else tuple(filled.unique(maintain_order=True).head(_SAMPLES).to_list())
        columns.append(ReadColumn(name, _names(mapping, name), {}, len(filled), texts.height - len(filled), shown))
    return tuple(columns)


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Read sums and counts; the text stands beside, to tell what is no number from what is not there."""
    beside = [pl.col(n).alias(f"{n}:text") for n in NUMBER_FIELDS]
    return frame.with_columns(beside).with_columns(whole_number(pl.col(n)).alias(n) for n in NUMBER_FIELDS)


def _not_numbers(frame: pl.DataFrame) -> dict[str, int]:
    """Count cells of numbers that are none; the field is left empty."""
    unread = [pl.col(f"{n}:text").is_not_null() & pl.col(n).is_null() for n in NUMBER_FIELDS]
    count = frame.select(pl.sum_horizontal(unread).sum()).item()
    return {"number_unreadable": int(count)} if count else {}


def _words(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, dict[str, Words]]:
    """Turn words into our closed sets. A status keeps its word beside it; unknown others are null, never guessed."""
    tables = {
        "status": statuses.word_table(mapping),
        "channel": {**words.CHANNELS, **_self("online", "counter", "post"), **mapping.channels},
        "level": {**words.LEVELS, **_self("province", "district", "commune"), **mapping.levels},
        "applicant_kind": {**words.APPLICANTS, **mapping.applicant_kinds},
        "payment": words.PAYMENTS,
        "returned_by": words.RETURNS,
    }
    told = {n: _told(frame[n], table) for n, table in tables.items() if frame[n].null_count() < frame.height}
    told |= events.activities(frame["step"], mapping.events) if mapping.events else {}
    meanings = [translate_words(frame[n], table).alias(n) for n, table in tables.items()]
    realm = mapping.personal.realm or mapping.source
    officers = by_distinct(frame["handler"], lambda name: pseudonym(name, realm)).alias("handler")
    if mapping.personal.handler == "keep":
        officers = frame["handler"]
    return frame.with_columns(frame["status"].alias("status:text"), *meanings, officers), told


def _self(*meanings: str) -> dict[str, str]:
    return {m: m for m in meanings}


def _told(texts: pl.Series, table: dict[str, str]) -> Words:
    counts = texts.drop_nulls().value_counts(sort=True)
    meanings = {fold(k): v for k, v in table.items()}
    return tuple((str(w), meanings.get(fold(str(w))), int(n)) for w, n in counts.iter_rows())
