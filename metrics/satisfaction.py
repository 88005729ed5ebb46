"""How satisfied those were who answered: counts of slips, never a word about those who did not.

Slips come from people who chose to answer, so no share stands here for all who were served. The interval
(metrics/intervals.py) says how far chance alone may carry a share of so many slips, and nothing of who did not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from metrics.scope import Filters, Period, Scope

SCORES: Final = (1, 2, 3, 4, 5)
SATISFIED: Final = 4  # and above: Hài lòng, Rất hài lòng
BY: Final = ("department", "field", "survey", "procedure", "way")
_COUNTS: Final = ("n", "satisfied", *(f"score_{score}" for score in SCORES))


@dataclass(frozen=True, slots=True)
class Response:
    """Of the slips and people of whom it is known how many were asked: ``answered`` of ``asked``.

    More answers than people asked is no rate: one of the two numbers is wrong.
    """

    answered: int
    asked: int

    @property
    def rate(self) -> float | None:
        """Give answers by people asked; None of nobody, and of fewer people than answers."""
        return self.answered / self.asked if self.asked and self.answered <= self.asked else None


def counts(
    slips: pl.DataFrame, period: Period, scope: Scope, by: Sequence[str] = (), filters: Filters = Filters()  # noqa: B008 - frozen
) -> pl.DataFrame:  # fmt: skip
    """Count the slips (store.surveys.READ) answered in ``period`` within ``scope``: ``by``, n, satisfied (score 4 or
    5), score_1 … score_5. Without ``by`` one row, of noughts where there is no slip.

    Of ``filters`` department, field and procedure choose; whoever chose by anything else has to be told nothing.
    """
    mine = _mine(slips, period, scope, filters)
    score = pl.col("score")
    told = (
        pl.len().cast(pl.Int64).alias("n"),
        (score >= SATISFIED).sum().cast(pl.Int64).alias("satisfied"),
        *((score == each).sum().cast(pl.Int64).alias(f"score_{each}") for each in SCORES),
    )
    if not by:
        return mine.select(*told).select(_COUNTS)
    return mine.group_by(*by, maintain_order=True).agg(*told).select(*by, *_COUNTS).sort(by, nulls_last=True)


def _mine(slips: pl.DataFrame, period: Period, scope: Scope, filters: Filters) -> pl.DataFrame:
    chosen = Filters(department=filters.department, field=filters.field, procedure=filters.procedure)
    within = pl.col("answered_on").is_between(period.start, period.end)
    return slips.filter(within, scope.expr(), chosen.expr())


def response(
    slips: pl.DataFrame, asked: pl.DataFrame, period: Period, department: str | None = None
) -> Response | None:
    """Give the response of those surveys and stretches, lying wholly in ``period``, of which ``asked``
    (store.surveys.ASKED) tells how many people were asked; None where it tells nothing.

    ``department``: of that unit alone. Of the whole province what was said of all units together goes before what was
    said of single ones, for the same people would count twice.
    """
    within = asked.filter(pl.col("from_on") >= period.start, pl.col("to_on") <= period.end)
    known = within.filter(pl.col("department") == department) if department else _of_all(within)
    if known.is_empty():
        return None
    told = known.unique(("survey", "department", "from_on", "to_on"))  # two units that merged have one stretch today
    answered = slips.filter(pl.any_horizontal(_answers(row) for row in told.iter_rows(named=True))).height
    return Response(answered, int(known["asked"].sum()))


def _of_all(asked: pl.DataFrame) -> pl.DataFrame:
    """Keep of each survey what was said of all units together, where that was said of any stretch of it."""
    together = pl.col("department").is_null()
    return asked.filter(together.any().over("survey") == together)


def _answers(row: dict[str, object]) -> pl.Expr:
    of_unit = pl.lit(True) if row["department"] is None else pl.col("department") == row["department"]
    days = pl.col("answered_on").is_between(pl.lit(row["from_on"]), pl.lit(row["to_on"]))
    return (pl.col("survey") == row["survey"]) & days & of_unit
