"""Which rows of two sources are one dossier: by its code or its other code, in both directions; no code is parsed."""

from __future__ import annotations

from typing import Final

import polars as pl

#: An other code that more rows of one source carry names nobody ("0", "không có"): it pairs nothing.
MOST_ALIKE: Final = 2
SIDES: Final = ("a", "b")


def paired(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Give one row per dossier: the columns of ``a`` and ``b`` as a_… and b_… (null where a source has it not), and
    ``copies_a``, ``copies_b``, the number of rows that each source has of it.

    Both frames hold ``code``, ``other_code`` and ``closed_on``. Rows are one dossier when they share a code, be it
    the own one or the other one, directly or through a third row; codes are compared in NFC and trimmed. Of several
    rows of one source the one that was closed stands for all, the last closed one, else the first by its code.
    """
    rows = pl.concat([_codes(a, "a"), _codes(b, "b")]).with_row_index("id")
    rows = rows.join(_alike(_keys(rows)), on="id")
    ours, theirs = (_one_each(frame, rows, side) for side, frame in zip(SIDES, (a, b), strict=True))
    both = ours.join(theirs, on="dossier", how="full", coalesce=True).sort("dossier")
    return both.drop("dossier").with_columns(pl.col("copies_a", "copies_b").fill_null(0))


def _codes(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    plain = pl.col("code", "other_code").cast(pl.String).str.normalize("NFC").str.strip_chars().replace("", None)
    return frame.select(plain).with_row_index("row").with_columns(side=pl.lit(side))


def _keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Give id, key: every code by which a row can be found."""
    own = rows.select("id", key="code")
    alike = pl.len().over("side", "other_code").max().over("other_code")
    other = rows.filter(alike <= MOST_ALIKE).select("id", key="other_code")
    return pl.concat([own, other]).drop_nulls().unique(maintain_order=True)


def _alike(keys: pl.DataFrame) -> pl.DataFrame:
    """Give id, dossier: rows that share a key, or share one with a row that shares one, have the same ``dossier``."""
    told = keys.with_columns(dossier="id")
    while True:
        nearer = told.with_columns(pl.col("dossier").min().over("key")).with_columns(pl.col("dossier").min().over("id"))
        if nearer["dossier"].equals(told["dossier"]):
            return told.select("id", "dossier").unique("id")
        told = nearer


def _one_each(frame: pl.DataFrame, rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Give dossier, copies and the columns of the row that stands for it in one source."""
    mine = rows.filter(pl.col("side") == side).select("row", "dossier")
    told = frame.with_row_index("row").join(mine, on="row").drop("row")
    line = told.sort("closed_on", "code", descending=[True, False], nulls_last=True)
    first = line.unique("dossier", keep="first", maintain_order=True)
    copies = told.group_by("dossier").agg(pl.len().cast(pl.Int64).alias(f"copies_{side}"))
    named = first.rename({c: f"{side}_{c}" for c in frame.columns})
    return named.join(copies, on="dossier")
