"""Which of many tested groups are marked: those that stand when so many were asked, and lie far from the expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from config.insight import Integrity
from metrics import chance

#: What is tested: a department's closings of a field.
GROUP: Final = ("department", "field")
#: Of a group: ``n`` where ``expected`` were, of ``whole``; ``spread``: how many times more they
#: scatter than each by itself would; ``p``: the chance of as many; ``marked``: cần rà soát.
TESTED: Final = pl.Schema(
    {"department": pl.String, "field": pl.String, "n": pl.Int64, "whole": pl.Int64, "expected": pl.Float64,
     "spread": pl.Float64, "p": pl.Float64, "marked": pl.Boolean}
)  # fmt: skip


def marked(judged: Sequence[Mapping[str, Any]], by: Integrity) -> pl.DataFrame:
    """Mark those that stand after Benjamini and Hochberg and are bunch_ratio times the expected: TESTED."""
    stands = chance.found([one["p"] for one in judged], by.false_finds)
    rows = [
        {**one, "marked": stood and one["n"] >= by.bunch_ratio * one["expected"]}
        for one, stood in zip(judged, stands, strict=True)
    ]
    return pl.DataFrame(rows, schema=TESTED, orient="row")
