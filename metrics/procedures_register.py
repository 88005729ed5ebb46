"""Count the register of procedures as it stands on a day: how many, whose, where, how; never from a stored total.

A figure of the register is of a day and of no dossier. What a line does not say is counted as not said, never as no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from config.registered import Registered
from metrics.cuts import Cut, cut
from metrics.definitions import Rate
from metrics.limits import Limit, parse_limit

_LIMIT: Final = pl.Struct({"size": pl.Int32, "unit": pl.String})
#: What ``in_force`` gives: one row per source and procedure; null is "not said". ``statutory``, ``committed``: the
#: limits that hold on the day, whichever line told them.
COLUMNS: Final = pl.Schema({
    "source": pl.String(), "procedure": pl.String(), "from_on": pl.Date(), "name": pl.String(), "field": pl.String(),
    "department": pl.String(), "ministry": pl.String(), "levels": pl.List(pl.String()), "kind": pl.String(),
    "centre": pl.Boolean(), "on_site": pl.Int8(), "awaits": pl.String(), "post": pl.Boolean(), "online": pl.String(),
    "charges": pl.Boolean(), "basis": pl.String(), "statutory": _LIMIT, "committed": _LIMIT,
})  # fmt: skip

_N: Final = pl.col
_OWN: Final = _N("kind") == "own"
_CENTRE: Final = _OWN & _N("centre").fill_null(False)
#: Words that mean that papers can be handed in online.
ONLINE: Final = ("3", "4", "partly", "fully", "yes")
_ONLINE: Final = _N("online").is_in(ONLINE).fill_null(False)
#: The parts of what is in the centre, which may leave a residual.
PARTS: Final = ("procedures_four_step", "procedures_five_step", "procedures_ministry", "procedures_committee")
#: Figures of the catalogue → which procedures they count.
COUNTS: Final[dict[str, pl.Expr]] = {
    "procedures_published": _OWN,
    "procedures_vertical": _N("kind") == "vertical",
    "procedures_enterprise": _N("kind") == "enterprise",
    "procedures_centre": _CENTRE,
    "procedures_four_step": _CENTRE & (_N("on_site") == 4).fill_null(False),
    "procedures_five_step": _CENTRE & (_N("on_site") == 5).fill_null(False),
    "procedures_ministry": _CENTRE & (_N("awaits") == "ministry").fill_null(False),
    "procedures_committee": _CENTRE & (_N("awaits") == "committee").fill_null(False),
    "procedures_online": _OWN & _ONLINE,
    "procedures_online_centre": _CENTRE & _ONLINE,
    "procedures_post": _OWN & _N("post").fill_null(False),
}
RESIDUAL: Final = "procedures_residual"
#: Parts of those figures that are shown beside them: how far online goes, and what no line says.
BESIDE: Final[dict[str, pl.Expr]] = {
    **{f"online_{word}": _OWN & (_N("online") == word).fill_null(False) for word in ONLINE},
    **{f"centre_online_{word}": _CENTRE & (_N("online") == word).fill_null(False) for word in ONLINE},
    "centre_unsaid": _OWN & _N("centre").is_null(),
    "online_unsaid": _OWN & _N("online").is_null(),
    "post_unsaid": _OWN & _N("post").is_null(),
    "limited": _OWN & _N("statutory").is_not_null(),
}
RATES: Final[dict[str, Rate]] = {
    rate.id: rate
    for rate in (
        Rate("procedures_centre_share", _N("procedures_centre"), _N("procedures_published")),
        Rate("procedures_four_step_share", _N("procedures_four_step"), _N("procedures_centre")),
        Rate("procedures_five_step_share", _N("procedures_five_step"), _N("procedures_centre")),
        Rate("procedures_ministry_share", _N("procedures_ministry"), _N("procedures_centre"), better="lower"),
        Rate("procedures_committee_share", _N("procedures_committee"), _N("procedures_centre"), better="lower"),
        Rate("procedures_online_share", _N("procedures_online"), _N("procedures_published")),
        Rate("procedures_online_centre_share", _N("procedures_online_centre"), _N("procedures_centre")),
        Rate("procedures_post_share", _N("procedures_post"), _N("procedures_published")),
    )
}


def in_force(lines: Iterable[Registered], on: date, sources: Sequence[str] | None = None) -> pl.DataFrame:
    """Give COLUMNS: the last line of each source and procedure begun by ``on``, without those abolished by then.

    A line of a limit alone leaves the facts told before it. What a source's own lines do not say of ``kind``, and of
    an end after them, the common line does. ``sources``: those whose own lines count beside the common ones; None:
    all. Raises ConfigError for a limit that cannot be read, naming its line.
    """
    facts: dict[tuple[str, str], Registered] = {}
    limits: dict[tuple[str, str], Registered] = {}
    for line in sorted(lines, key=lambda each: each.from_on):
        if line.from_on > on or (sources is not None and line.source not in ("", *sources)):
            continue
        key = line.source, line.procedure
        if line.tells or key not in facts:
            facts[key] = line
        if line.statutory:
            limits[key] = line
    told = [(line, facts.get(("", line.procedure)), limits.get(key)) for key, line in facts.items()]
    rows = [_row(line, common, limit) for line, common, limit in told if not _gone(line, common)]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").sort("source", "procedure")


def _gone(line: Registered, common: Registered | None) -> bool:
    """Whether it is abolished: by its own line, or by a common one after which no line of the source names it."""
    if line.ended or common is None or not common.ended:
        return line.ended
    return not line.tells or line.from_on < common.from_on


def _row(line: Registered, common: Registered | None, limit: Registered | None) -> tuple[object, ...]:
    law = parse_limit(limit.statutory, place=f"{limit.line}, statutory") if limit else None
    promise = parse_limit(limit.committed, place=f"{limit.line}, committed") if limit and limit.committed else law
    texts = (line.name, line.field, line.department, line.ministry)
    kind = line.kind or (common.kind if common else "") or "own"
    return (
        line.source, line.procedure, line.from_on, *(text or None for text in texts), list(line.levels) or None,
        kind, line.centre, line.on_site, line.awaits or None, line.post, line.online or None, line.charges,
        line.basis or None, _parts(law), _parts(promise),
    )  # fmt: skip


def _parts(limit: Limit | None) -> dict[str, object] | None:
    return {"size": limit.size, "unit": limit.unit.value} if limit else None


def each(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each procedure once: as its common line says it, without one as the first source's does."""
    return rows.unique("procedure", keep="first", maintain_order=True)


def counted(rows: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Count procedures: ``by``, every name of COUNTS and of BESIDE, procedures_residual (what of the centre's is in no
    part of it; below 0 where a procedure is in two).

    ``by`` levels: a procedure of several levels counts at each, one without at null.
    """
    told = rows.explode("levels") if "levels" in by else rows
    sums = [which.sum().cast(pl.Int64).alias(name) for name, which in (COUNTS | BESIDE).items()]
    found = told.group_by(by, maintain_order=True).agg(*sums) if by else told.select(sums)
    rest = pl.col("procedures_centre") - pl.sum_horizontal(PARTS)
    return found.with_columns(rest.alias(RESIDUAL))


def several_levels(rows: pl.DataFrame) -> int:
    """Count the province's own procedures that are carried out at more than one level."""
    return rows.filter(_OWN, pl.col("levels").list.len() > 1).height


def at_level(rows: pl.DataFrame, level: str) -> pl.DataFrame:
    """Keep what is carried out at a level."""
    return rows.filter(pl.col("levels").list.contains(level).fill_null(False))


@dataclass(frozen=True, slots=True)
class Reduced:
    """How far one department's limits are shortened; ``department`` None: nobody is named."""

    department: str | None
    published: int
    cut: Cut


def reductions(rows: pl.DataFrame) -> list[Reduced]:
    """Give the mean reduction of each department's own procedures (metrics.cuts), the most procedures first."""
    own = rows.filter(_OWN)
    parts = own.partition_by("department", as_dict=True, maintain_order=True)
    found = [Reduced(name, part.height, _cut(part)) for (name,), part in parts.items()]
    return sorted(found, key=lambda one: (one.department is None, -one.published, one.department or ""))


def reduction(rows: pl.DataFrame) -> Cut:
    """Give the mean reduction of the province's own procedures."""
    return _cut(rows.filter(_OWN))


def _cut(rows: pl.DataFrame) -> Cut:
    return cut(rows.filter(pl.col("statutory").is_not_null()).select("procedure", "statutory", "committed"))


def idle(rows: pl.DataFrame, received: pl.DataFrame) -> pl.DataFrame:
    """Give the province's own procedures without one dossier. ``received``: procedure, received (of some period)."""
    came = received.filter(pl.col("received") > 0).select(pl.col("procedure").cast(pl.String)).drop_nulls()
    return each(rows).filter(_OWN).join(came, on="procedure", how="anti", maintain_order="left")


def unknown(lines: Iterable[Registered], received: pl.DataFrame) -> pl.DataFrame:
    """Give source, procedure, received of what came and is in no line of the register, of any day; the most first."""
    keys = {(line.source, line.procedure) for line in lines}
    named = pl.DataFrame(sorted(keys), schema={"source": pl.String, "procedure": pl.String}, orient="row")
    came = received.select(pl.col("source", "procedure").cast(pl.String), "received").drop_nulls("procedure")
    came = came.filter(pl.col("received") > 0).join(named, on=["source", "procedure"], how="anti")
    common = named.filter(pl.col("source") == "")
    return came.join(common, on="procedure", how="anti").sort("received", "procedure", descending=[True, False])
