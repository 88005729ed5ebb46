"""From what was observed of a dossier to its days: received, due, closed, and every span in which one promise ran.

``effective_due_on`` of a day is the first promise, replaced from the day it happened by the return from a suspension,
by a valid extension, or by a move that the source does not explain but made in time (domain: two legal clocks).
An invalid extension and a move made after the due day are kept and flagged, and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.dossier import CLOSED, EXTENSIONS, SUSPENDED, SUSPENSIONS, WITH_RESULT, WITHOUT_RESULT, Status

EVER: Final = date(2999, 12, 31)  # a span that has not ended
BEFORE: Final = date(1900, 1, 1)  # the first promise counts from the beginning
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


# ---------- the promises of the troubled ----------


def _spans(rows: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Give id, first_due_on, final_due_on, spans and flags of dossiers with more than one promise or a halt."""
    halts = _halts(rows)
    first = _first_promise(rows, halts)
    closing = rows.select("id", "closed_on")
    moves = _moves(rows, first, halts).join(closing, on="id", how="left", maintain_order="left")
    moves = _judged(moves, first, halts, calendar)
    counted = moves.filter("counts")
    returned = _returns_at_closing(rows, halts, first, counted, calendar)
    spans = _cut(first, pl.concat([counted.select("id", "on", "due_on"), returned]), halts)
    flags = moves.group_by("id").agg(
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
    listed = listed.with_columns(
        to_on=pl.when(pl.col("to_on").is_not_null())
        .then("to_on")
        .when(pl.col("closed_on").is_not_null())
        .then("closed_on")
        .when(~halted)
        .then("status_since_on")
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


def _first_promise(rows: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, due_on: the first promise ever made, from the source's own notes where they reach further back."""
    noted = (
        halts.filter(pl.col("due_before").is_not_null())
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").first())
    )
    lettered = (
        rows.select("id", "letters")
        .explode("letters", empty_as_null=False, keep_nulls=False)
        .unnest("letters")
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").drop_nulls().first().alias("due_lettered"))
    )
    told = rows.select(
        "id", told=pl.coalesce(pl.col("promises").list.first().struct.field("due_on"), "observed_due_on")
    )
    both = told.join(noted, on="id", how="left").join(lettered, on="id", how="left")
    return both.select("id", due_on=pl.coalesce(pl.min_horizontal("due_before", "due_lettered"), "told"))


def _moves(rows: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give every later promise: id, on (the day it was made), due_on, kind (return, extension, unexplained)."""
    returns = halts.filter(pl.col("due_after").is_not_null(), pl.col("to_on") < EVER).select(
        "id", on="to_on", due_on="due_after", kind=pl.lit("return")
    )
    letters = (
        rows.select("id", "letters")
        .explode("letters", empty_as_null=False, keep_nulls=False)
        .unnest("letters")
        .filter(pl.col("due_after").is_not_null())
        .select("id", on="at", due_on="due_after", kind=pl.lit("extension"))
    )
    told = pl.concat([returns, letters])
    seen = _seen_promises(rows, returns)
    explained = pl.concat([told.select("id", "due_on"), first.select("id", "due_on")]).unique()
    silent = seen.join(explained, on=["id", "due_on"], how="anti").with_columns(kind=pl.lit("unexplained"))
    return pl.concat([told, silent.select("id", "on", "due_on", "kind")]).sort("id", "on", maintain_order=True)


def _seen_promises(rows: pl.DataFrame, returns: pl.DataFrame) -> pl.DataFrame:
    """Give every promise as it was seen: id, on, due_on.

    When the one seen first was made, nobody can say: it is dated at the last return before, else at the receipt.
    """
    last = returns.group_by("id").agg(pl.col("on").max().alias("returned_on"))
    at_first = rows.select("id", "received_on", due_on="observed_due_on").join(last, on="id", how="left")
    listed = (
        rows.select("id", "received_on", "promises")
        .explode("promises", empty_as_null=False, keep_nulls=False)
        .unnest("promises")
        .with_columns(turn=pl.col("id").cum_count().over("id"))
        .join(last, on="id", how="left", maintain_order="left")
    )
    opening = pl.coalesce("returned_on", "received_on")
    later = listed.with_columns(on=pl.when(pl.col("turn") == 1).then(opening).otherwise("on"))
    only = at_first.join(listed, on="id", how="anti").with_columns(on=opening)
    return pl.concat([only.select("id", "on", "due_on"), later.select("id", "on", "due_on")]).drop_nulls()


def _judged(moves: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame, calendar: WorkingCalendar) -> pl.DataFrame:
    """Add ``counts``: whether each move replaced the promise in force. Judged move by move, all dossiers at once."""
    turn = moves.with_columns(
        turn=pl.col("id").cum_count().over("id"),
        letter=(pl.col("kind") == "extension").cast(pl.Int32).cum_sum().over("id"),
    )
    turn = turn.join(_halted_since(turn, halts), on=["id", "turn"], how="left", maintain_order="left")
    force = first.select("id", force="due_on")
    judged: list[pl.DataFrame] = []
    for k in turn["turn"].unique().sort():
        now = turn.filter(pl.col("turn") == k).join(force, on="id", how="left", maintain_order="left")
        now = now.with_columns(counts=_counts(calendar))
        judged.append(now.select("id", "on", "due_on", "kind", "counts"))
        taken = now.filter("counts").select("id", "due_on")
        force = force.join(taken, on="id", how="left").select("id", force=pl.coalesce("due_on", "force"))
    empty = moves.select("id", "on", "due_on", "kind", counts=pl.lit(True)).clear()
    return pl.concat([empty, *judged]).sort("id", "on", maintain_order=True)


def _counts(calendar: WorkingCalendar) -> pl.Expr:
    """Say whether a move counts. Columns: kind, on, letter (how many so far), halted_since, force, closed_on."""
    in_time = pl.coalesce("halted_since", "on") <= pl.col("force")
    open_then = (pl.col("on") <= pl.col("closed_on")).fill_null(True)
    notice = calendar.working_days_between(pl.col("on"), pl.col("force")) >= 1  # NĐ 61/2018: a working day before
    return (
        pl.when(pl.col("force").is_null() | (pl.col("kind") == "return"))
        .then(True)
        .when(pl.col("kind") == "extension")
        .then(notice & open_then & (pl.col("letter") == 1))
        .otherwise(in_time & open_then)
    )


def _halted_since(turn: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, turn, halted_since for moves made while the clock stood: then the day of the halt is what matters."""
    inside = turn.select("id", "turn", "on").join(halts.select("id", "from_on", "to_on"), on="id")
    inside = inside.filter(pl.col("from_on") <= pl.col("on"), pl.col("on") < pl.col("to_on"))
    return inside.group_by("id", "turn").agg(halted_since=pl.col("from_on").min())


def _returns_at_closing(
    rows: pl.DataFrame, halts: pl.DataFrame, first: pl.DataFrame, counted: pl.DataFrame, calendar: WorkingCalendar
) -> pl.DataFrame:
    """Closed while suspended: the due day moves by the working days waited so far (id, on, due_on)."""
    closing = rows.filter(pl.col("closed_on").is_not_null()).select("id", "closed_on")
    waited = halts.join(closing, on="id").filter(pl.col("to_on") == pl.col("closed_on"), pl.col("due_after").is_null())
    waited = waited.group_by("id").agg(pl.col("from_on").min(), on=pl.col("closed_on").first())
    force = pl.concat([first.select("id", on=pl.lit(BEFORE), due_on="due_on"), counted.select("id", "on", "due_on")])
    force = waited.join(force, on="id", suffix="_made").filter(pl.col("on_made") <= pl.col("on"))
    force = force.sort("on_made", maintain_order=True).group_by("id").agg(pl.all().last())
    running = force.filter(pl.col("due_on") >= pl.col("from_on"))  # already late when halted: it stays late
    days = calendar.working_days_between(pl.col("from_on"), pl.col("on"))
    return running.select("id", "on", due_on=calendar.shift(pl.col("due_on"), days))


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
