"""Clean texts: one Unicode form, one kind of space, null instead of nothing. Vectorised; no dossier is looped over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import polars as pl

EMPTY: Final = ("", "-", "--", "null", "n/a", "#n/a", "nan", "nat", "none", "\\n", "<na>")
DAMAGED: Final = "\ufffd"  # what a decoder writes where bytes were no text


def clean(column: pl.Expr) -> pl.Expr:
    """Give NFC text with single spaces, trimmed; line breaks and control signs count as spaces; empty becomes null.

    What a writer put round a text to keep a spreadsheet from reckoning with it goes: ``="012"``, ``'012``.
    """
    spaced = (
        column.str.normalize("NFC").str.replace_all(r"[\s\x00-\x1F\u{200B}\u{FEFF}\u{00AD}]+", " ").str.strip_chars()
    )
    told = spaced.str.replace(r'^="(.*)"$', "${1}").str.replace(r"^'([\d=+@-])", "${1}").str.strip_chars()
    return pl.when(told != "").then(told)


def clean_series(texts: pl.Series) -> pl.Series:
    """Clean a whole column by its distinct values, once; a column that is clean already is given back as it is."""
    known = pl.DataFrame({"was": texts.unique()}).with_columns(now=clean(pl.col("was")))
    if known["was"].equals(known["now"]):
        return texts
    return pl.DataFrame({"was": texts}).join(known, on="was", how="left", maintain_order="left")["now"]


def without_missing(column: pl.Expr, words: Iterable[str] = ()) -> pl.Expr:
    """Give null where the cell is one of the words that mean "nothing here"."""
    missing = sorted({*EMPTY, *(fold(w) for w in words)})
    return pl.when(~column.str.to_lowercase().is_in(missing)).then(column)


def fold(word: str) -> str:
    """Give the form in which two writings of one word are equal: NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", word).lower().split())


def bare(word: str) -> str:
    """Give only the letters and digits of a word, without accents: ``Ngày hẹn trả`` → ``ngayhentra``."""
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", plain)


def translate_words(texts: pl.Series, table: Mapping[str, str]) -> pl.Series:
    """Look each text up under its folded form; null where the table does not know it."""
    known = {fold(word): meaning for word, meaning in table.items()}
    return by_distinct(texts, lambda word: known.get(fold(word)))


def by_distinct(texts: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """Change every text by its distinct values: the work grows with the vocabulary, not with the rows."""
    words = [w for w in texts.unique().to_list() if w is not None]
    if not words:
        return pl.Series(texts.name, [None] * len(texts), dtype=pl.String)
    return texts.replace_strict(words, [change(w) for w in words], default=None, return_dtype=pl.String)
