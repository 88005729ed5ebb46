"""The border for sources that speak to us: rows that keep every rule go on, the others go to quarantine."""

from __future__ import annotations

from typing import Final

import dataframely as dy
import polars as pl

from connectors.check import REASONS
from connectors.personal import refused, without_people
from metrics.dossier import COLUMNS, REJECTS, Dossier, whole

#: What a translator could not read: the row's number in its frame, the name of the rule, and the words found there.
PROBLEMS: Final = pl.Schema({"row": pl.UInt32, "reason": pl.String, "found": pl.String})

#: The columns that tell a reader why a rule of several columns was broken.
_TELLING: Final = {
    "started": ("submitted_at", "received_at"),
    "finish_of_a_result_known": ("status", "resolved_at", "returned_at"),
    "received_before_a_result": ("status", "received_at"),
    "believable_years": ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at"),
}


class _Numbered(Dossier):
    row = dy.UInt32()


def at_border(
    frame: pl.DataFrame, places: pl.Series, raw: pl.DataFrame, problems: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split translated rows into good ones (COLUMNS of Dossier) and rejects (REJECTS).

    ``frame``: the columns of Dossier, ``status``, ``level`` and ``channel`` as text or Enum. ``places`` and ``raw``:
    one entry a row, where it stood in the origin and what stood there, **already less the personal fields**.
    ``problems`` (PROBLEMS): what the translator could not read; such a row is refused whatever its columns say.
    """
    found = problems if problems is not None else pl.DataFrame(schema=PROBLEMS)
    numbered = without_people(whole(frame)).with_row_index("row")
    good, failures = _Numbered.filter(numbered, cast=True)
    # What follows from an unreadable value (its column is then null) is not said a second time.
    broken = pl.concat([found, _broken_rules(failures.details()).join(found, on="row", how="anti")])
    bad = broken.select("row").unique()
    return good.join(bad, on="row", how="anti", maintain_order="left").select(COLUMNS), _rejects(
        broken, frame, places, raw
    )


def no_rejects() -> pl.DataFrame:
    """Give an empty frame of REJECTS."""
    return pl.DataFrame(schema=REJECTS)


def _broken_rules(details: pl.DataFrame) -> pl.DataFrame:
    """Turn dataframely's one column per rule into one row per broken rule (PROBLEMS)."""
    rules = [c for c in details.columns if c != "row" and c not in COLUMNS]
    parts = [
        details.filter(pl.col(rule) == "invalid").select(
            pl.col("row").cast(pl.UInt32), reason=pl.lit(_name(rule)), found=_telling(rule)
        )
        for rule in rules
    ]
    return pl.concat([pl.DataFrame(schema=PROBLEMS), *parts])


def _name(rule: str) -> str:
    column, _, kind = rule.partition("|")
    if rule in REASONS:
        return REASONS[rule]
    return f"{column}_missing" if kind == "nullability" else f"{column}_{kind}" if kind else column


def _telling(rule: str) -> pl.Expr:
    columns = _TELLING.get(rule) or (rule.partition("|")[0],)
    words = [pl.format(f"{c} = {{}}", pl.col(c).cast(pl.String).fill_null("(trống)")) for c in columns]
    return pl.concat_str(words, separator=", ")


def _rejects(broken: pl.DataFrame, frame: pl.DataFrame, places: pl.Series, raw: pl.DataFrame) -> pl.DataFrame:
    per_row = (
        broken.group_by("row", maintain_order=True)
        .agg(
            reasons=pl.col("reason").unique(maintain_order=True),
            found=pl.col("found").unique(maintain_order=True).str.join("; "),
        )
        .sort("row")
    )
    rows = per_row["row"]
    rejects = per_row.select(
        place=places.cast(pl.String).gather(rows),
        code=frame["code"].cast(pl.String).gather(rows),
        reasons="reasons",
        found="found",
        raw=raw[rows].select(pl.struct(pl.all()).struct.json_encode()).to_series(),
    )
    return refused(rejects).match_to_schema(REJECTS)
