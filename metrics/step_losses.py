"""Where late dossiers lost their time: what each took at a step beyond what the timely ones of its procedure take."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.step_figures import CHOSEN, KEPT, LATE_ONES, whole

#: Where time goes: ``after``: the step had ended, and no other had begun.
_STEP: Final = ("step", "after")
_PLACE: Final = (*_STEP, "unit")
#: ``lost``: working minutes beyond the timely ones, of the late dossiers whose procedure can be compared; ``dossiers``:
#: those with any; ``spent``: all working minutes of late dossiers there. ``step`` null: at no step that anybody knows.
LOSSES: Final = (*CHOSEN, *_PLACE, "dossiers", "lost", "spent")
#: Late dossiers of which steps are known, and of these those of procedures with enough timely ones to compare with.
COMPARED: Final = (*CHOSEN, "late", "compared")


#: What is like what: dossiers of one procedure; where a source names none, those of one field.
_LIKE: Final = pl.coalesce(pl.col("procedure").cast(pl.String), pl.col("field").cast(pl.String)).alias("like")


def usual(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Give like (a procedure, or a field where a source names no procedure), step, after, ``usual``: the median of the
    working minutes that a timely dossier with a result spent there, of those that came there; 0 where fewer than
    ``least`` did. Of what has fewer than ``least`` timely dossiers nothing is given.

    ``rows``: timed visits (metrics.visit_times) with CHOSEN, id and ``ending`` (metrics.step_figures.KEPT …).
    """
    kept = rows.lazy().filter(pl.col("ending") == KEPT).select("id", _LIKE, *_STEP, minutes=whole())
    each = kept.group_by("id", *_STEP).agg(pl.col("like").first(), pl.col("minutes").sum())
    steps = each.group_by("like", *_STEP).agg(n=pl.len(), usual=pl.col("minutes").median())
    enough = kept.group_by("like").agg(timely=pl.col("id").n_unique()).filter(pl.col("timely") >= least)
    told = steps.join(enough, on="like", how="semi")
    return told.select("like", *_STEP, usual=pl.when(pl.col("n") >= least).then("usual").otherwise(0.0)).collect()


def losses(rows: pl.DataFrame, timely: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give LOSSES and COMPARED of the late dossiers of ``rows``, closed or open, beside ``timely`` (``usual``).

    What a dossier lost at a step falls to the units where it was at that step by the time it was with each.
    """
    late = rows.filter(pl.col("ending").is_in(LATE_ONES)).select(*CHOSEN, _LIKE, "id", *_PLACE, minutes=whole())
    marked = late.with_columns(compared=pl.col("like").is_in(timely["like"].unique().implode()).fill_null(False))
    counted = marked.group_by(CHOSEN).agg(
        late=pl.col("id").n_unique().cast(pl.Int64),
        compared=pl.col("id").filter("compared").n_unique().cast(pl.Int64),
    )
    each = marked.group_by(*CHOSEN, "like", "id", *_PLACE, "compared").agg(pl.col("minutes").cast(pl.Int64).sum())
    beside = each.join(timely, on=["like", *_STEP], how="left", nulls_equal=True).with_columns(
        at_step=pl.col("minutes").sum().over("id", *_STEP)
    )
    beyond = (pl.col("at_step") - pl.col("usual").fill_null(0.0)).clip(0) * pl.col("minutes") / pl.col("at_step")
    lost = pl.when(pl.col("compared") & (pl.col("at_step") > 0)).then(beyond).otherwise(0.0)
    summed = (
        beside.with_columns(lost=lost)
        .group_by(*CHOSEN, *_PLACE)
        .agg(
            dossiers=pl.col("id").filter(pl.col("lost") > 0).n_unique().cast(pl.Int64),
            lost=pl.col("lost").sum(), spent=pl.col("minutes").sum(),
        )
    )  # fmt: skip
    return summed.select(LOSSES), counted.select(COMPARED)
