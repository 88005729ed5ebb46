"""Units and procedures that sources write and the office's registers do not know: counted, shown, never set apart.

They stay in every figure under the name their source gives them; a line in the register maps them later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

import polars as pl

from config.procedures import Allowed
from config.units import Units
from metrics.standing import PENDING, Standing

#: What ``units`` and ``procedures`` give. ``role``: department, receiving_unit or procedure. ``title``: the name of a
#: procedure. ``first_on``, ``last_on``: receipts (or submissions) of its first and last dossier. ``nearest``: a known
#: name like it, or null.
COLUMNS: Final = pl.Schema(
    {
        "role": pl.String, "name": pl.String, "title": pl.String, "source": pl.String, "dossiers": pl.UInt32,
        "open": pl.UInt32, "overdue": pl.UInt32, "first_on": pl.Date, "last_on": pl.Date, "nearest": pl.String,
    }
)  # fmt: skip
_COUNTED: Final = tuple(c for c in COLUMNS if c not in ("role", "name", "title", "source", "nearest"))


def units(standing: pl.LazyFrame, register: Units) -> pl.DataFrame:
    """Give the units of ``standing`` (metrics.standing) that the register does not know, the most dossiers first."""
    roles = {"department": "department_told", "receiving_unit": "receiving_unit"}
    told = [_counted(standing, role, pl.col(column), pl.lit(None, pl.String)) for role, column in roles.items()]
    names = sorted(register.names)
    found = pl.concat(pl.collect_all(told))
    strange = [name for name in found["name"].unique().to_list() if name not in register.names]
    return _ordered(found.filter(pl.col("name").is_in(strange)), {name: like(name, names) for name in strange})


def procedures(standing: pl.LazyFrame, register: Iterable[Allowed]) -> pl.DataFrame:
    """Give the procedures of ``standing`` for which no line holds, of any day, the most dossiers first."""
    lines = pl.DataFrame(
        sorted({(line.source, line.procedure) for line in register}), schema=["of", "name"], orient="row",
        schema_overrides={"of": pl.String, "name": pl.String},
    )  # fmt: skip
    title = pl.col("procedure_name").drop_nulls().first()
    found = _counted(standing, "procedure", pl.col("procedure"), title).collect()
    common = lines.filter(pl.col("of") == "").select("name")
    strange = found.join(common, on="name", how="anti").join(
        lines, left_on=["source", "name"], right_on=["of", "name"], how="anti"
    )
    names = sorted(set(lines["name"]))
    return _ordered(strange, {name: like(name, names) for name in strange["name"].unique().to_list()})


def strangers(names: Iterable[str | None], register: Units) -> tuple[str, ...]:
    """Give those of ``names`` that the register does not know, in order; of an empty register none."""
    return tuple(sorted({name for name in names if name is not None and not register.knows(name)}))


def _counted(standing: pl.LazyFrame, role: str, name: pl.Expr, title: pl.Expr) -> pl.LazyFrame:
    began = pl.coalesce("received_on", "submitted_on")
    rows = standing.with_columns(name=name).filter(pl.col("name").is_not_null())
    return rows.group_by("source", "name").agg(
        title=title.first() if role != "procedure" else title,
        dossiers=pl.len(),
        open=pl.col("standing").is_in([s.value for s in PENDING]).sum(),
        overdue=(pl.col("standing") == Standing.OVERDUE).sum(),
        first_on=began.min(),
        last_on=began.max(),
        role=pl.lit(role),
    )


def _ordered(found: pl.DataFrame, nearest: dict[str, str | None]) -> pl.DataFrame:
    told = found.with_columns(
        pl.col("name").replace_strict(nearest, default=None, return_dtype=pl.String).alias("nearest")
    )
    kept = told.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    return kept.sort("dossiers", "name", "source", "role", descending=[True, False, False, False])


def like(name: str, known: Iterable[str]) -> str | None:
    """Give the known name most like ``name``, or the one that begins with it or is its beginning; null: none is.

    Case, "UBND" and usual abbreviations make no difference. Codes of procedures are never like each other.
    """
    if not re.search(r"[^\W\d_]", name):
        return None
    told, plain = _plain(name), {_plain(other): other for other in known}
    longer = [p for p in plain if told and p and (p.startswith(f"{told} ") or told.startswith(f"{p} "))]
    match = get_close_matches(told, plain, n=1, cutoff=0.72) or sorted(longer, key=len)[:1]
    return plain[match[0]] if match else None


@cache
def _plain(name: str) -> str:
    short = re.sub(r"\b(ủy ban nhân dân|uỷ ban nhân dân|ubnd)\b", "", name.lower())
    for long, brief in (("phường", "p"), ("thị trấn", "tt"), ("và", "&"), ("xã", "x"), ("sở", "s")):
        short = re.sub(rf"\b{long}\b", brief, short)
    return " ".join(re.sub(r"[^\w&]+", " ", short).split())
