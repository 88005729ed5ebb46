"""Read sums of money and counts as people write them: ``1.250.000 đ``, ``12,000``, ``3``; never a guess."""

from __future__ import annotations

from typing import Final

import polars as pl

_CURRENCY: Final = r"(?i)\s*(?:vnđ|vnd|đồng|đ|₫)\.?$"
_GROUPED: Final = r"^\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+|(?: \d{3})+)$"
_PLAIN: Final = r"^\d{1,15}(?:[.,]0{1,2})?$"


def whole_number(text: pl.Expr) -> pl.Expr:
    """Give a whole number of at least zero; null for what is none. A point before three digits parts thousands."""
    bare = text.str.replace(_CURRENCY, "").str.strip_chars()
    grouped = pl.when(bare.str.contains(_GROUPED)).then(bare.str.replace_all(r"[., ]", ""))
    plain = pl.when(bare.str.contains(_PLAIN)).then(bare.str.replace(r"[.,]0{1,2}$", ""))
    return pl.coalesce(grouped, plain).cast(pl.Int64, strict=False)
