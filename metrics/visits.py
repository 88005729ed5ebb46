"""The way of every dossier through its steps: visits in order, what was entered again, and where it changed hands.

A visit is what a source tells of one step (begun, ended, unit, officer), or what was seen of it: the present step and
officer, from when they were first seen to when others were. Either says who had the dossier, not who worked on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from metrics.dossier import INSTANT

#: What a source told of the steps of one dossier, in the order in which they began (or ended, where it tells no more).
WAY: Final = pl.List(
    pl.Struct({"step": pl.String, "handler": pl.String, "unit": pl.String, "started_at": INSTANT, "ended_at": INSTANT})
)
#: One line a visit, those of one dossier behind each other, in minutes since 1970 of local time, all within its life:
#: ``cut``: since when it is waited for this step; ``start``: since when somebody had it there; ``stop``. ``step`` null:
#: it was at no step that anybody knows of; ``after``: the step had ended, and none had begun. ``told``: by the source,
#: else seen. ``split``: it is known when the step began, so that waiting and holding can be told apart; ``named``: it
#: is known with whom it was. ``running``: not ended; ``inside``: some of it lies in its life; ``turn``: it came
#: from another step; ``again``: to one that it had left before; ``handed``: from other hands; ``elsewhere``: from
#: another unit.
VISITS: Final = pl.Schema(
    {"id": pl.UInt32(), "step": pl.String(), "handler": pl.String(), "unit": pl.String()}
    | {c: pl.Int32() for c in ("cut", "start", "stop")}
    | {c: pl.Boolean() for c in (
        "told", "split", "named", "running", "inside", "turn", "again", "handed", "elsewhere", "after",
    )}
)  # fmt: skip
#: Between the steps of one way, as it is written.
ARROW: Final = " › "
_MINUTE: Final = 60_000_000
_SHIFT: Final = 1 << 32


def visits(
    dossiers: pl.DataFrame, zone: str, *, units: Mapping[str, str] | None = None, same: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Lay out the visits of dossiers that share one time zone: VISITS.

    ``dossiers``: id (UInt32, ascending), department, begin_at, end_at (instants: the life of the dossier), ended
    (Boolean), way (WAY), steps (store.observed.STEPS, for those of which nothing is told). ``units``: a unit as sources
    name it → as it is called today; a name that is not there is a room of the dossier's own department. ``same``: steps
    that go by another name when they are entered again → the first name.
    """
    life = _minutes(dossiers.lazy(), zone, "begin_at", "end_at").select(
        "id", "department", "ended", begin="begin_at", end="end_at"
    )
    told = dossiers.lazy().filter(pl.col("way").list.len() > 0).select("id", "way")
    seen = dossiers.lazy().filter(pl.col("way").is_null(), pl.col("steps").list.len() > 0).select("id", "steps")
    parts = [_minutes(_unpacked(told, "way"), zone, "started_at", "ended_at"), _seen(seen, zone)]
    laid = [
        _laid(part.with_columns(told=pl.lit(known)), life, units or {}, same or {})
        for part, known in zip(parts, (True, False), strict=True)
    ]
    return pl.concat(pl.collect_all(laid))


def _unpacked(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    return rows.explode(name, empty_as_null=False, keep_nulls=False).unnest(name)


def _minutes(rows: pl.LazyFrame, zone: str, *names: str) -> pl.LazyFrame:
    """Cut instants into minutes since 1970 of local time."""
    here = (pl.col(c).dt.convert_time_zone(zone).dt.replace_time_zone(None) for c in names)
    return rows.with_columns((each.cast(pl.Int64) // _MINUTE).cast(pl.Int32) for each in here)


def _seen(rows: pl.LazyFrame, zone: str) -> pl.LazyFrame:
    """Read steps that were seen as visits: each lasts until another is seen. What was before the first, nobody saw."""
    none, no_time = pl.lit(None, pl.String), pl.lit(None, pl.Int32)
    line = _minutes(_unpacked(rows, "steps"), zone, "at").select(
        "id", "step", "handler", unit=none, started_at="at", ended_at=no_time
    )
    first = line.unique("id", keep="first", maintain_order=True)
    before = first.select("id", step=none, handler=none, unit=none, started_at=no_time, ended_at="started_at")
    return pl.concat([before, line]).sort("id", maintain_order=True)


def _laid(
    rows: pl.LazyFrame, life: pl.LazyFrame, units: Mapping[str, str], same: Mapping[str, str]
) -> pl.LazyFrame:  # fmt: skip
    """Lay visits end to end: each instant of a life belongs to one of them, the earlier where two overlap."""
    known = pl.col("unit").replace_strict(units, default=None, return_dtype=pl.String) if units else pl.lit(None)
    line = rows.join(life, on="id", how="left", maintain_order="left").with_columns(
        mark=pl.coalesce("started_at", "ended_at"),
        unit=pl.when(pl.col("step").is_not_null()).then(pl.coalesce(known, pl.col("department").cast(pl.String))),
    )
    line = line.filter(pl.col("mark").is_not_null())
    last = (pl.col("id") != pl.col("id").shift(-1)).fill_null(True)
    over = pl.when(last).then("end").otherwise(pl.col("mark").shift(-1))
    line = line.with_columns(
        last=last,
        running=last & pl.col("ended_at").is_null() & ~pl.col("ended"),
        stop=pl.max_horizontal(pl.coalesce("ended_at", over), "started_at"),
    )
    line = line.with_columns(cut=pl.max_horizontal(_until_before(), "begin").clip(upper_bound=pl.col("end")))
    start = pl.max_horizontal("cut", "started_at").clip(upper_bound=pl.col("end"))
    stop = pl.max_horizontal("start", pl.min_horizontal("stop", "end"))
    inside = (pl.col("stop") > pl.col("begin")) & (pl.col("mark") < pl.col("end"))
    line = line.with_columns(start=start, inside=inside, split=pl.col("started_at").is_not_null())
    line = line.with_columns(named=pl.col("handler").is_not_null(), stop=stop, after=pl.lit(False))
    line = _marked(line, same)
    return pl.concat([line.select(VISITS.names()), _rest(line)]).cast(VISITS)


def _until_before() -> pl.Expr:
    """Give up to when the visits before have lasted; of the first of a dossier something long past.

    The dossiers stand in order, so that the greatest pair of id and minute so far is one of this dossier.
    """
    pair = pl.col("id").cast(pl.Int64) * _SHIFT + pl.col("stop")
    so_far = pair.cum_max().shift(fill_value=0)
    return pl.when(so_far // _SHIFT == pl.col("id").cast(pl.Int64)).then(so_far % _SHIFT).otherwise(0).cast(pl.Int32)


def _marked(line: pl.LazyFrame, same: Mapping[str, str]) -> pl.LazyFrame:
    """Say where the way turned to another step, to one it had been at, and to other hands; what has no name is no
    step."""
    word = pl.col("step").replace(same) if same else pl.col("step")
    code = word.cast(pl.Categorical).to_physical().cast(pl.Int64)
    known = pl.col("step").is_not_null()
    line = line.with_columns(place=pl.col("id").cast(pl.Int64) * _SHIFT + code)  # null where no step is known
    before = pl.col("place").forward_fill().shift()
    turn = known & before.ne_missing(pl.col("place"))
    line = line.with_columns(turn=turn)
    entered = pl.when("turn").then("place")
    again = pl.when("turn").then(~entered.is_first_distinct()).forward_fill()
    mine = (pl.col("id") == pl.col("id").shift()).fill_null(False)
    differs = {name: (mine & (pl.col(name) != pl.col(name).shift())).fill_null(False) for name in ("handler", "unit")}
    return line.with_columns(
        again=(again & known).fill_null(False),
        handed=differs["handler"] | differs["unit"],
        elsewhere=differs["unit"],
    )


def _rest(line: pl.LazyFrame) -> pl.LazyFrame:
    """Give what is left of a life after the last visit: it waits for a step that nobody has told of."""
    last, no = line.filter(pl.col("last") & (pl.col("stop") < pl.col("end"))), pl.lit(False)
    return last.select(
        "id", "step", "unit", "told", handler=pl.lit(None, pl.String), cut="stop", start="end", stop="end",
        split=pl.lit(True), named=no, running=~pl.col("ended"), inside=pl.lit(True), turn=no, again=no, handed=no,
        elsewhere=no, after=pl.lit(True),
    ).select(VISITS.names())  # fmt: skip


def ways(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the way of each dossier (VISITS): id, way (its steps in order, one after the other), turns, loops (steps
    entered again), hands (changes of officer or unit), units (changes of unit), told."""
    turned = pl.col("step").filter("turn")
    known = rows.filter(pl.col("turn") | pl.col("handed"))
    gathered = known.group_by("id").agg(
        way=turned.str.join(ARROW), turns=pl.col("turn").sum(), loops=(pl.col("turn") & pl.col("again")).sum(),
        hands=pl.col("handed").sum(), units=pl.col("elsewhere").sum(), told=pl.col("told").any(),
    )  # fmt: skip
    return gathered.with_columns(pl.col("turns", "loops", "hands", "units").cast(pl.Int32))
