"""Which steps of a dossier were known on a past evening: those that had begun, or else those that were done by then."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.dossier import KEY

#: A source whose closed dossiers name two steps less often than this keeps no history of steps: none is read there.
FEWEST_WITH_STEPS: Final = 0.5
#: Of a source that tells steps only when they are done, a dossier is known to be past one of them.
AFTER: Final = "sau "


def without_history(facts: pl.DataFrame) -> list[str]:
    """Name the sources of whose dossiers no step was known on past evenings. ``facts``: source, closed_on, steps."""
    several = pl.col("closed_on").is_not_null() & (pl.col("steps").list.len() > 1).fill_null(False)
    found = facts.group_by("source").agg(several=several.sum(), closed=pl.col("closed_on").is_not_null().sum())
    kept = (pl.col("closed") > 0) & (pl.col("several") >= FEWEST_WITH_STEPS * pl.col("closed"))
    return sorted(found.filter(~kept)["source"])


def done(ways: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Give the steps that were done by when (local time of ``zone``), in the order of their ends: KEY and steps, as
    facts hold steps that begin. ``ways``: KEY and way (metrics.visits.WAY).

    The moment is the end, also where a beginning is told beside it: what is told when it is done was not known before.
    """
    line = ways.select(*KEY, "way").explode("way", empty_as_null=False, keep_nulls=False).unnest("way")
    ended = line.filter(pl.col("ended_at").is_not_null(), pl.col("step").is_not_null())
    at = pl.col("ended_at").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    one = pl.struct(step=AFTER + pl.col("step"), handler="handler", at=at).alias("steps")
    return ended.sort(*KEY, "ended_at", maintain_order=True).group_by(KEY, maintain_order=True).agg(one)


def with_done(facts: pl.DataFrame, told: pl.DataFrame, sources: list[str]) -> pl.DataFrame:
    """Let the dossiers of ``sources`` have the steps ``told`` (``done``) and no others."""
    rows = facts.join(told.rename({"steps": "done"}), on=KEY, how="left", maintain_order="left")
    steps = pl.when(pl.col("source").is_in(sources)).then("done").otherwise("steps")
    return rows.with_columns(steps=steps).drop("done")
