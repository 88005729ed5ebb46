"""A made-up year of dossiers with three to six steps each, in bulk: what counting their steps costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.steps_found import ZONE, world_of
from jobs import insight_steps
from metrics import rulebook
from metrics.clocks import facts
from metrics.dossier import INSTANT, PLAIN
from metrics.terms import Terms
from metrics.visits import WAY
from store import corrections, observed, recorded, snapshot
from store.database import Store
from store.snapshot import Manifest, Part

_STEPS: Final = ("Phân công", "Thẩm định", "Lấy ý kiến", "Phê duyệt", "Phát hành")


def province(rows: int, months: int = 12, seed: int = 5) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give month and observed part of dossiers with three to six steps each, the last months of 2026."""
    for k in range(months):
        rng = np.random.default_rng([seed, k])
        yield f"2026-{k + 1:02}", _part(rng, k, rows // months)


def _part(rng: np.random.Generator, k: int, n: int) -> pl.DataFrame:
    begin = np.datetime64(f"2026-{k + 1:02}-01T00:30", "us") + _seconds(rng.integers(0, 27 * 86_400, n))
    count = rng.integers(3, 7, n)
    ids = np.repeat(np.arange(n), count)
    first = np.r_[0, np.cumsum(count)[:-1]]
    place = np.arange(len(ids)) - first[ids]
    length = rng.integers(600, 3 * 86_400, len(ids))
    ends = np.cumsum(length) - (np.cumsum(length)[first] - length[first])[ids]
    steps = pl.DataFrame(
        {
            "row": ids, "step": np.array(_STEPS)[(place + (rng.random(len(ids)) < 0.1)) % len(_STEPS)],
            "officer": ids % 4000 + place * 4000,
            "started_at": begin[ids] + _seconds(ends - length), "ended_at": begin[ids] + _seconds(ends - length // 4),
        }
    ).with_columns(
        pl.col("started_at", "ended_at").dt.replace_time_zone("UTC"),
        handler=pl.format("cb-{}", "officer"), unit=pl.lit(None, pl.String),
    )  # fmt: skip
    way = steps.group_by("row", maintain_order=True).agg(
        way=pl.struct("step", "handler", "unit", "started_at", "ended_at"), resolved_at=pl.col("ended_at").max()
    )
    paused = rng.random(n) < 0.1
    late = rng.random(n)
    told = pl.DataFrame({"row": np.arange(n), "begin": begin, "unit_no": rng.integers(0, 150, n),
                         "paused": paused, "days": rng.integers(6, 16, n), "late": late})  # fmt: skip
    return _observed(told.join(way, on="row", maintain_order="left"), k)


def _seconds(count: Any) -> Any:
    return count.astype("timedelta64[s]").astype("timedelta64[us]")


def _observed(rows: pl.DataFrame, k: int) -> pl.DataFrame:
    """Shape drawn dossiers as store.observed.observe does."""
    begin = pl.col("begin").dt.replace_time_zone("UTC")
    ends = (("from_at", 36_000_000_000), ("to_at", 200_000_000_000))
    moments = {name: pl.col("begin").dt.epoch("us") + after for name, after in ends}
    none = pl.lit(None, pl.Int64)
    kind_, given = pl.lit("supplement").alias("kind"), pl.lit(True).alias("notice")
    both = [moment.alias(name) for name, moment in moments.items()]
    one = pl.struct(kind_, *both, given, due_before=none, due_after=none)
    halt = pl.format("[{}]", one.struct.json_encode())
    kind, at = pl.col("unit_no") % 15, pl.col("row")  # a unit does the procedures of its kind
    known = rows.select(
        code=pl.format("H01-{}-{}", pl.lit(k), "row"), source=pl.lit("mot-cua"), status=pl.lit("resolved"),
        department=pl.format("Đơn vị {}", "unit_no"), procedure=pl.format("1.{}", kind * 20 + at % 20),
        field=pl.format("Lĩnh vực {}", kind * 2 + at % 2), received_at=begin, resolved_at="resolved_at",
        due_at=begin + pl.duration(days=pl.col("days")), changed_at="resolved_at",
        suspensions=pl.when("paused").then(halt), way=pl.col("way").cast(WAY),
    )  # fmt: skip
    empty = {name: pl.lit(None, kind) for name, kind in PLAIN.items() if name not in known.columns}
    lists = {"promises": observed.PROMISES, "places": observed.PLACES, "turns": observed.TURNS,
             "corrections": corrections.CORRECTIONS, "letters_recorded": recorded.LETTERS}  # fmt: skip
    step = pl.col("way").list.eval(
        pl.struct(pl.element().struct.field("step"), pl.element().struct.field("handler"),
                  pl.element().struct.field("started_at").alias("at"))
    )  # fmt: skip
    return known.with_columns(
        **empty, **{name: pl.lit(None, kind) for name, kind in lists.items()},
        steps=step.cast(observed.STEPS), status_since_at=pl.lit(None, INSTANT),
        first_seen_at=pl.col("received_at"), seen_at=pl.col("resolved_at"),
    )  # fmt: skip


def cost(store: Store, rows: int) -> tuple[float, float, int, dict[str, int]]:
    """Give the seconds that the night takes for ``rows`` dossiers of one year (of the clock, of the processors), their
    steps, and the rows of its tables."""
    book, terms, visits = rulebook.load(), {"mot-cua": Terms(zone=ZONE)}, 0
    parts: dict[str, Part] = {}
    for month, part in province(rows):
        derived = facts(part, terms, book).drop("first_seen_at", "seen_at")
        visits += int(part["way"].list.len().sum())
        files = [snapshot.put(store, "observed", month, part), snapshot.put(store, "facts", month, derived)]
        parts[month] = Part(files[0], files[1], "", "", "", "", "", newest_at=None)
    state = Manifest("bench", 0, "bench", {"mot-cua": {"zone": ZONE}}, datetime.now(UTC), parts)
    begun, worked = time.perf_counter(), time.process_time()
    tables = insight_steps.make(world_of(store, state, date(2026, 12, 31)))
    return (
        time.perf_counter() - begun,
        time.process_time() - worked,
        visits,
        {name: table.height for name, table in tables.items()},
    )
