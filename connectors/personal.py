"""The border for what is personal: what of a row may be kept, wherever it is kept. One rule for every connector.

Kept are the columns that carry our fields, and no other: in quarantine, in raw answers, in files put aside. Officers
are pseudonyms there too. In the texts … stands where a person's number, address or name is told; the code of a
dossier is taken as it is. A cell of a date, an amount or a status needs no free text at all (connectors.shapes).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Fields
from typing import Final

import polars as pl

from config import personal
from config.mapping import Joined, Mapping
from config.notes import Note, note
from connectors.base import RawTable
from connectors.columns import actual, declared_personal, looks_personal, text_of
from connectors.pseudonyms import pseudonym
from connectors.shapes import KINDS, shapes
from connectors.texts import by_distinct, clean, clean_series, fold

#: Fields of a dossier and of a step that name units: communes are named after people, so names stay.
UNITS: Final = ("department", "receiving_unit", "holding_unit", "unit")
#: Fields in which people write what they like.
FREE: Final = ("procedure", "procedure_name", "field", "step", "state", "extensions")
_CODES: Final = ("code", "other_code")
_NUMBER_DIGITS: Final = 7
#: From so many rows on, a field that none of them has is no chance.
TELLING: Final = 10
#: In these a text without a letter is a code, not a telephone number.
_CODED: Final = (*UNITS, "procedure")
NO_FIELDS: Final[Fields[str, str]] = {}


def without_people(frame: pl.DataFrame) -> pl.DataFrame:
    """Put … where the texts of dossiers (Dossier) or of steps (STEPS) tell a person's number, address or name."""
    told = [name for name in (*UNITS, *FREE) if frame.schema.get(name) == pl.String]
    return frame.with_columns(hidden(frame[name], name) for name in told)


def hidden(texts: pl.Series, field: str = "", known: Iterable[str] = ()) -> pl.Series:
    """Put … where ``texts`` tell a person's number, address or name; ``field``: the field of a dossier they become.

    Of a date, an amount or a status what is none is left as its shape; ``known``: the office's own words of a status.
    """
    if field in _CODES:
        return texts
    if field in KINDS:
        return shapes(texts, KINDS[field], known)
    pattern = personal.NUMBERS if field in UNITS else personal.ALL
    words = texts.drop_nulls().unique()
    composed = words.str.normalize("NFC")  # a pattern knows a letter in one form only
    found = composed.str.contains(pattern)
    if field in _CODED:
        found &= composed.str.contains(r"\p{L}")
    if not found.any():
        return texts
    return texts.replace(words.filter(found), composed.filter(found).str.replace_all(pattern, personal.WITHHELD))


def refused(frame: pl.DataFrame) -> pl.DataFrame:
    """Say of refused rows (REJECTS) where they stood and what was found, less what looks like a person."""
    return frame.with_columns(hidden(frame["place"]), hidden(frame["found"]))


def kept_answer(
    rows: pl.DataFrame,
    *,
    codes: Collection[str] = (),
    units: Collection[str] = (),
    fields: Fields[str, str] = NO_FIELDS,
) -> pl.DataFrame:
    """Give the rows of an answer, **already less the columns that may not cross the border**, as they may be kept.

    ``codes``: its columns with the codes of dossiers; ``units``: those with the names of units; to any depth.
    ``fields``: column → field of a dossier, of those with dates, amounts and statuses (connectors.shapes.KINDS).
    """
    texts = [c for c, kind in rows.schema.items() if kind == pl.String and c not in codes]
    told = dict.fromkeys(units, "department") | dict(fields)
    clean = rows.with_columns(hidden(rows[c], told.get(c, "")) for c in texts)
    deep = [(c, kind) for c, kind in rows.schema.items() if kind.is_nested()]
    return clean.with_columns(_deep(pl.col(c), kind).alias(c) for c, kind in deep)


def _deep(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Struct):
        return pl.struct(_deep(value.struct.field(f.name), f.dtype).alias(f.name) for f in kind.fields)  # type: ignore[arg-type]
    if isinstance(kind, pl.List):
        return value.list.eval(_deep(pl.element(), kind.inner))  # type: ignore[arg-type]
    return value.str.normalize("NFC").str.replace_all(personal.ALL, personal.WITHHELD) if kind == pl.String else value


def kept_rows(table: RawTable, mapping: Mapping) -> pl.DataFrame:
    """Give the rows of ``table`` as they may be kept, in its order: columns of our fields alone, officers hidden."""
    fields = _fields(table, mapping)
    return table.frame.select(_kept(table.frame[column], field, mapping) for column, field in fields.items())


def _kept(texts: pl.Series, field: str, mapping: Mapping) -> pl.Series:
    if field != "handler":
        return hidden(texts, field, _words_of_statuses(mapping) if field == "status" else ())
    if mapping.personal.handler == "keep":
        return texts
    realm = mapping.personal.realm or mapping.source
    return by_distinct(clean_series(texts), lambda name: pseudonym(name, realm))


def _words_of_statuses(mapping: Mapping) -> tuple[str, ...]:
    """Give the office's own words of statuses, and those by which it chooses its rows: they are read once more."""
    chosen = (*mapping.rows.keep.values(), *mapping.rows.skip.values())
    return (*mapping.status.words, *(word for words in chosen for word in words))


def masked(table: RawTable, mapping: Mapping) -> pl.DataFrame:
    """Give code and ``shown`` (store.masked.MASKED): the masked cells of ``[personal] keep_masked``, if any."""
    there = {fold(c): c for c in table.columns}
    columns = [there[fold(c)] for c in mapping.personal.keep_masked if fold(c) in there]
    code = text_of(table, mapping.columns["code"], mapping.file.missing)
    return masked_cells(table.frame.select(code).to_series(), table.frame.select(columns))


def masked_cells(codes: pl.Series, cells: pl.DataFrame) -> pl.DataFrame:
    """Give code and ``shown`` (store.masked.MASKED) of dossiers ``codes``: their ``cells``, each in its masked form."""
    texts = [c.cast(pl.String) for c in cells if not c.dtype.is_nested()]
    if not texts:
        return pl.DataFrame(schema={"code": pl.String, "shown": pl.String})
    shown = pl.DataFrame([by_distinct(clean_series(c), mask).alias(f"{n}") for n, c in enumerate(texts)])
    told = shown.select(shown=pl.concat_str(pl.all(), separator=" · ", ignore_nulls=True))
    named = codes.alias("code").to_frame().select(clean(pl.col("code"))).hstack(told)
    return named.filter(pl.col("code").is_not_null(), pl.col("shown") != "")


def unseen(wanted: Collection[str], seen: Collection[str], *, rows: int, first: bool) -> tuple[Note, ...]:
    """Say which names of ``keep_masked`` no answer of a pull had: one that is misspelt keeps nothing, without a word.

    ``first``: the pull began at the beginning. A later one of few rows may lack a field by chance.
    """
    missing = [name for name in wanted if name not in seen]
    return (note("masked_unseen", names=missing),) if missing and rows >= (1 if first else TELLING) else ()


def mask(text: str) -> str:
    """Leave of a name its initials, of a number its last three digits, of a mail address its first sign.

    Nguyễn Văn A → Ng*** V** A · 0912345123 → …123 · an@x.vn → a…@…
    """
    if "@" in text:
        return f"{text[0]}…@…"
    if sum(sign.isdigit() for sign in text) >= _NUMBER_DIGITS:
        return f"…{''.join(sign for sign in text if sign.isdigit())[-3:]}"
    first, *others = text.split()
    return " ".join([first[:2] + "***" * (len(first) > 2), *(word[0] + "**" * (len(word) > 1) for word in others)])


def _fields(table: RawTable, mapping: Mapping) -> dict[str, str]:
    """Give column → our field ("": one that the mapping reads otherwise), for every column that may be kept."""
    log, due = mapping.events, mapping.due
    dates = [n for part in mapping.suspensions for n in part.columns]
    dates += [n for part in mapping.extensions for n in part.columns if n != part.letter]
    letters = [part.letter for part in mapping.extensions if part.letter]
    choosing = [n for n in (*mapping.rows.keep, *mapping.rows.skip, *mapping.file.fill_down) if not looks_personal(n)]
    names = [("", n) for n in (*choosing, *letters)]
    names += [("date", n) for n in (*dates, due.days_column if due else None, log.time if log else None) if n]
    for field, items in mapping.columns.items():
        names += [(field, n) for item in items for n in (item.join if isinstance(item, Joined) else (item,))]
    names += [("step", log.activity or ""), ("handler", log.resource or "")] if log else []
    names.sort(key=lambda told: told[0] == "handler")  # who is an officer in one field is one in all
    declared = {fold(c) for c in declared_personal(mapping)}
    kept = {actual(table, n): field for field, n in names if n and fold(n) not in declared}
    return {c: kept[c] for c in table.columns if c in kept}
