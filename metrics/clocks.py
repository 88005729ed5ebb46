"""From what was observed of a dossier to its days: received, due, closed, and every span in which one promise ran.

``effective_due_on`` of a day is the first promise, replaced from the day it happened by the return from a suspension,
by a valid extension, or by a move that the source does not explain but made in time (domain: two legal clocks).
An invalid extension and a move made after the due day are kept and flagged, and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.dossier import CLOSED, EXTENSIONS, SUSPENDED, SUSPENSIONS, WITH_RESULT, WITHOUT_RESULT, Status
from metrics.promises import BEFORE, EVER, first_promise, judged, moves, returns_at_closing

#: One promise running or halted, from ``from_on`` to the day before ``to_on``. ``late``: it was overdue when halted.
SPANS: Final = pl.List(
    pl.Struct({"from_on": pl.Date, "to_on": pl.Date, "due_on": pl.Date, "suspended": pl.Boolean, "late": pl.Boolean})
)
_STATUS: Final = pl.col("status")


def facts(part: pl.DataFrame, zones: Mapping[str, str], calendar: WorkingCalendar) -> pl.DataFrame:
    """Derive one row per dossier from one observed part (store.snapshot.observe).

    ``zones``: source → IANA time zone, in which its days are cut. Adds the Date columns ``submitted_on``,
    ``received_on``, ``rejected_on``, ``closed_on``, ``first_due_on``, ``due_on`` (the promise in force when it was
    closed, else the last); ``with_result``, ``without_result``; ``spans`` (SPANS; null where one promise ran
    undisturbed); and the flags ``due_moved_unexplained``, ``due_moved_too_late``, ``finished_before_receipt``.
    """
    days = _days(part, zones).with_row_index("id")
    troubled = days.filter(_troubled())
    spans = _spans(troubled, calendar)
    calm = days.filter(~_troubled())
    return (
        pl.concat([calm, troubled])
        .join(spans, on="id", how="left", maintain_order="left")
        .with_columns(
            first_due_on=pl.coalesce("first_due_on", "observed_due_on"),
            due_on=pl.coalesce("final_due_on", "observed_due_on"),
            due_moved_unexplained=pl.col("due_moved_unexplained").fill_null(False),
            due_moved_too_late=pl.col("due_moved_too_late").fill_null(False),
            finished_before_receipt=(pl.col("closed_on") < pl.col("received_on")).fill_null(False),
        )
        .sort("id")
        .drop("id", "observed_due_on", "final_due_on", "promises", "status_since_on", "halts", "letters")
    )


def _days(part: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    """Cut the instants into local days, source by source, and settle what closed means."""
    cut = [_local_days(rows, zones[str(name[0])]) for name, rows in part.partition_by("source", as_dict=True).items()]
    frame = pl.concat(cut) if cut else _local_days(part, "UTC")
    accepted = _STATUS != Status.NOT_ACCEPTED  # phiếu từ chối: never received, in no settlement figure
    closed = _STATUS.is_in(sorted(CLOSED))
    return frame.with_columns(
        received_on=pl.when(accepted).then("received_on"),
        closed_on=pl.when(closed).then(pl.coalesce("resolved_on", "returned_on")),
        with_result=_STATUS.is_in(sorted(WITH_RESULT)),
        without_result=_STATUS.is_in(sorted(WITHOUT_RESULT)),
        rejected_on=pl.when(~accepted).then(
            pl.coalesce("rejected_on", "returned_on", "resolved_on", "changed_on", "submitted_on", "received_on")
        ),
    ).drop("resolved_on", "returned_on", "changed_on")


def _local_days(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    def day(column: str) -> pl.Expr:
        """Cut one column of instants."""
        return pl.col(column).dt.convert_time_zone(zone).dt.date()

    stamps = {"submitted", "received", "resolved", "returned", "rejected", "changed"}
    since = pl.coalesce("status_since_at", "changed_at", "first_seen_at")
    return rows.with_columns(
        *(day(f"{s}_at").alias(f"{s}_on") for s in sorted(stamps)),
        observed_due_on=day("due_at"),
        status_since_on=since.dt.convert_time_zone(zone).dt.date(),
        promises=pl.col("promises").list.eval(
            pl.struct(
                due_on=pl.element().struct.field("due_at").dt.convert_time_zone(zone).dt.date(),
                on=pl.coalesce(pl.element().struct.field("happened_at"), pl.element().struct.field("seen_at"))
                .dt.convert_time_zone(zone)
                .dt.date(),
            )
        ),
        halts=_instants(rows, "suspensions", SUSPENSIONS, ("from_at", "to_at", "due_before", "due_after"), zone),
        letters=_instants(rows, "extensions", EXTENSIONS, ("at", "due_before", "due_after"), zone),
    ).drop("status_since_at")


def _instants(rows: pl.DataFrame, column: str, kind: pl.List, stamps: tuple[str, ...], zone: str) -> pl.Series:
    """Read a JSON list column (metrics.dossier) and cut its instants into local days."""
    listed = rows[column].str.json_decode(kind)
    element = pl.element().struct
    cut = {
        s: pl.from_epoch(element.field(s), "us").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
        for s in stamps
    }
    rest = [element.field(f.name) for f in kind.inner.fields if f.name not in stamps]  # type: ignore[union-attr]
    return listed.list.eval(pl.struct(*rest, *(day.alias(name) for name, day in cut.items())))


def _troubled() -> pl.Expr:
    """Tell the few dossiers whose clock was halted or whose promise moved."""
    return (
        (pl.col("promises").list.len() > 1)
        | (pl.col("halts").list.len() > 0)
        | (pl.col("letters").list.len() > 0)
        | _STATUS.is_in(sorted(SUSPENDED))
    ).fill_null(False)


# ---------- the dossiers whose promise moved or whose clock stood ----------


def _spans(rows: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Give id, first_due_on, final_due_on, spans and flags of dossiers with more than one promise or a halt."""
    halts = _halts(rows)
    first = first_promise(rows, halts)
    closing = rows.select("id", "closed_on")
    made = moves(rows, first, halts).join(closing, on="id", how="left", maintain_order="left")
    later = judged(made, first, halts, calendar)
    counted = later.filter("counts")
    returned = returns_at_closing(rows, halts, first, counted, calendar)
    spans = _cut(first, pl.concat([counted.select("id", "on", "due_on"), returned]), halts)
    flags = later.group_by("id").agg(
        due_moved_unexplained=(pl.col("kind") == "unexplained").any(),
        due_moved_too_late=(~pl.col("counts")).any(),
    )
    closed = pl.col("closed_on").fill_null(EVER - timedelta(days=1))
    folded = (
        spans.join(closing, on="id", maintain_order="left")
        .group_by("id", maintain_order=True)
        .agg(
            final_due_on=pl.col("due_on").filter(pl.col("from_on") <= closed).last(),
            spans=pl.struct("from_on", "to_on", "due_on", "suspended", "late"),
        )
    )
    return (
        first.rename({"due_on": "first_due_on"})
        .join(folded.with_columns(pl.col("spans").cast(SPANS)), on="id", how="left")
        .join(flags, on="id", how="left")
    )


def _halts(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every interval in which a clock stood: id, from_on, to_on, due_before, due_after.

    A suspended status without an open interval opens one when the status was taken; an open interval of a dossier
    that runs again ends then; closing ends any.
    """
    listed = (
        rows.select("id", "closed_on", "status", "status_since_on", "halts")
        .explode("halts", empty_as_null=False, keep_nulls=False)
        .unnest("halts")
        .rename({"from_at": "from_on", "to_at": "to_on"})
    )
    halted = pl.col("status").is_in(sorted(SUSPENDED))
    closed_first = (pl.col("closed_on") < pl.col("to_on")).fill_null(pl.col("closed_on").is_not_null())
    listed = listed.with_columns(
        to_on=pl.when(closed_first)
        .then("closed_on")
        .when(pl.col("to_on").is_not_null() | halted)
        .then("to_on")
        .otherwise("status_since_on"),
        due_after=pl.when(~closed_first).then("due_after"),  # a return after the closing moves nothing
    )
    open_now = listed.filter(pl.col("to_on").is_null())["id"]
    implied = rows.filter(halted & ~pl.col("id").is_in(open_now.implode())).select(
        "id",
        from_on="status_since_on",
        to_on=pl.lit(None, pl.Date),
        due_before=pl.lit(None, pl.Date),
        due_after=pl.lit(None, pl.Date),
    )
    columns = ["id", "from_on", "to_on", "due_before", "due_after"]
    return (
        pl.concat([listed.select(columns), implied.select(columns)])
        .with_columns(pl.col("to_on").fill_null(EVER))
        .filter(pl.col("from_on") < pl.col("to_on"))
        .sort("id", "from_on", "to_on")
    )


def _cut(first: pl.DataFrame, moves: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Lay promises and halts on one line of days: id, from_on, to_on, due_on, suspended, late; ordered."""
    none = pl.lit(None, pl.Date)
    marks = pl.concat(
        [
            first.select("id", on=pl.lit(BEFORE), due_on="due_on", step=pl.lit(0), order=pl.lit(0)),
            halts.select("id", on="to_on", due_on=none, step=pl.lit(-1), order=pl.lit(1)),
            moves.select("id", "on", "due_on", step=pl.lit(0), order=pl.lit(2)),
            halts.select("id", on="from_on", due_on=none, step=pl.lit(1), order=pl.lit(3)),
        ]
    ).sort("id", "on", "order", maintain_order=True)
    line = marks.with_columns(
        pl.col("due_on").forward_fill().over("id"),
        depth=pl.col("step").cum_sum().over("id"),
    )
    ends = line.group_by("id", "on", maintain_order=True).agg(pl.col("due_on", "depth").last())
    ends = ends.with_columns(to_on=pl.col("on").shift(-1).over("id").fill_null(EVER), suspended=pl.col("depth") > 0)
    halting = pl.col("suspended") & ~pl.col("suspended").shift(1).over("id").fill_null(False)
    late = pl.when(halting).then((pl.col("due_on") < pl.col("on")).fill_null(False))
    return (
        ends.with_columns(late=late.forward_fill().over("id"))
        .with_columns(late=pl.when("suspended").then("late").otherwise(False))
        .filter(pl.col("on") < EVER)
        .select("id", from_on="on", to_on="to_on", due_on="due_on", suspended="suspended", late="late")
    )
