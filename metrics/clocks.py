"""From what was observed of a dossier to its days: received, due, closed, and every span in which one promise ran.

``effective_due_on`` of a day is the first promise, replaced from the day it happened by the return from a suspension,
by a valid extension, by a correction, or by a move that the source does not explain but made in time (domain: two legal
clocks). An invalid extension and a move made after the due day are kept and flagged, and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

import polars as pl

from metrics.acceptance import with_acceptance
from metrics.dossier import SUSPENDED, Status
from metrics.expectation import expected, with_law, with_returns
from metrics.halts import halts as halts_of
from metrics.local import local
from metrics.places import with_holder, with_own_name, with_places
from metrics.promises import first_promise, judged, moves
from metrics.register import with_register
from metrics.returns import returns_at_closing
from metrics.rulebook import Rulebook
from metrics.spans import SPANS, cut
from metrics.terms import Terms
from metrics.verdicts import BEFORE, COUNTING, EVER, MOVES, Move, Verdict
from metrics.worktime import WorkTime

#: Every suspension, ``to_on`` null while it lasts; ``notice``: written notice was given (null: not said).
HALTS: Final = pl.List(pl.Struct({"kind": pl.String, "from_on": pl.Date, "to_on": pl.Date, "notice": pl.Boolean}))
#: Every letter of apology; ``valid``: its new date counts; null where it names none.
LETTERS: Final = pl.List(pl.Struct({"on": pl.Date, "due_on": pl.Date, "letter": pl.String, "valid": pl.Boolean}))
_SCAFFOLD: Final = (
    "id", "promises", "turns", "corrections", "due_local", "status_since_local", "submitted_local", "received_local",
    "closed_local", "answered_local", "observed_due_on", "final_due_on", "by_minutes", "reckons", "statutory",
    "cutoff", "restart", "acceptance_hours", "letter_notice_days", "letters_at_most", "first_seen_on",
    "expected_local", "halts_told", "letters_told", "letters_recorded", "first_minute", "final_minute", "promised_on",
)  # fmt: skip


def facts(part: pl.DataFrame, terms: Mapping[str, Terms], book: Rulebook) -> pl.DataFrame:
    """Derive one row per dossier from one observed part (store.snapshot.observe).

    ``terms``: source → how its word is taken. Adds the Date columns ``submitted_on``, ``received_on``,
    ``rejected_on``, ``closed_on``, ``first_due_on``, ``due_on`` (the promise in force when it was closed, else the
    last), ``expected_first_on`` and ``expected_on`` (our own reckoning by ``committed``, struct size and unit; null
    where no limit is known), ``acceptance_due_on``; ``accepted_late``; ``with_result``, ``without_result``,
    ``to_the_minute``, ``past_the_minute`` and ``past_the_first_minute`` (closed on its due day, after the minute that
    the promise in force, or the first one, named); ``promised_first_on`` (the source's own first promise, whatever the
    terms); ``taken_days`` (working days to a result less those suspended), ``statutory_days``, ``committed_days``;
    ``department`` on today's map, ``holding_unit`` too (null once it is closed), ``receiving_unit`` by its own name,
    ``level`` of the register where the source tells none, ``department_told``, ``department_own`` (the alias resolved:
    whose days count), ``places`` (metrics.places); ``steps`` in local time and ``step_since_on``, the day on which the
    present step and holder were first seen; ``spans`` (SPANS; null where one promise ran undisturbed), ``moves``
    (MOVES), ``halts`` (HALTS), ``letters`` (LETTERS), each null where there are none; and the flags
    ``due_moved_unexplained``, ``due_moved_too_late``, ``due_as_told``, ``finished_before_receipt``.
    """
    days = with_own_name(with_law(local(part, terms).with_row_index("id"), book), book.units)
    days = with_register(days, book.units)
    # Without a department every unit's days are the common ones.
    done = [_derived(rows, work) for work, rows in book.time.groups(days, "department_own")]
    whole = pl.concat(done) if done else _derived(days, book.time)
    return with_holder(with_places(whole.sort("id"), book.units), book.units).drop(_SCAFFOLD).drop("way", strict=False)


def _derived(days: pl.DataFrame, work: WorkTime) -> pl.DataFrame:
    """Derive everything for units that share one calendar."""
    told = halts_of(days.filter(_may_have_stood()))
    reckoned = days.join(expected(days, told, work), on="id", how="left", maintain_order="left").with_columns(
        reckoned=pl.col("reckons") & pl.col("expected_first_on").is_not_null()
    )
    named = reckoned.rename({"halts": "halts_told", "letters": "letters_told"})
    troubled = reckoned.filter(_troubled())
    found = _troubles(troubled, with_returns(reckoned, told, work), work)
    whole = named.join(found, on="id", how="left", maintain_order="left")
    calm = pl.col("first_due_on").is_null()
    source_due = pl.when("reckoned").then("expected_first_on").otherwise("observed_due_on")
    source_minute = pl.when("reckoned").then("expected_local").otherwise("due_local")
    whole = whole.with_columns(
        first_due_on=pl.coalesce("first_due_on", source_due),
        promised_first_on=pl.coalesce("promised_on", "observed_due_on"),
        due_on=pl.coalesce("final_due_on", source_due),
        first_minute=pl.when(calm).then(source_minute).otherwise("first_minute"),
        final_minute=pl.when(calm).then(source_minute).otherwise("final_minute"),
        **{flag: pl.col(flag).fill_null(False) for flag in _FLAGS},
        finished_before_receipt=(pl.col("closed_on") < pl.col("received_on")).fill_null(False),
        step_since_on=pl.col("steps").list.last().struct.field("at").dt.date(),
    )
    whole = _without_promise(whole).with_columns(
        past_the_minute=_past_the_minute("final_minute", "due_on"),
        past_the_first_minute=_past_the_minute("first_minute", "first_due_on"),
    )
    whole = with_acceptance(whole, work)
    return whole.with_columns(taken_days=_taken(work)).drop("reckoned", "stood_days")


def _without_promise(whole: pl.DataFrame) -> pl.DataFrame:
    """Leave no usable due day to a dossier that vanished from its source before it was late: a deletion is no result
    in time, and makes no rate better. One that was late when it vanished stays late."""
    vanished = (pl.col("status").cast(pl.String) == Status.GONE) & (pl.col("closed_on") <= pl.col("due_on"))
    promise = ("due_on", "first_due_on", "first_minute", "final_minute", "spans")
    return whole.with_columns(pl.when(~vanished.fill_null(False)).then(name).alias(name) for name in promise)


_FLAGS: Final = ("due_moved_unexplained", "due_moved_too_late", "due_as_told")


def _may_have_stood() -> pl.Expr:
    turned = pl.col("turns").list.eval(pl.element().struct.field("status").is_in(sorted(SUSPENDED))).list.any()
    now = pl.col("status").is_in(sorted(SUSPENDED))
    return now | (pl.col("halts").list.len() > 0).fill_null(False) | turned.fill_null(False)


def _troubled() -> pl.Expr:
    """Tell the few dossiers whose clock was halted or whose promise moved."""
    told = pl.any_horizontal((pl.col(c).list.len() > n).fill_null(False) for c, n in _SIGNS.items())
    return told | _may_have_stood()


_SIGNS: Final = {"promises": 1, "letters": 0, "corrections": 0}


def _troubles(rows: pl.DataFrame, halts: pl.DataFrame, work: WorkTime) -> pl.DataFrame:
    """Give what holds only for dossiers with more than one promise or a halt: id, first_due_on, final_due_on, spans,
    moves, halts, letters, stood_days and the flags."""
    told, halts = halts, halts.filter(pl.col("from_on") < pl.col("to_on"))
    first = first_promise(rows, halts)
    closing = rows.select("id", "closed_on")
    later = judged(rows, moves(rows, first, halts), first, halts, work.calendar)
    counted = later.filter("counts").select("id", "on", "due_on")
    returned = returns_at_closing(rows, halts, first, counted, work.calendar)
    spans = cut(first, pl.concat([counted, returned]), halts)
    closed = pl.col("closed_on").fill_null(EVER - timedelta(days=1))
    folded = (
        spans.join(closing, on="id", maintain_order="left")
        .with_columns(stood_days=_stood(work, closed))
        .group_by("id", maintain_order=True)
        .agg(
            final_due_on=pl.col("due_on").filter(pl.col("from_on") <= closed).last(),
            spans=pl.struct("from_on", "to_on", "due_on", "suspended", "late"),
            stood_days=pl.col("stood_days").sum(),
        )
    )
    return (
        first.rename({"due_on": "first_due_on", "minute": "first_minute"})
        .join(_final_minute(first, later, returned, closing), on="id", how="left")
        .join(folded.with_columns(pl.col("spans").cast(SPANS)), on="id", how="left")
        .join(_flags(pl.concat([later, _at_closing(returned, later)])), on="id", how="left")
        .join(_halts_of(told), on="id", how="left")
        .join(_letters_of(rows, later), on="id", how="left")
    )


def _final_minute(
    first: pl.DataFrame, later: pl.DataFrame, returned: pl.DataFrame, closing: pl.DataFrame
) -> pl.DataFrame:
    """Give id, final_minute: the minute of the promise in force at the closing, null where it names a day only."""
    none = pl.lit(None, pl.Datetime("us"))
    line = pl.concat(
        [
            first.select("id", "minute", on=pl.lit(BEFORE)),
            later.filter("counts").select("id", "minute", "on"),
            returned.select("id", minute=none, on="on"),
        ]
    ).join(closing, on="id", maintain_order="left")
    held = line.filter((pl.col("on") <= pl.col("closed_on")).fill_null(True)).sort("id", "on", maintain_order=True)
    return held.group_by("id", maintain_order=True).agg(final_minute=pl.col("minute").last())


def _at_closing(returned: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    told = returned.with_columns(
        minute=pl.lit(None, pl.Datetime("us")),
        kind=pl.lit(Move.WAITED.value),
        verdict=pl.lit(Verdict.COUNTS.value),
        counts=True,
    )
    return told.select(like.columns).cast(like.schema)


def _stood(work: WorkTime, closed: pl.Expr) -> pl.Expr:
    """Count the working days on which the clock stood: request day < d ≤ resubmission day."""
    until = pl.min_horizontal("to_on", closed)
    waited = work.calendar.working_days_between(pl.col("from_on"), until)
    return pl.when(pl.col("suspended") & (until > pl.col("from_on"))).then(waited).otherwise(0)


def _flags(later: pl.DataFrame) -> pl.DataFrame:
    ordered = later.sort("id", "on", maintain_order=True)
    verdict = pl.col("verdict")
    # A wait that moves nothing is no attempt to move; a due date written beside it is one.
    waited = (verdict == Verdict.LATE_BEFORE) & (pl.col("kind") == Move.WAITED)
    refused = ~pl.col("counts") & ~waited
    return ordered.group_by("id", maintain_order=True).agg(
        due_moved_unexplained=(pl.col("kind") == Move.UNEXPLAINED).any(),
        due_moved_too_late=(refused | (verdict == Verdict.AS_TOLD)).any(),
        due_as_told=(verdict == Verdict.AS_TOLD).any(),
        moves=pl.struct("on", "due_on", "kind", "verdict"),
    ).with_columns(pl.col("moves").cast(MOVES))  # fmt: skip


def _halts_of(halts: pl.DataFrame) -> pl.DataFrame:
    lasting = pl.when(pl.col("to_on") < EVER).then("to_on")
    told = halts.with_columns(to_on=lasting)
    return told.group_by("id", maintain_order=True).agg(
        halts=pl.struct("kind", "from_on", "to_on", "notice").cast(HALTS.inner)
    )


def _letters_of(rows: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    sent = rows.select("id", "letters").explode("letters", empty_as_null=False, keep_nulls=False).unnest("letters")
    sent = sent.select("id", on=pl.col("at").dt.date(), due_on=pl.col("due_after").dt.date(), letter="letter")
    judged = later.filter(pl.col("kind") == Move.EXTENSION).select(
        "id", "on", "due_on", valid=pl.col("verdict").is_in([v.value for v in COUNTING])
    )
    both = sent.join(judged.unique(["id", "on", "due_on"]), on=["id", "on", "due_on"], how="left",
                     maintain_order="left")  # fmt: skip
    return both.sort("id", "on", maintain_order=True).group_by("id", maintain_order=True).agg(
        letters=pl.struct("on", "due_on", "letter", "valid").cast(LETTERS.inner)
    )  # fmt: skip


def _past_the_minute(minute: str, due_on: str) -> pl.Expr:
    """Say whether a dossier was closed on its due day after the minute promised for it.

    Only for sources taken to the minute; a promise at 00:00 names the day, not a minute.
    """
    said, closed = pl.col(minute), pl.col("closed_local")
    named = (said.dt.time() != time(0)) & (said.dt.date() == pl.col(due_on)) & (pl.col("closed_on") == pl.col(due_on))
    return (pl.col("to_the_minute") & named & (closed.dt.truncate("1m") > said)).fill_null(False)


def _taken(work: WorkTime) -> pl.Expr:
    """Count the working days from receipt to a result, less those on which the clock stood."""
    whole = work.calendar.working_days_between(pl.col("received_on"), pl.col("closed_on"))
    less = whole - pl.col("stood_days").fill_null(0)
    return (
        pl.when(pl.col("with_result") & pl.col("received_on").is_not_null())
        .then(less.clip(lower_bound=0))
        .cast(pl.Int32)
    )
