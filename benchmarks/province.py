"""A made-up province as observed columns: ten years, 40 departments, 120 fields, a part per month of receipt.

Frames are shaped like those of store.snapshot.observe. Everything is drawn in bulk from one seed, so the same rows come
out on every machine; the shares (halts, letters, silent moves, no due date, unanswered) follow what exports show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from benchmarks.catalogue import DEPARTMENTS, PROCEDURES, limits, pairs
from benchmarks.ours import calendar
from benchmarks.questions import SOURCES
from benchmarks.troubles import troubled
from metrics.dossier import PLAIN
from store.corrections import CORRECTIONS
from store.recorded import LETTERS

FIRST_YEAR: Final = 2016


@dataclass(frozen=True)
class Province:
    """How many dossiers, over how many months, from which seed."""

    rows: int
    months: int = 120
    seed: int = 2016

    @property
    def as_of(self) -> date:
        """The last day that anything was observed."""
        year, month = divmod(self.months, 12)
        ordinal = date(FIRST_YEAR + year, month + 1, 1).toordinal() - 1
        return date.fromordinal(ordinal)

    def parts(self, without: Collection[str] = ()) -> Iterator[tuple[str, pl.DataFrame]]:
        """Give month (2016-01) and observed part, one after the other; none of the months in ``without``."""
        edges = np.linspace(0, self.rows, self.months + 1).astype(int)
        for k in range(self.months):
            month = f"{FIRST_YEAR + k // 12}-{k % 12 + 1:02}"
            if month not in without:
                yield month, self._part(k, int(edges[k + 1] - edges[k]))

    def _part(self, k: int, rows: int) -> pl.DataFrame:
        rng = np.random.default_rng([self.seed, k])
        asked = self._asked(rng, k, rows)
        lived = _lived(asked, rng)
        return _observed(troubled(lived, rng, self.as_of), rng, self.as_of)

    def _asked(self, rng: np.random.Generator, k: int, rows: int) -> pl.DataFrame:
        """Draw who asks for what, when, and how it comes in; online grows over the years."""
        pair = rng.choice(pairs().height, rows, p=pairs()["weight"].to_numpy())
        field, department = (pairs()[c].to_numpy()[pair] for c in ("field", "department"))
        procedure = np.minimum(rng.geometric(0.3, rows) - 1, PROCEDURES - 1)
        online = 0.05 + 0.65 * k / max(self.months - 1, 1)
        channel = rng.choice(4, rows, p=[online, 0.99 - online - 0.05, 0.05, 0.01])
        return pl.DataFrame(
            {
                "row": np.arange(rows),
                "day": _days(rng, FIRST_YEAR + k // 12, k % 12 + 1, rows),
                "minute": np.clip(rng.normal(600, 110, rows), 420, 1130).astype(np.int64),
                "field": field,
                "department": department,
                "procedure": procedure,
                "limit": limits()[field, procedure],
                "channel": channel,
                "source": (rng.random(rows) < 0.1).astype(np.int64),
            }
        ).with_columns(received_on=pl.col("day").cast(pl.Date))


def _days(rng: np.random.Generator, year: int, month: int, rows: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Draw days of one month (numbers since 1970): on rest days only the online counter is open."""
    first = date(year, month, 1).toordinal()
    last = date(year + month // 12, month % 12 + 1, 1).toordinal()
    weights = np.array([1.0 if calendar().is_working(date.fromordinal(d)) else 0.06 for d in range(first, last)])
    epoch = first - date(1970, 1, 1).toordinal()
    drawn = rng.choice(np.arange(epoch, epoch + last - first, dtype=np.int32), rows, p=weights / weights.sum())
    return drawn.astype(np.int32)


def _lived(asked: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Promise, work and close: most early, a fifth on the day, some late, some never; a few without a due date."""
    rows, days = asked.height, calendar()
    limit = asked["limit"].to_numpy()
    early = np.floor(rng.beta(2, 2, rows) * limit).astype(np.int32)
    taken = np.select(
        [(u := rng.random(rows)) < 0.74, u < 0.94, u < 0.985],
        [early, limit, limit + rng.geometric(0.15, rows)],
        400_000,  # never
    ).astype(np.int32)
    outcome = rng.choice(5, rows, p=[0.36, 0.59, 0.02, 0.02, 0.01])
    return asked.with_columns(
        taken=pl.Series(taken),
        outcome=pl.Series(outcome),
        has_due=pl.Series(rng.random(rows) >= 0.015),
        turned_down=pl.Series(rng.random(rows) < 0.015) & (pl.col("channel") == 0),
        waited_minutes=pl.Series(rng.exponential(240, rows).astype(np.int64)),
        closing_minute=pl.Series(rng.integers(450, 1020, rows)),
    ).with_columns(
        due_on=pl.when("has_due").then(days.shift(pl.col("received_on"), pl.col("limit"))),
        closed_on=pl.when(pl.col("taken") < 400).then(
            days.shift(pl.col("received_on"), pl.col("taken").clip(upper_bound=400))
        ),
    )


def stamp(day: str, minute: pl.Expr | int) -> pl.Expr:
    """Give the instant (microseconds UTC) of a local day and minute of Vietnam, seven hours ahead all year."""
    minutes = pl.duration(minutes=minute if isinstance(minute, pl.Expr) else pl.lit(minute), hours=-7)
    return (pl.col(day).cast(pl.Datetime("us")) + minutes).dt.replace_time_zone("UTC")


_BARE: Final = list(PLAIN).index("fee")  # from here on the columns stay empty
_CLOSED: Final = ("resolved", "returned", "withdrawn", "refused", "stopped")
_CHANNELS: Final = ("online", "counter", "post", None)


def _observed(rows: pl.DataFrame, rng: np.random.Generator, as_of: date) -> pl.DataFrame:
    """Say it the way a source says it: instants, texts, status; columns as store.snapshot.observe gives them."""
    n = rows.height
    col = pl.col
    closed = (col("closed_on") <= as_of) & ~col("turned_down") & ~col("halted_now")
    awaiting = (col("channel") == 0) & ~col("turned_down") & (pl.Series(rng.random(n)) < 0.0005)
    told = rows.with_columns(
        closed=closed.fill_null(False) & ~awaiting,
        awaiting=awaiting,
        asked_at=stamp("received_on", col("minute") - col("waited_minutes")),
        came_at=stamp("received_on", col("minute")),
        left_at=stamp("closed_on", col("closing_minute")),
        turn=pl.Series(rng.integers(0, 4, n)),
        lag=pl.Series(rng.integers(1, 400, n)),
        followed=pl.Series(rng.random(n) < 0.7),
        mistyped=pl.Series(rng.random(n) < 0.0005),
    )
    left = (
        pl.when(col("mistyped"))
        .then(col("came_at") - pl.duration(days=1))
        .otherwise(pl.max_horizontal("left_at", col("came_at") + pl.duration(minutes=5)))
    )
    taken = ~col("turned_down") & ~col("awaiting")
    open_word = pl.when("halted_now").then("halt_word").when(col("turn") == 0).then(pl.lit("accepted"))
    status = (
        pl.when("turned_down").then(pl.lit("not_accepted"))
        .when("awaiting").then(pl.lit("submitted"))
        .when("closed").then(_word(col("outcome"), _CLOSED))
        .otherwise(open_word.otherwise(pl.lit("processing")))
    )  # fmt: skip
    told = told.with_columns(
        status=status,
        submitted_at=pl.when(col("channel") == 0).then("asked_at"),
        received_at=pl.when(taken).then("came_at"),
        due_at=pl.when(taken).then(stamp("due_on", 17 * 60)),
        resolved_at=pl.when("closed").then(left),
        rejected_at=pl.when("turned_down").then(col("came_at")),
    )
    return _named(told, as_of).sort("source", "code")


def _word(number: pl.Expr, words: tuple[str | None, ...]) -> pl.Expr:
    return pl.lit(pl.Series(words, dtype=pl.String)).gather(number.cast(pl.UInt32))


def _named(told: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Give the columns of an observed part, in order."""
    col, none = pl.col, pl.lit(None, pl.String)
    instant = pl.Datetime("us", "UTC")
    serial = col("row").cast(pl.String).str.zfill(6)
    promise = pl.struct(due_at="due_at", happened_at=pl.lit(None, instant), seen_at="first_seen_at")
    followed = pl.when(col("followed") & col("due_at").is_not_null()).then(pl.concat_list(promise))
    levels = pl.when(col("department") < 20).then(pl.lit("province"))
    changed = pl.coalesce("resolved_at", "rejected_at", "received_at", "submitted_at")
    handed = (
        pl.struct(department=_department(col("department") + 1), at="came_at"),
        pl.struct(department=_department(col("department")), at=col("came_at") + pl.duration(days=1)),
    )
    turned = pl.struct(status=pl.lit("accepted"), at="first_seen_at"), pl.struct(status="status", at=changed)
    first = pl.struct(step=pl.lit("tiếp nhận"), handler=none, at="came_at")
    second = pl.struct(step=pl.lit("thẩm định"), handler=_handler(), at=col("came_at") + pl.duration(hours=3))
    return told.with_columns(first_seen_at=pl.coalesce("received_at", "submitted_at") + pl.duration(hours=1)).select(
        source=_word(col("source"), SOURCES),
        code=pl.format("H01.187.{}-{}-{}", col("department"), col("received_on").dt.strftime("%y%m%d"), serial),
        other_code=none,
        status="status",
        procedure=pl.format("1.{}", (col("field") * 100 + col("procedure")).cast(pl.String).str.zfill(6)),
        procedure_name=none,
        field=pl.format("Lĩnh vực {}", col("field").cast(pl.String).str.zfill(3)),
        department=_department(col("department")),
        receiving_unit=pl.format("Bộ phận Một cửa {}", col("department") % 13),
        holding_unit=none,
        level=levels.when(col("department") < 32).then(pl.lit("district")).otherwise(pl.lit("commune")),
        channel=_word(col("channel"), _CHANNELS),
        applicant_kind=_word(col("turn"), ("citizen", "citizen", "citizen", "business")),
        step=pl.when("closed").then(none).otherwise(pl.lit("thẩm định")),
        handler=pl.when("closed").then(none).otherwise(_handler()),
        submitted_at="submitted_at",
        received_at="received_at",
        due_at=pl.when(col("received_at").is_not_null()).then(pl.coalesce("due_told", "due_at")),
        resolved_at="resolved_at",
        returned_at=pl.when(col("status") == "returned").then(col("resolved_at") + pl.duration(minutes="lag")),
        rejected_at="rejected_at",
        changed_at=changed,
        suspensions=pl.when(col("received_at").is_not_null()).then("suspensions"),
        extensions=pl.when(col("received_at").is_not_null()).then("extensions"),
        # Neither papers nor fees are counted yet.
        **{name: pl.lit(None, kind) for name, kind in list(PLAIN.items())[_BARE:]},
        first_seen_at="first_seen_at",
        seen_at=pl.max_horizontal(changed, "first_seen_at") + pl.duration(minutes="lag"),
        promises=pl.when(col("received_at").is_not_null()).then(pl.coalesce("promises_told", followed)),
        status_since_at=pl.when("followed").then(changed),
        turns=pl.when("followed").then(pl.concat_list(*turned)),
        corrections=pl.lit(None, CORRECTIONS),
        letters_recorded=pl.lit(None, LETTERS),
        places=pl.when((col("lag") == 7) & col("followed")).then(pl.concat_list(*handed)),
        steps=pl.when(col("lag") < 40).then(pl.concat_list(first, second)),
    )


def _department(number: pl.Expr) -> pl.Expr:
    return pl.format("Đơn vị {}", (number % DEPARTMENTS).cast(pl.String).str.zfill(2))


def _handler() -> pl.Expr:
    return pl.format("cb-{}", (pl.col("department") * 10 + pl.col("turn")).cast(pl.String).str.zfill(4))
