"""Which rows of two sources are one dossier: by its code or its other code, in both directions; no code is parsed.

A pairing is made only where it can be explained by one code. Where the codes allow more than one pairing none is
made: the rows stand alone, marked ambiguous, and people decide.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl

#: An other code that is nobody's own and that more rows of one source carry ("LO-2026-11") names nobody.
MOST_ALIKE: Final = 2
#: What names a dossier has so many letters and digits, a digit among them, and not one alone again and again.
FEWEST_SIGNS: Final = 4
SIDES: Final = ("a", "b")


class Link(StrEnum):
    """Why two rows are one dossier, the surest reason first; or why nothing can be said of a row."""

    CODE = "code"  # both sources have it under one own code
    NAMED = "named"  # the other code of one is the own code of the other
    SHARED = "shared"  # both name one third code
    AMBIGUOUS = "ambiguous"  # its codes lead to several dossiers


def paired(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Give one row per dossier: the columns of ``a`` and ``b`` as a_… and b_… (null where a source has it not),
    ``copies_a``, ``copies_b``, the number of rows that each source has of it, and ``link`` (Link) with ``link_code``,
    the code by which two rows are one, or cannot be told apart; both null for what one source has and nobody disputes.

    Both frames hold ``code``, ``other_code`` and ``closed_on``; codes are compared whole, in NFC and trimmed. Rows are
    one dossier when they share a code, the own one or the other one, directly or through a third row. Rows of one
    source with different own codes are one only when one names the other and no third row of that source does; where
    codes would make them one otherwise, only rows with the same own code are paired, and the rest is ambiguous. Of
    several rows of one source the one that was closed stands for all, the last closed one, else the first by its code.
    """
    rows = pl.concat([_codes(a, "a"), _codes(b, "b")]).with_row_index("id").with_columns(other_code=_naming())
    keys = _keys(rows)
    told = _dossiers(rows, keys)
    ours, theirs = (_one_each(frame, told, side) for side, frame in zip(SIDES, (a, b), strict=True))
    both = ours.join(theirs, on="dossier", how="full", coalesce=True).join(_links(told, keys), on="dossier", how="left")
    return both.sort("dossier").drop("dossier").with_columns(pl.col("copies_a", "copies_b").fill_null(0))


def _codes(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    plain = pl.col("code", "other_code").cast(pl.String).str.normalize("NFC").str.strip_chars().replace("", None)
    return frame.select(plain).with_row_index("row").with_columns(side=pl.lit(side))


def _naming() -> pl.Expr:
    """Keep the other codes that can name a dossier: "0", "-", "N/A", "0000", "chưa có 2026" name nobody."""
    signs = pl.col("other_code").str.replace_all(r"[^\p{L}\p{N}]", "")
    various = signs.str.strip_chars(signs.str.head(1)) != ""
    known = (signs.str.len_chars() >= FEWEST_SIGNS) & signs.str.contains(r"\p{N}") & various
    another = pl.col("other_code") != pl.col("code")
    mine = pl.when(known & another).then("other_code")
    owned = mine.is_in(pl.col("code").drop_nulls().unique().implode())
    one_word = ~mine.str.contains(r"\s")
    alike = pl.col("code").n_unique().over("side", mine).max().over(mine)
    in_both = pl.col("side").n_unique().over(mine) > 1
    return pl.when(owned | (one_word & in_both & (alike <= MOST_ALIKE))).then(mine)


def _keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Give id, side, key, own: every code by which a row can be found; ``own``: it is the row's own one."""
    own = rows.select("id", "side", key="code", own=pl.lit(True))
    other = rows.select("id", "side", key="other_code", own=pl.lit(False))
    return pl.concat([own, other]).drop_nulls()


def _dossiers(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Give id, row, side, dossier (its number), ambiguous."""
    namers = pl.col("id").filter(~pl.col("own")).len().over("side", "key")
    mine = keys.filter(pl.col("own") | (namers == 1)).select("id", key=pl.concat_str("side", "key", separator="|"))
    found = (
        rows.select("id", "row", "side")
        .join(_alike(keys.select("id", "key")).rename({"dossier": "whole"}), on="id")
        .join(_alike(mine).rename({"dossier": "part"}), on="id")
        .join(_alike(keys.filter("own").select("id", "key")).rename({"dossier": "sure"}), on="id")
    )
    several = pl.col("part").n_unique().over("whole", "side").max().over("whole") > 1
    one_sided = pl.col("side").n_unique().over("whole") == 1
    alone = pl.col("side").n_unique().over("sure") == 1
    return found.select(
        "id", "row", "side", "whole",
        dossier=pl.when(one_sided).then("part").when(several).then("sure").otherwise("whole"),
        ambiguous=several & ~one_sided & alone,
    )  # fmt: skip


def _alike(keys: pl.DataFrame) -> pl.DataFrame:
    """Give id, dossier: rows that share a key, or share one with a row that shares one, have the same ``dossier``."""
    told = keys.with_columns(dossier="id")
    while True:
        nearer = told.with_columns(pl.col("dossier").min().over("key")).with_columns(pl.col("dossier").min().over("id"))
        if nearer["dossier"].equals(told["dossier"]):
            return told.select("id", "dossier").unique("id")
        told = nearer


def _links(told: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Give dossier, link, link_code: the surest code that both sources have of it, or the one that is disputed."""
    mine = keys.join(told.select("id", "dossier", "whole", "ambiguous"), on="id")
    disputed = mine.filter(pl.col("id").n_unique().over("whole", "key") > 1, "ambiguous")
    has = {
        f"{name}_{side}": ((pl.col("side") == side) & (pl.col("own") == own)).any()
        for side in SIDES
        for name, own in (("own", True), ("other", False))
    }
    named = pl.col("own_a") & pl.col("other_b") | pl.col("own_b") & pl.col("other_a")
    sure = mine.group_by("dossier", "key").agg(**has).with_columns(
        sure=pl.when(pl.col("own_a") & pl.col("own_b")).then(0).when(named).then(1)
        .when(pl.col("other_a") & pl.col("other_b")).then(2)
    )  # fmt: skip
    why = pl.col("sure").replace_strict(dict(enumerate(Link)), return_dtype=pl.String)
    linked = sure.drop_nulls("sure").sort("dossier", "sure", "key").select("dossier", link=why, link_code="key")
    contested = disputed.sort("dossier", "key").select("dossier", link=pl.lit(Link.AMBIGUOUS.value), link_code="key")
    return pl.concat([contested, linked]).unique("dossier", keep="first", maintain_order=True)


def _one_each(frame: pl.DataFrame, rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Give dossier, copies and the columns of the row that stands for it in one source."""
    mine = rows.filter(pl.col("side") == side).select("row", "dossier")
    told = frame.with_row_index("row").join(mine, on="row").drop("row")
    line = told.sort("closed_on", "code", descending=[True, False], nulls_last=True)
    first = line.unique("dossier", keep="first", maintain_order=True)
    copies = told.group_by("dossier").agg(pl.len().cast(pl.Int64).alias(f"copies_{side}"))
    named = first.rename({c: f"{side}_{c}" for c in frame.columns})
    return named.join(copies, on="dossier")
